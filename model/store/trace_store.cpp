// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/trace_store.h"

#include <algorithm>
#include <xxhash.h>

#include "model/core/time_format.h"
#include "model/store/store_data.h"

namespace spanreel::store {
namespace {

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

}  // namespace

/// Everything only the one writer touches; guarded by TraceStore::m_mutex.
struct TraceStore::Writer {
    Writer() { reset(); }

    std::shared_ptr<StoreData> data;
    std::vector<std::shared_ptr<SpanSegment>> spanSegments;
    std::vector<std::shared_ptr<LogSegment>> logSegments;
    std::uint64_t spanCount = 0, logCount = 0, metricCount = 0;
    std::vector<std::shared_ptr<const MetricsRecord>> metrics;

    // Trace summaries in pages; a page is copied before its first change after a snapshot took it.
    std::vector<std::shared_ptr<StoreSnapshot::TracePage>> tracePages;
    std::vector<std::uint64_t> pageEpoch;
    std::uint64_t epoch = 1;
    std::size_t traceCount = 0;

    std::vector<ServiceSummary> services;
    std::vector<SourceInfo> sources;
    absl::flat_hash_map<std::string, std::uint32_t> resourceIndex, scopeIndex;
    absl::flat_hash_map<StringId, ServiceId> serviceIndex;
    absl::flat_hash_map<std::uint64_t, std::uint32_t> setTransition;  ///< set << 32 | service -> set
    absl::flat_hash_map<std::string, std::uint32_t> setIndex;

    std::uint64_t generation = 1;
    SnapshotPtr cached;
    std::string scratch;

    void reset() {
        data = std::make_shared<StoreData>();
        spanSegments.clear();
        logSegments.clear();
        spanCount = logCount = metricCount = 0;
        metrics.clear();
        tracePages.clear();
        pageEpoch.clear();
        traceCount = 0;
        services.assign(1, {});
        sources.clear();
        resourceIndex.clear();
        scopeIndex.clear();
        serviceIndex.clear();
        setTransition.clear();
        setIndex.clear();
        data->serviceNames.push(0);
        data->serviceSets.push({});
        setIndex.emplace(std::string{}, 0);
        serviceIndex.emplace(0, 0);
        cached.reset();
    }

    StoredAttributes store(Arena& arena, AttributeSpan attributes) {
        if (attributes.empty()) return {};
        auto out = arena.array<StoredAttribute>(attributes.size());
        for (std::size_t i = 0; i < attributes.size(); ++i) out[i] = store(attributes[i].key, attributes[i].value);
        return {out.data(), static_cast<std::uint32_t>(out.size())};
    }
    StoredAttribute store(std::string_view key, const Value& value) {
        return {data->strings.intern(key), value.type, value.type >= ValueType::String ? data->strings.intern(value.text) : value.bits};
    }

    ServiceId service(StringId name) {
        const auto [it, isNew] = serviceIndex.try_emplace(name, static_cast<ServiceId>(services.size()));
        if (isNew) {
            data->serviceNames.push(name);
            services.push_back({data->strings.view(name)});
        }
        return it->second;
    }

    std::uint32_t resource(const ResourceRecord& r) {
        scratch.clear();
        appendAttributes(scratch, r.attributes);
        appendNumber(scratch, r.droppedAttributes);
        appendText(scratch, r.schemaUrl);
        appendText(scratch, r.entityRefs);
        appendText(scratch, r.unknown);
        const auto [it, isNew] = resourceIndex.try_emplace(scratch, static_cast<std::uint32_t>(data->resources.size()));
        if (isNew) {
            Resource stored;
            stored.id = it->second;
            stored.attributes = store(data->arena, r.attributes);
            stored.droppedAttributes = r.droppedAttributes;
            stored.schemaUrl = data->strings.intern(r.schemaUrl);
            stored.entityRefs = data->strings.intern(r.entityRefs);
            stored.unknown = data->strings.intern(r.unknown);
            for (const Attribute& a : r.attributes)
                if (a.key == "service.name" && a.value.type == ValueType::String) stored.serviceName = data->strings.intern(a.value.text);
            stored.service = service(stored.serviceName);
            data->resources.push(stored);
        }
        return it->second;
    }

    std::uint32_t scope(const ScopeRecord& s) {
        scratch.clear();
        appendText(scratch, s.name);
        appendText(scratch, s.version);
        appendAttributes(scratch, s.attributes);
        appendNumber(scratch, s.droppedAttributes);
        appendText(scratch, s.schemaUrl);
        appendText(scratch, s.unknown);
        const auto [it, isNew] = scopeIndex.try_emplace(scratch, static_cast<std::uint32_t>(data->scopes.size()));
        if (isNew) {
            Scope stored;
            stored.id = it->second;
            stored.name = data->strings.intern(s.name);
            stored.version = data->strings.intern(s.version);
            stored.schemaUrl = data->strings.intern(s.schemaUrl);
            stored.unknown = data->strings.intern(s.unknown);
            stored.attributes = store(data->arena, s.attributes);
            stored.droppedAttributes = s.droppedAttributes;
            data->scopes.push(stored);
        }
        return it->second;
    }

    std::uint32_t withService(std::uint32_t set, ServiceId added) {
        const auto [it, isNew] = setTransition.try_emplace(std::uint64_t{set} << 32 | added, 0);
        if (isNew) {
            std::vector<ServiceId> members = data->serviceSets[set];
            const auto at = std::lower_bound(members.begin(), members.end(), added);
            if (at == members.end() || *at != added) members.insert(at, added);
            std::string key(reinterpret_cast<const char*>(members.data()), members.size() * sizeof(ServiceId));
            const auto [found, isNewSet] = setIndex.try_emplace(std::move(key), static_cast<std::uint32_t>(data->serviceSets.size()));
            if (isNewSet) data->serviceSets.push(std::move(members));
            it->second = found->second;
        }
        return it->second;
    }

    std::uint32_t traceIndexOf(TraceId id) {
        {
            const std::lock_guard lock(data->traceIndexMutex);
            const auto [it, isNew] = data->traceIndex.try_emplace(id, static_cast<std::uint32_t>(traceCount));
            if (!isNew) return it->second;
        }
        const auto index = static_cast<std::uint32_t>(traceCount++);
        data->traceIds.push(id);
        if (index / StoreSnapshot::kTracePage == tracePages.size()) {
            tracePages.push_back(std::make_shared<StoreSnapshot::TracePage>());
            tracePages.back()->reserve(StoreSnapshot::kTracePage);
            pageEpoch.push_back(epoch);
        }
        TraceSummary summary;
        summary.id = id;
        ownPage(index / StoreSnapshot::kTracePage).push_back(summary);
        return index;
    }

    StoreSnapshot::TracePage& ownPage(std::size_t page) {
        if (pageEpoch[page] != epoch) {
            auto copy = std::make_shared<StoreSnapshot::TracePage>();
            copy->reserve(StoreSnapshot::kTracePage);
            copy->assign(tracePages[page]->begin(), tracePages[page]->end());
            tracePages[page] = std::move(copy);
            pageEpoch[page] = epoch;
        }
        return *tracePages[page];
    }
    TraceSummary& summary(std::uint32_t index) { return ownPage(index / StoreSnapshot::kTracePage)[index % StoreSnapshot::kTracePage]; }

    void appendSpan(const SpanRecord& span, const std::vector<std::uint32_t>& resources, const std::vector<std::uint32_t>& scopes, SourceId source, TraceId synthetic);
    void appendLog(const LogRecordData& log, const std::vector<std::uint32_t>& resources, const std::vector<std::uint32_t>& scopes, SourceId source);
    const SpanExtra* extraOf(const SpanRecord& span, Arena& arena);
};

const SpanExtra* TraceStore::Writer::extraOf(const SpanRecord& s, Arena& arena) {
    if (s.traceState.empty() && s.statusMessage.empty() && !s.droppedAttributes && !s.droppedEvents && !s.droppedLinks && s.unknown.empty() &&
        s.originalTraceId.empty() && s.originalSpanId.empty() && s.originalParentId.empty())
        return nullptr;
    auto& strings = data->strings;
    auto* extra = arena.array<SpanExtra>(1).data();
    *extra = {strings.intern(s.traceState), strings.intern(s.statusMessage),   s.droppedAttributes,
              s.droppedEvents,              s.droppedLinks,                    strings.intern(s.unknown),
              strings.intern(s.originalTraceId), strings.intern(s.originalSpanId), strings.intern(s.originalParentId)};
    return extra;
}

void TraceStore::Writer::appendSpan(const SpanRecord& s, const std::vector<std::uint32_t>& resources, const std::vector<std::uint32_t>& scopes, SourceId source,
                                    TraceId synthetic) {
    if (spanSegments.empty() || spanSegments.back()->rows.load(std::memory_order_relaxed) == kSegmentRows)
        spanSegments.push_back(std::make_shared<SpanSegment>(static_cast<std::uint32_t>(spanSegments.size())));
    SpanSegment& g = *spanSegments.back();
    const std::uint32_t i = g.rows.load(std::memory_order_relaxed);
    const RowId row = g.index << 16 | i;
    auto& strings = data->strings;

    std::uint16_t marks = s.marks;
    TraceId id = s.traceId;
    if (!id.isValid()) {
        id = synthetic;
        marks |= kMarkInvalidTraceId;
    }
    if (!s.spanId.isValid()) marks |= kMarkInvalidSpanId;
    const std::uint32_t trace = traceIndexOf(id);

    g.trace[i] = trace;
    g.spanId[i] = s.spanId.value;
    g.parentId[i] = s.parentId.value;
    g.startNs[i] = s.startNs;
    g.endNs[i] = s.endNs;
    g.name[i] = strings.intern(s.name);
    g.resource[i] = s.resource == kNone ? kNone : resources[s.resource];
    g.scope[i] = s.scope == kNone ? kNone : scopes[s.scope];
    const ServiceId serviceId = g.resource[i] == kNone ? 0 : data->resources[g.resource[i]].service;
    g.service[i] = serviceId;
    g.kind[i] = s.kind;
    g.status[i] = s.status;
    g.flags[i] = s.flags;
    g.marks[i] = marks;
    g.source[i] = source;
    g.attributes[i] = store(g.arena, s.attributes);
    g.eventCount[i] = static_cast<std::uint32_t>(s.events.size());
    auto events = g.arena.array<StoredEvent>(s.events.size());
    for (std::size_t e = 0; e < s.events.size(); ++e)
        events[e] = {s.events[e].timeNs, strings.intern(s.events[e].name), s.events[e].droppedAttributes, store(g.arena, s.events[e].attributes),
                     strings.intern(s.events[e].unknown)};
    g.events[i] = events.data();
    g.linkCount[i] = static_cast<std::uint32_t>(s.links.size());
    auto links = g.arena.array<StoredLink>(s.links.size());
    for (std::size_t l = 0; l < s.links.size(); ++l) {
        const LinkRecord& k = s.links[l];
        links[l] = {k.traceId, k.spanId, strings.intern(k.traceState), k.droppedAttributes, k.flags, store(g.arena, k.attributes), strings.intern(k.unknown)};
    }
    g.links[i] = links.data();
    g.extra[i] = extraOf(s, g.arena);

    TraceSummary& t = summary(trace);
    g.previousInTrace[i] = t.lastRow;
    t.lastRow = row;
    ++t.spanCount;
    ++t.revision;
    const bool isError = s.status == static_cast<std::int32_t>(StatusCode::Error);
    t.errorCount += isError;
    t.serviceSet = withService(t.serviceSet, serviceId);
    if (isUsableTime(s.startNs)) {
        if (t.startNs == 0 || s.startNs < t.startNs) t.startNs = s.startNs;
        const std::uint64_t end = isUsableTime(s.endNs) ? std::max(s.startNs, s.endNs) : s.startNs;
        t.endNs = std::max(t.endNs, end);
    }
    const bool isRoot = !s.parentId.isValid();
    if (t.rootRow == kNoRow || (isRoot && !t.hasRoot) || (isRoot == t.hasRoot && s.startNs < spanSegments[t.rootRow >> 16]->startNs[t.rootRow & 0xFFFF])) t.rootRow = row;
    t.hasRoot |= isRoot;

    ++services[serviceId].spans;
    services[serviceId].errors += isError;
    ++sources[source].spans;
    ++spanCount;
    g.rows.store(i + 1, std::memory_order_release);
}

void TraceStore::Writer::appendLog(const LogRecordData& l, const std::vector<std::uint32_t>& resources, const std::vector<std::uint32_t>& scopes, SourceId source) {
    if (logSegments.empty() || logSegments.back()->rows.load(std::memory_order_relaxed) == kSegmentRows)
        logSegments.push_back(std::make_shared<LogSegment>(static_cast<std::uint32_t>(logSegments.size())));
    LogSegment& g = *logSegments.back();
    const std::uint32_t i = g.rows.load(std::memory_order_relaxed);
    auto& strings = data->strings;

    g.trace[i] = l.traceId.isValid() ? traceIndexOf(l.traceId) : kNone;
    g.spanId[i] = l.spanId.value;
    g.timeNs[i] = l.timeNs;
    g.observedNs[i] = l.observedNs;
    g.severity[i] = l.severity;
    g.severityText[i] = strings.intern(l.severityText);
    g.body[i] = store({}, l.body);
    g.resource[i] = l.resource == kNone ? kNone : resources[l.resource];
    g.scope[i] = l.scope == kNone ? kNone : scopes[l.scope];
    const ServiceId serviceId = g.resource[i] == kNone ? 0 : data->resources[g.resource[i]].service;
    g.service[i] = serviceId;
    g.marks[i] = l.marks;
    g.source[i] = source;
    g.attributes[i] = store(g.arena, l.attributes);
    g.extra[i] = nullptr;
    if (!l.eventName.empty() || l.droppedAttributes || l.flags || !l.unknown.empty() || !l.originalTraceId.empty() || !l.originalSpanId.empty()) {
        auto* extra = g.arena.array<LogExtra>(1).data();
        *extra = {strings.intern(l.eventName), l.droppedAttributes, l.flags, strings.intern(l.unknown), strings.intern(l.originalTraceId), strings.intern(l.originalSpanId)};
        g.extra[i] = extra;
    }
    g.previousInTrace[i] = kNoRow;
    if (g.trace[i] != kNone) {
        TraceSummary& t = summary(g.trace[i]);
        g.previousInTrace[i] = t.lastLogRow;
        t.lastLogRow = g.index << 16 | i;
        ++t.logCount;
        ++t.revision;
    }
    ++services[serviceId].logs;
    ++sources[source].logs;
    ++logCount;
    g.rows.store(i + 1, std::memory_order_release);
}

TraceStore::TraceStore() : m_writer(std::make_unique<Writer>()) {}
TraceStore::~TraceStore() = default;

SourceId TraceStore::addSource(SourceKind kind, std::string name) {
    SourceId id = 0;
    {
        const std::lock_guard lock(m_mutex);
        id = static_cast<SourceId>(m_writer->sources.size());
        SourceInfo info;
        info.id = id;
        info.kind = kind;
        info.name = std::move(name);
        m_writer->sources.push_back(std::move(info));
        ++m_writer->generation;
    }
    notify();
    return id;
}

void TraceStore::updateSource(SourceId source, ImportReport report, bool finished) {
    {
        const std::lock_guard lock(m_mutex);
        if (source >= m_writer->sources.size()) return;  // the session was cleared meanwhile
        m_writer->sources[source].report = std::move(report);
        m_writer->sources[source].finished = finished;
        ++m_writer->generation;
    }
    notify();
}

void TraceStore::append(Batch batch, SourceId source, std::uint64_t syntheticGroup) {
    {
        const std::lock_guard lock(m_mutex);
        Writer& w = *m_writer;
        if (source >= w.sources.size()) return;  // the session was cleared meanwhile
        std::vector<std::uint32_t> resources, scopes;
        resources.reserve(batch.resources.size());
        scopes.reserve(batch.scopes.size());
        for (const auto& r : batch.resources) resources.push_back(w.resource(r));
        for (const auto& s : batch.scopes) scopes.push_back(w.scope(s));
        std::string seed = "spanreel synthetic trace";
        appendNumber(seed, source);
        appendNumber(seed, syntheticGroup);
        const TraceId synthetic = TraceId::fromText(seed);
        for (const auto& span : batch.spans) w.appendSpan(span, resources, scopes, source, synthetic);
        for (const auto& log : batch.logs) w.appendLog(log, resources, scopes, source);
        for (auto& m : batch.metrics) {
            w.metricCount += m.metricCount;
            w.sources[source].metrics += m.metricCount;
            w.metrics.push_back(std::make_shared<const MetricsRecord>(std::move(m)));
        }
        ++w.generation;
    }
    notify();
}

SnapshotPtr TraceStore::snapshot() {
    const std::lock_guard lock(m_mutex);
    Writer& w = *m_writer;
    if (w.cached && w.cached->m_generation == w.generation) return w.cached;
    auto s = std::make_shared<StoreSnapshot>();
    s->m_data = w.data;
    s->m_generation = w.generation;
    s->m_spanCount = w.spanCount;
    s->m_logCount = w.logCount;
    s->m_metricCount = w.metricCount;
    s->m_spanSegments.assign(w.spanSegments.begin(), w.spanSegments.end());
    for (const auto& g : w.spanSegments) s->m_spanRows.push_back(g->rows.load(std::memory_order_relaxed));
    s->m_logSegments.assign(w.logSegments.begin(), w.logSegments.end());
    for (const auto& g : w.logSegments) s->m_logRows.push_back(g->rows.load(std::memory_order_relaxed));
    s->m_tracePages.assign(w.tracePages.begin(), w.tracePages.end());
    s->m_traceCount = w.traceCount;
    s->m_services = w.services;
    s->m_sources = w.sources;
    s->m_metrics = w.metrics;
    ++w.epoch;  // pages handed out are copied before their next change
    w.cached = std::move(s);
    return w.cached;
}

void TraceStore::clear() {
    {
        const std::lock_guard lock(m_mutex);
        m_writer->reset();
        ++m_writer->generation;
    }
    notify();
}

void TraceStore::setListener(std::function<void()> callback) {
    const std::lock_guard lock(m_listenerMutex);
    m_listener = std::move(callback);
}

void TraceStore::notify() {
    const std::lock_guard lock(m_listenerMutex);
    if (m_listener) m_listener();
}

}  // namespace spanreel::store
