// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/packed_column.h"

#include <algorithm>
#include <bit>

namespace spanreel::store {
namespace {

template <class T>
void narrow(const std::uint64_t* from, std::size_t count, std::uint64_t base, std::byte* to) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = static_cast<T>(from[i] - base);
        std::memcpy(to + i * sizeof(T), &value, sizeof value);
    }
}

}  // namespace

PackedColumn BlockPacker::packScratch(std::size_t count, Order order) {
    if (count == 0) return {};
    const std::uint64_t* const values = m_scratch.data();
    const std::uint64_t bias = order == Order::Signed ? std::uint64_t{1} << 63 : 0;
    std::uint64_t least = values[0] ^ bias, most = least;
    for (std::size_t i = 1; i < count; ++i) {
        const std::uint64_t v = values[i] ^ bias;
        least = std::min(least, v);
        most = std::max(most, v);
    }
    PackedColumn column;
    column.base = least ^ bias;
    column.width = static_cast<std::uint8_t>((std::bit_width(most - least) + 7) / 8);
    if (m_evenWidths) column.width = static_cast<std::uint8_t>(column.width <= 2 ? column.width : column.width <= 4 ? 4 : 8);
    if (column.width == 0) return column;

    const std::size_t at = raw(nullptr, count * column.width);
    column.data = reinterpret_cast<const std::byte*>(at);
    std::byte* const to = m_bytes.data() + at;
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
    Pages out(std::max<std::size_t>(m_bytes.size(), 1));
    std::memcpy(out.data(), m_bytes.data(), m_bytes.size());
    return out;
}

std::size_t BlockPacker::raw(const void* data, std::size_t size) {
    const std::size_t at = (m_bytes.size() + 7) & ~std::size_t{7};
    m_bytes.resize(at + size);
    if (data) std::memcpy(m_bytes.data() + at, data, size);
    return at;
}

}  // namespace spanreel::store
