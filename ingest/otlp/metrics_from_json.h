// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/core/result.h"
#include "model/otlp/encode_common.h"

namespace spanreel::ingest {

/// An ExportMetricsServiceRequest in OTLP JSON as protobuf. Members OTLP does not know, and values of the wrong kind,
/// are left out and counted. Error: what is no JSON. An explicit stack; O(bytes).
[[nodiscard]] Result<std::string> metricsJsonToProto(std::string_view json, otlp::LossCount& losses);

}  // namespace spanreel::ingest
