// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "model/core/pages.h"
#include "model/core/stable_vector.h"

namespace spanreel::store {

/// Append-only records of interned text, shared by all string pools of a session. A record lies in 4-byte units:
///
///     | u32 id | u8 length | bytes ... | padding to 4 |
///     | u32 id | u8 255 | u32 length | u8 255 | bytes ... | padding to 4 |    from 255 bytes on
///
/// so that the length is found from either end, and is named by its offset in units, so that 32 bits reach 16 GiB. Chunks of 2 MiB never move; longer text takes
/// several in a row. One writer; any thread may read a record whose offset it learnt through a release/acquire hand-over.
class TextPool {
public:
    TextPool() = default;
    TextPool(const TextPool&) = delete;
    TextPool& operator=(const TextPool&) = delete;

    /// Appends a record and returns its offset, never 0. Throws std::bad_alloc past 16 GiB. Writer only.
    std::uint32_t add(std::uint32_t id, std::string_view text);

    [[nodiscard]] std::uint32_t id(std::uint32_t offset) const { return number(at(offset)); }
    [[nodiscard]] std::string_view text(std::uint32_t offset) const {
        const char* record = at(offset);
        const auto length = static_cast<unsigned char>(record[kHeader - 1]);
        if (length == kLong) [[unlikely]] return {record + kLongHeader, number(record + kHeader)};
        return {record + kHeader, length};
    }
    /// The text of a record of which the address of the text was kept.
    [[nodiscard]] static std::string_view textAt(const char* text) {
        const auto length = static_cast<unsigned char>(text[-1]);
        return {text, length == kLong ? number(text - 5) : length};
    }
    void prefetch(std::uint32_t offset) const { __builtin_prefetch(at(offset)); }
    [[nodiscard]] std::size_t bytesReserved() const { return m_reserved; }

    /// Memory in the order it was taken; all but the last is full and does not change any more. Writer only; what it
    /// refers to stays.
    [[nodiscard]] std::size_t blockCount() const { return m_memory.size(); }
    [[nodiscard]] const Pages& block(std::size_t i) const { return m_memory[i]; }

    /// Gives the memory behind the last record back until it is needed. Writer only.
    void trim();

    /// The tables of the string pools that keep their text here tell their size, so that it is known without asking each. Any thread that
    /// makes a pool.
    void countTable(std::size_t bytes) { m_tables.fetch_add(bytes, std::memory_order_relaxed); }
    [[nodiscard]] std::size_t tableBytes() const { return m_tables.load(std::memory_order_relaxed); }

private:
    static constexpr std::size_t kSlack = 32;  ///< bytes behind every text that may be read, whatever they are
    static constexpr std::size_t kHeader = 5, kLongHeader = 10, kUnit = 4, kUnitsPerChunk = std::size_t{1} << 19, kChunkBytes = kUnitsPerChunk * kUnit;

    static constexpr unsigned char kLong = 0xFF;

    static std::uint32_t number(const char* p) {
        std::uint32_t n = 0;
        std::memcpy(&n, p, 4);
        return n;
    }
    [[nodiscard]] const char* at(std::uint32_t offset) const { return m_chunks[offset / kUnitsPerChunk] + (offset % kUnitsPerChunk) * kUnit; }
    void grow(std::size_t bytes);
    static constexpr std::size_t kSmallChunks = 1;  ///< the first ones take huge pages not at once, for small sessions

    StableVector<char*> m_chunks;  ///< by chunk number; a record longer than a chunk takes several numbers
    std::vector<Pages> m_memory;
    std::size_t m_next = 0, m_end = 0;  ///< in units
    std::size_t m_reserved = 0;
    std::atomic<std::size_t> m_tables{0};
};

}  // namespace spanreel::store
