// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/console_record.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <limits>

#include "ingest/importers/console_inspect.h"
#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

using store::Attribute;
using store::Value;

/// The first of the members that is there and not null.
JsonValue firstOf(JsonValue object, std::initializer_list<std::string_view> keys) {
    for (const auto key : keys)
        if (const JsonValue value = object[key]; value.exists() && !value.isNull()) return value;
    return {};
}
JsonValue contextOf(JsonValue object) { return firstOf(object, {"context", "SpanContext", "spanContext"}); }
JsonValue traceIdOf(JsonValue object) { return firstOf(object, {"traceId", "trace_id", "traceID", "TraceID", "TraceId"}); }
JsonValue spanIdOf(JsonValue object) { return firstOf(object, {"spanId", "span_id", "spanID", "SpanID", "SpanId"}); }

std::string shortText(JsonValue value) { return escapeControls(value.exists() ? plainText(value).substr(0, 80) : "absent"); }

/// A point in time: text, a number of guessed unit, or [seconds, nanoseconds]. Nothing where it is none.
std::optional<std::uint64_t> readTime(JsonValue value) {
    if (value.isArray() && value.size() == 2) {
        std::uint64_t parts[2] = {0, 0};
        std::size_t n = 0;
        for (const auto item : value.items()) {
            const auto part = item.asUint64();
            if (!part) return std::nullopt;
            parts[n++] = *part;
        }
        if (parts[0] > std::numeric_limits<std::uint64_t>::max() / 1000000000u - 1) return std::nullopt;
        return addSaturating(parts[0] * 1000000000u, parts[1]);
    }
    if (value.isString())
        if (const auto time = parseTime(value.asString())) return time;
    const std::string_view number = numberText(value);
    if (number.empty()) return std::nullopt;
    double magnitude = 0;
    std::from_chars(number.data(), number.data() + number.size(), magnitude);
    return decimalToNs(number, guessTimeUnit(magnitude));
}

/// "200ms", "1.5s", "1m2.5s", "12µs": a length as Go and people write it.
std::optional<std::uint64_t> readLength(std::string_view text) {
    std::uint64_t total = 0;
    bool any = false;
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty()) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
        std::string_view rest = text.substr(digits);
        while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
        struct Unit {
            std::string_view name;
            TimeUnit unit;
            std::uint64_t factor;
        };
        static constexpr Unit kUnits[] = {{"ns", TimeUnit::Nanoseconds, 1}, {"µs", TimeUnit::Microseconds, 1}, {"μs", TimeUnit::Microseconds, 1}, {"us", TimeUnit::Microseconds, 1},
                                          {"ms", TimeUnit::Milliseconds, 1}, {"min", TimeUnit::Seconds, 60}, {"m", TimeUnit::Seconds, 60}, {"h", TimeUnit::Seconds, 3600}, {"s", TimeUnit::Seconds, 1}};
        const auto* unit = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& u) { return rest.starts_with(u.name); });
        if (digits == 0 || unit == std::end(kUnits)) return std::nullopt;
        const auto part = decimalToNs(text.substr(0, digits), unit->unit);
        if (!part || *part > std::numeric_limits<std::uint64_t>::max() / unit->factor) return std::nullopt;
        total = addSaturating(total, *part * unit->factor);
        any = true;
        text = rest.substr(unit->name.size());
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    return any ? std::optional(total) : std::nullopt;
}

/// Attributes as an object, or as Go prints them: [{"Key","Value":{"Type","Value"}}].
store::AttributeSpan readAttributes(JsonValue value, Arena& arena) {
    if (value.isObject()) return plainAttributes(value, arena);
    if (!value.isArray()) return {};
    auto attributes = arena.array<Attribute>(value.size());
    std::size_t n = 0;
    for (const auto entry : value.items()) {
        const JsonValue key = firstOf(entry, {"Key", "key"});
        if (key.isString()) attributes[n++] = {arena.copy(key.asString()), goValue(firstOf(entry, {"Value", "value"}), arena)};
    }
    return attributes.first(n);
}

/// The resource, in whatever shape: {attributes, schema_url}, a flat object, Go's list, the repr of Python's first versions,
/// or only a service name beside the span. kNone where there is none.
std::uint32_t readResource(JsonValue object, RecordBatcher& batcher) {
    JsonValue resource = firstOf(object, {"resource", "Resource"});
    const JsonValue service = firstOf(object, {"serviceName", "service_name", "service.name", "service"});
    if (!resource.exists() && !service.isString()) return store::kNone;
    std::string key = resource.exists() ? plainText(resource) : std::string();
    if (service.isString()) key.append(1, '\0').append(service.asString());
    return batcher.resource(key, [&](Arena& arena) {
        JsonDocument repr;
        std::string text;
        if (resource.isString()) {
            const std::string_view printed = resource.asString();
            text = inspectToJson(printed.substr(std::min(printed.find('{'), printed.size())));
            resource = repr.read(text, {.allowTrailing = true}) ? repr.root() : JsonValue();
        }
        const JsonValue inner = firstOf(resource, {"attributes", "Attributes", "_attributes"});
        store::ResourceRecord record;
        record.attributes = readAttributes(inner.exists() ? inner : resource, arena);
        record.schemaUrl = arena.copy(firstOf(resource, {"schema_url", "schemaUrl", "SchemaURL"}).asString());
        const bool named = std::any_of(record.attributes.begin(), record.attributes.end(), [](const Attribute& a) { return a.key == "service.name"; });
        if (service.isString() && !named) {
            auto attributes = arena.array<Attribute>(record.attributes.size() + 1);
            attributes[0] = {"service.name", Value::ofString(arena.copy(service.asString()))};
            std::copy(record.attributes.begin(), record.attributes.end(), attributes.begin() + 1);
            record.attributes = attributes;
        }
        return record;
    });
}

std::uint32_t readScope(JsonValue object, RecordBatcher& batcher) {
    const JsonValue scope = firstOf(object, {"instrumentationScope", "InstrumentationScope", "instrumentation_scope", "Scope", "scope", "InstrumentationLibrary", "instrumentationLibrary"});
    const std::string_view name = firstOf(scope, {"name", "Name"}).asString(), version = firstOf(scope, {"version", "Version"}).asString();
    const std::string_view schemaUrl = firstOf(scope, {"schemaUrl", "SchemaURL", "schema_url"}).asString();
    const JsonValue attributes = firstOf(scope, {"attributes", "Attributes"});
    if (attributes.size() == 0) return batcher.scope(name, version, schemaUrl);
    return batcher.scope(name, version, schemaUrl, plainText(attributes), [&](Arena& arena) { return readAttributes(attributes, arena); });
}

/// W3C text, or the repr of Python's list ("['{key=a, value=b}']").
std::string readTraceState(JsonValue value) {
    std::string_view text = value.asString();
    if (text.empty() || (text.front() != '[' && text.front() != '{')) return std::string(text);
    std::string out;
    while (true) {
        const auto key = text.find("{key="), middle = text.find(", value=", key), end = text.find('}', middle);
        if (key == std::string_view::npos || middle == std::string_view::npos || end == std::string_view::npos) return out;
        if (!out.empty()) out.push_back(',');
        out.append(text.substr(key + 5, middle - key - 5)).append(1, '=').append(text.substr(middle + 8, end - middle - 8));
        text.remove_prefix(end);
    }
}

std::uint32_t readFlags(JsonValue value) {
    if (const auto number = value.asUint64()) return static_cast<std::uint32_t>(*number & 0xFF);
    std::uint32_t flags = 0;
    const std::string_view text = value.asString();
    std::from_chars(text.data(), text.data() + text.size(), flags, 16);
    return flags & 0xFF;
}

std::uint32_t readCount(JsonValue value) { return static_cast<std::uint32_t>(std::min<std::uint64_t>(value.asUint64().value_or(0), std::numeric_limits<std::uint32_t>::max())); }

void readStatus(JsonValue object, ItemNotes& notes, Arena& arena, store::SpanRecord& span) {
    const JsonValue status = firstOf(object, {"status", "Status"});
    JsonValue code = status.isObject() ? firstOf(status, {"status_code", "code", "Code", "statusCode"}) : status;
    if (!code.exists()) code = firstOf(object, {"status_code", "statusCode"});
    JsonValue message = firstOf(status, {"description", "message", "Description", "Message"});
    if (!message.exists()) message = firstOf(object, {"status_message", "statusMessage"});
    span.set(&store::SpanRare::statusMessage, arena.copy(message.asString()), arena);
    if (!code.exists()) return;
    if (const auto number = code.asInt64(); number && *number >= 0 && *number <= 2) {
        span.status = static_cast<std::int32_t>(*number);
        return;
    }
    const std::string word = asciiLower(code.asString());
    if (word.ends_with("error")) span.status = static_cast<std::int32_t>(store::StatusCode::Error);
    else if (word.ends_with("unset") || (word.empty() && code.isString())) span.status = 0;
    else if (word.ends_with("ok")) span.status = static_cast<std::int32_t>(store::StatusCode::Ok);
    else notes.warn(ProblemCode::UnknownEnumDropped, "status: " + shortText(code));
}

void readKind(JsonValue value, bool javascript, ItemNotes& notes, store::SpanRecord& span) {
    if (!value.exists()) return;
    if (const auto number = value.asInt64(); number && *number >= 0 && *number <= 5) {
        span.kind = static_cast<std::int32_t>(*number) + (javascript && *number < 5 ? 1 : 0);
    } else if (const auto kind = spanKindFromWord(value.asString())) {
        span.kind = *kind;
    } else {
        notes.warn(ProblemCode::UnknownEnumDropped, "kind: " + shortText(value));
    }
}

void readTimes(JsonValue object, ItemNotes& notes, store::SpanRecord& span) {
    const JsonValue start = firstOf(object, {"start_time", "StartTime", "startTime", "start", "timestamp"});
    const JsonValue end = firstOf(object, {"end_time", "EndTime", "endTime", "end"});
    const JsonValue duration = firstOf(object, {"duration", "Duration"});
    if (const auto time = readTime(start); time && isUsableTime(*time)) span.startNs = *time;
    else notes.warn(ProblemCode::NoTime, "start_time: " + shortText(start));
    if (duration.exists() && !end.exists()) {
        const std::string_view number = numberText(duration);
        std::optional<std::uint64_t> length;
        if (number.empty()) {
            length = readLength(duration.asString());
        } else {
            // A bare number counts in the unit of the bare start; beside a start in words it is milliseconds.
            double magnitude = 0;
            const std::string_view startNumber = numberText(start);
            std::from_chars(startNumber.data(), startNumber.data() + startNumber.size(), magnitude);
            length = decimalToNs(number.starts_with('-') ? number.substr(1) : number, startNumber.empty() ? TimeUnit::Milliseconds : guessTimeUnit(magnitude));
        }
        if (!length) notes.warn(ProblemCode::FlaggedValue, "duration: " + shortText(duration));
        if (number.starts_with('-') && length.value_or(0) > 0) {
            notes.warn(ProblemCode::NegativeDuration, "duration: " + shortText(duration));
            span.endNs = span.startNs > *length ? span.startNs - *length : 0;
        } else {
            span.endNs = addSaturating(span.startNs, length.value_or(0));
        }
        return;
    }
    if (const auto time = readTime(end)) {
        span.endNs = *time;
        if (span.startNs && span.endNs < span.startNs) notes.warn(ProblemCode::NegativeDuration, "end_time: " + shortText(end));
    } else {
        span.endNs = span.startNs;
        notes.warn(ProblemCode::NoTime, "end_time: " + shortText(end));
    }
}

void readEvents(JsonValue list, Arena& arena, ItemNotes& notes, store::SpanRecord& span) {
    auto events = arena.array<store::EventRecord>(list.size());
    std::size_t n = 0;
    for (const auto entry : list.items()) {
        store::EventRecord event;
        event.name = arena.copy(firstOf(entry, {"name", "Name"}).asString());
        const JsonValue time = firstOf(entry, {"timestamp", "time", "Time"});
        if (const auto ns = readTime(time)) event.timeNs = *ns;
        else notes.warn(ProblemCode::NoTime, "events.timestamp: " + shortText(time));
        event.attributes = readAttributes(firstOf(entry, {"attributes", "Attributes"}), arena);
        if (const JsonValue message = entry["message"]; message.exists()) {
            auto attributes = arena.array<Attribute>(event.attributes.size() + 1);
            attributes[0] = {"message", plainValue(message, arena)};
            std::copy(event.attributes.begin(), event.attributes.end(), attributes.begin() + 1);
            event.attributes = attributes;
        }
        event.droppedAttributes = readCount(firstOf(entry, {"droppedAttributesCount", "DroppedAttributeCount"}));
        events[n++] = event;
    }
    span.events = events.first(n);
}

void readLinks(JsonValue list, Arena& arena, ItemNotes& notes, store::SpanRecord& span) {
    auto links = arena.array<store::LinkRecord>(list.size());
    std::size_t n = 0;
    for (const auto entry : list.items()) {
        const JsonValue context = contextOf(entry).exists() ? contextOf(entry) : entry;
        store::LinkRecord link;
        link.traceId = readTraceId(traceIdOf(context).asString(), arena, notes).id;
        link.spanId = readParentId(spanIdOf(context).asString(), arena, notes).id;
        link.traceState = arena.copy(std::string_view(readTraceState(firstOf(context, {"traceState", "trace_state", "TraceState"}))));
        link.flags = readFlags(firstOf(context, {"traceFlags", "TraceFlags", "trace_flags"}));
        link.attributes = readAttributes(firstOf(entry, {"attributes", "Attributes"}), arena);
        link.droppedAttributes = readCount(firstOf(entry, {"droppedAttributesCount", "DroppedAttributeCount"}));
        links[n++] = link;
    }
    span.links = links.first(n);
}

bool allZero(std::string_view text) { return text.find_first_not_of("0xX") == std::string_view::npos; }

}  // namespace

ConsoleKind consoleKind(JsonValue object) {
    if (!object.isObject()) return ConsoleKind::Other;
    const auto has = [&](std::string_view key) { return object[key].exists(); };
    const bool body = has("body") || has("Body");
    if ((body && (has("severity_number") || has("severity_text") || has("severityNumber") || has("severityText") || has("Severity") || has("SeverityText") || has("timestamp"))) ||
        (has("severityNumber") && has("instrumentationScope")) || (has("severity_number") && has("trace_id") && has("resource")))
        return ConsoleKind::Log;
    if (has("resource_metrics") || has("ScopeMetrics") || has("dataPoints") || has("descriptor")) return ConsoleKind::Metrics;
    const JsonValue context = contextOf(object);
    if (traceIdOf(context).exists() && spanIdOf(context).exists()) return ConsoleKind::Span;
    const bool named = has("name") || has("operationName");
    if (!named || !traceIdOf(object).exists()) return ConsoleKind::Other;
    if (has("id") && (has("resource") || has("instrumentationScope") || has("instrumentationLibrary") || has("status"))) return ConsoleKind::Span;
    const bool timed = has("timestamp") || has("startTime") || has("start_time");
    return spanIdOf(object).exists() && timed ? ConsoleKind::Span : ConsoleKind::Other;
}

void readConsoleSpan(JsonValue object, bool javascript, RecordBatcher& batcher, ItemNotes& notes) {
    Arena& arena = batcher.arena();
    store::SpanRecord span;
    const JsonValue own = contextOf(object);
    const JsonValue context = own.exists() ? own : object;
    JsonValue idText = spanIdOf(context);
    if (!idText.exists()) {
        idText = object["id"];
        javascript = true;  // only that exporter calls it so
    }
    const auto trace = readTraceId(traceIdOf(context).asString(), arena, notes);
    const auto id = readSpanId(idText.asString(), arena, notes);
    JsonValue parentText = firstOf(object, {"parent_id", "parentSpanId", "parent_span_id", "parentId", "parentSpanID"});
    if (!parentText.exists()) parentText = spanIdOf(firstOf(object, {"parentSpanContext", "Parent", "parent"}));
    const auto parent = readParentId(parentText.asString(), arena, notes);
    span.traceId = trace.id;
    span.set(&store::SpanRare::originalTraceId, trace.original, arena);
    span.spanId = id.id;
    span.set(&store::SpanRare::originalSpanId, id.original, arena);
    span.parentId = parent.id;
    span.set(&store::SpanRare::originalParentId, parent.original, arena);
    span.marks = static_cast<std::uint16_t>(trace.marks | id.marks);
    span.name = arena.copy(firstOf(object, {"name", "Name", "operationName"}).asString());
    readKind(firstOf(object, {"kind", "SpanKind", "spanKind"}), javascript, notes, span);
    readTimes(object, notes, span);
    readStatus(object, notes, arena, span);
    span.attributes = readAttributes(firstOf(object, {"attributes", "Attributes", "tags"}), arena);
    readEvents(firstOf(object, {"events", "Events"}), arena, notes, span);
    readLinks(firstOf(object, {"links", "Links"}), arena, notes, span);
    JsonValue state = firstOf(object, {"traceState"});
    if (!state.exists()) state = firstOf(context, {"trace_state", "TraceState", "traceState"});
    span.set(&store::SpanRare::traceState, arena.copy(std::string_view(readTraceState(state))), arena);
    span.flags = readFlags(firstOf(context, {"TraceFlags", "traceFlags", "trace_flags"}));
    span.set(&store::SpanRare::droppedAttributes, readCount(firstOf(object, {"DroppedAttributes", "droppedAttributesCount"})), arena);
    span.set(&store::SpanRare::droppedEvents, readCount(firstOf(object, {"DroppedEvents", "droppedEventsCount"})), arena);
    span.set(&store::SpanRare::droppedLinks, readCount(firstOf(object, {"DroppedLinks", "droppedLinksCount"})), arena);
    span.resource = readResource(object, batcher);
    span.scope = readScope(object, batcher);
    batcher.add(std::move(span));
    notes.keep();
}

void readConsoleLog(JsonValue object, RecordBatcher& batcher, ItemNotes& notes) {
    Arena& arena = batcher.arena();
    store::LogRecordData log;
    const JsonValue time = firstOf(object, {"timestamp", "Timestamp"}), observed = firstOf(object, {"observed_timestamp", "ObservedTimestamp", "observedTimestamp"});
    if (const auto ns = readTime(observed)) log.observedNs = *ns;
    if (const auto ns = readTime(time)) log.timeNs = *ns;
    else if (!log.observedNs || time.exists()) notes.warn(ProblemCode::NoTime, "timestamp: " + shortText(time));
    const JsonValue context = contextOf(object).exists() ? contextOf(object) : object;
    // All zero is how the exporters print "outside of any span".
    if (const auto text = traceIdOf(context).asString(); !allZero(text)) {
        const auto trace = readTraceId(text, arena, notes);
        log.traceId = trace.id;
        log.originalTraceId = trace.original;
        log.marks |= trace.marks;
    }
    if (const auto text = spanIdOf(context).asString(); !allZero(text)) {
        const auto id = readSpanId(text, arena, notes);
        log.spanId = id.id;
        log.originalSpanId = id.original;
        log.marks |= id.marks;
    }
    const JsonValue severity = firstOf(object, {"severity_number", "severityNumber", "Severity"});
    if (const auto number = severity.asInt64(); number && *number >= 0 && *number <= 24) {
        log.severity = static_cast<std::int32_t>(*number);
    } else if (severity.isString()) {  // "<SeverityNumber.WARN: 13>"
        const std::string_view text = severity.asString();
        const auto digit = std::min(text.find_first_of("0123456789"), text.size());
        std::from_chars(text.data() + digit, text.data() + text.size(), log.severity);
    }
    log.severityText = arena.copy(firstOf(object, {"severity_text", "severityText", "SeverityText"}).asString());
    log.body = goValue(firstOf(object, {"body", "Body"}), arena);
    log.attributes = readAttributes(firstOf(object, {"attributes", "Attributes"}), arena);
    log.eventName = arena.copy(firstOf(object, {"eventName", "event_name", "EventName"}).asString());
    log.flags = readFlags(firstOf(context, {"trace_flags", "traceFlags", "TraceFlags"}));
    log.droppedAttributes = readCount(firstOf(object, {"dropped_attributes", "DroppedAttributes", "droppedAttributesCount"}));
    log.resource = readResource(object, batcher);
    log.scope = readScope(object, batcher);
    batcher.add(std::move(log));
    notes.keep();
}

}  // namespace spanreel::ingest
