// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "ingest/proto/proto_cursor.h"

namespace spanreel::ingest {

/// Metric objects of an ExportMetricsServiceRequest. Every known message in it is walked to its end, with an explicit stack;
/// the first fault goes to `fault`, and the count is of no use then. O(bytes).
[[nodiscard]] std::uint64_t countMetrics(std::string_view request, ProtoFault& fault);

}  // namespace spanreel::ingest
