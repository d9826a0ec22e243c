// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/notes/note.h"
#include "model/store/snapshot.h"

namespace spanreel::views {
class ViewContext;
}

namespace spanreel::app {

class WorkerThread;

/// Loads and saves notes: those on a file's traces beside the file, the others in the session's folder. Saves half a
/// second after the last change, at once on `flush`, and what could not be saved again and again. Other windows may write the
/// same files: only what has changed here is changed there. GUI thread; files are touched on the worker only.
class NotesKeeper : public QObject {
    Q_OBJECT
public:
    NotesKeeper(views::ViewContext& context, WorkerThread& worker, QObject* parent = nullptr);

    /// Reads the notes of an opened file into the context.
    void load(const QString& dataFile);
    /// Where notes that belong to no file go; empty = nowhere. A new folder gets all of them.
    void setSessionFolder(const QString& folder);
    /// `last`: what cannot be saved is told on the error output, as the window is going.
    void flush(bool last = false);
    /// Forgets which note belongs where, and what is still being read; call with the notes emptied.
    void reset();

signals:
    /// Told once for as long as it lasts.
    void problem(const QString& sentence);
    /// What `problem` told holds no longer.
    void problemOver(const QString& sentence);

private:
    /// A note in its file, as it was last read or written.
    struct Kept {
        std::string file;  ///< data file or notes file; empty = the session's
        notes::Note note;
    };

    struct Failures {
        QStringList sentences;
        bool tryAgain = false;
    };

    [[nodiscard]] bool unsaved() const;
    void changed();
    void save(bool last = false);
    /// `known`: ids that were read from or written into the file before.
    void take(const std::string& file, const notes::NotesFile& loaded, const std::set<std::string>& known);
    Failures write(const std::vector<notes::Note>& all, const store::StoreSnapshot& snapshot, const std::string& session);  ///< on the worker

    views::ViewContext& m_context;
    WorkerThread& m_worker;
    QTimer m_timer;
    QString m_sessionFolder;
    std::optional<std::uint64_t> m_saved = 0;  ///< revision of the notes that is on disk
    QStringList m_told;
    std::set<std::string> m_loaded;            ///< notes files of earlier sessions
    std::atomic<int> m_run = 0;                ///< written by the GUI thread; counts `reset`: what the worker tells of an earlier run comes too late
    std::map<std::string, Kept> m_kept;        ///< worker only; by note id
    std::string m_keptIn;                      ///< worker only: the session's folder that has those of `m_kept` without a file
};

}  // namespace spanreel::app
