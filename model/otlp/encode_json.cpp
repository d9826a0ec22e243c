// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/encode_json.h"

#include <variant>
#include <vector>

#include "model/core/text.h"
#include "model/otlp/value_walk.h"
#include "model/otlp/wire.h"

namespace spanreel::otlp {

using store::Value;
using store::ValueType;

namespace {

void textField(JsonWriter& json, const char* name, std::string_view text) {
    if (text.empty()) return;
    json.key(name);
    json.string(text);
}
void numberField(JsonWriter& json, const char* name, std::int64_t value) {
    if (value == 0) return;
    json.key(name);
    json.number(value);
}
void timeField(JsonWriter& json, const char* name, std::uint64_t ns) {
    if (ns == 0) return;
    json.key(name);
    json.unsigned64(ns);
}

/// Writes what is no container, whole, inside its object.
void writeScalar(JsonWriter& json, const Value& value) {
    switch (value.type) {
        case ValueType::String: json.key("stringValue"); json.string(value.text); break;
        case ValueType::Bool: json.key("boolValue"); json.boolean(value.asBool()); break;
        case ValueType::Int: json.key("intValue"); json.number64(value.asInt()); break;
        case ValueType::Double: json.key("doubleValue"); json.real(value.asDouble()); break;
        case ValueType::Bytes: json.key("bytesValue"); json.quoted(toBase64(value.text)); break;
        case ValueType::Empty:
        case ValueType::Array:
        case ValueType::KvList: break;
    }
}

void writeEntityRefs(JsonWriter& json, std::string_view encoded) {
    json.key("entityRefs");
    json.beginArray();
    WireCursor cursor(encoded);
    for (WireField field; cursor.next(field);) {
        if (!field.is(3, 2)) continue;
        json.beginObject();
        // Fields come in any order; lists are gathered.
        std::string_view url, type;
        std::vector<std::string_view> idKeys, descriptionKeys;
        WireCursor inner(field.bytes);
        for (WireField part; inner.next(part);) {
            if (part.is(1, 2)) url = part.bytes;
            else if (part.is(2, 2)) type = part.bytes;
            else if (part.is(3, 2)) idKeys.push_back(part.bytes);
            else if (part.is(4, 2)) descriptionKeys.push_back(part.bytes);
        }
        textField(json, "schemaUrl", url);
        textField(json, "type", type);
        const auto list = [&](const char* name, const std::vector<std::string_view>& keys) {
            if (keys.empty()) return;
            json.key(name);
            json.beginArray();
            for (const auto key : keys) json.string(key);
            json.endArray();
        };
        list("idKeys", idKeys);
        list("descriptionKeys", descriptionKeys);
        json.endObject();
    }
    json.endArray();
}

}  // namespace

void writeAnyValue(JsonWriter& json, const Value& top) {
    struct Level {
        std::variant<ArrayCursor, MapCursor> cursor;
    };
    std::vector<Level> stack;
    Value value = top;
    bool have = true;
    while (true) {
        if (have) {
            json.beginObject();
            if (value.type == ValueType::Array || value.type == ValueType::KvList) {
                const bool array = value.type == ValueType::Array;
                json.key(array ? "arrayValue" : "kvlistValue");
                json.beginObject();
                json.key("values");
                json.beginArray();
                if (array) stack.push_back({ArrayCursor(value.text)});
                else stack.push_back({MapCursor(value.text)});
            } else {
                writeScalar(json, value);
                json.endObject();
                // An entry of a map is closed behind its value.
                if (!stack.empty() && std::holds_alternative<MapCursor>(stack.back().cursor)) json.endObject();
            }
        }
        if (stack.empty()) return;
        if (auto* array = std::get_if<ArrayCursor>(&stack.back().cursor)) {
            have = array->next(value);
        } else {
            store::Attribute entry;
            have = std::get<MapCursor>(stack.back().cursor).next(entry);
            if (have) {
                json.beginObject();
                json.key("key");
                json.string(entry.key);
                json.key("value");
                value = entry.value;
            }
        }
        if (!have) {
            stack.pop_back();
            json.endArray();
            json.endObject();
            json.endObject();
            if (!stack.empty() && std::holds_alternative<MapCursor>(stack.back().cursor)) json.endObject();
        }
    }
}

void JsonEncoder::attributes(const char* name, const store::AttributesView& all) {
    if (all.empty()) return;
    m_json.key(name);
    m_json.beginArray();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const store::Attribute attribute = all[i];
        m_json.beginObject();
        m_json.key("key");
        m_json.string(attribute.key);
        m_json.key("value");
        writeAnyValue(m_json, attribute.value);
        m_json.endObject();
    }
    m_json.endArray();
}

void JsonEncoder::lost(std::string_view unknown) {
    if (!unknown.empty()) m_losses.add("unknown protobuf fields");
}

void JsonEncoder::closeScope() {
    if (!m_scopeOpen) return;
    m_json.endArray();
    textField(m_json, "schemaUrl", m_scopeUrl);
    m_json.endObject();
    m_scopeOpen = false;
}

void JsonEncoder::closeResource() {
    closeScope();
    if (!m_resourceOpen) return;
    m_json.endArray();
    textField(m_json, "schemaUrl", m_resourceUrl);
    m_json.endObject();
    m_resourceOpen = false;
}

void JsonEncoder::envelope(const char* top, const char* middle, const char* list, std::uint32_t resourceId, std::uint32_t scopeId,
                           const store::ResourceView& resource, const store::ScopeView& scope) {
    ++m_records;
    if (!m_begun) {
        m_json.beginObject();
        m_json.key(top);
        m_json.beginArray();
        m_begun = true;
    }
    const bool sameResource = m_resourceOpen && resourceId == m_resourceId;
    if (sameResource && m_scopeOpen && scopeId == m_scopeId) return;
    if (sameResource) closeScope();
    else {
        closeResource();
        m_resourceId = resourceId;
        m_resourceUrl = resource.schemaUrl;
        m_resourceOpen = true;
        m_json.beginObject();
        lost(resource.unknown);
        if (isPresent(resource)) {
            m_json.key("resource");
            m_json.beginObject();
            attributes("attributes", resource.attributes);
            numberField(m_json, "droppedAttributesCount", resource.droppedAttributes);
            if (!resource.entityRefs.empty()) writeEntityRefs(m_json, resource.entityRefs);
            m_json.endObject();
        }
        m_json.key(middle);
        m_json.beginArray();
    }
    m_scopeId = scopeId;
    m_scopeUrl = scope.schemaUrl;
    m_scopeOpen = true;
    m_json.beginObject();
    lost(scope.unknown);
    if (isPresent(scope)) {
        m_json.key("scope");
        m_json.beginObject();
        textField(m_json, "name", scope.name);
        textField(m_json, "version", scope.version);
        attributes("attributes", scope.attributes);
        numberField(m_json, "droppedAttributesCount", scope.droppedAttributes);
        m_json.endObject();
    }
    m_json.key(list);
    m_json.beginArray();
}

void JsonEncoder::add(const store::SpanView& span) {
    envelope("resourceSpans", "scopeSpans", "spans", span.resourceId(), span.scopeId(), span.resource(), span.scope());
    const auto ids = m_ids.of(span);
    m_json.beginObject();
    textField(m_json, "traceId", ids.trace);
    textField(m_json, "spanId", ids.span);
    textField(m_json, "traceState", span.traceState());
    textField(m_json, "parentSpanId", ids.parent);
    numberField(m_json, "flags", span.flags());
    textField(m_json, "name", span.name());
    numberField(m_json, "kind", span.kind());
    timeField(m_json, "startTimeUnixNano", span.startNs());
    timeField(m_json, "endTimeUnixNano", span.endNs());
    attributes("attributes", span.attributes());
    numberField(m_json, "droppedAttributesCount", span.droppedAttributes());
    if (span.eventCount() > 0) {
        m_json.key("events");
        m_json.beginArray();
        for (std::size_t i = 0; i < span.eventCount(); ++i) {
            const store::EventView event = span.event(i);
            m_json.beginObject();
            timeField(m_json, "timeUnixNano", event.timeNs);
            textField(m_json, "name", event.name);
            attributes("attributes", event.attributes);
            numberField(m_json, "droppedAttributesCount", event.droppedAttributes);
            m_json.endObject();
            lost(event.unknown);
        }
        m_json.endArray();
    }
    numberField(m_json, "droppedEventsCount", span.droppedEvents());
    if (span.linkCount() > 0) {
        m_json.key("links");
        m_json.beginArray();
        for (std::size_t i = 0; i < span.linkCount(); ++i) {
            const store::LinkView link = span.link(i);
            m_json.beginObject();
            if (link.traceId.isValid()) textField(m_json, "traceId", link.traceId.toHex());
            if (link.spanId.isValid()) textField(m_json, "spanId", link.spanId.toHex());
            textField(m_json, "traceState", link.traceState);
            attributes("attributes", link.attributes);
            numberField(m_json, "droppedAttributesCount", link.droppedAttributes);
            numberField(m_json, "flags", link.flags);
            m_json.endObject();
            lost(link.unknown);
        }
        m_json.endArray();
    }
    numberField(m_json, "droppedLinksCount", span.droppedLinks());
    if (span.status() != 0 || !span.statusMessage().empty()) {
        m_json.key("status");
        m_json.beginObject();
        textField(m_json, "message", span.statusMessage());
        numberField(m_json, "code", span.status());
        m_json.endObject();
    }
    m_json.endObject();
    lost(span.unknown());
}

void JsonEncoder::add(const store::LogView& log) {
    envelope("resourceLogs", "scopeLogs", "logRecords", log.resourceId(), log.scopeId(), log.resource(), log.scope());
    const auto ids = m_ids.of(log);
    m_json.beginObject();
    timeField(m_json, "timeUnixNano", log.timeNs());
    timeField(m_json, "observedTimeUnixNano", log.observedNs());
    numberField(m_json, "severityNumber", log.severity());
    textField(m_json, "severityText", log.severityText());
    if (const Value body = log.body(); body.type != ValueType::Empty) {
        m_json.key("body");
        writeAnyValue(m_json, body);
    }
    attributes("attributes", log.attributes());
    numberField(m_json, "droppedAttributesCount", log.droppedAttributes());
    numberField(m_json, "flags", log.flags());
    textField(m_json, "traceId", ids.trace);
    textField(m_json, "spanId", ids.span);
    textField(m_json, "eventName", log.eventName());
    m_json.endObject();
    lost(log.unknown());
}

std::string JsonEncoder::finish() {
    closeResource();
    if (m_begun) {
        m_json.endArray();
        m_json.endObject();
    }
    m_begun = false;
    m_records = 0;
    std::string request = m_json.take();
    m_json.clear();
    return request;
}

std::string spanToJson(const store::StoreSnapshot& snapshot, const store::SpanView& span, bool pretty) {
    JsonEncoder encoder(snapshot, pretty);
    encoder.add(span);
    return encoder.finish();
}

std::string logToJson(const store::StoreSnapshot& snapshot, const store::LogView& log, bool pretty) {
    JsonEncoder encoder(snapshot, pretty);
    encoder.add(log);
    return encoder.finish();
}

}  // namespace spanreel::otlp
