// SPDX-License-Identifier: GPL-3.0-or-later
// Traces of hostile shapes: each is read, put together and laid out, and every span can be reached.
#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/importers/registry.h"
#include "model/analysis/service_map.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/encode_proto.h"
#include "model/otlp/value_walk.h"
#include "model/store/trace_store.h"
#include "tests/unit/forest_law.h"
#include "views/geometry/svg_writer.h"
#include "views/geometry/timeline_layout.h"
#include "views/geometry/timeline_picture.h"

namespace spanreel {
namespace {

using namespace views::geometry;
using trace::NodeId;

constexpr std::uint64_t kBase = 1700000000000000000ull;

store::SpanRecord span(std::uint64_t id, std::uint64_t parent, std::uint64_t start, std::uint64_t end) {
    store::SpanRecord s;
    s.traceId = {0, 1};
    s.spanId = {id};
    s.parentId = {parent};
    s.name = "op";
    s.startNs = kBase + start;
    s.endNs = kBase + end;
    return s;
}

/// The records as a file of this format.
template <class Encoder>
std::string fileOf(const store::StoreSnapshot& snapshot) {
    Encoder encoder(snapshot);
    snapshot.forEachSpan([&](const store::SpanView& s) { encoder.add(s); });
    return encoder.finish();
}

struct StoreSink final : ingest::BatchSink {
    store::TraceStore store;
    store::SourceId source = store.addSource(store::SourceKind::File, "f");
    void accept(store::Batch batch, std::uint64_t group) override { store.append(std::move(batch), source, group); }
};

store::SnapshotPtr import(const std::string& bytes, const char* format) {
    const auto* importer = ingest::chooseImporter(std::string_view(bytes).substr(0, 4096), bytes.size() <= 4096);
    EXPECT_TRUE(importer && std::string_view(importer->name) == format) << format;
    if (!importer) return nullptr;
    StoreSink sink;
    store::ImportReport report;
    ingest::ImportContext context{sink, report, "f", {}};
    const auto reader = importer->create();
    for (std::size_t at = 0; at < bytes.size(); at += 1 << 20) reader->feed(std::string_view(bytes).substr(at, 1 << 20), context);
    reader->finish(context);
    const auto snapshot = sink.store.snapshot();
    EXPECT_EQ(report.kept, snapshot->spanCount()) << format;
    EXPECT_EQ(report.skipped, 0u) << format;
    return snapshot;
}

/// Reads the batch as a protobuf and as a JSON file, checks what is assembled and drawn, and gives back the latter trace.
trace::TracePtr opened(store::Batch batch) {
    const std::size_t count = batch.spans.size();
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::File, "made");
    store.append(std::move(batch), source);
    const auto made = store.snapshot();
    trace::TracePtr out;
    for (const bool json : {false, true}) {
        const auto snapshot = json ? import(fileOf<otlp::JsonEncoder>(*made), "otlp-json") : import(fileOf<otlp::ProtoEncoder>(*made), "otlp-proto");
        if (!snapshot) return nullptr;
        EXPECT_EQ(snapshot->spanCount(), count);
        auto assembled = trace::Trace::assemble(snapshot, TraceId{0, 1});
        EXPECT_TRUE(assembled.has_value());
        if (!assembled) return nullptr;
        out = *assembled;
    }
    EXPECT_EQ(test::traceLaw(*out), "");
    EXPECT_EQ(out->nodes().size(), count);
    if (out->nodes().empty()) return nullptr;

    // By id, by row, and in the timeline: opened as it first shows, with everything open, and revealed one by one.
    for (NodeId n = 0; n < out->nodes().size(); ++n) EXPECT_EQ(out->find(out->span(n).spanId()), n);
    const TimelineRows all(out, {});
    EXPECT_EQ(all.size(), count);
    TimelineRows rows(out, Expansion::sensible(*out));
    EXPECT_GE(rows.size(), 1u);
    const auto index = TimelineIndex::build(out);
    EXPECT_TRUE(index);
    if (!index) return nullptr;
    const auto last = static_cast<NodeId>(out->nodes().size() - 1);
    for (const NodeId n : {last, last / 2, last / 3, NodeId{0}}) {
        rows.reveal(n);
        const auto row = rows.rowOf(n);
        EXPECT_TRUE(row.has_value());
        if (!row) return nullptr;
        TimelineFrame frame;
        frame.index = index.get();
        frame.rows = &rows;
        frame.window = TimeWindow::whole(static_cast<double>(out->durationNs()));
        frame.firstRow = *row;
        frame.rowCount = 40;
        frame.measure = approximateTextWidth;
        Picture picture;
        drawRows(frame, picture);
        EXPECT_FALSE(picture.shapes.empty());
        EXPECT_EQ(hitTest(frame, frame.metrics.treeWidth - 20, frame.metrics.rowHeight / 2).node, n);
    }
    EXPECT_FALSE(timelinePicture(*out).shapes.empty());
    EXPECT_EQ(analysis::mapOfTrace(*out).nodeOfSpan.size(), count);
    return out;
}

TEST(Shapes, AChainOf100000) {
    store::Batch batch;
    constexpr std::uint64_t kLength = 100000;
    for (std::uint64_t i = kLength; i >= 1; --i) batch.spans.push_back(span(i, i - 1, i, 2 * kLength - i));  // children come first
    const auto trace = opened(std::move(batch));
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->maxDepth(), kLength);
    EXPECT_EQ(trace->roots().size(), 1u);
}

TEST(Shapes, ARootWith100000Children) {
    store::Batch batch;
    constexpr std::uint64_t kChildren = 100000;
    batch.spans.push_back(span(1, 0, 0, kChildren));
    for (std::uint64_t i = 0; i < kChildren; ++i) batch.spans.push_back(span(2 + i, 1, i, i + 1 + i % 50));
    const auto trace = opened(std::move(batch));
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->node(0).childCount, kChildren);
    EXPECT_EQ(trace->node(0).selfNs, 0);
}

TEST(Shapes, TenThousandRoots) {
    store::Batch batch;
    for (std::uint64_t i = 1; i <= 10000; ++i) batch.spans.push_back(span(i, 0, i % 97, i % 97 + i));
    const auto trace = opened(std::move(batch));
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->roots().size(), 10000u);
    EXPECT_EQ(trace->node(trace->mainRoot()).durationNs, 10000);
}

TEST(Shapes, ACycleOf1000) {
    store::Batch batch;
    for (std::uint64_t i = 1; i <= 1000; ++i) batch.spans.push_back(span(i, i % 1000 + 1, i, i + 5));
    const auto trace = opened(std::move(batch));
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->maxDepth(), 1000u);
    EXPECT_EQ(trace->roots().size(), 1u);
    EXPECT_TRUE(trace->node(0).has(trace::kCycle));
    EXPECT_EQ(trace->span(0).spanId().value, 1u) << "cut at its earliest span";
}

TEST(Shapes, TenThousandAttributesOnASpan) {
    store::Batch batch;
    std::vector<store::Attribute> attributes;
    for (int i = 0; i < 10000; ++i) attributes.push_back({batch.arena.copy(std::string_view("key." + std::to_string(i % 7000))), store::Value::ofInt(i)});
    auto record = span(1, 0, 0, 10);
    record.attributes = batch.arena.copy(attributes);
    batch.spans.push_back(record);
    const auto trace = opened(std::move(batch));
    ASSERT_TRUE(trace);
    const auto have = trace->span(0).attributes();
    ASSERT_EQ(have.size(), 10000u);
    for (int i = 0; i < 10000; ++i) {
        ASSERT_EQ(have[static_cast<std::size_t>(i)].key, "key." + std::to_string(i % 7000)) << i;
        ASSERT_EQ(have[static_cast<std::size_t>(i)].value.asInt(), i);
    }
    EXPECT_EQ(have.find("key.1")->asInt(), 1) << "the first of a repeated key";
}

TEST(Shapes, AValueOf4MiB) {
    store::Batch batch;
    std::string text;
    while (text.size() < 4u << 20) text += "0123456789 \xC3\xA4 \" \\ line\n";
    const store::Attribute attributes[] = {{"big", store::Value::ofString(text)}, {"after", store::Value::ofBool(true)}};
    auto record = span(1, 0, 0, 10);
    record.attributes = attributes;
    record.name = text;
    batch.spans.push_back(record);
    const auto trace = opened(std::move(batch));
    ASSERT_TRUE(trace);
    const auto s = trace->span(0);
    EXPECT_EQ(s.name(), text);
    EXPECT_EQ(s.attributes().text("big"), text);
    EXPECT_TRUE(s.attributes().find("after")->asBool());
    EXPECT_LT(otlp::valueToDisplayText(s.attributes()[0].value).size(), 5000u);
    EXPECT_LT(toSvg(timelinePicture(*trace), [](const Ink&) { return std::string("#000000"); }).size(), 100000u) << "a picture shows its beginning";
}

}  // namespace
}  // namespace spanreel
