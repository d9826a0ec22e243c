// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/packed_column.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace spanreel::store {
namespace {

template <class T>
void narrow(const std::uint64_t* from, std::size_t count, std::uint64_t base, std::byte* to) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = static_cast<T>(from[i] - base);
        std::memcpy(to + i * sizeof(T), &value, sizeof value);
    }
}

/// The least and the largest of `values` ^ `bias`. In lanes, as each step waits for the one before in the same lane.
std::pair<std::uint64_t, std::uint64_t> range(const std::uint64_t* values, std::size_t count, std::uint64_t bias) {
    constexpr std::size_t kLanes = 4;
    std::uint64_t least[kLanes], most[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) least[lane] = most[lane] = values[0] ^ bias;
    const auto take = [&](std::size_t lane, std::uint64_t value) {
        least[lane] = std::min(least[lane], value ^ bias);
        most[lane] = std::max(most[lane], value ^ bias);
    };
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane) take(lane, values[i + lane]);
    for (; i < count; ++i) take(0, values[i]);
    return {*std::min_element(least, least + kLanes), *std::max_element(most, most + kLanes)};
}

}  // namespace

PackedColumn BlockPacker::packScratch(std::size_t count, Order order) {
    if (count == 0) return {};
    const std::uint64_t* const values = m_scratch.data();
    const std::uint64_t bias = order == Order::Signed ? std::uint64_t{1} << 63 : 0;
    const auto [least, most] = range(values, count, bias);
    PackedColumn column;
    column.base = least ^ bias;
    column.width = static_cast<std::uint8_t>((std::bit_width(most - least) + 7) / 8);
    if (m_evenWidths) column.width = static_cast<std::uint8_t>(column.width <= 2 ? column.width : column.width <= 4 ? 4 : 8);
    if (column.width == 0) return column;

    const std::size_t at = raw(nullptr, count * column.width);
    column.data = reinterpret_cast<const std::byte*>(at);
    std::byte* const to = m_bytes.get() + at;
    switch (column.width) {
        case 1: narrow<std::uint8_t>(values, count, column.base, to); break;
        case 2: narrow<std::uint16_t>(values, count, column.base, to); break;
        case 4: narrow<std::uint32_t>(values, count, column.base, to); break;
        case 8: narrow<std::uint64_t>(values, count, column.base, to); break;
        default:
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint64_t value = values[i] - column.base;
                std::memcpy(to + i * column.width, &value, column.width);
            }
    }
    return column;
}

Pages BlockPacker::take() const {
    Pages out(std::max<std::size_t>(m_size, 1), true);
    std::memcpy(out.data(), m_bytes.get(), m_size);
    return out;
}

std::size_t BlockPacker::raw(const void* data, std::size_t size) {
    const std::size_t at = (m_size + 7) & ~std::size_t{7};
    if (at + size > m_capacity) {
        const std::size_t capacity = std::max(at + size, 2 * m_capacity);
        auto larger = makeLargeArray<std::byte>(capacity);
        if (m_size) std::memcpy(larger.get(), m_bytes.get(), m_size);
        m_bytes = std::move(larger);
        m_capacity = capacity;
    }
    std::memset(m_bytes.get() + m_size, 0, at - m_size);
    if (data) std::memcpy(m_bytes.get() + at, data, size);
    m_size = at + size;
    return at;
}

}  // namespace spanreel::store
