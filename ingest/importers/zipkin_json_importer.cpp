// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/zipkin_json_importer.h"

#include <utility>

#include "ingest/importers/held_window.h"
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
/// Halves of a call that share an id may lie anywhere in the file, so spans are held until its end, or until they take
/// `kHeldBytes`: then the traces that have not had a span for the longest time are taken to be complete and go on. Halves,
/// children and 64-bit trace ids that come later stay as they were written.
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
        joinTraceIds();
        splitHalves(m_batcher.held(), m_spans);
        for (const auto& held : m_spans) context.report.warned += held.warned;
        m_batcher.release(context);
        m_spans.clear();
        m_offsets.clear();
    }

private:
    void makeRoom() {
        const auto& batches = m_batcher.held();
        if (batches.empty()) return;
        const std::size_t last = batches.back().arena.bytesReserved();
        if (batches.size() != m_batches) {
            m_batches = batches.size();
            m_fullBytes = heldBytes(batches) - last;
        }
        if (m_fullBytes + last > kHeldBytes && m_spans.size() > 3) handOnSome();
    }
    void joinTraceIds() {
        joinShortTraceIds(m_batcher.held(), m_spans, [&](HeldSpan& held) {
            const auto offset = m_offsets[static_cast<std::size_t>(&held - m_spans.data())];
            m_context->report.warn(ProblemCode::FlaggedValue, "64-bit trace id joined with the 128-bit one", {m_context->file, static_cast<std::int64_t>(offset), -1});
            held.warned = true;
        });
    }
    static void splitHalves(std::vector<store::Batch>& batches, const std::vector<HeldSpan>& spans) {
        for (const auto i : splitSharedIds(batches, spans))
            if (spans[i].shared) dropSharedAttribute(batches[spans[i].batch].spans[spans[i].index]);
    }
    /// Makes room: hands on the older spans, and copies the others together.
    void handOnSome() {
        joinTraceIds();
        const HeldChoice choice = chooseHeld(m_batcher.held(), m_spans);
        if (!choice.wholeTraces) splitHalves(m_batcher.held(), m_spans);
        std::vector<store::Batch> batches = std::exchange(m_batcher.held(), {});
        const std::vector<HeldSpan> spans = std::exchange(m_spans, {});
        const std::vector<std::uint64_t> offsets = std::exchange(m_offsets, {});
        std::vector<HeldSpan> going;
        std::vector<std::uint32_t> left(batches.size(), 0);
        for (std::size_t i = 0; i < spans.size(); ++i) {
            store::Batch& batch = batches[spans[i].batch];
            store::SpanRecord& span = batch.spans[spans[i].index];
            if (choice.stays[i]) {
                m_batcher.begin(*m_context);
                ZipkinSpan copy;
                copy.record = copySpan(span, m_batcher.arena());
                copy.service = m_batcher.arena().copy(spans[i].service);
                copy.shared = spans[i].shared;
                if (span.scope != store::kNone) {
                    copy.tags.scopeName = batch.scopes[span.scope].name;
                    copy.tags.scopeVersion = batch.scopes[span.scope].version;
                }
                hold(copy, offsets[i], spans[i].warned);
                continue;
            }
            m_context->report.warned += spans[i].warned;
            going.push_back(spans[i]);
            going.back().index = left[spans[i].batch]++;
            if (going.back().index != spans[i].index) batch.spans[going.back().index] = span;
        }
        for (std::size_t i = 0; i < batches.size(); ++i) batches[i].spans.resize(left[i]);
        if (choice.wholeTraces) splitHalves(batches, going);
        for (auto& batch : batches)
            if (!batch.empty()) m_context->sink.accept(std::move(batch), 0);
        m_batches = 0;
    }
    void hold(ZipkinSpan& span, std::uint64_t offset, bool warned) {
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
        const auto batch = static_cast<std::uint32_t>(m_batcher.held().size() - 1);
        m_spans.push_back({batch, static_cast<std::uint32_t>(m_batcher.held().back().spans.size()), span.service, span.shared, warned});
        m_offsets.push_back(offset);
        m_batcher.add(std::move(span.record));
    }

    bool value(const JsonPiece& piece) override {
        if (!m_document.read(piece.bytes)) {
            noteBadRecord(*m_context, m_splitter, piece.offset, m_document.error());
            return false;
        }
        const JsonValue root = m_document.root();
        makeRoom();
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
        hold(span, piece.offset, notes.warned());
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
    std::size_t m_batches = 0, m_fullBytes = 0;  ///< how many were held, and what those before the last one take
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
