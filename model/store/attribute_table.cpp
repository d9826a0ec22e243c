// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/attribute_table.h"

#include <algorithm>

namespace spanreel::store {
namespace {

void moveTo(PackedColumn& column, const std::byte* block) {
    if (column.width) column.data = block + reinterpret_cast<std::uintptr_t>(column.data);
}

template <class T>
std::string bytesOf(std::span<const T> items) { return {reinterpret_cast<const char*>(items.data()), items.size_bytes()}; }

/// The number of `key`; a new one gets the next, with what `make` returns in `items`. The index learns of it last, so that
/// where memory fails it names nothing that is not there.
template <class Index, class Items, class Make>
std::uint32_t registered(Index& index, std::string key, Items& items, Make&& make) {
    if (const auto known = index.find(key); known != index.end()) return known->second;
    const auto id = static_cast<std::uint32_t>(items.push(make()));
    index.emplace(std::move(key), id);
    return id;
}

}  // namespace

AttributeTable::AttributeTable(TextPool& text) : m_text(text) {
    shapes.push({});
    orders.push(nullptr);
    m_shapeIndex.emplace(std::string(), 0);
}

ColumnId AttributeTable::column(std::string_view key, ValueType type) {
    std::string name(1, static_cast<char>(type));
    name += key;
    const std::lock_guard lock(m_mutex);
    return registered(m_columnIndex, std::move(name), columns, [&] {
        AttributeColumn info{m_arena.copy(key), type, nullptr};
        if (type >= ValueType::String) {
            if (m_pools.size() < kPools) m_pools.push_back(std::make_unique<StringPool>(m_text));
            info.values = m_pools.back().get();
        }
        return info;
    });
}

ShapeId AttributeTable::shape(std::span<const ColumnId> sorted) {
    const std::lock_guard lock(m_mutex);
    return registered(m_shapeIndex, bytesOf(sorted), shapes, [&] { return AttributeShape{m_arena.copy(sorted).data(), static_cast<std::uint32_t>(sorted.size())}; });
}

OrderId AttributeTable::order(std::span<const std::uint16_t> positions) {
    const std::lock_guard lock(m_mutex);
    return registered(m_orderIndex, bytesOf(positions), orders, [&] { return m_arena.copy(positions).data(); });
}

std::size_t AttributeTable::bytes() {
    const std::lock_guard lock(m_mutex);
    return m_arena.bytesReserved() + columns.size() * sizeof(AttributeColumn) + orders.size() * sizeof(void*);
}

void PackedAttributes::relocate(const std::byte* block) {
    moveTo(group, block);
    for (Group& g : groups) {
        moveTo(g.rows, block);
        moveTo(g.order, block);
    }
    for (PackedColumn& c : columns) moveTo(c, block);
    moveTo(mixedShape, block);
    moveTo(mixedCells, block);
    cells = reinterpret_cast<const std::uint64_t*>(block + reinterpret_cast<std::uintptr_t>(cells));
}

PackedAttributes AttributePacker::packRows() {
    PackedAttributes out;
    out.groups.emplace_back();  // the mixed one
    const auto rows = static_cast<std::uint32_t>(m_rows.size());

    // Rows by (shape, has an inline order), numbered as they are met.
    struct Kind {
        ShapeId shape;
        bool isInline;
        std::uint32_t rows = 0, group = 0;
    };
    std::vector<Kind> kinds;
    m_groupOf.resize(rows);
    m_kindOf.resize(2 * m_table.shapes.size(), kNoKind);
    for (std::uint32_t i = 0; i < rows; ++i) {
        const bool isInline = m_rows[i].order == kInlineOrder;
        std::uint32_t& kind = m_kindOf[2 * m_rows[i].shape + isInline];
        if (kind == kNoKind) {
            kind = static_cast<std::uint32_t>(kinds.size());
            kinds.push_back({m_rows[i].shape, isInline});
        }
        ++kinds[kind].rows;
        m_groupOf[i] = kind;
    }
    for (const Kind& kind : kinds) m_kindOf[2 * kind.shape + kind.isInline] = kNoKind;
    std::vector<bool> inlineOf{false};
    for (Kind& kind : kinds) {
        if (kind.rows < kFewRows && kind.rows < rows) continue;
        kind.group = static_cast<std::uint32_t>(out.groups.size());
        inlineOf.push_back(kind.isInline);
        PackedAttributes::Group group;
        group.shape = kind.shape;
        out.groups.push_back(group);
    }
    for (std::uint32_t i = 0; i < rows; ++i) ++out.groups[m_groupOf[i] = kinds[m_groupOf[i]].group].count;
    out.group = m_block.pack(m_groupOf.data(), rows);

    // A stable counting sort gives each group its rows in order.
    std::vector<std::uint32_t> next(out.groups.size() + 1, 0);
    for (std::size_t g = 0; g < out.groups.size(); ++g) next[g + 1] = next[g] + out.groups[g].count;
    const std::vector<std::uint32_t> begin = next;
    m_byGroup.resize(rows);
    for (std::uint32_t i = 0; i < rows; ++i) m_byGroup[next[m_groupOf[i]]++] = i;
    for (std::size_t g = 1; g < out.groups.size(); ++g) packGroup(out, out.groups[g], m_byGroup.data() + begin[g], inlineOf[g]);
    packMixed(out, m_byGroup.data(), out.groups[0].count);
    return out;
}

void AttributePacker::packGroup(PackedAttributes& out, PackedAttributes::Group& group, const std::uint32_t* rows, bool isInline) {
    const AttributeShape& shape = m_table.shapes[group.shape];
    const std::uint32_t words = shape.count + (isInline ? orderWords(shape.count) : 0);
    group.firstColumn = static_cast<std::uint32_t>(out.columns.size());
    group.everyRow = group.count == m_rows.size() || shape.count == 0;
    if (!group.everyRow) group.rows = m_block.pack(rows, group.count);
    if (isInline) group.order.base = kInlineOrder;
    else if (shape.count) group.order = m_block.packEach(group.count, [&](std::size_t i) { return m_rows[rows[i]].order; });
    if (words == 0) return;

    if (m_transposed.size() < std::size_t{words} * group.count) m_transposed.resize(std::size_t{words} * group.count);
    constexpr std::uint32_t kAhead = 16;
    for (std::uint32_t i = 0; i < group.count; ++i) {
        if (i + kAhead < group.count) {
            const std::uint64_t* later = m_rows[rows[i + kAhead]].cells;
            __builtin_prefetch(later);
            __builtin_prefetch(later + words - 1);
        }
        const std::uint64_t* cells = m_rows[rows[i]].cells;
        for (std::uint32_t c = 0; c < words; ++c) m_transposed[std::size_t{c} * group.count + i] = cells[c];
    }
    for (std::uint32_t c = 0; c < words; ++c) {
        const std::uint64_t* column = m_transposed.data() + std::size_t{c} * group.count;
        const ValueType type = c < shape.count ? m_table.columns[shape.columns[c]].type : ValueType::Empty;
        const auto order = type == ValueType::Int ? BlockPacker::Order::Signed : BlockPacker::Order::Unsigned;
        out.columns.push_back(m_block.pack(column, group.count, order, type >= ValueType::String ? BlockPacker::Widths::Even : BlockPacker::Widths::Any));
    }
}

void AttributePacker::packMixed(PackedAttributes& out, const std::uint32_t* rows, std::uint32_t count) {
    PackedAttributes::Group& group = out.groups[PackedAttributes::kMixed];
    if (count == 0) return;
    std::vector<std::uint64_t> cells, begin;
    for (std::uint32_t i = 0; i < count; ++i) {
        const StoredAttributes& row = m_rows[rows[i]];
        const std::uint32_t n = m_table.shapes[row.shape].count;
        begin.push_back(cells.size());
        cells.insert(cells.end(), row.cells, row.cells + n + (row.order == kInlineOrder ? orderWords(n) : 0));
    }
    group.everyRow = count == m_rows.size();
    if (!group.everyRow) group.rows = m_block.pack(rows, count);
    group.order = m_block.packEach(count, [&](std::size_t i) { return m_rows[rows[i]].order; });
    out.mixedShape = m_block.packEach(count, [&](std::size_t i) { return m_rows[rows[i]].shape; });
    out.mixedCells = m_block.pack(begin.data(), count);
    out.cells = reinterpret_cast<const std::uint64_t*>(m_block.raw(cells.data(), cells.size() * sizeof(std::uint64_t)));
}

}  // namespace spanreel::store
