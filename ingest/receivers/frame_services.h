// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "model/journal/journal_trim.h"

namespace spanreel::ingest {

/// The services (`service.name`) in a frame of a journal, each with its records, the one with most first. Metrics, records
/// without a service and what cannot be decoded count for the empty name. Decodes the payload. Any thread.
[[nodiscard]] journal::FrameServices servicesOfFrame(const journal::FrameInfo& info, std::string_view payload);

}  // namespace spanreel::ingest
