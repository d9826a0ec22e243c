// SPDX-License-Identifier: GPL-3.0-or-later
// How fast requests become rows and rows become a trace. Data is made here: traces of 30 spans over 12 services with
// about ten attributes a span, 500 spans a request. Figures only; compare runs of one machine.
#include <benchmark/benchmark.h>

#include "ingest/importers/otlp_json_importer.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/analysis/service_map.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/encode_proto.h"
#include "tests/unit/test_batch.h"

using namespace spanreel;

namespace {

constexpr std::uint64_t kSpansPerTrace = 30;
constexpr std::uint64_t kSpansPerRequest = 500;

void fill(test::TestBatch& batch, std::uint64_t first, std::uint64_t count, std::uint64_t spansPerTrace) {
    for (std::uint64_t i = first; i < first + count; ++i) {
        const std::uint64_t inTrace = i % spansPerTrace;
        test::TestBatch::SpanSpec span;
        span.trace = {0x1234, i / spansPerTrace + 1};
        span.id = i + 1;
        span.parent = inTrace == 0 ? 0 : i - inTrace + 1 + (inTrace - 1) / 4;
        span.service = "service-" + std::to_string(inTrace % 12);
        span.name = "GET /route/" + std::to_string(i % 16);
        span.start = static_cast<std::int64_t>(i * 1000);
        span.end = span.start + static_cast<std::int64_t>(1000000 / (inTrace + 1));
        span.kind = 2;
        span.status = i % 33 == 0 ? 2 : 0;
        for (int a = 0; a < 10; ++a) span.attributes["attribute." + std::to_string(a)] = "value " + std::to_string(i % (10u << a));
        batch.span(span);
    }
}

store::SnapshotPtr session(std::uint64_t spans, std::uint64_t spansPerTrace) {
    store::TraceStore st;
    test::TestBatch batch;
    for (std::uint64_t i = 0; i < spans; i += kSpansPerRequest) {
        fill(batch, i, std::min(kSpansPerRequest, spans - i), spansPerTrace);
        batch.into(st);
    }
    return st.snapshot();
}

template <class Encode>
std::vector<std::shared_ptr<const std::string>> requests(Encode encode) {
    std::vector<std::shared_ptr<const std::string>> out;
    const auto snapshot = session(20000, kSpansPerTrace);
    std::vector<store::RowId> rows;
    snapshot->forEachSpan([&](const store::SpanView& span) {
        rows.push_back(span.row());
        if (rows.size() < kSpansPerRequest) return;
        out.push_back(std::make_shared<const std::string>(encode(*snapshot, rows)));
        rows.clear();
    });
    return out;
}

template <class Decode>
void importRequests(benchmark::State& state, const std::vector<std::shared_ptr<const std::string>>& bodies, Decode decode) {
    std::size_t bytes = 0, spans = 0;
    for (auto _ : state) {
        store::TraceStore st;
        const auto source = st.addSource(store::SourceKind::File, "bench");
        for (const auto& body : bodies) {
            auto decoded = decode(body);
            if (!decoded) return state.SkipWithError("a request does not decode");
            spans += decoded->batch.spans.size();
            bytes += body->size();
            st.append(std::move(decoded->batch), source);
        }
        benchmark::DoNotOptimize(st.snapshot());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.SetItemsProcessed(static_cast<std::int64_t>(spans));
}

const std::vector<std::shared_ptr<const std::string>>& protobufRequests() {
    static const auto bodies = requests([](const store::StoreSnapshot& s, const std::vector<store::RowId>& rows) { return otlp::encodeTracesProto(s, rows); });
    return bodies;
}

const std::vector<std::shared_ptr<const std::string>>& jsonRequests() {
    static const auto bodies = requests([](const store::StoreSnapshot& s, const std::vector<store::RowId>& rows) {
        otlp::JsonEncoder encoder(s);
        for (const auto row : rows) encoder.add(s.span(row));
        return encoder.finish();
    });
    return bodies;
}

template <class Decode>
void decodeRequests(benchmark::State& state, const std::vector<std::shared_ptr<const std::string>>& bodies, Decode decode) {
    std::size_t bytes = 0, spans = 0;
    for (auto _ : state) {
        for (const auto& body : bodies) {
            const auto decoded = decode(body);
            if (!decoded) return state.SkipWithError("a request does not decode");
            spans += decoded->batch.spans.size();
            bytes += body->size();
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.SetItemsProcessed(static_cast<std::int64_t>(spans));
}

void protobufToBatch(benchmark::State& state) {
    decodeRequests(state, protobufRequests(), [](const auto& body) { return ingest::decodeOtlpProtobuf(ingest::Signal::Traces, body); });
}
BENCHMARK(protobufToBatch)->Unit(benchmark::kMillisecond);

void jsonToBatch(benchmark::State& state) {
    decodeRequests(state, jsonRequests(), [](const auto& body) { return ingest::decodeOtlpJson(ingest::Signal::Traces, body); });
}
BENCHMARK(jsonToBatch)->Unit(benchmark::kMillisecond);

void jsonToBatchTolerantly(benchmark::State& state) {
    decodeRequests(state, jsonRequests(), [](const auto& body) { return ingest::decodeOtlpJsonTolerantly(ingest::Signal::Traces, body); });
}
BENCHMARK(jsonToBatchTolerantly)->Unit(benchmark::kMillisecond);

/// Takes batches and keeps nothing.
struct NoSink final : ingest::BatchSink {
    void accept(store::Batch batch, std::uint64_t) override { spans += batch.spans.size(); }
    std::size_t spans = 0;
};

/// A file of 60,000 spans to batches; the argument is the number of threads. `single`: one document, not one a line.
void jsonFile(benchmark::State& state, bool single) {
    std::string text = single ? "{\"resourceSpans\":[" : "";
    for (int i = 0; i < 3; ++i) {
        for (const auto& body : jsonRequests()) {
            if (!single) text += *body + "\n";
            else text += std::string(text.size() > 18 ? "," : "") + body->substr(18, body->rfind("]}") - 18);
        }
    }
    if (single) text += "]}\n";
    std::size_t spans = 0;
    for (auto _ : state) {
        NoSink sink;
        store::ImportReport report;
        ingest::ImportContext context{sink, report, "bench", {}};
        const auto importer = ingest::makeOtlpJsonImporter({.threads = static_cast<unsigned>(state.range(0))});
        for (std::size_t i = 0; i < text.size(); i += 256 * 1024) importer->feed(std::string_view(text).substr(i, 256 * 1024), context);
        importer->finish(context);
        if (report.skipped) return state.SkipWithError("the file does not decode");
        spans += sink.spans;
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
    state.SetItemsProcessed(static_cast<std::int64_t>(spans));
}
BENCHMARK_CAPTURE(jsonFile, lines, false)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(jsonFile, document, true)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

void protobufToRows(benchmark::State& state) {
    importRequests(state, protobufRequests(), [](const auto& body) { return ingest::decodeOtlpProtobuf(ingest::Signal::Traces, body); });
}
BENCHMARK(protobufToRows)->Unit(benchmark::kMillisecond);

void jsonToRows(benchmark::State& state) {
    importRequests(state, jsonRequests(), [](const auto& body) { return ingest::decodeOtlpJson(ingest::Signal::Traces, body); });
}
BENCHMARK(jsonToRows)->Unit(benchmark::kMillisecond);

void assembleTrace(benchmark::State& state) {
    const auto spans = static_cast<std::uint64_t>(state.range(0));
    const auto snapshot = session(spans, spans);
    for (auto _ : state) benchmark::DoNotOptimize(trace::Trace::assemble(snapshot, snapshot->trace(0).id));
    state.SetItemsProcessed(static_cast<std::int64_t>(spans) * state.iterations());
    state.SetComplexityN(state.range(0));
}
BENCHMARK(assembleTrace)->Arg(30)->Arg(10000)->Arg(100000)->Complexity(benchmark::oNLogN)->Unit(benchmark::kMicrosecond);

void mapOfSession(benchmark::State& state) {
    const auto snapshot = session(static_cast<std::uint64_t>(state.range(0)), kSpansPerTrace);
    for (auto _ : state) benchmark::DoNotOptimize(analysis::mapOfSession(snapshot));
    state.SetItemsProcessed(state.range(0) * state.iterations());
}
BENCHMARK(mapOfSession)->Arg(3000)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
