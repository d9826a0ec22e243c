// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "model/core/pages.h"
#include "model/core/result.h"

namespace spanreel::ingest {

/// A file or pipe opened for reading from front to back in chunks; "-" is standard input. Owns its descriptor.
/// Not thread-safe, but for `readAt`.
class InputFile {
public:
    static constexpr std::size_t kChunk = 64 * 1024;  ///< what was read is still near the processor when it is used
    static constexpr std::size_t kPeek = 8 * 1024;    ///< the chunk behind what was passed over: more of the same kind mostly follows

    /// Waits for nobody, a FIFO's writer neither. Errors: CannotOpen with the system's reason.
    [[nodiscard]] static Result<InputFile> open(const std::string& path);
    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&&) = delete;
    ~InputFile();

    /// The next chunk, valid until the next call; empty at the end. Waits for who writes to a pipe, until `stop`. Errors:
    /// Cancelled where it was stopped meanwhile, CannotRead with the system's reason.
    [[nodiscard]] Result<std::string_view> next(const std::stop_token& stop);
    /// Reads what lies at `offset`: less than was asked for only where the file ends before. A regular file only; any thread,
    /// beside others. Errors: CannotRead with the system's reason.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, std::span<char> to) const;
    /// The next chunk begins so many bytes further on. A regular file only.
    void passOver(std::uint64_t bytes);
    /// Whether its bytes can be read at their places.
    [[nodiscard]] bool regular() const { return m_regular; }
    /// Size on disk, 0 where unknown (a pipe).
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] std::uint64_t position() const { return m_position; }

private:
    explicit InputFile(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
    bool m_owned = true;
    bool m_regular = false, m_passed = false;
    std::uint64_t m_size = 0, m_position = 0;
    Pages m_chunk;  ///< the kernel copies into whole pages four times as fast as into memory that begins anywhere
};

}  // namespace spanreel::ingest
