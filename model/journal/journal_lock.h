// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/core/result.h"

namespace spanreel::journal {

/// Says that somebody writes the series of journals that begins with `path`: a flock on ".NAME.lock" beside it, which goes with
/// its owner. The files themselves will not do: a series moves on to others, and trimming puts new ones in their place.
/// One owner; a process that is killed leaves the file behind, and nothing is held by it.
class JournalLock {
public:
    JournalLock() = default;
    JournalLock(JournalLock&& other) noexcept;
    JournalLock& operator=(JournalLock&& other) noexcept;
    ~JournalLock();

    /// Errors: CannotWrite where another has it. Where no such file can be made (a folder that cannot be written) there is
    /// nothing to hold: no other file will be made there either.
    [[nodiscard]] static Result<JournalLock> take(const std::string& path);
    /// True where this is the lock of `path`, and its file is still there.
    [[nodiscard]] bool holds(const std::string& path) const;

private:
    std::string m_file;
    int m_fd = -1;
};

}  // namespace spanreel::journal
