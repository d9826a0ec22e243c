// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/otlp_json_importer.h"

#include "ingest/json/json_splitter.h"
#include "ingest/json/json_value.h"
#include "ingest/otlp/otlp_json_records.h"
#include "ingest/otlp/otlp_types.h"

namespace spanreel::ingest {

namespace {

constexpr std::size_t kItemsPerBatch = 1000;
/// Items of one huge resource that wait for what stands behind them (its schema URL) before they go on without it.
constexpr std::size_t kItemsHeld = 64 * 1024;
constexpr std::uint32_t kMaxDepth = 200;
constexpr std::uint32_t kAnyDepth = 1u << 26;

enum Tag : int { kRoot, kSpansArray, kResourceSpans, kScopeSpansArray, kScopeSpans, kSpanArray, kSpan,
                 kLogsArray, kResourceLogs, kScopeLogsArray, kScopeLogs, kLogArray, kLog, kMetricsArray, kResourceMetrics };

std::vector<SplitRule> rootRules() {
    const std::vector<SplitRule> spanGroups{{"*", kScopeSpans, false, {{"spans", kSpanArray, true, {{"*", kSpan}}}}}};
    const std::vector<SplitRule> logGroups{{"*", kScopeLogs, false, {{"logRecords", kLogArray, true, {{"*", kLog}}}}}};
    const std::vector<SplitRule> spans{{"scopeSpans", kScopeSpansArray, true, spanGroups}, {"instrumentationLibrarySpans", kScopeSpansArray, true, spanGroups}};
    const std::vector<SplitRule> logs{{"scopeLogs", kScopeLogsArray, true, logGroups}, {"instrumentationLibraryLogs", kScopeLogsArray, true, logGroups}};
    return {
        {"resourceSpans", kSpansArray, true, {{"*", kResourceSpans, false, spans}}},
        {"batches", kSpansArray, true, {{"*", kResourceSpans, false, spans}}},
        {"resourceLogs", kLogsArray, true, {{"*", kResourceLogs, false, logs}}},
        {"resourceMetrics", kMetricsArray, true, {{"*", kResourceMetrics}}},
    };
}

/// A request, Tempo's wrapper around one, or an array of them.
const SplitRule& rootRule() {
    static const SplitRule rule = [] {
        SplitRule request{"", kRoot, false, rootRules()};
        SplitRule trace = request, element = request;
        trace.key = "trace";
        element.key = "*";
        request.children.push_back(trace);
        element.children.push_back(trace);
        request.children.push_back(element);
        return request;
    }();
    return rule;
}

/// Reads OTLP JSON: whole requests where they are small, pieces of them where they are huge or broken.
class OtlpJsonImporter final : public Importer, private SplitHandler, private OtlpJsonIssues {
public:
    explicit OtlpJsonImporter(bool tempo) : m_records(*this, {.strict = false, .tempo = tempo}), m_splitter(rootRule(), *this) {}

    void feed(std::string_view bytes, ImportContext& context) override {
        m_context = &context;
        if (!context.stop.stop_requested()) m_splitter.feed(bytes);
    }
    void finish(ImportContext& context) override {
        m_context = &context;
        if (!context.stop.stop_requested()) m_splitter.finish();
        flush();
    }

private:
    /// A resource or scope whose object comes in parts.
    struct OpenGroup {
        std::uint32_t index = store::kNone;  ///< its place in the batch, reserved before its content is known
        std::string json, schemaUrl;
        bool seen = false;
        bool sent = false;  ///< items went on before all of it was known
    };

    // Pieces.
    bool value(const JsonPiece& piece) override;
    void open(int tag, std::uint64_t offset) override;
    void close(int tag) override;
    void bad(const BadStretch& stretch) override;
    void member(const JsonPiece& piece);
    bool read(std::string_view text, std::uint32_t depth);
    void request(JsonValue root, std::string_view text);
    void metrics(JsonValue array, std::string_view text);
    void noteRepairs();
    void reserve(OpenGroup& group, bool resource);
    void fill(OpenGroup& group, bool resource);
    void flushFull();
    void flush();

    // Problems.
    [[nodiscard]] Place placeOf(std::uint64_t offset) {
        Place place{m_context->file, -1, -1};
        if (m_splitter.looksLikeLines()) place.line = static_cast<std::int64_t>(m_splitter.lineAt(offset));
        else place.byte = static_cast<std::int64_t>(offset);
        return place;
    }
    [[nodiscard]] bool wanted(ProblemCode code) const { return m_context->report.count(code) < store::ImportReport::kSamplesPerCode; }
    void warn(ProblemCode code, std::string detail, std::size_t byte) override {
        m_context->report.warn(code, std::move(detail), wanted(code) ? placeOf(m_offset + byte) : Place{});
    }
    void skip(ProblemCode code, std::string detail, std::size_t byte) override {
        m_context->report.skip(code, std::move(detail), wanted(code) ? placeOf(m_offset + byte) : Place{});
    }
    void kept(bool warned) override {
        ++m_context->report.kept;
        if (warned) ++m_context->report.warned;
    }

    OtlpJsonRecords m_records;
    JsonSplitter m_splitter;
    JsonDocument m_document;
    ImportContext* m_context = nullptr;
    store::Batch m_batch;
    std::uint64_t m_offset = 0;  ///< of the piece being read
    OpenGroup m_resource, m_scope;
    bool m_inResource = false, m_inScope = false;
};

bool OtlpJsonImporter::read(std::string_view text, std::uint32_t depth) {
    JsonOptions options;
    options.maxDepth = depth;
    return m_document.read(text, options);
}

void OtlpJsonImporter::noteRepairs() {
    if (!m_document.repaired()) return;
    const std::size_t at = m_document.firstRepair();
    if (m_document.hadRepeatedKey()) m_records.warn(ProblemCode::RepeatedKey, std::string(m_document.repeatedKey()), at);
    if (m_document.hadBadUtf8()) m_records.warn(ProblemCode::BadUtf8, {}, at);
    if (m_document.hadLoneSurrogate()) m_records.warn(ProblemCode::BadUtf8, "lone surrogate", at);
    m_records.noteRepairAround();
}

bool OtlpJsonImporter::value(const JsonPiece& piece) {
    if (m_context->stop.stop_requested()) return true;
    m_offset = piece.offset;
    const std::string_view text = m_batch.arena.copy(piece.bytes);
    m_records.setTarget(m_batch, text);
    if (!read(text, kMaxDepth)) {
        if (piece.openable) return false;
        const JsonError error = m_document.error();
        // A span or log whose attributes nest without end is kept without their depths.
        if (error.code != ProblemCode::Nesting || (piece.tag != kSpan && piece.tag != kLog) || !read(text, kAnyDepth)) {
            skip(error.code, error.code == ProblemCode::Nesting ? "" : error.message, error.offset);
            return true;
        }
    }
    noteRepairs();
    const JsonValue root = m_document.root();
    switch (piece.tag) {
        case kRoot: request(root, text); break;
        case kResourceSpans: m_records.resourceSpans(root); break;
        case kResourceLogs: m_records.resourceLogs(root); break;
        case kResourceMetrics: metrics(root, text); break;
        case kScopeSpans:
        case kScopeLogs: {
            // The records' own walk takes a whole resource: give it one around this group, then put the open one in.
            OpenGroup scope;
            std::swap(scope, m_scope);
            reserve(m_scope, false);
            const bool spans = piece.tag == kScopeSpans;
            for (const auto [key, member] : root.members()) {
                if (key == "scope" || key == "instrumentationLibrary") m_scope.seen = m_records.readScope(member, m_batch.scopes[m_scope.index]) && member.isObject();
                else if (key == "schemaUrl") m_batch.scopes[m_scope.index].schemaUrl = m_records.keep(member.asString());
            }
            const std::uint32_t index = m_scope.seen || !m_batch.scopes[m_scope.index].schemaUrl.empty() ? m_scope.index : store::kNone;
            for (const JsonValue record : root.find(spans ? "spans" : "logRecords").items()) {
                if (spans) m_records.span(record, m_resource.index, index);
                else m_records.log(record, m_resource.index, index);
            }
            std::swap(scope, m_scope);
            break;
        }
        case kSpan: m_records.span(root, m_resource.index, m_scope.index); break;
        case kLog: m_records.log(root, m_resource.index, m_scope.index); break;
        default: member(piece); break;
    }
    flushFull();
    return true;
}

/// A member of a request, resource or scope that comes in parts.
void OtlpJsonImporter::member(const JsonPiece& piece) {
    const JsonValue root = m_document.root();
    OpenGroup* group = m_inScope ? &m_scope : m_inResource ? &m_resource : nullptr;
    if (!group) return;
    const bool resource = group == &m_resource;
    if (piece.key == (resource ? "resource" : "scope") || (!resource && piece.key == "instrumentationLibrary")) {
        if (!root.isObject()) return;
        group->seen = true;
        group->json = piece.bytes;
        if (resource) m_records.readResource(root, m_batch.resources[group->index]);
        else m_records.readScope(root, m_batch.scopes[group->index]);
    } else if (piece.key == "schemaUrl") {
        group->schemaUrl = root.asString();
        (resource ? m_batch.resources[group->index].schemaUrl : m_batch.scopes[group->index].schemaUrl) = m_batch.arena.copy(root.asString());
    } else {
        return;
    }
    if (group->sent) m_records.warn(ProblemCode::FlaggedValue, std::string(piece.key) + " stands behind its records, which came without it", 0);
}

/// A whole request, or what else stands at the top.
void OtlpJsonImporter::request(JsonValue root, std::string_view text) {
    if (root.isArray()) {
        for (const JsonValue element : root.items()) {
            if (element.isObject()) request(element, text);
            else m_records.lose(ProblemCode::BadValue, "expected an object at the top", element.byteOffset());
        }
        return;
    }
    bool known = root.size() == 0;
    for (const auto [key, member] : root.members()) {
        if (key == "trace" && member.isObject()) {
            known = true;
            if (member.find("trace").isNull()) request(member, text);
            continue;
        }
        const bool spans = key == "resourceSpans" || key == "batches", logs = key == "resourceLogs", isMetrics = key == "resourceMetrics";
        if (spans || logs || isMetrics) {
            known = true;
            // The last of repeated members wins.
            if (member.isNull() || root.find(key).byteOffset() != member.byteOffset()) continue;
            if (!member.isArray()) {
                m_records.lose(ProblemCode::BadValue, std::string(key) + ": an array is wanted", member.byteOffset());
                continue;
            }
            if (isMetrics) metrics(member, text);
            else for (const JsonValue element : member.items()) spans ? m_records.resourceSpans(element) : m_records.resourceLogs(element);
        } else if (key == "resource_spans" || key == "resource_logs" || key == "resource_metrics") {
            known = true;
            m_records.warn(ProblemCode::SnakeCase, std::string(key), member.byteOffset());
        }
    }
    if (known) return;
    if (root.find("scopeSpans")) m_records.resourceSpans(root);
    else if (root.find("scopeLogs")) m_records.resourceLogs(root);
    else if (root.find("traces").isArray()) m_records.lose(ProblemCode::UnknownFormat, "a search reply of Tempo, not a trace", root.byteOffset());
    else m_records.lose(ProblemCode::UnreadableLine, "no OTLP in this object", root.byteOffset());
}

/// Counts and keeps metrics, as the JSON of a request of their own. `array` is resourceMetrics or one element of it.
void OtlpJsonImporter::metrics(JsonValue array, std::string_view text) {
    std::uint64_t count = 0;
    if (array.isArray()) for (const JsonValue element : array.items()) count += m_records.countMetrics(element);
    else count = m_records.countMetrics(array);
    if (count == 0) return;
    JsonScan scan;
    scan.start(array.byteOffset());
    scan.scan(text);
    const std::string_view raw = text.substr(array.byteOffset(), scan.end() - array.byteOffset());
    std::string bytes = array.isArray() ? "{\"resourceMetrics\":" : "{\"resourceMetrics\":[";
    bytes += raw;
    bytes += array.isArray() ? "}" : "]}";
    m_batch.metrics.push_back({store::Encoding::Json, std::move(bytes), count});
}

void OtlpJsonImporter::reserve(OpenGroup& group, bool resource) {
    group.index = static_cast<std::uint32_t>(resource ? m_batch.resources.size() : m_batch.scopes.size());
    if (resource) m_batch.resources.emplace_back();
    else m_batch.scopes.emplace_back();
}

/// Puts what is known of an open group into a new batch.
void OtlpJsonImporter::fill(OpenGroup& group, bool resource) {
    reserve(group, resource);
    const std::string_view text = m_batch.arena.copy(std::string_view(group.json));
    m_records.setTarget(m_batch, text);
    if (!text.empty() && read(text, kAnyDepth)) {
        if (resource) m_records.readResource(m_document.root(), m_batch.resources[group.index]);
        else m_records.readScope(m_document.root(), m_batch.scopes[group.index]);
    }
    (resource ? m_batch.resources[group.index].schemaUrl : m_batch.scopes[group.index].schemaUrl) = m_batch.arena.copy(std::string_view(group.schemaUrl));
    group.sent = true;
}

void OtlpJsonImporter::open(int tag, std::uint64_t) {
    if (tag == kResourceSpans || tag == kResourceLogs) {
        m_resource = {};
        m_inResource = true;
        reserve(m_resource, true);
    } else if (tag == kScopeSpans || tag == kScopeLogs) {
        m_scope = {};
        m_inScope = true;
        reserve(m_scope, false);
    }
}

void OtlpJsonImporter::close(int tag) {
    if (tag == kResourceSpans || tag == kResourceLogs) {
        if (!m_resource.seen && m_resource.schemaUrl.empty()) {
            for (auto& span : m_batch.spans) if (span.resource == m_resource.index) span.resource = store::kNone;
            for (auto& log : m_batch.logs) if (log.resource == m_resource.index) log.resource = store::kNone;
        }
        m_resource = {};
        m_inResource = false;
    } else if (tag == kScopeSpans || tag == kScopeLogs) {
        if (!m_scope.seen && m_scope.schemaUrl.empty()) {
            for (auto& span : m_batch.spans) if (span.scope == m_scope.index) span.scope = store::kNone;
            for (auto& log : m_batch.logs) if (log.scope == m_scope.index) log.scope = store::kNone;
        }
        m_scope = {};
        m_inScope = false;
    }
    flushFull();
}

void OtlpJsonImporter::bad(const BadStretch& stretch) {
    Place place{m_context->file, -1, -1};
    if (stretch.inLines) place.line = static_cast<std::int64_t>(m_splitter.lineAt(stretch.offset));
    else place.byte = static_cast<std::int64_t>(stretch.offset);
    auto& report = m_context->report;
    switch (stretch.kind) {
        case BadStretch::Kind::Zeros:
            report.warn(ProblemCode::FlaggedValue, std::to_string(stretch.end - stretch.offset) + " zero bytes at the end", {m_context->file, static_cast<std::int64_t>(stretch.offset), -1});
            if (report.warned < report.kept) ++report.warned;
            break;
        case BadStretch::Kind::Text:
            if (stretch.inLines) report.skip(ProblemCode::UnreadableLine, std::string(stretch.bytes), std::move(place));
            else report.skip(ProblemCode::BadJson, "text beside the document", std::move(place));
            break;
        case BadStretch::Kind::TooLong: report.skip(ProblemCode::Limit, stretch.message, std::move(place)); break;
        case BadStretch::Kind::Broken:
        case BadStretch::Kind::Truncated: report.skip(ProblemCode::BadJson, stretch.message, std::move(place)); break;
    }
}

void OtlpJsonImporter::flushFull() {
    const std::size_t items = m_batch.spans.size() + m_batch.logs.size() + m_batch.metrics.size();
    if (!m_inResource) {
        if (items >= kItemsPerBatch) flush();
        return;
    }
    if (items < kItemsHeld || !m_resource.seen) return;
    flush();
    fill(m_resource, true);
    if (m_inScope) fill(m_scope, false);
}

void OtlpJsonImporter::flush() {
    if (!m_batch.empty()) m_context->sink.accept(std::move(m_batch), 0);
    m_batch = store::Batch();
}

bool beginsJson(std::string_view head) {
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (head[first] == '{' || head[first] == '[');
}
bool has(std::string_view head, std::string_view word) { return head.find(word) != std::string_view::npos; }

int sniffOtlp(std::string_view head, bool wholeInput) {
    if (!beginsJson(head)) return 0;
    if (has(head, "\"resourceSpans\"") || has(head, "\"resourceLogs\"") || has(head, "\"resourceMetrics\"")) return 90;
    if (has(head, "\"scopeSpans\"") || has(head, "\"scopeLogs\"") || has(head, "\"scopeMetrics\"")) return 80;
    if (has(head, "\"resource_spans\"") || has(head, "\"resource_logs\"") || has(head, "\"resource_metrics\"")) return 70;
    // An empty request.
    return wholeInput && JsonDocument::parse(head).root().isObject() && JsonDocument::parse(head).root().size() == 0 ? 50 : 0;
}

int sniffTempo(std::string_view head, bool wholeInput) {
    if (!beginsJson(head)) return 0;
    const bool groups = has(head, "\"scopeSpans\"") || has(head, "\"instrumentationLibrarySpans\"");
    if (has(head, "\"batches\"") && (groups || has(head, "\"resource\""))) return 92;
    if (has(head, "\"trace\"") && has(head, "\"resourceSpans\"") && head.find("\"trace\"") < head.find("\"resourceSpans\"")) return 92;
    // The same names as OTLP, but ids in base64 (16 bytes end with "==") beside enum names.
    if (has(head, "\"resourceSpans\"") && has(head, "\"SPAN_KIND_") && has(head, "==\"")) return 91;
    if (has(head, "\"traces\"") && has(head, "\"traceID\"") && (has(head, "\"rootServiceName\"") || has(head, "\"rootTraceName\""))) return 85;
    return wholeInput && has(head, "\"traces\":[]") && has(head, "\"metrics\"") ? 60 : 0;
}

}  // namespace

ImporterDescriptor otlpJsonImporter() {
    return {"otlp-json", "OTLP JSON", {"*.json", "*.jsonl", "*.ndjson", "*.otlp"}, 90,  // its names are like no other format's
            &sniffOtlp, [] { return std::unique_ptr<Importer>(std::make_unique<OtlpJsonImporter>(false)); }};
}

ImporterDescriptor tempoJsonImporter() {
    return {"tempo-json", "Grafana Tempo JSON", {"*.json"}, 89,  // a dialect of OTLP: plain OTLP goes first where both fit
            &sniffTempo, [] { return std::unique_ptr<Importer>(std::make_unique<OtlpJsonImporter>(true)); }};
}

}  // namespace spanreel::ingest
