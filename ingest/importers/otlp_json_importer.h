// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/importer.h"

namespace spanreel::ingest {

/// OTLP in JSON: one document of any size, or one request a line as the Collector's file exporter writes; signals mixed.
[[nodiscard]] ImporterDescriptor otlpJsonImporter();
/// Grafana Tempo's dialect of it: `batches` or `trace` at the top, ids in base64, enum names.
[[nodiscard]] ImporterDescriptor tempoJsonImporter();

}  // namespace spanreel::ingest
