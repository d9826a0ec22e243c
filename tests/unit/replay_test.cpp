// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "model/analysis/service_map.h"
#include "model/replay/replay_clock.h"
#include "tests/unit/test_batch.h"

using namespace spanreel;
using test::TestBatch;

namespace {
trace::TracePtr threeServices() {
    store::TraceStore st;
    TestBatch b;
    b.span({.id = 1, .service = "web", .name = "GET /", .start = 0, .end = 1000, .kind = 2});
    b.span({.id = 2, .parent = 1, .service = "web", .name = "call", .start = 100, .end = 900, .kind = 3, .attributes = {{"server.address", "cart"}}});
    b.span({.id = 3, .parent = 2, .service = "cart", .name = "load", .start = 200, .end = 800, .status = 2, .kind = 2});
    b.span({.id = 4, .parent = 3, .service = "cart", .name = "SELECT", .start = 300, .end = 700, .kind = 3, .attributes = {{"db.system", "postgresql"}, {"db.namespace", "shop"}}});
    b.span({.id = 5, .parent = 3, .service = "cart", .name = "publish", .start = 710, .end = 720, .kind = 4, .attributes = {{"messaging.system", "kafka"}, {"messaging.destination.name", "orders"}}});
    b.into(st);
    return *trace::Trace::assemble(st.snapshot(), {0, 1});
}
}  // namespace

TEST(ReplayClock, MovesWithTimeAndSpeedAndStopsAtTheEnd) {
    const auto t = threeServices();
    replay::ReplayClock clock;
    clock.setTrace(*t);
    EXPECT_EQ(clock.durationNs(), 1000);
    EXPECT_FALSE(clock.advance(5));
    clock.play(1000000);
    EXPECT_TRUE(clock.advance(1000100));
    EXPECT_EQ(clock.playheadNs(), 100);
    clock.setSpeed(0.001, 1000100);
    for (int i = 1; i <= 10; ++i) clock.advance(1000100 + i * 500);  // half a ns each: nothing may be lost to rounding
    EXPECT_EQ(clock.playheadNs(), 105);
    clock.setSpeed(1e9, 1005100);
    EXPECT_EQ(clock.speed(), replay::ReplayClock::kFastest);
    clock.advance(1006100);
    EXPECT_EQ(clock.playheadNs(), 1000);
    EXPECT_FALSE(clock.playing());
    clock.play(0);
    EXPECT_EQ(clock.playheadNs(), 0) << "starts over at the end";
}

TEST(ReplayClock, StepsBetweenStartsAndEnds) {
    const auto t = threeServices();
    replay::ReplayClock clock;
    clock.setTrace(*t);
    std::vector<std::int64_t> seen;
    while (clock.stepNext()) seen.push_back(clock.playheadNs());
    EXPECT_EQ(seen, (std::vector<std::int64_t>{100, 200, 300, 700, 710, 720, 800, 900, 1000}));
    EXPECT_TRUE(clock.stepPrevious());
    EXPECT_EQ(clock.playheadNs(), 900);
    clock.seek(-5);
    EXPECT_EQ(clock.playheadNs(), 0);
    EXPECT_FALSE(clock.stepPrevious());
    EXPECT_EQ(replay::phaseAt(t->node(2), 199), replay::SpanPhase::ToCome);
    EXPECT_EQ(replay::phaseAt(t->node(2), 200), replay::SpanPhase::Running);
    EXPECT_EQ(replay::phaseAt(t->node(2), 800), replay::SpanPhase::Finished);
}

TEST(ReplayClock, Loops) {
    const auto t = threeServices();
    replay::ReplayClock clock;
    clock.setTrace(*t);
    clock.setLoop({{200, 300}});
    clock.play(0);
    EXPECT_EQ(clock.playheadNs(), 200);
    clock.advance(250);
    EXPECT_EQ(clock.playheadNs(), 250);
    EXPECT_TRUE(clock.playing());
}

TEST(ServiceMap, NamesServicesCallsAndUninstrumentedPeers) {
    const auto t = threeServices();
    const auto m = analysis::mapOfTrace(*t);
    ASSERT_EQ(m.map.nodes.size(), 4u);
    EXPECT_EQ(m.map.nodes[0].name, "cart");
    EXPECT_EQ(m.map.nodes[0].spans, 3u);
    EXPECT_EQ(m.map.nodes[0].errors, 1u);
    EXPECT_EQ(m.map.nodes[1].name, "web");
    EXPECT_EQ(m.map.nodes[2].name, "kafka orders");
    EXPECT_EQ(m.map.nodes[2].kind, analysis::PeerKind::Queue);
    EXPECT_EQ(m.map.nodes[3].name, "postgresql shop");
    EXPECT_EQ(m.map.nodes[3].kind, analysis::PeerKind::Database);
    ASSERT_EQ(m.map.edges.size(), 3u) << "the instrumented callee is no peer";
    const auto& call = m.map.edges[m.edgeOfSpan[2]];
    EXPECT_EQ(m.map.nodes[call.from].name, "web");
    EXPECT_EQ(m.map.nodes[call.to].name, "cart");
    EXPECT_EQ(call.calls, 1u);
    EXPECT_EQ(call.errors, 1u);
    EXPECT_EQ(call.p95Ns, 600);
    EXPECT_FALSE(call.asynchronous);
    EXPECT_TRUE(m.map.edges[m.peerEdgeOfSpan[4]].asynchronous);
    EXPECT_EQ(m.peerEdgeOfSpan[1], store::kNone);
}

// Records are counted, at services, peers and calls alike.
TEST(ServiceMap, CopiesCountEverywhere) {
    store::TraceStore st;
    for (int i = 0; i < 3; ++i)
        TestBatch()
            .span({.id = 1, .service = "web", .name = "GET", .start = 0, .end = 100})
            .span({.id = 2, .parent = 1, .service = "back", .name = "load", .start = 10, .end = 90, .status = 2})
            .span({.id = 3, .parent = 2, .service = "back", .name = "SELECT", .start = 20, .end = 40, .status = 2, .kind = 3, .attributes = {{"db.system", "mysql"}}})
            .into(st);
    const auto map = analysis::mapOfSession(st.snapshot());
    ASSERT_EQ(map.nodes.size(), 3u);
    EXPECT_EQ(map.nodes[0].spans, 6u);
    EXPECT_EQ(map.nodes[0].errors, 6u);
    EXPECT_EQ(map.nodes[1].spans, 3u);
    EXPECT_EQ(map.nodes[2].spans, 3u);
    EXPECT_EQ(map.nodes[2].errors, 3u);
    ASSERT_EQ(map.edges.size(), 2u);
    for (const auto& edge : map.edges) {
        EXPECT_EQ(edge.calls, 3u);
        EXPECT_EQ(edge.errors, 3u);
    }
    EXPECT_EQ(map.nodes[0].p50Ns, 80);
}

TEST(ServiceMap, AConsumerInAnotherTraceIsJoinedByItsLink) {
    store::TraceStore st;
    TestBatch b;
    b.span({.id = 1, .service = "shop", .name = "publish", .end = 10, .kind = 4});
    b.span({.trace = {0, 2}, .id = 9, .service = "mailer", .name = "process", .start = 50, .end = 90, .kind = 5});
    const store::LinkRecord link{{0, 1}, {1}};
    b.batch.spans.back().links = b.batch.arena.copy(std::span<const store::LinkRecord>(&link, 1));
    b.into(st);
    const auto map = analysis::mapOfSession(st.snapshot());
    ASSERT_EQ(map.edges.size(), 1u);
    EXPECT_EQ(map.nodes[map.edges[0].from].name, "shop");
    EXPECT_EQ(map.nodes[map.edges[0].to].name, "mailer");
    EXPECT_TRUE(map.edges[0].asynchronous);
    EXPECT_EQ(map.edges[0].p50Ns, 40);
}
