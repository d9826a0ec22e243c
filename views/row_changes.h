// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace spanreel::views {

/// What a list shows, from the first row on: trace indexes, row ids of logs. Immutable once made.
using RowList = std::vector<std::uint32_t>;
using RowListPtr = std::shared_ptr<const RowList>;

/// How one list of rows becomes another of the same session: remove ranges (from the last), then insert ranges (from the
/// first). `relaid` = rows changed places, or it is too much to be told in ranges. Found off the GUI thread.
struct RowChanges {
    struct Range {
        std::uint32_t first, last;
    };
    std::vector<Range> removed;   ///< rows of the old list, ascending
    std::vector<Range> inserted;  ///< rows of the new list, ascending
    RowList stay;                 ///< what both lists have, where there are both removals and insertions; else empty
    bool relaid = false;
    bool reset = false;  ///< another session's: nothing can be told
};
constexpr std::size_t kMostRanges = 64;
/// For each range told, a table view moves what it keeps of every row behind it: 8 bytes, on the GUI thread.
constexpr std::size_t kMostMoved = 2'000'000;

/// `order(old, now)` says of rows that differ: below 0 = `old` is gone, above 0 = `now` is new, 0 = neither. O(rows).
template <class Order>
[[nodiscard]] RowChanges rowChanges(const RowList& before, const RowList& after, Order order) {
    RowChanges out;
    std::size_t ranges = 0, moved = 0;
    const auto add = [&](std::vector<RowChanges::Range>& to, std::size_t row, std::size_t rows) {
        const auto at = static_cast<std::uint32_t>(row);
        if (!to.empty() && to.back().last + 1 == at) {
            to.back().last = at;
            return true;
        }
        to.push_back({at, at});
        moved += rows - row;
        return ++ranges <= kMostRanges && (ranges == 1 || moved <= kMostMoved);
    };
    std::size_t i = 0, j = 0;
    bool told = true;
    while (told && (i < before.size() || j < after.size())) {
        int turn = i == before.size() ? 1 : j == after.size() ? -1 : 0;
        if (turn == 0 && before[i] != after[j]) {
            turn = order(before[i], after[j]);
            told = turn != 0;
        }
        if (turn < 0) told = add(out.removed, i, before.size());
        if (turn > 0) told = add(out.inserted, j, after.size());
        i += turn <= 0;
        j += turn >= 0;
    }
    if (!told) return {.relaid = true};
    if (out.removed.empty() || out.inserted.empty()) return out;
    out.stay.reserve(before.size());
    std::size_t from = 0;
    for (const auto& range : out.removed) {
        out.stay.insert(out.stay.end(), before.begin() + static_cast<std::ptrdiff_t>(from), before.begin() + range.first);
        from = range.last + 1;
    }
    out.stay.insert(out.stay.end(), before.begin() + static_cast<std::ptrdiff_t>(from), before.end());
    return out;
}

}  // namespace spanreel::views
