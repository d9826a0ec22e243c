// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// The one place that takes xxHash inline: the calls are short and many.
#define XXH_INLINE_ALL
#include <xxhash.h>

#if defined(__SANITIZE_THREAD__)
#define SPANREEL_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SPANREEL_THREAD_SANITIZER
#endif
#endif

namespace spanreel::store {

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

/// Texts of up to so many bytes are hashed and compared without a branch on their length, where the memory behind them may
/// be read.
constexpr std::size_t kShortText = 32;
extern const char kOnesThenZeros[2 * kShortText];  ///< 32 bytes of ones, 32 of zeros

/// Equality of 32 bytes but those whose bits are set in `ignored`, which are the last; 32 may be read at `a` and `b`. What
/// is ignored may be text that another thread is writing, which the thread sanitizer, and it alone, would mind.
inline bool sameBytes(const char* a, const char* b, std::uint32_t ignored) {
#if defined(__SSE2__) && !defined(SPANREEL_THREAD_SANITIZER)
    const auto block = [](const char* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); };
    const auto low = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(block(a), block(b))));
    const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(block(a + 16), block(b + 16))));
    return (low | high << 16 | ignored) == 0xFFFFFFFFu;
#else
    return std::memcmp(a, b, kShortText - static_cast<std::size_t>(std::popcount(ignored))) == 0;
#endif
}
/// The bits of all but the first `n` of 32 bytes.
constexpr std::uint32_t allBut(std::size_t n) { return static_cast<std::uint32_t>(~((std::uint64_t{1} << n) - 1)); }

/// Equality of the first `n` bytes, at most 32; 32 may be read at `a` and `b`.
inline bool sameStart(const char* a, const char* b, std::size_t n) { return sameBytes(a, b, allBut(n)); }

/// A text of at most 32 bytes in four words, zero behind its end. 32 bytes are read at `p`.
struct ShortText {
    ShortText(const char* p, std::size_t n) : length(n) {
        const char* const mask = kOnesThenZeros + kShortText - n;
        for (std::size_t i = 0; i < 4; ++i) {
            std::uint64_t ones = 0;
            std::memcpy(&words[i], p + 8 * i, 8);
            std::memcpy(&ones, mask + 8 * i, 8);
            words[i] &= ones;
        }
    }
    [[nodiscard]] bool isAscii() const { return ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080ull) == 0; }
    /// Every factor has the seed in it: a word that makes one zero, with which the other would not count, is to be guessed.
    [[nodiscard]] std::uint32_t hash(std::uint64_t seed) const {
        __extension__ using Wide = unsigned __int128;
        const auto fold = [](std::uint64_t x, std::uint64_t y) {
            const Wide product = Wide{x} * y;
            return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
        };
        const std::uint64_t turned = std::rotl(seed, 32);
        const std::uint64_t first = fold(words[0] ^ seed, words[1] ^ turned ^ (length * 0xD6E8FEB86659FD93ull));
        const std::uint64_t second = fold(words[2] ^ seed ^ 0xE7037ED1A0B428DBull, words[3] ^ turned ^ 0x8EBC6AF09C88C6E3ull);
        return static_cast<std::uint32_t>(fold(first ^ 0xA0761D6478BD642Full, second ^ seed));
    }

    std::uint64_t words[4];
    std::size_t length;
};

/// A hash of 32 bits for tables in memory: multiply-and-fold of words for short text, XXH3 for longer. `roomy`: 32 bytes
/// may be read from the text's first on.
inline std::uint32_t textHash(std::string_view text, std::uint64_t seed, bool roomy = false) {
    const std::size_t n = text.size();
    if (n > kShortText) return static_cast<std::uint32_t>(XXH3_64bits_withSeed(text.data(), n, seed));
    if (roomy) return ShortText(text.data(), n).hash(seed);
    char copy[kShortText];
    if (n) std::memcpy(copy, text.data(), n);
    std::memset(copy + n, 0, kShortText - n);
    return ShortText(copy, n).hash(seed);
}

}  // namespace spanreel::store
