// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/segments.h"

#include <array>

namespace spanreel::store {
namespace {

using Order = BlockPacker::Order;

/// All fields of an extra are 32 bits wide.
template <class Extra>
std::uint32_t field(const Extra& extra, std::size_t i) {
    static_assert(sizeof(Extra) == Extra::kFields * sizeof(std::uint32_t));
    std::uint32_t value = 0;
    std::memcpy(&value, reinterpret_cast<const char*>(&extra) + i * sizeof value, sizeof value);
    return value;
}

template <class Extra, class Of>
PackedExtras<Extra> packExtras(BlockPacker& block, std::uint32_t rows, Of&& of) {
    std::vector<std::uint32_t> with;
    for (std::uint32_t i = 0; i < rows; ++i)
        if (of(i)) with.push_back(i);
    PackedExtras<Extra> out;
    out.count = static_cast<std::uint32_t>(with.size());
    out.row = block.pack(with.size(), [&](std::size_t i) { return with[i]; });
    for (std::size_t f = 0; f < Extra::kFields; ++f) out.fields[f] = block.pack(with.size(), [&](std::size_t i) { return field(*of(with[i]), f); });
    return out;
}

template <class... Columns>
void moveTo(const std::byte* block, Columns&... columns) {
    const auto move = [block](PackedColumn& column) {
        if (column.width) column.data = block + reinterpret_cast<std::uintptr_t>(column.data);
    };
    (move(columns), ...);
}
template <class Extra>
void moveTo(const std::byte* block, PackedExtras<Extra>& extras) {
    moveTo(block, extras.row);
    for (PackedColumn& column : extras.fields) moveTo(block, column);
}

std::size_t bytesOf(const PackedAttributes& a) { return a.groups.capacity() * sizeof(PackedAttributes::Group) + a.columns.capacity() * sizeof(PackedColumn); }

PackedEvents packEvents(BlockPacker& block, AttributePacker& attributes, const OpenSpans& open, std::uint32_t rows) {
    struct At {
        const StoredEvent* event;
        std::uint32_t row;
    };
    std::vector<At> all;
    for (std::uint32_t i = 0; i < rows; ++i)
        for (std::uint32_t e = 0; e < open.eventCount[i]; ++e) all.push_back({&open.events[i][e], i});
    PackedEvents out;
    out.count = static_cast<std::uint32_t>(all.size());
    out.row = block.pack(all.size(), [&](std::size_t i) { return all[i].row; });
    out.time = block.pack(all.size(), [&](std::size_t i) { return all[i].event->timeNs - open.startNs[all[i].row]; }, Order::Signed);
    out.name = block.pack(all.size(), [&](std::size_t i) { return all[i].event->name; });
    out.droppedAttributes = block.pack(all.size(), [&](std::size_t i) { return all[i].event->droppedAttributes; });
    out.unknown = block.pack(all.size(), [&](std::size_t i) { return all[i].event->unknown; });
    out.attributes = attributes.pack(out.count, [&](std::uint32_t i) { return all[i].event->attributes; });
    return out;
}

PackedLinks packLinks(BlockPacker& block, AttributePacker& attributes, const OpenSpans& open, std::uint32_t rows) {
    struct At {
        const StoredLink* link;
        std::uint32_t row;
    };
    std::vector<At> all;
    for (std::uint32_t i = 0; i < rows; ++i)
        for (std::uint32_t l = 0; l < open.linkCount[i]; ++l) all.push_back({&open.links[i][l], i});
    const auto column = [&](auto&& of) { return block.pack(all.size(), [&](std::size_t i) { return of(*all[i].link); }); };
    PackedLinks out;
    out.count = static_cast<std::uint32_t>(all.size());
    out.row = block.pack(all.size(), [&](std::size_t i) { return all[i].row; });
    out.traceHigh = column([](const StoredLink& l) { return l.traceId.high; });
    out.traceLow = column([](const StoredLink& l) { return l.traceId.low; });
    out.spanId = column([](const StoredLink& l) { return l.spanId.value; });
    out.traceState = column([](const StoredLink& l) { return l.traceState; });
    out.droppedAttributes = column([](const StoredLink& l) { return l.droppedAttributes; });
    out.flags = column([](const StoredLink& l) { return l.flags; });
    out.unknown = column([](const StoredLink& l) { return l.unknown; });
    out.attributes = attributes.pack(out.count, [&](std::uint32_t i) { return all[i].link->attributes; });
    return out;
}

}  // namespace

void OpenSpans::trim(std::uint32_t row) {
    const auto all = [row](auto&... column) { (column.trim(row), ...); };
    all(trace, spanId, parentId, startNs, duration, name, resource, scope, service, kind, status, flags, marks, source, previousInTrace, attributes, eventCount, linkCount, events, links, extra);
    arena.trim();
}

void OpenLogs::trim(std::uint32_t row) {
    const auto all = [row](auto&... column) { (column.trim(row), ...); };
    all(trace, spanId, timeNs, observedNs, severity, severityText, bodyType, body, resource, scope, service, marks, source, previousInTrace, attributes, extra);
    arena.trim();
}

std::shared_ptr<SpanSegment> SpanSegment::makeOpen(std::uint32_t number, std::shared_ptr<SpareMemory<OpenSpans>> spare) {
    auto s = std::make_shared<SpanSegment>(number);
    s->open = spare->take();
    s->spare = std::move(spare);
    const OpenSpans& o = *s->open;
    s->columns = {o.trace.packed(),  o.spanId.packed(), o.parentId.packed(), o.startNs.packed(), {o.duration.packed(), {}}, o.name.packed(),   o.resource.packed(),
                  o.scope.packed(),  o.service.packed(), o.kind.packed(),    o.status.packed(),  o.flags.packed(),    o.marks.packed(), o.source.packed(),
                  o.previousInTrace.packed()};
    return s;
}

std::shared_ptr<const SpanSegment> SpanSegment::seal(const SpanSegment& full, const AttributeTable& table, SealScratch& scratch) {
    const OpenSpans& o = *full.open;
    const std::uint32_t rows = full.rows.load(std::memory_order_acquire);
    auto s = std::make_shared<SpanSegment>(full.index);
    s->rows.store(rows, std::memory_order_relaxed);
    BlockPacker& block = scratch.block;
    block.begin();
    const auto pack = [&](const auto& column) { return block.pack(rows, [&](std::size_t i) { return column[static_cast<std::uint32_t>(i)]; }); };
    SpanColumns& c = s->columns;
    // What a filter reads lies together.
    c.duration = block.packSplit(rows, [&](std::size_t i) { return o.duration[static_cast<std::uint32_t>(i)]; });
    c.service = block.packForScan(rows, [&](std::size_t i) { return o.service[static_cast<std::uint32_t>(i)]; });
    c.status = block.packForScan(rows, [&](std::size_t i) { return static_cast<std::uint32_t>(o.status[static_cast<std::uint32_t>(i)]); });
    c.kind = block.packForScan(rows, [&](std::size_t i) { return static_cast<std::uint32_t>(o.kind[static_cast<std::uint32_t>(i)]); });
    c.startNs = pack(o.startNs);
    c.name = block.packForScan(rows, [&](std::size_t i) { return o.name[static_cast<std::uint32_t>(i)]; });
    c.trace = pack(o.trace);
    c.spanId = pack(o.spanId);
    c.parentId = pack(o.parentId);
    c.resource = pack(o.resource);
    c.scope = pack(o.scope);
    c.flags = pack(o.flags);
    c.marks = pack(o.marks);
    c.source = pack(o.source);
    c.previousInTrace = pack(o.previousInTrace);
    AttributePacker attributes(table, block, scratch.attributes);
    s->attributes = attributes.pack(rows, [&](std::uint32_t i) { return o.attributes[i]; });
    s->events = packEvents(block, attributes, o, rows);
    s->links = packLinks(block, attributes, o, rows);
    s->extras = packExtras<SpanExtra>(block, rows, [&](std::uint32_t i) { return o.extra[i]; });

    s->block = block.take();
    const std::byte* at = s->block.data();
    moveTo(at, c.trace, c.spanId, c.parentId, c.startNs, c.duration.low, c.duration.high, c.name, c.resource, c.scope, c.service, c.kind, c.status, c.flags, c.marks, c.source, c.previousInTrace);
    s->attributes.relocate(at);
    moveTo(at, s->events.row, s->events.time, s->events.name, s->events.droppedAttributes, s->events.unknown);
    s->events.attributes.relocate(at);
    moveTo(at, s->links.row, s->links.traceHigh, s->links.traceLow, s->links.spanId, s->links.traceState, s->links.droppedAttributes, s->links.flags, s->links.unknown);
    s->links.attributes.relocate(at);
    moveTo(at, s->extras);
    return s;
}

std::size_t SpanSegment::bytes() const {
    if (open) return sizeof *this + rows.load(std::memory_order_relaxed) * OpenSpans::kRowBytes + open->arena.bytesReserved();
    return sizeof *this + bytesOf(attributes) + bytesOf(events.attributes) + bytesOf(links.attributes);
}

std::shared_ptr<LogSegment> LogSegment::makeOpen(std::uint32_t number, std::shared_ptr<SpareMemory<OpenLogs>> spare) {
    auto s = std::make_shared<LogSegment>(number);
    s->open = spare->take();
    s->spare = std::move(spare);
    const OpenLogs& o = *s->open;
    s->columns = {o.trace.packed(),    o.spanId.packed(), o.timeNs.packed(),   o.observedNs.packed(), o.severity.packed(), o.severityText.packed(), o.bodyType.packed(),
                  o.body.packed(),     o.resource.packed(), o.scope.packed(), o.service.packed(),    o.marks.packed(),    o.source.packed(),       o.previousInTrace.packed()};
    return s;
}

std::shared_ptr<const LogSegment> LogSegment::seal(const LogSegment& full, const AttributeTable& table, SealScratch& scratch) {
    const OpenLogs& o = *full.open;
    const std::uint32_t rows = full.rows.load(std::memory_order_acquire);
    auto s = std::make_shared<LogSegment>(full.index);
    s->rows.store(rows, std::memory_order_relaxed);
    BlockPacker& block = scratch.block;
    block.begin();
    const auto pack = [&](const auto& column) { return block.pack(rows, [&](std::size_t i) { return column[static_cast<std::uint32_t>(i)]; }); };
    LogColumns& c = s->columns;
    c.trace = pack(o.trace);
    c.spanId = pack(o.spanId);
    c.timeNs = pack(o.timeNs);
    c.observedNs = pack(o.observedNs);
    c.severity = block.pack(rows, [&](std::size_t i) { return static_cast<std::uint32_t>(o.severity[static_cast<std::uint32_t>(i)]); });
    c.severityText = pack(o.severityText);
    c.bodyType = pack(o.bodyType);
    c.body = pack(o.body);
    c.resource = pack(o.resource);
    c.scope = pack(o.scope);
    c.service = pack(o.service);
    c.marks = pack(o.marks);
    c.source = pack(o.source);
    c.previousInTrace = pack(o.previousInTrace);
    AttributePacker attributes(table, block, scratch.attributes);
    s->attributes = attributes.pack(rows, [&](std::uint32_t i) { return o.attributes[i]; });
    s->extras = packExtras<LogExtra>(block, rows, [&](std::uint32_t i) { return o.extra[i]; });

    s->block = block.take();
    const std::byte* at = s->block.data();
    moveTo(at, c.trace, c.spanId, c.timeNs, c.observedNs, c.severity, c.severityText, c.bodyType, c.body, c.resource, c.scope, c.service, c.marks, c.source, c.previousInTrace);
    s->attributes.relocate(at);
    moveTo(at, s->extras);
    return s;
}

std::size_t LogSegment::bytes() const {
    if (open) return sizeof *this + rows.load(std::memory_order_relaxed) * OpenLogs::kRowBytes + open->arena.bytesReserved();
    return sizeof *this + bytesOf(attributes);
}

}  // namespace spanreel::store
