// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/segments.h"

#include <type_traits>

namespace spanreel::store {
namespace {

using Order = BlockPacker::Order;
using Widths = BlockPacker::Widths;

/// A column of an open segment, signed numbers by their bits.
template <class T>
PackedColumn pack(BlockPacker& block, const Column<T>& column, std::uint32_t rows, Widths widths = Widths::Any) {
    return block.pack(reinterpret_cast<const std::make_unsigned_t<T>*>(column.data()), rows, Order::Unsigned, widths);
}

template <class Extra, class Of>
PackedExtras<Extra> packExtras(BlockPacker& block, std::uint32_t rows, Of&& of) {
    std::vector<std::uint32_t> with;
    for (std::uint32_t i = 0; i < rows; ++i)
        if (of(i)) with.push_back(i);
    PackedExtras<Extra> out;
    out.count = static_cast<std::uint32_t>(with.size());
    out.row = block.packEach(with.size(), [&](std::size_t i) { return with[i]; });
    for (std::size_t f = 0; f < Extra::kFields; ++f) out.fields[f] = block.packEach(with.size(), [&](std::size_t i) { return fieldsOf(*of(with[i]))[f]; });
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
        for (const StoredEvent& event : open.side(i).events) all.push_back({&event, i});
    PackedEvents out;
    out.count = static_cast<std::uint32_t>(all.size());
    out.row = block.packEach(all.size(), [&](std::size_t i) { return all[i].row; });
    out.time = block.packEach(all.size(), [&](std::size_t i) { return all[i].event->timeNs - open.startNs[all[i].row]; }, Order::Signed);
    out.name = block.packEach(all.size(), [&](std::size_t i) { return all[i].event->name; });
    out.droppedAttributes = block.packEach(all.size(), [&](std::size_t i) { return all[i].event->droppedAttributes; });
    out.unknown = block.packEach(all.size(), [&](std::size_t i) { return all[i].event->unknown; });
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
        for (const StoredLink& link : open.side(i).links) all.push_back({&link, i});
    const auto column = [&](auto&& of) { return block.packEach(all.size(), [&](std::size_t i) { return of(*all[i].link); }); };
    PackedLinks out;
    out.count = static_cast<std::uint32_t>(all.size());
    out.row = block.packEach(all.size(), [&](std::size_t i) { return all[i].row; });
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
    all(trace, spanId, parentId, startNs, duration, name, resource, scope, service, kind, status, flags, marks, source, previousInTrace, attributes, sides);
    arena.trim();
}

void OpenLogs::trim(std::uint32_t row) {
    const auto all = [row](auto&... column) { (column.trim(row), ...); };
    all(trace, spanId, timeNs, observedNs, severity, severityText, bodyType, body, resource, scope, service, marks, source, previousInTrace, attributes, extras);
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
    const auto packed = [&](const auto& column, Widths widths = Widths::Any) { return pack(block, column, rows, widths); };
    SpanColumns& c = s->columns;
    // What a filter reads lies together.
    c.duration = block.packSplit(o.duration.data(), rows);
    c.service = packed(o.service, Widths::Even);
    c.status = packed(o.status, Widths::Even);
    c.kind = packed(o.kind, Widths::Even);
    c.startNs = packed(o.startNs);
    c.name = packed(o.name, Widths::Even);
    c.trace = packed(o.trace);
    c.spanId = packed(o.spanId);
    c.parentId = packed(o.parentId);
    c.resource = packed(o.resource);
    c.scope = packed(o.scope);
    c.flags = packed(o.flags);
    c.marks = packed(o.marks);
    c.source = packed(o.source);
    c.previousInTrace = packed(o.previousInTrace);
    AttributePacker attributes(table, block, scratch.attributes);
    s->attributes = attributes.pack(rows, [&](std::uint32_t i) { return o.attributes[i]; });
    s->events = packEvents(block, attributes, o, rows);
    s->links = packLinks(block, attributes, o, rows);
    s->extras = packExtras<SpanExtra>(block, rows, [&](std::uint32_t i) { return o.extra(i); });

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
    const auto packed = [&](const auto& column) { return pack(block, column, rows); };
    LogColumns& c = s->columns;
    c.trace = packed(o.trace);
    c.spanId = packed(o.spanId);
    c.timeNs = packed(o.timeNs);
    c.observedNs = packed(o.observedNs);
    c.severity = packed(o.severity);
    c.severityText = packed(o.severityText);
    c.bodyType = block.packEach(rows, [&](std::size_t i) { return o.bodyType[static_cast<std::uint32_t>(i)]; });
    c.body = packed(o.body);
    c.resource = packed(o.resource);
    c.scope = packed(o.scope);
    c.service = packed(o.service);
    c.marks = packed(o.marks);
    c.source = packed(o.source);
    c.previousInTrace = packed(o.previousInTrace);
    AttributePacker attributes(table, block, scratch.attributes);
    s->attributes = attributes.pack(rows, [&](std::uint32_t i) { return o.attributes[i]; });
    s->extras = packExtras<LogExtra>(block, rows, [&](std::uint32_t i) { return o.extra(i); });

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
