// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/load_inputs.h"

#include <algorithm>
#include <cstdio>

#include "app/commands/command.h"
#include "app/problem_text.h"

namespace spanreel::app {

int exitStatusOf(const store::ImportReport& report) {
    if (report.skipped == 0) return kExitOk;
    return report.kept == 0 ? kExitNothingKept : kExitSomeLost;
}

LoadedInputs loadInputs(const std::vector<std::string>& files, bool quiet) {
    LoadedInputs loaded;
    loaded.store = std::make_unique<store::TraceStore>();
    for (const auto& file : files) {
        auto result = ingest::importFile(*loaded.store, file);
        if (!quiet)
            for (const auto& entry : result.report.entries())
                std::fprintf(stderr, "spanreel: %s%s\n", entry.lost ? "" : "warning: ", problemTextWithPlace(entry.problem).c_str());
        loaded.status = std::max(loaded.status, exitStatusOf(result.report));
        loaded.inputs.emplace_back(file, std::move(result.report));
    }
    return loaded;
}

}  // namespace spanreel::app
