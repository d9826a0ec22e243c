// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/attribute_writer.h"

#include <algorithm>
#include <numeric>

namespace spanreel::store {
namespace {

/// Writes an order behind the cells: attribute i lies at position order[i].
template <class Order>
void packOrder(const Order& order, std::uint32_t count, std::uint64_t* words) {
    const std::uint32_t bits = orderBits(count), perWord = 64 / bits;
    std::fill_n(words, orderWords(count), 0);
    for (std::uint32_t i = 0; i < count; ++i) words[i / perWord] |= std::uint64_t{order[i]} << (i % perWord * bits);
}

}  // namespace

AttributeWriter::AttributeWriter(AttributeTable& table, StringPool& names, TextPool& text, Arena& arena)
    : m_table(table), m_names(names), m_text(text), m_arena(arena), m_path(kTrieDepth) {
    m_nodes.emplace_back();
    m_nodes[0].shape = 0;
    m_shapeIndex.emplace(std::string{}, 0);
}

StoredAttributes AttributeWriter::store(Arena& cells, AttributeSpan attributes) {
    if (attributes.empty()) return {};
    const std::size_t count = attributes.size();
    if (count > kTrieDepth) return storeSlowly(cells, attributes);
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Attribute& a = attributes[i];
        const std::uint32_t guess = m_nodes[node].predicted;
        if (guess != kNoNode && m_nodes[guess].type == a.value.type && sameText(m_nodes[guess].key, a.key)) [[likely]] node = guess;
        else if ((node = child(node, a)) == kNoNode) return storeSlowly(cells, attributes);
        m_path[i] = node;
    }
    if (m_nodes[node].shape == kNoNode) finishNode(node);
    const OrderId orderId = m_nodes[node].order;
    const std::uint16_t* order = orderId == kShapeOrder ? nullptr : m_table.orders[orderId];
    std::uint64_t* const out = cells.array<std::uint64_t>(count).data();
    if (order)
        for (std::size_t i = 0; i < count; ++i) write(attributes[i].value, m_nodes[m_path[i]].values, out + order[i]);
    else
        for (std::size_t i = 0; i < count; ++i) write(attributes[i].value, m_nodes[m_path[i]].values, out + i);
    return {m_nodes[node].shape, orderId, out};
}

/// The child for this key and type, made where it is new; kNoNode where the trie is full.
std::uint32_t AttributeWriter::child(std::uint32_t parent, const Attribute& a) {
    std::size_t siblings = 0;
    for (std::uint32_t c = m_nodes[parent].firstChild; c != kNoNode; c = m_nodes[c].nextSibling, ++siblings)
        if (m_nodes[c].type == a.value.type && m_nodes[c].key == a.key) return m_nodes[parent].predicted = c;
    if (m_nodes.size() >= kTrieNodes || siblings >= kSiblings) return kNoNode;
    Node node;
    node.column = column(a.key, a.value.type);
    const AttributeColumn& info = m_table.columns[node.column];
    node.key = m_names.view(info.key);
    node.values = info.values;
    node.type = a.value.type;
    node.parent = parent;
    node.depth = m_nodes[parent].depth + 1;
    node.nextSibling = m_nodes[parent].firstChild;
    const auto index = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.push_back(node);
    return m_nodes[parent].firstChild = m_nodes[parent].predicted = index;
}

/// Shape and order of the list that ends at a node.
void AttributeWriter::finishNode(std::uint32_t node) {
    const std::uint32_t count = m_nodes[node].depth;
    std::vector<ColumnId> columns(count);
    for (std::uint32_t i = count, n = node; i-- > 0; n = m_nodes[n].parent) columns[i] = m_nodes[n].column;
    std::vector<std::uint32_t> from(count);
    std::iota(from.begin(), from.end(), 0u);
    std::ranges::stable_sort(from, {}, [&](std::uint32_t i) { return columns[i]; });
    m_sorted.clear();
    for (const std::uint32_t i : from) m_sorted.push_back(columns[i]);
    m_nodes[node].shape = shape(m_sorted);
    if (std::ranges::is_sorted(columns)) return;
    auto order = m_arena.array<std::uint16_t>(count);
    for (std::uint32_t position = 0; position < count; ++position) order[from[position]] = static_cast<std::uint16_t>(position);
    m_nodes[node].order = static_cast<OrderId>(m_table.orders.push(order.data()));
}

StoredAttributes AttributeWriter::storeSlowly(Arena& cells, AttributeSpan attributes) {
    const auto count = static_cast<std::uint32_t>(attributes.size());
    std::vector<ColumnId> columns(count);
    for (std::uint32_t i = 0; i < count; ++i) columns[i] = column(attributes[i].key, attributes[i].value.type);
    m_from.resize(count);
    std::iota(m_from.begin(), m_from.end(), 0u);
    const bool sorted = std::ranges::is_sorted(columns);
    // Column, then place: the same as a stable sort, without its memory.
    if (!sorted) std::ranges::sort(m_from, [&](std::uint32_t a, std::uint32_t b) { return columns[a] != columns[b] ? columns[a] < columns[b] : a < b; });
    m_sorted.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) m_sorted[i] = columns[m_from[i]];
    const ShapeId id = shape(m_sorted);
    std::uint64_t* const out = cells.array<std::uint64_t>(count + (sorted ? 0 : orderWords(count))).data();
    for (std::uint32_t position = 0; position < count; ++position)
        write(attributes[m_from[position]].value, m_table.columns[m_sorted[position]].values, out + position);
    if (sorted) return {id, kShapeOrder, out};
    std::vector<std::uint32_t>& order = columns;  // no longer needed
    for (std::uint32_t position = 0; position < count; ++position) order[m_from[position]] = position;
    packOrder(order, count, out + count);
    return {id, kInlineOrder, out};
}

ColumnId AttributeWriter::column(std::string_view key, ValueType type) {
    const StringId name = m_names.intern(key);
    const auto [it, isNew] = m_columnIndex.try_emplace(std::uint64_t{name} << 8 | static_cast<std::uint64_t>(type), static_cast<ColumnId>(m_table.columns.size()));
    if (isNew) {
        AttributeColumn info{name, type, nullptr};
        if (type >= ValueType::String) {
            if (m_table.pools.size() < kPools) m_table.pools.push_back(std::make_unique<StringPool>(m_text));
            info.values = m_table.pools.back().get();
        }
        m_table.columns.push(info);
    }
    return it->second;
}

ShapeId AttributeWriter::shape(const std::vector<ColumnId>& columns) {
    std::string bytes(reinterpret_cast<const char*>(columns.data()), columns.size() * sizeof(ColumnId));
    const auto [it, isNew] = m_shapeIndex.try_emplace(std::move(bytes), static_cast<ShapeId>(m_table.shapes.size()));
    if (isNew) m_table.shapes.push({m_arena.copy(columns).data(), static_cast<std::uint32_t>(columns.size())});
    return it->second;
}

void AttributeWriter::flush() {
    constexpr std::size_t kAhead = 12;
    const std::size_t count = m_queue.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (i + kAhead < count) m_queue[i + kAhead].pool->prefetchText(m_queue[i + kAhead].hash);
        const Queued& q = m_queue[i];
        *q.cell = q.pool->intern(q.text, q.hash);
    }
    m_queue.clear();
}

}  // namespace spanreel::store
