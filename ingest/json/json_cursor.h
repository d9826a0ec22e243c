// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace spanreel::ingest {

/// Reads a JSON text token by token as it stands: nothing is copied or unescaped, and nothing behind the token at hand has
/// been looked at. Strings are seen to be valid UTF-8 without control characters, numbers to follow the grammar; what may
/// stand where, and escapes, are the caller's. A position, cheap to copy: to go back is to assign.
class JsonCursor {
public:
    JsonCursor() = default;
    explicit JsonCursor(std::string_view text) : m_p(text.data()), m_end(text.data() + text.size()) {}

    /// The byte at hand, which may be a blank, and how many are left from there on.
    [[nodiscard]] const char* at() const { return m_p; }
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(m_end - m_p); }
    void moveTo(const char* p) { m_p = p; }

    /// The first byte of the next token, 0 at the end. Moves over blanks.
    char peek() {
        if (m_p != m_end && static_cast<unsigned char>(*m_p) > ' ') [[likely]] return *m_p;
        return skipBlanks();
    }
    /// Moves over the next token where it is this bracket, colon or comma.
    bool take(char c) { return peek() == c && (++m_p, true); }
    /// Moves over exactly these bytes, if they are at hand.
    template <std::size_t N>
    bool takeText(const char (&text)[N]) {
        if (left() < N - 1 || std::memcmp(m_p, text, N - 1) != 0) return false;
        m_p += N - 1;
        return true;
    }
    /// Moves over the next token where it begins with these letters.
    bool takeWord(std::string_view word) {
        if (peek() != word[0] || left() < word.size() || std::memcmp(m_p, word.data(), word.size()) != 0) return false;
        m_p += word.size();
        return true;
    }

    /// Moves over the next token where it is a good string; `raw` are the bytes between its quotes.
    bool string(std::string_view& raw, bool& escaped) {
        if (peek() != '"') return false;
        const char* const first = m_p + 1;
        if (static_cast<std::size_t>(m_end - first) >= kLook) [[likely]] {
            if (const std::uint32_t odd = oddBytes(first)) [[likely]] {
                const auto length = static_cast<std::size_t>(__builtin_ctz(odd));
                if (first[length] == '"') [[likely]] {
                    raw = {first, length};
                    escaped = false;
                    m_p = first + length + 1;
                    return true;
                }
            }
        }
        return longString(raw, escaped);
    }
    /// Moves over the next token where it is a number; `text` is all of it.
    bool number(std::string_view& text);

    /// A bit for each of 32 bytes: set where it is a quote, a backslash, a control character or not ASCII.
    static constexpr std::size_t kLook = 32;
    static std::uint32_t oddBytes(const char* p) {
#if defined(__SSE2__)
        const auto odd = [](const char* at) {
            const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
            // Signed: bytes from 0x80 count as less than a blank.
            const __m128i found = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)), _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
            return static_cast<std::uint32_t>(_mm_movemask_epi8(found));
        };
        return odd(p) | odd(p + 16) << 16;
#else
        std::uint32_t out = 0;
        for (unsigned i = 0; i < kLook; ++i) {
            const auto c = static_cast<unsigned char>(p[i]);
            out |= std::uint32_t{c == '"' || c == '\\' || c < 0x20 || c >= 0x80} << i;
        }
        return out;
#endif
    }

private:
    char skipBlanks();
    bool longString(std::string_view& raw, bool& escaped);

    const char* m_p = nullptr;
    const char* m_end = nullptr;
};

}  // namespace spanreel::ingest
