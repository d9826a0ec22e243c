// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "ingest/json/json_value.h"

namespace spanreel::ingest {

/// The value as JSON again, without blanks, numbers as they were written. Iterative; O(its size).
[[nodiscard]] std::string jsonText(JsonValue value);

}  // namespace spanreel::ingest
