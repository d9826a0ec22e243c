// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ingest/import_file.h"
#include "model/store/trace_store.h"

namespace spanreel::app {

/// The files of a command, read into one store, with their reports.
struct LoadedInputs {
    std::unique_ptr<store::TraceStore> store;
    std::vector<std::pair<std::string, store::ImportReport>> inputs;
    int status = 0;  ///< 0, 1 or 3 by the reports; the highest wins
    [[nodiscard]] store::SnapshotPtr snapshot() const { return store->snapshot(); }
};

/// 0 nothing lost, 1 something lost and something kept, 3 nothing kept.
[[nodiscard]] int exitStatusOf(const store::ImportReport& report);

/// Reads every file; prints problems on standard error.
/// `memoryBudget` in bytes, 0 = no bound.
[[nodiscard]] LoadedInputs loadInputs(const std::vector<std::string>& files, std::uint64_t memoryBudget);

}  // namespace spanreel::app
