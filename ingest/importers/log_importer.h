// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/importer.h"

namespace spanreel::ingest {

/// Logs, one record a line. The three read every kind of line alike and differ in what they recognise a file by.
[[nodiscard]] ImporterDescriptor logJsonImporter();    ///< JSON lines, docker's json-file among them
[[nodiscard]] ImporterDescriptor logLogfmtImporter();  ///< key=value pairs
[[nodiscard]] ImporterDescriptor logTextImporter();    ///< plain text, also UTF-16; what no other format claims

}  // namespace spanreel::ingest
