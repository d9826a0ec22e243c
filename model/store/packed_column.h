// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "model/core/pages.h"

namespace spanreel::store {

/// Numbers at a width of 0 to 8 bytes over a common base: value i = base + the i-th little-endian number of `data`.
/// A view; the segment owns the bytes. The same reader serves open segments, whose arrays are columns of base 0.
/// Reading never touches a byte of another value, which a writer may be writing.
struct PackedColumn {
    const std::byte* data = nullptr;
    std::uint64_t base = 0;
    std::uint8_t width = 0;

    std::uint64_t operator[](std::size_t i) const { return base + offset(i); }
    /// The number as stored, without the base.
    [[nodiscard]] std::uint64_t offset(std::size_t i) const {
        const std::byte* p = data + i * width;
        switch (width) {
            case 0: return 0;
            case 1: return load<std::uint8_t>(p);
            case 2: return load<std::uint16_t>(p);
            case 3: return load<std::uint16_t>(p) | std::uint64_t{load<std::uint8_t>(p + 2)} << 16;
            case 4: return load<std::uint32_t>(p);
            case 5: return load<std::uint32_t>(p) | std::uint64_t{load<std::uint8_t>(p + 4)} << 32;
            case 6: return load<std::uint32_t>(p) | std::uint64_t{load<std::uint16_t>(p + 4)} << 32;
            case 7: return load<std::uint32_t>(p) | std::uint64_t{load<std::uint16_t>(p + 4)} << 32 | std::uint64_t{load<std::uint8_t>(p + 6)} << 48;
            default: return load<std::uint64_t>(p);
        }
    }
    /// First of `count` ascending values that is not below `value`.
    [[nodiscard]] std::uint32_t lowerBound(std::uint32_t count, std::uint64_t value) const {
        std::uint32_t first = 0;
        while (count > 0) {
            const std::uint32_t half = count / 2;
            if ((*this)[first + half] < value) first += half + 1, count -= half + 1;
            else count = half;
        }
        return first;
    }

    /// A column over an array of T.
    template <class T>
    static PackedColumn over(const T* values) {
        return {reinterpret_cast<const std::byte*>(values), 0, sizeof(T)};
    }

private:
    template <class T>
    static T load(const std::byte* p) {
        T value;
        std::memcpy(&value, p, sizeof value);
        return value;
    }
};

/// A column in two parts, value = low + high * 2^32: what fits 32 bits is scanned at four bytes a row even where a few
/// rows need more. Of an open segment the low part has all 64 bits.
struct SplitColumn {
    PackedColumn low, high;
    std::uint64_t operator[](std::size_t i) const { return low[i] + (high[i] << 32); }
};

/// Packs columns behind each other into one block. Until its bytes are taken a column's `data` is its offset in the block,
/// which may move while it grows: whoever takes them makes addresses of the offsets. Reused from block to block.
class BlockPacker {
public:
    /// A new block.
    void begin();

    enum class Order { Unsigned, Signed };
    /// Which widths a column may have: any, or those that comparing many values at once needs (0, 1, 2, 4 and 8 bytes).
    enum class Widths { Any, Even };
    /// Packs an array of unsigned numbers. Signed: the base is the least as int64, so small negative numbers pack well.
    template <class T>
    PackedColumn pack(const T* values, std::size_t count, Order order = Order::Unsigned, Widths widths = Widths::Any);
    /// The same of what `value(i)` gives.
    template <class Value>
    PackedColumn packEach(std::size_t count, Value&& value, Order order = Order::Unsigned, Widths widths = Widths::Any) {
        if (m_scratch.size() < count) m_scratch.resize(count);
        for (std::size_t i = 0; i < count; ++i) m_scratch[i] = static_cast<std::uint64_t>(value(i));
        return pack(m_scratch.data(), count, order, widths);
    }
    /// Signed values in two parts, the low one at most 4 bytes wide.
    SplitColumn packSplit(const std::uint64_t* values, std::size_t count);
    /// The bytes as they are, aligned to 8; null = left to be written. Returns their offset.
    std::size_t raw(const void* data, std::size_t size);

    /// What was packed, in pages of its own.
    [[nodiscard]] Pages take();
    /// Of memory, between two blocks.
    [[nodiscard]] std::size_t bytes() const { return m_scratch.capacity() * sizeof(std::uint64_t); }

private:
    /// Taken from the kernel for a few blocks. Not in huge pages: the kernel rarely has one at hand that was in use a moment ago,
    /// and on a virtual machine its host has to find the memory first (an eighth of what a receiver could do went there).
    static constexpr std::size_t kAtOnce = std::size_t{4} << 20;
    void reserve(std::size_t bytes);
    Pages m_block;  ///< with room behind what is packed, for the next blocks too
    std::size_t m_size = 0;
    std::size_t m_expected = 0;  ///< bytes of a block: as many as the last one took
    std::vector<std::uint64_t> m_scratch;
};

}  // namespace spanreel::store
