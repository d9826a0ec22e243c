// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

/// O(spans + logs); not for the GUI thread.
[[nodiscard]] Counts countSession(const store::SnapshotPtr& snapshot);

}  // namespace spanreel::analysis
