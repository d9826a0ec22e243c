// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "ingest/otlp/otlp_types.h"

namespace spanreel::ingest {

/// Judges which signal an Export…ServiceRequest in protobuf carries by its first records: the three messages are built
/// alike and say it nowhere. Nothing where the records do not tell (none, or all empty). O(bytes of the records looked at).
[[nodiscard]] std::optional<Signal> judgeOtlpSignal(std::string_view request);
/// The same by the beginning of a request; nothing where more of it might say otherwise.
[[nodiscard]] std::optional<Signal> judgeOtlpSignalBeginning(std::string_view beginning);

}  // namespace spanreel::ingest
