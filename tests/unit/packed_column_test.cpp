// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/packed_column.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

namespace spanreel::store {
namespace {

using Order = BlockPacker::Order;
using Widths = BlockPacker::Widths;

/// Columns of one block, with what went into each, so that each is read with its neighbours in place.
template <class T>
struct Packed {
    std::vector<T> values;
    PackedColumn column;
};

template <class T>
void packAll(BlockPacker& packer, Order order, Widths widths) {
    packer.begin();
    std::vector<Packed<T>> columns;
    std::mt19937_64 random(7);
    const T most = std::numeric_limits<T>::max();
    for (unsigned bits = 0; bits <= 8 * sizeof(T); ++bits) {
        const T span = bits == 0 ? 0 : static_cast<T>(most >> (8 * sizeof(T) - bits));
        for (const T base : {T{0}, T{5}, static_cast<T>(most - span), static_cast<T>(most / 2)}) {
            for (const std::size_t count : {1u, 2u, 3u, 31u, 1000u}) {
                Packed<T> packed;
                for (std::size_t i = 0; i < count; ++i) packed.values.push_back(static_cast<T>(base + (span == most ? random() : random() % (std::uint64_t{span} + 1))));
                packed.column = packer.pack(packed.values.data(), count, order, widths);
                columns.push_back(std::move(packed));
            }
        }
    }
    const Pages block = packer.take();
    for (auto& packed : columns) {
        if (packed.column.width) packed.column.data = block.data() + reinterpret_cast<std::uintptr_t>(packed.column.data);
        if (widths == Widths::Even) ASSERT_TRUE(packed.column.width <= 2 || packed.column.width == 4 || packed.column.width == 8);
        else ASSERT_LE(packed.column.width, sizeof(T));
        for (std::size_t i = 0; i < packed.values.size(); ++i) ASSERT_EQ(packed.column[i], packed.values[i]) << "width " << +packed.column.width << ", value " << i;
    }
}

TEST(PackedColumn, EveryWidthOfEveryTypeComesBack) {
    BlockPacker packer;  // reused, as for one segment after the other
    for (const Order order : {Order::Unsigned, Order::Signed}) {
        for (const Widths widths : {Widths::Any, Widths::Even}) {
            packAll<std::uint16_t>(packer, order, widths);
            packAll<std::uint32_t>(packer, order, widths);
            packAll<std::uint64_t>(packer, order, widths);
        }
    }
}

TEST(PackedColumn, SmallNegativeNumbersAreNarrow) {
    BlockPacker packer;
    const std::vector<std::int64_t> values{-3, 4, -100, 0};
    const auto* bits = reinterpret_cast<const std::uint64_t*>(values.data());
    EXPECT_EQ(packer.pack(bits, values.size(), Order::Signed).width, 1);
    EXPECT_EQ(packer.pack(bits, values.size()).width, 8);
}

TEST(PackedColumn, ASplitColumnIsNarrowUnlessItCannotBe) {
    for (const bool wide : {false, true}) {
        BlockPacker packer;
        std::vector<std::uint64_t> values{5, static_cast<std::uint64_t>(-7), 0xFFFFFF00, 17};
        if (wide) values.push_back(std::uint64_t{1} << 63), values.push_back(std::uint64_t{1} << 40);
        SplitColumn split = packer.packSplit(values.data(), values.size());
        const Pages block = packer.take();
        for (PackedColumn* part : {&split.low, &split.high})
            if (part->width) part->data = block.data() + reinterpret_cast<std::uintptr_t>(part->data);
        EXPECT_LE(split.low.width, 4);
        EXPECT_EQ(split.high.width > 0, wide);
        for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(split[i], values[i]) << i;
    }
}

/// Numbers of three bytes are written by eight: a block that they fill to its last byte has room for it.
TEST(PackedColumn, ABlockMayBeFull) {
    std::vector<std::uint32_t> values(1u << 20);
    for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = i * 15;
    for (std::size_t free = 0; free < 8; ++free) {
        BlockPacker packer;
        PackedColumn column = packer.pack(values.data(), values.size() - free);
        ASSERT_EQ(column.width, 3);
        const Pages block = packer.take();
        column.data = block.data() + reinterpret_cast<std::uintptr_t>(column.data);
        ASSERT_EQ(column[values.size() - free - 1], values[values.size() - free - 1]);
    }
}

/// More than was expected of it: the block moves, and what was packed comes along.
TEST(PackedColumn, ABlockGrows) {
    BlockPacker packer;
    std::vector<std::uint64_t> values(1u << 20);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = i * 0x9E3779B97F4A7C15ull;
    std::vector<PackedColumn> columns;
    for (int n = 0; n < 3; ++n) columns.push_back(packer.pack(values.data(), values.size()));
    const std::size_t raw = packer.raw("behind", 6);
    const Pages block = packer.take();
    for (PackedColumn& column : columns) {
        column.data = block.data() + reinterpret_cast<std::uintptr_t>(column.data);
        for (std::size_t i = 0; i < values.size(); i += 997) ASSERT_EQ(column[i], values[i]);
    }
    EXPECT_EQ(std::memcmp(block.data() + raw, "behind", 6), 0);
    // Only what was packed is kept, and the next block starts anew.
    EXPECT_LE(block.size(), raw + 6 + pageSize());
    packer.begin();
    EXPECT_EQ(packer.raw("x", 1), 0u);
    EXPECT_EQ(packer.take().size(), pageSize());
}

TEST(Pages, GoOnBehindWhatIsTaken) {
    for (const std::size_t bytes : {std::size_t{5} * pageSize(), std::size_t{5} << 20}) {
        Pages pages(bytes, true);
        const std::size_t all = pages.size();
        std::memset(pages.data(), 7, all);
        const std::byte* const at = pages.data();
        {
            const Pages front = pages.takeFront(pageSize() + 1);
            EXPECT_EQ(front.size(), 2 * pageSize());
            EXPECT_EQ(front.data(), at);
            EXPECT_EQ(front.data()[2 * pageSize() - 1], std::byte{7});
        }
        // What was taken is gone, what lies behind it stays.
        EXPECT_EQ(pages.data(), at + 2 * pageSize());
        EXPECT_EQ(pages.size(), all - 2 * pageSize());
        EXPECT_EQ(pages.data()[pages.size() - 1], std::byte{7});
        EXPECT_EQ(pages.takeFront(0).size(), 0u);
        const Pages rest = pages.takeFront(2 * bytes);  // no more than there is
        EXPECT_EQ(rest.size(), all - 2 * pageSize());
        EXPECT_EQ(pages.size(), 0u);
        EXPECT_EQ(pages.data(), nullptr);
        EXPECT_EQ(pages.takeFront(1).size(), 0u);
    }
}

/// Blocks packed one after the other lie in the same memory, none of them where another does.
TEST(PackedColumn, BlocksShareWhatWasTakenAtOnce) {
    BlockPacker packer;
    std::vector<Pages> blocks;
    std::vector<std::vector<std::uint64_t>> all;
    for (std::uint64_t n = 0; n < 40; ++n) {
        packer.begin();
        std::vector<std::uint64_t>& values = all.emplace_back(20'000 + 3'000 * (n % 7));
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = (i + n) * 0x9E3779B97F4A7C15ull;
        static_cast<void>(packer.pack(values.data(), values.size()));
        blocks.push_back(packer.take());
    }
    std::size_t next = 0;
    for (std::size_t n = 0; n < blocks.size(); ++n) {
        EXPECT_GE(blocks[n].size(), all[n].size() * sizeof(std::uint64_t));
        const std::uint64_t base = *std::ranges::min_element(all[n]);  // the column's
        for (std::size_t i = 0; i < all[n].size(); ++i) {
            std::uint64_t value = 0;
            std::memcpy(&value, blocks[n].data() + i * sizeof value, sizeof value);
            ASSERT_EQ(value + base, all[n][i]);
        }
        next += n > 0 && blocks[n].data() == blocks[n - 1].data() + blocks[n - 1].size();
    }
    EXPECT_GE(next, blocks.size() / 2);
}

}  // namespace
}  // namespace spanreel::store
