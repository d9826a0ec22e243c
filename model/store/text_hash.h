// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

// The one place that takes xxHash inline: the calls are short and many.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace spanreel::store {

/// XXH3 of the text, cut to 32 bits. For tables in memory only; the seed differs from process to process, so that a
/// sender cannot aim at one slot.
std::uint64_t textHashSeed();
inline std::uint32_t textHash(std::string_view text, std::uint64_t seed) { return static_cast<std::uint32_t>(XXH3_64bits_withSeed(text.data(), text.size(), seed)); }

}  // namespace spanreel::store
