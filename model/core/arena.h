// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace spanreel {

/// Bump allocator whose memory never moves and is freed as a whole. For trivially destructible data only.
/// Not thread-safe; one owner.
class Arena {
public:
    explicit Arena(std::size_t firstBlock = 4096) : m_nextBlock(firstBlock) {}

    /// Uninitialised memory of `size` bytes.
    [[gnu::always_inline]] void* allocate(std::size_t size, std::size_t alignment) {
        auto p = (m_cursor + alignment - 1) & ~(alignment - 1);
        if (p + size > m_end) [[unlikely]] {
            grow(size + alignment);
            p = (m_cursor + alignment - 1) & ~(alignment - 1);
        }
        m_cursor = p + size;
        return reinterpret_cast<void*>(p);
    }

    /// `count` uninitialised elements.
    template <class T>
    std::span<T> array(std::size_t count) {
        static_assert(std::is_trivially_destructible_v<T>);
        if (count == 0) return {};
        return {static_cast<T*>(allocate(sizeof(T) * count, alignof(T))), count};
    }

    /// A copy of the elements that lives as long as the arena.
    template <class T>
    std::span<const T> copy(std::span<const T> source) {
        auto out = array<std::remove_const_t<T>>(source.size());
        std::uninitialized_copy(source.begin(), source.end(), out.begin());
        return out;
    }
    template <class T>
    std::span<const T> copy(const std::vector<T>& source) { return copy(std::span<const T>(source)); }

    /// A copy of the text that lives as long as the arena.
    std::string_view copy(std::string_view text) {
        if (text.empty()) return {};
        auto* p = static_cast<char*>(allocate(text.size(), 1));
        std::memcpy(p, text.data(), text.size());
        return {p, text.size()};
    }

    [[nodiscard]] std::size_t bytesReserved() const { return m_reserved; }
    /// What was taken since the last `clear`, with the ends of blocks that were too short for what came next.
    [[nodiscard]] std::size_t bytesInUse() const { return m_begun - (m_end - m_cursor); }

    /// Frees memory kept by `clear` that nothing has taken since.
    void trim() {
        for (; m_blocks.size() > m_used; m_blocks.pop_back()) m_reserved -= m_blocks.back().size;
    }
    /// Forgets everything, and keeps the memory for what comes.
    void clear() {
        m_used = 0;
        m_begun = 0;
        m_cursor = m_end = 0;
    }

private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size;
    };
    [[gnu::noinline]] void grow(std::size_t least) {
        while (m_used < m_blocks.size() && m_blocks[m_used].size < least) ++m_used;  // of an earlier time
        if (m_used == m_blocks.size()) {
            const std::size_t size = least > m_nextBlock ? least : m_nextBlock;
            m_blocks.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
            m_reserved += size;
            if (m_nextBlock < 1024 * 1024) m_nextBlock *= 2;
        }
        const Block& block = m_blocks[m_used++];
        m_cursor = reinterpret_cast<std::uintptr_t>(block.bytes.get());
        m_end = m_cursor + block.size;
        m_begun += block.size;
    }

    std::vector<Block> m_blocks;
    std::size_t m_used = 0;  ///< blocks handed out
    std::uintptr_t m_cursor = 0;
    std::uintptr_t m_end = 0;
    std::size_t m_nextBlock;
    std::size_t m_reserved = 0;
    std::size_t m_begun = 0;  ///< bytes of the blocks handed out
};

}  // namespace spanreel
