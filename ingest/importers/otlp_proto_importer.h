// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/importer.h"

namespace spanreel::ingest {

/// OTLP in protobuf: one request, or many with a length before each.
[[nodiscard]] ImporterDescriptor otlpProtoImporter();

}  // namespace spanreel::ingest
