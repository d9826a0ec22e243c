// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/notes/note.h"

namespace spanreel::notes {

/// Where the notes of a data file lie, and reading and writing them. Blocking; for worker threads. A data file itself is
/// never written.

/// `<file>.spanreel-notes.json`, beside the file.
[[nodiscard]] std::string sidecarPath(const std::string& dataFile);
/// `<dataFolder>/notes/<XXH3-128 of the file's bytes>.json`: for a file whose folder cannot be written. Reads the whole
/// file; error CannotOpen or CannotRead.
[[nodiscard]] Result<std::string> fallbackPath(const std::string& dataFile, const std::string& dataFolder);

/// Notes of a data file: the sidecar's, else the fallback's, else none (no error). An unreadable sidecar is an error.
[[nodiscard]] Result<NotesFile> loadNotes(const std::string& dataFile, const std::string& dataFolder);
/// Writes the sidecar, or the fallback where the folder cannot be written; tells where. No notes and no sidecar = writes
/// nothing and returns an empty path; no notes and a sidecar = the sidecar is removed, unless entries that we cannot read are in it.
[[nodiscard]] Result<std::string> saveNotes(const std::vector<Note>& notes, const std::string& dataFile, const std::string& dataFolder);

/// One notes file by its own path (a live session's notes.json): missing = none.
[[nodiscard]] Result<NotesFile> readNotesFile(const std::string& path);
/// Atomic: a temporary file of mode 0600 beside it, fsync, rename. Entries of the file there that cannot be read stay.
[[nodiscard]] Result<void> writeNotesFile(const std::string& path, const std::vector<Note>& notes);

}  // namespace spanreel::notes
