// SPDX-License-Identifier: GPL-3.0-or-later
// Laws of assembly: on random forests with cycles, copies, orphans and wrong times.
#include <gtest/gtest.h>

#include "tests/unit/forest_law.h"
#include "tests/unit/law.h"

namespace spanreel {
namespace {

TEST(TraceLaw, HoldsForRandomForests) { test::checkLaw(test::forestLaw, 500, 600); }

TEST(TraceLaw, HoldsForLargeForests) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        test::Draw draw(seed);
        for (int round = 0; round < 10; ++round) {
            const auto snapshot = test::drawForest(draw, 4000);
            for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
                if (snapshot->trace(t).spanCount == 0) continue;
                const auto trace = trace::Trace::assemble(snapshot, snapshot->trace(t).id);
                ASSERT_TRUE(trace);
                ASSERT_EQ(test::traceLaw(**trace), "") << "seed " << seed << ", round " << round;
            }
        }
    }
}

}  // namespace
}  // namespace spanreel
