// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace spanreel::store {

/// Index of a shape, which names the columns of a row's attributes (see AttributeShape). 0 is the row without attributes.
using ShapeId = std::uint32_t;

/// The order a sender wrote a row's attributes in: number i lies at position order[i] of the shape. 0 = as the shape has
/// them. Orders met often are registered; the others lie behind the row's cells, packed into words (see orderWords).
using OrderId = std::uint32_t;
constexpr OrderId kShapeOrder = 0;
constexpr OrderId kInlineOrder = 0xFFFFFFFFu;

/// Bits a position takes in an inline order of `count` attributes, and the 64-bit words of the whole order.
inline std::uint32_t orderBits(std::uint32_t count) { return count <= 16 ? 4 : count <= 65536 ? 16 : 32; }
inline std::uint32_t orderWords(std::uint32_t count) { return (count * orderBits(count) + 63) / 64; }

/// The attributes of a row that is not packed: one cell for each column of the shape, then the inline order if any. A cell
/// is the value's bits, or the id of its text in the column's pool. Lives in an arena.
struct StoredAttributes {
    ShapeId shape = 0;
    OrderId order = kShapeOrder;
    const std::uint64_t* cells = nullptr;
};

/// What a decoder with a front has looked up of a record already (see AttributeFront). The texts whose ids it did not know
/// wait in the batch: cells and name hold nothing of use until the writer has resolved them.
struct FoundRecord {
    StoredAttributes attributes;
    std::uint32_t words = 0;              ///< of the cells, an inline order included
    const std::uint64_t* name = nullptr;  ///< id of the name of a span or event, or of the text of a log's body
};

}  // namespace spanreel::store
