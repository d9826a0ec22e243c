// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

#include "ingest/importer.h"

namespace spanreel::ingest {

/// OTLP in JSON: one document of any size, or one request a line as the Collector's file exporter writes; signals mixed.
[[nodiscard]] ImporterDescriptor otlpJsonImporter();
/// Grafana Tempo's dialect of it: `batches` or `trace` at the top, ids in base64, enum names.
[[nodiscard]] ImporterDescriptor tempoJsonImporter();

struct OtlpJsonImportOptions {
    bool tempo = false;
    bool fast = true;                      ///< false = the splitter and the tolerant reader alone, one thread
    unsigned threads = 0;                  ///< 0 = as many as there are cores
    std::size_t blockBytes = 512 * 1024;   ///< read at once by one thread, about
    std::size_t wholeBytes = 16u << 20;    ///< larger values at the top level come in parts
};
[[nodiscard]] std::unique_ptr<Importer> makeOtlpJsonImporter(const OtlpJsonImportOptions& options);

}  // namespace spanreel::ingest
