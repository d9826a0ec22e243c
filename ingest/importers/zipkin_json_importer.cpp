// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/zipkin_json_importer.h"

#include "ingest/importers/json_records.h"
#include "ingest/importers/shared_ids.h"
#include "ingest/importers/sniff.h"
#include "ingest/importers/zipkin_json_span.h"

namespace spanreel::ingest {
namespace {

enum Tag : int { kTop = 1, kTrace, kSpan };

/// Names of a span that nothing inside one begins with.
const std::vector<std::string_view> kNames = {"traceId", "id", "parentId", "name", "kind", "duration", "localEndpoint", "shared", "debug"};

/// Zipkin's JSON: a list of spans, a list of traces (the /api/v2/traces reply), a bare span, or any of them one a line.
/// Halves of a call that share an id may lie anywhere in the file, so spans are held until its end.
class ZipkinJsonImporter final : public Importer, private SplitHandler {
public:
    ZipkinJsonImporter() : m_rule{"", kTop, true, {{"*", kTrace, true, {{"*", kSpan, false, {}, kNames}}, kNames}}, kNames}, m_splitter(m_rule, *this) {}

    void feed(std::string_view bytes, ImportContext& context) override {
        if (context.stop.stop_requested()) return;
        m_context = &context;
        m_splitter.feed(bytes);
    }
    void finish(ImportContext& context) override {
        m_context = &context;
        m_splitter.finish();
        auto& batches = m_batcher.held();
        joinShortTraceIds(batches, m_spans, [&](HeldSpan& held) {
            const auto offset = m_offsets[static_cast<std::size_t>(&held - m_spans.data())];
            context.report.warn(ProblemCode::FlaggedValue, "64-bit trace id joined with the 128-bit one", {context.file, static_cast<std::int64_t>(offset), -1});
            held.warned = true;
        });
        splitSharedIds(batches, m_spans);
        for (const auto& held : m_spans) context.report.warned += held.warned;
        m_batcher.release(context);
        m_spans.clear();
        m_offsets.clear();
    }

private:
    bool value(const JsonPiece& piece) override {
        if (!m_document.read(piece.bytes)) {
            noteBadRecord(*m_context, m_splitter, piece.offset, m_document.error());
            return false;
        }
        const JsonValue root = m_document.root();
        m_batcher.begin(*m_context);
        ItemNotes notes(*m_context, placeOf(*m_context, m_splitter, piece.offset));
        noteRepairs(m_document, notes);
        if (!root.isObject() || !root["traceId"].exists()) {
            notes.skip(ProblemCode::BadValue, "an object that is no span: " + plainText(root).substr(0, 60));
            return true;
        }
        ZipkinSpan span;
        Arena& arena = m_batcher.arena();
        if (!(isZipkinV1(root) ? readZipkinV1Span(root, arena, notes, span) : readZipkinV2Span(root, arena, notes, span))) return true;
        if (!span.service.empty()) {
            span.record.resource = m_batcher.resource(span.service, [&](Arena& a) {
                auto attributes = a.array<store::Attribute>(1);
                attributes[0] = {"service.name", store::Value::ofString(span.service)};
                store::ResourceRecord resource;
                resource.attributes = attributes;
                return resource;
            });
        }
        span.record.scope = m_batcher.scope(span.tags.scopeName, span.tags.scopeVersion);
        auto& batch = m_batcher.held().back();
        m_spans.push_back({static_cast<std::uint32_t>(m_batcher.held().size() - 1), static_cast<std::uint32_t>(batch.spans.size()), span.service, span.shared, notes.warned()});
        m_offsets.push_back(piece.offset);
        m_batcher.add(std::move(span.record));
        ++m_context->report.kept;
        return true;
    }
    void bad(const BadStretch& stretch) override { noteStretch(*m_context, m_splitter, stretch); }

    SplitRule m_rule;
    JsonSplitter m_splitter;
    JsonDocument m_document;
    RecordBatcher m_batcher{RecordBatcher::Mode::Hold};
    ImportContext* m_context = nullptr;
    std::vector<HeldSpan> m_spans;
    std::vector<std::uint64_t> m_offsets;  ///< parallel to m_spans
};

int sniffZipkin(std::string_view head, bool) {
    const KeySniff keys(head);
    if (!keys.startsLikeJson() || !keys.hasTop("traceId") || !keys.hasTop("id")) return 0;
    if (keys.hasTop("spanId") || keys.hasTop("resource") || keys.has("resourceSpans")) return 0;
    if (keys.has("localEndpoint") || keys.has("remoteEndpoint") || keys.has("binaryAnnotations")) return 95;
    if (keys.hasTop("annotations") || keys.hasTop("tags") || keys.hasTop("timestamp") || keys.hasTop("duration") || keys.hasTop("parentId")) return 85;
    return keys.hasTop("name") ? 60 : 0;
}

}  // namespace

ImporterDescriptor zipkinJsonImporter() {
    return {"zipkin-json", "Zipkin JSON", {"*.json"}, 50, sniffZipkin, []() -> std::unique_ptr<Importer> { return std::make_unique<ZipkinJsonImporter>(); }};
}

}  // namespace spanreel::ingest
