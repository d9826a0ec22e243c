// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/otlp_json_records.h"

#include <algorithm>
#include <array>

#include "ingest/otlp/otlp_json_number.h"
#include "model/core/text.h"
#include "model/core/time_format.h"

namespace spanreel::ingest {

namespace {

constexpr std::size_t kShown = 60;  ///< bytes of a bad value that a problem shows

std::string shown(JsonValue value) {
    switch (value.type()) {
        case JsonType::Null: return "null";
        case JsonType::False: return "false";
        case JsonType::True: return "true";
        case JsonType::Number: return std::string(value.numberText().substr(0, kShown));
        case JsonType::String: return '"' + repairUtf8(value.asString().substr(0, kShown)) + '"';
        case JsonType::Array: return "[…]";
        case JsonType::Object: return "{…}";
    }
    return {};
}

/// Value of each hex digit, 0x80 for other bytes.
constexpr auto kHexValues = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(0x80);
    for (std::uint8_t i = 0; i < 10; ++i) table[static_cast<std::size_t>('0' + i)] = i;
    for (std::uint8_t i = 0; i < 6; ++i) table[static_cast<std::size_t>('a' + i)] = table[static_cast<std::size_t>('A' + i)] = static_cast<std::uint8_t>(10 + i);
    return table;
}();

/// Reads up to 16 hex digits; false for other text.
bool hexNumber(std::string_view text, std::uint64_t& out) {
    std::uint64_t value = 0;
    unsigned all = 0;
    for (const char c : text) {
        const std::uint8_t digit = kHexValues[static_cast<unsigned char>(c)];
        all |= digit;
        value = value << 4 | (digit & 15u);
    }
    out = value;
    return (all & 0x80) == 0;
}

/// Known names in the spelling that OTLP's JSON does not use.
constexpr std::string_view kSnakeNames[] = {
    "resource_spans", "resource_logs", "resource_metrics", "scope_spans", "scope_logs", "scope_metrics", "schema_url", "trace_id", "span_id",
    "parent_span_id", "trace_state", "start_time_unix_nano", "end_time_unix_nano", "time_unix_nano", "observed_time_unix_nano", "log_records",
    "severity_number", "severity_text", "event_name", "dropped_attributes_count", "dropped_events_count", "dropped_links_count",
};

}  // namespace

void OtlpJsonRecords::lose(ProblemCode code, std::string detail, std::size_t byte) {
    if (m_stopped) return;
    m_issues.skip(code, std::move(detail), byte);
    if (m_dialect.strict) m_stopped = true;
}

void OtlpJsonRecords::warn(ProblemCode code, std::string detail, std::size_t byte) {
    m_warned = true;
    m_issues.warn(code, std::move(detail), byte);
}

void OtlpJsonRecords::snakeCase(std::string_view key, std::size_t byte) {
    if (std::find(std::begin(kSnakeNames), std::end(kSnakeNames), key) != std::end(kSnakeNames)) warn(ProblemCode::SnakeCase, std::string(key), byte);
}

std::string_view OtlpJsonRecords::keep(std::string_view text) {
    if (text.data() >= m_stable.data() && text.data() + text.size() <= m_stable.data() + m_stable.size()) return text;
    return m_batch->arena.copy(text);
}

/// Remembers why the record at hand cannot be kept.
bool OtlpJsonRecords::bad(std::string_view field, JsonValue value, const char* expected) {
    m_badCode = ProblemCode::BadValue;
    m_badDetail = std::string(field) + ": " + shown(value) + " (" + expected + ")";
    m_badByte = value.byteOffset();
    return false;
}

void OtlpJsonRecords::finishItem(bool keptItem, std::size_t byte) {
    if (keptItem) {
        m_issues.kept(m_warned || m_aroundWarned);
        m_aroundWarned = false;
    } else {
        lose(m_badCode, std::move(m_badDetail), m_dialect.strict || m_badByte ? m_badByte : byte);
    }
    m_warned = false;
    m_badDetail.clear();
    m_badByte = 0;
}

bool OtlpJsonRecords::text(JsonValue value, std::string_view field, std::string_view& out) {
    if (!value.isString()) return value.isNull() || bad(field, value, "a string is wanted");
    out = keep(value.asString());
    return true;
}

bool OtlpJsonRecords::unsigned64(JsonValue value, std::string_view field, std::uint64_t& out) {
    if (value.isNull()) return true;
    if (value.isString() && value.asString().empty()) return true;
    return integer(value, out) || bad(field, value, "a whole number from 0 to 2^64-1 is wanted");
}

bool OtlpJsonRecords::unsigned32(JsonValue value, std::string_view field, std::uint32_t& out) {
    if (value.isNull()) return true;
    return integer(value, out) || bad(field, value, "a whole number from 0 to 2^32-1 is wanted");
}

/// `names` lists the enum's names behind `prefix` in order, separated by blanks.
bool OtlpJsonRecords::enumeration(JsonValue value, std::string_view field, std::string_view prefix, std::string_view names, std::int32_t last, std::int32_t& out) {
    if (value.isNull()) return true;
    std::int32_t number = 0;
    if (integer(value, number)) {
        out = number;
        if (number < 0 || number > last) warn(ProblemCode::UnknownEnum, std::string(field) + " " + std::to_string(number), value.byteOffset());
        return true;
    }
    if (!value.isString()) return bad(field, value, "an enum's number is wanted");
    const std::string_view name = value.asString();
    std::string_view rest = names;
    for (std::int32_t i = 0; name.starts_with(prefix) && !rest.empty(); ++i) {
        const std::size_t blank = std::min(rest.find(' '), rest.size());
        if (name.substr(prefix.size()) == rest.substr(0, blank)) {
            out = i;
            if (!m_dialect.tempo) warn(ProblemCode::EnumName, std::string(name), value.byteOffset());
            return true;
        }
        rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
    warn(ProblemCode::UnknownEnumDropped, std::string(field) + " " + repairUtf8(name.substr(0, kShown)), value.byteOffset());
    return true;
}

/// True where the text is the base64 of an id of so many bytes, which is then in m_scratch.
bool OtlpJsonRecords::base64Id(std::string_view id, std::string_view field, std::size_t bytes, std::size_t byte) {
    const std::size_t padded = (bytes + 2) / 3 * 4, bare = (bytes * 4 + 2) / 3;
    if ((id.size() != padded && id.size() != bare) || !fromBase64(id, m_scratch) || m_scratch.size() != bytes) return false;
    if (!m_dialect.tempo) warn(ProblemCode::Base64Id, std::string(field), byte);
    return true;
}

bool OtlpJsonRecords::traceId(JsonValue value, std::string_view field, IdRole role, TraceId& out, std::string_view& original) {
    if (!value.isString() && !value.isNull()) return bad(field, value, "hex text is wanted");
    const std::string_view id = value.asString();
    const std::size_t lowDigits = std::min<std::size_t>(id.size(), 16);
    if (id.size() <= 32 && hexNumber(id.substr(id.size() - lowDigits), out.low) && hexNumber(id.substr(0, id.size() - lowDigits), out.high)) {
        if (!id.empty() && (id.size() < 32 || !out.isValid())) original = keep(id);
        if (id.size() < 32 && !id.empty() && out.isValid()) {
            warn(ProblemCode::ShortId, std::string(field) + " " + std::string(id), value.byteOffset());
        }
    } else if (base64Id(id, field, 16, value.byteOffset())) {
        out = TraceId::fromBytes(reinterpret_cast<const unsigned char*>(m_scratch.data()));
        if (!out.isValid()) original = "00000000000000000000000000000000";
    } else {
        out = TraceId::fromText(id);
        original = keep(id);
        m_marks |= store::kMarkIdMadeByUs;
        warn(ProblemCode::OddId, std::string(field) + " " + repairUtf8(id.substr(0, kShown)), value.byteOffset());
    }
    if (out.isValid()) return true;
    if (role == IdRole::Record || (role == IdRole::Log && !id.empty())) {
        m_marks |= store::kMarkInvalidTraceId;
        warn(ProblemCode::ZeroId, id.empty() ? "trace id is missing" : "trace id is all zero", value.byteOffset());
    } else if (role == IdRole::Link) {
        warn(ProblemCode::ZeroId, "trace id of a link is missing", value.byteOffset());
    }
    return true;
}

bool OtlpJsonRecords::spanId(JsonValue value, std::string_view field, IdRole role, SpanId& out, std::string_view& original) {
    if (!value.isString() && !value.isNull()) return bad(field, value, "hex text is wanted");
    const std::string_view id = value.asString();
    if (id.size() <= 16 && hexNumber(id, out.value)) {
        if (!id.empty() && (id.size() < 16 || !out.isValid())) original = keep(id);
        if (id.size() < 16 && !id.empty() && out.isValid()) {
            warn(ProblemCode::ShortId, std::string(field) + " " + std::string(id), value.byteOffset());
        }
    } else if (base64Id(id, field, 8, value.byteOffset())) {
        out = SpanId::fromBytes(reinterpret_cast<const unsigned char*>(m_scratch.data()));
        if (!out.isValid()) original = "0000000000000000";
    } else {
        out = SpanId::fromText(id);
        original = keep(id);
        m_marks |= store::kMarkIdMadeByUs;
        warn(ProblemCode::OddId, std::string(field) + " " + repairUtf8(id.substr(0, kShown)), value.byteOffset());
    }
    if (out.isValid()) return true;
    if (role == IdRole::Record) {
        m_marks |= store::kMarkInvalidSpanId;
        warn(ProblemCode::ZeroId, id.empty() ? "span id is missing" : "span id is all zero", value.byteOffset());
    } else if (role == IdRole::Link) {
        warn(ProblemCode::ZeroId, "span id of a link is missing", value.byteOffset());
    }
    return true;
}

bool OtlpJsonRecords::readEntityRefs(JsonValue value, std::string_view& out) {
    if (value.isNull()) return true;
    if (!value.isArray()) return bad("entityRefs", value, "an array is wanted");
    m_writer.clear();
    for (const JsonValue item : value.items()) {
        const std::size_t mark = m_writer.begin(3);
        m_writer.text(1, item["schemaUrl"].asString());
        m_writer.text(2, item["type"].asString());
        for (const JsonValue key : item["idKeys"].items()) m_writer.alwaysText(3, key.asString());
        for (const JsonValue key : item["descriptionKeys"].items()) m_writer.alwaysText(4, key.asString());
        m_writer.end(mark);
    }
    out = m_batch->arena.copy(std::string_view(m_writer.bytes()));
    return true;
}

bool OtlpJsonRecords::readResource(JsonValue value, store::ResourceRecord& out) {
    if (!value.isObject()) return value.isNull() || bad("resource", value, "an object is wanted");
    for (const auto [key, member] : value.members()) {
        bool good = true;
        if (key == "attributes") good = attributes(member, key, out.attributes);
        else if (key == "droppedAttributesCount") good = unsigned32(member, key, out.droppedAttributes);
        else if (key == "entityRefs") good = readEntityRefs(member, out.entityRefs);
        else if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
        if (!good) return false;
    }
    return true;
}

bool OtlpJsonRecords::readScope(JsonValue value, store::ScopeRecord& out) {
    if (!value.isObject()) return value.isNull() || bad("scope", value, "an object is wanted");
    for (const auto [key, member] : value.members()) {
        bool good = true;
        if (key == "name") good = text(member, key, out.name);
        else if (key == "version") good = text(member, key, out.version);
        else if (key == "attributes") good = attributes(member, key, out.attributes);
        else if (key == "droppedAttributesCount") good = unsigned32(member, key, out.droppedAttributes);
        else if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
        if (!good) return false;
    }
    return true;
}

bool OtlpJsonRecords::events(JsonValue value, std::span<const store::EventRecord>& out) {
    if (value.isNull()) return true;
    if (!value.isArray()) return bad("events", value, "an array is wanted");
    const auto room = m_batch->arena.array<store::EventRecord>(value.size());
    std::size_t n = 0;
    for (const JsonValue item : value.items()) {
        if (!item.isObject()) return bad("events", item, "an object is wanted");
        store::EventRecord& event = *new (&room[n++]) store::EventRecord;
        for (const auto [key, member] : item.members()) {
            bool good = true;
            if (key == "timeUnixNano") good = unsigned64(member, key, event.timeNs);
            else if (key == "name") good = text(member, key, event.name);
            else if (key == "attributes") good = attributes(member, key, event.attributes);
            else if (key == "droppedAttributesCount") good = unsigned32(member, key, event.droppedAttributes);
            else if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
            if (!good) return false;
        }
        if (event.timeNs == 0) warn(ProblemCode::NoTime, "event", item.byteOffset());
        if (m_front) {
            m_front->findName(m_front->names(), event.name, m_batch->arena, event.found);
            m_front->findAll(m_front->innerList(), event.attributes, m_batch->arena, event.found);
        }
    }
    out = room;
    return true;
}

bool OtlpJsonRecords::links(JsonValue value, std::span<const store::LinkRecord>& out) {
    if (value.isNull()) return true;
    if (!value.isArray()) return bad("links", value, "an array is wanted");
    const auto room = m_batch->arena.array<store::LinkRecord>(value.size());
    std::size_t n = 0;
    std::string_view original;
    for (const JsonValue item : value.items()) {
        if (!item.isObject()) return bad("links", item, "an object is wanted");
        store::LinkRecord& link = *new (&room[n++]) store::LinkRecord;
        const std::uint16_t marks = m_marks;
        for (const auto [key, member] : item.members()) {
            bool good = true;
            if (key == "traceId") good = traceId(member, "link traceId", IdRole::Link, link.traceId, original);
            else if (key == "spanId") good = spanId(member, "link spanId", IdRole::Link, link.spanId, original);
            else if (key == "traceState") good = text(member, key, link.traceState);
            else if (key == "attributes") good = attributes(member, key, link.attributes);
            else if (key == "droppedAttributesCount") good = unsigned32(member, key, link.droppedAttributes);
            else if (key == "flags") good = unsigned32(member, key, link.flags);
            else if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
            if (!good) return false;
        }
        m_marks = marks;  // what was noticed on a link's ids is not about the span's own
        if (m_front) m_front->findAll(m_front->innerList(), link.attributes, m_batch->arena, link.found);
    }
    out = room;
    return true;
}

bool OtlpJsonRecords::status(JsonValue value, store::SpanRecord& out) {
    if (value.isNull()) return true;
    if (!value.isObject()) return bad("status", value, "an object is wanted");
    for (const auto [key, member] : value.members()) {
        bool good = true;
        if (key == "code") good = enumeration(member, "status.code", "STATUS_CODE_", "UNSET OK ERROR", 2, out.status);
        else if (key == "message") good = out.read(&store::SpanRare::statusMessage, m_batch->arena, [&](auto& to) { return text(member, "status.message", to); });
        if (!good) return false;
    }
    return true;
}

bool OtlpJsonRecords::readSpan(JsonValue value, store::SpanRecord& out) {
    bool hasTraceId = false, hasSpanId = false;
    for (const auto [key, member] : value.members()) {
        bool good = true;
        switch (key.size()) {
            case 4:
                if (key == "name") good = text(member, key, out.name);
                else if (key == "kind") good = enumeration(member, key, "SPAN_KIND_", "UNSPECIFIED INTERNAL SERVER CLIENT PRODUCER CONSUMER", 5, out.kind);
                break;
            case 5:
                if (key == "flags") good = unsigned32(member, key, out.flags);
                else if (key == "links") good = links(member, out.links);
                break;
            case 6:
                if (key == "spanId") good = out.read(&store::SpanRare::originalSpanId, m_batch->arena, [&](auto& to) { return spanId(member, key, IdRole::Record, out.spanId, to); }), hasSpanId = true;
                else if (key == "events") good = events(member, out.events);
                else if (key == "status") good = status(member, out);
                break;
            case 7:
                if (key == "traceId") good = out.read(&store::SpanRare::originalTraceId, m_batch->arena, [&](auto& to) { return traceId(member, key, IdRole::Record, out.traceId, to); }), hasTraceId = true;
                else if (key == "span_id") snakeCase(key, member.byteOffset());
                break;
            case 10:
                if (key == "attributes") good = attributes(member, key, out.attributes);
                else if (key == "traceState") good = out.read(&store::SpanRare::traceState, m_batch->arena, [&](auto& to) { return text(member, key, to); });
                break;
            case 12:
                if (key == "parentSpanId") good = out.read(&store::SpanRare::originalParentId, m_batch->arena, [&](auto& to) { return spanId(member, key, IdRole::Parent, out.parentId, to); });
                break;
            case 15:
                if (key == "endTimeUnixNano") good = unsigned64(member, key, out.endNs);
                break;
            case 17:
                if (key == "startTimeUnixNano") good = unsigned64(member, key, out.startNs);
                else if (key == "droppedLinksCount") good = out.read(&store::SpanRare::droppedLinks, m_batch->arena, [&](auto& to) { return unsigned32(member, key, to); });
                break;
            case 18:
                if (key == "droppedEventsCount") good = out.read(&store::SpanRare::droppedEvents, m_batch->arena, [&](auto& to) { return unsigned32(member, key, to); });
                break;
            case 22:
                if (key == "droppedAttributesCount") good = out.read(&store::SpanRare::droppedAttributes, m_batch->arena, [&](auto& to) { return unsigned32(member, key, to); });
                break;
            default: break;
        }
        if (!good) return false;
        if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
    }
    if (!hasTraceId) {
        m_marks |= store::kMarkInvalidTraceId;
        warn(ProblemCode::ZeroId, "trace id is missing", value.byteOffset());
    }
    if (!hasSpanId) {
        m_marks |= store::kMarkInvalidSpanId;
        warn(ProblemCode::ZeroId, "span id is missing", value.byteOffset());
    }
    if (!isUsableTime(out.startNs) || !isUsableTime(out.endNs)) warn(ProblemCode::NoTime, "span", value.byteOffset());
    else if (out.endNs < out.startNs) warn(ProblemCode::NegativeDuration, {}, value.byteOffset());
    if (out.parentId.isValid() && out.parentId == out.spanId) warn(ProblemCode::SelfParent, out.spanId.toHex(), value.byteOffset());
    return true;
}

void OtlpJsonRecords::span(JsonValue value, std::uint32_t resource, std::uint32_t scope) {
    if (m_stopped || value.isNull()) return;
    m_marks = 0;
    store::SpanRecord record;
    record.resource = resource;
    record.scope = scope;
    const std::size_t waiting = m_front ? m_front->waiting() : 0;
    const bool good = value.isObject() ? readSpan(value, record) : bad("spans", value, "an object is wanted");
    if (good) {
        record.marks = m_marks;
        if (m_front) {
            m_front->findName(m_front->names(), record.name, m_batch->arena, record.found);
            m_front->findAll(m_front->list(), record.attributes, m_batch->arena, record.found);
        }
        m_batch->spans.push_back(record);
    } else if (m_front) {
        m_front->forget(waiting);
    }
    finishItem(good, value.byteOffset());
}

bool OtlpJsonRecords::readLog(JsonValue value, store::LogRecordData& out) {
    for (const auto [key, member] : value.members()) {
        bool good = true;
        if (key == "timeUnixNano") good = unsigned64(member, key, out.timeNs);
        else if (key == "observedTimeUnixNano") good = unsigned64(member, key, out.observedNs);
        else if (key == "severityNumber") good = enumeration(member, key, "SEVERITY_NUMBER_", "UNSPECIFIED TRACE TRACE2 TRACE3 TRACE4 DEBUG DEBUG2 DEBUG3 DEBUG4 INFO INFO2 INFO3 INFO4 WARN WARN2 WARN3 WARN4 ERROR ERROR2 ERROR3 ERROR4 FATAL FATAL2 FATAL3 FATAL4", 24, out.severity);
        else if (key == "severityText") good = text(member, key, out.severityText);
        else if (key == "body") good = anyValue(member, out.body);
        else if (key == "attributes") good = attributes(member, key, out.attributes);
        else if (key == "droppedAttributesCount") good = unsigned32(member, key, out.droppedAttributes);
        else if (key == "flags") good = unsigned32(member, key, out.flags);
        else if (key == "traceId") good = traceId(member, key, IdRole::Log, out.traceId, out.originalTraceId);
        else if (key == "spanId") good = spanId(member, key, IdRole::Log, out.spanId, out.originalSpanId);
        else if (key == "eventName") good = text(member, key, out.eventName);
        else if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
        if (!good) return false;
    }
    return true;
}

void OtlpJsonRecords::log(JsonValue value, std::uint32_t resource, std::uint32_t scope) {
    if (m_stopped || value.isNull()) return;
    m_marks = 0;
    store::LogRecordData record;
    record.resource = resource;
    record.scope = scope;
    const bool good = value.isObject() ? readLog(value, record) : bad("logRecords", value, "an object is wanted");
    if (good) {
        record.marks = m_marks;
        if (m_front) {
            m_front->findName(m_front->bodies(), record.body.text, m_batch->arena, record.found);
            m_front->findAll(m_front->list(), record.attributes, m_batch->arena, record.found);
        }
        m_batch->logs.push_back(record);
    }
    finishItem(good, value.byteOffset());
}

/// Walks an element of resourceSpans or resourceLogs: `each(record, resource, scope)` for every record in it.
template <class Each>
void OtlpJsonRecords::groups(JsonValue element, std::string_view arrayName, std::string_view oldName, std::string_view recordName, Each&& each) {
    if (m_stopped || element.isNull()) return;
    const auto lost = [this] { lose(m_badCode, std::move(m_badDetail), m_badByte); };
    if (!element.isObject()) {
        bad(arrayName, element, "an object is wanted");
        return lost();
    }
    store::ResourceRecord resource;
    JsonValue resourceJson, groupArrays[2];
    for (const auto [key, member] : element.members()) {
        bool good = true;
        if (key == "resource") resourceJson = member;
        else if (key == "schemaUrl") good = text(member, key, resource.schemaUrl);
        else if (key == arrayName) groupArrays[0] = member;
        else if (key == oldName) groupArrays[1] = member;
        else if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
        if (!good) return lost();
    }
    if (!readResource(resourceJson, resource)) return lost();
    std::uint32_t resourceIndex = store::kNone;
    if (resourceJson.isObject() || !resource.schemaUrl.empty()) {
        resourceIndex = static_cast<std::uint32_t>(m_batch->resources.size());
        m_batch->resources.push_back(resource);
    }
    if (m_warned) m_aroundWarned = true, m_warned = false;
    for (const JsonValue array : groupArrays) {
        if (array.isNull()) continue;
        if (!array.isArray()) {
            bad(arrayName, array, "an array is wanted");
            return lost();
        }
        if (array.byteOffset() == groupArrays[1].byteOffset() && !m_dialect.strict) {
            warn(ProblemCode::OldFormat, std::string(oldName), array.byteOffset());
            m_aroundWarned = true;
        }
        for (const JsonValue group : array.items()) {
            if (m_stopped) return;
            if (group.isNull()) continue;
            if (!group.isObject()) {
                bad(arrayName, group, "an object is wanted");
                lost();
                continue;
            }
            store::ScopeRecord scope;
            JsonValue scopeJson, records;
            bool good = true;
            for (const auto [key, member] : group.members()) {
                if (key == "scope" || key == "instrumentationLibrary") scopeJson = member;
                else if (key == "schemaUrl") good = good && text(member, key, scope.schemaUrl);
                else if (key == recordName) records = member;
                else if (key.find('_') != std::string_view::npos) snakeCase(key, member.byteOffset());
            }
            good = good && readScope(scopeJson, scope);
            if (good && !records.isNull() && !records.isArray()) good = bad(recordName, records, "an array is wanted");
            if (!good) {
                lost();
                continue;
            }
            std::uint32_t scopeIndex = store::kNone;
            if (scopeJson.isObject() || !scope.schemaUrl.empty()) {
                scopeIndex = static_cast<std::uint32_t>(m_batch->scopes.size());
                m_batch->scopes.push_back(scope);
            }
            if (m_warned) m_aroundWarned = true, m_warned = false;
            for (const JsonValue record : records.items()) each(record, resourceIndex, scopeIndex);
        }
    }
}

void OtlpJsonRecords::resourceSpans(JsonValue element) {
    groups(element, "scopeSpans", "instrumentationLibrarySpans", "spans", [this](JsonValue record, std::uint32_t resource, std::uint32_t scope) { span(record, resource, scope); });
}

void OtlpJsonRecords::resourceLogs(JsonValue element) {
    groups(element, "scopeLogs", "instrumentationLibraryLogs", "logRecords", [this](JsonValue record, std::uint32_t resource, std::uint32_t scope) { log(record, resource, scope); });
}

std::uint64_t OtlpJsonRecords::countMetrics(JsonValue element) {
    std::uint64_t count = 0;
    if (!element.isObject() && !element.isNull()) {
        bad("resourceMetrics", element, "an object is wanted");
        lose(m_badCode, std::move(m_badDetail), m_badByte);
        return 0;
    }
    for (const std::string_view name : {"scopeMetrics", "instrumentationLibraryMetrics"}) {
        const JsonValue groupArray = element.find(name);
        if (!groupArray.isNull() && !groupArray.isArray()) {
            bad(name, groupArray, "an array is wanted");
            lose(m_badCode, std::move(m_badDetail), m_badByte);
            continue;
        }
        for (const JsonValue group : groupArray.items()) {
            const JsonValue metrics = group.find("metrics");
            if (!metrics.isNull() && !metrics.isArray()) {
                bad("metrics", metrics, "an array is wanted");
                lose(m_badCode, std::move(m_badDetail), m_badByte);
                continue;
            }
            for (const JsonValue metric : metrics.items()) {
                const JsonValue name2 = metric.find("name");
                if (metric.isObject() && (name2.isString() || name2.isNull())) {
                    ++count;
                    finishItem(true, metric.byteOffset());
                } else {
                    bad("name", metric.isObject() ? name2 : metric, "a string is wanted");
                    finishItem(false, metric.byteOffset());
                }
            }
        }
    }
    return count;
}

}  // namespace spanreel::ingest
