// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "ingest/importers/record_tools.h"

namespace spanreel::ingest {

/// What an object printed by a console exporter, or found in a tutorial, is.
enum class ConsoleKind : std::uint8_t { Other, Span, Log, Metrics };

[[nodiscard]] ConsoleKind consoleKind(JsonValue object);

/// The spellings differ by exporter, the meaning does not: one reader takes them all. `javascript`: numbers of `kind`
/// count from INTERNAL = 0, as the JavaScript SDK has it. The resource and scope go into the batcher.
void readConsoleSpan(JsonValue object, bool javascript, RecordBatcher& batcher, ItemNotes& notes);
void readConsoleLog(JsonValue object, RecordBatcher& batcher, ItemNotes& notes);

}  // namespace spanreel::ingest
