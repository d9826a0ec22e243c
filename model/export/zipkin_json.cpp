// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/export/zipkin_json.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "model/core/text.h"
#include "model/otlp/json_text.h"
#include "model/otlp/value_walk.h"

namespace spanreel::exporting {
namespace {

using otlp::JsonWriter;
using store::ValueType;

constexpr const char* kKinds[] = {nullptr, nullptr, "SERVER", "CLIENT", "PRODUCER", "CONSUMER"};

class ZipkinWriter {
public:
    ZipkinWriter(const store::StoreSnapshot& snapshot, otlp::LossCount& losses) : m_ids(snapshot, "zipkin"), m_losses(losses) {}

    std::string span(const store::SpanView& span) {
        // Zipkin has no flags: one that is sampled looks like one that says nothing of it.
        countCommonLosses(span, 0, m_losses);
        const FreeIds ids = freeIds(span, m_ids);
        m_json.clear();
        m_json.beginObject();
        m_json.key("traceId");
        m_json.string(ids.trace);
        m_json.key("id");
        m_json.string(ids.span.empty() ? "0000000000000000" : std::string_view(ids.span));
        if (!ids.parent.empty()) {
            m_json.key("parentId");
            m_json.string(ids.parent);
        }
        m_json.key("name");
        m_json.string(span.name());
        if (span.kind() >= 2 && span.kind() <= 5) {
            m_json.key("kind");
            m_json.quoted(kKinds[span.kind()]);
        } else if (span.kind() == 1) m_losses.add("the span kind INTERNAL");
        m_json.key("timestamp");
        m_json.unsignedNumber(span.startNs() / 1000);
        // A duration of 0 is not allowed; the shortest is 1.
        if (span.endNs() > span.startNs()) {
            m_json.key("duration");
            m_json.number(std::max<std::int64_t>(1, durationMicros(span)));
        }
        if (!span.serviceName().empty()) {
            m_json.key("localEndpoint");
            m_json.beginObject();
            m_json.key("serviceName");
            m_json.string(span.serviceName());
            m_json.endObject();
        }
        annotations(span);
        tags(span);
        m_json.endObject();
        if (span.linkCount()) m_losses.add("links", span.linkCount());
        return m_json.take();
    }

private:
    void annotations(const store::SpanView& span) {
        if (span.eventCount() == 0) return;
        m_json.key("annotations");
        m_json.beginArray();
        for (std::size_t i = 0; i < span.eventCount(); ++i) {
            const auto event = span.event(i);
            m_json.beginObject();
            m_json.key("timestamp");
            m_json.unsignedNumber(event.timeNs / 1000);
            m_json.key("value");
            if (event.attributes.empty()) m_json.string(event.name);
            else {
                m_losses.add("attributes of events (written into the annotation's text)");
                std::string text(event.name);
                text += ':';
                for (const auto attribute : event.attributes) {
                    text += ' ';
                    text += attribute.key;
                    text += '=';
                    text += otlp::valueToJson(attribute.value);
                }
                m_json.string(text);
            }
            m_json.endObject();
        }
        m_json.endArray();
    }

    void tag(std::string_view key, std::string_view text) {
        if (!m_tags.insert(std::string(key)).second) {
            m_losses.add("repeated keys");
            return;
        }
        m_json.key(key);
        m_json.string(text);
    }
    /// An attribute, unless Zipkin would take it for something else.
    void attribute(const store::SpanView& span, const store::Attribute& attribute) {
        const auto& [key, value] = attribute;
        const bool isText = value.type == ValueType::String;
        const std::string text = isText ? std::string(value.text) : value.type == ValueType::Empty ? std::string() : otlp::valueToJson(value);
        if (key == "error" && span.status() != 2 && asciiLower(text) != "false") return m_losses.add(kErrorTagLoss);
        if (isFieldTag(key, text)) return m_losses.add(kFieldTagLoss);
        if (!isText) m_losses.add("types of attributes other than string");
        tag(key, text);
    }

    void tags(const store::SpanView& span) {
        m_tags.clear();
        m_json.key("tags");
        m_json.beginObject();
        for (const auto each : span.attributes()) attribute(span, each);
        if (span.resourceId() != store::kNone) {
            bool named = false;
            for (const auto each : span.resource().attributes) {
                if (!named && each.key == "service.name" && each.value.type == ValueType::String) {
                    named = true;
                    continue;
                }
                m_losses.add("attributes of resources (written as tags)");
                attribute(span, each);
            }
        }
        if (span.scopeId() != store::kNone) {
            if (!span.scope().name.empty()) tag("otel.scope.name", span.scope().name);
            if (!span.scope().version.empty()) tag("otel.scope.version", span.scope().version);
        }
        status(span);
        if (!span.traceState().empty()) m_losses.add("trace states");
        m_json.endObject();
    }

    /// The message of an error stands in its tag `error`, if nothing else does; else, and for another status, in one of its own.
    void status(const store::SpanView& span) {
        const std::string_view message = span.statusMessage();
        bool told = message.empty();
        if (span.status() == 1) tag("otel.status_code", "OK");
        if (span.status() == 2) {
            tag("otel.status_code", "ERROR");
            if (!m_tags.contains("error")) {
                tag("error", told ? "true" : message);
                told |= asciiLower(message) != "true" && asciiLower(message) != "false";
            }
        }
        if (!told) tag("otel.status_description", message);
    }

    otlp::IdSpelling m_ids;
    otlp::LossCount& m_losses;
    JsonWriter m_json;
    std::unordered_set<std::string> m_tags;  ///< written on the span at hand
};

}  // namespace

void writeZipkinJson(const store::StoreSnapshot& snapshot, const TextSink& out, otlp::LossCount& losses) {
    ZipkinWriter writer(snapshot, losses);
    bool first = true;
    out("[");
    snapshot.forEachSpan([&](const store::SpanView& span) {
        out(first ? "\n" : ",\n");
        first = false;
        out(writer.span(span));
    });
    out("\n]\n");
    countOtherSignals(snapshot, losses);
}

}  // namespace spanreel::exporting
