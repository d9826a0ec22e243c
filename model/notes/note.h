// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/core/ids.h"
#include "model/core/result.h"
#include "model/core/selection.h"

namespace spanreel::notes {

enum class NoteColour : std::uint8_t { Yellow, Green, Blue, Red, Purple, Grey };

/// A user's annotation. Its target is told by which members are set: trace only; trace + span; trace + log (a hash of
/// the log's content, with its time); trace + range. Keyed by ids and times, so it survives re-import.
struct Note {
    std::string id;                    ///< random, unique
    TraceId trace;
    std::optional<SpanId> span;
    std::optional<TimeRange> range;    ///< absolute time
    std::optional<std::uint64_t> logHash;  ///< XXH3-64 of time, ids and body
    std::uint64_t logTimeNs = 0;
    std::string text;                  ///< Markdown
    NoteColour colour = NoteColour::Yellow;
    std::uint64_t createdNs = 0;
    std::uint64_t changedNs = 0;
    bool operator==(const Note&) const = default;
};

/// All notes of a session with undo and redo. Plain data; the window wraps it with signals. One thread.
class NoteBook {
public:
    [[nodiscard]] const std::vector<Note>& notes() const { return m_notes; }
    [[nodiscard]] const Note* find(const std::string& id) const;
    [[nodiscard]] std::vector<const Note*> ofTrace(TraceId trace) const;

    void add(Note note);
    bool update(const Note& note);  ///< by id
    bool remove(const std::string& id);
    /// Loads without an undo step (opening a sidecar). A note whose id is known is replaced.
    void load(std::vector<Note> notes);

    [[nodiscard]] bool canUndo() const { return !m_undo.empty(); }
    [[nodiscard]] bool canRedo() const { return !m_redo.empty(); }
    void undo();
    void redo();
    /// Grows with every change; what was saved last can be compared against it.
    [[nodiscard]] std::uint64_t revision() const { return m_revision; }

private:
    void checkpoint();
    std::vector<Note> m_notes;
    std::vector<std::vector<Note>> m_undo, m_redo;
    std::uint64_t m_revision = 0;
};

/// What a notes file holds.
struct NotesFile {
    std::vector<Note> notes;
    /// Entries that could not be read, as JSON: they stay in the file when it is written again.
    std::vector<std::string> unread;
    bool operator==(const NotesFile&) const = default;
};

/// The sidecar's text: a JSON object {"format":"spanreel-notes","version":1,"notes":[…]}. The ends of a range are written
/// in order and read in either.
[[nodiscard]] std::string toJson(const std::vector<Note>& notes, const std::vector<std::string>& unread = {});
/// An error where the text as a whole is no notes file; an entry that is no note does not keep the others from being read.
[[nodiscard]] Result<NotesFile> fromJson(std::string_view text);

}  // namespace spanreel::notes
