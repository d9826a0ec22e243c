// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "model/notes/note.h"
#include "model/store/snapshot.h"
#include "model/trace/trace.h"

namespace spanreel::notes {

/// Names a log in a note: XXH3-64 of its time, ids and body, so that it survives re-import. O(body).
[[nodiscard]] std::uint64_t logHash(const store::LogView& log);

/// The log of this trace that a note is on. O(logs with the note's time).
[[nodiscard]] std::optional<store::RowId> findLog(const trace::Trace& trace, const Note& note);

/// The instant a note sorts by and leads to: its range's begin, its log, its span, else the trace's start; 0 = not known
/// from `trace` (null, or another trace) nor from the note. O(log n).
[[nodiscard]] std::uint64_t noteTimeNs(const Note& note, const trace::Trace* trace);

}  // namespace spanreel::notes
