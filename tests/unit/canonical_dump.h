// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/core/text.h"
#include "model/otlp/value_walk.h"
#include "model/store/snapshot.h"

namespace spanreel::test {

inline void dumpText(std::string& out, const char* name, std::string_view text) {
    if (!text.empty()) out += std::string(" ") + name + "=" + std::to_string(text.size()) + ":" + toHex(text);
}
inline void dumpNumber(std::string& out, const char* name, std::uint64_t n) {
    if (n) out += std::string(" ") + name + "=" + std::to_string(n);
}
/// `encoded`: arrays and maps byte for byte; else by what they hold, in which an absent value is an empty one.
inline void dumpValue(std::string& out, const store::Value& v, bool encoded) {
    if (!encoded && v.type >= store::ValueType::Array) {
        out += v.type == store::ValueType::Array ? "[" : "{";
        const auto inner = [&](const store::Value& value) {
            out += " ";
            dumpValue(out, value, encoded);
        };
        if (v.type == store::ValueType::Array) otlp::forEachArrayElement(v.text, inner);
        else otlp::forEachMapEntry(v.text, [&](const store::Attribute& entry) { out += " " + toHex(entry.key) + "=", inner(entry.value); });
        out += v.type == store::ValueType::Array ? " ]" : " }";
        return;
    }
    out += "t" + std::to_string(static_cast<int>(v.type)) + "/" + std::to_string(v.bits) + "/" + toHex(v.text);
}
inline void dumpAttributes(std::string& out, const store::AttributesView& attributes, bool encoded) {
    out += " {";
    for (const auto attribute : attributes) {
        out += " " + toHex(attribute.key) + "=";
        dumpValue(out, attribute.value, encoded);
    }
    out += " }";
}

/// Every field of every record, in order, as text; what a lossless conversion must leave equal. `withUnknown`: unknown
/// protobuf fields too, which JSON cannot hold, and nested values byte for byte. Where a record came from is not part of it.
inline std::string canonicalDump(const store::StoreSnapshot& snapshot, bool withUnknown = true) {
    std::string out;
    const auto unknown = [&](std::string_view fields) {
        if (withUnknown) dumpText(out, "unknown", fields);
    };
    const auto emitter = [&](const auto& record) {
        if (record.resourceId() != store::kNone) {
            const auto r = record.resource();
            out += "  resource";
            dumpText(out, "schemaUrl", r.schemaUrl);
            dumpText(out, "entityRefs", r.entityRefs);
            dumpNumber(out, "dropped", r.droppedAttributes);
            dumpAttributes(out, r.attributes, withUnknown);
            unknown(r.unknown);
            out += "\n";
        }
        if (record.scopeId() != store::kNone) {
            const auto s = record.scope();
            out += "  scope";
            dumpText(out, "name", s.name);
            dumpText(out, "version", s.version);
            dumpText(out, "schemaUrl", s.schemaUrl);
            dumpNumber(out, "dropped", s.droppedAttributes);
            dumpAttributes(out, s.attributes, withUnknown);
            unknown(s.unknown);
            out += "\n";
        }
    };
    snapshot.forEachSpan([&](const store::SpanView& s) {
        const bool noTrace = s.marks() & store::kMarkInvalidTraceId;
        out += "span " + (noTrace ? std::string("-") : s.traceId().toHex()) + " " + s.spanId().toHex() + " " + s.parentId().toHex();
        out += " " + std::to_string(s.startNs()) + ".." + std::to_string(s.endNs()) + " kind=" + std::to_string(s.kind()) + " status=" + std::to_string(s.status());
        dumpNumber(out, "flags", s.flags());
        dumpText(out, "name", s.name());
        dumpText(out, "message", s.statusMessage());
        dumpText(out, "state", s.traceState());
        dumpNumber(out, "droppedAttributes", s.droppedAttributes());
        dumpNumber(out, "droppedEvents", s.droppedEvents());
        dumpNumber(out, "droppedLinks", s.droppedLinks());
        dumpText(out, "originalTrace", s.originalTraceId());
        dumpText(out, "originalSpan", s.originalSpanId());
        dumpText(out, "originalParent", s.originalParentId());
        dumpAttributes(out, s.attributes(), withUnknown);
        unknown(s.unknown());
        out += "\n";
        emitter(s);
        for (std::size_t i = 0; i < s.eventCount(); ++i) {
            const auto e = s.event(i);
            out += "  event " + std::to_string(e.timeNs);
            dumpText(out, "name", e.name);
            dumpNumber(out, "dropped", e.droppedAttributes);
            dumpAttributes(out, e.attributes, withUnknown);
            unknown(e.unknown);
            out += "\n";
        }
        for (std::size_t i = 0; i < s.linkCount(); ++i) {
            const auto l = s.link(i);
            out += "  link " + l.traceId.toHex() + " " + l.spanId.toHex();
            dumpText(out, "state", l.traceState);
            dumpNumber(out, "flags", l.flags);
            dumpNumber(out, "dropped", l.droppedAttributes);
            dumpAttributes(out, l.attributes, withUnknown);
            unknown(l.unknown);
            out += "\n";
        }
    });
    snapshot.forEachLog([&](const store::LogView& l) {
        out += "log " + l.traceId().toHex() + " " + l.spanId().toHex() + " " + std::to_string(l.timeNs()) + " " + std::to_string(l.observedNs());
        out += " severity=" + std::to_string(l.severity());
        dumpText(out, "severityText", l.severityText());
        dumpText(out, "eventName", l.eventName());
        dumpNumber(out, "flags", l.flags());
        dumpNumber(out, "dropped", l.droppedAttributes());
        dumpText(out, "originalTrace", l.originalTraceId());
        dumpText(out, "originalSpan", l.originalSpanId());
        out += " body ";
        dumpValue(out, l.body(), withUnknown);
        dumpAttributes(out, l.attributes(), withUnknown);
        unknown(l.unknown());
        out += "\n";
        emitter(l);
    });
    out += "metrics " + std::to_string(snapshot.metricCount()) + "\n";
    return out;
}

}  // namespace spanreel::test
