// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

// The one place that takes xxHash inline: the calls are short and many.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace spanreel::store {

/// Differs from process to process, so that a sender cannot aim at one slot of a table.
std::uint64_t textHashSeed();

/// Equality of texts that mostly are short and equal: inline words, the last ones overlapping.
inline bool sameText(std::string_view a, std::string_view b) {
    const std::size_t n = a.size();
    if (n != b.size()) return false;
    const auto word = []<class T>(const char* p, T w) { return std::memcpy(&w, p, sizeof w), w; };
    const char *p = a.data(), *q = b.data();
    if (n >= 8) {
        if (n > 64) return std::memcmp(p, q, n) == 0;
        for (std::size_t i = 0; i + 8 <= n; i += 8)
            if (word(p + i, std::uint64_t{}) != word(q + i, std::uint64_t{})) return false;
        return word(p + n - 8, std::uint64_t{}) == word(q + n - 8, std::uint64_t{});
    }
    if (n >= 4) return word(p, std::uint32_t{}) == word(q, std::uint32_t{}) && word(p + n - 4, std::uint32_t{}) == word(q + n - 4, std::uint32_t{});
    for (std::size_t i = 0; i < n; ++i)
        if (p[i] != q[i]) return false;
    return true;
}

/// A hash of 32 bits for tables in memory: multiply-and-fold of overlapping words for short text, XXH3 for longer.
inline std::uint32_t textHash(std::string_view text, std::uint64_t seed) {
    const char* const p = text.data();
    const std::size_t n = text.size();
    if (n > 16) return static_cast<std::uint32_t>(XXH3_64bits_withSeed(p, n, seed));
    std::uint64_t first = 0, last = 0;
    if (n >= 8) {
        std::memcpy(&first, p, 8);
        std::memcpy(&last, p + n - 8, 8);
    } else if (n >= 4) {
        std::uint32_t a = 0, b = 0;
        std::memcpy(&a, p, 4);
        std::memcpy(&b, p + n - 4, 4);
        first = a, last = b;
    } else if (n > 0) {
        first = static_cast<unsigned char>(p[0]) | std::uint64_t{static_cast<unsigned char>(p[n / 2])} << 8 | std::uint64_t{static_cast<unsigned char>(p[n - 1])} << 16;
    }
    __extension__ using Wide = unsigned __int128;
    const auto fold = [](std::uint64_t x, std::uint64_t y) {
        const Wide product = Wide{x} * y;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    const std::uint64_t mixed = fold(first ^ seed ^ 0x9E3779B97F4A7C15ull, last ^ (n * 0xD6E8FEB86659FD93ull) ^ (seed >> 17 | seed << 47));
    return static_cast<std::uint32_t>(fold(mixed, 0xA0761D6478BD642Full));
}

}  // namespace spanreel::store
