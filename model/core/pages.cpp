// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/pages.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace spanreel {

std::size_t pageSize() {
    static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

namespace {

std::size_t inWholePages(std::size_t bytes) {
    const std::size_t unit = pageSize();
    return (bytes + unit - 1) / unit * unit;
}

}  // namespace

Pages::Pages(std::size_t bytes, bool huge) {
    if (bytes == 0) return;
    constexpr std::size_t kHuge = std::size_t{2} << 20;
    const std::size_t size = inWholePages(bytes);
    const bool aligned = huge && size >= kHuge;
    // Huge pages begin at their own multiples: what lies before and behind goes back at once.
    const std::size_t asked = aligned ? size + kHuge : size;
    void* const got = ::mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (got == MAP_FAILED) throw std::bad_alloc();
    auto* first = static_cast<std::byte*>(got);
    if (aligned) {
        const std::size_t before = (kHuge - reinterpret_cast<std::uintptr_t>(first) % kHuge) % kHuge;
        if (before) ::munmap(first, before);
        first += before;
        if (const std::size_t behind = asked - before - size) ::munmap(first + size, behind);
        ::madvise(first, size, MADV_HUGEPAGE);  // a hint: nothing depends on it
    }
    m_data = first;
    m_size = size;
}

Pages::~Pages() {
    if (m_data) ::munmap(m_data, m_size);
}

Pages Pages::takeFront(std::size_t bytes) {
    const std::size_t size = std::min(inWholePages(bytes), m_size);
    Pages front;
    if (size == 0) return front;
    front.m_data = m_data;
    front.m_size = size;
    m_size -= size;
    m_data = m_size ? m_data + size : nullptr;
    return front;
}

bool mapFileOver(const std::byte* at, std::size_t bytes, int fd, std::uint64_t offset) {
    void* const place = const_cast<std::byte*>(at);
#if defined(__SANITIZE_THREAD__) && defined(SYS_mmap)
    // The sanitizer takes a mapping for a write to it; the bytes stay what they were.
    return ::syscall(SYS_mmap, place, bytes, PROT_READ, MAP_SHARED | MAP_FIXED, fd, static_cast<off_t>(offset)) == reinterpret_cast<long>(place);
#else
    return ::mmap(place, bytes, PROT_READ, MAP_SHARED | MAP_FIXED, fd, static_cast<off_t>(offset)) == place;
#endif
}

void letGoOf(const std::byte* at, std::size_t bytes) { ::madvise(const_cast<std::byte*>(at), bytes, MADV_DONTNEED); }

namespace {

void adviseWhole(void* at, std::size_t bytes, int advice) {
    const std::size_t unit = pageSize();
    const auto begin = (reinterpret_cast<std::uintptr_t>(at) + unit - 1) / unit * unit;
    const auto end = (reinterpret_cast<std::uintptr_t>(at) + bytes) / unit * unit;
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, advice);
}

}  // namespace

void forget(void* at, std::size_t bytes) { adviseWhole(at, bytes, MADV_DONTNEED); }

void askForHugePages(void* at, std::size_t bytes) { adviseWhole(at, bytes, MADV_HUGEPAGE); }

void populate(void* at, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
    adviseWhole(at, bytes, MADV_POPULATE_WRITE);
#else
    static_cast<void>(at), static_cast<void>(bytes);
#endif
}

}  // namespace spanreel
