// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/query/scan.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "model/core/vectorised.h"

namespace spanreel::query {
namespace {

// least <= x <= most is x - least <= most - least without a sign.
#define SPANREEL_KEEP_WITHIN(Name, T)                                                                             \
    SPANREEL_VECTORISED void Name(const T* values, std::uint32_t rows, T least, T width, std::uint8_t* mask) {    \
        for (std::uint32_t i = 0; i < rows; ++i) mask[i] &= static_cast<std::uint8_t>(static_cast<T>(values[i] - least) <= width); \
    }
SPANREEL_KEEP_WITHIN(keepWithin8, std::uint8_t)
SPANREEL_KEEP_WITHIN(keepWithin16, std::uint16_t)
SPANREEL_KEEP_WITHIN(keepWithin32, std::uint32_t)
SPANREEL_KEEP_WITHIN(keepWithin64, std::uint64_t)
#undef SPANREEL_KEEP_WITHIN

SPANREEL_VECTORISED std::uint64_t sum(const std::uint8_t* mask, std::uint32_t rows) {
    std::uint64_t total = 0;
    for (std::uint32_t i = 0; i < rows; ++i) total += mask[i];
    return total;
}

/// Puts rows back in that were in `before` and have a byte that is not 0.
SPANREEL_VECTORISED void restoreNonZero(const std::uint8_t* bytes, std::uint32_t rows, const std::uint8_t* before, std::uint8_t* mask) {
    for (std::uint32_t i = 0; i < rows; ++i) mask[i] |= static_cast<std::uint8_t>(before[i] & static_cast<std::uint8_t>(bytes[i] != 0));
}

/// Offsets as stored, within [least, most].
void keepOffsets(const store::PackedColumn& column, std::uint32_t rows, std::uint64_t least, std::uint64_t most, std::uint8_t* mask) {
    const std::uint64_t largest = column.width == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * column.width)) - 1;
    if (least > largest || least > most) {
        std::memset(mask, 0, rows);
        return;
    }
    most = std::min(most, largest);
    if (least == 0 && most == largest) return;
    const std::uint64_t width = most - least;
    switch (column.width) {
        case 0: break;  // the only number is 0, which is within
        case 1: keepWithin8(reinterpret_cast<const std::uint8_t*>(column.data), rows, static_cast<std::uint8_t>(least), static_cast<std::uint8_t>(width), mask); break;
        case 2: keepWithin16(reinterpret_cast<const std::uint16_t*>(column.data), rows, static_cast<std::uint16_t>(least), static_cast<std::uint16_t>(width), mask); break;
        case 4: keepWithin32(reinterpret_cast<const std::uint32_t*>(column.data), rows, static_cast<std::uint32_t>(least), static_cast<std::uint32_t>(width), mask); break;
        case 8: keepWithin64(reinterpret_cast<const std::uint64_t*>(column.data), rows, least, width, mask); break;
        default:
            for (std::uint32_t i = 0; i < rows; ++i) mask[i] &= static_cast<std::uint8_t>(column.offset(i) - least <= width);
    }
}

}  // namespace

void keepEqual(const store::PackedColumn& column, std::uint32_t rows, std::uint64_t number, std::uint8_t* mask) {
    keepOffsets(column, rows, number - column.base, number - column.base, mask);
}

void keepAbove(const store::SplitColumn& column, std::uint32_t rows, std::int64_t limit, std::uint8_t* mask) {
    if (limit == std::numeric_limits<std::int64_t>::max()) {
        std::memset(mask, 0, rows);
        return;
    }
    const auto base = static_cast<std::int64_t>(column.low.base + (column.high.base << 32));
    const std::uint64_t offset = limit < base ? 0 : static_cast<std::uint64_t>(limit) - static_cast<std::uint64_t>(base) + 1;
    const bool isLong = column.high.width != 0;
    if (column.low.width <= 4 && offset <= 0xFFFFFFFFu && (!isLong || (column.high.width == 1 && column.high.base == 0))) {
        if (!isLong) return keepOffsets(column.low, rows, offset, ~std::uint64_t{0}, mask);
        // A row whose high part is not 0 is above every limit of 32 bits.
        const RowMask before(mask, mask + rows);
        keepOffsets(column.low, rows, offset, ~std::uint64_t{0}, mask);
        restoreNonZero(reinterpret_cast<const std::uint8_t*>(column.high.data), rows, before.data(), mask);
        return;
    }
    for (std::uint32_t i = 0; i < rows; ++i) mask[i] &= static_cast<std::uint8_t>(static_cast<std::int64_t>(column[i]) > limit);
}

std::uint64_t countRows(const std::uint8_t* mask, std::uint32_t rows) { return sum(mask, rows); }

}  // namespace spanreel::query
