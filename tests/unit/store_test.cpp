// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "model/analysis/counts.h"
#include "model/store/attribute_front.h"
#include "model/store/spare_batches.h"
#include "model/store/store_data.h"
#include "model/store/store_writer.h"
#include "tests/unit/test_batch.h"

using namespace spanreel;
using test::TestBatch;

TEST(Store, KeepsEveryFieldOfASpan) {
    store::TraceStore st;
    const auto source = st.addSource(store::SourceKind::File, "a");
    store::Batch b;
    const store::Attribute eventAttribute[] = {{"e", store::Value::ofDouble(-0.0)}};
    const store::Attribute attributes[] = {{"k", store::Value::ofInt(INT64_MIN)}, {"k", store::Value::ofBool(true)}, {"b", store::Value::ofBytes(std::string_view("\0x", 2))}, {"n", {}}};
    const store::EventRecord events[] = {{7, "ev", eventAttribute, 3, "u"}};
    const store::LinkRecord links[] = {{{1, 2}, {3}, "ts", attributes, 4, 5, "lu"}};
    b.resources.push_back({attributes, 1, "schema", "refs", "ru"});
    b.scopes.push_back({"scope", "1.0", attributes, 2, "sschema", "su"});
    store::SpanRecord r;
    r.traceId = {11, 12};
    r.spanId = {13};
    r.parentId = {14};
    r.startNs = 100;
    r.endNs = 90;
    r.name = "name";
    r.kind = 99;
    r.status = 2;
    r.flags = 257;
    r.resource = 0;
    r.scope = 0;
    r.attributes = attributes;
    r.events = events;
    r.links = links;
    store::SpanRare rare{"a=b", "bad", 1, 2, 3, "xx", "T", "S", "P"};
    r.rareOrNone = &rare;
    b.spans.push_back(r);
    st.append(std::move(b), source);

    const auto snap = st.snapshot();
    ASSERT_EQ(snap->spanCount(), 1u);
    const auto s = snap->span(0);
    EXPECT_EQ(s.traceId(), (TraceId{11, 12}));
    EXPECT_EQ(s.spanId().value, 13u);
    EXPECT_EQ(s.parentId().value, 14u);
    EXPECT_EQ(s.durationNs(), -10);
    EXPECT_EQ(s.kind(), 99);
    EXPECT_TRUE(s.isError());
    EXPECT_EQ(s.flags(), 257u);
    EXPECT_EQ(s.traceState(), "a=b");
    EXPECT_EQ(s.statusMessage(), "bad");
    EXPECT_EQ(s.droppedAttributes() * 100 + s.droppedEvents() * 10 + s.droppedLinks(), 123u);
    EXPECT_EQ(s.unknown(), "xx");
    EXPECT_EQ(std::string(s.originalTraceId()) + std::string(s.originalSpanId()) + std::string(s.originalParentId()), "TSP");
    ASSERT_EQ(s.attributes().size(), 4u);
    EXPECT_EQ(s.attributes()[0].key, "k");
    EXPECT_EQ(s.attributes()[0].value.asInt(), INT64_MIN);
    EXPECT_EQ(s.attributes()[1].value.type, store::ValueType::Bool);
    EXPECT_EQ(s.attributes()[2].value.text, std::string_view("\0x", 2));
    EXPECT_EQ(s.attributes()[3].value.type, store::ValueType::Empty);
    ASSERT_EQ(s.eventCount(), 1u);
    EXPECT_EQ(s.event(0).name, "ev");
    EXPECT_TRUE(std::signbit(s.event(0).attributes[0].value.asDouble()));
    EXPECT_EQ(s.event(0).unknown, "u");
    ASSERT_EQ(s.linkCount(), 1u);
    EXPECT_EQ(s.link(0).flags, 5u);
    EXPECT_EQ(s.link(0).attributes.size(), 4u);
    EXPECT_EQ(s.resource().schemaUrl, "schema");
    EXPECT_EQ(s.resource().entityRefs, "refs");
    EXPECT_EQ(s.scope().version, "1.0");
    EXPECT_EQ(s.scope().droppedAttributes, 2u);
}

TEST(Store, ASnapshotNeverChanges) {
    store::TraceStore st;
    TestBatch b;
    b.span({.id = 1, .end = 10}).into(st);
    const auto before = st.snapshot();
    EXPECT_EQ(before, st.snapshot()) << "cached while nothing changed";
    b.span({.id = 2, .parent = 1, .service = "other", .end = 20, .status = 2}).log({.span = 2}).into(st);
    const auto after = st.snapshot();
    EXPECT_EQ(before->spanCount(), 1u);
    EXPECT_EQ(before->trace(0).spanCount, 1u);
    EXPECT_EQ(before->trace(0).errorCount, 0u);
    EXPECT_EQ(before->servicesOf(before->trace(0)).size(), 1u);
    EXPECT_EQ(after->trace(0).spanCount, 2u);
    EXPECT_EQ(after->trace(0).errorCount, 1u);
    EXPECT_EQ(after->trace(0).logCount, 1u);
    EXPECT_EQ(after->trace(0).durationNs(), 20);
    EXPECT_EQ(after->servicesOf(after->trace(0)).size(), 2u);
    EXPECT_EQ(after->logCount(), 1u);
}

/// Services beyond the first 64 are looked up in another way; each counts once in its trace, in whatever order they come.
TEST(Store, ATraceKnowsAnyNumberOfServices) {
    store::TraceStore st;
    TestBatch b;
    constexpr std::uint64_t kServices = 150;
    for (const std::uint64_t step : {7u, 1u, 149u})
        for (std::uint64_t i = 0; i < kServices; ++i)
            for (const TraceId trace : {TraceId{0, 1}, TraceId{0, 2 + i % 3}}) b.span({.trace = trace, .id = 1 + step * 1000 + i, .service = "service " + std::to_string(i * step % kServices)});
    b.into(st);
    const auto s = st.snapshot();
    ASSERT_EQ(s->traceCount(), 4u);
    for (std::uint32_t t = 0; t < 4; ++t) {
        std::set<store::ServiceId> expected;
        for (std::uint32_t row = 0; row < s->spanCount(); ++row)
            if (s->span(row).traceId() == s->trace(t).id) expected.insert(s->span(row).service());
        const auto set = s->servicesOf(s->trace(t));
        EXPECT_EQ(std::set<store::ServiceId>(set.begin(), set.end()), expected) << t;
        EXPECT_EQ(set.size(), expected.size()) << t;
    }
    EXPECT_EQ(s->servicesOf(s->trace(0)).size(), kServices);
}

/// Where each kept all it had been before, these would take 400 MB.
TEST(Store, SetsOfServicesTakeMemoryInProportionToTheirMembers) {
    store::TraceStore st;
    TestBatch b;
    constexpr std::uint64_t kServices = 10'000;
    for (const std::uint64_t step : {1u, 7u})  // all of them come, then come again
        for (std::uint64_t i = 0; i < kServices; ++i) b.span({.trace = {0, 1}, .id = 1 + step * kServices + i, .service = "service " + std::to_string(i * step % kServices)});
    b.into(st);
    const auto s = st.snapshot();
    EXPECT_EQ(s->serviceCount(s->trace(0)), kServices);
    const auto set = s->servicesOf(s->trace(0));
    ASSERT_EQ(set.size(), kServices);
    EXPECT_TRUE(std::ranges::is_sorted(set));
    std::size_t members = s->data().moreServices.size();
    for (std::size_t i = 0; i < s->data().serviceSets.size(); ++i) members += s->data().serviceSets[i].size();
    EXPECT_LT(members, 2 * kServices);
    const std::uint64_t tables = st.memory().fixed;
    EXPECT_GT(tables, kServices * 300) << "what services, their resources and the trace's list of them take is counted";
    EXPECT_LT(tables, kServices * 3000);
}

TEST(Store, SealsSegmentsAndFindsRowsAcrossThem) {
    store::TraceStore st;
    TestBatch b;
    const std::uint64_t count = store::kSegmentRows + 500;
    for (std::uint64_t i = 1; i <= count; ++i) b.span({.trace = {0, 1 + i % 700}, .id = i, .name = "op" + std::to_string(i % 50), .start = static_cast<std::int64_t>(i), .end = static_cast<std::int64_t>(i + 5)});
    b.into(st);
    const auto snap = st.snapshot();
    EXPECT_EQ(snap->spanCount(), count);
    EXPECT_EQ(snap->spanSegmentCount(), 2u);
    EXPECT_EQ(snap->traceCount(), 700u);
    std::uint64_t expected = 1;
    snap->forEachSpan([&](const store::SpanView& s) { ASSERT_EQ(s.spanId().value, expected++); });
    std::uint64_t inTraces = 0;
    for (std::uint32_t t = 0; t < snap->traceCount(); ++t)
        for (auto row = snap->trace(t).lastRow; row != store::kNoRow; row = snap->span(row).previousInTrace()) {
            ASSERT_EQ(snap->span(row).traceId(), snap->trace(t).id);
            ++inTraces;
        }
    EXPECT_EQ(inTraces, count);
}

TEST(Store, SpansWithoutTraceIdGetATraceOfTheirRequest) {
    store::TraceStore st;
    const auto source = st.addSource(store::SourceKind::File, "a");
    for (std::uint64_t group : {1, 1, 2}) {
        store::Batch b;
        b.spans.push_back({});
        st.append(std::move(b), source, group);
    }
    const auto snap = st.snapshot();
    EXPECT_EQ(snap->traceCount(), 2u);
    EXPECT_TRUE(snap->span(0).marks() & store::kMarkInvalidTraceId);
    EXPECT_TRUE(snap->span(0).marks() & store::kMarkInvalidSpanId);
    EXPECT_TRUE(snap->span(0).traceId().isValid());
}

TEST(Store, CountsAsDefined) {
    store::TraceStore st;
    TestBatch b;
    b.span({.id = 1, .name = "a", .end = 10});
    b.span({.id = 2, .parent = 1, .name = "b", .end = 5, .status = 2});
    b.span({.id = 2, .parent = 1, .name = "b", .end = 5, .status = 2});   // equal copy
    b.span({.id = 2, .parent = 1, .name = "b2", .end = 5});               // same id, other content
    b.span({.id = 3, .parent = 77, .name = "c", .end = 5});               // orphan
    b.span({.id = 4, .parent = 4, .name = "c", .end = 5});                // its own parent: in the trace, no orphan
    b.span({.trace = {0, 2}, .id = 9, .service = "", .name = "a", .end = 10});
    b.log({.span = 1}).log({.trace = {0, 3}}).log({.trace = {}});
    b.into(st);
    const auto c = analysis::countSession(st.snapshot());
    EXPECT_EQ(c.spans, 7u);
    EXPECT_EQ(c.traces, 2u);
    EXPECT_EQ(c.services, 1u);
    EXPECT_EQ(c.operations, 5u);
    EXPECT_EQ(c.errors, 2u);
    EXPECT_EQ(c.orphans, 1u);
    EXPECT_EQ(c.duplicates, 1u);
    EXPECT_EQ(c.logs, 3u);
    EXPECT_EQ(c.logTraces, 2u);
}

TEST(Store, ReadersRunBesideTheWriter) {
    store::TraceStore st;
    const auto source = st.addSource(store::SourceKind::Receiver, "live");
    std::atomic<bool> done{false};
    std::atomic<int> published{0};
    st.setListener([&] { ++published; });
    std::jthread reader([&] {
        while (!done) {
            const auto snap = st.snapshot();
            std::uint64_t seen = 0, inTraces = 0;
            snap->forEachSpan([&](const store::SpanView& s) { seen += !s.name().empty() && s.serviceName() == "svc"; });
            for (std::uint32_t t = 0; t < snap->traceCount(); ++t) inTraces += snap->trace(t).spanCount;
            EXPECT_EQ(seen, snap->spanCount());
            EXPECT_EQ(inTraces, snap->spanCount());
        }
    });
    for (int i = 0; i < 400; ++i) {
        TestBatch b;
        for (std::uint64_t k = 1; k <= 50; ++k) b.span({.trace = {0, static_cast<std::uint64_t>(i / 2 + 1)}, .id = static_cast<std::uint64_t>(i) * 50 + k, .name = "op" + std::to_string(i * 50 + static_cast<int>(k))});
        st.append(std::move(b.batch), source);
    }
    done = true;
    reader.join();
    EXPECT_EQ(st.snapshot()->spanCount(), 20000u);
    EXPECT_GE(published, 400);
}

TEST(Store, ClearForgetsButOldSnapshotsStay) {
    store::TraceStore st;
    TestBatch b;
    b.span({.id = 1, .name = "kept"}).into(st);
    const auto old = st.snapshot();
    st.clear();
    EXPECT_EQ(st.snapshot()->spanCount(), 0u);
    EXPECT_EQ(old->span(0).name(), "kept");
}

// To let a large session go takes a while, which whoever reads it last may not have: the GUI thread is one of those.
TEST(Store, TheLastOfAClearedSessionGoesOnTheStoresThread) {
    store::TraceStore st;
    TestBatch().span({.id = 1}).into(st);
    auto first = st.snapshot();
    TestBatch().span({.id = 2}).into(st);
    auto last = st.snapshot();
    st.clear();
    EXPECT_TRUE(first->sameSession(*last));
    EXPECT_FALSE(first->sameSession(*st.snapshot()));
    const std::weak_ptr<const store::StoreSnapshot> gone = last;
    last.reset();
    EXPECT_FALSE(gone.expired());  // as long as another reads of the session, the store keeps all of it
    first.reset();
    for (int i = 0; i < 2000 && !gone.expired(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_TRUE(gone.expired());
}

TEST(Store, SourcesBeyond16BitsAreTheirOwn) {
    store::TraceStore st;
    std::vector<store::SourceTicket> sources;
    for (int i = 0; i <= 1 << 16; ++i) sources.push_back(st.addSource(store::SourceKind::File, std::to_string(i)));
    for (const auto& source : {sources.front(), sources.back()}) {
        TestBatch b;
        b.span({.trace = {}, .id = 1}).log({});
        st.append(std::move(b.batch), source);
    }
    const auto snapshot = st.snapshot();
    EXPECT_EQ(snapshot->span(1).source(), 1u << 16);
    EXPECT_EQ(snapshot->log(1).source(), 1u << 16);
    EXPECT_NE(snapshot->span(0).traceId(), snapshot->span(1).traceId());
    EXPECT_EQ(snapshot->sources().front().spans, 1u);
    EXPECT_EQ(snapshot->sources()[1u << 16].spans, 1u);
}

namespace {

/// A batch of so many spans, with memory for them.
store::Batch batchOf(std::size_t spans) {
    store::Batch out;
    out.spans.resize(spans);
    for (std::size_t i = 0; i < spans; ++i) out.spans[i].spanId = {i + 1};
    out.spans.back().name = out.arena.copy(std::string_view("last"));
    return out;
}

}  // namespace

TEST(SpareBatches, AreEmptyAndBounded) {
    store::SpareBatches spare;
    EXPECT_EQ(spare.take().spans.capacity(), 0u);
    store::Batch first = batchOf(100);
    first.keep.push_back(std::make_shared<const std::string>("body"));
    const std::weak_ptr<const std::string> body = first.keep.front();
    spare.give(std::move(first));
    EXPECT_TRUE(body.expired());
    EXPECT_GE(spare.bytes(), 100 * sizeof(store::SpanRecord));
    const store::Batch again = spare.take();
    EXPECT_EQ(spare.bytes(), 0u);
    EXPECT_TRUE(again.empty());
    EXPECT_GE(again.spans.capacity(), 100u);
    EXPECT_GT(again.arena.bytesReserved(), 0u);

    for (int i = 0; i < 100; ++i) {
        spare.give(batchOf(10000));
        ASSERT_LE(spare.bytes(), store::SpareBatches::kMostBytes);
    }
    EXPECT_GT(spare.bytes(), store::SpareBatches::kMostBytes / 2);
    spare.clear();
    EXPECT_EQ(spare.bytes(), 0u);
}

TEST(SpareBatches, LargeOnesAreNotKept) {
    store::SpareBatches spare;
    spare.give(batchOf(store::SpareBatches::kLargest / sizeof(store::SpanRecord) + 1));
    EXPECT_EQ(spare.bytes(), 0u);
}

// What a batch took is there for the next one, counts as memory, and goes by itself when nothing more comes.
TEST(SpareBatches, GoWhenNothingMoreComes) {
    constexpr std::size_t kSpans = 10000, kBytes = kSpans * sizeof(store::SpanRecord);
    store::TraceStore st;
    const auto source = st.addSource(store::SourceKind::Receiver, "s");
    const auto appendOne = [&] {
        auto front = st.lendFront();
        store::Batch batch = batchOf(kSpans);
        batch.pending = front.get()->takePending();
        st.append(std::move(batch), source);
        return front.get()->batch().spans.capacity();
    };
    EXPECT_GE(appendOne(), kSpans);  // and with that it is gone
    EXPECT_EQ(st.lendFront().get()->batch().spans.capacity(), 0u);
    for (int time = 0; time < 2; ++time) {
        store::Batch batch = batchOf(kSpans);
        batch.pending = st.lendFront().get()->takePending();
        st.append(std::move(batch), source);
        const auto with = st.memory().inMemory.load();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (st.memory().inMemory + kBytes > with && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        EXPECT_LE(st.memory().inMemory + kBytes, with);
    }
    EXPECT_EQ(st.snapshot()->spanCount(), 3 * kSpans);
}

// Records of the next session may come without a pause.
TEST(Store, AClearedSessionGoesWhileRecordsCome) {
    store::TraceStore st;
    TestBatch().span({.id = 1}).into(st);
    const std::weak_ptr<const store::StoreSnapshot> gone = st.snapshot();
    st.clear();
    const auto source = st.addSource(store::SourceKind::Receiver, "next");
    for (int segment = 0; segment < 100 && !gone.expired(); ++segment) {  // ten seconds without one that is quiet
        st.append(batchOf(store::kSegmentRows), source);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_TRUE(gone.expired());
}

// Its memory is kept for a segment to come, which is as full as what it took of it, not as what there is.
TEST(Store, AHugeSpanMakesNoSegmentsShort) {
    store::StoreWriter writer;
    const auto source = writer.addSource(store::SourceKind::Receiver, "live");
    TestBatch huge;
    huge.span({.id = 1});
    std::vector<store::EventRecord> events(500'000);
    huge.batch.spans.back().events = huge.batch.arena.copy(events);
    writer.append(std::move(huge.batch), source, 0);
    ASSERT_EQ(writer.fullSpans().size(), 1u) << "its segment ends with it";
    store::SealScratch scratch;
    writer.replace(store::SpanSegment::seal(*writer.fullSpans().front(), writer.data()->attributes, scratch));
    writer.fullSpans().clear();
    ASSERT_GT(writer.spareBytes(), store::kMostBesideRows) << "and its memory is kept";

    TestBatch next;
    for (std::uint64_t i = 0; i < store::kSegmentRows; ++i) next.span({.id = 2 + i, .attributes = {{"k", "v"}}});
    writer.append(std::move(next.batch), source, 0);
    EXPECT_EQ(writer.fullSpans().size(), 1u);
    EXPECT_EQ(writer.snapshot(1)->spanSegmentCount(), 2u);
}

TEST(Store, ARowCountsWhatItsColumnsTake) {
    const auto bytes = [](const auto&... columns) { return (sizeof(columns[0]) + ...); };
    const store::OpenSpans s;
    EXPECT_EQ(store::OpenSpans::kRowBytes, bytes(s.trace, s.spanId, s.parentId, s.startNs, s.duration, s.name, s.resource, s.scope, s.service, s.source, s.kind, s.status, s.flags, s.marks,
                                                 s.previousInTrace, s.attributes, s.sides));
    const store::OpenLogs l;
    EXPECT_EQ(store::OpenLogs::kRowBytes, bytes(l.trace, l.spanId, l.timeNs, l.observedNs, l.severity, l.severityText, l.bodyType, l.body, l.resource, l.scope, l.service, l.source, l.marks,
                                                l.previousInTrace, l.attributes, l.extras));
}

// An import that was cancelled by "new session" may still have something at hand.
TEST(Store, WhatASourceOfAClearedSessionBringsGoesNowhere) {
    store::TraceStore store;
    const auto before = store.addSource(store::SourceKind::File, "before");
    store.clear();
    const auto after = store.addSource(store::SourceKind::Receiver, "after");
    EXPECT_EQ(store::SourceId(before), store::SourceId(after));
    const auto append = [&](store::SourceTicket source) {
        TestBatch b;
        b.span({.id = 1});
        store.append(std::move(b.batch), source);
    };
    append(before);
    store.updateSource(before, {}, true);
    EXPECT_EQ(store.snapshot()->spanCount(), 0u);
    EXPECT_FALSE(store.snapshot()->sources().front().finished);
    append(after);
    EXPECT_EQ(store.snapshot()->spanCount(), 1u);
}
