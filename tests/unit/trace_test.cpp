// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "model/trace/trace.h"
#include "tests/unit/test_batch.h"

using namespace spanreel;
using test::TestBatch;
using trace::NodeId;

namespace {

trace::TracePtr assemble(TestBatch& b) {
    store::TraceStore st;
    b.into(st);
    auto t = trace::Trace::assemble(st.snapshot(), {0, 1});
    EXPECT_TRUE(t) << "assembles";
    return t ? *t : nullptr;
}

/// What always holds, whatever came in.
void expectSound(const trace::Trace& t) {
    const auto& nodes = t.nodes();
    std::uint64_t records = 0;
    for (NodeId n = 0; n < nodes.size(); ++n) {
        records += nodes[n].copies;
        ASSERT_GT(nodes[n].subtreeEnd, n);
        ASSERT_LE(nodes[n].subtreeEnd, nodes.size());
        ASSERT_GE(nodes[n].selfNs, 0);
        ASSERT_LE(nodes[n].selfNs, nodes[n].durationNs);
        if (nodes[n].parent != trace::kNoNode) {
            const auto& p = nodes[nodes[n].parent];
            ASSERT_LT(nodes[n].parent, n);
            ASSERT_LE(nodes[n].subtreeEnd, p.subtreeEnd);
            ASSERT_EQ(nodes[n].depth, p.depth + 1);
        }
    }
    EXPECT_EQ(records, t.recordCount()) << "every record is shown once";
    std::int64_t path = 0;
    for (const auto& piece : t.criticalPath()) path += piece.toNs - piece.fromNs;
    if (t.mainRoot() != trace::kNoNode && !t.node(t.mainRoot()).has(trace::kNoTime)) {
        EXPECT_EQ(path, t.node(t.mainRoot()).durationNs) << "the critical path covers the root's duration exactly";
    }
}

}  // namespace

TEST(Trace, OrdersChildrenByStartThenId) {
    TestBatch b;
    b.span({.id = 5, .parent = 1, .name = "late", .start = 50, .end = 60});
    b.span({.id = 4, .parent = 1, .name = "twin4", .start = 10, .end = 20});
    b.span({.id = 3, .parent = 1, .name = "twin3", .start = 10, .end = 40});
    b.span({.id = 1, .name = "root", .start = 0, .end = 100});
    b.span({.id = 6, .parent = 3, .name = "grandchild", .start = 12, .end = 14});
    const auto t = assemble(b);
    std::string names;
    for (NodeId n = 0; n < t->nodes().size(); ++n) names += std::string(t->span(n).name()) + " ";
    EXPECT_EQ(names, "root twin3 grandchild twin4 late ");
    EXPECT_EQ(t->node(0).childCount, 3u);
    EXPECT_EQ(t->node(0).selfNs, 100 - 30 - 10);
    EXPECT_EQ(t->maxDepth(), 3u);
    EXPECT_EQ(t->find({6}), NodeId{2});
    EXPECT_FALSE(t->find({99}));
    expectSound(*t);
}

TEST(Trace, FoldsEqualCopiesAndKeepsOthersOfTheSameId) {
    TestBatch b;
    b.span({.id = 1, .end = 10}).span({.id = 1, .end = 10}).span({.id = 1, .end = 10}).span({.id = 1, .end = 11}).span({.id = 1, .end = 11});
    const auto t = assemble(b);
    ASSERT_EQ(t->nodes().size(), 2u);
    EXPECT_EQ(t->duplicateCount(), 3u);
    const auto first = std::ranges::find_if(t->nodes(), [](const auto& n) { return !n.has(trace::kSameIdOther); });
    EXPECT_EQ(first->copies, 3u);
    expectSound(*t);
}

TEST(Trace, ShowsOrphansSelfParentsAndCutsCycles) {
    TestBatch b;
    b.span({.id = 1, .parent = 1, .end = 10});                // its own parent
    b.span({.id = 2, .parent = 99, .start = 1, .end = 10});   // orphan
    for (std::uint64_t i = 0; i < 1000; ++i) b.span({.id = 1000 + i, .parent = 1000 + (i + 1) % 1000, .start = static_cast<std::int64_t>(5000 - i), .end = 6000});
    b.span({.id = 3, .parent = 1500, .start = 2, .end = 10}); // hangs on the cycle
    const auto t = assemble(b);
    EXPECT_EQ(t->nodes().size(), 1003u);
    EXPECT_EQ(t->roots().size(), 3u);
    EXPECT_EQ(t->orphanCount(), 1u);
    EXPECT_EQ(std::ranges::count_if(t->nodes(), [](const auto& n) { return n.has(trace::kCycle); }), 1);
    EXPECT_EQ(std::ranges::count_if(t->nodes(), [](const auto& n) { return n.has(trace::kSelfParent); }), 1);
    const auto cut = std::ranges::find_if(t->nodes(), [](const auto& n) { return n.has(trace::kCycle); });
    EXPECT_EQ(t->span(static_cast<NodeId>(cut - t->nodes().begin())).spanId().value, 1999u) << "cut at its earliest span";
    expectSound(*t);
}

TEST(Trace, CutsACycleAtOnePlaceWhateverCameFirst) {
    const auto cutAt = [](const std::vector<std::uint64_t>& order) {
        TestBatch b;
        for (const std::uint64_t id : order) b.span({.id = id, .parent = id % 3 + 1, .start = 5, .end = 10});
        const auto t = assemble(b);
        return t->span(t->roots().at(0)).spanId().value;
    };
    for (const auto& order : {std::vector<std::uint64_t>{1, 2, 3}, {3, 2, 1}, {2, 3, 1}, {3, 1, 2}}) EXPECT_EQ(cutAt(order), 1u);
}

TEST(Trace, AChainOf100000AndARootWith100000Children) {
    for (const bool chain : {true, false}) {
        TestBatch b;
        for (std::uint64_t i = 1; i <= 100000; ++i)
            b.span({.id = i, .parent = i == 1 ? 0 : chain ? i - 1 : 1, .start = static_cast<std::int64_t>(i), .end = static_cast<std::int64_t>(400000 - i)});
        const auto t = assemble(b);
        ASSERT_EQ(t->nodes().size(), 100000u);
        EXPECT_EQ(t->maxDepth(), chain ? 100000u : 2u);
        expectSound(*t);
    }
}

TEST(Trace, TimesThatCannotBeUsedAreOffTheAxis) {
    TestBatch b;
    b.span({.id = 1, .start = 0, .end = 1000});
    store::SpanRecord r;
    r.traceId = {0, 1};
    r.spanId = {2};
    r.parentId = {1};
    b.batch.spans.push_back(r);
    r.spanId = {3};
    r.startNs = ~0ull - 5;
    r.endNs = ~0ull;
    b.batch.spans.push_back(r);
    b.span({.id = 4, .parent = 1, .start = 500, .end = 400});
    const auto t = assemble(b);
    EXPECT_EQ(t->startNs(), TestBatch::kBase);
    EXPECT_EQ(t->durationNs(), 1000);
    EXPECT_TRUE(t->node(*t->find({2})).has(trace::kNoTime));
    EXPECT_TRUE(t->node(*t->find({3})).has(trace::kNoTime));
    EXPECT_TRUE(t->node(*t->find({4})).has(trace::kNegative));
    expectSound(*t);
}

TEST(Trace, CriticalPathFollowsTheLastFinishingChild) {
    TestBatch b;
    b.span({.id = 1, .start = 0, .end = 100});
    b.span({.id = 2, .parent = 1, .start = 10, .end = 40});
    b.span({.id = 3, .parent = 1, .start = 30, .end = 45});   // overlaps 2, ends later: 2 was not waited for in 30..45
    b.span({.id = 4, .parent = 1, .start = 50, .end = 120});  // outlives the root: counts up to its end
    b.span({.id = 5, .parent = 4, .start = 60, .end = 70});
    const auto t = assemble(b);
    const auto critical = [&](std::uint64_t id) { return t->node(*t->find({id})).criticalNs; };
    EXPECT_EQ(critical(4), 40);
    EXPECT_EQ(critical(5), 10);
    EXPECT_EQ(critical(3), 15);
    EXPECT_EQ(critical(2), 0);
    EXPECT_EQ(critical(1), 5 + 30);
    EXPECT_TRUE(std::ranges::is_sorted(t->criticalPath(), {}, &trace::CriticalPiece::fromNs));
    expectSound(*t);
}

TEST(Trace, JoinsLogsByTime) {
    TestBatch b;
    b.span({.id = 1, .end = 100}).span({.id = 2, .parent = 1, .start = 10, .end = 20});
    b.log({.span = 2, .time = 15, .body = "b"}).log({.span = 1, .time = 1, .body = "a"}).log({.span = 77, .time = 50, .body = "lost"}).log({.span = 2, .time = 12, .body = "earlier"});
    b.log({.trace = {0, 9}, .span = 1});
    const auto t = assemble(b);
    ASSERT_EQ(t->logs().size(), 4u);
    EXPECT_TRUE(std::ranges::is_sorted(t->logs(), {}, &trace::TraceLog::offsetNs));
    EXPECT_EQ(t->logs()[3].node, trace::kNoNode);
    const auto of2 = t->logsOf(*t->find({2}));
    ASSERT_EQ(of2.size(), 2u);
    EXPECT_EQ(t->snapshot().log(t->logs()[of2[0]].row).body().text, "earlier");
    EXPECT_TRUE(t->logsOf(*t->find({1})).size() == 1);
}

TEST(Trace, MarksSkewOnlyFromAMillisecondOn) {
    TestBatch b;
    b.span({.id = 1, .start = 50000000, .end = 100000000});
    b.span({.id = 2, .parent = 1, .start = 49500000, .end = 60000000});
    b.span({.id = 3, .parent = 1, .start = 10000000, .end = 60000000});
    b.span({.id = 4, .parent = 1, .start = 60000000, .end = 140000000});
    const auto t = assemble(b);
    EXPECT_FALSE(t->node(*t->find({2})).has(trace::kBeforeParent));
    EXPECT_TRUE(t->node(*t->find({3})).has(trace::kBeforeParent));
    EXPECT_TRUE(t->node(*t->find({4})).has(trace::kAfterParent));
    EXPECT_EQ(t->durationNs(), 130000000);
}

TEST(Trace, RandomTracesStaySound) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 300; ++round) {
        TestBatch b;
        const auto count = random() % 60 + 1;
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto start = static_cast<std::int64_t>(random() % 1000);
            b.span({.id = random() % 50, .parent = random() % 55, .service = "s" + std::to_string(random() % 4), .start = start, .end = start + static_cast<std::int64_t>(random() % 400) - 20,
                    .status = static_cast<std::int32_t>(random() % 3)});
        }
        const auto t = assemble(b);
        ASSERT_TRUE(t);
        expectSound(*t);
    }
}
