// SPDX-License-Identifier: GPL-3.0-or-later
// The law of queries: what they answer column by column equals a plain loop over the rows, whatever the widths of the
// columns, over sealed and open segments.
#include <algorithm>
#include <map>
#include <random>
#include <ranges>

#include <gtest/gtest.h>

#include "model/core/text.h"
#include "model/query/span_query.h"
#include "model/store/trace_store.h"

using namespace spanreel;
using query::SpanFilter;
using query::SpanQuery;

namespace {

constexpr std::uint64_t kBase = 1700000000000000000ull;

/// Spans of seven services, durations from negative to an hour, attributes in changing order, some of them rare.
store::SnapshotPtr session(std::uint64_t seed, std::size_t spans, std::int64_t longestNs) {
    std::mt19937_64 random(seed);
    store::TraceStore st;
    const auto source = st.addSource(store::SourceKind::File, "test");
    for (std::size_t made = 0; made < spans;) {
        store::Batch batch;
        auto& arena = batch.arena;
        for (int r = 0; r < 7; ++r) {
            const store::Attribute name{"service.name", store::Value::ofString(arena.copy("service-" + std::to_string(r)))};
            store::ResourceRecord resource;
            resource.attributes = arena.copy(std::vector<store::Attribute>{name});
            batch.resources.push_back(resource);
        }
        for (std::size_t i = 0; i < 1000 && made < spans; ++i, ++made) {
            store::SpanRecord span;
            span.traceId = {7, made / 30 + 1};
            span.spanId = {made + 1};
            span.startNs = kBase + made * 1000 + random() % 5000;
            const auto duration = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(longestNs)) - (random() % 50 == 0 ? longestNs : 0);
            span.endNs = span.startNs + static_cast<std::uint64_t>(duration);
            span.name = arena.copy("op-" + std::to_string(random() % 300));
            span.status = static_cast<std::int32_t>(random() % 20 == 0 ? 2 : 0);
            if (random() % 11) span.resource = static_cast<std::uint32_t>(random() % 7);
            std::vector<store::Attribute> attributes{{"user", store::Value::ofString(arena.copy("u-" + std::to_string(random() % 70000)))},
                                                     {"size", store::Value::ofInt(static_cast<std::int64_t>(random() % 1000) - 500)}};
            if (random() % 3 == 0) attributes.push_back({"user", store::Value::ofString(arena.copy("u-" + std::to_string(random() % 10)))});
            if (random() % 4000 == 0) attributes.push_back({arena.copy("rare-" + std::to_string(random() % 1000)), store::Value::ofBool(true)});
            std::ranges::shuffle(attributes, random);
            if (random() % 5) span.attributes = arena.copy(attributes);
            batch.spans.push_back(span);
        }
        st.append(std::move(batch), source);
    }
    st.waitSealed();
    return st.snapshot();
}

bool passes(const store::SpanView& span, const SpanFilter& f) {
    if (f.service && span.service() != *f.service) return false;
    if (f.status && span.status() != *f.status) return false;
    if (f.longerThanNs && span.durationNs() <= *f.longerThanNs) return false;
    if (f.nameIgnoresCase ? !containsIgnoreCase(span.name(), f.nameContains) : span.name().find(f.nameContains) == std::string_view::npos) return false;
    if (!f.attribute) return true;
    return std::ranges::any_of(std::views::iota(std::size_t{0}, span.attributes().size()), [&](std::size_t i) {
        const auto a = span.attributes()[i];
        return a.key == f.attribute->key && a.value == f.attribute->value;
    });
}

std::vector<store::RowId> plainly(const store::StoreSnapshot& snapshot, const SpanFilter& filter) {
    std::vector<store::RowId> out;
    snapshot.forEachSpan([&](const store::SpanView& span) {
        if (passes(span, filter)) out.push_back(span.row());
    });
    return out;
}

std::vector<SpanFilter> filters() {
    std::vector<SpanFilter> out(1);
    const std::optional<store::ServiceId> services[] = {std::nullopt, 0, 3, 99};
    const std::optional<std::int64_t> durations[] = {std::nullopt, -1, 50000000, 4294967296, 9000000000};
    for (const auto& service : services)
        for (const auto& longer : durations)
            for (const std::optional<std::int32_t>& status : {std::optional<std::int32_t>{}, std::optional<std::int32_t>{2}}) {
                SpanFilter f;
                f.service = service;
                f.longerThanNs = longer;
                f.status = status;
                out.push_back(f);
                f.nameContains = "p-19";
                out.push_back(f);
                f.nameContains = "P-2";
                out.push_back(f);
                f.nameIgnoresCase = true;
                out.push_back(f);
            }
    for (const auto& [key, value] : {std::pair{"user", store::Value::ofString("u-3")}, {"user", store::Value::ofString("u-66666")}, {"size", store::Value::ofInt(-7)}, {"size", store::Value::ofInt(0)}, {"size", store::Value::ofInt(7)},
                                     {"size", store::Value::ofString("-7")}, {"rare-12", store::Value::ofBool(true)}, {"none", store::Value::ofInt(1)}}) {
        SpanFilter f;
        f.attribute = SpanFilter::AttributeEquals{key, value};
        out.push_back(f);
        f.longerThanNs = 1000000;
        out.push_back(f);
    }
    return out;
}

void expectLaw(const store::SnapshotPtr& snapshot, unsigned threads) {
    const SpanQuery queries(snapshot, {}, threads);
    std::size_t met = 0;
    for (const SpanFilter& filter : filters()) {
        auto want = plainly(*snapshot, filter);
        met += !want.empty();
        ASSERT_EQ(queries.count(filter), want.size());
        ASSERT_EQ(queries.rows(filter), want);
        std::vector<std::uint64_t> buckets(51, 0);
        for (const auto row : want) {
            const std::uint64_t start = snapshot->span(row).startNs();
            if (start >= kBase + 1000000 && (start - kBase - 1000000) / 2000000 < 51) ++buckets[(start - kBase - 1000000) / 2000000];
        }
        ASSERT_EQ(queries.histogram(filter, kBase + 1000000, 2000000, 51), buckets);
        std::ranges::stable_sort(want, std::ranges::greater{}, [&](store::RowId row) { return snapshot->span(row).durationNs(); });
        if (want.size() > 100) want.resize(100);
        ASSERT_EQ(queries.longest(filter, 100), want);
    }
    EXPECT_GT(met, filters().size() / 3);

    std::map<store::ServiceId, std::vector<std::int64_t>> durations;
    snapshot->forEachSpan([&](const store::SpanView& span) { durations[span.service()].push_back(span.durationNs()); });
    const auto figures = queries.byService();
    ASSERT_EQ(figures.size(), durations.size());
    for (const auto& f : figures) {
        auto& of = durations[f.service];
        std::ranges::sort(of);
        double sum = 0;
        for (const auto d : of) sum += static_cast<double>(d);
        EXPECT_EQ(f.spans, of.size());
        EXPECT_EQ(f.p99Ns, of[(of.size() * 99 + 99) / 100 - 1]);
        EXPECT_NEAR(f.meanNs, sum / static_cast<double>(of.size()), std::abs(f.meanNs) * 1e-9 + 1e-6);
    }
}

}  // namespace

TEST(SpanQuery, EqualsAPlainLoopOverShortSpans) { expectLaw(session(1, 150000, 100000000), 2); }
TEST(SpanQuery, EqualsAPlainLoopOverSpansOfMinutes) { expectLaw(session(2, 140000, 600000000000), 1); }
TEST(SpanQuery, EqualsAPlainLoopOverAnOpenSegment) { expectLaw(session(3, 3000, 20000000000), 3); }

// Times that are nonsense: durations that no 64 bits with a sign hold.
TEST(SpanQuery, EqualsAPlainLoopOverTimesFarApart) {
    constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
    constexpr std::uint64_t kTimes[] = {0, 1, kBase, kBase + 5, kHalf - 1, kHalf, kHalf + kBase, ~std::uint64_t{0}};
    for (const std::size_t different : {3u, 5u, 8u}) {
        std::mt19937_64 random(different);
        store::TraceStore st;
        const auto source = st.addSource(store::SourceKind::File, "test");
        store::Batch batch;
        for (std::size_t i = 0; i < 70000; ++i) {
            store::SpanRecord span;
            span.traceId = {7, i / 30 + 1};
            span.spanId = {i + 1};
            span.startNs = kTimes[random() % different];
            span.endNs = kTimes[random() % 8];
            batch.spans.push_back(span);
        }
        st.append(std::move(batch), source);
        st.waitSealed();
        const auto snapshot = st.snapshot();
        const SpanQuery queries(snapshot);
        for (const std::int64_t limit : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX - 1, INT64_MAX}) {
            SpanFilter filter;
            filter.longerThanNs = limit;
            EXPECT_EQ(queries.rows(filter), plainly(*snapshot, filter)) << limit;
        }
        std::vector<std::int64_t> durations;
        snapshot->forEachSpan([&](const store::SpanView& span) { durations.push_back(span.durationNs()); });
        std::ranges::sort(durations);
        EXPECT_EQ(queries.byService().at(0).p99Ns, durations[(durations.size() * 99 + 99) / 100 - 1]);
    }
}

// All of a segment at the far end, where a limit plus one would begin anew.
TEST(SpanQuery, NothingIsLongerThanTheLongest) {
    store::TraceStore st;
    const auto source = st.addSource(store::SourceKind::File, "test");
    store::Batch batch;
    for (std::size_t i = 0; i < 65536; ++i) {
        store::SpanRecord span;
        span.traceId = {7, 1};
        span.spanId = {i + 1};
        span.startNs = std::uint64_t{1} << 63;
        span.endNs = 0;
        batch.spans.push_back(span);
    }
    st.append(std::move(batch), source);
    st.waitSealed();
    SpanFilter filter;
    filter.longerThanNs = INT64_MAX;
    EXPECT_EQ(SpanQuery(st.snapshot()).count(filter), 0u);
}

TEST(SpanQuery, AnEmptySessionHasNothing) {
    store::TraceStore st;
    const SpanQuery queries(st.snapshot());
    EXPECT_EQ(queries.count({}), 0u);
    EXPECT_TRUE(queries.rows({}).empty());
    EXPECT_TRUE(queries.byService().empty());
}
