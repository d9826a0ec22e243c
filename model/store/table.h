// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "model/core/process_seed.h"
#include "model/store/text_hash.h"

namespace spanreel::store {

/// For what senders choose: nobody outside knows the seed.
struct SeededHash {
    std::size_t operator()(std::string_view text) const { return textHash(text, processSeed()); }
    std::size_t operator()(std::uint64_t number) const {
        const std::uint64_t mixed = (number ^ processSeed()) * 0x9E3779B97F4A7C15ull;
        return mixed ^ mixed >> 32;
    }
};

/// The store's tables that are looked at rarely. The standard library's, as one of these is whole where memory fails while
/// something is put in; Abseil's, which are faster, then are not.
template <class Key, class Value>
using Table = std::unordered_map<Key, Value, SeededHash>;

}  // namespace spanreel::store
