// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/core/pages.h"
#include "model/core/result.h"

namespace spanreel::ingest {

/// A file or pipe opened for reading from front to back in chunks; "-" is standard input. Owns its descriptor.
/// Not thread-safe.
class InputFile {
public:
    static constexpr std::size_t kChunk = 64 * 1024;  ///< what was read is still near the processor when it is used

    /// Errors: CannotOpen with the system's reason.
    [[nodiscard]] static Result<InputFile> open(const std::string& path);
    InputFile(InputFile&& other) noexcept;
    InputFile& operator=(InputFile&&) = delete;
    ~InputFile();

    /// The next chunk, valid until the next call; empty at the end. Errors: CannotRead with the system's reason.
    [[nodiscard]] Result<std::string_view> next();
    /// Size on disk, 0 where unknown (a pipe).
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] std::uint64_t position() const { return m_position; }

private:
    explicit InputFile(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
    bool m_owned = true;
    bool m_regular = false;
    std::uint64_t m_size = 0, m_position = 0;
    Pages m_chunk;  ///< the kernel copies into whole pages four times as fast as into memory that begins anywhere
};

}  // namespace spanreel::ingest
