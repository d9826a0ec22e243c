// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/notes_keeper.h"

#include <QThread>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <utility>

#include "app/problem_text.h"
#include "app/studio/paths.h"
#include "app/studio/worker_thread.h"
#include "model/core/text.h"
#include "model/notes/sidecar.h"
#include "views/context.h"

namespace spanreel::app {

namespace {

constexpr int kSaveMs = 500;
constexpr int kSaveAgainMs = 3000;

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
    for (const auto& info : snapshot.sources()) {
        if (info.id != source) continue;
        const bool isFile = info.kind == store::SourceKind::Recovered || (info.kind == store::SourceKind::File && !notes::isStream(info.name));
        return isFile ? keeperOf(info.name) : std::string();
    }
    return {};
}

}  // namespace

NotesKeeper::NotesKeeper(views::ViewContext& context, WorkerThread& worker, QObject* parent) : QObject(parent), m_context(context), m_worker(worker) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { save(); });
    connect(&context, &views::ViewContext::notesChanged, this, &NotesKeeper::changed);
}

bool NotesKeeper::unsaved() const { return m_context.notes().revision() != m_saved; }

void NotesKeeper::changed() {
    if (unsaved()) m_timer.start(kSaveMs);
}

void NotesKeeper::setSessionFolder(const QString& folder) {
    if (folder == m_sessionFolder) return;
    m_sessionFolder = folder;
    if (folder.isEmpty() || m_context.notes().notes().empty()) return;
    m_saved.reset();
    changed();
}

void NotesKeeper::load(const QString& dataFile) {
    m_worker.post([this, given = dataFile.toStdString(), run = m_run.load()] {
        if (run != m_run) return;  // a large file takes a while
        const std::string file = keeperOf(given);
        auto loaded = isSessionNotes(file) ? notes::readNotesFile(file) : notes::loadNotes(file, dataFolder().toStdString());
        std::set<std::string> known;
        for (const auto& [id, kept] : m_kept)
            if (kept.file == file) known.insert(id);
        QMetaObject::invokeMethod(
            this,
            [this, run, file, loaded = std::move(loaded), known = std::move(known)] {
                if (run != m_run) return;
                if (isSessionNotes(file) && !m_loaded.insert(file).second) return;  // a session has several journals
                if (loaded) take(file, *loaded, known);
                else emit problem(tr("The notes of %1 cannot be read: %2").arg(QString::fromStdString(file), QString::fromStdString(problemText(loaded.error()))));
            },
            Qt::QueuedConnection);
    });
}

void NotesKeeper::take(const std::string& file, const notes::NotesFile& loaded, const std::set<std::string>& known) {
    if (!loaded.unread.empty())
        emit problem(tr("%n of the notes of %1 cannot be read. They stay where they are.", nullptr, static_cast<int>(loaded.unread.size())).arg(QString::fromStdString(file)));
    auto taken = loaded.notes;
    const bool clean = !unsaved();
    if (!clean)  // may have changed here, or gone
        std::erase_if(taken, [&](const notes::Note& note) { return m_context.notes().find(note.id) || known.contains(note.id); });
    if (taken.empty()) return;
    m_context.editNotes([&](notes::NoteBook& book) { book.load(taken); });
    if (clean) {
        m_saved = m_context.notes().revision();
        m_timer.stop();
    }
    m_worker.post([this, file, taken = std::move(taken)] {
        for (const auto& note : taken) m_kept[note.id] = {file, note};
    });
}

void NotesKeeper::flush(bool last) {
    m_timer.stop();
    if (unsaved()) save(last);
}

void NotesKeeper::reset() {
    ++m_run;
    m_timer.stop();
    m_saved = 0;
    for (const QString& sentence : std::exchange(m_told, {})) emit problemOver(sentence);
    m_loaded.clear();
    m_worker.post([this] {
        m_kept.clear();
        m_keptIn.clear();
    });
}

NotesKeeper::Failures NotesKeeper::write(const std::vector<notes::Note>& all, const store::StoreSnapshot& snapshot, const std::string& session) {
    if (const auto before = std::exchange(m_keptIn, session); before != session) std::erase_if(m_kept, [](const auto& kept) { return kept.second.file.empty(); });  // the new folder has none of them
    std::map<std::string, notes::NoteChanges> changes;
    std::set<std::string_view> here;
    for (const auto& note : all) {
        here.insert(note.id);
        const auto kept = m_kept.find(note.id);
        auto& change = changes[kept != m_kept.end() ? kept->second.file : homeOf(note, snapshot)];
        change.notes.push_back(note);
        if (kept != m_kept.end() && kept->second.note == note) change.unchanged.insert(note.id);
    }
    for (const auto& [id, kept] : m_kept)
        if (!here.contains(id)) changes[kept.file].removed.insert(id);

    Failures failures;
    for (const auto& [file, change] : changes) {
        if (change.removed.empty() && change.unchanged.size() == change.notes.size()) continue;
        if (file.empty() && session.empty()) {
            failures.sentences << tr("This session has no folder on disk, so notes on the sample or on received traces last only until it ends. File > Export report keeps them.");
            continue;
        }
        const bool isSession = file.empty() || isSessionNotes(file);
        const auto written = isSession ? notes::writeNotesFile(file.empty() ? session + "/notes.json" : file, change) : notes::saveNotes(change, file, dataFolder().toStdString());
        if (written) {
            for (const auto& note : change.notes) m_kept[note.id] = {file, note};
            for (const auto& id : change.removed) m_kept.erase(id);
            continue;
        }
        const QString reason = QString::fromStdString(problemText(written.error()));
        failures.tryAgain = true;
        failures.sentences << (isSession ? tr("The session's notes cannot be saved: %1").arg(reason) : tr("The notes of %1 cannot be saved: %2").arg(QString::fromStdString(file), reason));
    }
    return failures;
}

void NotesKeeper::save(bool last) {
    m_worker.post([this, last, run = m_run.load(), revision = m_context.notes().revision(), all = m_context.notes().notes(), snapshot = m_context.snapshot(), session = m_sessionFolder.toStdString()] {
        const auto failures = write(all, *snapshot, session);
        if (last)  // nobody is left to hear of it
            for (const QString& sentence : failures.sentences) std::fprintf(stderr, "spanreel: %s\n", escapeControls(sentence.toStdString()).c_str());
        QMetaObject::invokeMethod(
            this,
            [this, run, revision, folder = QString::fromStdString(session), failures] {
                const auto& sentences = failures.sentences;
                const QStringList told = run == m_run ? std::exchange(m_told, sentences) : QStringList();
                for (const QString& sentence : sentences)
                    if (!told.contains(sentence)) emit problem(sentence);
                for (const QString& sentence : told)
                    if (!sentences.contains(sentence)) emit problemOver(sentence);
                if (run != m_run) return;
                if (failures.tryAgain && !m_timer.isActive()) m_timer.start(kSaveAgainMs);
                if (sentences.isEmpty() && folder == m_sessionFolder) m_saved = revision;
            },
            Qt::QueuedConnection);
    });
}

}  // namespace spanreel::app
