// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "model/core/result.h"

namespace spanreel::journal {

/// Where sessions lie: "sessions" under SPANREEL_HOME, else under $XDG_DATA_HOME/spanreel (else ~/.local/share/spanreel).
/// Made, with mode 0700.
[[nodiscard]] Result<std::string> sessionsFolder();

/// What a session holds, in records.
struct SessionCounts {
    std::uint64_t spans = 0;
    std::uint64_t logs = 0;
    std::uint64_t metrics = 0;
    bool operator==(const SessionCounts&) const = default;
};

/// The folder of a session that is being written: "<UTC>-<random>", mode 0700, held by a flock on its file "lock" for as
/// long as this lives. FORMAT.md tells what lies in it. Blocking; not thread-safe.
class SessionFolder {
public:
    /// `by`: who writes it, "window" or "serve".
    [[nodiscard]] static Result<std::unique_ptr<SessionFolder>> create(std::string_view by);
    /// Lets go of it. Without `end` the session counts as cut off.
    ~SessionFolder();
    SessionFolder(const SessionFolder&) = delete;
    SessionFolder& operator=(const SessionFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::string journalPath() const { return m_path + "/journal.spanreel"; }
    /// The session ended as it should.
    void end(const SessionCounts& counts);
    /// Removes journals and the folder, unless there is something else in it (notes).
    void discard();

private:
    SessionFolder(std::string path, int lock, std::map<std::string, std::string> state) : m_path(std::move(path)), m_lock(lock), m_state(std::move(state)) {}

    std::string m_path;
    int m_lock;
    std::map<std::string, std::string> m_state;
};

/// Whether a folder has the name that `SessionFolder` gives.
[[nodiscard]] bool isSessionName(std::string_view name);

// Small files of lines "key=value", of which a session's folder has two. Values are UTF-8 without line ends.

using KeyValues = std::map<std::string, std::string>;
/// A missing file is empty; lines without '=' are passed over. One that cannot be read is an error: it may say anything, and
/// must not be written anew.
[[nodiscard]] Result<KeyValues> readKeyValues(const std::string& path);
/// Atomic: a temporary file of mode 0600 beside it, fsync, rename. Line ends in values become blanks.
Result<void> writeKeyValues(const std::string& path, const KeyValues& values);

}  // namespace spanreel::journal
