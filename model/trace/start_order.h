// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "model/core/large_memory.h"

namespace spanreel::trace {

/// The numbers of `starts` by (start, id, number); `idOf` tells a number's id, `least` and `most` are the first and the last
/// usable start. What comes first of a start, as far as 64 bits hold it beside the number, is sorted by its upper 22 bits, in
/// two passes of a counting sort; what is still alike then lies together and is sorted by comparing. O(n) for starts that are
/// spread, else O(n log n).
template <class IdOf>
LargeVector<std::uint32_t> startOrder(const LargeVector<std::uint64_t>& starts, std::uint64_t least, std::uint64_t most, IdOf&& idOf) {
    constexpr int kDigit = 11;
    constexpr std::uint64_t kDigitMask = (1u << kDigit) - 1;
    const auto count = static_cast<std::uint32_t>(starts.size());
    // Starts that are no time, before and behind: 0 and most - least + 2.
    const int numberBits = std::bit_width(count), startBits = std::bit_width(most - least + 2);
    const int drop = std::max(0, startBits + numberBits - 64), low = std::max(0, startBits - drop - 2 * kDigit) + numberBits;
    const auto keyOf = [&](std::uint32_t i) {
        const std::uint64_t start = starts[i];
        const std::uint64_t place = start < least ? 0 : start > most ? most - least + 2 : start - least + 1;
        return place >> drop << numberBits | i;
    };
    const auto numberOf = [mask = (std::uint64_t{1} << numberBits) - 1](std::uint64_t key) { return static_cast<std::uint32_t>(key & mask); };

    LargeVector<std::uint64_t> keys(count), moved(count);
    std::array<std::uint32_t, kDigitMask + 2> lower{}, upper{};
    for (std::uint32_t i = 0; i < count; ++i) {
        keys[i] = keyOf(i);
        ++lower[(keys[i] >> low & kDigitMask) + 1];
        ++upper[(keys[i] >> low >> kDigit & kDigitMask) + 1];
    }
    for (std::size_t d = 1; d < lower.size(); ++d) {
        lower[d] += lower[d - 1];
        upper[d] += upper[d - 1];
    }
    for (const std::uint64_t key : keys) moved[lower[key >> low & kDigitMask]++] = key;
    for (const std::uint64_t key : moved) keys[upper[key >> low >> kDigit & kDigitMask]++] = key;

    const auto before = [&](std::uint64_t a, std::uint64_t b) {
        if (a >> numberBits != b >> numberBits) return a < b;
        const std::uint32_t x = numberOf(a), y = numberOf(b);
        if (starts[x] != starts[y]) return starts[x] < starts[y];
        return idOf(x) != idOf(y) ? idOf(x) < idOf(y) : x < y;
    };
    for (std::size_t from = 0; from < count;) {
        std::size_t to = from + 1;
        while (to < count && keys[to] >> low == keys[from] >> low) ++to;
        if (to - from > 1) std::sort(keys.begin() + static_cast<std::ptrdiff_t>(from), keys.begin() + static_cast<std::ptrdiff_t>(to), before);
        from = to;
    }
    LargeVector<std::uint32_t> out(count);
    for (std::uint32_t i = 0; i < count; ++i) out[i] = numberOf(keys[i]);
    return out;
}

}  // namespace spanreel::trace
