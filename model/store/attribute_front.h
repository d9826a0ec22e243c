// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "model/core/arena.h"
#include "model/store/attribute_table.h"
#include "model/store/batch.h"
#include "model/store/known_resources.h"
#include "model/store/stored_attributes.h"
#include "model/store/table.h"
#include "model/store/text_hash.h"

namespace spanreel::store {

struct StoreData;

/// Whether something that may fail is worth a try: no longer for a while once it mostly fails.
class WorthTrying {
public:
    [[nodiscard]] bool now() {
        if (m_pause == 0) return true;
        --m_pause;
        return false;
    }
    [[nodiscard]] bool paused() const { return m_pause > 0; }
    void note(bool success) {
        if (success) {
            ++m_succeeded;
            return;
        }
        if (++m_failed < kWindow) return;
        if (m_succeeded < kWindow / 3) m_pause = kPause;
        m_succeeded = m_failed = 0;
    }

private:
    static constexpr std::uint32_t kWindow = 768, kPause = 8192;
    std::uint64_t m_succeeded = 0;
    std::uint32_t m_failed = 0, m_pause = 0;
};

/// Texts of one pool that a front has met lately, by their hash: two places for each value of it, the newer text first.
class TextCache {
public:
    explicit TextCache(StringPool& pool, std::uint32_t sets = kSets) : m_pool(&pool), m_sets(sets) {}
    static constexpr std::uint32_t kSets = 128, kManySets = 1024;  ///< powers of two
    [[nodiscard]] StringPool& pool() const { return *m_pool; }

    /// True where the text, not empty, is known; its id goes to `id`. `roomy`: 32 bytes from its first on may be read.
    [[nodiscard]] bool find(std::string_view text, std::uint32_t hash, bool roomy, std::uint64_t& id) {
        if (!m_worth.now()) return false;
        const bool found = findEntry(text, hash, roomy, id);
        m_worth.note(found);
        return found;
    }
    void prefetch(std::uint32_t hash) const { __builtin_prefetch(&m_entries[(hash & m_mask) * 2]); }
    void learn(std::uint32_t hash, StringId id, const char* interned) {
        if (m_worth.paused()) return;
        if (!m_own) {
            if (++m_learnt < kWorthOwn) return;
            m_entries = (m_own = std::make_unique<Entry[]>(2 * m_sets)).get();
            m_mask = m_sets - 1;
        }
        Entry* const entry = &m_own[(hash & m_mask) * 2];
        if (entry->hash != hash) entry[1] = entry[0];
        entry[0] = {hash, id, interned};
    }

private:
    static constexpr std::uint32_t kWorthOwn = 4;  ///< texts of a pool that are met before 4 KiB (32 for names) are spent on it: keys may be unique
    static constexpr char kNoText[4 + kShortText] = {};  ///< an empty one, as it lies in a pool
    struct Entry {
        std::uint32_t hash = 0;
        StringId id = 0;
        const char* text = kNoText + 4;  ///< in the pool's memory
    };
    static const Entry kNothing[2];
    [[nodiscard]] bool findEntry(std::string_view text, std::uint32_t hash, bool roomy, std::uint64_t& id) const {
        const Entry* entry = &m_entries[(hash & m_mask) * 2];
        entry += entry->hash != hash;
        if (entry->hash != hash) return false;
        const std::string_view known = TextPool::textAt(entry->text);
        if (known.size() != text.size()) return false;
        // Memory of a pool may be read behind a text's end.
        if (!(roomy && text.size() <= kShortText ? sameStart(known.data(), text.data(), text.size()) : sameText(known, text))) return false;
        id = entry->id;
        return true;
    }

    StringPool* m_pool;
    const Entry* m_entries = kNothing;
    std::uint32_t m_mask = 0;  ///< of the hash, for a set
    const std::uint32_t m_sets;
    std::unique_ptr<Entry[]> m_own;  ///< once enough was learnt
    std::uint32_t m_learnt = 0;
    WorthTrying m_worth;
};

/// Texts a front did not know, each with the cell that waits for its id. The store's writer resolves them; then the front
/// that handed them over, if it is still there, learns from them.
struct PendingTexts {
    struct Text {
        std::uint64_t* cell;
        StringPool* pool;
        TextCache* cache;  ///< the front's own
        const char* text;  ///< the sender's; once resolved, the pool's
        std::uint32_t length, hash;
        StringId id;  ///< once resolved; before that the record it is probably in
    };
    std::shared_ptr<StoreData> data;  ///< whose tables the ids are of
    std::vector<Text> texts;
    std::atomic<bool> resolved{false};

    /// Interns all of them and fills their cells. The store's writer only.
    void resolve();
};

/// What one thread has learnt of a session's attributes, to turn lists of them into shapes and cells while it decodes, beside
/// other threads and without the store's lock. Senders repeat themselves: a trie of (key, type), in which every node
/// tries the child taken last first, finds the shape of a list by comparing keys, without hashing; values met lately are
/// found, their bytes compared, in a small cache for each column. What neither knows is registered in the AttributeTable
/// (keys, shapes, orders: rare) or waits in the pending list for the writer (texts).
///
/// Owned by one thread at a time. All of it is bounded: a front that has met too many columns starts anew. `m_data` must outlive the rows; ids are of this data only.
class AttributeFront {
    struct Column;
    struct Node;

public:
    explicit AttributeFront(std::shared_ptr<StoreData> data);
    AttributeFront(const AttributeFront&) = delete;
    AttributeFront& operator=(const AttributeFront&) = delete;
    ~AttributeFront();

    /// One list being read, attribute by attribute: `add` or `addExpected` its key, then `put` or `putText`. Reused for many lists.
    class List {
    public:
        explicit List(AttributeFront& front) : m_front(front), m_columns(kTrieDepth), m_cells(kTrieDepth), m_texts(kTrieDepth) {}
        void begin() {
            m_at = {};
            m_inTrie = m_front.m_trieWorth.now();
        }
        [[nodiscard]] std::size_t size() const { return m_at.count; }
        /// Gives back what a list of very many attributes took.
        void trim() {
            if (m_columns.size() <= kUsualMost) return;
            m_columns = std::vector<Column*>(kTrieDepth);
            m_cells = std::vector<std::uint64_t>(kTrieDepth);
            m_texts = std::vector<Text>(kTrieDepth);
            m_sorting = {};
            m_shape = {};
            m_positions = {};
        }

        /// What came next at times: a key with a type, also as it is written in protobuf's KeyValue: tag, length, key.
        struct Expected {
            char header[kShortText] = {};
            std::uint32_t behind = 0;  ///< a bit for each of the 32 bytes that is no longer the header
            std::uint16_t least = kNever;  ///< bytes of the shortest KeyValue that begins so
            std::uint8_t headerLength = 0;
            ValueType type = ValueType::Empty;
            std::uint32_t nextGuess = 0;
            static constexpr std::uint16_t kNever = 0xFFFF;  ///< the header is longer than 32 bytes
            static Expected of(std::string_view key, ValueType type);
            /// Whether the bytes from `p` on, 32 of which may be read, begin with the header.
            [[nodiscard]] bool begins(const char* p) const { return sameBytes(p, header, behind); }
        };
        /// The same as exporters write it in JSON, up to the value: `{"key":"K","value":{"intValue":`, of a text with its quote.
        struct ExpectedJson {
            static constexpr std::size_t kMost = 96, kLeast = 32;
            char head[kMost] = {};
            std::uint32_t length = 0;  ///< 0 = too long, or a key that JSON escapes, or of another type
            static ExpectedJson of(std::string_view key, ValueType type);
        };

    private:
        struct Text {
            const char* text = nullptr;
            TextCache* cache = nullptr;
            std::uint32_t length = 0, index = 0, hash = 0;
            bool roomy = false;
        };
        struct Position {
            std::uint32_t node = 0, count = 0, texts = 0;
        };

    public:
        /// Adds attributes that are expected, one after the other, with all that takes in registers; then the list has to be
        /// told by `end`. Nothing else may be done with list or front meanwhile.
        class Run {
        public:
            explicit Run(List& list)
                : m_list(list), m_nodes(list.m_front.m_nodes.data()), m_seed(list.m_front.m_seed), m_node(m_nodes + list.m_at.node), m_cell(list.m_cells.data() + list.m_at.count), m_text(list.m_texts.data() + list.m_at.texts) {}
            void end() {
                m_list.m_at = {static_cast<std::uint32_t>(m_node - m_nodes), static_cast<std::uint32_t>(m_cell - m_list.m_cells.data()), static_cast<std::uint32_t>(m_text - m_list.m_texts.data())};
            }
            /// The first `try`, 0 = none; further ones are named by each.
            [[nodiscard]] std::uint32_t firstGuess() const { return m_node->firstGuess; }
            [[nodiscard]] const Expected& expected(std::uint32_t guess) const { return m_nodes[guess].expected; }
            /// Adds the key of a guess that was right.
            void add(std::uint32_t guess) {
                if (m_node->firstGuess != guess) [[unlikely]] m_list.m_front.rightGuess(static_cast<std::uint32_t>(m_node - m_nodes), guess);
                m_node = m_nodes + guess;
                ++m_cell;
            }
            /// The value of a type without text.
            void put(std::uint64_t bits) { m_cell[-1] = bits; }
            /// The value of a type with text, which must live until the pending texts are resolved; 32 bytes from its first on
            /// may be read, then and later.
            void putText(std::string_view text) {
                if (text.empty()) return put(0);
                putText(text, textHash(text, m_seed, true));
            }
            /// The same of a text of at most 32 bytes.
            void putText(const char* text, const ShortText& words) {
                if (words.length == 0) return put(0);
                putText({text, words.length}, words.hash(m_seed));
            }

        private:
            void putText(std::string_view text, std::uint32_t hash) {
                wait(*m_text++, m_node->column->values, text, hash, static_cast<std::uint32_t>(m_cell - m_list.m_cells.data()) - 1, true);
            }
            List& m_list;
            const Node* const m_nodes;
            const std::uint64_t m_seed;
            const Node* m_node;
            std::uint64_t* m_cell;  ///< of the next attribute
            Text* m_text;           ///< of the next text
        };
        /// False where nothing is expected.
        [[nodiscard]] bool expects() const { return m_inTrie; }

        [[nodiscard]] std::uint32_t firstGuess() const { return m_inTrie ? m_front.m_nodes[m_at.node].firstGuess : 0; }
        [[nodiscard]] const Expected& expected(std::uint32_t guess) const { return m_front.m_nodes[guess].expected; }
        /// Only after `expectJson`.
        [[nodiscard]] const ExpectedJson& expectedJson(std::uint32_t guess) const { return m_front.m_json[guess]; }
        /// Adds the key of a guess that was right.
        void addExpected(std::uint32_t guess) {
            m_front.rightGuess(m_at.node, guess);
            m_at.node = guess;
            ++m_at.count;
        }
        /// Adds any key.
        void add(std::string_view key, ValueType type);

        /// The value of a type without text.
        void put(std::uint64_t bits) { m_cells[m_at.count - 1] = bits; }
        /// The value of a type with text, which must live until the pending texts are resolved. `roomy`: 32 bytes from its
        /// first on may be read, then and later.
        void putText(std::string_view text, bool roomy = false) {
            if (text.empty()) return put(0);
            const Column& column = m_inTrie ? *m_front.m_nodes[m_at.node].column : *m_columns[m_at.count - 1];
            wait(m_texts[m_at.texts++], column.values, text, textHash(text, m_front.m_seed, roomy), m_at.count - 1, roomy);
        }
        void add(const Attribute& a) {
            add(a.key, a.value.type);
            if (a.value.type >= ValueType::String) putText(a.value.text);
            else put(a.value.bits);
        }

        /// Ends the list; the cells go into `arena` and are whole once the pending texts are resolved.
        StoredAttributes finish(Arena& arena, std::uint32_t& words);

    private:
        static constexpr std::size_t kUsualMost = 4096;
        static void wait(Text& waiting, TextCache& cache, std::string_view text, std::uint32_t hash, std::uint32_t index, bool roomy) {
            cache.prefetch(hash);
            // Member by member: a whole one would be put together on the stack in small pieces and read back in large ones.
            waiting.text = text.data();
            waiting.length = static_cast<std::uint32_t>(text.size());
            waiting.cache = &cache;
            waiting.index = index;
            waiting.hash = hash;
            waiting.roomy = roomy;
        }
        void leaveTrie();
        template <class PositionOf>
        void lookUp(std::uint64_t* cells, PositionOf positionOf);
        StoredAttributes finishByHand(Arena& arena, std::uint32_t& words);

        AttributeFront& m_front;
        std::vector<Column*> m_columns;  ///< by number of attribute; in the trie its nodes tell
        std::vector<std::uint64_t> m_cells;
        std::vector<Text> m_texts;  ///< looked up together, when the memory for each has been asked for; as many places as attributes
        Position m_at;
        bool m_inTrie = true;  ///< the list so far ends at the position's node
        std::vector<std::uint64_t> m_sorting;
        std::vector<ColumnId> m_shape;
        std::vector<std::uint32_t> m_positions;  ///< by number of attribute
    };

    /// Two lists at hand: of a record, and of something inside it that is read meanwhile.
    [[nodiscard]] List& list() { return m_list; }
    [[nodiscard]] List& innerList() { return m_innerList; }

    [[nodiscard]] KnownResources& resources() { return m_resources; }

    /// From now on what is expected is also at hand as JSON.
    void expectJson();

    // Caches for what is no attribute.
    [[nodiscard]] TextCache& names() { return m_names; }
    [[nodiscard]] TextCache& bodies() { return m_bodies; }
    /// True where the text was met lately; its id goes to `cell`, at once.
    [[nodiscard]] bool find(TextCache& cache, std::string_view text, std::uint64_t& cell, bool roomy = false) {
        if (text.empty()) return cell = 0, true;
        return cache.find(text, textHash(text, m_seed, roomy), roomy, cell);
    }
    /// Queues a text, not empty and living until it is resolved, for its cell.
    void wait(TextCache& cache, std::string_view text, std::uint64_t& cell) { wait(cache, text, textHash(text, m_seed), &cell); }

    /// Finds or queues the name of a record or the text of its body.
    void findName(TextCache& cache, std::string_view text, Arena& arena, FoundRecord& out, bool roomy = false) {
        std::uint64_t& cell = arena.array<std::uint64_t>(1)[0];
        out.name = &cell;
        if (!find(cache, text, cell, roomy)) wait(cache, text, cell);
    }
    /// The same for a whole list. The texts must live until they are resolved.
    void findAll(List& list, AttributeSpan attributes, Arena& arena, FoundRecord& out) {
        list.begin();
        for (const Attribute& a : attributes) list.add(a);
        out.attributes = list.finish(arena, out.words);
    }

    /// How many texts wait; those of a record that came to nothing are forgotten again.
    [[nodiscard]] std::size_t waiting() const { return m_pending->texts.size(); }
    void forget(std::size_t waiting) { m_pending->texts.erase(m_pending->texts.begin() + static_cast<std::ptrdiff_t>(waiting), m_pending->texts.end()); }
    /// Forgets what waits, of a request that came to nothing, and learns from what was resolved meanwhile.
    void begin();
    /// Between two requests: gives back what unusual ones took, and forgets columns where they have become too many.
    void trim();
    /// An empty batch to read into, with the memory of one before.
    [[nodiscard]] Batch batch();
    /// What waits, to go with the batch.
    [[nodiscard]] std::shared_ptr<PendingTexts> takePending();
    /// Resolves what waits on the spot. For the store's writer's own front.
    void resolve();
    /// The same after memory failed: where it fails again, what waits is left empty.
    void resolveOrGiveUp() noexcept;
    [[nodiscard]] const std::shared_ptr<StoreData>& data() const { return m_data; }

private:
    static constexpr std::size_t kTrieNodes = 16384;
    static constexpr std::uint32_t kTrieDepth = 256;
    static constexpr std::size_t kRecentKeys = 256, kRecentShapes = 1024;
    static constexpr std::size_t kMostColumns = 8192;
    /// Batches whose pending texts are remembered, to learn from.
    static constexpr std::size_t kOutstanding = 64;
    static constexpr std::size_t kUsualTexts = 16384;  ///< those of a batch with more are not kept for the next

    struct Column {
        ColumnId id;
        ValueType type;
        std::string_view key;
        mutable TextCache values;  ///< unused for types without text
    };
    /// What is looked at for each attribute: one cache line.
    struct alignas(64) Node {
        List::Expected expected;
        std::uint32_t firstGuess = 0;  ///< child taken last, 0 = none; its siblings follow by nextGuess
        Column* column = nullptr;
    };
    static_assert(sizeof(Node) == 64);
    /// What is looked at where a list ends.
    struct NodeEnd {
        std::uint32_t parent = 0, depth = 0;
        ShapeId shape = kNoShape;     ///< of the list that ends here, found when first needed
        OrderId order = kShapeOrder;
        const std::uint16_t* positions = nullptr;
    };
    static constexpr ShapeId kNoShape = 0xFFFFFFFFu;
    struct RecentShape {
        std::uint32_t hash = 0;
        ShapeId shape = kNoShape;
    };

    void wait(TextCache& cache, std::string_view text, std::uint32_t hash, std::uint64_t* cell) {
        PendingTexts::Text& waiting = m_pending->texts.emplace_back();
        waiting.cell = cell;
        waiting.pool = &cache.pool();
        waiting.cache = &cache;
        waiting.text = text.data();
        waiting.length = static_cast<std::uint32_t>(text.size());
        waiting.hash = hash;
    }
    /// The child that was right is the first to be tried the next time.
    void rightGuess(std::uint32_t parent, std::uint32_t child) {
        std::uint32_t& first = m_nodes[parent].firstGuess;
        if (first == child) [[likely]] return;
        std::uint32_t before = first;
        while (m_nodes[before].expected.nextGuess != child) before = m_nodes[before].expected.nextGuess;
        m_nodes[before].expected.nextGuess = m_nodes[child].expected.nextGuess;
        m_nodes[child].expected.nextGuess = first;
        first = child;
    }
    Column& column(std::string_view key, ValueType type);
    /// 0 where the trie is full.
    std::uint32_t child(std::uint32_t node, Column& column);
    void finishNode(std::uint32_t node);
    ShapeId shape(const std::vector<ColumnId>& sorted);
    static void learn(const PendingTexts& pending);

    const std::shared_ptr<StoreData> m_data;
    const std::uint64_t m_seed;
    TextCache m_names, m_bodies;
    std::vector<Node> m_nodes;
    std::vector<NodeEnd> m_ends;  ///< of each
    std::vector<List::ExpectedJson> m_json;  ///< of each node, or of none
    WorthTrying m_trieWorth;
    Table<std::uint64_t, std::uint32_t> m_children;  ///< node << 32 | column
    Table<ColumnId, std::unique_ptr<Column>> m_columns;
    std::vector<Column*> m_recentKeys;  ///< direct-mapped by hash
    std::vector<RecentShape> m_recentShapes;
    std::shared_ptr<PendingTexts> m_pending, m_sparePending;
    std::deque<std::shared_ptr<PendingTexts>> m_outstanding;
    KnownResources m_resources;
    List m_list{*this}, m_innerList{*this};
};

}  // namespace spanreel::store
