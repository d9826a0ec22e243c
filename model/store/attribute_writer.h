// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "model/core/arena.h"
#include "model/store/attribute_table.h"
#include "model/store/batch.h"

namespace spanreel::store {

/// Turns attribute lists into shapes and cells. Senders repeat themselves: a trie of (key, type), in which every node
/// remembers the child taken last, finds the shape of a list by comparing keys, without hashing. Its size is bounded; lists
/// beyond it are sorted by hand. Looking up text in large pools waits in a queue, so that memory is asked for ahead:
/// **cells are complete only after `flush`**, and the texts given must live until then. Writer only.
class AttributeWriter {
public:
    AttributeWriter(AttributeTable& table, StringPool& names, TextPool& text, Arena& arena);

    /// Cells go into `cells`, which must live as long as the rows.
    StoredAttributes store(Arena& cells, AttributeSpan attributes);
    /// Resolves what is queued.
    void flush();
    /// Texts that wait.
    [[nodiscard]] std::size_t queued() const { return m_queue.size(); }

    /// Queues the id of `text` in `pool` for `*cell`, or finds it at once.
    void intern(StringPool& pool, std::string_view text, std::uint64_t* cell) {
        if (text.empty()) {
            *cell = 0;
            return;
        }
        const std::uint32_t hash = pool.hash(text);
        if (pool.isSmall()) {
            *cell = pool.intern(text, hash);
            return;
        }
        pool.prefetchSlot(hash);
        m_queue.push_back({cell, &pool, text, hash});
    }

private:
    static constexpr std::uint32_t kNoNode = 0xFFFFFFFFu;
    static constexpr std::size_t kTrieNodes = 16384;
    static constexpr std::size_t kTrieDepth = 256;
    static constexpr std::size_t kSiblings = 64;
    /// Keys beyond so many share one pool for their values.
    static constexpr std::size_t kPools = 8192;

    struct Node {
        std::string_view key;
        StringPool* values = nullptr;
        ValueType type = ValueType::Empty;
        ColumnId column = 0;
        std::uint32_t parent = kNoNode, depth = 0;
        std::uint32_t predicted = kNoNode, firstChild = kNoNode, nextSibling = kNoNode;
        ShapeId shape = kNoNode;  ///< of the list that ends here, found when first needed
        OrderId order = kShapeOrder;
    };
    struct Queued {
        std::uint64_t* cell;
        StringPool* pool;
        std::string_view text;
        std::uint32_t hash;
    };

    std::uint32_t child(std::uint32_t node, const Attribute& attribute);
    void finishNode(std::uint32_t node);
    void write(const Value& value, StringPool* values, std::uint64_t* cell) {
        if (values) intern(*values, value.text, cell);
        else *cell = value.bits;
    }
    StoredAttributes storeSlowly(Arena& cells, AttributeSpan attributes);
    ColumnId column(std::string_view key, ValueType type);
    ShapeId shape(const std::vector<ColumnId>& columns);

    AttributeTable& m_table;
    StringPool& m_names;
    TextPool& m_text;
    Arena& m_arena;
    std::vector<Node> m_nodes;
    std::vector<Queued> m_queue;
    std::vector<std::uint32_t> m_path;
    absl::flat_hash_map<std::uint64_t, ColumnId> m_columnIndex;  ///< key << 8 | type
    absl::flat_hash_map<std::string, ShapeId> m_shapeIndex;
    std::vector<ColumnId> m_sorted;
    std::vector<std::uint32_t> m_from;
};

}  // namespace spanreel::store
