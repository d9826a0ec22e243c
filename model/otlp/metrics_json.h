// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/otlp/encode_common.h"

namespace spanreel::otlp {

/// An ExportMetricsServiceRequest in protobuf as OTLP JSON, compact. The bytes were validated when they came in. Unknown
/// fields have no place in JSON and are counted. An explicit stack; O(bytes x fields of a message).
[[nodiscard]] std::string metricsProtoToJson(std::string_view request, LossCount& losses);

/// JSON without the white space between its tokens: one request a line. The text must be JSON; invalid UTF-8 becomes
/// U+FFFD, as the importer said.
[[nodiscard]] std::string compactJson(std::string_view json);

}  // namespace spanreel::otlp
