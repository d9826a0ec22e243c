// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/trace/start_order.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "model/core/time_format.h"

namespace spanreel::trace {
namespace {

using Starts = LargeVector<std::uint64_t>;

void expectAsByComparing(const Starts& starts, const std::vector<std::uint64_t>& ids, const std::string& what) {
    std::uint64_t least = ~std::uint64_t{0}, most = 0;
    for (const std::uint64_t start : starts) {
        if (!isUsableTime(start)) continue;
        least = std::min(least, start);
        most = std::max(most, start);
    }
    if (most == 0) least = 0;
    std::vector<std::uint32_t> expected(starts.size());
    std::iota(expected.begin(), expected.end(), 0u);
    std::ranges::stable_sort(expected, [&](std::uint32_t a, std::uint32_t b) { return starts[a] != starts[b] ? starts[a] < starts[b] : ids[a] < ids[b]; });
    const auto order = startOrder(starts, least, most, [&](std::uint32_t i) { return ids[i]; });
    EXPECT_TRUE(std::ranges::equal(order, expected)) << what;
}

TEST(StartOrder, IsThatOfComparing) {
    std::mt19937_64 random(5);
    constexpr std::uint64_t kNow = 1'700'000'000'000'000'000ull;
    for (const std::size_t count : {0u, 1u, 2u, 3u, 100u, 5000u, 70000u}) {
        for (const std::uint64_t spread : {std::uint64_t{1}, std::uint64_t{50}, std::uint64_t{1} << 20, std::uint64_t{1} << 33, std::uint64_t{1} << 60}) {
            for (const bool strange : {false, true}) {
                Starts starts(count);
                std::vector<std::uint64_t> ids(count);
                for (std::size_t i = 0; i < count; ++i) {
                    starts[i] = kNow + random() % spread;
                    ids[i] = random() % 7;  // equal ones too
                    if (strange && random() % 9 == 0) starts[i] = random() % 2 ? random() % 3 : ~std::uint64_t{0} - random() % 3;
                }
                expectAsByComparing(starts, ids, std::to_string(count) + " spread over " + std::to_string(spread) + (strange ? ", some without time" : ""));
            }
        }
    }
}

TEST(StartOrder, TakesStartsWithoutAnyTime) {
    expectAsByComparing({0, ~std::uint64_t{0}, 0, ~std::uint64_t{0} - 1}, {4, 3, 2, 1}, "none");
    expectAsByComparing({0, 0, 0}, {3, 2, 1}, "zeros");
    // The widest range that is usable beside what is none.
    expectAsByComparing({~std::uint64_t{0}, 1, kLatestUsableNs - 1, 0, 2, kLatestUsableNs}, {1, 1, 1, 1, 1, 1}, "widest");
}

}  // namespace
}  // namespace spanreel::trace
