// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/packed_column.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "model/core/vectorised.h"

namespace spanreel::store {
namespace {

/// Writes `values` - base at the width of `To`.
#define SPANREEL_NARROW(To, From)                                                                                              \
    SPANREEL_VECTORISED void narrow(const From* values, std::size_t count, std::uint64_t base, To* to) {                       \
        for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<To>(values[i] - static_cast<From>(base));                  \
    }
SPANREEL_NARROW(std::uint8_t, std::uint16_t)
SPANREEL_NARROW(std::uint8_t, std::uint32_t)
SPANREEL_NARROW(std::uint8_t, std::uint64_t)
SPANREEL_NARROW(std::uint16_t, std::uint16_t)
SPANREEL_NARROW(std::uint16_t, std::uint32_t)
SPANREEL_NARROW(std::uint16_t, std::uint64_t)
SPANREEL_NARROW(std::uint32_t, std::uint32_t)
SPANREEL_NARROW(std::uint32_t, std::uint64_t)
SPANREEL_NARROW(std::uint64_t, std::uint64_t)
#undef SPANREEL_NARROW

/// The least and the largest of `values` ^ `bias`.
#define SPANREEL_RANGE(T)                                                                                                      \
    SPANREEL_VECTORISED std::pair<std::uint64_t, std::uint64_t> range(const T* values, std::size_t count, T bias) {            \
        T least = values[0] ^ bias, most = least;                                                                              \
        for (std::size_t i = 0; i < count; ++i) {                                                                              \
            const T value = values[i] ^ bias;                                                                                  \
            least = value < least ? value : least;                                                                             \
            most = value > most ? value : most;                                                                                \
        }                                                                                                                      \
        return {least, most};                                                                                                  \
    }
SPANREEL_RANGE(std::uint16_t)
SPANREEL_RANGE(std::uint32_t)
SPANREEL_RANGE(std::uint64_t)
#undef SPANREEL_RANGE

/// Writes `values` - base at widths that no type has. Seven bytes behind the last may be overwritten.
template <class T>
void narrowTo(std::size_t width, const T* values, std::size_t count, std::uint64_t base, std::byte* to) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t value = values[i] - base;
        std::memcpy(to + i * width, &value, sizeof value);
    }
}

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

}  // namespace

template <class T>
PackedColumn BlockPacker::pack(const T* values, std::size_t count, Order order, Widths widths) {
    if (count == 0) return {};
    std::uint64_t bias = 0;
    if constexpr (sizeof(T) == 8) bias = order == Order::Signed ? kSign : 0;
    const auto [least, most] = range(values, count, static_cast<T>(bias));
    PackedColumn column;
    column.base = least ^ bias;
    column.width = static_cast<std::uint8_t>((std::bit_width(most - least) + 7) / 8);
    if (widths == Widths::Even) column.width = static_cast<std::uint8_t>(column.width <= 2 ? column.width : column.width <= 4 ? 4 : 8);
    if (column.width == 0) return column;

    const std::size_t at = raw(nullptr, count * column.width);
    column.data = reinterpret_cast<const std::byte*>(at);
    // Columns are aligned to 8 bytes; none is wider than what it came from.
    std::byte* const to = m_block.data() + at;
    const auto narrowAs = [&]<class To>(To) {
        if constexpr (sizeof(To) <= sizeof(T)) narrow(values, count, column.base, reinterpret_cast<To*>(to));
    };
    switch (column.width) {
        case 1: narrowAs(std::uint8_t{}); break;
        case 2: narrowAs(std::uint16_t{}); break;
        case 4: narrowAs(std::uint32_t{}); break;
        case 8: narrowAs(std::uint64_t{}); break;
        default: narrowTo(column.width, values, count, column.base, to);
    }
    return column;
}

template PackedColumn BlockPacker::pack(const std::uint16_t*, std::size_t, Order, Widths);
template PackedColumn BlockPacker::pack(const std::uint32_t*, std::size_t, Order, Widths);
template PackedColumn BlockPacker::pack(const std::uint64_t*, std::size_t, Order, Widths);

SplitColumn BlockPacker::packSplit(const std::uint64_t* values, std::size_t count) {
    if (count == 0) return {};
    const auto [least, most] = range(values, count, kSign);
    const std::uint64_t base = least ^ kSign;
    if (most - least <= 0xFFFFFFFFu) return {pack(values, count, Order::Signed, Widths::Even), {}};
    SplitColumn out;
    out.low = packEach(count, [&](std::size_t i) { return (values[i] - base) & 0xFFFFFFFFu; }, Order::Unsigned, Widths::Even);
    out.high = packEach(count, [&](std::size_t i) { return (values[i] - base) >> 32; });
    out.low.base += base;
    return out;
}

void BlockPacker::begin() {
    m_size = 0;
    if (m_block.size() < m_expected + m_expected / 4) m_block = {};  // before what does not fit has to be moved
}

void BlockPacker::reserve(std::size_t bytes) {
    if (bytes <= m_block.size()) return;
    Pages larger(std::max({bytes, 2 * m_size, kAtOnce}));
    if (m_size) std::memcpy(larger.data(), m_block.data(), m_size);
    m_block = std::move(larger);
}

std::size_t BlockPacker::raw(const void* data, std::size_t size) {
    const std::size_t at = (m_size + 7) & ~std::size_t{7};
    reserve(at + size + 7);
    std::memset(m_block.data() + m_size, 0, at - m_size);
    if (data) std::memcpy(m_block.data() + at, data, size);
    m_size = at + size;
    return at;
}

Pages BlockPacker::take() {
    reserve(1);
    m_expected = std::exchange(m_size, 0);
    return m_block.takeFront(std::max<std::size_t>(m_expected, 1));
}

}  // namespace spanreel::store
