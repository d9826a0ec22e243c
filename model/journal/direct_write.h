// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spanreel::journal {

/// Appends whole pages to a file past the page cache (O_DIRECT), from where they lie in memory: the disk fetches them
/// itself, which takes a fraction of the processor time of copying them into the page cache, keeping account of them there
/// and writing them out later. The caller waits for the disk meanwhile, so this is for when the processor has other work.
/// Disks that are slow, and file systems that cannot do it, are found out and left alone. One thread at a time.
class DirectWrite {
public:
    /// Whether the next large write is worth a try.
    [[nodiscard]] bool worthTrying();
    /// Appends the whole pages of `bytes`, which begin at a page's beginning in memory and, at the end of the file `fd`, in the
    /// file. Returns how many bytes are in the file, fewer where the kernel took fewer or none: the page cache takes the
    /// rest, and tells the error if there is one. Nobody else may change the flags of `fd` meanwhile.
    [[nodiscard]] std::size_t append(int fd, std::string_view bytes);
    /// Judges the disk by how long a write took; `append` does so itself.
    void note(std::size_t bytes, std::uint64_t ns);

private:
    std::uint64_t m_bytes = 0, m_ns = 0;  ///< of the writes that will be judged next
    std::uint32_t m_writes = 0;
    std::uint32_t m_pause = 0;  ///< writes to be left alone since the disk was slow
    std::uint32_t m_left = 0;   ///< of them, still to come
};

}  // namespace spanreel::journal
