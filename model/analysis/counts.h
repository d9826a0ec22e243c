// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstdint>

#include "model/store/snapshot.h"

namespace spanreel::analysis {

/// The counts of a session, as the command line and the window state them. `traces` = distinct trace ids of spans,
/// `services` = distinct non-empty service.name of spans, `operations` = distinct (service, span name), `orphans` = spans
/// whose non-zero parent is not in the trace, `duplicates` = records beyond the first of equal content.
struct Counts {
    std::uint64_t traces = 0, spans = 0, logs = 0, metrics = 0, services = 0, operations = 0, errors = 0, links = 0, events = 0,
                  orphans = 0, duplicates = 0, logTraces = 0;
};

/// What `services` and `operations` count, over several sessions: as hashes.
struct DistinctNames {
    absl::flat_hash_set<std::uint64_t> services, operations;
};

/// O(spans + logs); not for the GUI thread. The names that are counted are added to `seen`, where given.
[[nodiscard]] Counts countSession(const store::SnapshotPtr& snapshot, DistinctNames* seen = nullptr);

}  // namespace spanreel::analysis
