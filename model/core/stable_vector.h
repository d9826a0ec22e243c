// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace spanreel {

/// Append-only vector whose elements never move: chunk k holds 64 << k elements, so 27 pointers reach 4 G elements.
/// One writer appends; any number of readers may read an element whose index they learnt through a release/acquire
/// hand-over (a snapshot, or `size()`).
template <class T>
class StableVector {
public:
    StableVector() = default;
    StableVector(const StableVector&) = delete;
    StableVector& operator=(const StableVector&) = delete;
    ~StableVector() {
        for (auto& chunk : m_chunks) delete[] chunk.load(std::memory_order_relaxed);
    }

    [[nodiscard]] std::size_t size() const { return m_size.load(std::memory_order_acquire); }

    /// Appends and publishes. Writer only. Returns the index.
    std::size_t push(T value) {
        const std::size_t index = m_size.load(std::memory_order_relaxed);
        const auto [chunk, offset] = locate(index);
        T* data = m_chunks[chunk].load(std::memory_order_relaxed);
        if (!data) {
            data = new T[std::size_t{kFirst} << chunk];
            m_chunks[chunk].store(data, std::memory_order_release);
        }
        data[offset] = std::move(value);
        m_size.store(index + 1, std::memory_order_release);
        return index;
    }

    [[nodiscard]] const T& operator[](std::size_t index) const {
        const auto [chunk, offset] = locate(index);
        return m_chunks[chunk].load(std::memory_order_acquire)[offset];
    }
    /// For the writer, on elements no reader looks at concurrently.
    [[nodiscard]] T& mutableAt(std::size_t index) {
        const auto [chunk, offset] = locate(index);
        return m_chunks[chunk].load(std::memory_order_relaxed)[offset];
    }

private:
    static constexpr std::size_t kFirst = 64;
    static constexpr std::size_t kChunks = 32;  ///< a power of two, so that the compiler sees the index is in range
    struct Where {
        std::size_t chunk, offset;
    };
    static Where locate(std::size_t index) {
        const std::size_t shifted = index + kFirst;
        const auto chunk = static_cast<std::size_t>(std::bit_width(shifted) - std::bit_width(kFirst)) % kChunks;
        return {chunk, shifted - (kFirst << chunk)};
    }

    std::array<std::atomic<T*>, kChunks> m_chunks{};
    std::atomic<std::size_t> m_size{0};
};

}  // namespace spanreel
