// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/problem_text.h"
#include "model/otlp/value_walk.h"
#include "model/store/snapshot.h"

namespace spanreel::test {

/// Records and report as lines a person can check: what golden files hold. Fields that are empty are left out.
class ReadableDump {
public:
    std::string text;

    void report(const store::ImportReport& report, std::string_view folder) {
        text += report.format + " kept " + std::to_string(report.kept) + " warned " + std::to_string(report.warned) + " skipped " + std::to_string(report.skipped) + "\n";
        for (const auto& entry : report.entries()) {
            std::string sentence = app::problemTextWithPlace(entry.problem);
            if (const auto at = sentence.find(folder); at != std::string::npos) sentence.erase(at, folder.size());
            text += std::string(entry.lost ? "lost: " : "warned: ") + sentence + "\n";
        }
    }
    void records(const store::StoreSnapshot& snapshot) {
        snapshot.forEachSpan([&](const store::SpanView& s) {
            const bool madeUp = s.marks() & store::kMarkInvalidTraceId;
            text += "span " + (madeUp ? "-" : s.traceId().toHex()) + " " + s.spanId().toHex();
            if (s.parentId().isValid()) text += " parent " + s.parentId().toHex();
            text += " [" + std::to_string(s.startNs()) + ", " + std::to_string(s.endNs()) + "] " + std::string(s.name()) + "\n";
            number("kind", static_cast<std::uint64_t>(s.kind()));
            number("status", static_cast<std::uint64_t>(s.status()));
            word("message", s.statusMessage());
            word("state", s.traceState());
            number("flags", s.flags());
            number("marks", s.marks());
            number("dropped attributes", s.droppedAttributes());
            number("dropped events", s.droppedEvents());
            number("dropped links", s.droppedLinks());
            word("written trace id", s.originalTraceId());
            word("written span id", s.originalSpanId());
            attributes("  ", s.attributes());
            for (std::size_t i = 0; i < s.eventCount(); ++i) {
                const auto e = s.event(i);
                text += "  event " + std::to_string(e.timeNs) + " " + std::string(e.name) + "\n";
                number("  dropped attributes", e.droppedAttributes);
                attributes("    ", e.attributes);
            }
            for (std::size_t i = 0; i < s.linkCount(); ++i) {
                const auto l = s.link(i);
                text += "  link " + l.traceId.toHex() + " " + l.spanId.toHex() + "\n";
                word("  state", l.traceState);
                number("  flags", l.flags);
                number("  dropped attributes", l.droppedAttributes);
                attributes("    ", l.attributes);
            }
            emitter(s);
        });
        snapshot.forEachLog([&](const store::LogView& l) {
            text += "log " + (l.traceId().isValid() ? l.traceId().toHex() : std::string("-")) + " " + (l.spanId().isValid() ? l.spanId().toHex() : std::string("-"));
            text += " at " + std::to_string(l.timeNs()) + " seen " + std::to_string(l.observedNs()) + "\n";
            number("severity", static_cast<std::uint64_t>(l.severity()));
            word("severity text", l.severityText());
            word("event", l.eventName());
            number("flags", l.flags());
            number("marks", l.marks());
            number("dropped attributes", l.droppedAttributes());
            text += "  body " + otlp::valueToJson(l.body()) + "\n";
            attributes("  ", l.attributes());
            emitter(l);
        });
        for (std::size_t i = 0; i < snapshot.metricsRecordCount(); ++i)
            text += "metrics " + std::to_string(snapshot.metricsRecord(i).metricCount) + " " + snapshot.metricsRecord(i).bytes + "\n";
    }

private:
    void number(const char* name, std::uint64_t value) {
        if (value) text += "  " + std::string(name) + " " + std::to_string(value) + "\n";
    }
    void word(const char* name, std::string_view value) {
        if (!value.empty()) text += "  " + std::string(name) + " " + std::string(value) + "\n";
    }
    void attributes(const char* indent, const store::AttributesView& view) {
        static const char* const types[] = {"empty", "bool", "int", "double", "string", "bytes", "array", "map"};
        for (const auto attribute : view)
            text += indent + std::string(attribute.key) + " = " + types[static_cast<int>(attribute.value.type)] + " " + otlp::valueToJson(attribute.value) + "\n";
    }
    template <class Record>
    void emitter(const Record& record) {
        if (record.resourceId() != store::kNone) {
            const auto r = record.resource();
            text += "  resource " + std::string(r.schemaUrl) + (r.entityRefs.empty() ? "" : " with entities") + "\n";
            number("  dropped attributes", r.droppedAttributes);
            attributes("    ", r.attributes);
        }
        if (record.scopeId() != store::kNone) {
            const auto s = record.scope();
            text += "  scope " + std::string(s.name) + " " + std::string(s.version) + " " + std::string(s.schemaUrl) + "\n";
            number("  dropped attributes", s.droppedAttributes);
            attributes("    ", s.attributes);
        }
    }
};

}  // namespace spanreel::test
