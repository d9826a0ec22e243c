// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/notes/note.h"

namespace spanreel::notes {

/// Where the notes of a data file lie, and reading and writing them. Blocking; for worker threads. A data file itself is
/// never written.

/// `<file>.spanreel-notes.json`, beside the file.
[[nodiscard]] std::string sidecarPath(const std::string& dataFile);
/// Is it a pipe or the like, which is read once and has no bytes to be known by? No: a missing one.
[[nodiscard]] bool isStream(const std::string& dataFile);
/// `<dataFolder>/notes/<XXH3-128 of the file's bytes>.json`: for a file whose folder cannot be written. Reads the whole
/// file, which must be a regular one; error CannotOpen or CannotRead.
[[nodiscard]] Result<std::string> fallbackPath(const std::string& dataFile, const std::string& dataFolder);

/// Notes of a data file: the sidecar's and the fallback's, which count where both have a note; none is no error, one that cannot be
/// read is.
[[nodiscard]] Result<NotesFile> loadNotes(const std::string& dataFile, const std::string& dataFolder);
/// What to write into a notes file that others write too. What of theirs is named nowhere here stays as it is.
struct NoteChanges {
    std::vector<Note> notes;          ///< as they are here
    std::set<std::string> removed;    ///< ids that go from the file
    std::set<std::string> unchanged;  ///< ids among `notes`, which were in the file: what a file there says of them counts
};

/// Writes into the sidecar, or into the fallback where that cannot be written; what goes into the sidecar leaves the fallback. Tells
/// where, as `writeNotesFile` does. A note of a sidecar that cannot be written is not removed by it: it is back when the file is
/// opened next.
[[nodiscard]] Result<std::string> saveNotes(const NoteChanges& changes, const std::string& dataFile, const std::string& dataFolder);

/// One notes file by its own path (a live session's notes.json): missing = none.
[[nodiscard]] Result<NotesFile> readNotesFile(const std::string& path);
/// Reads the file anew and puts the changes into it, with its folder locked against other windows that do the same. Atomic: a
/// temporary file of mode 0600 beside it, fsync, rename. Entries of the file there that cannot be read stay; where nothing
/// is left it is removed. Returns the path, empty where there was and is no file.
[[nodiscard]] Result<std::string> writeNotesFile(const std::string& path, const NoteChanges& changes);

}  // namespace spanreel::notes
