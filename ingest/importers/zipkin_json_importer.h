// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/importer.h"

namespace spanreel::ingest {

/// Zipkin's JSON, version 2 (and 1, converted).
[[nodiscard]] ImporterDescriptor zipkinJsonImporter();

}  // namespace spanreel::ingest
