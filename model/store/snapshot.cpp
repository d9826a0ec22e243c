// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/snapshot.h"

#include <algorithm>

#include "model/core/time_format.h"
#include "model/store/store_data.h"

namespace spanreel::store {
namespace {

bool same(const StoredAttributes& a, const StoredAttributes& b) {
    return std::equal(a.data, a.data + a.count, b.data, b.data + b.count,
                      [](const StoredAttribute& x, const StoredAttribute& y) { return x.key == y.key && x.type == y.type && x.bits == y.bits; });
}

bool same(const StoredEvent& a, const StoredEvent& b) {
    return a.timeNs == b.timeNs && a.name == b.name && a.droppedAttributes == b.droppedAttributes && a.unknown == b.unknown && same(a.attributes, b.attributes);
}

bool same(const StoredLink& a, const StoredLink& b) {
    return a.traceId == b.traceId && a.spanId == b.spanId && a.traceState == b.traceState && a.droppedAttributes == b.droppedAttributes && a.flags == b.flags &&
           a.unknown == b.unknown && same(a.attributes, b.attributes);
}

bool same(const SpanExtra* a, const SpanExtra* b) {
    static constexpr SpanExtra kDefault;
    const SpanExtra& x = a ? *a : kDefault;
    const SpanExtra& y = b ? *b : kDefault;
    return x.traceState == y.traceState && x.statusMessage == y.statusMessage && x.droppedAttributes == y.droppedAttributes && x.droppedEvents == y.droppedEvents &&
           x.droppedLinks == y.droppedLinks && x.unknown == y.unknown && x.originalTraceId == y.originalTraceId && x.originalSpanId == y.originalSpanId &&
           x.originalParentId == y.originalParentId;
}

ResourceView viewOf(const StoreData& data, std::uint32_t id) {
    if (id == kNone) return {};
    const Resource& r = data.resources[id];
    return {id, AttributesView(&data.strings, r.attributes), r.droppedAttributes, data.strings.view(r.schemaUrl), data.strings.view(r.entityRefs),
            data.strings.view(r.unknown), data.strings.view(r.serviceName)};
}

ScopeView scopeViewOf(const StoreData& data, std::uint32_t id) {
    if (id == kNone) return {};
    const Scope& s = data.scopes[id];
    return {id, data.strings.view(s.name), data.strings.view(s.version), data.strings.view(s.schemaUrl), data.strings.view(s.unknown),
            AttributesView(&data.strings, s.attributes), s.droppedAttributes};
}

}  // namespace

Attribute AttributesView::operator[](std::size_t i) const {
    const StoredAttribute& a = m_stored.data[i];
    return {m_strings->view(a.key), toValue(*m_strings, a)};
}

std::optional<Value> AttributesView::find(std::string_view key) const {
    for (std::uint32_t i = 0; i < m_stored.count; ++i)
        if (m_strings->view(m_stored.data[i].key) == key) return toValue(*m_strings, m_stored.data[i]);
    return std::nullopt;
}

std::string_view AttributesView::text(std::string_view key) const {
    const auto value = find(key);
    return value && value->type == ValueType::String ? value->text : std::string_view{};
}

// Spans -------------------------------------------------------------------------------------------------------------

TraceId SpanView::traceId() const { return m_data->traceIds[m_segment->trace[m_index]]; }
std::int64_t SpanView::durationNs() const { return saturatingDifference(endNs(), startNs()); }
std::string_view SpanView::name() const { return m_data->strings.view(m_segment->name[m_index]); }
std::string_view SpanView::serviceName() const { return m_data->strings.view(m_data->serviceNames[service()]); }
AttributesView SpanView::attributes() const { return {&m_data->strings, m_segment->attributes[m_index]}; }
ResourceView SpanView::resource() const { return viewOf(*m_data, m_segment->resource[m_index]); }
ScopeView SpanView::scope() const { return scopeViewOf(*m_data, m_segment->scope[m_index]); }

EventView SpanView::event(std::size_t i) const {
    const StoredEvent& e = m_segment->events[m_index][i];
    return {e.timeNs, m_data->strings.view(e.name), AttributesView(&m_data->strings, e.attributes), e.droppedAttributes, m_data->strings.view(e.unknown)};
}

LinkView SpanView::link(std::size_t i) const {
    const StoredLink& l = m_segment->links[m_index][i];
    return {l.traceId, l.spanId, m_data->strings.view(l.traceState), AttributesView(&m_data->strings, l.attributes), l.droppedAttributes, l.flags,
            m_data->strings.view(l.unknown)};
}

#define SPANREEL_EXTRA_TEXT(Class, function, member) \
    std::string_view Class::function() const { const auto* e = m_segment->extra[m_index]; return e ? m_data->strings.view(e->member) : std::string_view{}; }
#define SPANREEL_EXTRA_NUMBER(Class, function, member) \
    std::uint32_t Class::function() const { const auto* e = m_segment->extra[m_index]; return e ? e->member : 0; }
SPANREEL_EXTRA_TEXT(SpanView, statusMessage, statusMessage)
SPANREEL_EXTRA_TEXT(SpanView, traceState, traceState)
SPANREEL_EXTRA_TEXT(SpanView, unknown, unknown)
SPANREEL_EXTRA_TEXT(SpanView, originalTraceId, originalTraceId)
SPANREEL_EXTRA_TEXT(SpanView, originalSpanId, originalSpanId)
SPANREEL_EXTRA_TEXT(SpanView, originalParentId, originalParentId)
SPANREEL_EXTRA_NUMBER(SpanView, droppedAttributes, droppedAttributes)
SPANREEL_EXTRA_NUMBER(SpanView, droppedEvents, droppedEvents)
SPANREEL_EXTRA_NUMBER(SpanView, droppedLinks, droppedLinks)
SPANREEL_EXTRA_TEXT(LogView, eventName, eventName)
SPANREEL_EXTRA_TEXT(LogView, unknown, unknown)
SPANREEL_EXTRA_TEXT(LogView, originalTraceId, originalTraceId)
SPANREEL_EXTRA_TEXT(LogView, originalSpanId, originalSpanId)
SPANREEL_EXTRA_NUMBER(LogView, droppedAttributes, droppedAttributes)
SPANREEL_EXTRA_NUMBER(LogView, flags, flags)
#undef SPANREEL_EXTRA_TEXT
#undef SPANREEL_EXTRA_NUMBER

std::uint64_t SpanView::contentHash() const {
    const SpanSegment& g = *m_segment;
    const std::uint32_t i = m_index;
    std::uint64_t h = 0;
    const auto mix = [&h](std::uint64_t v) { h = (h ^ v) * 0x9E3779B97F4A7C15ull, h ^= h >> 29; };
    const auto mixAttributes = [&](const StoredAttributes& a) {
        for (std::uint32_t k = 0; k < a.count; ++k) mix(std::uint64_t{a.data[k].key} << 8 | static_cast<std::uint64_t>(a.data[k].type)), mix(a.data[k].bits);
    };
    mix(g.spanId[i]), mix(g.parentId[i]), mix(g.startNs[i]), mix(g.endNs[i]), mix(g.name[i]), mix(g.resource[i]);
    mix(static_cast<std::uint64_t>(g.kind[i])), mix(static_cast<std::uint64_t>(g.status[i])), mix(g.eventCount[i]), mix(g.linkCount[i]);
    mixAttributes(g.attributes[i]);
    for (std::uint32_t e = 0; e < g.eventCount[i]; ++e) mix(g.events[i][e].timeNs), mix(g.events[i][e].name), mixAttributes(g.events[i][e].attributes);
    return h;
}

bool SpanView::sameRecord(const SpanView& o) const {
    const SpanSegment& a = *m_segment;
    const SpanSegment& b = *o.m_segment;
    const std::uint32_t i = m_index, k = o.m_index;
    if (a.trace[i] != b.trace[k] || a.spanId[i] != b.spanId[k] || a.parentId[i] != b.parentId[k] || a.startNs[i] != b.startNs[k] || a.endNs[i] != b.endNs[k] ||
        a.name[i] != b.name[k] || a.resource[i] != b.resource[k] || a.scope[i] != b.scope[k] || a.kind[i] != b.kind[k] || a.status[i] != b.status[k] ||
        a.flags[i] != b.flags[k] || a.eventCount[i] != b.eventCount[k] || a.linkCount[i] != b.linkCount[k])
        return false;
    if (!same(a.attributes[i], b.attributes[k]) || !same(a.extra[i], b.extra[k])) return false;
    for (std::uint32_t e = 0; e < a.eventCount[i]; ++e)
        if (!same(a.events[i][e], b.events[k][e])) return false;
    for (std::uint32_t l = 0; l < a.linkCount[i]; ++l)
        if (!same(a.links[i][l], b.links[k][l])) return false;
    return true;
}

// Logs --------------------------------------------------------------------------------------------------------------

TraceId LogView::traceId() const { return traceIndex() == kNone ? TraceId{} : m_data->traceIds[traceIndex()]; }
std::string_view LogView::severityText() const { return m_data->strings.view(m_segment->severityText[m_index]); }
Value LogView::body() const { return toValue(m_data->strings, m_segment->body[m_index]); }
std::string_view LogView::serviceName() const { return m_data->strings.view(m_data->serviceNames[service()]); }
AttributesView LogView::attributes() const { return {&m_data->strings, m_segment->attributes[m_index]}; }
ResourceView LogView::resource() const { return viewOf(*m_data, m_segment->resource[m_index]); }
ScopeView LogView::scope() const { return scopeViewOf(*m_data, m_segment->scope[m_index]); }

// Snapshot ----------------------------------------------------------------------------------------------------------

SpanView StoreSnapshot::span(RowId row) const { return {m_data.get(), m_spanSegments[row >> 16].get(), row & 0xFFFF}; }
LogView StoreSnapshot::log(RowId row) const { return {m_data.get(), m_logSegments[row >> 16].get(), row & 0xFFFF}; }

std::optional<std::uint32_t> StoreSnapshot::findTrace(TraceId id) const {
    if (!m_data) return std::nullopt;
    const std::lock_guard lock(m_data->traceIndexMutex);
    const auto it = m_data->traceIndex.find(id);
    if (it == m_data->traceIndex.end() || it->second >= m_traceCount) return std::nullopt;
    return it->second;
}

std::span<const ServiceId> StoreSnapshot::serviceSet(std::uint32_t set) const { return m_data->serviceSets[set]; }
const StringPool& StoreSnapshot::strings() const { return m_data->strings; }

}  // namespace spanreel::store
