// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/core/text.h"
#include "model/store/batch.h"

namespace spanreel::test {

/// Every field of every record of a batch, in order, as text. Indexes of resources and scopes are told as they are.
class BatchDump {
public:
    std::string text;

    void batch(const store::Batch& b) {
        for (const auto& r : b.resources) {
            text += "resource";
            number("dropped", r.droppedAttributes);
            bytes("schemaUrl", r.schemaUrl);
            bytes("entityRefs", r.entityRefs);
            bytes("unknown", r.unknown);
            attributes(r.attributes);
        }
        for (const auto& s : b.scopes) {
            text += "scope";
            bytes("name", s.name);
            bytes("version", s.version);
            number("dropped", s.droppedAttributes);
            bytes("schemaUrl", s.schemaUrl);
            bytes("unknown", s.unknown);
            attributes(s.attributes);
        }
        for (const auto& s : b.spans) span(s);
        for (const auto& l : b.logs) log(l);
        for (const auto& m : b.metrics) text += "metrics " + std::to_string(m.metricCount) + " " + m.bytes + "\n";
    }

private:
    void number(const char* name, std::uint64_t value) {
        if (value) text += std::string(" ") + name + "=" + std::to_string(value);
    }
    void bytes(const char* name, std::string_view value) {
        if (!value.empty()) text += std::string(" ") + name + "=" + toHex(value);
    }
    void value(const store::Value& v) { text += std::to_string(static_cast<int>(v.type)) + "/" + std::to_string(v.bits) + "/" + toHex(v.text); }
    void attributes(store::AttributeSpan list) {
        text += " {";
        for (const auto& attribute : list) {
            text += " " + toHex(attribute.key) + "=";
            value(attribute.value);
        }
        text += " }\n";
    }
    void span(const store::SpanRecord& s) {
        text += "span " + s.traceId.toHex() + " " + s.spanId.toHex() + " " + s.parentId.toHex();
        number("start", s.startNs);
        number("end", s.endNs);
        number("kind", static_cast<std::uint32_t>(s.kind));
        number("status", static_cast<std::uint32_t>(s.status));
        number("flags", s.flags);
        number("marks", s.marks);
        number("resource", s.resource);
        number("scope", s.scope);
        number("droppedAttributes", s.rare().droppedAttributes);
        number("droppedEvents", s.rare().droppedEvents);
        number("droppedLinks", s.rare().droppedLinks);
        bytes("name", s.name);
        bytes("state", s.rare().traceState);
        bytes("message", s.rare().statusMessage);
        bytes("unknown", s.rare().unknown);
        bytes("writtenTrace", s.rare().originalTraceId);
        bytes("writtenSpan", s.rare().originalSpanId);
        bytes("writtenParent", s.rare().originalParentId);
        attributes(s.attributes);
        for (const auto& e : s.events) {
            text += "  event";
            number("time", e.timeNs);
            bytes("name", e.name);
            number("dropped", e.droppedAttributes);
            bytes("unknown", e.unknown);
            attributes(e.attributes);
        }
        for (const auto& l : s.links) {
            text += "  link " + l.traceId.toHex() + " " + l.spanId.toHex();
            bytes("state", l.traceState);
            number("dropped", l.droppedAttributes);
            number("flags", l.flags);
            bytes("unknown", l.unknown);
            attributes(l.attributes);
        }
    }
    void log(const store::LogRecordData& l) {
        text += "log " + l.traceId.toHex() + " " + l.spanId.toHex();
        number("time", l.timeNs);
        number("observed", l.observedNs);
        number("severity", static_cast<std::uint32_t>(l.severity));
        number("dropped", l.droppedAttributes);
        number("flags", l.flags);
        number("marks", l.marks);
        number("resource", l.resource);
        number("scope", l.scope);
        bytes("severityText", l.severityText);
        bytes("event", l.eventName);
        bytes("unknown", l.unknown);
        bytes("writtenTrace", l.originalTraceId);
        bytes("writtenSpan", l.originalSpanId);
        text += " body ";
        value(l.body);
        attributes(l.attributes);
    }
};

}  // namespace spanreel::test
