// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace spanreel {

/// Memory in whole pages, taken from the kernel and not from the heap, so that a file can take its place at the same
/// addresses: whoever reads it notices nothing. All zero at first. Owns the addresses, whatever lies behind them.
class Pages {
public:
    Pages() = default;
    /// At least `bytes`; with `huge` and from 2 MiB on, huge pages are asked for. Throws std::bad_alloc.
    explicit Pages(std::size_t bytes, bool huge = false);
    Pages(Pages&& other) noexcept : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}
    Pages& operator=(Pages&& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
        return *this;
    }
    ~Pages();

    [[nodiscard]] std::byte* data() const { return m_data; }
    [[nodiscard]] std::size_t size() const { return m_size; }  ///< in bytes, whole pages

    /// The first `bytes`, and what shares a page with them, as pages of their own. What lies behind stays here.
    [[nodiscard]] Pages takeFront(std::size_t bytes);

private:
    std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

/// Puts `bytes` bytes of the open file `fd`, from `offset` on, in place of the pages at `at`; all three are whole pages. The
/// file must hold what the pages hold. From then on the memory is read-only, and the kernel reads it from the file when it
/// is looked at. Other threads may read it all the while (Linux replaces a mapping under its own lock). False: all is as before.
[[nodiscard]] bool mapFileOver(const std::byte* at, std::size_t bytes, int fd, std::uint64_t offset);

/// Takes pages that a file stands behind out of memory; the next look brings them back. Any thread, at any time.
void letGoOf(const std::byte* at, std::size_t bytes);

/// Gives the whole pages among `bytes` bytes of anonymous memory back to the kernel; what they held is lost.
void forget(void* at, std::size_t bytes);

/// Asks the kernel for the whole pages among `bytes` bytes of anonymous memory now, where they would else come one by one as
/// they are touched: on another thread, for one that will need them soon. A hint; any thread.
void populate(void* at, std::size_t bytes);

/// Asks for huge pages where whole ones lie among `bytes` bytes of anonymous memory that nobody has touched yet: fewer
/// addresses to translate, and fewer pages to hold while a disk reads them. A hint; any thread.
void askForHugePages(void* at, std::size_t bytes);

/// Bytes of a page.
[[nodiscard]] std::size_t pageSize();

}  // namespace spanreel
