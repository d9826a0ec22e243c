// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spanreel::ingest {

/// Finds the end of one JSON value by its brackets and strings, without reading it: a few instructions for 64 bytes.
/// Keeps its state between calls, so a value may come in any chunking. Positions are indexes into the bytes of the call.
class JsonScan {
public:
    enum class Outcome : std::uint8_t {
        More,    ///< the value goes on behind the given bytes
        Done,    ///< it ends at `end()`
        Broken,  ///< no JSON: a line ends inside a string, or a line begins a new value where none may (`end()` = the newline)
    };
    /// Starts at the value that begins at bytes[position].
    void start(std::size_t position);
    /// Scans on, up to the end of `bytes`.
    Outcome scan(std::string_view bytes);
    /// Where the last call decided; for More, how far it has looked.
    [[nodiscard]] std::size_t end() const { return m_at; }
    /// The first newline inside the value, npos where none; 0 where it has gone.
    [[nodiscard]] std::size_t firstNewline() const { return m_firstNewline; }
    /// True for an object or an array (known after the first call).
    [[nodiscard]] bool isContainer() const { return m_kind == Kind::Container; }
    /// The front of the bytes, `removed`, is about to go.
    void shift(std::string_view removed);

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

private:
    enum class Kind : std::uint8_t { Unknown, Container, String, Scalar };
    Outcome block(std::string_view bytes, const char* data, unsigned count, bool& decided);
    Outcome scanString(std::string_view bytes);
    Outcome scanScalar(std::string_view bytes);
    [[nodiscard]] bool startsWrongValue(std::string_view bytes, std::size_t newline) const;

    std::size_t m_begin = 0;
    std::size_t m_at = 0;
    std::size_t m_firstNewline = npos;
    std::int64_t m_depth = 0;
    Kind m_kind = Kind::Unknown;
    char m_before = 0;  ///< the last byte of the value that is no space, of those removed
    bool m_inString = false;
    bool m_escaped = false;
    bool m_newlineLast = false;  ///< the last byte seen was a newline outside strings
};

/// True where a value may begin behind `c` inside a container.
[[nodiscard]] constexpr bool mayPrecedeValue(char c) { return c == ',' || c == '[' || c == ':' || c == '{'; }

/// Number of newlines in the bytes.
[[nodiscard]] std::size_t countNewlines(std::string_view bytes);

}  // namespace spanreel::ingest
