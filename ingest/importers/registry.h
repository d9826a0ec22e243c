// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "ingest/importer.h"

namespace spanreel::ingest {

/// The importer that is surest of the input's first bytes (BOM removed); ties go to the higher priority. Null = none.
[[nodiscard]] const ImporterDescriptor* chooseImporter(std::string_view head, bool wholeInput);
/// The importer of this name; null = none.
[[nodiscard]] const ImporterDescriptor* importerNamed(std::string_view name);

}  // namespace spanreel::ingest
