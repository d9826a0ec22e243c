// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "model/core/zeroed_array.h"

namespace spanreel::trace {

/// Numbers by span id, for one trace: open addressing with room for all from the start, so that whoever fills it can ask
/// for the memory of the next ids ahead. Ids are not 0. Not thread-safe while it is filled. O(1).
class SpanIndex {
public:
    static constexpr std::uint32_t kAbsent = 0xFFFFFFFFu;

    SpanIndex() = default;
    explicit SpanIndex(std::size_t most) : m_mask(std::bit_ceil(most + most / 2 + 2) - 1), m_slots(m_mask + 1) {}
    /// Its memory, for whoever asks for it ahead.
    [[nodiscard]] void* data() const { return m_slots.data(); }
    [[nodiscard]] std::size_t bytes() const { return m_slots.bytes(); }

    void prefetch(std::uint64_t id) const { __builtin_prefetch(&m_slots[place(id)]); }
    /// The number the id has already, else kAbsent, and it gets `number`.
    std::uint32_t insert(std::uint64_t id, std::uint32_t number) {
        for (std::size_t i = place(id);; i = (i + 1) & m_mask) {
            if (m_slots[i].id == id) return m_slots[i].number;
            if (m_slots[i].id == 0) {
                m_slots[i] = {id, number};
                return kAbsent;
            }
        }
    }
    [[nodiscard]] std::uint32_t find(std::uint64_t id) const {
        if (m_slots.size() == 0) return kAbsent;
        for (std::size_t i = place(id);; i = (i + 1) & m_mask) {
            if (m_slots[i].id == id) return m_slots[i].number;
            if (m_slots[i].id == 0) return kAbsent;
        }
    }

private:
    struct Slot {
        std::uint64_t id;  ///< 0 = free
        std::uint32_t number;
    };
    [[nodiscard]] std::size_t place(std::uint64_t id) const { return static_cast<std::size_t>((id * 0x9E3779B97F4A7C15ull) >> 20 ^ id) & m_mask; }

    std::size_t m_mask = 0;
    ZeroedArray<Slot> m_slots;
};

}  // namespace spanreel::trace
