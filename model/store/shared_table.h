// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace spanreel::store {

/// A table in pages that its writer and many snapshots share: to take it as it is costs a pointer a page, and a page is copied
/// before its first change after that. This is such a snapshot: immutable, for any thread.
template <class T, std::size_t kPage>
class SharedTable {
public:
    class Writer;
    using Page = std::vector<T>;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return (*m_pages[i / kPage])[i % kPage]; }
    [[nodiscard]] const T& front() const { return (*this)[0]; }

    struct Iterator {
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T*;
        using reference = const T&;
        const SharedTable* table = nullptr;
        std::size_t i = 0;
        reference operator*() const { return (*table)[i]; }
        pointer operator->() const { return &(*table)[i]; }
        Iterator& operator++() { ++i; return *this; }
        Iterator operator++(int) { return {table, i++}; }
        bool operator==(const Iterator&) const = default;
    };
    [[nodiscard]] Iterator begin() const { return {this, 0}; }
    [[nodiscard]] Iterator end() const { return {this, m_size}; }

private:
    std::vector<std::shared_ptr<const Page>> m_pages;
    std::size_t m_size = 0;
};

/// What the one writer of the table holds. References to elements are good until the table is taken.
template <class T, std::size_t kPage>
class SharedTable<T, kPage>::Writer {
public:
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return (*m_pages[i / kPage].page)[i % kPage]; }
    [[nodiscard]] std::size_t bytes() const { return m_pages.size() * kPage * sizeof(T); }

    /// An element, to be changed.
    [[nodiscard]] T& change(std::size_t i) { return own(i / kPage)[i % kPage]; }
    void add(T value) {
        makeRoom();
        m_pages.back().page->push_back(std::move(value));
        ++m_size;
    }
    /// The next `add` needs no memory.
    void makeRoom() {
        if (m_size < m_pages.size() * kPage) return static_cast<void>(own(m_size / kPage));
        auto page = std::make_shared<Page>();
        page->reserve(kPage);
        m_pages.push_back({std::move(page), m_taken});
    }
    /// The table as it is.
    [[nodiscard]] SharedTable take() {
        SharedTable out;
        out.m_pages.reserve(m_pages.size());
        for (const Held& held : m_pages) out.m_pages.push_back(held.page);
        out.m_size = m_size;
        ++m_taken;
        return out;
    }

private:
    struct Held {
        std::shared_ptr<Page> page;
        std::uint64_t taken;  ///< how often the table had been taken when this page was made
    };
    Page& own(std::size_t i) {
        Held& held = m_pages[i];
        if (held.taken != m_taken) {
            auto copy = std::make_shared<Page>();
            copy->reserve(kPage);
            copy->assign(held.page->begin(), held.page->end());
            held = {std::move(copy), m_taken};
        }
        return *held.page;
    }

    std::vector<Held> m_pages;
    std::size_t m_size = 0;
    std::uint64_t m_taken = 0;
};

}  // namespace spanreel::store
