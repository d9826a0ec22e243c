// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/export/export_common.h"

#include <algorithm>
#include <iterator>

namespace spanreel::exporting {

namespace {

/// The id the text of an input stands for.
SpanId idOf(std::string_view text) { return SpanId::fromHex(text).value_or(SpanId::fromText(text)); }

}  // namespace

FreeIds freeIds(const store::SpanView& span, const otlp::IdSpelling& spelling, Halves halves) {
    FreeIds ids{span.traceId().toHex(), span.spanId().isValid() ? span.spanId().toHex() : std::string(), span.parentId().isValid() ? span.parentId().toHex() : std::string()};
    if (!spelling.original(span.source())) return ids;
    if (!span.originalTraceId().empty()) ids.trace = span.originalTraceId();
    const bool asCame = halves == Halves::Sharing;
    const auto own = span.originalSpanId(), parent = span.originalParentId();
    if (!own.empty() && (asCame || !SpanId::fromHex(own))) ids.span = own;
    if (!parent.empty() && (asCame || !SpanId::fromHex(parent))) ids.parent = parent;
    if (asCame && !own.empty() && idOf(own) != span.spanId()) {
        ids.shared = true;
        ids.parent = parent;  // the client half is its parent by the id they share
    }
    return ids;
}

bool isFieldTag(std::string_view key, std::string_view text) {
    if (key == "otel.status_code") return text == "OK" || text == "ERROR";
    static constexpr std::string_view kFields[] = {"otel.status_description", "otel.scope.name", "otel.scope.version", "otel.library.name", "otel.library.version", "w3c.tracestate"};
    return std::find(std::begin(kFields), std::end(kFields), key) != std::end(kFields);
}

void countCommonLosses(const store::SpanView& span, std::uint32_t flagsHeld, otlp::LossCount& losses) {
    const auto fine = [](std::uint64_t ns) { return ns % 1000 != 0; };
    bool fraction = fine(span.startNs()) || fine(span.endNs());
    for (std::size_t i = 0; i < span.eventCount(); ++i) {
        const auto event = span.event(i);
        fraction |= fine(event.timeNs);
        if (event.droppedAttributes) losses.add("counts of dropped attributes, events and links");
        if (!event.unknown.empty()) losses.add("unknown protobuf fields");
    }
    if (fraction) losses.add("times finer than a microsecond");
    if (span.droppedAttributes() || span.droppedEvents() || span.droppedLinks()) losses.add("counts of dropped attributes, events and links");
    if (!span.unknown().empty()) losses.add("unknown protobuf fields");
    if (span.endNs() < span.startNs()) losses.add("spans that end before they start");
    if (span.flags() & ~flagsHeld) losses.add("flags");
    if (span.kind() < 0 || span.kind() > 5) losses.add("span kinds OTLP does not name");
    if (span.status() < 0 || span.status() > 2) losses.add("status codes OTLP does not name");
    if (span.marks() & (store::kMarkInvalidTraceId | store::kMarkInvalidSpanId)) losses.add("spans without a trace id or span id");
    if (span.resourceId() != store::kNone) {
        const auto resource = span.resource();
        if (!resource.schemaUrl.empty()) losses.add("schema URLs");
        if (!resource.entityRefs.empty()) losses.add("entity references");
        if (resource.droppedAttributes) losses.add("counts of dropped attributes, events and links");
        if (!resource.unknown.empty()) losses.add("unknown protobuf fields");
    }
    if (span.scopeId() != store::kNone) {
        const auto scope = span.scope();
        if (!scope.schemaUrl.empty()) losses.add("schema URLs");
        if (!scope.attributes.empty()) losses.add("attributes of instrumentation scopes");
        if (scope.droppedAttributes) losses.add("counts of dropped attributes, events and links");
        if (!scope.unknown.empty()) losses.add("unknown protobuf fields");
    }
}

void countOtherSignals(const store::StoreSnapshot& snapshot, otlp::LossCount& losses) {
    if (snapshot.logCount()) losses.add("log records", snapshot.logCount());
    if (snapshot.metricCount()) losses.add("metrics", snapshot.metricCount());
}

}  // namespace spanreel::exporting
