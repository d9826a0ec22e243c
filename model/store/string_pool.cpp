// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/string_pool.h"

#include <algorithm>
#include <utility>

namespace spanreel::store {

StringPool::StringPool(TextPool& text) : m_text(text), m_seed(processSeed()) {
    m_offsets.push(0);
    m_text.countTable(sizeof *this + bytesOf(m_slots));
}

StringPool::Interned StringPool::add(std::size_t slot, std::string_view text, std::uint32_t hash) {
    if (isFull()) {  // first: where there is no memory, nothing has changed
        grow();
        for (slot = m_slots.place(hash); m_slots[slot].load(std::memory_order_relaxed);) slot = m_slots.next(slot);
    }
    const auto id = static_cast<StringId>(m_offsets.size());
    const std::uint32_t offset = m_text.add(id, text);
    m_offsets.push(offset);
    m_slots[slot].store(std::uint64_t{hash} << 32 | offset, std::memory_order_release);
    return {id, m_text.text(offset).data()};
}

void StringPool::grow() {
    Slots larger(m_slots.count() + m_slots.count() / 2);
    constexpr std::size_t kAtOnce = 256;
    std::uint64_t taken[kAtOnce];
    for (std::size_t begin = 0; begin < m_slots.count(); begin += kAtOnce) {
        const std::size_t end = std::min(begin + kAtOnce, m_slots.count());
        std::size_t n = 0;
        for (std::size_t i = begin; i < end; ++i) {
            taken[n] = m_slots[i].load(std::memory_order_relaxed);
            n += taken[n] != 0;
        }
        for (std::size_t k = 0; k < n; ++k) {
            std::size_t to = larger.place(static_cast<std::uint32_t>(taken[k] >> 32));
            while (larger[to].load(std::memory_order_relaxed)) to = larger.next(to);
            larger[to].store(taken[k], std::memory_order_relaxed);
        }
    }
    m_text.countTable(bytesOf(larger) - bytesOf(m_slots));
    const std::lock_guard lock(m_growMutex);
    m_slots = std::move(larger);
}

std::optional<StringId> StringPool::find(std::string_view text) const {
    if (text.empty()) return 0;
    const std::uint32_t hash = textHash(text, m_seed);
    const std::lock_guard lock(m_growMutex);
    for (std::size_t i = m_slots.place(hash);; i = m_slots.next(i)) {
        const std::uint64_t slot = m_slots[i].load(std::memory_order_acquire);
        if (slot == 0) return std::nullopt;
        if (slot >> 32 == hash && m_text.text(static_cast<std::uint32_t>(slot)) == text) return m_text.id(static_cast<std::uint32_t>(slot));
    }
}

std::size_t StringPool::bytesReserved() const { return m_slots.bytes() + m_offsets.size() * sizeof(std::uint32_t); }

}  // namespace spanreel::store
