// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/load_inputs.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "app/commands/command.h"
#include "app/problem_text.h"
#include "model/analysis/findings.h"

namespace spanreel::app {

int exitStatusOf(const store::ImportReport& report) {
    if (!report.lossy()) return kExitOk;
    return report.kept == 0 ? kExitNothingKept : kExitSomeLost;
}

namespace {

/// The samples of each code, then how many more there were.
void printProblems(const store::ImportReport& report) {
    constexpr std::size_t kPrinted = 5;
    std::map<ProblemCode, std::size_t> printed;
    for (const auto& entry : report.entries())
        if (++printed[entry.problem.code] <= kPrinted)
            std::fprintf(stderr, "spanreel: %s%s\n", entry.lost ? "" : "warning: ", problemTextWithPlace(entry.problem).c_str());
    for (const auto& [code, count] : printed)
        if (report.count(code) > std::min(count, kPrinted))
            std::fprintf(stderr, "spanreel: ... and %llu more of \"%s\"\n", static_cast<unsigned long long>(report.count(code) - std::min(count, kPrinted)), problemCodeName(code).c_str());
    for (const auto& remark : report.remarks()) std::fprintf(stderr, "spanreel: note: %s\n", problemTextWithPlace(remark).c_str());
}

}  // namespace

LoadedInputs loadInputs(const std::vector<std::string>& files, std::uint64_t memoryBudget) {
    LoadedInputs loaded;
    std::vector<store::SourceId> sources;
    loaded.store = std::make_unique<store::TraceStore>(store::memoryPolicy(memoryBudget));
    for (const auto& file : files) {
        auto result = ingest::importFile(*loaded.store, file, store::SourceKind::File, nullptr, {}, ingest::Findings::Leave);
        loaded.status = std::max(loaded.status, exitStatusOf(result.report));
        loaded.inputs.emplace_back(file, std::move(result.report));
        sources.push_back(result.source);
    }
    const auto snapshot = loaded.store->snapshot();
    std::vector<store::ImportReport*> reports(snapshot->sources().size(), nullptr);
    for (std::size_t i = 0; i < sources.size(); ++i) reports[sources[i]] = &loaded.inputs[i].second;
    analysis::addTraceFindings(snapshot, reports);
    for (const auto& [file, report] : loaded.inputs) printProblems(report);
    return loaded;
}

}  // namespace spanreel::app
