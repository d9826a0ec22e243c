// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <memory>

#include "app/studio/import_queue.h"
#include "ingest/receivers/receiver_set.h"
#include "model/store/trace_store.h"

namespace spanreel::journal {
class JournalWriter;
}
namespace spanreel::views {
class ViewContext;
}

namespace spanreel::app {

class NotesKeeper;
class Settings;
class SnapshotBridge;

/// Everything open in one window: the store, the files read into it, the receivers and their journal, the notes beside
/// them. Feeds the window's context; what may block runs on its worker. GUI thread.
class Session : public QObject {
    Q_OBJECT
public:
    /// `keep` = received data and its notes get a session folder.
    Session(views::ViewContext& context, bool keep, QObject* parent = nullptr);
    ~Session() override;

    void openFile(const QString& path);
    void openSample();
    [[nodiscard]] ImportQueue& imports() { return *m_imports; }

    /// Starts the receivers that are wanted and not listening yet; `receiversChanged` tells the outcome.
    void startReceivers(const ingest::ReceiverConfig& config);
    void stopReceivers();
    /// What the last start brought about; addresses that listen now.
    [[nodiscard]] const ingest::StartResult& receivers() const { return m_receiverState; }
    [[nodiscard]] bool receiversStarting() const { return m_starting; }
    /// Null until receivers have started once.
    [[nodiscard]] const ingest::ReceiverHealth* health(ingest::Protocol protocol) const;
    /// Refused origins and hosts as of the last `pollRefusals`.
    [[nodiscard]] const std::vector<ingest::Refusal>& refusals() const { return m_refusals; }
    void pollRefusals();
    void allow(const ingest::Refusal& refusal);

    /// Forgets all data and begins anew; receivers go on listening.
    void startAnew(const ingest::ReceiverConfig& config);
    /// Folder of the session on disk; empty while it has none.
    [[nodiscard]] QString folder() const { return m_folder; }

signals:
    void receiversChanged();
    void refusalsChanged();
    void problem(const QString& sentence);

private:
    void takeSnapshot(const store::SnapshotPtr& snapshot);
    void openJournal();  ///< on the worker

    views::ViewContext& m_context;
    const bool m_keep;
    store::TraceStore m_store;
    std::unique_ptr<SnapshotBridge> m_bridge;
    std::unique_ptr<journal::JournalWriter> m_journal;     ///< worker only
    std::unique_ptr<ingest::ReceiverSet> m_receivers;      ///< worker only
    const ingest::ReceiverSet* m_shown = nullptr;          ///< the same, for its health
    std::uint64_t m_refusalCount = 0;
    ingest::StartResult m_receiverState;
    std::vector<ingest::Refusal> m_refusals;
    bool m_starting = false;
    QString m_folder;
    std::unique_ptr<NotesKeeper> m_notes;
    std::unique_ptr<ImportQueue> m_imports;
    std::unique_ptr<WorkerThread> m_worker;
};

}  // namespace spanreel::app
