// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#include "model/core/large_memory.h"
#include "model/core/pages.h"

namespace spanreel {

/// Memory for `count` elements of which all bits are zero, as the kernel gives it, for tables that fill everywhere at once: all
/// pages are taken here, not one by one (twice, where one is read before). From 2 MiB on in pages of its own, below from the heap.
template <class T>
class ZeroedArray {
public:
    ZeroedArray() = default;
    explicit ZeroedArray(std::size_t count) : m_count(count) {
        static_assert(std::is_trivially_destructible_v<T>);
        void* memory = nullptr;
        if (bytes() >= kLarge) {
            m_pages = Pages(bytes(), true);
            memory = m_pages.data();
        } else {
            m_small.reset(std::calloc(count, sizeof(T)));
            memory = m_small.get();
            if (!memory) throw std::bad_alloc();
        }
        populate(memory, bytes());
        m_data = std::launder(static_cast<T*>(memory));
    }
    ZeroedArray(ZeroedArray&&) noexcept = default;
    ZeroedArray& operator=(ZeroedArray&&) noexcept = default;

    [[nodiscard]] T& operator[](std::size_t i) const { return m_data[i]; }
    [[nodiscard]] T* data() const { return m_data; }
    [[nodiscard]] std::size_t size() const { return m_count; }
    [[nodiscard]] std::size_t bytes() const { return m_count * sizeof(T); }

private:
    static constexpr std::size_t kLarge = std::size_t{2} << 20;
    std::size_t m_count = 0;
    Pages m_pages;
    std::unique_ptr<void, FreeDeleter> m_small;
    T* m_data = nullptr;
};

}  // namespace spanreel
