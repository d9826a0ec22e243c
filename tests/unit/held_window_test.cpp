// SPDX-License-Identifier: GPL-3.0-or-later
// Importers that hold spans back until more is known: no more than kHeldBytes of them, and nothing is lost by it.
#include <gtest/gtest.h>

#include <map>

#include "ingest/importers/held_window.h"
#include "ingest/importers/jaeger_json_importer.h"
#include "ingest/importers/packed_texts.h"
#include "ingest/importers/zipkin_json_importer.h"

namespace spanreel::ingest {
namespace {

/// Keeps ids and marks of what comes, and how much had been fed when the first came.
struct Ids final : BatchSink {
    struct Span {
        TraceId trace;
        SpanId id, parent;
        bool made;
        std::string service;
    };
    std::vector<Span> spans;
    std::map<std::string, std::size_t> names;
    void accept(store::Batch batch, std::uint64_t) override {
        for (const auto& span : batch.spans) {
            std::string service;
            if (span.resource != store::kNone)
                for (const auto& attribute : batch.resources[span.resource].attributes) service = attribute.value.text;
            spans.push_back({span.traceId, span.spanId, span.parentId, (span.marks & store::kMarkIdMadeByUs) != 0, service});
            ++names[std::string(span.name)];
        }
    }
};

const std::string kLong(2000, 'x');

std::string zipkinSpan(std::size_t trace, std::size_t id, const char* kind, const char* service, std::size_t parent = 0) {
    return "{\"traceId\":\"" + std::to_string(trace) + "\",\"id\":\"" + std::to_string(id) + "\",\"name\":\"" + kind + "\",\"kind\":\"" + kind + "\",\"timestamp\":1760000000000000,\"localEndpoint\":{\"serviceName\":\"" +
           service + "\"},\"tags\":{\"k\":\"" + kLong + "\"}" + (parent ? ",\"parentId\":\"" + std::to_string(parent) + "\"}" : "}");
}

TEST(HeldWindow, ZipkinHandsOnTracesThatAreLikelyToBeComplete) {
    Ids sink;
    store::ImportReport report;
    ImportContext context{sink, report, "f", {}};
    const auto importer = zipkinJsonImporter().create();
    constexpr std::size_t kTraces = 20'000, kApart = 50;
    importer->feed("[", context);
    std::size_t early = 0;
    for (std::size_t i = 10; i < kTraces + 10 + 2 * kApart; ++i) {
        std::string text;
        if (i < kTraces + 10) text += zipkinSpan(i, i, "CLIENT", "a") + ",";
        if (i >= 10 + kApart && i < kTraces + 10 + kApart) text += zipkinSpan(i - kApart, i - kApart, "SERVER", "b") + ",";
        if (i >= 10 + 2 * kApart) text += zipkinSpan(i - 2 * kApart, i, "INTERNAL", "b", i - 2 * kApart) + ",";
        importer->feed(text, context);
        if (i == kTraces / 2) early = sink.spans.size();
    }
    importer->feed("{}]", context);
    importer->finish(context);
    EXPECT_GT(early, 0u);
    EXPECT_EQ(report.kept, 3 * kTraces);
    ASSERT_EQ(sink.spans.size(), 3 * kTraces);
    EXPECT_EQ(sink.names, (std::map<std::string, std::size_t>{{"CLIENT", kTraces}, {"SERVER", kTraces}, {"INTERNAL", kTraces}}));
    std::map<std::uint64_t, SpanId> server;
    std::size_t made = 0, wrong = 0;
    for (const auto& span : sink.spans) {
        wrong += span.service.empty();
        if (!span.made) continue;
        ++made;
        server[span.trace.low] = span.id;
    }
    EXPECT_EQ(made, kTraces);
    for (const auto& span : sink.spans)
        if (span.parent.isValid() && !span.made) wrong += span.parent != server[span.trace.low];
    EXPECT_EQ(wrong, 0u);
}

TEST(HeldWindow, ATraceTooLongToBeHeldIsKept) {
    Ids sink;
    store::ImportReport report;
    ImportContext context{sink, report, "f", {}};
    const auto importer = zipkinJsonImporter().create();
    constexpr std::size_t kSpans = 100'000;
    std::size_t early = 0;
    for (std::size_t i = 0; i < kSpans; ++i) {
        importer->feed((i ? "," : "[") + zipkinSpan(7, i + 1, "SERVER", "b", i), context);
        if (i == kSpans / 2) early = sink.spans.size();
    }
    importer->feed("]", context);
    importer->finish(context);
    EXPECT_GT(early, 0u);
    EXPECT_EQ(report.kept, kSpans);
    EXPECT_EQ(sink.spans.size(), kSpans);
}

TEST(HeldWindow, ALongJaegerTrace) {
    constexpr std::size_t kSpans = 100'000;
    const std::string processes = "\"processes\":{\"p0\":{\"serviceName\":\"a\"},\"p1\":{\"serviceName\":\"b\"}}";
    for (const bool late : {false, true}) {
        Ids sink;
        store::ImportReport report;
        ImportContext context{sink, report, "f", {}};
        const auto importer = jaegerJsonImporter().create();
        importer->feed("{\"data\":[{\"traceID\":\"7\"," + (late ? "" : processes + ",") + "\"spans\":[", context);
        std::size_t early = 0;
        for (std::size_t i = 0; i < kSpans; ++i) {
            importer->feed((i ? "," : "") + std::string("{\"traceID\":\"7\",\"spanID\":\"") + std::to_string(i + 1) + "\",\"operationName\":\"n\",\"startTime\":1760000000000000,\"duration\":1,\"processID\":\"p" + std::to_string(i % 2) +
                               "\",\"tags\":[{\"key\":\"k\",\"type\":\"string\",\"value\":\"" + kLong + "\"}]}", context);
            if (i == kSpans / 2) early = sink.spans.size();
        }
        importer->feed("]" + (late ? "," + processes : "") + "}]}", context);
        importer->finish(context);
        EXPECT_EQ(early > 0, !late);
        EXPECT_EQ(report.kept, kSpans);
        EXPECT_EQ(report.skipped, 0u);
        ASSERT_EQ(sink.spans.size(), kSpans);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < kSpans; ++i) wrong += sink.spans[i].service != (i % 2 ? "b" : "a");
        EXPECT_EQ(wrong, 0u);
    }
}

TEST(PackedTexts, ComeBackAsTheyWere) {
    PackedTexts packed;
    std::vector<std::string> texts{"", "a", std::string(3u << 20, 'x'), std::string("\0\n", 2)};
    for (std::size_t i = 0; i < 3000; ++i) texts.push_back(std::string(i, static_cast<char>('a' + i % 26)));
    for (std::size_t i = 0; i < texts.size(); ++i) packed.add(i * 7, texts[i]);
    std::size_t next = 0;
    packed.takeAll([&](std::uint64_t offset, std::string_view text) {
        EXPECT_EQ(offset, next * 7);
        EXPECT_EQ(text, texts[next++]);
        return true;
    });
    EXPECT_EQ(next, texts.size());
    EXPECT_TRUE(packed.empty());
}

}  // namespace
}  // namespace spanreel::ingest
