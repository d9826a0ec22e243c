// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/importer.h"

namespace spanreel::ingest {

/// Jaeger's JSON.
[[nodiscard]] ImporterDescriptor jaegerJsonImporter();

}  // namespace spanreel::ingest
