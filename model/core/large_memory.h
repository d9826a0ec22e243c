// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include <sys/mman.h>

namespace spanreel {

struct FreeDeleter {
    void operator()(void* p) const { std::free(p); }
};
/// Uninitialised memory for `count` trivial elements. From 2 MiB on it asks for huge pages: tables that are read at
/// random spend most of their time on address translation otherwise.
template <class T>
using LargeArray = std::unique_ptr<T[], FreeDeleter>;
inline void* allocateLarge(std::size_t bytes, bool hugePages = true) {
    constexpr std::size_t kHuge = std::size_t{2} << 20;
    const bool large = hugePages && bytes >= kHuge;
    void* const p = large ? std::aligned_alloc(kHuge, (bytes + kHuge - 1) / kHuge * kHuge) : std::malloc(bytes);
    if (!p) throw std::bad_alloc();
    if (large) madvise(p, bytes, MADV_HUGEPAGE);  // a hint: nothing depends on it
    return p;
}
template <class T>
LargeArray<T> makeLargeArray(std::size_t count, bool hugePages = true) {
    static_assert(std::is_trivially_destructible_v<T>);
    return LargeArray<T>(static_cast<T*>(allocateLarge(count * sizeof(T), hugePages)));
}

/// Gives a std::vector such memory. Elements that are made without a value are left as they are where their type allows it:
/// large arrays are written by whoever needs them, not twice.
template <class T>
struct LargeAllocator {
    using value_type = T;
    LargeAllocator() = default;
    template <class U>
    LargeAllocator(const LargeAllocator<U>&) {}
    T* allocate(std::size_t count) { return static_cast<T*>(allocateLarge(count * sizeof(T) + (count == 0))); }
    void deallocate(T* p, std::size_t) { std::free(p); }
    template <class U, class... Arguments>
    void construct(U* p, Arguments&&... arguments) {
        if constexpr (sizeof...(Arguments) == 0) ::new (static_cast<void*>(p)) U;
        else ::new (static_cast<void*>(p)) U(std::forward<Arguments>(arguments)...);
    }
    bool operator==(const LargeAllocator&) const = default;
};
template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace spanreel
