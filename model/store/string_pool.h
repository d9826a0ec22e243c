// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "model/core/process_seed.h"
#include "model/core/stable_vector.h"
#include "model/core/zeroed_array.h"
#include "model/store/text_hash.h"
#include "model/store/text_pool.h"

namespace spanreel::store {

/// Index of an interned string in its pool; 0 is the empty string.
using StringId = std::uint32_t;

/// Append-only interning of byte strings, ids dense from 0. A session has one for names and one for the values of each
/// attribute key; all keep their text in one TextPool, which outlives them. One writer interns (the store's); any thread may call `view` with an id it
/// learnt from a snapshot, and `find`. O(1).
class StringPool {
public:
    explicit StringPool(TextPool& text);
    StringPool(const StringPool&) = delete;
    StringPool& operator=(const StringPool&) = delete;

    StringId intern(std::string_view text) { return text.empty() ? 0 : intern(text, textHash(text, m_seed)).id; }

    /// An interned text, in the pool's memory.
    struct Interned {
        StringId id;
        const char* text;
    };
    // In steps, for a writer with many strings at hand: the memory each step needs is asked for ahead.
    void prefetchSlot(std::uint32_t hash) const { __builtin_prefetch(&m_slots[m_slots.place(hash)]); }
    /// The record of the first text with this hash, asked for as well; 0 = there is none.
    [[nodiscard]] std::uint32_t prefetchText(std::uint32_t hash) const {
        for (std::size_t i = m_slots.place(hash);; i = m_slots.next(i)) {
            const std::uint64_t slot = m_slots[i].load(std::memory_order_relaxed);
            if (slot == 0) return 0;
            if (slot >> 32 != hash) continue;
            m_text.prefetch(static_cast<std::uint32_t>(slot));
            return static_cast<std::uint32_t>(slot);
        }
    }
    /// As below, where `prefetchText` returned `record` a while ago.
    Interned intern(std::string_view text, std::uint32_t hash, std::uint32_t record) {
        if (record) [[likely]] {
            const std::string_view known = m_text.text(record);
            if (sameText(known, text)) [[likely]] return {m_text.id(record), known.data()};
        }
        return intern(text, hash);
    }
    /// `text` is not empty, `hash` is its `textHash` with `processSeed()`.
    Interned intern(std::string_view text, std::uint32_t hash) {
        for (std::size_t i = m_slots.place(hash);; i = m_slots.next(i)) {
            const std::uint64_t slot = m_slots[i].load(std::memory_order_relaxed);
            if (slot == 0) return add(i, text, hash);
            if (slot >> 32 != hash) continue;
            const auto offset = static_cast<std::uint32_t>(slot);
            const std::string_view known = m_text.text(offset);
            if (sameText(known, text)) return {m_text.id(offset), known.data()};
        }
    }

    [[nodiscard]] std::string_view view(StringId id) const { return id ? m_text.text(m_offsets[id]) : std::string_view{}; }
    /// The id of a text that was interned. Any thread but the GUI's: takes a mutex that the writer holds while a table grows.
    [[nodiscard]] std::optional<StringId> find(std::string_view text) const;
    [[nodiscard]] std::size_t size() const { return m_offsets.size(); }
    [[nodiscard]] std::size_t bytesReserved() const;  ///< of the tables; the text is the TextPool's

private:
    /// Open addressing, linear probing: hash << 32 | offset of the record, 0 = free. Of any size, as doubling leaves half of
    /// what large tables take unused; places go with the hash, so that growing reads and writes front to back.
    class Slots {
    public:
        using Slot = std::atomic<std::uint64_t>;
        explicit Slots(std::size_t count) : m_slots(count) {}
        [[nodiscard]] std::size_t place(std::uint32_t hash) const { return static_cast<std::size_t>(std::uint64_t{hash} * count() >> 32); }
        [[nodiscard]] std::size_t next(std::size_t i) const { return ++i == count() ? 0 : i; }
        [[nodiscard]] Slot& operator[](std::size_t i) const { return m_slots[i]; }
        [[nodiscard]] std::size_t count() const { return m_slots.size(); }
        [[nodiscard]] std::size_t bytes() const { return m_slots.bytes(); }

    private:
        ZeroedArray<Slot> m_slots;
    };
    static constexpr std::size_t kFirstSlots = 16;
    /// One more text is too many.
    [[nodiscard]] bool isFull() const { return (m_offsets.size() + 1) * 4 > m_slots.count() * 3; }
    /// Of slots, and of the offsets of as many texts as they take.
    static std::size_t bytesOf(const Slots& table) { return table.bytes() + table.count() * 3 / 4 * sizeof(std::uint32_t); }

    Interned add(std::size_t slot, std::string_view text, std::uint32_t hash);
    void grow();

    TextPool& m_text;
    const std::uint64_t m_seed;
    StableVector<std::uint32_t> m_offsets;  ///< by id
    Slots m_slots{kFirstSlots};
    mutable std::mutex m_growMutex;
};

}  // namespace spanreel::store
