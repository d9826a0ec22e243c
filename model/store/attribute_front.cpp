// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/attribute_front.h"

#include <algorithm>
#include <new>
#include <numeric>

#include "model/store/store_data.h"

namespace spanreel::store {
namespace {

/// Writes an order behind the cells: attribute i lies at position order[i].
void packOrder(const std::vector<std::uint32_t>& order, std::uint32_t count, std::uint64_t* words) {
    const std::uint32_t bits = orderBits(count), perWord = 64 / bits;
    std::fill_n(words, orderWords(count), 0);
    for (std::uint32_t i = 0; i < count; ++i) words[i / perWord] |= std::uint64_t{order[i]} << (i % perWord * bits);
}

template <class T>
void reserveOne(std::vector<T>& items) {
    if (items.size() == items.capacity()) items.reserve(2 * items.size());
}

}  // namespace

const TextCache::Entry TextCache::kNothing[2] = {};

void PendingTexts::resolve() {
    constexpr std::size_t kSlotAhead = 32, kTextAhead = 16;
    const std::size_t count = texts.size();
    // Of a large batch the sender's text and the cell are no longer at hand either.
    const auto askFor = [](Text& t) {
        t.id = t.pool->prefetchText(t.hash);
        __builtin_prefetch(t.text);
        __builtin_prefetch(t.cell, 1);
    };
    for (std::size_t i = 0; i < std::min(count, kSlotAhead); ++i) texts[i].pool->prefetchSlot(texts[i].hash);
    for (std::size_t i = 0; i < std::min(count, kTextAhead); ++i) askFor(texts[i]);
    for (std::size_t i = 0; i < count; ++i) {
        if (i + kSlotAhead < count) texts[i + kSlotAhead].pool->prefetchSlot(texts[i + kSlotAhead].hash);
        if (i + kTextAhead < count) askFor(texts[i + kTextAhead]);
        Text& t = texts[i];
        const StringPool::Interned found = t.pool->intern({t.text, t.length}, t.hash, t.id);
        *t.cell = t.id = found.id;
        t.text = found.text;
    }
    resolved.store(true, std::memory_order_release);
}

AttributeFront::AttributeFront(std::shared_ptr<StoreData> data)
    : m_data(std::move(data)), m_seed(processSeed()), m_names(m_data->strings, TextCache::kManySets), m_bodies(m_data->bodies), m_nodes(1), m_ends(1), m_recentKeys(kRecentKeys),
      m_recentShapes(kRecentShapes), m_pending(std::make_shared<PendingTexts>()) {
    m_ends[0].shape = 0;
    m_pending->data = m_data;
}

AttributeFront::~AttributeFront() = default;

void AttributeFront::learn(const PendingTexts& pending) {
    try {
        for (const auto& t : pending.texts) t.cache->learn(t.hash, t.id, t.text);
    } catch (const std::bad_alloc&) {  // then it does not know them
    }
}

void AttributeFront::begin() {
    m_pending->texts.clear();
    while (!m_outstanding.empty()) {
        auto& oldest = m_outstanding.front();
        const bool resolved = oldest->resolved.load(std::memory_order_acquire);
        if (resolved) learn(*oldest);
        else if (oldest.use_count() > 1 && m_outstanding.size() < kOutstanding) break;
        // Only what was seen to be resolved: the writer is done with it.
        if (resolved && oldest.use_count() == 1 && oldest->texts.capacity() <= kUsualTexts) m_sparePending = std::move(oldest);
        m_outstanding.pop_front();
    }
}

void AttributeFront::trim() {
    m_list.trim();
    m_innerList.trim();
    if (m_columns.size() <= kMostColumns) return;
    // What waits elsewhere is resolved without the front.
    m_outstanding.clear();
    m_nodes.resize(1);
    m_nodes[0] = {};
    m_ends.resize(1);
    m_json.clear();
    m_trieWorth = {};
    m_children = Table<std::uint64_t, std::uint32_t>();
    m_columns.clear();
    m_recentKeys.assign(kRecentKeys, nullptr);
}

Batch AttributeFront::batch() { return m_data->spareBatches.take(); }

std::shared_ptr<PendingTexts> AttributeFront::takePending() {
    auto next = std::exchange(m_sparePending, nullptr);
    if (next) {
        next->texts.clear();
        next->resolved.store(false, std::memory_order_relaxed);
    } else {
        next = std::make_shared<PendingTexts>();
        next->data = m_data;
        next->texts.reserve(m_pending->texts.size() + 16);
    }
    m_outstanding.push_back(m_pending);
    return std::exchange(m_pending, std::move(next));
}

void AttributeFront::resolve() {
    if (m_pending->texts.empty()) return;
    m_pending->resolve();
    learn(*m_pending);
    m_pending->texts.clear();
    trim();
}

void AttributeFront::resolveOrGiveUp() noexcept {
    try {
        resolve();
    } catch (const std::bad_alloc&) {
        for (const auto& t : m_pending->texts) *t.cell = 0;
        m_pending->texts.clear();
    }
}

void AttributeFront::expectJson() {
    if (!m_json.empty()) return;
    std::vector<List::ExpectedJson> all(m_nodes.size());
    for (std::size_t i = 1; i < m_nodes.size(); ++i) all[i] = List::ExpectedJson::of(m_nodes[i].column->key, m_nodes[i].column->type);
    m_json = std::move(all);
}

AttributeFront::Column& AttributeFront::column(std::string_view key, ValueType type) {
    const std::uint32_t hash = textHash(key, m_seed) + static_cast<std::uint32_t>(type);
    Column*& recent = m_recentKeys[hash % kRecentKeys];
    if (recent && recent->type == type && sameText(recent->key, key)) return *recent;
    const ColumnId id = m_data->attributes.column(key, type);
    auto& known = m_columns[id];
    if (!known) {
        const AttributeColumn& info = m_data->attributes.columns[id];
        known = std::make_unique<Column>(Column{id, type, info.key, TextCache(info.values ? *info.values : m_data->strings)});
    }
    recent = known.get();
    return *recent;
}

std::uint32_t AttributeFront::child(std::uint32_t parent, Column& column) {
    const std::uint64_t edge = std::uint64_t{parent} << 32 | column.id;
    if (m_nodes.size() < kTrieNodes && m_ends[parent].depth + 1 < kTrieDepth) {
        if (const auto known = m_children.find(edge); known != m_children.end()) return known->second;
        const auto id = static_cast<std::uint32_t>(m_nodes.size());
        // Room for all of it first: where there is no memory, nothing has changed.
        reserveOne(m_nodes);
        reserveOne(m_ends);
        if (!m_json.empty()) reserveOne(m_json);
        m_children.emplace(edge, id);
        Node node;
        node.expected = List::Expected::of(column.key, column.type);
        node.column = &column;
        node.expected.nextGuess = m_nodes[parent].firstGuess;
        m_nodes[parent].firstGuess = id;
        m_nodes.push_back(node);
        NodeEnd end;
        end.parent = parent;
        end.depth = m_ends[parent].depth + 1;
        m_ends.push_back(end);
        if (!m_json.empty()) m_json.push_back(List::ExpectedJson::of(column.key, column.type));
        return id;
    }
    const auto it = m_children.find(edge);
    return it == m_children.end() ? 0 : it->second;
}

/// Shape and order of the list that ends at a node.
void AttributeFront::finishNode(std::uint32_t at) {
    NodeEnd& end = m_ends[at];
    const std::uint32_t count = end.depth;
    std::vector<ColumnId> columns(count), sorted;
    for (std::uint32_t i = count, n = at; i-- > 0; n = m_ends[n].parent) columns[i] = m_nodes[n].column->id;
    std::vector<std::uint32_t> from(count);
    std::iota(from.begin(), from.end(), 0u);
    std::ranges::sort(from, {}, [&](std::uint32_t i) { return std::uint64_t{columns[i]} << 32 | i; });
    for (const std::uint32_t i : from) sorted.push_back(columns[i]);
    if (!std::ranges::is_sorted(columns)) {
        std::vector<std::uint16_t> positions(count);
        for (std::uint32_t position = 0; position < count; ++position) positions[from[position]] = static_cast<std::uint16_t>(position);
        end.order = m_data->attributes.order(positions);
        end.positions = m_data->attributes.orders[end.order];
    }
    end.shape = m_data->attributes.shape(sorted);  // last: it tells that the rest is known
}

ShapeId AttributeFront::shape(const std::vector<ColumnId>& sorted) {
    const std::string_view bytes(reinterpret_cast<const char*>(sorted.data()), sorted.size() * sizeof(ColumnId));
    const std::uint32_t hash = textHash(bytes, m_seed);
    RecentShape& recent = m_recentShapes[hash % kRecentShapes];
    if (recent.hash == hash && recent.shape != kNoShape) {
        const AttributeShape& known = m_data->attributes.shapes[recent.shape];
        if (std::ranges::equal(sorted, std::span(known.columns, known.count))) return recent.shape;
    }
    const ShapeId shape = m_data->attributes.shape(sorted);
    recent = {hash, shape};
    return shape;
}

AttributeFront::List::Expected AttributeFront::List::Expected::of(std::string_view key, ValueType type) {
    Expected out;
    out.type = type;
    if (key.size() + 2 > kShortText) return out;
    out.header[0] = '\x0A';
    out.header[1] = static_cast<char>(key.size());
    std::ranges::copy(key, out.header + 2);
    out.headerLength = static_cast<std::uint8_t>(key.size() + 2);
    out.behind = allBut(out.headerLength);
    out.least = out.headerLength + 4;
    return out;
}

AttributeFront::List::ExpectedJson AttributeFront::List::ExpectedJson::of(std::string_view key, ValueType type) {
    std::string_view name;
    switch (type) {
        case ValueType::String: name = "stringValue\":\""; break;
        case ValueType::Int: name = "intValue\":"; break;
        case ValueType::Bool: name = "boolValue\":"; break;
        case ValueType::Double: name = "doubleValue\":"; break;
        default: return {};
    }
    constexpr std::string_view kBefore = "{\"key\":\"", kBehind = "\",\"value\":{\"";
    ExpectedJson out;
    const std::size_t length = kBefore.size() + key.size() + kBehind.size() + name.size();
    const bool plain = std::ranges::all_of(key, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; });
    if (length > kMost || !plain) return out;
    char* at = out.head;
    for (const std::string_view part : {kBefore, key, kBehind, name}) at = std::ranges::copy(part, at).out;
    out.length = static_cast<std::uint32_t>(length);
    return out;
}

void AttributeFront::List::add(std::string_view key, ValueType type) {
    Column& column = m_front.column(key, type);
    if (m_inTrie) {
        if (const std::uint32_t next = m_front.child(m_at.node, column)) m_at.node = next;
        else leaveTrie();
    }
    if (m_at.count == m_columns.size()) {  // in the trie there are fewer
        m_cells.resize(2 * m_columns.size());
        m_texts.resize(2 * m_columns.size());
        m_columns.resize(2 * m_columns.size());
    }
    m_columns[m_at.count++] = &column;
}

/// The columns so far, which the trie no longer tells.
void AttributeFront::List::leaveTrie() {
    m_inTrie = false;
    for (std::uint32_t i = m_at.count, n = m_at.node; i-- > 0; n = m_front.m_ends[n].parent) m_columns[i] = m_front.m_nodes[n].column;
}

template <class PositionOf>
void AttributeFront::List::lookUp(std::uint64_t* cells, PositionOf positionOf) {
    for (const Text& t : std::span(m_texts.data(), m_at.texts)) {
        std::uint64_t& cell = cells[positionOf(t.index)];
        const std::string_view text(t.text, t.length);
        if (!t.cache->find(text, t.hash, t.roomy, cell)) m_front.wait(*t.cache, text, t.hash, &cell);
    }
}

StoredAttributes AttributeFront::List::finish(Arena& arena, std::uint32_t& words) {
    const std::uint32_t count = words = m_at.count;
    if (count == 0) return {};
    m_front.m_trieWorth.note(m_inTrie);
    if (!m_inTrie) return finishByHand(arena, words);
    if (m_front.m_ends[m_at.node].shape == kNoShape) m_front.finishNode(m_at.node);
    const NodeEnd& node = m_front.m_ends[m_at.node];
    std::uint64_t* const out = arena.array<std::uint64_t>(count).data();
    const std::uint16_t* const positions = node.positions;
    if (positions)
        for (std::uint32_t i = 0; i < count; ++i) out[positions[i]] = m_cells[i];
    else
        std::copy_n(m_cells.data(), count, out);
    if (positions) lookUp(out, [positions](std::uint32_t i) { return positions[i]; });
    else lookUp(out, [](std::uint32_t i) { return i; });
    return {node.shape, node.order, out};
}

StoredAttributes AttributeFront::List::finishByHand(Arena& arena, std::uint32_t& words) {
    const std::uint32_t count = m_at.count;
    // Column, then place.
    m_sorting.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) m_sorting[i] = std::uint64_t{m_columns[i]->id} << 32 | i;
    const bool sorted = std::ranges::is_sorted(m_sorting);
    if (!sorted) std::ranges::sort(m_sorting);
    m_shape.resize(count);
    m_positions.resize(count);
    for (std::uint32_t position = 0; position < count; ++position) {
        m_shape[position] = static_cast<ColumnId>(m_sorting[position] >> 32);
        m_positions[static_cast<std::uint32_t>(m_sorting[position])] = position;
    }
    const ShapeId shape = m_front.shape(m_shape);
    words = count + (sorted ? 0 : orderWords(count));
    std::uint64_t* const out = arena.array<std::uint64_t>(words).data();
    for (std::uint32_t i = 0; i < count; ++i) out[m_positions[i]] = m_cells[i];
    lookUp(out, [this](std::uint32_t i) { return m_positions[i]; });
    if (sorted) return {shape, kShapeOrder, out};
    packOrder(m_positions, count, out + count);
    return {shape, kInlineOrder, out};
}

}  // namespace spanreel::store
