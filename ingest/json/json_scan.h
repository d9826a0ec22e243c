// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spanreel::ingest {

/// Finds the end of one JSON value by its brackets and strings, without reading it: a few instructions for 64 bytes.
/// Keeps its state between calls, so a value may come in any chunking. Bytes must be scanned without gaps.
class JsonScan {
public:
    enum class Outcome : std::uint8_t {
        More,    ///< the value goes on behind the given bytes
        Done,    ///< it ends at `end()`
        Broken,  ///< no JSON: a line ended inside a string, or a new value begins where none may (`end()` = there)
    };
    /// Starts at a value's first byte.
    void start();
    /// Scans bytes[from, size). `from` must be where the last call stopped.
    Outcome scan(std::string_view bytes, std::size_t from);
    /// Position where the last call decided; for More, how far it has looked (pass it as the next `from`).
    [[nodiscard]] std::size_t end() const { return m_end; }
    /// Position of the first newline inside the value, npos where none; as positions of the last `scan`.
    [[nodiscard]] std::size_t firstNewline() const { return m_firstNewline; }
    /// The buffer's front was removed: positions shift.
    void shift(std::size_t by);

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

private:
    std::size_t m_end = 0;
    std::size_t m_firstNewline = npos;
    std::int64_t m_depth = 0;
    bool m_inString = false;
    bool m_escaped = false;
    bool m_container = false;
    bool m_begun = false;
    char m_last = 0;  ///< last significant byte
};

}  // namespace spanreel::ingest
