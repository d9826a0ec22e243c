// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/core/ids.h"
#include "model/core/process_seed.h"
#include "model/core/stable_vector.h"

namespace spanreel::store {

/// Trace ids by index and indexes by id. One writer adds; any thread finds, without a lock: a table that was outgrown stays
/// until the session goes (together they are no larger than the one in use). O(1), whatever ids a sender chooses: their halves
/// are multiplied by odd numbers that differ from process to process, as in trace::SpanIndex.
class TraceIndex {
public:
    TraceIndex() { m_tables.push_back(std::make_unique<Table>(1024)), m_table.store(m_tables.back().get(), std::memory_order_release); }
    TraceIndex(const TraceIndex&) = delete;
    TraceIndex& operator=(const TraceIndex&) = delete;

    [[nodiscard]] std::optional<std::uint32_t> find(TraceId id) const {
        const Table& table = *m_table.load(std::memory_order_acquire);
        for (std::size_t i = slot(id, table);; i = (i + 1) & table.mask) {
            const std::uint32_t entry = table.slots[i].load(std::memory_order_acquire);
            if (entry == 0) return std::nullopt;
            if (m_ids[entry - 1] == id) return entry - 1;
        }
    }
    /// Asks for the memory that `add` will look at. Writer only.
    void prefetch(const TraceId& id) const {
        const Table& table = *m_tables.back();
        __builtin_prefetch(&table.slots[slot(id, table)]);
    }
    /// The same where the slot is there already: asks for the id it leads to, and returns the index that `add` will most
    /// probably find, kUnknown where there is none.
    static constexpr std::uint32_t kUnknown = 0xFFFFFFFFu;
    std::uint32_t prefetchId(const TraceId& id) const {
        const Table& table = *m_tables.back();
        const std::uint32_t index = table.slots[slot(id, table)].load(std::memory_order_relaxed) - 1;
        if (index != kUnknown) __builtin_prefetch(&m_ids[index]);
        return index;
    }
    /// The index of a trace, and whether it is new. Writer only.
    std::pair<std::uint32_t, bool> add(const TraceId& id) {
        if ((m_ids.size() + 1) * 3 > (m_tables.back()->mask + 1) * 2) grow();  // first: where there is no memory, nothing has changed
        Table& table = *m_tables.back();
        for (std::size_t i = slot(id, table);; i = (i + 1) & table.mask) {
            const std::uint32_t entry = table.slots[i].load(std::memory_order_relaxed);
            if (entry == 0) {
                const auto index = static_cast<std::uint32_t>(m_ids.push(id));
                table.slots[i].store(index + 1, std::memory_order_release);
                return {index, true};
            }
            if (m_ids[entry - 1] == id) return {entry - 1, false};
        }
    }
    [[nodiscard]] TraceId id(std::uint32_t index) const { return m_ids[index]; }
    /// Writer only.
    [[nodiscard]] std::size_t bytes() const { return m_ids.size() * sizeof(TraceId) + 2 * (m_tables.back()->mask + 1) * sizeof(std::uint32_t); }

private:
    struct Table {
        explicit Table(std::size_t size) : slots(std::make_unique<std::atomic<std::uint32_t>[]>(size)), mask(size - 1) {}
        std::unique_ptr<std::atomic<std::uint32_t>[]> slots;  ///< index + 1, 0 = free
        std::size_t mask;
    };
    /// By the upper bits, which all of an id has a part in.
    [[nodiscard]] std::size_t slot(const TraceId& id, const Table& table) const {
        return static_cast<std::size_t>(((id.high * m_multipliers[0] + id.low * m_multipliers[1]) >> 32) * (table.mask + 1) >> 32);
    }
    void grow() {
        auto next = std::make_unique<Table>((m_tables.back()->mask + 1) * 2);
        for (std::uint32_t index = 0; index < m_ids.size(); ++index) {
            std::size_t i = slot(m_ids[index], *next);
            while (next->slots[i].load(std::memory_order_relaxed)) i = (i + 1) & next->mask;
            next->slots[i].store(index + 1, std::memory_order_relaxed);
        }
        m_tables.push_back(std::move(next));
        m_table.store(m_tables.back().get(), std::memory_order_release);
    }

    const std::uint64_t m_multipliers[2] = {processSeed() | 1, (processSeed() ^ 0x9E3779B97F4A7C15ull) * 0xFF51AFD7ED558CCDull | 1};
    StableVector<TraceId> m_ids;
    std::vector<std::unique_ptr<Table>> m_tables;
    std::atomic<const Table*> m_table{nullptr};
};

}  // namespace spanreel::store
