// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/core/result.h"
#include "model/store/snapshot.h"

namespace spanreel::app {

/// The trace a command's --trace names (full or left-padded hex, or an original id that is not hex), the one with the most
/// spans where it says "largest", or the only trace where the option is empty. Error: NoSuchTrace, or Usage with the ids to choose from.
[[nodiscard]] Result<TraceId> pickTrace(const store::SnapshotPtr& snapshot, const std::string& text);

}  // namespace spanreel::app
