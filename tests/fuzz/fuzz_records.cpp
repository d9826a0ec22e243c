// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_records.h"

#include <algorithm>

#include "model/core/text.h"
#include "model/otlp/value_walk.h"
#include "model/store/trace_store.h"
#include "tests/fuzz/fuzz_target.h"

namespace spanreel::fuzz {
namespace {

void requireText(std::string_view text, const char* what) { require(isValidUtf8(text), what); }

void requireValue(const store::Value& value) {
    using store::ValueType;
    require(value.type <= ValueType::KvList, "a value of no type");
    if (value.type < ValueType::String) require(value.text.empty(), "a number with text");
    else require(value.bits == 0, "a text with bits");
    if (value.type == ValueType::Bool) require(value.bits <= 1, "a boolean of neither kind");
    if (value.type == ValueType::String) requireText(value.text, "a value that is no UTF-8");
    if (value.type == ValueType::Array || value.type == ValueType::KvList) {
        requireText(otlp::valueToJson(value), "a nested value that is no UTF-8");
        const std::string shown = otlp::valueToDisplayText(value, 200);
        requireText(shown, "a shown value that is no UTF-8");
        require(shown.size() <= 300, "a shown value that is not cut");
    }
}

void requireAttributes(store::AttributeSpan attributes) {
    for (const auto& a : attributes) {
        requireText(a.key, "a key that is no UTF-8");
        requireValue(a.value);
    }
}

}  // namespace

void requireSound(const store::Batch& b) {
    for (const auto& r : b.resources) {
        requireAttributes(r.attributes);
        requireText(r.schemaUrl, "a resource's schema URL that is no UTF-8");
    }
    for (const auto& s : b.scopes) {
        requireAttributes(s.attributes);
        requireText(s.name, "a scope's name that is no UTF-8");
        requireText(s.version, "a scope's version that is no UTF-8");
        requireText(s.schemaUrl, "a scope's schema URL that is no UTF-8");
    }
    for (const auto& s : b.spans) {
        require(s.resource == store::kNone || s.resource < b.resources.size(), "a span of no resource");
        require(s.scope == store::kNone || s.scope < b.scopes.size(), "a span of no scope");
        for (const auto text : {s.name, s.rare().traceState, s.rare().statusMessage, s.rare().originalTraceId, s.rare().originalSpanId, s.rare().originalParentId}) requireText(text, "a span's text that is no UTF-8");
        requireAttributes(s.attributes);
        for (const auto& e : s.events) {
            requireText(e.name, "an event's name that is no UTF-8");
            requireAttributes(e.attributes);
        }
        for (const auto& l : s.links) {
            requireText(l.traceState, "a link's state that is no UTF-8");
            requireAttributes(l.attributes);
        }
    }
    for (const auto& l : b.logs) {
        require(l.resource == store::kNone || l.resource < b.resources.size(), "a log of no resource");
        require(l.scope == store::kNone || l.scope < b.scopes.size(), "a log of no scope");
        for (const auto text : {l.severityText, l.eventName, l.originalTraceId, l.originalSpanId}) requireText(text, "a log's text that is no UTF-8");
        requireValue(l.body);
        requireAttributes(l.attributes);
    }
}

std::string soundReport(const store::ImportReport& report, std::string_view input) {
    require(report.read() == report.kept + report.skipped, "read is not kept and skipped");
    require(report.warned <= report.kept, "more items warned than kept");
    const auto lines = static_cast<std::int64_t>(std::count(input.begin(), input.end(), '\n')) + 1;
    std::string out = "kept " + std::to_string(report.kept) + " warned " + std::to_string(report.warned) + " skipped " + std::to_string(report.skipped) + "\n";
    const auto problem = [&](const char* kind, const Problem& p) {
        require(p.place.byte < 0 || p.place.line < 0, "a place by byte and by line");
        require(p.place.byte <= static_cast<std::int64_t>(input.size()), "a place behind the input's end, byte " + std::to_string(p.place.byte));
        require(p.place.line <= lines && p.place.line != 0, "a place behind the input's last line, line " + std::to_string(p.place.line));
        require(p.code != ProblemCode::None, "a problem without a code");
        require(isValidUtf8(p.detail), "a detail that is no UTF-8: code " + std::to_string(static_cast<int>(p.code)) + " \"" + escapeControls(repairUtf8(p.detail)) + "\"");
        out += std::string(kind) + ' ' + std::to_string(static_cast<int>(p.code)) + ' ' + p.detail + " at " + std::to_string(p.place.byte) + '/' + std::to_string(p.place.line) + "\n";
    };
    bool anyLost = false;
    for (const auto& e : report.entries()) {
        anyLost |= e.lost;
        problem(e.lost ? "lost" : "warned", e.problem);
    }
    require(anyLost == (report.skipped > 0), "a loss without a problem, or the other way round");
    for (const auto& r : report.remarks()) problem("remark", r);
    return out;
}

std::uint64_t metricsIn(const store::Batch& batch) {
    std::uint64_t n = 0;
    for (const auto& m : batch.metrics) n += m.metricCount;
    return n;
}

store::SnapshotPtr snapshotOf(store::Batch batch) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "fuzz");
    store.append(std::move(batch), source);
    return store.snapshot();
}

}  // namespace spanreel::fuzz
