// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <memory>
#include <stop_token>

#include "app/studio/import_queue.h"
#include "ingest/receivers/receiver_set.h"
#include "model/journal/journal_trim.h"
#include "model/store/trace_store.h"

namespace spanreel::journal {
class JournalSeries;
class SessionFolder;
struct JournalEvent;
struct SessionCounts;
}
namespace spanreel::views {
class ViewContext;
}

namespace spanreel::app {

class NotesKeeper;
class Settings;
class SnapshotBridge;

/// How a session keeps what it receives.
struct SessionKeeping {
    bool keep = true;                         ///< received data and its notes get a session folder
    bool durable = false;                     ///< senders are answered when the disk itself has it
    std::uint64_t rotateAt = 256ull << 20;  ///< bytes of one journal file
    std::uint64_t memoryBudget = 0;         ///< bytes, 0 = no bound
};

/// Everything open in one window: the store, the files read into it, the receivers and their journal, the notes beside
/// them. Feeds the window's context; what may block runs on its worker. GUI thread.
class Session : public QObject {
    Q_OBJECT
public:
    Session(views::ViewContext& context, const SessionKeeping& keeping, QObject* parent = nullptr);
    ~Session() override;

    void openFile(const QString& path);
    void openSample();
    /// Reads the journals of an earlier session.
    /// Names the user gave to sessions, by folder name: what opened ones are called.
    void setSessionNames(std::map<std::string, std::string> names);
    void openJournals(const QStringList& files);
    [[nodiscard]] ImportQueue& imports() { return *m_imports; }

    /// Starts the receivers that are wanted and not listening yet; `receiversChanged` tells the outcome.
    void startReceivers(const ingest::ReceiverConfig& config);
    void stopReceivers();
    /// What the records take; read without a lock.
    [[nodiscard]] const store::MemoryGauge& memory() const { return m_store.memory(); }
    /// What the last start brought about; addresses that listen now.
    [[nodiscard]] const ingest::StartResult& receivers() const { return m_receiverState; }
    [[nodiscard]] bool receiversStarting() const { return m_starting; }
    /// Null until receivers have started once.
    [[nodiscard]] const ingest::ReceiverHealth* health(ingest::Protocol protocol) const;
    /// Refused origins and hosts as of the last `pollRefusals`.
    [[nodiscard]] const std::vector<ingest::Refusal>& refusals() const { return m_refusals; }
    void pollRefusals();
    void allow(const ingest::Refusal& refusal);

    /// Forgets all data and begins anew; receivers go on listening. Files opened after it wait until the data are gone.
    void startAnew(const ingest::ReceiverConfig& config);
    /// Folder of the session on disk; empty while it has none.
    [[nodiscard]] QString folder() const { return m_folder; }
    /// Frees about `bytes` of what this session has on disk, fairly among services; what is in memory stays.
    /// `journalsTrimmed` tells how far that went.
    void trimJournals(std::uint64_t bytes);

signals:
    void receiversChanged();
    void refusalsChanged();
    void problem(const QString& sentence);
    void problemOver(const QString& sentence);  ///< what `problem` told holds no longer
    /// What is received can no longer be written, or can again; an empty sentence: it goes on elsewhere, as `problem` told.
    void writingChanged(bool goesOn, const QString& sentence);
    /// A journal file is full and another one begun: time to look at the room that is left.
    void journalRotated();
    void journalsTrimmed(const spanreel::journal::Trimmed& gone);

private:
    void takeSnapshot(const store::SnapshotPtr& snapshot);
    void openJournal(int run);                 ///< on the worker
    void keep(int run);                        ///< on the worker
    Result<std::string> makeFolder(int run);   ///< on any thread, one at a time
    void takeEvent(const journal::JournalEvent& event);
    void closeJournal();                 ///< on the worker
    [[nodiscard]] journal::SessionCounts received() const;  ///< on the worker

    views::ViewContext& m_context;
    const SessionKeeping m_keeping;
    store::TraceStore m_store;
    std::unique_ptr<SnapshotBridge> m_bridge;
    std::unique_ptr<journal::SessionFolder> m_diskFolder;  ///< set with the journal's lock held, or while there is none
    std::unique_ptr<journal::JournalSeries> m_journal;     ///< worker only
    std::unique_ptr<journal::SessionCounts> m_trimmed;     ///< worker only: received, and not or no longer on disk
    std::stop_source m_ending;                             ///< of this run, for trimming
    std::unique_ptr<ingest::ReceiverSet> m_receivers;      ///< worker only
    const ingest::ReceiverSet* m_shown = nullptr;          ///< the same, for its health
    std::uint64_t m_refusalCount = 0;
    ingest::StartResult m_receiverState;
    std::vector<ingest::Refusal> m_refusals;
    bool m_starting = false;
    QTimer m_keepAgain;  ///< while what is received is not kept, though it should be
    bool m_toldUnkept = false;
    int m_run = 0;  ///< counts `startAnew`: what other threads tell of an earlier run comes too late
    QString m_folder;
    std::unique_ptr<NotesKeeper> m_notes;
    std::unique_ptr<ImportQueue> m_imports;
    std::unique_ptr<WorkerThread> m_worker;
};

}  // namespace spanreel::app
