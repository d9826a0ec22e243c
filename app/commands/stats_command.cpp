// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <fmt/format.h>

#include "app/commands/command.h"
#include "app/commands/load_inputs.h"
#include "app/commands/memory_option.h"
#include "app/commands/stats_json.h"
#include "app/problem_text.h"
#include "model/core/json_text.h"
#include "model/core/text.h"

namespace spanreel::app {
namespace {

/// `,"line":12` or `,"byte":34`; nothing where the place is not known.
std::string placeJson(const Place& place) {
    if (place.line >= 0) return fmt::format(",\"line\":{}", place.line);
    if (place.byte >= 0) return fmt::format(",\"byte\":{}", place.byte);
    return {};
}

std::string inputJson(const NamedReport& input) {
    const auto& [file, report] = input;
    std::string out = fmt::format("{{\"file\":{},\"format\":{},\"read\":{},\"kept\":{},\"warned\":{},\"skipped\":{},\"problems\":[", jsonString(file), jsonString(report.format),
                                  report.read(), report.kept, report.warned, report.skipped);
    bool first = true;
    for (const auto& entry : report.entries()) {
        if (!first) out += ',';
        first = false;
        out += fmt::format("{{\"code\":{},\"lost\":{},\"message\":{}", jsonString(problemCodeName(entry.problem.code)), entry.lost, jsonString(problemText(entry.problem)));
        out += placeJson(entry.problem.place) + '}';
    }
    out += ']';
    if (report.remarks().empty()) return out + '}';
    out += ",\"remarks\":[";
    first = true;
    for (const auto& remark : report.remarks()) {
        if (!first) out += ',';
        first = false;
        out += fmt::format("{{\"code\":{},\"message\":{}{}}}", jsonString(problemCodeName(remark.code)), jsonString(problemText(remark)), placeJson(remark.place));
    }
    return out + "]}";
}

int run(std::span<const std::string> arguments) {
    static constexpr std::string_view kFlags[] = {"json"}, kValued[] = {kMemoryOption};
    const Arguments args = parseArguments(arguments, kFlags, kValued);
    if (!args.error.empty()) return usageError("stats", args.error);
    const auto memory = memoryBudget(args);
    if (!memory) return usageError("stats", kMemoryUsage);
    if (args.files.empty()) return usageError("stats", "no file given");
    const LoadedInputs loaded = loadInputs(args.files, *memory);
    const auto counts = analysis::countSession(loaded.snapshot());
    if (args.has("json")) {
        std::puts(statsJson(counts, loaded.inputs).c_str());
        return loaded.status;
    }
    std::uint64_t read = 0, kept = 0, warned = 0, skipped = 0;
    for (const auto& [file, report] : loaded.inputs) {
        fmt::print("{}: {}, {} read, {} kept, {} warned, {} skipped\n", escapeControls(file), report.format.empty() ? "unknown format" : report.format, report.read(), report.kept,
                   report.warned, report.skipped);
        read += report.read(), kept += report.kept, warned += report.warned, skipped += report.skipped;
    }
    if (loaded.inputs.size() > 1) fmt::print("all {} files: {} read, {} kept, {} warned, {} skipped\n", loaded.inputs.size(), read, kept, warned, skipped);
    const std::pair<const char*, std::uint64_t> rows[] = {
        {"traces", counts.traces},       {"spans", counts.spans},   {"services", counts.services}, {"operations", counts.operations},
        {"errors", counts.errors},       {"events", counts.events}, {"links", counts.links},       {"orphans", counts.orphans},
        {"duplicates", counts.duplicates}, {"logs", counts.logs},   {"logTraces", counts.logTraces}, {"metrics", counts.metrics},
    };
    for (const auto& [name, value] : rows) fmt::print("{:<12}{:>12}\n", name, value);
    return loaded.status;
}

}  // namespace

std::string statsJson(const analysis::Counts& c, const std::vector<NamedReport>& inputs) {
    std::uint64_t read = 0, kept = 0, warned = 0, skipped = 0;
    std::string list;
    for (const auto& input : inputs) {
        read += input.second.read(), kept += input.second.kept, warned += input.second.warned, skipped += input.second.skipped;
        if (!list.empty()) list += ',';
        list += inputJson(input);
    }
    return fmt::format(
        "{{\"files\":{},\"traces\":{},\"spans\":{},\"logs\":{},\"metrics\":{},\"services\":{},\"operations\":{},\"errors\":{},\"links\":{},\"events\":{},\"orphans\":{},"
        "\"duplicates\":{},\"logTraces\":{},\"read\":{},\"kept\":{},\"warned\":{},\"skipped\":{},\"inputs\":[{}]}}",
        inputs.size(), c.traces, c.spans, c.logs, c.metrics, c.services, c.operations, c.errors, c.links, c.events, c.orphans, c.duplicates, c.logTraces, read, kept, warned,
        skipped, list);
}

Command statsCommand() {
    return {"stats", "stats FILE\u2026 [--json]", "counts traces, spans, services, logs and what was lost", "  --json    one line of JSON on standard output\n", run};
}

}  // namespace spanreel::app
