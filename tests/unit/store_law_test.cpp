// SPDX-License-Identifier: GPL-3.0-or-later
// Laws of the store: what was appended is what is read, field by field and in order, in every snapshot, over segment
// borders, and while somebody reads.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "tests/unit/draw_batch.h"
#include "tests/unit/law.h"
#include "tests/unit/store_model.h"

namespace spanreel {
namespace {

using test::Draw;
using test::StoreModel;

TEST(StoreLaw, ReadsBackWhatWasAppendedInEverySnapshot) {
    test::checkLaw(
        [](Draw& draw) {
            store::TraceStore store;
            StoreModel model(store);
            std::vector<store::SourceId> sources{model.addSource()};
            std::vector<store::SnapshotPtr> snapshots;
            for (int round = 0; round < 8 && !draw.ended(); ++round) {
                if (draw.chance(20)) sources.push_back(model.addSource());
                const auto source = sources[draw.below(sources.size())];
                const auto group = draw.below(3);
                model.append(test::drawBatch(draw), source, group);
                if (draw.chance(50)) snapshots.push_back(store.snapshot());
            }
            const auto last = store.snapshot();
            if (last->spanCount() != model.spans() || last->logCount() != model.logs()) return std::string("records are missing");
            snapshots.push_back(last);
            for (const auto& snapshot : snapshots)
                if (auto wrong = model.check(*snapshot); !wrong.empty()) return wrong;
            return std::string();
        },
        800, 4000);
}

/// Batches of random sizes, enough for several segments of spans and of logs. One in twenty has thousands of records.
store::Batch sizedBatch(Draw& draw) {
    const bool big = draw.chance(5);
    return test::drawBatch(draw, {.spans = big ? 9000u : 300u, .logs = big ? 9000u : 300u});
}

TEST(StoreLaw, HoldsAcrossSegmentBorders) {
    store::TraceStore store;
    StoreModel model(store);
    model.rememberHashesOnly();
    const auto source = model.addSource();
    Draw draw(std::uint64_t{5});
    store::SnapshotPtr middle;
    std::size_t middleSpans = 0, middleLogs = 0;
    while (model.spans() < store::kSegmentRows + 1000 || model.logs() < store::kSegmentRows + 1000) {
        model.append(sizedBatch(draw), source, 0);
        if (!middle && model.spans() > store::kSegmentRows - 5000) {
            middle = store.snapshot();
            middleSpans = model.spans();
            middleLogs = model.logs();
        }
    }
    EXPECT_EQ(store.snapshot()->spanCount(), model.spans());
    EXPECT_EQ(store.snapshot()->logCount(), model.logs());
    EXPECT_EQ(model.check(*store.snapshot()), "");
    EXPECT_EQ(middle->spanCount(), middleSpans);
    EXPECT_EQ(middle->logCount(), middleLogs);
    EXPECT_EQ(model.check(*middle), "");

    // Event times walked forward, over a packed segment and an open one, with gaps.
    store.waitSealed();
    const auto last = store.snapshot();
    ASSERT_FALSE(last->spanSegment(0).open);
    store::EventWalk walk(*last);
    std::uint64_t wrong = 0, seen = 0, row = 0;
    last->forEachSpan([&](const store::SpanView& span) {
        if (row++ % 7 == 3) return;
        const auto count = walk.seek(span.row());
        wrong += count != span.eventCount();
        for (std::uint32_t i = 0; i < count && i < span.eventCount(); ++i, ++seen) wrong += walk.timeNs(i) != span.event(i).timeNs;
    });
    EXPECT_EQ(wrong, 0u);
    EXPECT_GT(seen, 1000u);
}

// Batches that end just before, at and behind a border, and one that is longer than a segment.
TEST(StoreLaw, HoldsAtTheBorderItself) {
    store::TraceStore store;
    StoreModel model(store);
    model.rememberHashesOnly();
    const auto source = model.addSource();
    std::uint64_t id = 0;
    for (const std::uint32_t size : {store::kSegmentRows - 1, 1u, 1u, store::kSegmentRows - 2, 0u, store::kSegmentRows + 7, 3u}) {
        store::Batch batch;
        for (std::uint32_t i = 0; i < size; ++i) {
            ++id;
            store::SpanRecord span;
            span.traceId = {0, 1 + id / 3};
            span.spanId = {id};
            span.startNs = id;
            const store::Attribute attributes[] = {{"n", store::Value::ofInt(static_cast<std::int64_t>(id))}, {id % 2 ? "odd" : "even", {}}, {"n", store::Value::ofString("again")}};
            if (id % 5) span.attributes = batch.arena.copy(store::AttributeSpan(attributes));
            if (id % 1000 == 0) span.set(&store::SpanRare::traceState, "state", batch.arena);
            batch.spans.push_back(span);
            store::LogRecordData log;
            log.timeNs = id;
            log.traceId = {0, 1 + id / 3};
            log.body = store::Value::ofInt(static_cast<std::int64_t>(id));
            batch.logs.push_back(log);
        }
        model.append(std::move(batch), source, 0);
        const auto snapshot = store.snapshot();
        ASSERT_EQ(snapshot->spanCount(), model.spans());
        ASSERT_EQ(snapshot->logCount(), model.logs());
    }
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

// Everything a reader sees while the writer goes on is whole.
TEST(StoreLaw, HoldsForAReaderBesideTheWriter) {
    store::TraceStore store;
    StoreModel model(store);  // complete before the reader starts, constant afterwards
    model.rememberHashesOnly();
    const auto source = model.addSource();
    Draw draw(std::uint64_t{11});
    std::vector<store::Batch> batches;
    while (model.spans() < store::kSegmentRows + 3000) {
        batches.push_back(sizedBatch(draw));
        model.expect(batches.back(), source, 0);
    }
    std::atomic<bool> done{false};
    std::mutex mutex;
    std::string wrong;
    std::atomic<int> looks{0};
    const auto read = [&](std::uint64_t seed) {
        Draw pick(seed);
        std::uint64_t spansBefore = 0, generation = 0;
        const auto fail = [&](const std::string& what) {
            const std::lock_guard lock(mutex);
            if (wrong.empty()) wrong = what;
        };
        for (bool last = false; !last;) {
            last = done;
            const auto snapshot = store.snapshot();
            const auto spans = snapshot->spanCount(), logs = snapshot->logCount();
            if (spans < spansBefore || snapshot->generation() < generation) fail("a snapshot older than the one before");
            spansBefore = spans;
            generation = snapshot->generation();
            // Rows are numbered by segment and place in it; the newest ones and some of the others.
            const auto rowAt = [](std::uint64_t i) { return static_cast<store::RowId>(i); };
            for (std::uint64_t k = 0; k < 300 && spans; ++k) {
                const std::uint64_t at = k < 150 && k < spans ? spans - 1 - k : pick.below(spans);
                if (!model.matches(snapshot->span(rowAt(at)), at)) fail("span " + std::to_string(at) + " of " + std::to_string(spans));
            }
            for (std::uint64_t k = 0; k < 100 && logs; ++k) {
                const std::uint64_t at = k < 50 && k < logs ? logs - 1 - k : pick.below(logs);
                if (!model.matches(snapshot->log(rowAt(at)), at)) fail("log " + std::to_string(at) + " of " + std::to_string(logs));
            }
            std::uint64_t inTraces = 0, logsInTraces = 0;
            for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
                const auto& trace = snapshot->trace(t);
                inTraces += trace.spanCount;
                logsInTraces += trace.logCount;
                if (t < 10 && snapshot->findTrace(trace.id) != t) fail("a trace that is not found");
                if (trace.lastRow != store::kNoRow && snapshot->span(trace.lastRow).traceIndex() != t) fail("a trace's newest row is another trace's");
            }
            if (inTraces != spans) fail("traces have " + std::to_string(inTraces) + " spans of " + std::to_string(spans));
            if (logsInTraces > logs) fail("traces have more logs than there are");
            ++looks;
        }
    };
    {
        std::jthread first(read, 1), second(read, 2);
        for (auto& batch : batches) {
            store.append(std::move(batch), source, 0);
            if (const int seen = looks; seen == 0) std::this_thread::yield();
        }
        done = true;
    }
    EXPECT_EQ(wrong, "");
    EXPECT_GT(looks, 1);
    EXPECT_EQ(store.snapshot()->spanCount(), model.spans());
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

// A session that was cleared leaves earlier snapshots as they were, and begins anew.
TEST(StoreLaw, ClearLeavesOldSnapshots) {
    store::TraceStore store;
    StoreModel before(store);
    Draw draw(std::uint64_t{3});
    const auto source = before.addSource();
    for (int i = 0; i < 20; ++i) before.append(test::drawBatch(draw), source, 0);
    const auto old = store.snapshot();
    store.clear();
    StoreModel after(store);
    const auto again = after.addSource();
    for (int i = 0; i < 20; ++i) after.append(test::drawBatch(draw), again, 0);
    EXPECT_EQ(before.check(*old), "");
    EXPECT_EQ(old->spanCount(), before.spans());
    EXPECT_EQ(after.check(*store.snapshot()), "");
    EXPECT_EQ(store.snapshot()->spanCount(), after.spans());
}

}  // namespace
}  // namespace spanreel
