// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that fails in the middle of an append or of decoding: what went in is whole, what is sent again goes in.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/otlp/encode_proto.h"
#include "tests/unit/both_sessions.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/store_model.h"

namespace {

thread_local long t_left = -1;  ///< allocations of this thread until one fails; below 0 = none does

void* allocate(std::size_t size, std::size_t alignment) {
    if (t_left >= 0 && t_left-- == 0) throw std::bad_alloc();
    void* const p = alignment ? std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment) : std::malloc(size ? size : 1);
    if (!p) throw std::bad_alloc();
    return p;
}

}  // namespace

/// In place of the C++ library's.
void* operator new(std::size_t size) { return allocate(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) { return allocate(size, static_cast<std::size_t>(alignment)); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace spanreel {
namespace {

using test::Draw;
using test::StoreModel;
using Body = std::shared_ptr<const std::string>;

constexpr std::size_t kSpans = 90, kLogs = 70;  // more than are published at once
constexpr std::uint64_t kGroup = 1;

store::Batch drawn(std::uint64_t seed, test::BatchShape shape) {
    Draw draw(seed);
    return test::drawBatch(draw, shape);
}

/// Runs `work` with the allocation number `at` failing. True where it got through without.
template <class Work>
bool withFailure(long at, Work&& work) {
    t_left = at;
    try {
        work();
    } catch (const std::bad_alloc&) {
        t_left = -1;
        return false;
    }
    const bool through = t_left >= 0;
    t_left = -1;
    return through;
}

/// The records of a batch of which so many spans and logs went in.
void expectBegin(StoreModel& model, store::Batch batch, std::size_t spans, std::size_t logs, store::SourceId source) {
    ASSERT_LE(spans, batch.spans.size());
    ASSERT_LE(logs, batch.logs.size());
    batch.spans.resize(spans);
    batch.logs.resize(logs);
    batch.metrics.clear();
    model.expect(batch, source, kGroup);
}

/// `first`: into an empty store; else where there are records already.
int failAppends(bool first) {
    const test::BatchShape shape{.spans = kSpans, .logs = kLogs};
    int failures = 0;
    for (long at = 0;; at += at < 150 ? 1 : 5, ++failures) {
        store::TraceStore store;
        StoreModel model(store);
        const auto source = model.addSource();
        if (!first) model.append(drawn(11, shape), source, kGroup);
        auto batch = drawn(12, shape);
        batch.metrics.clear();
        const bool through = withFailure(at, [&] { store.append(std::move(batch), source, kGroup); });
        const auto snapshot = store.snapshot();
        const auto spans = model.spans(), logs = model.logs();
        expectBegin(model, drawn(12, shape), snapshot->spanCount() - spans, snapshot->logCount() - logs, source);
        for (auto i = spans; i < model.spans(); ++i) EXPECT_TRUE(model.matches(snapshot->span(static_cast<store::RowId>(i)), i)) << "allocation " << at;
        for (auto i = logs; i < model.logs(); ++i) EXPECT_TRUE(model.matches(snapshot->log(static_cast<store::RowId>(i)), i)) << "allocation " << at;
        // Others come, then it is sent again.
        for (const std::uint64_t seed : {13u, 12u}) model.append(drawn(seed, shape), source, kGroup);
        EXPECT_EQ(model.check(*store.snapshot()), "") << "allocation " << at;
        store.waitSealed();
        if (through || testing::Test::HasFailure()) return failures;
    }
}

TEST(OutOfMemory, AnAppendThatFailsAnywhereLeavesAWholeStore) {
    EXPECT_GT(failAppends(false), 100);
    EXPECT_GT(failAppends(true), 100);
}

TEST(OutOfMemory, ARequestThatFailsAnywhereIsReadTheNextTime) {
    const test::BatchShape shape{.spans = kSpans, .logs = 0, .wire = true};
    const Body bodies[] = {test::encoded<otlp::ProtoEncoder>(drawn(21, shape)), test::encoded<otlp::ProtoEncoder>(drawn(22, shape)), test::encoded<otlp::ProtoEncoder>(drawn(23, shape))};
    const auto plain = [](const Body& body) { return std::move(ingest::decodeOtlpProtobuf(ingest::Signal::Traces, body, nullptr)->batch); };
    int failures = 0;
    for (long at = 0;; at += at < 150 ? 1 : 5, ++failures) {
        store::TraceStore store;
        StoreModel model(store);
        const auto source = model.addSource();
        const auto read = [&](const Body& body) {
            auto request = [&] {
                auto front = store.lendFront();
                return ingest::decodeOtlpProtobuf(ingest::Signal::Traces, body, front.get());
            }();
            store.append(std::move(request->batch), source, kGroup);
        };
        read(bodies[0]);
        model.expect(plain(bodies[0]), source, kGroup);
        const bool through = withFailure(at, [&] { read(bodies[1]); });
        ASSERT_NO_FATAL_FAILURE(expectBegin(model, plain(bodies[1]), store.snapshot()->spanCount() - model.spans(), 0, source)) << "allocation " << at;
        for (const auto& body : {bodies[1], bodies[2]}) {
            read(body);
            model.expect(plain(body), source, kGroup);
        }
        ASSERT_EQ(model.check(*store.snapshot()), "") << "allocation " << at;
        if (through) break;
    }
    EXPECT_GT(failures, 50);
}

}  // namespace
}  // namespace spanreel
