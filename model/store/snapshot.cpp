// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/snapshot.h"

#include <bit>
#include <concepts>
#include <utility>

#include "model/core/process_seed.h"
#include "model/core/time_format.h"
#include "model/store/store_data.h"

namespace spanreel::store {
namespace {

bool same(const AttributesView& a, const AttributesView& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a.cell(i) != b.cell(i)) return false;
    return true;
}

bool same(const EventView& a, const EventView& b) {
    return a.timeNs == b.timeNs && a.name == b.name && a.droppedAttributes == b.droppedAttributes && a.unknown == b.unknown && same(a.attributes, b.attributes);
}

bool same(const LinkView& a, const LinkView& b) {
    return a.traceId == b.traceId && a.spanId == b.spanId && a.traceState == b.traceState && a.droppedAttributes == b.droppedAttributes && a.flags == b.flags &&
           a.unknown == b.unknown && same(a.attributes, b.attributes);
}

/// Makes a number of what `same` compares. Every word is multiplied by a secret and both halves of the product count: whatever
/// a sender changes in one word, it cannot know what to change in the next to get the same number again.
class WordHash {
public:
    template <std::integral... Words>
    void add(Words... words) {
        (addWord(static_cast<std::uint64_t>(words)), ...);
    }
    /// Texts are interned: equal ones lie in one place.
    void add(std::string_view text) { addWord(reinterpret_cast<std::uintptr_t>(text.data())); }
    void add(const AttributesView& a) {
        add(a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            const auto cell = a.cell(i);
            add(cell.column, cell.bits);
        }
    }
    void add(const EventView& e) {
        add(e.timeNs, e.droppedAttributes);
        add(e.name), add(e.unknown), add(e.attributes);
    }
    void add(const LinkView& l) {
        add(l.traceId.high, l.traceId.low, l.spanId.value, l.droppedAttributes, l.flags);
        add(l.traceState), add(l.unknown), add(l.attributes);
    }
    [[nodiscard]] std::uint64_t value() const { return m_value; }

private:
    void addWord(std::uint64_t word) {
        __extension__ using Wide = unsigned __int128;
        const Wide product = Wide{m_value ^ word} * m_secret;
        m_value = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

    const std::uint64_t m_secret = processSeed() | 1;
    std::uint64_t m_value = m_secret;
};

/// The extra of a row: of a sealed segment by search, of an open one by pointer.
template <class Extra, class Segment>
Extra extraOf(const Segment& segment, std::uint32_t row) {
    if (segment.open) {
        const Extra* extra = segment.open->extra(row);
        return extra ? *extra : Extra{};
    }
    const auto& packed = segment.extras;
    if (packed.count == 0) return {};
    const std::uint32_t at = packed.row.lowerBound(packed.count, row);
    if (at == packed.count || packed.row[at] != row) return {};
    std::uint32_t fields[Extra::kFields];
    for (std::size_t f = 0; f < Extra::kFields; ++f) fields[f] = static_cast<std::uint32_t>(packed.fields[f][at]);
    return std::bit_cast<Extra>(fields);
}

/// First and number of the side rows (events, links) of a span.
template <class Packed>
std::pair<std::uint32_t, std::uint32_t> sideRows(const Packed& packed, std::uint32_t row) {
    if (packed.count == 0) return {0, 0};
    const std::uint32_t first = packed.row.lowerBound(packed.count, row);
    std::uint32_t last = first;
    while (last < packed.count && packed.row[last] == row && last - first < 64) ++last;
    if (last - first == 64) last = packed.row.lowerBound(packed.count, row + 1);
    return {first, last - first};
}

ResourceView viewOf(const StoreData& data, std::uint32_t id) {
    if (id == kNone) return {};
    const Resource& r = data.resources[id];
    return {id, AttributesView(&data, r.attributes), r.droppedAttributes, data.strings.view(r.schemaUrl), data.strings.view(r.entityRefs),
            data.strings.view(r.unknown), data.strings.view(r.serviceName)};
}

ScopeView scopeViewOf(const StoreData& data, std::uint32_t id) {
    if (id == kNone) return {};
    const Scope& s = data.scopes[id];
    return {id, data.strings.view(s.name), data.strings.view(s.version), data.strings.view(s.schemaUrl), data.strings.view(s.unknown),
            AttributesView(&data, s.attributes), s.droppedAttributes};
}

}  // namespace

AttributesView::AttributesView(const StoreData* data, const StoredAttributes& stored)
    : m_data(data), m_shape(&data->attributes.shapes[stored.shape]), m_cells(stored.cells), m_count(m_shape->count), m_order(stored.order) {}

AttributesView::AttributesView(const StoreData* data, const PackedAttributes& packed, std::uint32_t row) : m_data(data) {
    const auto groupIndex = static_cast<std::uint32_t>(packed.group[row]);
    const PackedAttributes::Group& group = packed.groups[groupIndex];
    if (groupIndex == PackedAttributes::kMixed) {
        m_row = PackedAttributes::position(group, row);
        m_shape = &data->attributes.shapes[packed.mixedShape[m_row]];
        m_cells = packed.cells + packed.mixedCells[m_row];
    } else {
        m_shape = &data->attributes.shapes[group.shape];
        if (m_shape->count == 0) return;
        m_row = PackedAttributes::position(group, row);
        m_columns = packed.columns.data() + group.firstColumn;
    }
    m_count = m_shape->count;
    m_order = static_cast<OrderId>(group.order[m_row]);
}

std::uint32_t AttributesView::positionOf(std::uint32_t i) const {
    if (m_order == kShapeOrder) return i;
    if (m_order != kInlineOrder) return m_data->attributes.orders[m_order][i];
    const std::uint32_t bits = orderBits(m_count), perWord = 64 / bits;
    return static_cast<std::uint32_t>(word(m_count + i / perWord) >> (i % perWord * bits) & ((std::uint64_t{1} << bits) - 1));
}

Attribute AttributesView::operator[](std::size_t i) const {
    const Cell c = cell(i);
    const AttributeColumn& column = m_data->attributes.columns[c.column];
    if (column.values) return {column.key, {column.type, 0, column.values->view(static_cast<StringId>(c.bits))}};
    return {column.key, {column.type, c.bits, {}}};
}

std::optional<Value> AttributesView::find(std::string_view key) const {
    for (std::uint32_t i = 0; i < m_count; ++i)
        if (m_data->attributes.columns[m_shape->columns[positionOf(i)]].key == key) return (*this)[i].value;
    return std::nullopt;
}

std::string_view AttributesView::text(std::string_view key) const {
    const auto value = find(key);
    return value && value->type == ValueType::String ? value->text : std::string_view{};
}

// Spans -------------------------------------------------------------------------------------------------------------

TraceId SpanView::traceId() const { return m_data->traces.id(traceIndex()); }
std::int64_t SpanView::durationNs() const { return saturatingDifference(endNs(), startNs()); }
std::string_view SpanView::name() const { return m_data->strings.view(nameId()); }
std::string_view SpanView::serviceName() const { return m_data->strings.view(m_data->serviceNames[service()]); }
ResourceView SpanView::resource() const { return viewOf(*m_data, resourceId()); }
ScopeView SpanView::scope() const { return scopeViewOf(*m_data, scopeId()); }
SpanExtra SpanView::extra() const { return extraOf<SpanExtra>(*m_segment, m_index); }

AttributesView SpanView::attributes() const {
    if (m_segment->open) return {m_data, m_segment->open->attributes[m_index]};
    return {m_data, m_segment->attributes, m_index};
}

std::size_t SpanView::eventCount() const { return m_segment->open ? m_segment->open->side(m_index).events.size() : sideRows(m_segment->events, m_index).second; }
std::size_t SpanView::linkCount() const { return m_segment->open ? m_segment->open->side(m_index).links.size() : sideRows(m_segment->links, m_index).second; }

EventView SpanView::event(std::size_t i) const {
    const auto& strings = m_data->strings;
    if (m_segment->open) {
        const StoredEvent& e = m_segment->open->side(m_index).events[i];
        return {e.timeNs, strings.view(static_cast<StringId>(e.name)), {m_data, e.attributes}, e.droppedAttributes, strings.view(e.unknown)};
    }
    const PackedEvents& events = m_segment->events;
    const auto at = sideRows(events, m_index).first + static_cast<std::uint32_t>(i);
    return {startNs() + events.time[at], strings.view(static_cast<StringId>(events.name[at])), {m_data, events.attributes, at},
            static_cast<std::uint32_t>(events.droppedAttributes[at]), strings.view(static_cast<StringId>(events.unknown[at]))};
}

std::uint32_t EventWalk::seek(RowId row) {
    const SpanSegment& segment = m_snapshot.spanSegment(segmentOf(row));
    m_row = indexIn(row);
    if (segment.open) {
        m_segment = &segment;
        return static_cast<std::uint32_t>(segment.open->side(m_row).events.size());
    }
    const PackedEvents& events = segment.events;
    if (m_segment != &segment) {
        m_segment = &segment;
        m_at = events.count ? events.row.lowerBound(events.count, m_row) : 0;
    }
    while (m_at < events.count && events.row[m_at] < m_row) ++m_at;
    std::uint32_t end = m_at;
    while (end < events.count && events.row[end] == m_row) ++end;
    return end - m_at;
}

std::uint64_t EventWalk::timeNs(std::uint32_t i) const {
    return m_segment->open ? m_segment->open->side(m_row).events[i].timeNs : m_segment->columns.startNs[m_row] + m_segment->events.time[m_at + i];
}

LinkView SpanView::link(std::size_t i) const {
    const auto& strings = m_data->strings;
    if (m_segment->open) {
        const StoredLink& l = m_segment->open->side(m_index).links[i];
        return {l.traceId, l.spanId, strings.view(l.traceState), {m_data, l.attributes}, l.droppedAttributes, l.flags, strings.view(l.unknown)};
    }
    const PackedLinks& links = m_segment->links;
    const auto at = sideRows(links, m_index).first + static_cast<std::uint32_t>(i);
    return {{links.traceHigh[at], links.traceLow[at]},
            {links.spanId[at]},
            strings.view(static_cast<StringId>(links.traceState[at])),
            {m_data, links.attributes, at},
            static_cast<std::uint32_t>(links.droppedAttributes[at]),
            static_cast<std::uint32_t>(links.flags[at]),
            strings.view(static_cast<StringId>(links.unknown[at]))};
}

std::string_view SpanView::statusMessage() const { return m_data->strings.view(extra().statusMessage); }
std::string_view SpanView::traceState() const { return m_data->strings.view(extra().traceState); }
std::string_view SpanView::unknown() const { return m_data->strings.view(extra().unknown); }
std::string_view SpanView::originalTraceId() const { return m_data->strings.view(extra().originalTraceId); }
std::string_view SpanView::originalSpanId() const { return m_data->strings.view(extra().originalSpanId); }
std::string_view SpanView::originalParentId() const { return m_data->strings.view(extra().originalParentId); }
std::uint32_t SpanView::droppedAttributes() const { return extra().droppedAttributes; }
std::uint32_t SpanView::droppedEvents() const { return extra().droppedEvents; }
std::uint32_t SpanView::droppedLinks() const { return extra().droppedLinks; }

std::uint64_t SpanView::contentHash() const {
    WordHash hash;
    hash.add(spanId().value, parentId().value, startNs(), endNs(), nameId(), resourceId(), scopeId(), kind(), status(), flags(), eventCount(), linkCount());
    hash.add(attributes());
    for (const std::uint32_t field : fieldsOf(extra())) hash.add(field);
    for (std::size_t e = 0, n = eventCount(); e < n; ++e) hash.add(event(e));
    for (std::size_t l = 0, n = linkCount(); l < n; ++l) hash.add(link(l));
    return hash.value();
}

bool SpanView::sameRecord(const SpanView& o) const {
    if (traceIndex() != o.traceIndex() || spanId() != o.spanId() || parentId() != o.parentId() || startNs() != o.startNs() || endNs() != o.endNs() ||
        nameId() != o.nameId() || resourceId() != o.resourceId() || scopeId() != o.scopeId() || kind() != o.kind() || status() != o.status() || flags() != o.flags() ||
        eventCount() != o.eventCount() || linkCount() != o.linkCount())
        return false;
    if (!same(attributes(), o.attributes()) || extra() != o.extra()) return false;
    for (std::size_t e = 0, n = eventCount(); e < n; ++e)
        if (!same(event(e), o.event(e))) return false;
    for (std::size_t l = 0, n = linkCount(); l < n; ++l)
        if (!same(link(l), o.link(l))) return false;
    return true;
}

// Logs --------------------------------------------------------------------------------------------------------------

TraceId LogView::traceId() const { return traceIndex() == kNone ? TraceId{} : m_data->traces.id(traceIndex()); }
std::string_view LogView::severityText() const { return m_data->strings.view(static_cast<StringId>(columns().severityText[m_index])); }
std::string_view LogView::serviceName() const { return m_data->strings.view(m_data->serviceNames[service()]); }
ResourceView LogView::resource() const { return viewOf(*m_data, resourceId()); }
ScopeView LogView::scope() const { return scopeViewOf(*m_data, scopeId()); }
LogExtra LogView::extra() const { return extraOf<LogExtra>(*m_segment, m_index); }

Value LogView::body() const {
    const auto type = static_cast<ValueType>(columns().bodyType[m_index]);
    const std::uint64_t bits = columns().body[m_index];
    if (type >= ValueType::String) return {type, 0, m_data->bodies.view(static_cast<StringId>(bits))};
    return {type, bits, {}};
}

AttributesView LogView::attributes() const {
    if (m_segment->open) return {m_data, m_segment->open->attributes[m_index]};
    return {m_data, m_segment->attributes, m_index};
}

std::string_view LogView::eventName() const { return m_data->strings.view(extra().eventName); }
std::string_view LogView::unknown() const { return m_data->strings.view(extra().unknown); }
std::string_view LogView::originalTraceId() const { return m_data->strings.view(extra().originalTraceId); }
std::string_view LogView::originalSpanId() const { return m_data->strings.view(extra().originalSpanId); }
std::uint32_t LogView::droppedAttributes() const { return extra().droppedAttributes; }
std::uint32_t LogView::flags() const { return extra().flags; }

// Snapshot ----------------------------------------------------------------------------------------------------------

SpanView StoreSnapshot::span(RowId row) const { return {m_data.get(), m_spanSegments[segmentOf(row)].get(), indexIn(row)}; }
bool StoreSnapshot::hasLog(RowId row) const { return segmentOf(row) < m_logRows.size() && indexIn(row) < m_logRows[segmentOf(row)]; }
LogView StoreSnapshot::log(RowId row) const { return {m_data.get(), m_logSegments[segmentOf(row)].get(), indexIn(row)}; }

std::optional<std::uint32_t> StoreSnapshot::findTrace(TraceId id) const {
    if (!m_data) return std::nullopt;
    const auto index = m_data->traces.find(id);
    return index && *index < m_traces.size() ? index : std::nullopt;
}

std::vector<ServiceId> StoreSnapshot::servicesOf(const TraceSummary& trace) const {
    std::vector<ServiceId> out;
    for (std::uint64_t left = trace.firstServices; left; left &= left - 1) out.push_back(static_cast<ServiceId>(std::countr_zero(left)));
    const auto others = otherServices(trace.otherServices);
    out.insert(out.end(), others.begin(), others.end());
    if (const auto more = moreServices(trace); !more.empty()) {
        out.insert(out.end(), more.begin(), more.end());
        std::ranges::sort(out);
    }
    return out;
}

std::size_t StoreSnapshot::serviceCount(const TraceSummary& trace) const {
    return static_cast<std::size_t>(std::popcount(trace.firstServices)) + otherServices(trace.otherServices).size() + m_data->moreServices[trace.moreServices].count;
}

std::span<const ServiceId> StoreSnapshot::otherServices(std::uint32_t set) const { return m_data->serviceSets[set]; }
std::vector<ServiceId> StoreSnapshot::moreServices(const TraceSummary& trace) const {
    std::vector<ServiceId> out;
    for (std::uint32_t at = trace.moreServices; at != 0; at = m_data->moreServices[at].before) out.push_back(m_data->moreServices[at].service);
    return out;
}
const MetricsRecord& StoreSnapshot::metricsRecord(std::size_t i) const { return m_data->metrics[i]; }
const StringPool& StoreSnapshot::strings() const { return m_data->strings; }

}  // namespace spanreel::store
