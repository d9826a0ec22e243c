// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <stop_token>

#include "model/store/snapshot.h"
#include "model/trace/trace.h"

namespace spanreel::analysis {

/// What only the assembled traces show, as warnings in the report of the source each span came from: spans that are
/// their own parent, cut cycles, missing parents, several roots, one id with different content, equal copies, spans that
/// start before their parent. `reports` is indexed by SourceId; a null entry is passed over, and only traces with a span
/// of a source that has one are assembled. Where that is exactly one, it is returned, else null. O(spans), stoppable, not
/// for the GUI thread.
trace::TracePtr addTraceFindings(const store::SnapshotPtr& snapshot, std::span<store::ImportReport* const> reports, std::stop_token stop = {});

}  // namespace spanreel::analysis
