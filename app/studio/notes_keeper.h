// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <map>
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
/// second after the last change, and at once on `flush`. GUI thread; files are touched on the worker only.
class NotesKeeper : public QObject {
    Q_OBJECT
public:
    NotesKeeper(views::ViewContext& context, WorkerThread& worker, QObject* parent = nullptr);

    /// Reads the notes of an opened file into the context.
    void load(const QString& dataFile);
    /// Where notes that belong to no file go; empty = nowhere.
    void setSessionFolder(const QString& folder) { m_sessionFolder = folder; }
    void flush();
    /// Forgets which note belongs where, and what is still being read; call with the notes emptied.
    void reset();

signals:
    void problem(const QString& sentence);

private:
    void changed();
    void save();

    views::ViewContext& m_context;
    WorkerThread& m_worker;
    QTimer m_timer;
    QString m_sessionFolder;
    std::map<std::string, std::string> m_home;  ///< note id -> data file, where it was loaded from
    std::set<std::string> m_written;            ///< data files whose sidecar we have written or read
    std::vector<notes::Note> m_saved;
    int m_run = 0;  ///< counts `reset`: what the worker tells of an earlier run comes too late
};

}  // namespace spanreel::app
