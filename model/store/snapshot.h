// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/store/batch.h"
#include "model/store/import_report.h"
#include "model/store/segments.h"
#include "model/store/shared_table.h"

namespace spanreel::store {

class StoreSnapshot;
struct StoreData;

/// Index of a distinct `service.name`; 0 = records without one.
using ServiceId = std::uint32_t;
using SourceId = std::uint32_t;
/// A source for whoever writes: its number, and the session it is of, so that what comes late does not go into the next one.
struct SourceTicket {
    SourceTicket(SourceId i = 0, std::uint32_t s = 0) : id(i), session(s) {}  // NOLINT: a number alone is of the first session
    operator SourceId() const { return id; }                                   // NOLINT: for whoever reads
    SourceId id;
    std::uint32_t session;  ///< how often the store had been cleared
};

/// What a source of records is.
enum class SourceKind : std::uint8_t { File, Receiver, Sample, Recovered };

/// Where rows came from: a file or a receiver. `report` is final when `finished`.
struct SourceInfo {
    SourceId id = 0;
    SourceKind kind = SourceKind::File;
    std::string name;  ///< a path, or "OTLP/gRPC 127.0.0.1:4317"
    ImportReport report;
    bool finished = false;
    std::uint64_t spans = 0;
    std::uint64_t logs = 0;
    std::uint64_t metrics = 0;
};

struct ServiceSummary {
    std::string_view name;
    std::uint64_t spans = 0;
    std::uint64_t errors = 0;
    std::uint64_t logs = 0;
};

/// What the trace list shows of a trace, kept up to date by the store's writer.
struct TraceSummary {
    TraceId id;
    std::uint32_t spanCount = 0;   ///< records, duplicates included; 0 = only logs have come
    std::uint32_t errorCount = 0;
    std::uint32_t logCount = 0;
    std::uint32_t otherServices = 0;  ///< those from 64 on, a set that traces share: see StoreSnapshot::servicesOf
    RowId rootRow = kNoRow;        ///< earliest span without a parent, else the earliest span
    RowId lastRow = kNoRow;        ///< newest span; older ones by previousInTrace
    RowId lastLogRow = kNoRow;
    bool hasRoot = false;          ///< rootRow really has no parent
    std::uint32_t moreServices = 0;   ///< those that found no room in a shared set
    std::uint64_t firstServices = 0;  ///< which of the services 0 to 63 take part, a bit each; a session mostly has no more
    std::uint64_t rootStartNs = 0;
    std::uint64_t startNs = 0;     ///< earliest usable start, 0 = none
    std::uint64_t endNs = 0;       ///< latest usable end
    std::uint32_t revision = 0;    ///< grows with every record of this trace
    std::int64_t durationNs() const { return endNs > startNs ? static_cast<std::int64_t>(endNs - startNs) : 0; }
};

/// Interned identity of an emitter. `id` is equal for equal content.
struct Resource {
    std::uint32_t id = 0;
    StoredAttributes attributes;
    std::uint32_t droppedAttributes = 0;
    StringId schemaUrl = 0, entityRefs = 0, unknown = 0;
    StringId serviceName = 0;
    ServiceId service = 0;
};
struct Scope {
    std::uint32_t id = 0;
    StringId name = 0, version = 0, schemaUrl = 0, unknown = 0;
    StoredAttributes attributes;
    std::uint32_t droppedAttributes = 0;
};

/// Attributes of a row as a random-access range of `Attribute` values, in the sender's order. Cheap to copy; valid as
/// long as its snapshot.
class AttributesView {
public:
    AttributesView() = default;
    /// Attributes of an open row.
    AttributesView(const StoreData* data, const StoredAttributes& stored);
    /// Attributes of row `row` of a sealed segment.
    AttributesView(const StoreData* data, const PackedAttributes& packed, std::uint32_t row);
    [[nodiscard]] std::size_t size() const { return m_count; }
    [[nodiscard]] bool empty() const { return m_count == 0; }
    [[nodiscard]] Attribute operator[](std::size_t i) const;
    /// The first attribute with this key.
    [[nodiscard]] std::optional<Value> find(std::string_view key) const;
    /// The first attribute with this key, if it is a string; else empty.
    [[nodiscard]] std::string_view text(std::string_view key) const;

    struct Iterator {
        const AttributesView* view;
        std::size_t i;
        Attribute operator*() const { return (*view)[i]; }
        Iterator& operator++() { ++i; return *this; }
        bool operator!=(const Iterator& o) const { return i != o.i; }
    };
    [[nodiscard]] Iterator begin() const { return {this, 0}; }
    [[nodiscard]] Iterator end() const { return {this, size()}; }

    /// Attribute i as column and cell: equal pairs are equal attributes, within one session.
    struct Cell {
        ColumnId column;
        std::uint64_t bits;
        bool operator==(const Cell&) const = default;
    };
    [[nodiscard]] Cell cell(std::size_t i) const {
        const std::uint32_t position = positionOf(static_cast<std::uint32_t>(i));
        return {m_shape->columns[position], word(position)};
    }

private:
    /// Word `w` of the row: its cells, then its inline order.
    [[nodiscard]] std::uint64_t word(std::uint32_t w) const { return m_cells ? m_cells[w] : m_columns[w][m_row]; }
    [[nodiscard]] std::uint32_t positionOf(std::uint32_t i) const;

    const StoreData* m_data = nullptr;
    const AttributeShape* m_shape = nullptr;
    const std::uint64_t* m_cells = nullptr;   ///< row by row, or
    const PackedColumn* m_columns = nullptr;  ///< column by column, at m_row
    std::uint32_t m_row = 0;
    std::uint32_t m_count = 0;
    OrderId m_order = kShapeOrder;
};

struct EventView {
    std::uint64_t timeNs;
    std::string_view name;
    AttributesView attributes;
    std::uint32_t droppedAttributes;
    std::string_view unknown;
};
struct LinkView {
    TraceId traceId;
    SpanId spanId;
    std::string_view traceState;
    AttributesView attributes;
    std::uint32_t droppedAttributes;
    std::uint32_t flags;
    std::string_view unknown;
};
struct ResourceView {
    std::uint32_t id = kNone;  ///< kNone = the record came without a resource
    AttributesView attributes;
    std::uint32_t droppedAttributes = 0;
    std::string_view schemaUrl, entityRefs, unknown, serviceName;
};
struct ScopeView {
    std::uint32_t id = kNone;  ///< kNone = the record came without a scope
    std::string_view name, version, schemaUrl, unknown;
    AttributesView attributes;
    std::uint32_t droppedAttributes = 0;
};

/// One span row. Cheap to copy; valid as long as its snapshot.
class SpanView {
public:
    SpanView(const StoreData* data, const SpanSegment* segment, std::uint32_t index) : m_data(data), m_segment(segment), m_index(index) {}
    [[nodiscard]] RowId row() const { return rowId(m_segment->index, m_index); }
    [[nodiscard]] std::uint32_t traceIndex() const { return static_cast<std::uint32_t>(columns().trace[m_index]); }
    [[nodiscard]] TraceId traceId() const;
    [[nodiscard]] SpanId spanId() const { return {columns().spanId[m_index]}; }
    [[nodiscard]] SpanId parentId() const { return {columns().parentId[m_index]}; }
    [[nodiscard]] std::uint64_t startNs() const { return columns().startNs[m_index]; }
    [[nodiscard]] std::uint64_t endNs() const { return columns().startNs[m_index] + columns().duration[m_index]; }
    /// end - start, saturating; negative where the end is before the start.
    [[nodiscard]] std::int64_t durationNs() const;
    [[nodiscard]] std::string_view name() const;
    [[nodiscard]] StringId nameId() const { return static_cast<StringId>(columns().name[m_index]); }
    [[nodiscard]] ServiceId service() const { return static_cast<ServiceId>(columns().service[m_index]); }
    [[nodiscard]] std::string_view serviceName() const;
    [[nodiscard]] std::int32_t kind() const { return static_cast<std::int32_t>(columns().kind[m_index]); }
    [[nodiscard]] std::int32_t status() const { return static_cast<std::int32_t>(columns().status[m_index]); }
    [[nodiscard]] bool isError() const { return status() == static_cast<std::int32_t>(StatusCode::Error); }
    [[nodiscard]] std::uint32_t flags() const { return static_cast<std::uint32_t>(columns().flags[m_index]); }
    [[nodiscard]] std::uint16_t marks() const { return static_cast<std::uint16_t>(columns().marks[m_index]); }
    [[nodiscard]] SourceId source() const { return static_cast<SourceId>(columns().source[m_index]); }
    [[nodiscard]] RowId previousInTrace() const {
        const auto back = static_cast<std::uint32_t>(columns().previousInTrace[m_index]);
        return back ? row() - back : kNoRow;
    }
    [[nodiscard]] std::string_view statusMessage() const;
    [[nodiscard]] std::string_view traceState() const;
    [[nodiscard]] std::uint32_t droppedAttributes() const;
    [[nodiscard]] std::uint32_t droppedEvents() const;
    [[nodiscard]] std::uint32_t droppedLinks() const;
    [[nodiscard]] std::string_view unknown() const;
    /// Original spellings of ids that were not plain hex; empty otherwise.
    [[nodiscard]] std::string_view originalTraceId() const;
    [[nodiscard]] std::string_view originalSpanId() const;
    [[nodiscard]] std::string_view originalParentId() const;
    [[nodiscard]] AttributesView attributes() const;
    [[nodiscard]] std::size_t eventCount() const;
    [[nodiscard]] EventView event(std::size_t i) const;
    [[nodiscard]] std::size_t linkCount() const;
    [[nodiscard]] LinkView link(std::size_t i) const;
    [[nodiscard]] ResourceView resource() const;
    [[nodiscard]] ScopeView scope() const;
    [[nodiscard]] std::uint32_t resourceId() const { return static_cast<std::uint32_t>(columns().resource[m_index]); }
    [[nodiscard]] std::uint32_t scopeId() const { return static_cast<std::uint32_t>(columns().scope[m_index]); }

    /// True where both rows agree in every field of the record (their source may differ): an equal copy.
    [[nodiscard]] bool sameRecord(const SpanView& other) const;
    /// Equal for equal records, and for others only by chance, whatever a sender writes: made of all that `sameRecord` compares.
    /// Within one session only. Cheap: one pass over the row's ids, attributes, events and links.
    [[nodiscard]] std::uint64_t contentHash() const;

private:
    [[nodiscard]] const SpanColumns& columns() const { return m_segment->columns; }
    [[nodiscard]] SpanExtra extra() const;

    const StoreData* m_data;
    const SpanSegment* m_segment;
    std::uint32_t m_index;
};

/// Times of the events of spans that are asked for in ascending order of their rows, which saves looking each one's up.
class EventWalk {
public:
    explicit EventWalk(const StoreSnapshot& snapshot) : m_snapshot(snapshot) {}
    /// Moves on to a span and returns how many events it has.
    std::uint32_t seek(RowId row);
    /// Time of event i of the span moved to.
    [[nodiscard]] std::uint64_t timeNs(std::uint32_t i) const;

private:
    const StoreSnapshot& m_snapshot;
    const SpanSegment* m_segment = nullptr;
    std::uint32_t m_row = 0, m_at = 0;
};

/// One log row.
class LogView {
public:
    LogView(const StoreData* data, const LogSegment* segment, std::uint32_t index) : m_data(data), m_segment(segment), m_index(index) {}
    [[nodiscard]] RowId row() const { return rowId(m_segment->index, m_index); }
    /// kNone where the record has no usable trace id.
    [[nodiscard]] std::uint32_t traceIndex() const { return static_cast<std::uint32_t>(columns().trace[m_index]); }
    [[nodiscard]] TraceId traceId() const;  ///< invalid where none
    [[nodiscard]] SpanId spanId() const { return {columns().spanId[m_index]}; }
    [[nodiscard]] std::uint64_t timeNs() const { return columns().timeNs[m_index]; }
    [[nodiscard]] std::uint64_t observedNs() const { return columns().observedNs[m_index]; }
    /// timeNs, else observedNs.
    [[nodiscard]] std::uint64_t bestTimeNs() const { return timeNs() ? timeNs() : observedNs(); }
    [[nodiscard]] std::int32_t severity() const { return static_cast<std::int32_t>(columns().severity[m_index]); }
    [[nodiscard]] std::string_view severityText() const;
    [[nodiscard]] Value body() const;
    [[nodiscard]] ServiceId service() const { return static_cast<ServiceId>(columns().service[m_index]); }
    [[nodiscard]] std::string_view serviceName() const;
    [[nodiscard]] std::uint16_t marks() const { return static_cast<std::uint16_t>(columns().marks[m_index]); }
    [[nodiscard]] SourceId source() const { return static_cast<SourceId>(columns().source[m_index]); }
    [[nodiscard]] RowId previousInTrace() const {
        const auto back = static_cast<std::uint32_t>(columns().previousInTrace[m_index]);
        return back ? row() - back : kNoRow;
    }
    [[nodiscard]] AttributesView attributes() const;
    [[nodiscard]] std::string_view eventName() const;
    [[nodiscard]] std::uint32_t droppedAttributes() const;
    [[nodiscard]] std::uint32_t flags() const;
    [[nodiscard]] std::string_view unknown() const;
    [[nodiscard]] std::string_view originalTraceId() const;
    [[nodiscard]] std::string_view originalSpanId() const;
    [[nodiscard]] ResourceView resource() const;
    [[nodiscard]] ScopeView scope() const;
    [[nodiscard]] std::uint32_t resourceId() const { return static_cast<std::uint32_t>(columns().resource[m_index]); }
    [[nodiscard]] std::uint32_t scopeId() const { return static_cast<std::uint32_t>(columns().scope[m_index]); }

private:
    [[nodiscard]] const LogColumns& columns() const { return m_segment->columns; }
    [[nodiscard]] LogExtra extra() const;

    const StoreData* m_data;
    const LogSegment* m_segment;
    std::uint32_t m_index;
};

/// An immutable view of everything the store held at one moment. Shared by `shared_ptr`, readable by many threads.
/// Building one, and letting it go, costs O(segments + traces / 256 + services / 64 + sources / 8), reading a row O(1).
class StoreSnapshot {
public:
    using Traces = SharedTable<TraceSummary, 256>;
    using Services = SharedTable<ServiceSummary, 64>;
    using Sources = SharedTable<SourceInfo, 8>;

    [[nodiscard]] std::uint64_t generation() const { return m_generation; }
    /// Nothing cleared the store between the two: rows, indices and revisions mean the same in both.
    [[nodiscard]] bool sameSession(const StoreSnapshot& other) const { return m_data == other.m_data; }
    /// Nothing else holds what snapshots of its session share; of the store's, for whoever lets it go.
    [[nodiscard]] bool lastOfSession() const { return m_data.use_count() == 1; }
    [[nodiscard]] std::uint64_t spanCount() const { return m_spanCount; }
    [[nodiscard]] std::uint64_t logCount() const { return m_logCount; }
    [[nodiscard]] std::uint64_t metricCount() const { return m_metricCount; }

    [[nodiscard]] SpanView span(RowId row) const;
    [[nodiscard]] LogView log(RowId row) const;
    [[nodiscard]] bool hasLog(RowId row) const;  ///< of any row, known here or not

    /// Calls `visit(SpanView)` for every span in order of arrival. O(spans): never on the GUI thread.
    template <class F>
    void forEachSpan(F&& visit) const {
        for (std::size_t s = 0; s < m_spanSegments.size(); ++s)
            for (std::uint32_t i = 0; i < m_spanRows[s]; ++i) visit(SpanView(m_data.get(), m_spanSegments[s].get(), i));
    }
    template <class F>
    void forEachLog(F&& visit) const {
        for (std::size_t s = 0; s < m_logSegments.size(); ++s)
            for (std::uint32_t i = 0; i < m_logRows[s]; ++i) visit(LogView(m_data.get(), m_logSegments[s].get(), i));
    }
    /// Calls `visit(row, link's trace, link's span)` for every link of segment `s`, by row. O(links) in sealed segments.
    template <class F>
    void forEachLink(std::size_t s, F&& visit) const {
        const SpanSegment& segment = *m_spanSegments[s];
        const RowId first = rowId(segment.index, 0);
        if (!segment.open) {
            const PackedLinks& links = segment.links;
            for (std::uint32_t i = 0; i < links.count; ++i)
                visit(first | static_cast<RowId>(links.row[i]), TraceId{links.traceHigh[i], links.traceLow[i]}, SpanId{links.spanId[i]});
            return;
        }
        for (std::uint32_t i = 0; i < m_spanRows[s]; ++i)
            for (const StoredLink& link : segment.open->side(i).links) visit(first | i, link.traceId, link.spanId);
    }
    [[nodiscard]] std::size_t spanSegmentCount() const { return m_spanSegments.size(); }
    [[nodiscard]] const SpanSegment& spanSegment(std::size_t i) const { return *m_spanSegments[i]; }
    [[nodiscard]] std::uint32_t spanSegmentRows(std::size_t i) const { return m_spanRows[i]; }
    [[nodiscard]] std::size_t logSegmentCount() const { return m_logSegments.size(); }
    [[nodiscard]] const LogSegment& logSegment(std::size_t i) const { return *m_logSegments[i]; }
    [[nodiscard]] std::uint32_t logSegmentRows(std::size_t i) const { return m_logRows[i]; }

    /// Traces known, those that only logs named included (spanCount 0).
    [[nodiscard]] std::size_t traceCount() const { return m_traces.size(); }
    [[nodiscard]] const TraceSummary& trace(std::uint32_t index) const { return m_traces[index]; }
    /// Index of a trace, nothing where it is not known. O(1), without a lock.
    [[nodiscard]] std::optional<std::uint32_t> findTrace(TraceId id) const;

    [[nodiscard]] const Services& services() const { return m_services; }
    /// The services of a trace's spans, ascending.
    [[nodiscard]] std::vector<ServiceId> servicesOf(const TraceSummary& trace) const;
    [[nodiscard]] std::size_t serviceCount(const TraceSummary& trace) const;
    /// A set of services from 64 on, ascending; set 0 is empty. Many traces share one.
    [[nodiscard]] std::span<const ServiceId> otherServices(std::uint32_t set) const;
    /// Services from 64 on beyond those of the set, the newest first; nearly always none.
    [[nodiscard]] std::vector<ServiceId> moreServices(const TraceSummary& trace) const;
    [[nodiscard]] const Sources& sources() const { return m_sources; }
    /// Requests with metrics, as they came.
    [[nodiscard]] std::size_t metricsRecordCount() const { return m_metricsRecords; }
    [[nodiscard]] const MetricsRecord& metricsRecord(std::size_t i) const;
    [[nodiscard]] const StringPool& strings() const;
    /// The tables behind the rows, for scans over columns.
    [[nodiscard]] const StoreData& data() const { return *m_data; }

private:
    friend class StoreWriter;
    std::shared_ptr<const StoreData> m_data;
    std::uint64_t m_generation = 0, m_spanCount = 0, m_logCount = 0, m_metricCount = 0;
    std::vector<std::shared_ptr<const SpanSegment>> m_spanSegments;
    std::vector<std::uint32_t> m_spanRows;
    std::vector<std::shared_ptr<const LogSegment>> m_logSegments;
    std::vector<std::uint32_t> m_logRows;
    Traces m_traces;
    Services m_services;
    Sources m_sources;
    std::size_t m_metricsRecords = 0;
};
using SnapshotPtr = std::shared_ptr<const StoreSnapshot>;

}  // namespace spanreel::store
