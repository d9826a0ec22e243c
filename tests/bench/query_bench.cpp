// SPDX-License-Identifier: GPL-3.0-or-later
// Questions over ten million spans, of the shape common column stores are measured with: 12 services, 200 operations,
// durations below 100 ms, 3 % errors, 200,000 users. SPANREEL_BENCH_SPANS changes the number.
#include <cstdlib>

#include <benchmark/benchmark.h>

#include "model/query/span_query.h"
#include "model/store/trace_store.h"

using namespace spanreel;

namespace {

constexpr std::uint64_t kBase = 1760000000000000000ull;
constexpr const char* kServices[] = {"frontend", "gateway",  "checkout",       "cart",      "catalog",      "payment",
                                     "shipping", "currency", "recommendation", "inventory", "email-worker", "fraud-detection"};

std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ x >> 27) * 0x94D049BB133111EBull;
    return x ^ x >> 31;
}

const store::SnapshotPtr& session() {
    static const store::SnapshotPtr snapshot = [] {
        const char* wanted = std::getenv("SPANREEL_BENCH_SPANS");
        const std::uint64_t spans = wanted ? std::strtoull(wanted, nullptr, 10) : 10000000;
        store::TraceStore st;
        const auto source = st.addSource(store::SourceKind::File, "bench");
        for (std::uint64_t first = 0; first < spans; first += 8192) {
            store::Batch batch;
            auto& arena = batch.arena;
            for (const char* name : kServices) {
                store::ResourceRecord resource;
                resource.attributes = arena.copy(std::vector<store::Attribute>{{"service.name", store::Value::ofString(name)}});
                batch.resources.push_back(resource);
            }
            for (std::uint64_t i = first; i < std::min(spans, first + 8192); ++i) {
                store::SpanRecord span;
                span.traceId = {1, mixed(i / 30) | 1};
                span.spanId = {mixed(i) | 1};
                span.resource = static_cast<std::uint32_t>(mixed(i * 3 + 1) % 12);
                span.name = arena.copy("op-" + std::to_string(mixed(i * 5 + 2) % 200));
                span.startNs = kBase + i * 1000;
                span.endNs = span.startNs + mixed(i * 7 + 3) % 100000000;
                span.status = mixed(i * 11 + 4) % 100 < 3 ? 2 : 0;
                const std::string user = "u-" + std::to_string(mixed(i * 13 + 5) % 200000);
                span.attributes = arena.copy(std::vector<store::Attribute>{{"user.id", store::Value::ofString(arena.copy(user))}});
                batch.spans.push_back(span);
            }
            st.append(std::move(batch), source);
        }
        st.waitSealed();
        return st.snapshot();
    }();
    return snapshot;
}

query::SpanFilter slowPaymentErrors() {
    query::SpanFilter f;
    for (store::ServiceId s = 0; s < session()->services().size(); ++s)
        if (session()->services()[s].name == "payment") f.service = s;
    f.longerThanNs = 50000000;
    f.status = 2;
    return f;
}

template <class Ask>
void run(benchmark::State& state, Ask ask) {
    const query::SpanQuery queries(session(), {}, static_cast<unsigned>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(ask(queries));
}

void countOfThree(benchmark::State& state) {
    run(state, [f = slowPaymentErrors()](const query::SpanQuery& q) { return q.count(f); });
}
void top100(benchmark::State& state) {
    run(state, [f = slowPaymentErrors()](const query::SpanQuery& q) { return q.longest(f, 100); });
}
void attributeEquals(benchmark::State& state) {
    query::SpanFilter f;
    f.attribute = query::SpanFilter::AttributeEquals{"user.id", store::Value::ofString("u-77777")};
    run(state, [f](const query::SpanQuery& q) { return q.count(f); });
}
void nameHolds(benchmark::State& state) {
    query::SpanFilter f;
    f.nameContains = "p-19";
    f.longerThanNs = 90000000;
    run(state, [f](const query::SpanQuery& q) { return q.count(f); });
}
void groupByService(benchmark::State& state) {
    run(state, [](const query::SpanQuery& q) { return q.byService(); });
}
void histogram51(benchmark::State& state) {
    query::SpanFilter f;
    f.service = slowPaymentErrors().service;
    run(state, [f](const query::SpanQuery& q) { return q.histogram(f, kBase, 200000000, 51); });
}
BENCHMARK(countOfThree)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(top100)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(attributeEquals)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(nameHolds)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(groupByService)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(histogram51)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
