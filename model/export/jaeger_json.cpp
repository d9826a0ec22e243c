// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/export/jaeger_json.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "model/core/text.h"
#include "model/otlp/json_text.h"
#include "model/otlp/value_walk.h"

namespace spanreel::exporting {
namespace {

using otlp::JsonWriter;
using store::Value;
using store::ValueType;

constexpr const char* kKinds[] = {"", "internal", "server", "client", "producer", "consumer"};

class JaegerWriter {
public:
    JaegerWriter(const store::StoreSnapshot& snapshot, otlp::LossCount& losses) : m_snapshot(snapshot), m_ids(snapshot, "jaeger"), m_losses(losses) {}

    std::string trace(const std::vector<store::RowId>& rows) {
        m_json.clear();
        m_processes.clear();
        m_order.clear();
        m_json.beginObject();
        m_json.key("traceID");
        m_json.string(freeIds(m_snapshot.span(rows.front()), m_ids, Halves::Apart).trace);
        m_json.key("spans");
        m_json.beginArray();
        for (const auto row : rows) span(m_snapshot.span(row));
        m_json.endArray();
        m_json.key("processes");
        m_json.beginObject();
        for (const auto row : m_order) process(m_snapshot.span(row));
        m_json.endObject();
        m_json.key("warnings");
        m_json.raw("null");
        m_json.endObject();
        return m_json.take();
    }

private:
    void tag(std::string_view key, const Value& value) {
        m_json.beginObject();
        m_json.key("key");
        m_json.string(key);
        const char* type = "string";
        switch (value.type) {
            case ValueType::Bool: type = "bool"; break;
            case ValueType::Int: type = "int64"; break;
            case ValueType::Double: type = "float64"; break;
            case ValueType::Bytes: type = "binary"; break;
            default: break;
        }
        m_json.key("type");
        m_json.quoted(type);
        m_json.key("value");
        switch (value.type) {
            case ValueType::Bool: m_json.boolean(value.asBool()); break;
            case ValueType::Int: m_json.number(value.asInt()); break;
            case ValueType::Double: m_json.real(value.asDouble()); break;
            case ValueType::Bytes: m_json.quoted(toBase64(value.text)); break;
            case ValueType::String: m_json.string(value.text); break;
            case ValueType::Empty:
                m_losses.add("attributes without a value");
                m_json.string("");
                break;
            case ValueType::Array:
            case ValueType::KvList:
                m_losses.add("attributes that are lists or maps (written as their JSON)");
                m_json.string(otlp::valueToJson(value));
        }
        m_json.endObject();
    }
    void textTag(std::string_view key, std::string_view text) {
        if (!text.empty()) tag(key, Value::ofString(text));
    }

    /// Half a trace id is the whole one's, as the importer takes it.
    static bool isSameTrace(const TraceId& a, const TraceId& b) { return a.low == b.low && (a.high == b.high || (a.low != 0 && (a.high == 0 || b.high == 0))); }
    void reference(const char* type, std::string_view trace, std::string_view span) {
        m_json.beginObject();
        m_json.key("refType");
        m_json.quoted(type);
        m_json.key("traceID");
        m_json.string(trace);
        m_json.key("spanID");
        m_json.string(span);
        m_json.endObject();
    }

    void span(const store::SpanView& span) {
        countCommonLosses(span, 1, m_losses);
        const FreeIds ids = freeIds(span, m_ids, Halves::Apart);
        m_json.beginObject();
        m_json.key("traceID");
        m_json.string(ids.trace);
        m_json.key("spanID");
        m_json.string(ids.span.empty() ? "0000000000000000" : std::string_view(ids.span));
        m_json.key("flags");
        m_json.number(span.flags() & 1);
        m_json.key("operationName");
        m_json.string(span.name());
        m_json.key("references");
        m_json.beginArray();
        if (!ids.parent.empty()) reference("CHILD_OF", ids.trace, ids.parent);
        for (std::size_t i = 0; i < span.linkCount(); ++i) link(span, span.link(i));
        m_json.endArray();
        m_json.key("startTime");
        m_json.unsignedNumber(span.startNs() / 1000);
        m_json.key("duration");
        m_json.number(durationMicros(span));
        m_json.key("tags");
        m_json.beginArray();
        tags(span);
        m_json.endArray();
        m_json.key("logs");
        m_json.beginArray();
        for (std::size_t i = 0; i < span.eventCount(); ++i) event(span.event(i));
        m_json.endArray();
        m_json.key("processID");
        m_json.quoted(processName(span));
        m_json.key("warnings");
        m_json.raw("null");
        m_json.endObject();
    }

    /// A link, unless Jaeger would take it for the parent: of a span without one that is the first reference into its own trace.
    void link(const store::SpanView& span, const store::LinkView& link) {
        if (link.spanId.isValid() && isSameTrace(link.traceId, span.traceId())) {
            if (link.spanId == span.spanId()) return m_losses.add("links of a span to itself");
            if (!span.parentId().isValid() || span.parentId() == span.spanId()) return m_losses.add("links of a root span into its own trace (Jaeger takes them for its parent)");
        }
        bool childOf = false, plain = true;
        for (const auto attribute : link.attributes) {
            if (attribute.key == "opentracing.ref_type" && attribute.value.type == ValueType::String) childOf = attribute.value.text == "child_of";
            else plain = false;
        }
        if (!plain) m_losses.add("attributes of links");
        if (!link.traceState.empty()) m_losses.add("trace states of links");
        if (link.flags) m_losses.add("flags of links");
        if (link.droppedAttributes) m_losses.add("counts of dropped attributes, events and links");
        if (!link.unknown.empty()) m_losses.add("unknown protobuf fields");
        reference(childOf ? "CHILD_OF" : "FOLLOWS_FROM", link.traceId.toHex(), link.spanId.toHex());
    }

    static bool isTrue(const Value& value) { return value.type == ValueType::Bool ? value.asBool() : value.type == ValueType::String && asciiLower(value.text) == "true"; }
    /// An attribute, unless Jaeger would take it for something else.
    void attribute(const store::SpanView& span, const store::Attribute& attribute) {
        const auto& [key, value] = attribute;
        if (key == "error" && span.status() != 2 && isTrue(value)) return m_losses.add(kErrorTagLoss);
        if (value.type == ValueType::String && (key == "span.kind" || isFieldTag(key, value.text))) return m_losses.add(kFieldTagLoss);
        tag(key, value);
    }

    void tags(const store::SpanView& span) {
        for (const auto each : span.attributes()) attribute(span, each);
        if (span.kind() >= 1 && span.kind() <= 5) textTag("span.kind", kKinds[span.kind()]);
        if (span.status() == 1) textTag("otel.status_code", "OK");
        if (span.status() == 2) {
            textTag("otel.status_code", "ERROR");
            tag("error", Value::ofBool(true));
        }
        textTag("otel.status_description", span.statusMessage());
        textTag("w3c.tracestate", span.traceState());
        if (span.scopeId() != store::kNone) {
            textTag("otel.scope.name", span.scope().name);
            textTag("otel.scope.version", span.scope().version);
        }
    }

    void event(const store::EventView& event) {
        m_json.beginObject();
        m_json.key("timestamp");
        m_json.unsignedNumber(event.timeNs / 1000);
        m_json.key("fields");
        m_json.beginArray();
        textTag("event", event.name);
        for (const auto attribute : event.attributes) tag(attribute.key, attribute.value);
        m_json.endArray();
        m_json.endObject();
    }

    std::string processName(const store::SpanView& span) {
        const auto [found, isNew] = m_processes.try_emplace(span.resourceId(), m_order.size() + 1);
        if (isNew) m_order.push_back(span.row());
        return "p" + std::to_string(found->second);
    }

    void process(const store::SpanView& span) {
        m_json.key(processName(span));
        m_json.beginObject();
        m_json.key("serviceName");
        m_json.string(span.serviceName());
        m_json.key("tags");
        m_json.beginArray();
        forEachResourceAttribute(span, m_losses, [&](const store::Attribute& attribute) { tag(attribute.key, attribute.value); });
        m_json.endArray();
        m_json.endObject();
    }

    const store::StoreSnapshot& m_snapshot;
    otlp::IdSpelling m_ids;
    otlp::LossCount& m_losses;
    JsonWriter m_json;
    std::unordered_map<std::uint32_t, std::size_t> m_processes;  ///< resource -> number
    std::vector<store::RowId> m_order;                           ///< a span of each process
};

}  // namespace

void writeJaegerJson(const store::StoreSnapshot& snapshot, const TextSink& out, otlp::LossCount& losses) {
    JaegerWriter writer(snapshot, losses);
    std::vector<store::RowId> rows;
    bool first = true;
    out("{\"data\":[");
    for (std::uint32_t t = 0; t < snapshot.traceCount(); ++t) {
        rows.clear();
        for (store::RowId row = snapshot.trace(t).lastRow; row != store::kNoRow; row = snapshot.span(row).previousInTrace()) rows.push_back(row);
        if (rows.empty()) continue;
        std::reverse(rows.begin(), rows.end());
        if (!first) out(",\n");
        first = false;
        out(writer.trace(rows));
    }
    out("],\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}\n");
    countOtherSignals(snapshot, losses);
}

}  // namespace spanreel::exporting
