// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/studio/worker_thread.h"
#include "ingest/import_file.h"
#include "model/core/ids.h"
#include "model/store/trace_store.h"

namespace spanreel::app {

/// What became of one file. `snapshot` has all of it.
struct ImportOutcome {
    QString path;
    store::SourceKind kind = store::SourceKind::File;
    ingest::ImportResult result;
    store::SnapshotPtr snapshot;
    bool cancelled = false;
    std::optional<int> percentRead;  ///< of the bytes of the file; none where its size is not known
    bool dropped = false;            ///< cancelled with the session it was read into: nothing of it stays
};

/// Imports files one after the other on its own thread. GUI thread only.
class ImportQueue : public QObject {
    Q_OBJECT
public:
    explicit ImportQueue(store::TraceStore& store, QObject* parent = nullptr);
    ~ImportQueue() override;

    void add(const QString& path, store::SourceKind kind = store::SourceKind::File);
    /// Stops the running import (what it kept stays) and forgets the waiting ones.
    /// `drop`: the session goes with it.
    void cancel(bool drop = false);
    /// Files added from now on wait until `release`.
    void hold() { m_held = true; }
    void release();

    [[nodiscard]] bool busy() const { return m_done < m_total; }
    [[nodiscard]] int total() const { return m_total; }  ///< of this run: since the queue was last empty
    [[nodiscard]] int done() const { return m_done; }
    [[nodiscard]] QString current() const;
    /// Of the running import; null when idle. Its fields are atomic.
    [[nodiscard]] const ingest::ImportProgress* progress() const;

signals:
    void changed();  ///< began, next file, ended
    void finished(const spanreel::app::ImportOutcome& outcome);

private:
    struct Job {
        QString path;
        store::SourceKind kind;
        ingest::ImportProgress progress;
        std::stop_source stop;
        bool dropped = false;  ///< GUI thread
    };
    [[nodiscard]] const Job* front() const;  ///< of this session; null = none
    void begin(const std::shared_ptr<Job>& job);
    void take(const std::shared_ptr<Job>& job, const ImportOutcome& outcome);

    store::TraceStore& m_store;
    std::vector<std::shared_ptr<Job>> m_jobs;  ///< running first
    std::vector<std::shared_ptr<Job>> m_waiting;  ///< those of them that are held
    bool m_held = false;
    int m_total = 0;
    int m_done = 0;
    std::unique_ptr<WorkerThread> m_worker;  ///< last: joins before the rest goes
};

}  // namespace spanreel::app
