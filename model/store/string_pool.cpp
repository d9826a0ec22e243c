// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/string_pool.h"

namespace spanreel::store {

StringPool::StringPool(TextPool& text) : m_text(text), m_seed(textHashSeed()), m_slots(makeSlots(m_mask + 1)) {
    m_offsets.push(0);
    m_text.countTable(sizeof *this + (m_mask + 1) * 8);
}

LargeArray<std::atomic<std::uint64_t>> StringPool::makeSlots(std::size_t count) {
    auto slots = makeLargeArray<std::atomic<std::uint64_t>>(count);
    for (std::size_t i = 0; i < count; ++i) new (&slots[i]) std::atomic<std::uint64_t>(0);
    return slots;
}

StringPool::Interned StringPool::add(std::size_t slot, std::string_view text, std::uint32_t hash) {
    const auto id = static_cast<StringId>(m_offsets.size());
    const std::uint32_t offset = m_text.add(id, text);
    m_offsets.push(offset);
    m_text.countTable(sizeof offset);
    m_slots[slot].store(std::uint64_t{hash} << 32 | offset, std::memory_order_release);
    if (m_offsets.size() * 4 > (m_mask + 1) * 3) grow();
    return {id, m_text.text(offset).data()};
}

void StringPool::grow() {
    const std::size_t mask = m_mask * 2 + 1;
    auto slots = makeSlots(mask + 1);
    for (std::size_t i = 0; i <= m_mask; ++i) {
        const std::uint64_t slot = m_slots[i].load(std::memory_order_relaxed);
        if (!slot) continue;
        std::size_t to = (slot >> 32) & mask;
        while (slots[to].load(std::memory_order_relaxed)) to = (to + 1) & mask;
        slots[to].store(slot, std::memory_order_relaxed);
    }
    m_text.countTable((mask - m_mask) * 8);
    const std::lock_guard lock(m_growMutex);
    m_slots = std::move(slots);
    m_mask = mask;
}

std::optional<StringId> StringPool::find(std::string_view text) const {
    if (text.empty()) return 0;
    const std::uint32_t hash = textHash(text, m_seed);
    const std::lock_guard lock(m_growMutex);
    for (std::size_t i = hash & m_mask;; i = (i + 1) & m_mask) {
        const std::uint64_t slot = m_slots[i].load(std::memory_order_acquire);
        if (slot == 0) return std::nullopt;
        if (slot >> 32 == hash && m_text.text(static_cast<std::uint32_t>(slot)) == text) return m_text.id(static_cast<std::uint32_t>(slot));
    }
}

std::size_t StringPool::bytesReserved() const { return (m_mask + 1) * 8 + m_offsets.size() * 4; }

}  // namespace spanreel::store
