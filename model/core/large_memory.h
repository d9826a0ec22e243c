// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

#include <sys/mman.h>

namespace spanreel {

struct FreeDeleter {
    void operator()(void* p) const { std::free(p); }
};
/// Uninitialised memory for `count` trivial elements. From 2 MiB on it asks for huge pages: tables that are read at
/// random spend most of their time on address translation otherwise.
template <class T>
using LargeArray = std::unique_ptr<T[], FreeDeleter>;
template <class T>
LargeArray<T> makeLargeArray(std::size_t count, bool hugePages = true) {
    static_assert(std::is_trivially_destructible_v<T>);
    constexpr std::size_t kHuge = std::size_t{2} << 20;
    const std::size_t bytes = count * sizeof(T);
    const bool large = hugePages && bytes >= kHuge;
    void* const p = large ? std::aligned_alloc(kHuge, (bytes + kHuge - 1) / kHuge * kHuge) : std::malloc(bytes);
    if (!p) throw std::bad_alloc();
    if (large) madvise(p, bytes, MADV_HUGEPAGE);  // a hint: nothing depends on it
    return LargeArray<T>(static_cast<T*>(p));
}

}  // namespace spanreel
