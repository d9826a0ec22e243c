// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/text_pool.h"

#include <new>

#include "model/store/text_hash.h"

namespace spanreel::store {

#define SPANREEL_ONES "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
alignas(64) const char kOnesThenZeros[2 * kShortText] = {SPANREEL_ONES SPANREEL_ONES SPANREEL_ONES SPANREEL_ONES};
#undef SPANREEL_ONES

std::uint32_t TextPool::add(std::uint32_t id, std::string_view text) {
    const bool isLong = text.size() >= kLong;
    const std::size_t header = isLong ? kLongHeader : kHeader;
    const std::size_t units = (header + text.size() + kUnit - 1) / kUnit;
    if (m_next + units > m_end) grow(units * kUnit);
    const std::size_t offset = m_next;
    m_next += units;
    char* record = m_chunks[offset / kUnitsPerChunk] + (offset % kUnitsPerChunk) * kUnit;
    std::memcpy(record, &id, 4);
    record[kHeader - 1] = static_cast<char>(isLong ? kLong : text.size());
    if (isLong) {
        const auto length = static_cast<std::uint32_t>(text.size());
        std::memcpy(record + kHeader, &length, 4);
        record[kLongHeader - 1] = static_cast<char>(kLong);
    }
    if (!text.empty()) std::memcpy(record + header, text.data(), text.size());
    return static_cast<std::uint32_t>(offset);
}

void TextPool::grow(std::size_t bytes) {
    if (m_end == 0) bytes += kUnit;  // offset 0 names nothing
    bytes += kSlack;
    const std::size_t chunks = (bytes + kChunkBytes - 1) / kChunkBytes;
    if ((m_chunks.size() + chunks) * kUnitsPerChunk > 0xFFFFFFFFu) throw std::bad_alloc();
    m_memory.emplace_back(chunks * kChunkBytes, m_chunks.size() >= kSmallChunks);
    const std::size_t next = m_chunks.size() * kUnitsPerChunk + (m_end == 0 ? 1 : 0);
    for (std::size_t i = 0; i < chunks; ++i) m_chunks.push(reinterpret_cast<char*>(m_memory.back().data()) + i * kChunkBytes);
    m_next = next;
    m_end = m_chunks.size() * kUnitsPerChunk - kSlack / kUnit;
    m_reserved += chunks * kChunkBytes;
}

void TextPool::trim() {
    if (m_end == 0) return;
    const Pages& last = m_memory.back();
    char* const next = m_chunks[m_next / kUnitsPerChunk] + (m_next % kUnitsPerChunk) * kUnit;
    forget(next, static_cast<std::size_t>(reinterpret_cast<char*>(last.data() + last.size()) - next));
}

}  // namespace spanreel::store
