// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/export/export_common.h"

namespace spanreel::exporting {

/// Writes all spans as Zipkin's v2 JSON, one array, in order of arrival. What it cannot hold is counted. O(spans).
void writeZipkinJson(const store::StoreSnapshot& snapshot, const TextSink& out, otlp::LossCount& losses);

}  // namespace spanreel::exporting
