// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/importer.h"

namespace spanreel::ingest {

/// The journal of a receiver (model/journal/FORMAT.md), whole or torn.
[[nodiscard]] ImporterDescriptor journalImporter();

}  // namespace spanreel::ingest
