// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/held_window.h"

#include <absl/container/flat_hash_map.h>

namespace spanreel::ingest {

namespace {

store::AttributeSpan copyAttributes(store::AttributeSpan from, Arena& arena) {
    auto attributes = arena.array<store::Attribute>(from.size());
    std::size_t n = 0;
    for (store::Attribute attribute : from) {
        attribute.key = arena.copy(attribute.key);
        attribute.value.text = arena.copy(attribute.value.text);
        attributes[n++] = attribute;
    }
    return attributes;
}

}  // namespace

std::size_t heldBytes(const std::vector<store::Batch>& batches) {
    std::size_t bytes = 0;
    for (const auto& batch : batches) bytes += batch.arena.bytesReserved() + batch.spans.capacity() * sizeof(store::SpanRecord);
    return bytes;
}

HeldChoice chooseHeld(const std::vector<store::Batch>& batches, const std::vector<HeldSpan>& spans) {
    // A 64-bit id is the low half of the 128-bit one.
    const auto trace = [&](std::size_t i) { return batches[spans[i].batch].spans[spans[i].index].traceId.low; };
    const std::size_t half = spans.size() / 2;
    absl::flat_hash_map<std::uint64_t, std::size_t> last;
    for (std::size_t i = 0; i < spans.size(); ++i) last[trace(i)] = i;
    HeldChoice choice;
    choice.stays.resize(spans.size());
    std::size_t staying = 0;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        choice.stays[i] = last[trace(i)] >= half;
        staying += choice.stays[i];
    }
    if (staying <= spans.size() / 4 * 3) return choice;
    choice.wholeTraces = false;
    for (std::size_t i = 0; i < spans.size(); ++i) choice.stays[i] = i > half;
    return choice;
}

store::SpanRecord copySpan(const store::SpanRecord& span, Arena& arena) {
    store::SpanRecord copy = span;
    copy.name = arena.copy(copy.name);
    copy.rareOrNone = nullptr;
    const store::SpanRare& rare = span.rare();
    for (const auto text : {&store::SpanRare::traceState, &store::SpanRare::statusMessage, &store::SpanRare::unknown, &store::SpanRare::originalTraceId, &store::SpanRare::originalSpanId, &store::SpanRare::originalParentId})
        copy.set(text, arena.copy(rare.*text), arena);
    for (const auto count : {&store::SpanRare::droppedAttributes, &store::SpanRare::droppedEvents, &store::SpanRare::droppedLinks}) copy.set(count, rare.*count, arena);
    copy.attributes = copyAttributes(span.attributes, arena);
    auto events = arena.array<store::EventRecord>(span.events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        events[i] = span.events[i];
        events[i].name = arena.copy(events[i].name);
        events[i].unknown = arena.copy(events[i].unknown);
        events[i].attributes = copyAttributes(events[i].attributes, arena);
    }
    copy.events = events;
    auto links = arena.array<store::LinkRecord>(span.links.size());
    for (std::size_t i = 0; i < links.size(); ++i) {
        links[i] = span.links[i];
        links[i].traceState = arena.copy(links[i].traceState);
        links[i].unknown = arena.copy(links[i].unknown);
        links[i].attributes = copyAttributes(links[i].attributes, arena);
    }
    copy.links = links;
    copy.resource = copy.scope = store::kNone;
    return copy;
}

}  // namespace spanreel::ingest
