// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/jaeger_json_importer.h"

#include <algorithm>
#include <map>

#include <absl/container/flat_hash_map.h>

#include "ingest/importers/held_window.h"
#include "ingest/importers/jaeger_json_span.h"
#include "ingest/importers/json_records.h"
#include "ingest/importers/packed_texts.h"
#include "ingest/importers/shared_ids.h"
#include "ingest/importers/sniff.h"

namespace spanreel::ingest {
namespace {

enum Tag : int { kTop = 1, kData, kTrace, kSpans, kSpan };

/// Downloads of Jaeger's API and UI ({"data":[{traceID, spans, processes}]}), a bare trace, the UI's own enriched trace
/// ({"data":{…}}), a list of traces or spans, and single spans as Elasticsearch holds them. `processes` may follow `spans`.
/// A trace's spans are held until it ends, or until they take `kHeldBytes`: then the older half goes on, where the processes
/// are known; where they are not, the spans behind them wait as compressed text.
class JaegerJsonImporter final : public Importer, private SplitHandler {
public:
    JaegerJsonImporter()
        : m_spansRule{"spans", kSpans, true, {{"*", kSpan, false, {}, {"traceID", "spanID", "operationName", "references", "startTime", "duration", "processID"}}}},
          m_rule{"", kTop, false,
                 {{"data", kData, true, {m_spansRule, {"*", kTrace, false, {m_spansRule}, {"traceID", "processes"}}}}, m_spansRule, {"*", kTrace, false, {m_spansRule}, {"traceID", "processes"}}}, {"traceID", "spanID", "processes"}},
          m_splitter(m_rule, *this) {}

    void feed(std::string_view bytes, ImportContext& context) override {
        if (context.stop.stop_requested()) return;
        m_context = &context;
        m_splitter.feed(bytes);
    }
    void finish(ImportContext& context) override {
        m_context = &context;
        m_splitter.finish();
        endTrace();
        m_batcher.release(context);
    }

private:
    struct Origin {
        std::string_view processId;
        std::uint64_t offset;
        std::int32_t inlineProcess;  ///< index into m_inline, -1 = none
    };

    bool value(const JsonPiece& piece) override {
        if (!m_document.read(piece.bytes)) {
            // Only what can be opened is tried again in parts.
            if (piece.tag == kTop || piece.tag == kTrace) return false;
            if (piece.tag == kSpan || piece.key == "processes") noteBadRecord(*m_context, m_splitter, piece.offset, m_document.error());
            return false;
        }
        m_base = piece.offset;
        const JsonValue root = m_document.root();
        switch (piece.tag) {
            case kTop: readTop(root); break;
            case kTrace: readTraceOrSpan(root); break;
            case kSpan:
                if (m_deferring) m_deferred.add(piece.offset, piece.bytes);
                else readSpan(root);
                break;
            default:
                if (piece.key != "processes") break;
                readProcesses(root);
                readDeferred();
        }
        return true;
    }
    void close(int tag) override {
        if (tag == kTrace || tag == kData || tag == kTop) endTrace();
    }
    void bad(const BadStretch& stretch) override { noteStretch(*m_context, m_splitter, stretch); }

    void readTop(JsonValue root) {
        if (root.isArray()) {
            for (const auto item : root.items()) readTraceOrSpan(item);
            return;
        }
        const JsonValue data = root["data"];
        if (!data.exists()) return readTraceOrSpan(root);
        if (data.isObject()) return readTraceOrSpan(data);
        for (const auto item : data.items()) readTraceOrSpan(item);
    }
    void readTraceOrSpan(JsonValue object) {
        if (object["spans"].isArray()) {
            for (const auto span : object["spans"].items()) readSpan(span);
            readProcesses(object["processes"]);
        } else if (object["spanID"].exists()) {
            readSpan(object);
        } else {
            m_context->report.skip(ProblemCode::BadValue, "an object that is no trace: " + plainText(object).substr(0, 60), place(object));
            return;
        }
        endTrace();
    }

    void readDeferred() {
        m_processesKnown = true;
        m_deferring = false;
        m_deferred.takeAll([this](std::uint64_t offset, std::string_view text) {
            m_base = offset;
            if (m_document.read(text)) readSpan(m_document.root());
            return !m_context->stop.stop_requested();
        });
    }
    /// Where the spans held take too much.
    void makeRoom() {
        auto& batches = m_batcher.held();
        if (batches.empty() || m_deferring) return;
        const std::size_t last = batches.back().arena.bytesReserved();
        if (batches.size() != m_batches) {
            m_batches = batches.size();
            m_fullBytes = heldBytes(batches) - last;
        }
        if (m_fullBytes + last <= kHeldBytes) return;
        const bool known = m_processesKnown || std::all_of(m_origins.begin(), m_origins.end(), [](const Origin& origin) { return origin.processId.empty() || origin.inlineProcess >= 0; });
        // The span at hand goes in still: its document is being read.
        if (!known) m_deferring = true;
        else handOnSome();
    }
    /// The older half of the batches, or the only one.
    void handOnSome() {
        auto& batches = m_batcher.held();
        bindSpans();
        const std::size_t going = std::max<std::size_t>(batches.size() / 2, 1);
        const auto end = std::find_if(m_spans.begin(), m_spans.end(), [&](const HeldSpan& held) { return held.batch >= going; });
        const auto count = end - m_spans.begin();
        for (auto held = m_spans.begin(); held != end; ++held) m_context->report.warned += held->warned;
        m_spans.erase(m_spans.begin(), end);
        m_origins.erase(m_origins.begin(), m_origins.begin() + count);
        for (auto& held : m_spans) held.batch -= static_cast<std::uint32_t>(going);
        // They have their process.
        for (auto& origin : m_origins) origin = {{}, origin.offset, -1};
        m_inline.clear();
        for (std::size_t i = 0; i < going; ++i)
            if (!batches[i].empty()) m_context->sink.accept(std::move(batches[i]), 0);
        batches.erase(batches.begin(), batches.begin() + static_cast<std::ptrdiff_t>(going));
        m_batches = 0;
    }

    void readSpan(JsonValue object) {
        makeRoom();
        m_batcher.begin(*m_context);
        ItemNotes notes(*m_context, place(object));
        noteRepairsOnce(notes);
        // An Elasticsearch document has its process inside and spells binary tags in hex.
        const auto binary = object["process"].isObject() && !object["processID"].exists() ? JaegerBinary::Hex : JaegerBinary::Base64;
        JaegerSpan span;
        if (!readJaegerSpan(object, binary, m_batcher.arena(), notes, span)) return;
        span.record.scope = m_batcher.scope(span.tags.scopeName, span.tags.scopeVersion);
        const auto batch = static_cast<std::uint32_t>(m_batcher.held().size() - 1);
        const auto index = static_cast<std::uint32_t>(m_batcher.held().back().spans.size());
        m_spans.push_back({batch, index, {}, false, notes.warned()});
        m_origins.push_back({span.processId, m_base + object.byteOffset(), span.hasProcess ? static_cast<std::int32_t>(m_inline.size()) : -1});
        if (span.hasProcess) m_inline.push_back(span.process);
        m_batcher.add(std::move(span.record));
        ++m_context->report.kept;
    }

    /// The processes of the current trace; kept as text until it ends, when each batch takes what it needs.
    void readProcesses(JsonValue processes) {
        for (const auto [id, process] : processes.members()) m_processes[std::string(id)] = readJaegerProcess(process, JaegerBinary::Base64, m_processArena, nullptr);
    }

    /// Binds the spans held to their processes and splits shared ids.
    void bindSpans() {
        auto& batches = m_batcher.held();
        bindProcesses(batches);
        joinShortTraceIds(batches, m_spans, [&](HeldSpan& held) {
            warnLate(held, m_origins[static_cast<std::size_t>(&held - m_spans.data())], ProblemCode::FlaggedValue, "64-bit trace id joined with the 128-bit one");
        });
        for (const auto i : splitSharedIds(batches, m_spans))
            warnLate(m_spans[i], m_origins[i], ProblemCode::FlaggedValue, "span id shared by a client and a server, the server half has one of its own now");
    }
    /// Hands on the trace, if there is enough to hand on.
    void endTrace() {
        if (!m_deferred.empty()) readDeferred();
        bindSpans();
        for (const auto& held : m_spans) m_context->report.warned += held.warned;
        m_processesKnown = m_deferring = false;
        m_spans.clear();
        m_origins.clear();
        m_inline.clear();
        m_processes.clear();
        m_processArena = Arena();
        m_batches = 0;
        const auto& batches = m_batcher.held();
        if (batches.size() > 1 || (!batches.empty() && batches.front().spans.size() >= RecordBatcher::kItemsPerBatch)) m_batcher.release(*m_context);
    }
    void bindProcesses(std::vector<store::Batch>& batches) {
        absl::flat_hash_map<const store::ResourceRecord*, std::uint32_t> bound;  // in the batch at hand
        std::uint32_t boundBatch = store::kNone;
        for (std::size_t i = 0; i < m_spans.size(); ++i) {
            HeldSpan& held = m_spans[i];
            const Origin& origin = m_origins[i];
            store::Batch& batch = batches[held.batch];
            if (held.batch != boundBatch) bound.clear();
            boundBatch = held.batch;
            const auto named = m_processes.find(origin.processId);
            const store::ResourceRecord* process = named != m_processes.end() ? &named->second : origin.inlineProcess >= 0 ? &m_inline[static_cast<std::size_t>(origin.inlineProcess)] : nullptr;
            if (!process) {
                if (!origin.processId.empty()) warnLate(held, origin, ProblemCode::MissingProcess, std::string(origin.processId));
                continue;
            }
            const auto [place, isNew] = bound.try_emplace(process, static_cast<std::uint32_t>(batch.resources.size()));
            if (isNew) batch.resources.push_back(copyResource(*process, batch.arena));
            batch.spans[held.index].resource = place->second;
            for (const auto& attribute : batch.resources[place->second].attributes)
                if (attribute.key == "service.name") held.service = attribute.value.text;
        }
    }
    static store::ResourceRecord copyResource(const store::ResourceRecord& resource, Arena& arena) {
        auto attributes = arena.array<store::Attribute>(resource.attributes.size());
        std::size_t n = 0;
        for (store::Attribute attribute : resource.attributes) {
            attribute.key = arena.copy(attribute.key);
            attribute.value.text = arena.copy(attribute.value.text);
            attributes[n++] = attribute;
        }
        store::ResourceRecord copy;
        copy.attributes = attributes;
        return copy;
    }

    Place place(JsonValue object) { return placeOf(*m_context, m_splitter, m_base + object.byteOffset()); }
    void warnLate(HeldSpan& held, const Origin& origin, ProblemCode code, std::string detail) {
        m_context->report.warn(code, std::move(detail), {m_context->file, static_cast<std::int64_t>(origin.offset), -1});
        held.warned = true;
    }
    /// Repairs of a document are told once, on its first span.
    void noteRepairsOnce(ItemNotes& notes) {
        if (m_base == m_repairsTold) return;
        m_repairsTold = m_base;
        noteRepairs(m_document, notes);
    }

    SplitRule m_spansRule, m_rule;
    JsonSplitter m_splitter;
    JsonDocument m_document;
    RecordBatcher m_batcher{RecordBatcher::Mode::Hold};
    ImportContext* m_context = nullptr;
    std::uint64_t m_base = 0;                   ///< offset of the piece being read
    std::uint64_t m_repairsTold = ~std::uint64_t{0};
    std::size_t m_batches = 0, m_fullBytes = 0;  ///< how many are held, and what those before the last one take
    // The current trace.
    bool m_processesKnown = false;
    bool m_deferring = false;
    PackedTexts m_deferred;         ///< its spans behind m_spans
    std::vector<HeldSpan> m_spans;
    std::vector<Origin> m_origins;  ///< parallel to m_spans
    std::vector<store::ResourceRecord> m_inline;
    std::map<std::string, store::ResourceRecord, std::less<>> m_processes;  ///< their memory is m_processArena
    Arena m_processArena;
};

int sniffJaeger(std::string_view head, bool) {
    const KeySniff keys(head);
    if (!keys.startsLikeJson()) return 0;
    const bool traceId = keys.has("traceID");
    if (traceId && keys.has("spanID") && (keys.has("operationName") || keys.has("startTime") || keys.has("references"))) return 95;
    if (keys.has("spans") && keys.has("processes") && (traceId || keys.has("serviceName"))) return 90;
    if (keys.has("processes") && keys.has("serviceName") && !keys.has("resourceSpans")) return 70;  // the spans come later
    if (keys.has("data") && keys.has("spans") && traceId) return 70;
    return 0;
}

}  // namespace

ImporterDescriptor jaegerJsonImporter() {
    return {"jaeger-json", "Jaeger JSON", {"*.json"}, 50, sniffJaeger, []() -> std::unique_ptr<Importer> { return std::make_unique<JaegerJsonImporter>(); }};
}

}  // namespace spanreel::ingest
