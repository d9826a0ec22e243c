// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "model/store/packed_column.h"

namespace spanreel::query {

/// One byte a row: 1 = the row is still in.
using RowMask = std::vector<std::uint8_t>;

/// Takes the rows out whose number is another, as 64 bits: whether the column was packed with a sign does not matter. O(rows),
/// many rows at a time where the machine can; columns 0, 1, 2, 4 or 8 bytes wide are fast.
void keepEqual(const store::PackedColumn& column, std::uint32_t rows, std::uint64_t number, std::uint8_t* mask);

/// As above, but for signed numbers that are not above `limit`.
void keepAbove(const store::SplitColumn& column, std::uint32_t rows, std::int64_t limit, std::uint8_t* mask);

/// Rows that are in.
std::uint64_t countRows(const std::uint8_t* mask, std::uint32_t rows);

/// Calls `visit(row)` for every row that is in, ascending.
template <class F>
void forEachRow(const std::uint8_t* mask, std::uint32_t rows, F&& visit) {
    std::uint32_t i = 0;
    for (; i + 8 <= rows; i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, mask + i, 8);
        while (word) {
            const auto lane = static_cast<std::uint32_t>(__builtin_ctzll(word)) / 8;
            visit(i + lane);
            word &= word - 1;
        }
    }
    for (; i < rows; ++i)
        if (mask[i]) visit(i);
}

}  // namespace spanreel::query
