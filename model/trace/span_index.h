// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "model/core/process_seed.h"
#include "model/core/zeroed_array.h"

namespace spanreel::trace {

/// Numbers by span id, for one trace: open addressing with room for all from the start, so that whoever fills it can ask
/// for the memory of the next ids ahead. Ids are not 0. Not thread-safe while it is filled. O(1), whatever ids a sender chooses:
/// they are multiplied by an odd number that differs from process to process (Dietzfelbinger et al., "A reliable randomized
/// algorithm for the closest-pair problem", J. Algorithms 1997).
class SpanIndex {
public:
    static constexpr std::uint32_t kAbsent = 0xFFFFFFFFu;

    SpanIndex() = default;
    explicit SpanIndex(std::size_t most) : m_slots(most + most / 2 + 2) {}
    /// Its memory, for whoever asks for it ahead.
    [[nodiscard]] void* data() const { return m_slots.data(); }
    [[nodiscard]] std::size_t bytes() const { return m_slots.bytes(); }

    void prefetch(std::uint64_t id) const { __builtin_prefetch(&m_slots[place(id)]); }
    /// The number the id has already, else kAbsent, and it gets `number`.
    std::uint32_t insert(std::uint64_t id, std::uint32_t number) {
        for (std::size_t i = place(id);; i = next(i)) {
            if (m_slots[i].id == id) return m_slots[i].number;
            if (m_slots[i].id == 0) {
                m_slots[i] = {id, number};
                return kAbsent;
            }
        }
    }
    [[nodiscard]] std::uint32_t find(std::uint64_t id) const {
        if (m_slots.size() == 0) return kAbsent;
        for (std::size_t i = place(id);; i = next(i)) {
            if (m_slots[i].id == id) return m_slots[i].number;
            if (m_slots[i].id == 0) return kAbsent;
        }
    }

    /// Every number `n` becomes `numbers[n]`.
    template <class Numbers>
    void renumber(const Numbers& numbers) {
        for (std::size_t i = 0; i < m_slots.size(); ++i)
            if (m_slots[i].id) m_slots[i].number = numbers[m_slots[i].number];
    }

private:
    struct Slot {
        std::uint64_t id;  ///< 0 = free
        std::uint32_t number;
    };
    [[nodiscard]] std::size_t place(std::uint64_t id) const { return static_cast<std::size_t>((id * m_multiplier >> 32) * m_slots.size() >> 32); }
    [[nodiscard]] std::size_t next(std::size_t i) const { return ++i == m_slots.size() ? 0 : i; }

    std::uint64_t m_multiplier = processSeed() | 1;
    ZeroedArray<Slot> m_slots;
};

}  // namespace spanreel::trace
