// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace spanreel::ingest::json_text {

/// The bytes at `p` as a number; equal to `word` of the same bytes.
inline std::uint64_t load8(const char* p) {
    std::uint64_t out;
    std::memcpy(&out, p, 8);
    return out;
}
inline std::uint32_t load4(const char* p) {
    std::uint32_t out;
    std::memcpy(&out, p, 4);
    return out;
}
template <std::size_t N>
constexpr auto word(const char (&text)[N]) {
    static_assert(N == 9 || N == 5);
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < N - 1; ++i) {
        const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(text[i]));
        out |= byte << 8 * (std::endian::native == std::endian::little ? i : N - 2 - i);
    }
    if constexpr (N == 9) return out;
    else return static_cast<std::uint32_t>(out);
}

/// The first three bytes in memory of what `load4` gives.
constexpr std::uint32_t kThreeBytes = std::endian::native == std::endian::little ? 0x00FFFFFFu : 0xFFFFFF00u;

/// Names of members, also as exporters write them: in quotes, with their colon.
template <std::size_t N>
struct MemberNames {
    static constexpr std::size_t kMost = 32;
    struct Written {
        char text[kMost] = {};
        std::uint32_t length = 0;
    };
    template <class... Text>
    constexpr explicit MemberNames(Text... texts) : plain{texts...} {
        for (std::size_t i = 0; i < N; ++i) {
            Written& out = written[i];
            out.text[out.length++] = '"';
            for (const char c : plain[i]) out.text[out.length++] = c;
            out.text[out.length++] = '"';
            out.text[out.length++] = ':';
        }
    }
    std::array<std::string_view, N> plain;
    std::array<Written, N> written{};
};
template <class... Text>
MemberNames(Text...) -> MemberNames<sizeof...(Text)>;

/// Equality of the first `n` bytes, 16 or more: whole blocks, the last two overlapping.
inline bool same(const char* a, const char* b, std::size_t n) {
#if defined(__SSE2__)
    const auto block = [](const char* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); };
    __m128i equal = _mm_cmpeq_epi8(block(a + n - 16), block(b + n - 16));
    for (std::size_t i = 0; i + 16 < n; i += 16) equal = _mm_and_si128(equal, _mm_cmpeq_epi8(block(a + i), block(b + i)));
    return _mm_movemask_epi8(equal) == 0xFFFF;
#else
    return std::memcmp(a, b, n) == 0;
#endif
}

/// 16 hex digits of any case as a number, the first digit highest; false for other bytes.
inline bool hex16(const char* p, std::uint64_t& out) {
#if defined(__SSE2__)
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i lower = _mm_or_si128(text, _mm_set1_epi8(0x20));
    // Bytes from 0x80 are negative here and so no digits.
    const __m128i digit = _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8('0' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('9' + 1), text));
    const __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)), _mm_cmpgt_epi8(_mm_set1_epi8('f' + 1), lower));
    if (_mm_movemask_epi8(_mm_or_si128(digit, letter)) != 0xFFFF) return false;
    const __m128i nibbles = _mm_add_epi8(_mm_and_si128(text, _mm_set1_epi8(0x0F)), _mm_and_si128(letter, _mm_set1_epi8(9)));
    const __m128i bytes = _mm_or_si128(_mm_slli_epi16(_mm_and_si128(nibbles, _mm_set1_epi16(0x00FF)), 4), _mm_srli_epi16(nibbles, 8));
    out = __builtin_bswap64(static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_packus_epi16(bytes, bytes))));
    return true;
#else
    std::uint64_t value = 0;
    for (int i = 0; i < 16; ++i) {
        const char c = p[i], lower = static_cast<char>(c | 0x20);
        const int digit = c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
        if (digit < 0) return false;
        value = value << 4 | static_cast<std::uint64_t>(digit);
    }
    out = value;
    return true;
#endif
}

/// 1 to 19 decimal digits as a number; false for other text.
inline bool decimal(const char* p, std::size_t length, std::uint64_t& out) {
    if (length - 1 >= 19) return false;
    std::uint64_t value = 0;
    if constexpr (std::endian::native == std::endian::little) {
        for (; length >= 8; length -= 8, p += 8) {
            std::uint64_t eight = load8(p);
            if (((eight & 0xF0F0F0F0F0F0F0F0ull) | (((eight + 0x0606060606060606ull) & 0xF0F0F0F0F0F0F0F0ull) >> 4)) != 0x3333333333333333ull) return false;
            // Digits, then pairs, then fours are put together side by side.
            eight = (eight & 0x0F0F0F0F0F0F0F0Full) * 2561 >> 8;
            eight = (eight & 0x00FF00FF00FF00FFull) * 6553601 >> 16;
            eight = (eight & 0x0000FFFF0000FFFFull) * 42949672960001ull >> 32;
            value = value * 100000000 + eight;
        }
    }
    for (; length > 0; --length, ++p) {
        const auto digit = static_cast<unsigned char>(*p - '0');
        if (digit > 9) return false;
        value = value * 10 + digit;
    }
    out = value;
    return true;
}

/// A quoted whole number of 1 to 16 digits, perhaps negative, as the bits of an int64; 24 bytes may be read. Behind its
/// closing quote, null where it is no such number.
inline const char* quotedNumber(const char* p, std::uint64_t& bits) {
    if (*p != '"') return nullptr;
    const bool minus = *++p == '-';
    p += minus;
    std::uint64_t value = 0;
    if constexpr (std::endian::native == std::endian::little) {
        for (int part = 0; part < 2; ++part) {
            const std::uint64_t eight = load8(p) ^ 0x3030303030303030ull;
            const std::uint64_t other = ((eight + 0x7676767676767676ull) | eight) & 0x8080808080808080ull;  // no digits
            const int digits = other ? __builtin_ctzll(other) / 8 : 8;
            if (digits == 0) break;
            std::uint64_t v = eight << (64 - 8 * digits);
            v = v * 2561 >> 8;
            v = (v & 0x00FF00FF00FF00FFull) * 6553601 >> 16;
            v = (v & 0x0000FFFF0000FFFFull) * 42949672960001ull >> 32;
            static constexpr std::uint64_t kTens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
            value = value * kTens[digits] + v;
            p += digits;
            if (digits < 8) break;
        }
    } else {
        for (int i = 0; i < 16 && *p >= '0' && *p <= '9'; ++i, ++p) value = value * 10 + static_cast<unsigned char>(*p - '0');
    }
    if (*p != '"' || p[-1] == '"' || p[-1] == '-') return nullptr;
    bits = minus ? 0 - value : value;
    return p + 1;
}

}  // namespace spanreel::ingest::json_text
