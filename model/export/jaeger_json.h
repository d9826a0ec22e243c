// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/export/export_common.h"

namespace spanreel::exporting {

/// Writes all spans as Jaeger's JSON ({"data":[{"traceID","spans","processes"}]}), trace by trace in order of first
/// appearance, spans in order of arrival. What it cannot hold is counted. Memory: one trace. O(spans).
void writeJaegerJson(const store::StoreSnapshot& snapshot, const TextSink& out, otlp::LossCount& losses);

}  // namespace spanreel::exporting
