// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/store_writer.h"

#include <algorithm>
#include <new>
#include <utility>

#include "model/core/time_format.h"
#include "model/store/known_resources.h"

namespace spanreel::store {
namespace {

/// Rows written before their queued texts are resolved and the rows are published.
constexpr std::uint32_t kRowsPerFlush = 64;
/// How many spans ahead the memory of a trace is asked for: its slot in the index, then what the slot names.
constexpr std::size_t kSlotAhead = 8, kTraceAhead = 4;
/// Most services of a set that traces share: one that grows leaves all it was behind.
constexpr std::size_t kMostShared = 32;
constexpr std::size_t kMapEntry = 96;     // bytes of a hash map with texts or of a shape, beside its content
constexpr std::size_t kNumberEntry = 40;  // of a table of numbers

void appendNumber(std::string& out, std::uint64_t n) { out.append(reinterpret_cast<const char*>(&n), sizeof n); }
void appendText(std::string& out, std::string_view text) {
    appendNumber(out, text.size());
    out += text;
}
void appendAttributes(std::string& out, AttributeSpan attributes) {
    appendNumber(out, attributes.size());
    for (const Attribute& a : attributes) {
        appendText(out, a.key);
        out += static_cast<char>(a.value.type);
        appendNumber(out, a.value.bits);
        appendText(out, a.value.text);
    }
}

template <class Segment>
bool isFull(const Segment& segment, std::uint32_t rows) {
    return rows == kSegmentRows || segment.open->arena.bytesInUse() > kMostBesideRows;
}

}  // namespace

StoreWriter::StoreWriter() : m_data(std::make_shared<StoreData>()), m_front(m_data) {
    m_services.add({});
    m_data->serviceNames.push(0);
    m_data->serviceSets.push({});
    m_data->moreServices.push({});
    m_setIndex.emplace(std::string{}, 0);
    m_serviceIndex.emplace(0, 0);
}

SourceId StoreWriter::addSource(SourceKind kind, std::string name) {
    SourceInfo info;
    info.id = static_cast<SourceId>(m_sources.size());
    info.kind = kind;
    info.name = std::move(name);
    m_sources.add(std::move(info));
    return m_sources[m_sources.size() - 1].id;
}

void StoreWriter::updateSource(SourceId id, ImportReport report, bool finished) {
    SourceInfo& info = m_sources.change(id);
    info.report = std::move(report);
    info.finished = finished;
}

ServiceId StoreWriter::service(StringId name) {
    if (const auto known = m_serviceIndex.find(name); known != m_serviceIndex.end()) return known->second;
    const auto id = static_cast<ServiceId>(m_services.size());
    m_services.makeRoom();
    m_data->serviceNames.push(name);
    m_services.add({m_data->strings.view(name)});
    m_serviceIndex.emplace(name, id);
    return id;
}

StoredAttributes StoreWriter::store(Arena& cells, AttributeSpan attributes) {
    AttributeFront::List& list = m_front.list();
    list.begin();
    for (const Attribute& a : attributes) list.add(a);
    std::uint32_t words = 0;
    return list.finish(cells, words);
}

StoredAttributes StoreWriter::store(Arena& cells, AttributeSpan attributes, const FoundRecord& found, const Context& context) {
    if (!context.found) return store(cells, attributes);
    StoredAttributes out = found.attributes;
    out.cells = cells.copy(std::span(out.cells, found.words)).data();
    return out;
}

void StoreWriter::name(std::string_view text, const FoundRecord& found, const Context& context, std::uint64_t& cell, TextCache& cache) {
    if (context.found) cell = found.name ? *found.name : 0;
    else if (!m_front.find(cache, text, cell)) m_front.wait(cache, text, cell);
}

std::uint32_t StoreWriter::resource(const ResourceRecord& r) {
    m_scratch.clear();
    appendAttributes(m_scratch, r.attributes);
    appendNumber(m_scratch, r.droppedAttributes);
    appendText(m_scratch, r.schemaUrl);
    appendText(m_scratch, r.entityRefs);
    appendText(m_scratch, r.unknown);
    if (const auto known = m_resourceIndex.find(m_scratch); known != m_resourceIndex.end()) return known->second;
    StringPool& strings = m_data->strings;
    Resource stored;
    stored.id = static_cast<std::uint32_t>(m_data->resources.size());
    stored.attributes = store(m_data->arena, r.attributes);
    m_front.resolve();
    stored.droppedAttributes = r.droppedAttributes;
    stored.schemaUrl = strings.intern(r.schemaUrl);
    stored.entityRefs = strings.intern(r.entityRefs);
    stored.unknown = strings.intern(r.unknown);
    for (const Attribute& a : r.attributes)
        if (a.key == "service.name" && a.value.type == ValueType::String) stored.serviceName = strings.intern(a.value.text);
    stored.service = service(stored.serviceName);
    m_data->resources.push(stored);
    m_resourceIndex.emplace(m_scratch, stored.id);
    m_keptBytes += m_scratch.size() + sizeof(Resource);
    return stored.id;
}

std::uint32_t StoreWriter::scope(const ScopeRecord& s) {
    m_scratch.clear();
    appendText(m_scratch, s.name);
    appendText(m_scratch, s.version);
    appendAttributes(m_scratch, s.attributes);
    appendNumber(m_scratch, s.droppedAttributes);
    appendText(m_scratch, s.schemaUrl);
    appendText(m_scratch, s.unknown);
    if (const auto known = m_scopeIndex.find(m_scratch); known != m_scopeIndex.end()) return known->second;
    StringPool& strings = m_data->strings;
    Scope stored;
    stored.id = static_cast<std::uint32_t>(m_data->scopes.size());
    stored.name = strings.intern(s.name);
    stored.version = strings.intern(s.version);
    stored.schemaUrl = strings.intern(s.schemaUrl);
    stored.unknown = strings.intern(s.unknown);
    stored.attributes = store(m_data->arena, s.attributes);
    m_front.resolve();
    stored.droppedAttributes = s.droppedAttributes;
    m_data->scopes.push(stored);
    m_scopeIndex.emplace(m_scratch, stored.id);
    m_keptBytes += m_scratch.size() + sizeof(Scope);
    return stored.id;
}

void StoreWriter::addService(std::uint32_t trace, TraceSummary& t, ServiceId service) {
    if (service < 64) [[likely]] t.firstServices |= std::uint64_t{1} << service;
    else addOtherService(trace, t, service);
}

/// One of those from 64 on: to the shared set, and where that is full to the trace's own list.
void StoreWriter::addOtherService(std::uint32_t trace, TraceSummary& t, ServiceId service) {
    if (t.moreServices == 0) [[likely]] {
        if (const std::uint32_t set = withService(t.otherServices, service); set != kNone) [[likely]] {
            t.otherServices = set;
            return;
        }
    }
    const auto& shared = m_data->serviceSets[t.otherServices];
    const std::uint64_t member = std::uint64_t{trace} << 32 | service;
    if (std::binary_search(shared.begin(), shared.end(), service) || m_moreServices.contains(member)) return;
    const std::size_t more = m_data->moreServices.push({service, t.moreServices, m_data->moreServices[t.moreServices].count + 1});
    m_moreServices.insert(member);
    t.moreServices = static_cast<std::uint32_t>(more);
}

/// The set with one more; kNone where it is full.
std::uint32_t StoreWriter::withService(std::uint32_t set, ServiceId added) {
    const std::uint64_t transition = std::uint64_t{set} << 32 | added;
    if (const auto known = m_setTransition.find(transition); known != m_setTransition.end()) return known->second;
    std::vector<ServiceId> members = m_data->serviceSets[set];
    const auto at = std::lower_bound(members.begin(), members.end(), added);
    if (at == members.end() || *at != added) {
        if (members.size() == kMostShared) return kNone;
        members.insert(at, added);
    }
    std::string key(reinterpret_cast<const char*>(members.data()), members.size() * sizeof(ServiceId));
    std::uint32_t to = 0;
    if (const auto known = m_setIndex.find(key); known != m_setIndex.end()) to = known->second;
    else {
        to = static_cast<std::uint32_t>(m_data->serviceSets.push(std::move(members)));
        m_setBytes += kMapEntry + 2 * key.size();
        m_setIndex.emplace(std::move(key), to);
    }
    m_setTransition.emplace(transition, to);
    return to;
}

/// By reference: a copy put together of two words and read back as one waits for all that was stored before it.
std::uint32_t StoreWriter::traceIndexOf(const TraceId& id) {
    if (id == m_lastTrace && m_lastTraceIndex != kNone) return m_lastTraceIndex;
    const std::uint32_t index = m_data->traces.add(id).first;
    while (m_traces.size() <= index) addSummary();  // more than one where memory failed for an earlier one
    m_lastTrace = id;
    return m_lastTraceIndex = index;
}

/// Of the next trace that has none.
void StoreWriter::addSummary() {
    TraceSummary summary;
    summary.id = m_data->traces.id(static_cast<std::uint32_t>(m_traces.size()));
    m_traces.add(summary);
}

void StoreWriter::prefetchTrace(const TraceId& id) const {
    const std::uint32_t index = m_data->traces.prefetchId(id);
    if (index < m_traces.size()) __builtin_prefetch(&m_traces[index]);
}

void StoreWriter::append(Batch batch, SourceId source, std::uint64_t syntheticGroup) {
    if (batch.pending) batch.pending->resolve();
    Context context{{}, {}, m_sources.change(source), {}, batch.pending != nullptr};
    try {
        context.resources.reserve(batch.resources.size());
        context.scopes.reserve(batch.scopes.size());
        for (const auto& r : batch.resources) {
            context.resources.push_back(r.known != kNone ? r.known : resource(r));
            if (r.learn) r.learn->id.store(context.resources.back(), std::memory_order_relaxed);
        }
        for (const auto& s : batch.scopes) context.scopes.push_back(scope(s));
    } catch (const std::bad_alloc&) {
        m_front.resolveOrGiveUp();  // what waits lies in the batch
        throw;
    }
    std::string seed = "spanreel synthetic trace";
    appendNumber(seed, source);
    appendNumber(seed, syntheticGroup);
    context.synthetic = TraceId::fromText(seed);
    appendSpans(batch.spans, context);
    appendLogs(batch.logs, context);
    for (auto& m : batch.metrics) {
        const MetricsRecord& kept = m_data->metrics[m_data->metrics.push(std::move(m))];
        m_metricCount += kept.metricCount;
        context.source.metrics += kept.metricCount;
        m_keptBytes += kept.bytes.size() + sizeof kept;
    }
    if (context.found) m_data->spareBatches.give(std::move(batch));  // others are made without asking for it
}

void StoreWriter::appendSpans(const std::vector<SpanRecord>& spans, const Context& context) {
    for (std::size_t next = 0; next < spans.size();) {
        if (!m_openSpans) {
            auto open = SpanSegment::makeOpen(static_cast<std::uint32_t>(m_spanSegments.size()), m_spareSpans);
            m_spanSegments.push_back(open);
            m_openSpans = std::move(open);
        }
        SpanSegment& g = *m_openSpans;
        std::uint32_t row = g.rows.load(std::memory_order_relaxed);
        const auto begin = row, end = static_cast<std::uint32_t>(std::min<std::size_t>({row + (spans.size() - next), row + kRowsPerFlush, kSegmentRows}));
        const auto publish = [&] {
            g.rows.store(row, std::memory_order_release);
            m_spanCount += row - begin;
            context.source.spans += row - begin;
        };
        try {
            for (; row < end && !isFull(g, row); ++row) {
                if (next + kSlotAhead < spans.size()) m_data->traces.prefetch(spans[next + kSlotAhead].traceId);
                if (next + kTraceAhead < spans.size()) prefetchTrace(spans[next + kTraceAhead].traceId);
                writeSpan(spans[next++], g, row, context);
            }
            m_front.resolve();
        } catch (const std::bad_alloc&) {
            m_front.resolveOrGiveUp();
            publish();  // their traces know of them already
            throw;
        }
        publish();
        if (isFull(g, row)) {
            m_fullSpans.push_back(m_openSpans);
            m_openSpans.reset();
        }
    }
}

void StoreWriter::writeSpan(const SpanRecord& s, SpanSegment& g, std::uint32_t i, const Context& context) {
    OpenSpans& o = *g.open;
    std::uint16_t marks = s.marks;
    const bool hasTrace = s.traceId.isValid();
    if (!hasTrace) marks |= kMarkInvalidTraceId;
    if (!s.spanId.isValid()) marks |= kMarkInvalidSpanId;
    const std::uint32_t trace = traceIndexOf(hasTrace ? s.traceId : context.synthetic);
    const std::uint32_t resource = s.resource == kNone ? kNone : context.resources[s.resource];
    const ServiceId service = resource == kNone ? 0 : m_data->resources[resource].service;

    o.trace[i] = trace;
    o.spanId[i] = s.spanId.value;
    o.parentId[i] = s.parentId.value;
    o.startNs[i] = s.startNs;
    o.duration[i] = s.endNs - s.startNs;
    name(s.name, s.found, context, o.name[i], m_front.names());
    o.resource[i] = resource;
    o.scope[i] = s.scope == kNone ? kNone : context.scopes[s.scope];
    o.service[i] = service;
    o.kind[i] = s.kind;
    o.status[i] = s.status;
    o.flags[i] = s.flags;
    o.marks[i] = marks;
    o.source[i] = context.source.id;
    o.attributes[i] = store(o.arena, s.attributes, s.found, context);
    const bool hasExtra = s.rareOrNone && *s.rareOrNone != SpanRare{};
    o.sides[i] = hasExtra || !s.events.empty() || !s.links.empty() ? writeSide(s, hasExtra, o.arena, context) : nullptr;

    ServiceSummary& of = m_services.change(service);
    TraceSummary& t = m_traces.change(trace);
    addService(trace, t, service);
    // From here on nothing fails: the row and its trace know of each other, or neither.
    const RowId row = rowId(g.index, i);
    o.previousInTrace[i] = t.lastRow == kNoRow ? 0 : row - t.lastRow;
    addToSummary(t, s, row);
    ++of.spans;
    of.errors += s.status == static_cast<std::int32_t>(StatusCode::Error);
}

const SpanSide* StoreWriter::writeSide(const SpanRecord& s, bool hasExtra, Arena& arena, const Context& context) {
    StringPool& strings = m_data->strings;
    SpanSide& side = *new (arena.allocate(sizeof(SpanSide), alignof(SpanSide))) SpanSide;
    auto events = arena.array<StoredEvent>(s.events.size());
    for (std::size_t e = 0; e < s.events.size(); ++e) {
        const EventRecord& from = s.events[e];
        StoredEvent& to = events[e];
        to.timeNs = from.timeNs;
        name(from.name, from.found, context, to.name, m_front.names());
        to.attributes = store(arena, from.attributes, from.found, context);
        to.droppedAttributes = from.droppedAttributes;
        to.unknown = strings.intern(from.unknown);
    }
    side.events = events;
    auto links = arena.array<StoredLink>(s.links.size());
    for (std::size_t l = 0; l < s.links.size(); ++l) {
        const LinkRecord& from = s.links[l];
        links[l] = {from.traceId, from.spanId, store(arena, from.attributes, from.found, context), strings.intern(from.traceState), from.droppedAttributes, from.flags, strings.intern(from.unknown)};
    }
    side.links = links;
    if (const SpanRare& r = s.rare(); hasExtra)
        side.extra = new (arena.allocate(sizeof(SpanExtra), alignof(SpanExtra)))
            SpanExtra{strings.intern(r.traceState), strings.intern(r.statusMessage), r.droppedAttributes, r.droppedEvents, r.droppedLinks, strings.intern(r.unknown),
                      strings.intern(r.originalTraceId), strings.intern(r.originalSpanId), strings.intern(r.originalParentId)};
    return &side;
}

void StoreWriter::addToSummary(TraceSummary& t, const SpanRecord& s, RowId row) {
    t.lastRow = row;
    ++t.spanCount;
    ++t.revision;
    t.errorCount += s.status == static_cast<std::int32_t>(StatusCode::Error);
    if (isUsableTime(s.startNs)) {
        if (t.startNs == 0 || s.startNs < t.startNs) t.startNs = s.startNs;
        const std::uint64_t end = isUsableTime(s.endNs) ? std::max(s.startNs, s.endNs) : s.startNs;
        t.endNs = std::max(t.endNs, end);
    }
    const bool isRoot = !s.parentId.isValid();
    if (t.rootRow == kNoRow || (isRoot && !t.hasRoot) || (isRoot == t.hasRoot && s.startNs < t.rootStartNs)) {
        t.rootRow = row;
        t.rootStartNs = s.startNs;
    }
    t.hasRoot |= isRoot;
}

void StoreWriter::appendLogs(const std::vector<LogRecordData>& logs, const Context& context) {
    for (std::size_t next = 0; next < logs.size();) {
        if (!m_openLogs) {
            auto open = LogSegment::makeOpen(static_cast<std::uint32_t>(m_logSegments.size()), m_spareLogs);
            m_logSegments.push_back(open);
            m_openLogs = std::move(open);
        }
        LogSegment& g = *m_openLogs;
        std::uint32_t row = g.rows.load(std::memory_order_relaxed);
        const auto begin = row, end = static_cast<std::uint32_t>(std::min<std::size_t>({row + (logs.size() - next), row + kRowsPerFlush, kSegmentRows}));
        const auto publish = [&] {
            g.rows.store(row, std::memory_order_release);
            m_logCount += row - begin;
            context.source.logs += row - begin;
        };
        try {
            for (; row < end && !isFull(g, row); ++row) writeLog(logs[next++], g, row, context);
            m_front.resolve();
        } catch (const std::bad_alloc&) {
            m_front.resolveOrGiveUp();
            publish();
            throw;
        }
        publish();
        if (isFull(g, row)) {
            m_fullLogs.push_back(m_openLogs);
            m_openLogs.reset();
        }
    }
}

void StoreWriter::writeLog(const LogRecordData& l, LogSegment& g, std::uint32_t i, const Context& context) {
    OpenLogs& o = *g.open;
    StringPool& strings = m_data->strings;
    const std::uint32_t trace = l.traceId.isValid() ? traceIndexOf(l.traceId) : kNone;
    o.trace[i] = trace;
    o.spanId[i] = l.spanId.value;
    o.timeNs[i] = l.timeNs;
    o.observedNs[i] = l.observedNs;
    o.severity[i] = l.severity;
    o.severityText[i] = strings.intern(l.severityText);
    o.bodyType[i] = static_cast<std::uint8_t>(l.body.type);
    if (l.body.type >= ValueType::String) name(l.body.text, l.found, context, o.body[i], m_front.bodies());
    else o.body[i] = l.body.bits;
    const std::uint32_t resource = l.resource == kNone ? kNone : context.resources[l.resource];
    const ServiceId service = resource == kNone ? 0 : m_data->resources[resource].service;
    o.resource[i] = resource;
    o.scope[i] = l.scope == kNone ? kNone : context.scopes[l.scope];
    o.service[i] = service;
    o.marks[i] = l.marks;
    o.source[i] = context.source.id;
    o.attributes[i] = store(o.arena, l.attributes, l.found, context);
    o.extras[i] = nullptr;
    if (!l.eventName.empty() || l.droppedAttributes || l.flags || !l.unknown.empty() || !l.originalTraceId.empty() || !l.originalSpanId.empty()) {
        auto* extra = o.arena.array<LogExtra>(1).data();
        *extra = {strings.intern(l.eventName), l.droppedAttributes, l.flags, strings.intern(l.unknown), strings.intern(l.originalTraceId), strings.intern(l.originalSpanId)};
        o.extras[i] = extra;
    }
    o.previousInTrace[i] = 0;
    ServiceSummary& of = m_services.change(service);
    if (trace != kNone) {
        TraceSummary& t = m_traces.change(trace);
        const RowId row = rowId(g.index, i);
        if (t.lastLogRow != kNoRow) o.previousInTrace[i] = row - t.lastLogRow;
        t.lastLogRow = row;
        ++t.logCount;
        ++t.revision;
    }
    ++of.logs;
}

std::size_t StoreWriter::tableBytes() const {
    return m_data->text.tableBytes() + m_data->traces.bytes() + m_traces.bytes() + 2 * (m_data->arena.bytesReserved() + m_data->attributes.bytes()) + m_keptBytes + m_setBytes +
           (m_data->resources.size() + m_data->scopes.size() + m_data->attributes.shapes.size() + m_services.size()) * kMapEntry +
           (m_setTransition.size() + m_moreServices.size()) * kNumberEntry + m_data->moreServices.size() * sizeof(MoreService);
}

std::shared_ptr<StoreSnapshot> StoreWriter::snapshot(std::uint64_t generation) {
    auto s = std::make_shared<StoreSnapshot>();
    s->m_data = m_data;
    s->m_generation = generation;
    s->m_spanCount = m_spanCount;
    s->m_logCount = m_logCount;
    s->m_metricCount = m_metricCount;
    s->m_spanSegments = m_spanSegments;
    for (const auto& g : m_spanSegments) s->m_spanRows.push_back(g->rows.load(std::memory_order_relaxed));
    s->m_logSegments = m_logSegments;
    for (const auto& g : m_logSegments) s->m_logRows.push_back(g->rows.load(std::memory_order_relaxed));
    s->m_traces = m_traces.take();
    s->m_services = m_services.take();
    s->m_sources = m_sources.take();
    s->m_metricsRecords = m_data->metrics.size();
    return s;
}

}  // namespace spanreel::store
