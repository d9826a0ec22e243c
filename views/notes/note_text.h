// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>
#include <array>

#include "model/notes/note.h"
#include "model/store/snapshot.h"
#include "model/trace/trace.h"

namespace spanreel::views {

inline constexpr std::array kNoteColours{notes::NoteColour::Yellow, notes::NoteColour::Green,  notes::NoteColour::Blue,
                                  notes::NoteColour::Red,    notes::NoteColour::Purple, notes::NoteColour::Grey};

/// A note without text on the selection's log, else its span, else its range, else its trace; stamped now, random id.
/// Nothing where no trace is selected. O(1).
[[nodiscard]] std::optional<notes::Note> noteOn(const Selection& selection, const store::StoreSnapshot& snapshot);

/// What a note is on, in words, as far as `trace` (may be null or another one) knows it.
[[nodiscard]] QString noteTarget(const notes::Note& note, const trace::Trace* trace);
[[nodiscard]] QString noteColourName(notes::NoteColour colour);
[[nodiscard]] QIcon noteColourIcon(notes::NoteColour colour);
/// The first line of a note's text without Markdown's marks; "(no text)" for none.
[[nodiscard]] QString noteTitle(const std::string& markdown);

}  // namespace spanreel::views
