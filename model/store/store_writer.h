// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "model/store/attribute_front.h"
#include "model/store/snapshot.h"
#include "model/store/store_data.h"
#include "model/store/table.h"

namespace spanreel::store {

/// What the one writer of a session holds, and how a batch becomes rows. Guarded by TraceStore's mutex.
class StoreWriter {
public:
    StoreWriter();

    SourceId addSource(SourceKind kind, std::string name);
    [[nodiscard]] const SourceInfo* source(SourceId id) const { return id < m_sources.size() ? &m_sources[id] : nullptr; }
    void updateSource(SourceId id, ImportReport report, bool finished);
    /// Appends and publishes all rows of a batch. Throws std::bad_alloc where memory fails; what went in until then is whole.
    void append(Batch batch, SourceId source, std::uint64_t syntheticGroup);
    /// Segments that became full and were not taken out yet.
    [[nodiscard]] std::vector<std::shared_ptr<const SpanSegment>>& fullSpans() { return m_fullSpans; }
    [[nodiscard]] std::vector<std::shared_ptr<const LogSegment>>& fullLogs() { return m_fullLogs; }
    /// A packed copy takes the place of its full segment.
    void replace(std::shared_ptr<const SpanSegment> sealed) { m_spanSegments[sealed->index] = std::move(sealed); }
    void replace(std::shared_ptr<const LogSegment> sealed) { m_logSegments[sealed->index] = std::move(sealed); }

    /// A snapshot of everything; pages handed out are copied before their next change.
    [[nodiscard]] std::shared_ptr<StoreSnapshot> snapshot(std::uint64_t generation);
    [[nodiscard]] const std::shared_ptr<StoreData>& data() const { return m_data; }

    /// Segments of spans or of logs, whichever are more.
    [[nodiscard]] std::size_t segmentCount() const { return std::max(m_spanSegments.size(), m_logSegments.size()); }
    /// Bytes of what always stays in memory: tables, traces, resources, metrics.
    [[nodiscard]] std::size_t tableBytes() const;
    /// Bytes of the segments being filled.
    [[nodiscard]] std::size_t openBytes() const { return (m_openSpans ? m_openSpans->bytes() : 0) + (m_openLogs ? m_openLogs->bytes() : 0); }

    /// Memory kept for segments and batches to come.
    [[nodiscard]] std::size_t spareBytes() const { return m_spareSpans->bytes() + m_spareLogs->bytes() + m_data->spareBatches.bytes(); }
    void dropSpare() {
        m_spareSpans->clear();
        m_spareLogs->clear();
        m_data->spareBatches.clear();
        m_data->text.trim();
        if (m_openSpans) m_openSpans->open->trim(m_openSpans->rows.load(std::memory_order_relaxed));
        if (m_openLogs) m_openLogs->open->trim(m_openLogs->rows.load(std::memory_order_relaxed));
    }

private:
    struct Context {
        std::vector<std::uint32_t> resources, scopes;
        SourceInfo& source;  ///< no snapshot is taken in the middle of an append
        TraceId synthetic;
        bool found;  ///< read with a front
    };
    ServiceId service(StringId name);
    std::uint32_t resource(const ResourceRecord& r);
    std::uint32_t scope(const ScopeRecord& s);
    void addService(std::uint32_t trace, TraceSummary& t, ServiceId service);
    void addOtherService(std::uint32_t trace, TraceSummary& t, ServiceId service);
    std::uint32_t withService(std::uint32_t set, ServiceId added);
    std::uint32_t traceIndexOf(const TraceId& id);
    void addSummary();
    void prefetchTrace(const TraceId& id) const;
    void appendSpans(const std::vector<SpanRecord>& spans, const Context& context);
    void appendLogs(const std::vector<LogRecordData>& logs, const Context& context);
    StoredAttributes store(Arena& cells, AttributeSpan attributes);
    /// The attributes of a record of a batch, read with a front or without.
    StoredAttributes store(Arena& cells, AttributeSpan attributes, const FoundRecord& found, const Context& context);
    void name(std::string_view text, const FoundRecord& found, const Context& context, std::uint64_t& cell, TextCache& cache);
    void writeSpan(const SpanRecord& s, SpanSegment& g, std::uint32_t i, const Context& context);
    /// What most spans have none of; the extra only where `hasExtra`.
    const SpanSide* writeSide(const SpanRecord& s, bool hasExtra, Arena& arena, const Context& context);
    void writeLog(const LogRecordData& l, LogSegment& g, std::uint32_t i, const Context& context);
    void addToSummary(TraceSummary& t, const SpanRecord& s, RowId row);

    std::shared_ptr<StoreData> m_data;
    AttributeFront m_front;  ///< for batches read without one
    std::vector<std::shared_ptr<const SpanSegment>> m_spanSegments, m_fullSpans;
    std::vector<std::shared_ptr<const LogSegment>> m_logSegments, m_fullLogs;
    std::shared_ptr<SpareMemory<OpenSpans>> m_spareSpans = std::make_shared<SpareMemory<OpenSpans>>();
    std::shared_ptr<SpareMemory<OpenLogs>> m_spareLogs = std::make_shared<SpareMemory<OpenLogs>>();
    std::shared_ptr<SpanSegment> m_openSpans;
    std::shared_ptr<LogSegment> m_openLogs;
    std::uint64_t m_spanCount = 0, m_logCount = 0, m_metricCount = 0;
    std::size_t m_keptBytes = 0;  ///< of metrics, and of the keys that tell resources and scopes apart

    StoreSnapshot::Traces::Writer m_traces;
    TraceId m_lastTrace;
    std::uint32_t m_lastTraceIndex = kNone;

    StoreSnapshot::Services::Writer m_services;
    StoreSnapshot::Sources::Writer m_sources;
    Table<std::string, std::uint32_t> m_resourceIndex, m_scopeIndex;
    Table<StringId, ServiceId> m_serviceIndex;
    Table<std::uint64_t, std::uint32_t> m_setTransition;  ///< set << 32 | service -> set
    Table<std::string, std::uint32_t> m_setIndex;
    std::unordered_set<std::uint64_t, SeededHash> m_moreServices;  ///< trace << 32 | service: what is in the lists of traces
    std::size_t m_setBytes = 0;
    std::string m_scratch;
};

}  // namespace spanreel::store
