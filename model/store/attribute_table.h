// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/core/stable_vector.h"
#include "model/store/packed_column.h"
#include "model/store/string_pool.h"
#include "model/store/value.h"

namespace spanreel::store {

/// A key with a type of value: `http.route` as string is one column, as int another. Text, bytes, arrays and maps are
/// interned in a pool of their own, so their ids are small.
using ColumnId = std::uint32_t;
struct AttributeColumn {
    StringId key = 0;
    ValueType type = ValueType::Empty;
    StringPool* values = nullptr;  ///< null for types without text
};

/// Which columns a row has: ids ascending, one id several times where a key repeats. 0 is the row without attributes.
using ShapeId = std::uint32_t;
struct AttributeShape {
    const ColumnId* columns = nullptr;
    std::uint32_t count = 0;
};

/// The order a sender wrote a row's attributes in: number i lies at position order[i] of the shape. 0 = as the shape has
/// them. Orders met often are registered; the others lie behind the row's cells, packed into words (see orderWords).
using OrderId = std::uint32_t;
constexpr OrderId kShapeOrder = 0;
constexpr OrderId kInlineOrder = 0xFFFFFFFFu;

/// Bits a position takes in an inline order of `count` attributes, and the 64-bit words of the whole order.
inline std::uint32_t orderBits(std::uint32_t count) { return count <= 16 ? 4 : count <= 65536 ? 16 : 32; }
inline std::uint32_t orderWords(std::uint32_t count) { return (count * orderBits(count) + 63) / 64; }

/// The attributes of a row of an open segment: one cell for each column of the shape, then the inline order if any. A cell
/// is the value's bits, or the id of its text in the column's pool. Lives in the segment's arena.
struct StoredAttributes {
    ShapeId shape = 0;
    OrderId order = kShapeOrder;
    const std::uint64_t* cells = nullptr;
};

/// What the session knows of attributes; append-only, for any number of readers (see StableVector).
struct AttributeTable {
    AttributeTable() {
        shapes.push({});
        orders.push(nullptr);
    }
    StableVector<AttributeColumn> columns;
    StableVector<AttributeShape> shapes;
    StableVector<const std::uint16_t*> orders;
    std::vector<std::unique_ptr<StringPool>> pools;  ///< owns what `columns` name; the writer's
};

/// Attributes of many rows of a sealed segment. Rows of one shape form a group, and a group has a packed column for each
/// column of the shape; shapes with few rows share group 0, which keeps their cells row by row.
struct PackedAttributes {
    static constexpr std::uint32_t kMixed = 0;
    struct Group {
        ShapeId shape = 0;
        std::uint32_t count = 0;
        std::uint32_t firstColumn = 0;  ///< in `columns`; inline orders follow the shape's columns
        bool everyRow = false;          ///< position = row, `rows` is empty
        PackedColumn rows;              ///< ascending
        PackedColumn order;             ///< OrderId
    };
    PackedColumn group;  ///< row -> index in `groups`
    std::vector<Group> groups;
    std::vector<PackedColumn> columns;
    PackedColumn mixedShape, mixedCells;  ///< by position in group 0; cells count from `cells`
    const std::uint64_t* cells = nullptr;

    /// Position of a row in its group.
    [[nodiscard]] static std::uint32_t position(const Group& g, std::uint32_t row) { return g.everyRow ? row : g.rows.lowerBound(g.count, row); }

    /// Adds the block's address to every offset.
    void relocate(const std::byte* block);
};

/// `of(i)` gives the StoredAttributes of row i.
class AttributePacker {
public:
    AttributePacker(const AttributeTable& table, BlockPacker& block) : m_table(table), m_block(block) {}
    template <class Of>
    PackedAttributes pack(std::uint32_t rows, Of&& of) {
        m_rows.resize(rows);
        for (std::uint32_t i = 0; i < rows; ++i) m_rows[i] = of(i);
        return packRows();
    }

private:
    PackedAttributes packRows();
    void packGroup(PackedAttributes& out, PackedAttributes::Group& group, const std::uint32_t* rows, bool isInline);
    void packMixed(PackedAttributes& out, const std::uint32_t* rows, std::uint32_t count);

    static constexpr std::uint32_t kFewRows = 16;
    const AttributeTable& m_table;
    BlockPacker& m_block;
    std::vector<StoredAttributes> m_rows;
    std::vector<std::uint32_t> m_groupOf, m_byGroup;
    std::vector<std::uint64_t> m_transposed;
};

}  // namespace spanreel::store
