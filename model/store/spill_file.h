// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/core/result.h"

namespace spanreel::store {

/// A nameless file on disk that stands behind memory the store has no room for. It never has a name that another program
/// could open, cut or keep: what lies in it goes with the process. Not thread-safe; blocks.
class SpillFile {
public:
    /// Whole pages that never change any more.
    struct Piece {
        const std::byte* data = nullptr;
        std::size_t bytes = 0;
    };

    /// In the first folder that is there or can be made (mode 0700) and lies on a disk: a file system in memory gains
    /// nothing. `keepFree` bytes stay free on the disk. Error: CannotWrite with the reason.
    [[nodiscard]] static Result<std::unique_ptr<SpillFile>> create(const std::vector<std::string>& folders, std::uint64_t keepFree);
    ~SpillFile();
    SpillFile(const SpillFile&) = delete;
    SpillFile& operator=(const SpillFile&) = delete;

    /// Writes the pieces, waits until the disk has them, then lets the file take their place in memory. On an error all
    /// of them stay in memory as they are; the file must then not be used again (a disk that lost pages does not tell twice).
    Result<void> take(std::span<const Piece> pieces);

    [[nodiscard]] std::uint64_t bytes() const { return m_end; }
    [[nodiscard]] const std::string& folder() const { return m_folder; }

private:
    SpillFile(int fd, std::string folder, std::uint64_t keepFree) : m_fd(fd), m_folder(std::move(folder)), m_keepFree(keepFree) {}

    int m_fd;
    std::string m_folder;
    std::uint64_t m_keepFree;
    std::uint64_t m_end = 0;
};

}  // namespace spanreel::store
