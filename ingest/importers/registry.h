// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "ingest/importer.h"

namespace spanreel::ingest {

/// The importer that is surest of the input's first bytes (BOM removed); ties go to the higher priority. Null = none.
[[nodiscard]] const ImporterDescriptor* chooseImporter(std::string_view head, bool wholeInput);
/// Is it one of the formats of logs?
[[nodiscard]] bool readsLogs(const ImporterDescriptor& importer);
/// The trace format that a text which begins as JSON, met behind or among lines of other text, surely has; null = none, or
/// it is a record of a log.
[[nodiscard]] const ImporterDescriptor* traceFormatOf(std::string_view json);
/// The importer of this name; null = none.
[[nodiscard]] const ImporterDescriptor* importerNamed(std::string_view name);

}  // namespace spanreel::ingest
