// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "model/store/trace_index.h"
#include "model/trace/span_index.h"

namespace spanreel {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ull;

/// The number that undoes a multiplication by an odd one (Newton's method).
constexpr std::uint64_t inverse(std::uint64_t odd) {
    std::uint64_t x = odd;
    for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
    return x;
}

/// Ids as senders make them, and as somebody may who wants all to fall on one place of a table whose numbers are known.
std::vector<std::vector<std::uint64_t>> idLists(std::uint64_t count) {
    std::vector<std::vector<std::uint64_t>> lists(5);
    std::mt19937_64 random(1);
    for (std::uint64_t i = 1; i <= count; ++i) {
        lists[0].push_back(random() | 1);
        lists[1].push_back(i);
        lists[2].push_back(i << 40);
        lists[3].push_back(inverse(kGolden) * (i << 41));
        lists[4].push_back(inverse(kGolden) * i);
    }
    return lists;
}

// Where ids collide these take hours, and the test its limit.
TEST(SpanIndex, FindsAnyIdsAtOnce) {
    constexpr std::uint32_t kCount = 1000000;
    for (const auto& ids : idLists(kCount)) {
        trace::SpanIndex index(kCount);
        for (std::uint32_t i = 0; i < kCount; ++i) ASSERT_EQ(index.insert(ids[i], i), trace::SpanIndex::kAbsent);
        for (std::uint32_t i = 0; i < kCount; ++i) ASSERT_EQ(index.find(ids[i]), i);
        EXPECT_EQ(index.insert(ids[7], 8), 7u);
        EXPECT_EQ(index.find(0x5555555555555555), trace::SpanIndex::kAbsent);
    }
}

TEST(TraceIndex, FindsAnyIdsAtOnce) {
    constexpr std::uint32_t kCount = 1000000;
    const auto lists = idLists(kCount);
    for (std::size_t l = 0; l <= lists.size(); ++l) {
        store::TraceIndex index;
        const auto id = [&](std::uint32_t i) {
            if (l == lists.size()) return TraceId{0xABCDEF ^ (i + 1) * kGolden, i + 1};  // all alike to (high ^ low * golden)
            return l % 2 ? TraceId{lists[l][i], 1} : TraceId{1, lists[l][i]};
        };
        for (std::uint32_t i = 0; i < kCount; ++i) {
            index.prefetch(id(i));
            ASSERT_EQ(index.add(id(i)), std::pair(i, true));
        }
        for (std::uint32_t i = 0; i < kCount; ++i) ASSERT_EQ(index.find(id(i)), i);
        EXPECT_EQ(index.add(id(7)), std::pair(7u, false));
        EXPECT_EQ(index.prefetchId(id(kCount - 1)) == store::TraceIndex::kUnknown, false);
        EXPECT_FALSE(index.find(TraceId{3, 3}));
    }
}

}  // namespace
}  // namespace spanreel
