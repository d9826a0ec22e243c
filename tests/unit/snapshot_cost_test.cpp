// SPDX-License-Identifier: GPL-3.0-or-later
// A snapshot costs what has changed since the one before, not what there is.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

#include "tests/unit/test_batch.h"

namespace {

thread_local std::size_t t_asked = 0;  ///< bytes this thread asked for

}  // namespace

/// In place of the C++ library's.
[[gnu::noinline]] void* operator new(std::size_t size) {
    t_asked += size;
    if (void* const p = std::malloc(size ? size : 1)) return p;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace spanreel {
namespace {

constexpr std::uint64_t kMany = 20'000;

/// A session with so many services, sources with their reports, and requests with metrics.
class SnapshotCost : public ::testing::Test {
protected:
    void SetUp() override {
        for (std::uint64_t i = 0; i < kMany; ++i) spans.span({.id = 1 + i, .service = "service " + std::to_string(i)});
        spans.into(store);
        store::Batch metrics;
        for (std::uint64_t i = 0; i < kMany; ++i) {
            const auto source = store.addSource(store::SourceKind::File, "a file with a long name " + std::to_string(i));
            store::ImportReport report;
            report.skip(ProblemCode::BadValue, "a detail that is longer than a short string", {});
            store.updateSource(source, std::move(report), true);
            metrics.metrics.push_back({store::Encoding::Protobuf, "request " + std::to_string(i), 1});
            last = source;
        }
        store.append(std::move(metrics), last);
        store.waitSealed();
        before = store.snapshot();
    }
    /// Bytes asked for to change something and take a snapshot then.
    template <class Change>
    std::size_t cost(Change&& change) {
        const std::size_t had = t_asked;
        change();
        after = store.snapshot();
        return t_asked - had;
    }

    store::TraceStore store;
    test::TestBatch spans;
    store::SourceTicket last;
    store::SnapshotPtr before, after;
};

TEST_F(SnapshotCost, IsThatOfWhatHasChanged) {
    // A pointer for each, one for each page.
    EXPECT_LT(cost([&] { store.updateSource(last, {}, false); }), kMany * 10);
    EXPECT_LT(cost([&] { store.addSource(store::SourceKind::File, "new"); }), kMany * 10);
    EXPECT_LT(cost([&] {
        store::Batch batch;
        batch.metrics.push_back({store::Encoding::Json, "new", 3});
        store.append(std::move(batch), last);
    }), kMany * 10);
    spans.span({.id = kMany + 1, .service = "service 7", .status = 2}).span({.id = kMany + 2, .service = "new"}).log({.service = "service 7"});
    EXPECT_LT(cost([&] { spans.into(store); }), kMany * 20);

    // What had been taken is as it was.
    EXPECT_EQ(before->sources().size() + 1, after->sources().size());
    EXPECT_TRUE(before->sources()[last].finished);
    EXPECT_FALSE(after->sources()[last].finished);
    EXPECT_EQ(before->sources()[last].report.skipped, 1u);
    EXPECT_EQ(before->sources()[last].metrics, kMany);
    EXPECT_EQ(after->sources()[last].metrics, kMany + 3);
    EXPECT_EQ(&before->sources()[kMany / 2], &after->sources()[kMany / 2]) << "unchanged, and so shared";
    EXPECT_EQ(before->services().size() + 1, after->services().size());
    const auto of = [](const store::SnapshotPtr& s, store::ServiceId id) { return std::array{s->services()[id].spans, s->services()[id].errors, s->services()[id].logs}; };
    const auto seven = after->span(after->trace(0).lastRow - 1).service();
    EXPECT_EQ(after->services()[seven].name, "service 7");
    EXPECT_EQ(of(before, seven), (std::array<std::uint64_t, 3>{1, 0, 0}));
    EXPECT_EQ(of(after, seven), (std::array<std::uint64_t, 3>{2, 1, 1}));
    EXPECT_EQ(&before->services()[kMany / 2], &after->services()[kMany / 2]);
    EXPECT_EQ(before->metricsRecordCount(), kMany);
    ASSERT_EQ(after->metricsRecordCount(), kMany + 1);
    EXPECT_EQ(after->metricsRecord(kMany).bytes, "new");
    EXPECT_EQ(&before->metricsRecord(kMany - 1), &after->metricsRecord(kMany - 1));
}

}  // namespace
}  // namespace spanreel
