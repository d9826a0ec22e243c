// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <fmt/format.h>

#include "app/commands/command.h"
#include "app/commands/load_inputs.h"
#include "app/commands/memory_option.h"
#include "app/commands/pick_trace.h"
#include "app/problem_text.h"
#include "model/core/json_text.h"
#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/trace/trace.h"

namespace spanreel::app {
namespace {

using trace::Node;
using trace::NodeId;
using trace::Trace;

constexpr std::pair<trace::NodeFlag, const char*> kFlagNames[] = {
    {trace::kOrphan, "orphan"},         {trace::kSelfParent, "own-parent"},     {trace::kCycle, "cycle"},           {trace::kSameIdOther, "same-id"},
    {trace::kNegative, "negative-duration"}, {trace::kNoTime, "no-time"},       {trace::kBeforeParent, "before-parent"}, {trace::kAfterParent, "after-parent"},
    {trace::kError, "error"},           {trace::kCritical, "critical"},
};

const char* kindName(std::int32_t kind) {
    static constexpr const char* kNames[] = {"unspecified", "internal", "server", "client", "producer", "consumer"};
    return kind >= 0 && kind < 6 ? kNames[kind] : "unknown";
}

std::string spanJson(const Trace& t, NodeId id) {
    const Node& n = t.node(id);
    const auto s = t.span(id);
    std::string out = fmt::format(
        "{{\"spanId\":\"{}\",\"parentSpanId\":\"{}\",\"name\":{},\"service\":{},\"kind\":\"{}\",\"status\":{},\"startTimeUnixNano\":\"{}\",\"endTimeUnixNano\":\"{}\","
        "\"depth\":{},\"offsetNs\":{},\"durationNs\":{},\"selfNs\":{},\"criticalNs\":{},\"copies\":{},\"logs\":{},\"flags\":[",
        s.spanId().toHex(), s.parentId().isValid() ? s.parentId().toHex() : "", jsonString(s.name()), jsonString(s.serviceName()), kindName(s.kind()), s.status(), s.startNs(),
        s.endNs(), n.depth, n.startNs, n.durationNs, n.selfNs, n.criticalNs, n.copies, t.logsOf(id).size());
    bool first = true;
    for (const auto& [flag, name] : kFlagNames)
        if (n.has(flag)) {
            out += fmt::format("{}\"{}\"", first ? "" : ",", name);
            first = false;
        }
    return out + "]}";
}

void printJson(const Trace& t) {
    std::string out = fmt::format("{{\"traceId\":\"{}\",\"startTimeUnixNano\":\"{}\",\"durationNs\":{},\"depth\":{},\"spans\":[", t.id().toHex(), t.startNs(), t.durationNs(), t.maxDepth());
    for (NodeId n = 0; n < t.nodes().size(); ++n) {
        if (n) out += ',';
        out += '\n';
        out += spanJson(t, n);
        if (out.size() > 1 << 20) {
            std::fwrite(out.data(), 1, out.size(), stdout);
            out.clear();
        }
    }
    out += "\n],\"criticalPath\":[";
    for (std::size_t i = 0; i < t.criticalPath().size(); ++i) {
        const auto& p = t.criticalPath()[i];
        out += fmt::format("{}{{\"spanId\":\"{}\",\"fromNs\":{},\"toNs\":{}}}", i ? "," : "", t.span(p.node).spanId().toHex(), p.fromNs, p.toNs);
    }
    out += "]}\n";
    std::fwrite(out.data(), 1, out.size(), stdout);
}

void printTree(const Trace& t) {
    std::string out = fmt::format("trace {}  {}  {}  {} spans  depth {}  {} errors\n", t.id().toHex(), t.startNs() ? formatUtc(t.startNs()) : "no usable time",
                                  formatDuration(t.durationNs()), t.recordCount(), t.maxDepth(), t.errorCount());
    constexpr std::uint32_t kDeepest = 60;  // deeper levels keep this indent and tell their depth
    for (NodeId i = 0; i < t.nodes().size(); ++i) {
        const Node& n = t.node(i);
        const auto s = t.span(i);
        out += std::string(2 * std::min(n.depth, kDeepest), ' ');
        if (n.depth > kDeepest) out += fmt::format("[depth {}] ", n.depth);
        out += fmt::format("{}  {}  +{}  {}  self {}", escapeControls(s.serviceName().empty() ? "(no service)" : s.serviceName()), escapeControls(s.name()),
                           formatDuration(n.startNs), formatDuration(n.durationNs), formatDuration(n.selfNs));
        if (n.copies > 1) out += fmt::format("  x{}", n.copies);
        for (const auto& [flag, name] : kFlagNames)
            if (n.has(flag)) out += fmt::format("  [{}]", name);
        if (!s.statusMessage().empty()) out += "  " + escapeControls(s.statusMessage());
        if (const auto logs = t.logsOf(i).size()) out += fmt::format("  {} logs", logs);
        out += '\n';
        if (out.size() > 1 << 20) {
            std::fwrite(out.data(), 1, out.size(), stdout);
            out.clear();
        }
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
}

int run(std::span<const std::string> arguments) {
    static constexpr std::string_view kFlags[] = {"json"}, kValued[] = {"trace", kMemoryOption};
    const Arguments args = parseArguments(arguments, kFlags, kValued);
    if (!args.error.empty()) return usageError("show", args.error);
    const auto memory = memoryBudget(args);
    if (!memory) return usageError("show", kMemoryUsage);
    if (args.files.empty()) return usageError("show", "no file given");
    const LoadedInputs loaded = loadInputs(args.files, *memory);
    const auto picked = pickTrace(loaded.snapshot(), args.value("trace"));
    if (!picked) return usageError("show", problemText(picked.error()));
    const auto assembled = Trace::assemble(loaded.snapshot(), *picked);
    if (!assembled) return usageError("show", problemText(assembled.error()));
    if (args.has("json")) printJson(**assembled);
    else printTree(**assembled);
    return loaded.status;
}

}  // namespace

Command showCommand() {
    return {"show", "show FILE\u2026 [--trace ID] [--json]", "prints one trace as a tree",
            "  --trace ID  the trace; may be left out where the files hold only one; 'largest' is the one with the most spans\n"
            "  --json      depth, self time and critical path per span as JSON\n",
            run};
}

}  // namespace spanreel::app
