// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/zipkin_json_span.h"

#include <algorithm>

#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

using store::Attribute;
using store::SpanKind;
using store::Value;

/// Attributes of a span as they come together; at most `room` of them.
struct AttributeList {
    AttributeList(Arena& a, std::size_t room) : arena(a), all(a.array<Attribute>(room)) {}
    void add(std::string_view key, Value value) {
        if (n < all.size()) all[n++] = {key, value};
    }
    [[nodiscard]] bool has(std::string_view key) const {
        return std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n), [&](const Attribute& a) { return a.key == key; });
    }
    void addNew(std::string_view key, Value value) {
        if (!has(key)) add(key, value);
    }
    [[nodiscard]] store::AttributeSpan done() const { return all.first(n); }

    Arena& arena;
    std::span<Attribute> all;
    std::size_t n = 0;
};
constexpr std::size_t kEndpointRoom = 8;  // attributes two endpoints, an odd kind and the flags may add
constexpr std::string_view kSharedKey = "zipkin.shared";

bool isIpv4(std::string_view text) {
    int parts = 0;
    while (true) {
        const auto dot = text.find('.');
        const std::string_view part = text.substr(0, dot);
        if (part.empty() || part.size() > 3 || part.find_first_not_of("0123456789") != std::string_view::npos || std::stoi(std::string(part)) > 255) return false;
        ++parts;
        if (dot == std::string_view::npos) return parts == 4;
        text.remove_prefix(dot + 1);
    }
}

/// Address and port of an endpoint under the given keys.
void addEndpoint(JsonValue endpoint, const char* where, std::string_view addressKey, std::string_view portKey, AttributeList& attributes, ItemNotes& notes) {
    const std::string_view v4 = endpoint["ipv4"].asString(), v6 = endpoint["ipv6"].asString();
    if (!v4.empty() && !isIpv4(v4)) notes.warn(ProblemCode::FlaggedValue, std::string(where) + ".ipv4: " + escapeControls(v4.substr(0, 60)));
    if (const auto address = v4.empty() ? v6 : v4; !address.empty()) attributes.addNew(addressKey, Value::ofString(attributes.arena.copy(address)));
    const JsonValue port = endpoint["port"];
    if (!port.exists() || port.isNull()) return;
    const auto number = port.asInt64();
    if (!number || *number < 0 || *number > 65535) notes.warn(ProblemCode::FlaggedValue, std::string(where) + ".port: " + plainText(port).substr(0, 60));
    if (number && *number != 0) attributes.addNew(portKey, Value::ofInt(*number));
}

void addEndpoints(JsonValue local, JsonValue remote, AttributeList& attributes, ItemNotes& notes, ZipkinSpan& out) {
    out.service = attributes.arena.copy(local["serviceName"].asString());
    addEndpoint(local, "localEndpoint", "network.local.address", "network.local.port", attributes, notes);
    if (const auto peer = remote["serviceName"].asString(); !peer.empty()) attributes.addNew("peer.service", Value::ofString(attributes.arena.copy(peer)));
    const bool serving = out.record.kind == static_cast<std::int32_t>(SpanKind::Server) || out.record.kind == static_cast<std::int32_t>(SpanKind::Consumer);
    addEndpoint(remote, "remoteEndpoint", serving ? "client.address" : "server.address", serving ? "client.port" : "server.port", attributes, notes);
}

/// A tag: "error" sets the status (and stays), OpenTelemetry's own become what they stand for.
void addTag(std::string_view key, Value value, AttributeList& attributes, ZipkinSpan& out) {
    auto& span = out.record;
    if (key == "error" && value.type == store::ValueType::String && asciiLower(value.text) != "false") {
        span.status = static_cast<std::int32_t>(store::StatusCode::Error);
        if (span.rare().statusMessage.empty() && asciiLower(value.text) != "true") span.set(&store::SpanRare::statusMessage, value.text, attributes.arena);
    } else if (key == "error" && value.type == store::ValueType::Bool && value.asBool()) {
        span.status = static_cast<std::int32_t>(store::StatusCode::Error);
    } else if (value.type == store::ValueType::String && out.tags.take(key, value.text, span, attributes.arena)) {
        return;
    }
    attributes.add(attributes.arena.copy(key), value);
}

/// Microseconds since 1970, or a duration: nothing where there is none or it is no number; negative is told apart.
struct Micros {
    std::uint64_t ns = 0;
    bool negative = false;
    bool good = false;
};
Micros micros(JsonValue value) {
    Micros out;
    std::string_view text = numberText(value);
    out.negative = text.starts_with('-');
    if (out.negative) text.remove_prefix(1);
    if (const auto ns = decimalToNs(text, TimeUnit::Microseconds)) {
        out.ns = *ns;
        out.good = true;
    }
    return out;
}

void readIds(JsonValue object, Arena& arena, ItemNotes& notes, store::SpanRecord& span) {
    const auto trace = readTraceId(object["traceId"].asString(), arena, notes);
    const auto id = readSpanId(object["id"].asString(), arena, notes);
    const auto parent = readParentId(object["parentId"].asString(), arena, notes);
    span.traceId = trace.id;
    span.set(&store::SpanRare::originalTraceId, trace.original, arena);
    span.spanId = id.id;
    span.set(&store::SpanRare::originalSpanId, id.original, arena);
    span.parentId = parent.id;
    span.set(&store::SpanRare::originalParentId, parent.original, arena);
    span.marks = static_cast<std::uint16_t>(trace.marks | id.marks);
    span.name = arena.copy(object["name"].asString());
}

/// Start and length from the fields; where they are absent, from the annotations' first and last.
void readTimes(JsonValue object, ItemNotes& notes, store::SpanRecord& span) {
    const JsonValue timestamp = object["timestamp"];
    const Micros start = micros(timestamp);
    if (start.good && !start.negative) span.startNs = start.ns;
    std::uint64_t first = 0, last = 0;
    for (const auto& event : span.events) {
        if (!isUsableTime(event.timeNs)) continue;
        first = first == 0 ? event.timeNs : std::min(first, event.timeNs);
        last = std::max(last, event.timeNs);
    }
    if ((!timestamp.exists() || timestamp.isNull()) && first) span.startNs = first;
    span.endNs = span.startNs;
    const JsonValue duration = object["duration"];
    if (duration.exists() && !duration.isNull()) {
        const Micros length = micros(duration);
        if (!length.good) notes.warn(ProblemCode::FlaggedValue, "duration: " + plainText(duration).substr(0, 60));
        else if (length.negative && length.ns > 0) {
            span.endNs = span.startNs > length.ns ? span.startNs - length.ns : 0;
            notes.warn(ProblemCode::NegativeDuration, "duration: " + plainText(duration).substr(0, 60));
        } else {
            span.endNs = addSaturating(span.startNs, length.ns);
        }
    } else if (last > span.startNs) {
        span.endNs = last;
    }
    if (!isUsableTime(span.startNs)) notes.warn(ProblemCode::NoTime, timestamp.exists() ? "timestamp: " + plainText(timestamp).substr(0, 60) : "timestamp is absent");
}

}  // namespace

bool isZipkinV1(JsonValue span) {
    if (span["binaryAnnotations"].exists()) return true;
    if (span["localEndpoint"].exists() || span["kind"].exists() || span["tags"].exists()) return false;
    for (const auto annotation : span["annotations"].items())
        if (annotation["endpoint"].isObject()) return true;
    return false;
}

bool readZipkinV2Span(JsonValue object, Arena& arena, ItemNotes& notes, ZipkinSpan& out) {
    if (!object.isObject()) return notes.skip(ProblemCode::BadValue, "span: " + plainText(object).substr(0, 60)), false;
    auto& span = out.record;
    readIds(object, arena, notes, span);
    AttributeList attributes(arena, object["tags"].size() + kEndpointRoom);
    if (const JsonValue kind = object["kind"]; kind.exists() && !kind.isNull()) {
        if (const auto known = spanKindFromWord(kind.asString())) {
            span.kind = *known;
        } else {
            notes.warn(ProblemCode::UnknownEnum, "kind: " + plainText(kind).substr(0, 60));
            attributes.add("zipkin.kind", Value::ofString(arena.copy(std::string_view(plainText(kind)))));
        }
    }
    for (const auto [key, value] : object["tags"].members()) {
        if (!value.isString()) notes.warn(ProblemCode::FlaggedValue, "tags." + escapeControls(key.substr(0, 60)) + " is no text");
        addTag(key, value.isString() ? Value::ofString(arena.copy(value.asString())) : Value::ofString(arena.copy(std::string_view(plainText(value)))), attributes, out);
    }
    const JsonValue annotations = object["annotations"];
    auto events = arena.array<store::EventRecord>(annotations.size());
    std::size_t n = 0;
    for (const auto annotation : annotations.items()) {
        store::EventRecord event;
        const Micros time = micros(annotation["timestamp"]);
        if (time.good && !time.negative) event.timeNs = time.ns;
        else notes.warn(ProblemCode::NoTime, "annotations.timestamp: " + plainText(annotation["timestamp"]).substr(0, 60));
        event.name = arena.copy(annotation["value"].asString());
        events[n++] = event;
    }
    span.events = events.first(n);
    readTimes(object, notes, span);
    addEndpoints(object["localEndpoint"], object["remoteEndpoint"], attributes, notes, out);
    if (object["debug"].asBool()) attributes.add("zipkin.debug", Value::ofBool(true));
    out.shared = object["shared"].asBool();
    if (out.shared) attributes.add(kSharedKey, Value::ofBool(true));
    span.attributes = attributes.done();
    return true;
}

void dropSharedAttribute(store::SpanRecord& span) {
    if (!span.attributes.empty() && span.attributes.back().key == kSharedKey) span.attributes = span.attributes.first(span.attributes.size() - 1);
}

bool readZipkinV1Span(JsonValue object, Arena& arena, ItemNotes& notes, ZipkinSpan& out) {
    auto& span = out.record;
    readIds(object, arena, notes, span);
    notes.warn(ProblemCode::OldFormat, "Zipkin v1");
    const JsonValue annotations = object["annotations"], binary = object["binaryAnnotations"];
    AttributeList attributes(arena, binary.size() + kEndpointRoom);
    JsonValue local, remote;
    auto events = arena.array<store::EventRecord>(annotations.size());
    std::size_t n = 0;
    std::uint64_t sent = 0, received = 0;
    for (const auto annotation : annotations.items()) {
        const std::string_view value = annotation["value"].asString();
        const Micros time = micros(annotation["timestamp"]);
        const bool begins = value == "cs" || value == "sr", ends = value == "cr" || value == "ss";
        if (annotation["endpoint"].isObject() && (!local || begins)) local = annotation["endpoint"];
        if (begins || ends) {
            const bool client = value[0] == 'c';
            // A span with both halves' annotations is told from its client side.
            if (client || span.kind == 0) span.kind = static_cast<std::int32_t>(client ? SpanKind::Client : SpanKind::Server);
            if (time.good && !time.negative) (begins ? sent : received) = begins && sent ? std::min(sent, time.ns) : std::max(begins ? sent : received, time.ns);
            continue;
        }
        store::EventRecord event;
        event.timeNs = time.good && !time.negative ? time.ns : 0;
        event.name = arena.copy(value);
        events[n++] = event;
    }
    span.events = events.first(n);
    for (const auto annotation : binary.items()) {
        const std::string_view key = annotation["key"].asString();
        const JsonValue value = annotation["value"];
        if ((key == "sa" || key == "ca" || key == "ma") && annotation["endpoint"].isObject()) {
            remote = annotation["endpoint"];
            continue;
        }
        if (annotation["endpoint"].isObject() && !local) local = annotation["endpoint"];
        if (key == "lc" && value.asString().empty()) continue;
        addTag(key, plainValue(value, arena), attributes, out);
    }
    if (object["timestamp"].exists() || !sent) {
        readTimes(object, notes, span);
    } else {
        span.startNs = sent;
        span.endNs = received > sent ? received : sent;
        if (!isUsableTime(span.startNs)) notes.warn(ProblemCode::NoTime, "annotations.timestamp");
    }
    addEndpoints(local, remote, attributes, notes, out);
    if (object["debug"].asBool()) attributes.add("zipkin.debug", Value::ofBool(true));
    span.attributes = attributes.done();
    return true;
}

}  // namespace spanreel::ingest
