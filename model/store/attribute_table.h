// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "model/core/arena.h"
#include "model/core/stable_vector.h"
#include "model/store/packed_column.h"
#include "model/store/stored_attributes.h"
#include "model/store/string_pool.h"
#include "model/store/table.h"
#include "model/store/value.h"

namespace spanreel::store {

/// A key with a type of value: `http.route` as string is one column, as int another. Text, bytes, arrays and maps are
/// interned in a pool of their own, so their ids are small.
using ColumnId = std::uint32_t;
struct AttributeColumn {
    std::string_view key;
    ValueType type = ValueType::Empty;
    StringPool* values = nullptr;  ///< null for types without text
};

/// Which columns a row has: ids ascending, one id several times where a key repeats. Shape 0 is the row without any.
struct AttributeShape {
    const ColumnId* columns = nullptr;
    std::uint32_t count = 0;
};

/// What the session knows of attributes; append-only. Any number of readers, without a lock (see StableVector): they look
/// at what rows of their snapshot name. Fronts and the writer register what is new, one at a time under a mutex, which is
/// rare: each remembers what it has registered.
class AttributeTable {
public:
    explicit AttributeTable(TextPool& text);

    StableVector<AttributeColumn> columns;
    StableVector<AttributeShape> shapes;
    StableVector<const std::uint16_t*> orders;

    // Found, or registered where it is new. Not for readers.
    [[nodiscard]] ColumnId column(std::string_view key, ValueType type);
    [[nodiscard]] ShapeId shape(std::span<const ColumnId> sorted);
    /// `positions`: attribute number i lies at positions[i] of the shape.
    [[nodiscard]] OrderId order(std::span<const std::uint16_t> positions);

    /// Of memory, about.
    [[nodiscard]] std::size_t bytes();

private:
    /// Keys beyond so many share one pool for their values.
    static constexpr std::size_t kPools = 8192;

    TextPool& m_text;
    std::mutex m_mutex;  ///< guards what follows, and the appending above
    Arena m_arena;
    std::vector<std::unique_ptr<StringPool>> m_pools;  ///< what `columns` name; their content is the store's writer's
    Table<std::string, ColumnId> m_columnIndex;  ///< type, then key
    Table<std::string, ShapeId> m_shapeIndex;
    Table<std::string, OrderId> m_orderIndex;
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
    /// Kept from one segment to the next.
    struct Scratch {
        std::vector<StoredAttributes> rows;
        std::vector<std::uint32_t> groupOf, byGroup;
        std::vector<std::uint32_t> kindOf;  ///< by shape, and whether the order is inline; kNoKind between two uses
        std::vector<std::uint64_t> transposed;
        [[nodiscard]] std::size_t bytes() const {
            return rows.capacity() * sizeof rows[0] + (groupOf.capacity() + byGroup.capacity() + kindOf.capacity()) * sizeof(std::uint32_t) + transposed.capacity() * sizeof(std::uint64_t);
        }
    };
    AttributePacker(const AttributeTable& table, BlockPacker& block, Scratch& scratch)
        : m_table(table), m_block(block), m_rows(scratch.rows), m_groupOf(scratch.groupOf), m_byGroup(scratch.byGroup), m_kindOf(scratch.kindOf), m_transposed(scratch.transposed) {}
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

    static constexpr std::uint32_t kFewRows = 16, kNoKind = 0xFFFFFFFFu;
    const AttributeTable& m_table;
    BlockPacker& m_block;
    std::vector<StoredAttributes>& m_rows;
    std::vector<std::uint32_t>&m_groupOf, &m_byGroup, &m_kindOf;
    std::vector<std::uint64_t>& m_transposed;
};

}  // namespace spanreel::store
