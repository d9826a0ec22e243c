// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

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

}  // namespace spanreel::ingest::json_text
