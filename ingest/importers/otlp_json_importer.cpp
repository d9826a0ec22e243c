// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/otlp_json_importer.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "ingest/importers/ordered_decode.h"
#include "ingest/importers/otlp_json_block.h"
#include "ingest/importers/otlp_json_reader.h"
#include "ingest/io/body_memory.h"
#include "ingest/json/json_splitter.h"
#include "ingest/json/json_value.h"
#include "model/store/attribute_front.h"
#include "model/store/trace_store.h"

namespace spanreel::ingest {

namespace {

constexpr std::size_t kItemsPerBatch = 1000;
/// Items of one huge resource that wait for what stands behind them (its schema URL) before they go on without it.
constexpr std::size_t kItemsHeld = 64 * 1024;
constexpr std::uint32_t kAnyDepth = 1u << 26;
constexpr std::size_t kSlice = 128 * 1024;  ///< bytes between two looks for a place to cut
constexpr std::size_t kMostReserved = 4u << 20;
constexpr std::size_t kSplit = 1u << 20;    ///< bytes the splitter is given at once
/// Where an element of an array of resources begins behind another. The quotes make sure that this is inside no string.
constexpr std::string_view kNextElement = "},{\"resource\":";
/// Blocks that are not read ahead after one that was read in vain; twice as many each time.
constexpr std::size_t kLeastPenalty = 4, kMostPenalty = 256;

enum Tag : int { kRoot, kSpansArray, kResourceSpans, kScopeSpansArray, kScopeSpans, kSpanArray, kSpan,
                 kLogsArray, kResourceLogs, kScopeLogsArray, kScopeLogs, kLogArray, kLog, kMetricsArray, kResourceMetrics };

std::vector<SplitRule> rootRules() {
    const SplitRule span{"*", kSpan, false, {}, {"traceId", "spanId", "traceState", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano"}};
    const SplitRule log{"*", kLog, false, {}, {"timeUnixNano", "observedTimeUnixNano", "severityNumber", "severityText", "body", "traceId", "spanId"}};
    const std::vector<SplitRule> spanGroups{{"*", kScopeSpans, false, {{"spans", kSpanArray, true, {span}}}, {"scope", "instrumentationLibrary"}}};
    const std::vector<SplitRule> logGroups{{"*", kScopeLogs, false, {{"logRecords", kLogArray, true, {log}}}, {"scope", "instrumentationLibrary"}}};
    const std::vector<SplitRule> spans{{"scopeSpans", kScopeSpansArray, true, spanGroups}, {"instrumentationLibrarySpans", kScopeSpansArray, true, spanGroups}};
    const std::vector<SplitRule> logs{{"scopeLogs", kScopeLogsArray, true, logGroups}, {"instrumentationLibraryLogs", kScopeLogsArray, true, logGroups}};
    return {
        {"resourceSpans", kSpansArray, true, {{"*", kResourceSpans, false, spans, {"resource"}}}},
        {"batches", kSpansArray, true, {{"*", kResourceSpans, false, spans, {"resource"}}}},
        {"resourceLogs", kLogsArray, true, {{"*", kResourceLogs, false, logs, {"resource"}}}},
        {"resourceMetrics", kMetricsArray, true, {{"*", kResourceMetrics, false, {}, {"resource", "scopeMetrics"}}}},
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
///
/// The input is cut into blocks that several threads read, each on the assumption that it begins between two requests or
/// between two resources of a huge document. In their order, each is put in where the assumption holds; where it does not,
/// and from the first byte on that could not be read so, the splitter goes through the block. It decides what an input
/// means: the outcome is that of the splitter alone.
class OtlpJsonImporter final : public Importer, private SplitHandler, private OtlpJsonIssues {
public:
    explicit OtlpJsonImporter(const OtlpJsonImportOptions& options)
        : m_options(options), m_reader(*this, {.strict = false, .tempo = options.tempo}), m_splitter(rootRule(), *this, {.whole = options.wholeBytes}), m_decode(options.threads) {}

    void feed(std::string_view bytes, ImportContext& context) override;
    void finish(ImportContext& context) override;

private:
    /// A resource or scope whose object comes in parts.
    struct OpenGroup {
        std::uint32_t index = store::kNone;  ///< its place in the batch, reserved before its content is known
        std::string json, schemaUrl;
        bool seen = false;
        bool sent = false;  ///< items went on before all of it was known
    };

    // Blocks.
    void gather(std::string_view bytes);
    [[nodiscard]] std::size_t cutAt(std::string_view text, std::size_t from) const;
    bool cutBlock();
    void emitBlock(std::size_t size, bool mayBeRead);
    void takeBlocks(bool all);
    void takeBlock(OtlpJsonBlock& block);
    void split(std::string_view bytes);
    void missed();
    [[nodiscard]] std::optional<OtlpJsonBlock::Context> standing() const;

    // Pieces.
    bool value(const JsonPiece& piece) override;
    void open(int tag, std::uint64_t offset) override;
    void close(int tag) override;
    void bad(const BadStretch& stretch) override;
    bool walk(const JsonPiece& piece, std::string_view text);
    void member(const JsonPiece& piece);
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

    OtlpJsonImportOptions m_options;
    OtlpJsonReader m_reader;
    JsonSplitter m_splitter;
    ImportContext* m_context = nullptr;
    store::Batch m_batch;
    std::optional<store::TraceStore::LentFront> m_front;  ///< of m_batch, since the first piece
    std::uint64_t m_offset = 0;  ///< of the piece being read
    OpenGroup m_resource, m_scope;
    bool m_inResource = false, m_inScope = false;
    // The block being gathered, and how.
    std::optional<std::string> m_block;
    BodyMemory m_memory;
    std::size_t m_lastBlock = 0;  ///< how long the last one was
    std::size_t m_searched = 0;  ///< no cut before this position of it
    OtlpJsonBlock::Context m_cutting = OtlpJsonBlock::Context::Top;  ///< what it is thought to begin in
    bool m_opens = false;        ///< it is thought to begin with a huge object
    std::size_t m_unread = 0;    ///< blocks to leave to the splitter, as reading them went wrong before
    std::size_t m_penalty = kLeastPenalty;
    OrderedDecode m_decode;
};

void OtlpJsonImporter::feed(std::string_view bytes, ImportContext& context) {
    m_context = &context;
    if (m_options.fast) gather(bytes);
    else split(bytes);
}

/// Into blocks.
void OtlpJsonImporter::gather(std::string_view bytes) {
    while (!bytes.empty() && !m_context->stop.stop_requested()) {
        if (!m_block) m_block = m_memory.memory(std::max(m_options.blockBytes, m_lastBlock) + m_options.blockBytes / 4);
        std::string_view slice = bytes.substr(0, std::min(m_options.blockBytes, kSlice));
        // Up to where the block can be cut, if it can be seen here: then no bytes have to be moved to the next one.
        bool whole = false;
        if (m_block->size() + slice.size() > m_options.blockBytes) {
            const std::size_t from = m_options.blockBytes - std::min(m_block->size(), m_options.blockBytes);
            const std::size_t cut = cutAt(slice, from);
            whole = cut != slice.npos;
            slice = slice.substr(0, cut);
        }
        // What has grown so long is likely to be a huge document's beginning, which is gathered first: moved no more.
        if (m_block->size() > kMostReserved / 2 && m_block->size() + slice.size() > m_block->capacity()) m_block->reserve(m_options.wholeBytes + 2 * slice.size());
        m_block->append(slice);
        bytes.remove_prefix(slice.size());
        if (whole) emitBlock(m_block->size(), true);
        else while (cutBlock()) {}
    }
}

void OtlpJsonImporter::finish(ImportContext& context) {
    m_context = &context;
    if (m_block && !context.stop.stop_requested()) emitBlock(m_block->size(), true);
    takeBlocks(true);
    if (!context.stop.stop_requested()) m_splitter.finish();
    flush();
}

/// Where in what is gathered another block may begin, from `from` on: a line that begins an object, or another element
/// of an array of resources. A guess from bytes that can stand nowhere else in JSON as exporters write it.
std::size_t OtlpJsonImporter::cutAt(std::string_view text, std::size_t from) const {
    if (m_cutting == OtlpJsonBlock::Context::Top) {
        for (std::size_t at = from; (at = text.find('\n', at)) != text.npos && at + 1 < text.size(); ++at)
            if (text[at + 1] == '{') return at + 1;
        return text.npos;
    }
    // By its rarer bytes, where text.find would look at every bracket.
    if (from >= text.size()) return text.npos;
    const auto* const found = static_cast<const char*>(memmem(text.data() + from, text.size() - from, kNextElement.data(), kNextElement.size()));
    return found ? static_cast<std::size_t>(found - text.data()) + 2 : text.npos;
}

bool OtlpJsonImporter::cutBlock() {
    if (!m_block || m_block->size() < m_options.blockBytes) return false;
    const std::size_t from = std::max(m_searched, m_options.blockBytes - 1);
    if (const std::size_t cut = cutAt(*m_block, from); cut != std::string::npos) {
        emitBlock(cut, true);
        return true;
    }
    m_searched = std::max(from, m_block->size() - std::min(m_block->size(), kNextElement.size()));
    if (m_block->size() <= m_options.wholeBytes) return false;
    if (m_cutting == OtlpJsonBlock::Context::Top && !m_opens) {
        const auto opening = OtlpJsonBlock::openingOf(*m_block);
        JsonScan scan;
        scan.start(opening.begin);
        if (!opening.key.empty() && m_block->size() - opening.begin > m_options.wholeBytes && scan.scan(std::string_view(*m_block).substr(0, opening.begin + m_options.wholeBytes)) == JsonScan::Outcome::More) {
            m_opens = true;
            m_cutting = opening.key == "resourceSpans" ? OtlpJsonBlock::Context::Spans : OtlpJsonBlock::Context::Logs;
            m_searched = 0;
            const std::string begun = std::move(*std::exchange(m_block, std::nullopt));
            gather(begun);
            return false;
        }
    }
    emitBlock(m_block->size(), false);
    return false;
}

/// The first `size` bytes of what was gathered become a block.
void OtlpJsonImporter::emitBlock(std::size_t size, bool mayBeRead) {
    std::string bytes = std::move(*std::exchange(m_block, std::nullopt));
    m_lastBlock = std::min(size, kMostReserved);
    if (size < bytes.size()) {
        m_block = m_memory.memory(std::max(m_options.blockBytes + m_options.blockBytes / 4, bytes.size() - size));
        m_block->append(bytes, size);
        bytes.resize(size);
    }
    auto text = m_memory.share(std::move(bytes));
    m_searched = 0;
    const bool opens = std::exchange(m_opens, false);
    if (m_unread > 0) mayBeRead = false;
    if (mayBeRead) {
        takeBlocks(false);
        m_decode.add(std::make_unique<OtlpJsonBlock>(std::move(text), opens ? OtlpJsonBlock::Context::Top : m_cutting, opens, m_options, m_context->sink.store()), size);
        takeBlocks(false);
        return;
    }
    takeBlocks(true);
    split(*text);
    if (m_unread > 0) --m_unread;
    m_cutting = standing().value_or(OtlpJsonBlock::Context::Top);
    // Until the splitter stands where a block may begin, reading one is in vain.
    if (!standing() && m_unread == 0) m_unread = 1;
}

/// Puts in the blocks that have been read: all of them, or those that are done and as many as there must be room for.
void OtlpJsonImporter::takeBlocks(bool all) {
    while (!m_context->stop.stop_requested()) {
        auto job = m_decode.take(all || m_decode.full());
        if (!job) return;
        takeBlock(static_cast<OtlpJsonBlock&>(*job));
    }
}

/// Where the splitter stands, if a block may begin there.
std::optional<OtlpJsonBlock::Context> OtlpJsonImporter::standing() const {
    const SplitRule* const rule = m_splitter.idleRule();
    if (!rule) return std::nullopt;
    if (rule->tag == kRoot) return OtlpJsonBlock::Context::Top;
    if (rule->key == "resourceSpans") return OtlpJsonBlock::Context::Spans;
    if (rule->key == "resourceLogs") return OtlpJsonBlock::Context::Logs;
    return std::nullopt;
}

void OtlpJsonImporter::takeBlock(OtlpJsonBlock& block) {
    const std::string_view text = block.text();
    if (standing() != block.context() || !m_reader.mayWalk() || block.passed.bytes == 0) {
        missed();
        return split(text);
    }
    const std::uint64_t offset = m_splitter.bytesFed(), line = m_splitter.lineAt(offset);
    auto& report = m_context->report;
    for (auto& issue : block.issues) {
        Place place;
        if (wanted(issue.code)) {
            place = {m_context->file, -1, -1};
            if (m_splitter.looksLikeLines(issue.lineValues, issue.otherValues)) place.line = static_cast<std::int64_t>(line + countNewlines(text.substr(0, issue.byte)));
            else place.byte = static_cast<std::int64_t>(offset + issue.byte);
        }
        if (issue.lost) report.skip(issue.code, std::move(issue.detail), std::move(place));
        else report.warn(issue.code, std::move(issue.detail), std::move(place));
    }
    report.kept += block.kept;
    report.warned += block.warned;
    m_reader.records().setPending(block.pending);
    m_splitter.passOver(block.passed);
    if (block.after != OtlpJsonBlock::Context::Top) {
        if (block.context() == OtlpJsonBlock::Context::Top) m_splitter.enter(block.after == OtlpJsonBlock::Context::Spans ? "resourceSpans" : "resourceLogs");
        m_splitter.expectElement(block.nextElement);
    }
    flush();
    if (!block.batch.empty()) m_context->sink.accept(std::move(block.batch), 0);
    if (block.passed.bytes == text.size()) {
        m_penalty = kLeastPenalty;
    } else {
        missed();
        split(text.substr(block.passed.bytes));
    }
}

void OtlpJsonImporter::missed() {
    m_unread = m_penalty;
    m_penalty = std::min(m_penalty * 2, kMostPenalty);
}

void OtlpJsonImporter::split(std::string_view bytes) {
    for (; !bytes.empty() && !m_context->stop.stop_requested(); bytes.remove_prefix(std::min(bytes.size(), kSplit))) m_splitter.feed(bytes.substr(0, kSplit));
}

/// Reads a piece by the walk. False = it is the tolerant reader's.
bool OtlpJsonImporter::walk(const JsonPiece& piece, std::string_view text) {
    if (!m_options.fast || !m_reader.mayWalk() || !m_reader.startWalk(text, m_batch)) return false;
    OtlpJsonWalk& walk = m_reader.walk();
    switch (piece.tag) {
        case kRoot: return walk.request();
        case kResourceSpans: return walk.resourceSpans();
        case kResourceLogs: return walk.resourceLogs();
        case kSpan: return walk.span(m_resource.index, m_scope.index);
        case kLog: return walk.log(m_resource.index, m_scope.index);
        default: return false;
    }
}

bool OtlpJsonImporter::value(const JsonPiece& piece) {
    if (m_context->stop.stop_requested()) return true;
    m_offset = piece.offset;
    if (store::TraceStore* const store = m_context->sink.store(); store && !m_front) {
        m_front.emplace(store->lendFront());
        m_front->get()->begin();
        m_reader.setFront(m_front->get());
    }
    // With a byte behind it that the walk may look at.
    auto* const copy = static_cast<char*>(m_batch.arena.allocate(piece.bytes.size() + 1, 1));
    std::memcpy(copy, piece.bytes.data(), piece.bytes.size());
    copy[piece.bytes.size()] = '\0';
    const std::string_view text(copy, piece.bytes.size());
    if (walk(piece, text)) {
        flushFull();
        return true;
    }
    auto& records = m_reader.records();
    if (!m_reader.parse(text, m_batch)) {
        if (piece.openable) return false;
        const JsonError error = m_reader.error();
        // A span or log whose attributes nest without end is kept without their depths.
        if (error.code != ProblemCode::Nesting || (piece.tag != kSpan && piece.tag != kLog) || !m_reader.parse(text, m_batch, kAnyDepth)) {
            skip(error.code, error.code == ProblemCode::Nesting ? "" : error.message, error.offset);
            return false;
        }
    }
    const JsonValue root = m_reader.root();
    switch (piece.tag) {
        case kRoot: m_reader.request(root); break;
        case kResourceSpans: records.resourceSpans(root); break;
        case kResourceLogs: records.resourceLogs(root); break;
        case kResourceMetrics: m_reader.metrics(root); break;
        case kScopeSpans:
        case kScopeLogs: {
            // The records' own walk takes a whole resource: give it one around this group, then put the open one in.
            OpenGroup scope;
            std::swap(scope, m_scope);
            reserve(m_scope, false);
            const bool spans = piece.tag == kScopeSpans;
            for (const auto [key, member] : root.members()) {
                if (key == "scope" || key == "instrumentationLibrary") m_scope.seen = records.readScope(member, m_batch.scopes[m_scope.index]) && member.isObject();
                else if (key == "schemaUrl") m_batch.scopes[m_scope.index].schemaUrl = records.keep(member.asString());
            }
            const std::uint32_t index = m_scope.seen || !m_batch.scopes[m_scope.index].schemaUrl.empty() ? m_scope.index : store::kNone;
            for (const JsonValue record : root.find(spans ? "spans" : "logRecords").items()) {
                if (spans) records.span(record, m_resource.index, index);
                else records.log(record, m_resource.index, index);
            }
            std::swap(scope, m_scope);
            break;
        }
        case kSpan: records.span(root, m_resource.index, m_scope.index); break;
        case kLog: records.log(root, m_resource.index, m_scope.index); break;
        default: member(piece); break;
    }
    flushFull();
    return true;
}

/// A member of a request, resource or scope that comes in parts.
void OtlpJsonImporter::member(const JsonPiece& piece) {
    const JsonValue root = m_reader.root();
    OpenGroup* group = m_inScope ? &m_scope : m_inResource ? &m_resource : nullptr;
    if (!group) return;
    const bool resource = group == &m_resource;
    if (piece.key == (resource ? "resource" : "scope") || (!resource && piece.key == "instrumentationLibrary")) {
        if (!root.isObject()) return;
        group->seen = true;
        group->json = piece.bytes;
        if (resource) m_reader.records().readResource(root, m_batch.resources[group->index]);
        else m_reader.records().readScope(root, m_batch.scopes[group->index]);
    } else if (piece.key == "schemaUrl") {
        group->schemaUrl = root.asString();
        (resource ? m_batch.resources[group->index].schemaUrl : m_batch.scopes[group->index].schemaUrl) = m_batch.arena.copy(root.asString());
    } else {
        return;
    }
    if (group->sent) m_reader.records().warn(ProblemCode::FlaggedValue, std::string(piece.key) + " stands behind its records, which came without it", 0);
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
    m_reader.records().setTarget(m_batch, text);
    if (!text.empty() && m_reader.parseAgain(text, m_batch)) {
        if (resource) m_reader.records().readResource(m_reader.root(), m_batch.resources[group.index]);
        else m_reader.records().readScope(m_reader.root(), m_batch.scopes[group.index]);
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
        case BadStretch::Kind::Comma: report.remark(ProblemCode::FlaggedValue, stretch.message, std::move(place)); break;
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
    if (!m_batch.empty()) {
        if (m_front) m_batch.pending = m_front->get()->takePending();
        m_context->sink.accept(std::move(m_batch), 0);
    }
    m_batch = store::Batch();
    if (m_front) m_front->get()->begin();
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

std::unique_ptr<Importer> makeOtlpJsonImporter(const OtlpJsonImportOptions& options) { return std::make_unique<OtlpJsonImporter>(options); }

ImporterDescriptor otlpJsonImporter() {
    return {"otlp-json", "OTLP JSON", {"*.json", "*.jsonl", "*.ndjson", "*.otlp"}, 90,  // its names are like no other format's
            &sniffOtlp, [] { return makeOtlpJsonImporter({}); }};
}

ImporterDescriptor tempoJsonImporter() {
    return {"tempo-json", "Grafana Tempo JSON", {"*.json"}, 89,  // a dialect of OTLP: plain OTLP goes first where both fit
            &sniffTempo, [] { return makeOtlpJsonImporter({.tempo = true}); }};
}

}  // namespace spanreel::ingest
