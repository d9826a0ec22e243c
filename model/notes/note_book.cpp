// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "model/notes/note.h"

namespace spanreel::notes {

namespace {
constexpr std::size_t kUndoSteps = 200;
}

const Note* NoteBook::find(const std::string& id) const {
    const auto it = std::find_if(m_notes.begin(), m_notes.end(), [&](const Note& n) { return n.id == id; });
    return it == m_notes.end() ? nullptr : &*it;
}

std::vector<const Note*> NoteBook::ofTrace(TraceId trace) const {
    std::vector<const Note*> found;
    for (const auto& note : m_notes)
        if (note.trace == trace) found.push_back(&note);
    return found;
}

void NoteBook::checkpoint() {
    m_undo.push_back(m_notes);
    if (m_undo.size() > kUndoSteps) m_undo.erase(m_undo.begin());
    m_redo.clear();
    ++m_revision;
}

void NoteBook::add(Note note) {
    if (find(note.id)) {
        update(note);
        return;
    }
    checkpoint();
    m_notes.push_back(std::move(note));
}

bool NoteBook::update(const Note& note) {
    const auto* known = find(note.id);
    if (!known) return false;
    if (*known == note) return true;
    const auto index = static_cast<std::size_t>(known - m_notes.data());
    checkpoint();
    m_notes[index] = note;
    return true;
}

bool NoteBook::remove(const std::string& id) {
    const auto* known = find(id);
    if (!known) return false;
    const auto index = known - m_notes.data();
    checkpoint();
    m_notes.erase(m_notes.begin() + index);
    return true;
}

void NoteBook::load(std::vector<Note> loaded) {
    for (auto& note : loaded) {
        const auto it = std::find_if(m_notes.begin(), m_notes.end(), [&](const Note& n) { return n.id == note.id; });
        if (it != m_notes.end())
            *it = std::move(note);
        else
            m_notes.push_back(std::move(note));
    }
    // A step back must not make loaded notes vanish (and be saved so).
    m_undo.clear();
    m_redo.clear();
    ++m_revision;
}

void NoteBook::undo() {
    if (m_undo.empty()) return;
    m_redo.push_back(std::move(m_notes));
    m_notes = std::move(m_undo.back());
    m_undo.pop_back();
    ++m_revision;
}

void NoteBook::redo() {
    if (m_redo.empty()) return;
    m_undo.push_back(std::move(m_notes));
    m_notes = std::move(m_redo.back());
    m_redo.pop_back();
    ++m_revision;
}

}  // namespace spanreel::notes
