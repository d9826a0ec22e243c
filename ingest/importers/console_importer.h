// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/importer.h"

namespace spanreel::ingest {

/// What OpenTelemetry's console exporters print, between a program's other output, and the span shapes of tutorials.
[[nodiscard]] ImporterDescriptor consoleImporter();

}  // namespace spanreel::ingest
