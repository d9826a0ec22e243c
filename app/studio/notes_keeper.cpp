// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/notes_keeper.h"

#include <QThread>
#include <filesystem>

#include "app/problem_text.h"
#include "app/studio/paths.h"
#include "app/studio/worker_thread.h"
#include "model/notes/sidecar.h"
#include "views/context.h"

namespace spanreel::app {

namespace {

/// Where the notes of a data file are kept: its own name, for a sidecar; or the notes file of an earlier session, whose
/// journals share one.
std::string keeperOf(const std::string& dataFile) {
    namespace fs = std::filesystem;
    const fs::path path(dataFile);
    const auto name = path.filename().string();
    const bool journal = name.starts_with("journal") && path.parent_path().parent_path().filename() == "sessions";
    std::error_code ignored;
    return journal && fs::exists(path.parent_path() / "lock", ignored) ? (path.parent_path() / "notes.json").string() : dataFile;
}
bool isSessionNotes(const std::string& keeper) {
    const std::filesystem::path path(keeper);
    return path.filename() == "notes.json" && path.parent_path().parent_path().filename() == "sessions";
}

/// The data file a note belongs to: that of the span it is on, else of its trace's root; empty = the session. On the worker.
std::string homeOf(const notes::Note& note, const store::StoreSnapshot& snapshot) {
    const auto index = snapshot.findTrace(note.trace);
    if (!index) return {};
    const auto& trace = snapshot.trace(*index);
    store::RowId row = trace.rootRow;
    if (note.span)
        for (store::RowId at = trace.lastRow; at != store::kNoRow; at = snapshot.span(at).previousInTrace())
            if (snapshot.span(at).spanId() == *note.span) {
                row = at;
                break;
            }
    store::SourceId source = 0;
    if (row != store::kNoRow) source = snapshot.span(row).source();
    else if (trace.lastLogRow != store::kNoRow) source = snapshot.log(trace.lastLogRow).source();
    else return {};
    for (const auto& info : snapshot.sources())
        if (info.id == source) return info.kind == store::SourceKind::File || info.kind == store::SourceKind::Recovered ? keeperOf(info.name) : std::string();
    return {};
}

}  // namespace

NotesKeeper::NotesKeeper(views::ViewContext& context, WorkerThread& worker, QObject* parent) : QObject(parent), m_context(context), m_worker(worker) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, &NotesKeeper::save);
    connect(&context, &views::ViewContext::notesChanged, this, &NotesKeeper::changed);
}

void NotesKeeper::changed() {
    if (m_context.notes().notes() != m_saved) m_timer.start();
}

void NotesKeeper::load(const QString& dataFile) {
    m_worker.post([this, given = dataFile.toStdString(), run = m_run] {
        const std::string file = keeperOf(given);
        auto loaded = isSessionNotes(file) ? notes::readNotesFile(file) : notes::loadNotes(file, dataFolder().toStdString());
        QMetaObject::invokeMethod(
            this,
            [this, run, file, loaded = std::move(loaded)] {
                if (run != m_run) return;
                if (!loaded) {
                    emit problem(tr("The notes of %1 cannot be read: %2").arg(QString::fromStdString(file), QString::fromStdString(problemText(loaded.error()))));
                    return;
                }
                if (isSessionNotes(file) && m_written.contains(file)) return;  // a session has several journals
                if (!loaded->unread.empty())
                    emit problem(tr("%n of the notes of %1 cannot be read. They stay where they are.", nullptr, static_cast<int>(loaded->unread.size())).arg(QString::fromStdString(file)));
                if (loaded->notes.empty() && loaded->unread.empty()) return;
                m_written.insert(file);
                for (const auto& note : loaded->notes) m_home[note.id] = file;
                m_timer.stop();
                m_context.editNotes([&](notes::NoteBook& book) { book.load(loaded->notes); });
                // What is beside the file need not be written again; earlier unsaved changes still are.
                for (const auto& note : loaded->notes) m_saved.push_back(note);
                changed();
            },
            Qt::QueuedConnection);
    });
}

void NotesKeeper::flush() {
    if (!m_timer.isActive()) return;
    m_timer.stop();
    save();
}

void NotesKeeper::reset() {
    ++m_run;
    m_timer.stop();
    m_home.clear();
    m_written.clear();
    m_saved.clear();
}

void NotesKeeper::save() {
    m_saved = m_context.notes().notes();
    m_worker.post([this, all = m_saved, snapshot = m_context.snapshot(), home = m_home, files = m_written, session = m_sessionFolder.toStdString(), run = m_run] {
        const std::string data = dataFolder().toStdString();
        std::map<std::string, std::vector<notes::Note>> byFile;
        for (const auto& file : files) byFile[file];  // a file whose last note went loses its sidecar
        std::error_code ignored;
        if (!session.empty() && std::filesystem::exists(session + "/notes.json", ignored)) byFile[{}];
        std::map<std::string, std::string> homes;
        for (const auto& note : all) {
            const auto known = home.find(note.id);
            const std::string file = known != home.end() ? known->second : homeOf(note, *snapshot);
            byFile[file].push_back(note);
            if (!file.empty()) homes[note.id] = file;
        }
        QString failure;
        for (const auto& [file, notes] : byFile) {
            if (file.empty()) {
                if (session.empty()) continue;
                if (const auto written = notes::writeNotesFile(session + "/notes.json", notes); !written)
                    failure = tr("The session's notes cannot be saved: %1").arg(QString::fromStdString(problemText(written.error())));
            } else if (isSessionNotes(file)) {
                if (const auto written = notes::writeNotesFile(file, notes); !written)
                    failure = tr("The session's notes cannot be saved: %1").arg(QString::fromStdString(problemText(written.error())));
            } else if (const auto written = notes::saveNotes(notes, file, data); !written) {
                failure = tr("The notes of %1 cannot be saved: %2").arg(QString::fromStdString(file), QString::fromStdString(problemText(written.error())));
            }
        }
        QMetaObject::invokeMethod(
            this,
            [this, run, homes, failure] {
                if (!failure.isEmpty()) emit problem(failure);
                if (run != m_run) return;
                for (const auto& [note, file] : homes) {
                    m_home[note] = file;
                    m_written.insert(file);
                }
            },
            Qt::QueuedConnection);
    });
}

}  // namespace spanreel::app
