// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/jaeger_json_span.h"

#include <charconv>
#include <cstdlib>

#include "ingest/importers/shared_ids.h"
#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

using store::Attribute;
using store::Value;

bool fromHexBytes(std::string_view text, std::string& out) {
    if (text.size() % 2) return false;
    out.clear();
    for (std::size_t i = 0; i < text.size(); i += 2) {
        unsigned byte = 0;
        const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
        if (error != std::errc() || end != text.data() + i + 2) return false;
        out.push_back(static_cast<char>(byte));
    }
    return true;
}

/// A typed tag as a value; what does not fit its type is kept as it is, with a warning.
Value tagValue(JsonValue tag, JaegerBinary binary, Arena& arena, ItemNotes* notes) {
    const JsonValue value = tag["value"];
    const std::string_view type = tag["type"].asString();
    const auto odd = [&](ProblemCode code) {
        if (notes) notes->warn(code, "tag " + escapeControls(tag["key"].asString()) + ": " + plainText(value).substr(0, 80) + " as " + std::string(type.substr(0, 40)));
        return value.isString() || !value.exists() ? Value::ofString(arena.copy(value.asString())) : plainValue(value, arena);
    };
    if (type == "string") return value.isString() ? Value::ofString(arena.copy(value.asString())) : plainValue(value, arena);
    if (type.empty()) return plainValue(value, arena);
    if (type == "bool") {
        if (value.isBool()) return Value::ofBool(value.asBool());
        if (value.asString() == "true") return Value::ofBool(true);
        if (value.asString() == "false") return Value::ofBool(false);
        return odd(ProblemCode::FlaggedValue);
    }
    if (type == "int64") {
        if (const auto i = value.asInt64()) return Value::ofInt(*i);
        if (value.isNumber()) return odd(ProblemCode::FlaggedValue);
        const std::string_view text = value.asString();
        std::int64_t i = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), i);
        if (!text.empty() && error == std::errc() && end == text.data() + text.size()) return Value::ofInt(i);
        return odd(ProblemCode::FlaggedValue);
    }
    if (type == "float64") {
        if (value.isNumber()) return Value::ofDouble(value.asDouble());
        const std::string text(value.asString());
        char* end = nullptr;
        const double d = std::strtod(text.c_str(), &end);
        if (!text.empty() && end == text.c_str() + text.size()) return Value::ofDouble(d);
        return odd(ProblemCode::FlaggedValue);
    }
    if (type == "binary") {
        std::string bytes;
        const bool ok = value.isString() && (binary == JaegerBinary::Hex ? fromHexBytes(value.asString(), bytes) : fromBase64(value.asString(), bytes));
        return ok ? Value::ofBytes(arena.copy(std::string_view(bytes))) : odd(ProblemCode::FlaggedValue);
    }
    return odd(ProblemCode::UnknownEnum);
}

bool isTrue(const Value& value) { return (value.type == store::ValueType::Bool && value.asBool()) || (value.type == store::ValueType::String && asciiLower(value.text) == "true"); }

/// A time or length in microseconds, a number or a string of one. False = it is something else.
bool microseconds(JsonValue value, std::uint64_t& ns, bool& negative) {
    std::string_view text = numberText(value);
    negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto read = decimalToNs(text, TimeUnit::Microseconds);
    ns = read.value_or(0);
    return read.has_value();
}

/// Tags, flags and warnings.
void readTags(JsonValue object, JaegerBinary binary, Arena& arena, ItemNotes& notes, JaegerSpan& out) {
    auto& span = out.record;
    const JsonValue tags = object["tags"];
    auto attributes = arena.array<Attribute>(tags.size() + 2);
    std::size_t n = 0;
    bool error = false;
    for (const auto tag : tags.items()) {
        const std::string_view key = tag["key"].asString();
        const Value value = tagValue(tag, binary, arena, &notes);
        if (key == "error" && isTrue(value)) {
            error = true;
            if (value.type == store::ValueType::Bool) continue;
        } else if (value.type == store::ValueType::String) {
            if (key == "span.kind") {
                if (const auto kind = spanKindFromWord(value.text)) {
                    span.kind = *kind;
                    if (asciiLower(value.text) == value.text) continue;
                }
            } else if (out.tags.take(key, value.text, span, arena)) {
                continue;
            }
        }
        attributes[n++] = {arena.copy(key), value};
    }
    if (error) span.status = static_cast<std::int32_t>(store::StatusCode::Error);
    if (const auto flags = object["flags"].asUint64()) {
        span.flags = static_cast<std::uint32_t>(*flags & 1);  // 1 = sampled in both; Jaeger's other bits mean other things
        if (*flags > 1) attributes[n++] = {"jaeger.flags", Value::ofInt(static_cast<std::int64_t>(*flags))};
    }
    if (const JsonValue warnings = object["warnings"]; warnings.isArray() && warnings.size() > 0)
        attributes[n++] = {"jaeger.warnings", plainValue(warnings, arena)};
    span.attributes = attributes.first(n);
}

void readLogs(JsonValue logs, JaegerBinary binary, Arena& arena, ItemNotes& notes, store::SpanRecord& span) {
    auto events = arena.array<store::EventRecord>(logs.size());
    std::size_t n = 0;
    for (const auto log : logs.items()) {
        store::EventRecord event;
        bool negative = false;
        if (!microseconds(log["timestamp"], event.timeNs, negative) || negative) {
            event.timeNs = 0;
            notes.warn(ProblemCode::NoTime, "logs.timestamp: " + plainText(log["timestamp"]).substr(0, 80));
        }
        const JsonValue fields = log["fields"];
        auto attributes = arena.array<Attribute>(fields.size());
        std::size_t count = 0;
        for (const auto field : fields.items()) {
            const std::string_view key = field["key"].asString();
            const Value value = tagValue(field, binary, arena, &notes);
            if (key == "event" && event.name.empty() && value.type == store::ValueType::String) event.name = value.text;
            else attributes[count++] = {arena.copy(key), value};
        }
        event.attributes = attributes.first(count);
        events[n++] = event;
    }
    span.events = events.first(n);
}

/// The parent is the first CHILD_OF of the same trace, else the first FOLLOWS_FROM of it; everything but a CHILD_OF parent
/// becomes a link that says its kind.
void readReferences(JsonValue object, Arena& arena, ItemNotes& notes, store::SpanRecord& span) {
    const JsonValue references = object["references"];
    auto links = arena.array<store::LinkRecord>(references.size());
    std::size_t n = 0;
    ReadSpanId follows;
    bool selfReference = false, hasParent = false;
    for (const auto reference : references.items()) {
        const bool childOf = reference["refType"].asString() != "FOLLOWS_FROM";
        const JsonValue traceText = reference["traceID"];
        const bool ownTrace = !traceText.exists() || traceText.asString() == object["traceID"].asString();
        const auto trace = ownTrace ? span.traceId : readTraceId(traceText.asString(), arena, notes).id;
        const auto parent = readParentId(reference["spanID"].asString(), arena, notes);
        const bool sameTrace = trace == span.traceId || isHalfOf(trace, span.traceId) || isHalfOf(span.traceId, trace);
        if (sameTrace && parent.id == span.spanId && parent.id.isValid()) {
            selfReference = true;
            if (references.size() > 1) continue;
        }
        if (childOf && sameTrace && !hasParent && parent.id.isValid()) {
            span.parentId = parent.id;
            span.set(&store::SpanRare::originalParentId, parent.original, arena);
            hasParent = true;
            continue;
        }
        if (!childOf && sameTrace && !follows.id.isValid()) follows = parent;
        store::LinkRecord link;
        link.traceId = isHalfOf(trace, span.traceId) ? span.traceId : trace;
        link.spanId = parent.id;
        auto kind = arena.array<Attribute>(1);
        kind[0] = {"opentracing.ref_type", Value::ofString(childOf ? "child_of" : "follows_from")};
        link.attributes = kind;
        links[n++] = link;
    }
    if (!hasParent && follows.id.isValid()) {
        span.parentId = follows.id;
        span.set(&store::SpanRare::originalParentId, follows.original, arena);
    } else if (!hasParent) {
        const auto parent = readParentId(object["parentSpanID"].asString(), arena, notes);
        span.parentId = parent.id;
        span.set(&store::SpanRare::originalParentId, parent.original, arena);
    }
    span.links = links.first(n);
    // Where it is the only reference the tree tells it; here it is told because another one was taken instead.
    if (selfReference && span.parentId != span.spanId) notes.warn(ProblemCode::SelfParent, span.spanId.toHex());
}

}  // namespace

store::ResourceRecord readJaegerProcess(JsonValue process, JaegerBinary binary, Arena& arena, ItemNotes* notes) {
    const JsonValue tags = process["tags"];
    auto attributes = arena.array<Attribute>(tags.size() + 1);
    std::size_t n = 0;
    if (const auto name = process["serviceName"].asString(); !name.empty()) attributes[n++] = {"service.name", Value::ofString(arena.copy(name))};
    for (const auto tag : tags.items()) attributes[n++] = {arena.copy(tag["key"].asString()), tagValue(tag, binary, arena, notes)};
    store::ResourceRecord resource;
    resource.attributes = attributes.first(n);
    return resource;
}

bool readJaegerSpan(JsonValue object, JaegerBinary binary, Arena& arena, ItemNotes& notes, JaegerSpan& out) {
    if (!object.isObject()) return notes.skip(ProblemCode::BadValue, "span: " + plainText(object).substr(0, 80)), false;
    auto& span = out.record;
    bool negative = false;
    if (const JsonValue start = object["startTime"]; start.exists() && !start.isNull() && (!microseconds(start, span.startNs, negative) || negative)) {
        notes.skip(ProblemCode::BadValue, "startTime: " + plainText(start).substr(0, 80));
        return false;
    }
    std::uint64_t duration = 0;
    if (const JsonValue length = object["duration"]; length.exists() && !length.isNull()) {
        if (!microseconds(length, duration, negative)) notes.warn(ProblemCode::FlaggedValue, "duration: " + plainText(length).substr(0, 80));
        if (negative && duration > 0) {
            span.endNs = span.startNs > duration ? span.startNs - duration : 0;
            notes.warn(ProblemCode::NegativeDuration, "duration: " + plainText(length).substr(0, 80));
            duration = 0;
        } else {
            span.endNs = addSaturating(span.startNs, duration);
        }
    } else {
        span.endNs = span.startNs;
    }
    if (!isUsableTime(span.startNs)) notes.warn(ProblemCode::NoTime, "startTime: " + plainText(object["startTime"]).substr(0, 80));

    const auto trace = readTraceId(object["traceID"].asString(), arena, notes);
    span.traceId = trace.id;
    span.set(&store::SpanRare::originalTraceId, trace.original, arena);
    const auto id = readSpanId(object["spanID"].asString(), arena, notes);
    span.spanId = id.id;
    span.set(&store::SpanRare::originalSpanId, id.original, arena);
    span.marks = static_cast<std::uint16_t>(trace.marks | id.marks);
    span.name = arena.copy(object["operationName"].asString());

    readTags(object, binary, arena, notes, out);
    readLogs(object["logs"], binary, arena, notes, span);
    readReferences(object, arena, notes, span);

    out.processId = arena.copy(object["processID"].asString());
    if (const JsonValue process = object["process"]; process.isObject()) {
        out.process = readJaegerProcess(process, binary, arena, &notes);
        out.hasProcess = true;
    }
    return true;
}

}  // namespace spanreel::ingest
