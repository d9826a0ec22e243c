// SPDX-License-Identifier: GPL-3.0-or-later
// The store and what is built on it: the laws of the unit tests, driven by a fuzzer's bytes, and a whole session.
#include <memory>

#include "ingest/importers/registry.h"
#include "model/analysis/counts.h"
#include "model/analysis/findings.h"
#include "model/analysis/service_map.h"
#include "model/core/text.h"
#include "model/export/jaeger_json.h"
#include "model/export/zipkin_json.h"
#include "model/store/trace_store.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/forest_law.h"
#include "tests/unit/store_model.h"
#include "views/geometry/svg_writer.h"
#include "views/geometry/timeline_picture.h"

namespace spanreel::fuzz {

void fuzzStore(std::string_view bytes) {
    test::Draw draw(bytes);
    store::TraceStore store;
    test::StoreModel model(store);
    std::vector<store::SourceId> sources{model.addSource()};
    store::SnapshotPtr early;
    for (int round = 0; round < 6 && !draw.ended(); ++round) {
        if (draw.chance(20)) sources.push_back(model.addSource());
        const auto source = sources[draw.below(sources.size())];
        const auto group = draw.below(3);
        model.append(test::drawBatch(draw), source, group);
        if (draw.chance(30)) early = store.snapshot();
    }
    require(store.snapshot()->spanCount() == model.spans() && store.snapshot()->logCount() == model.logs(), "records are missing");
    if (early) {
        const auto wrong = model.check(*early);
        require(wrong.empty(), wrong);
    }
    const auto wrong = model.check(*store.snapshot());
    require(wrong.empty(), wrong);
}

void fuzzForest(std::string_view bytes) {
    test::Draw draw(bytes);
    const auto wrong = test::forestLaw(draw);
    require(wrong.empty(), wrong);
}

void fuzzSession(std::string_view bytes) {
    struct StoreSink final : ingest::BatchSink {
        store::TraceStore store;
        store::SourceId source = store.addSource(store::SourceKind::File, "f");
        void accept(store::Batch batch, std::uint64_t group) override { store.append(std::move(batch), source, group); }
    } sink;
    const auto* format = ingest::chooseImporter(bytes.substr(0, 4096), bytes.size() <= 4096);
    if (!format) return;
    store::ImportReport report;
    report.format = format->name;
    ingest::ImportContext context{sink, report, "f", {}};
    const auto reader = format->create();
    reader->feed(bytes, context);
    reader->finish(context);
    sink.store.updateSource(sink.source, report, true);
    const auto snapshot = sink.store.snapshot();
    require(report.kept == snapshot->spanCount() + snapshot->logCount() + snapshot->metricCount(), "kept is not what the store has");

    std::vector<store::ImportReport*> reports{&report};
    analysis::addTraceFindings(snapshot, reports);
    require(report.warned <= report.kept, "more warned than kept");
    const auto counts = analysis::countSession(snapshot);
    require(counts.spans == snapshot->spanCount() && counts.logs == snapshot->logCount() && counts.metrics == snapshot->metricCount(), "counts differ");
    require(counts.errors <= counts.spans && counts.orphans <= counts.spans && counts.duplicates <= counts.spans && counts.traces <= counts.spans && counts.logTraces <= counts.logs, "more of some than of all");
    std::uint64_t spans = 0, orphans = 0, duplicates = 0, traces = 0;
    for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
        if (snapshot->trace(t).spanCount == 0) continue;
        const auto trace = trace::Trace::assemble(snapshot, snapshot->trace(t).id);
        require(trace.has_value(), "a trace that cannot be put together");
        const auto wrong = test::traceLaw(**trace);
        require(wrong.empty(), wrong);
        spans += (*trace)->recordCount();
        orphans += (*trace)->orphanCount();
        duplicates += (*trace)->duplicateCount();
        ++traces;
        const auto map = analysis::mapOfTrace(**trace);
        require(map.nodeOfSpan.size() == (*trace)->nodes().size(), "a span on no node of the map");
        for (const auto& edge : map.map.edges) require(edge.from < map.map.nodes.size() && edge.to < map.map.nodes.size() && edge.errors <= edge.calls, "an edge to nowhere");
        const auto picture = views::geometry::timelinePicture(**trace);
        const std::string svg = views::geometry::toSvg(picture, [](const auto&) { return std::string("#000000"); });
        require(isValidUtf8(svg) && svg.find("<script") == std::string::npos, "a picture that is none");
        for (const char c : svg) require(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t', "a control character in a picture");
    }
    require(spans == counts.spans && orphans == counts.orphans && duplicates == counts.duplicates && traces == counts.traces, "traces and counts differ");

    for (const auto write : {exporting::writeJaegerJson, exporting::writeZipkinJson}) {
        std::string json;
        otlp::LossCount losses;
        write(*snapshot, [&](std::string_view text) { json += text; }, losses);
        require(isValidUtf8(json), "an export that is no UTF-8");
        const bool jaeger = write == exporting::writeJaegerJson;
        struct CountSink final : ingest::BatchSink {
            std::uint64_t spans = 0;
            void accept(store::Batch batch, std::uint64_t) override { spans += batch.spans.size(); }
        } again;
        store::ImportReport told;
        ingest::ImportContext readContext{again, told, "f", {}};
        for (const auto& importer : ingest::importers()) {
            if (std::string_view(importer.name) != (jaeger ? "jaeger-json" : "zipkin-json")) continue;
            const auto exported = importer.create();
            exported->feed(json, readContext);
            exported->finish(readContext);
        }
        require(again.spans == snapshot->spanCount() && told.skipped == 0, std::string(jaeger ? "Jaeger" : "Zipkin") + " JSON of ours is not read whole: " + std::to_string(again.spans) + " of " + std::to_string(snapshot->spanCount()));
    }
}

}  // namespace spanreel::fuzz
