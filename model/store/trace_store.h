// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "model/store/memory_keeper.h"
#include "model/store/snapshot.h"

namespace spanreel::store {

class AttributeFront;
class StoreWriter;

/// The session's records. Writers (import and receiver threads) append whole batches one at a time; readers take
/// immutable snapshots. Every call may block for the length of one append: never call it on the GUI thread, which gets
/// its snapshots from the bridge in app/.
class TraceStore {
public:
    /// By default without a bound of memory.
    explicit TraceStore(MemoryPolicy memory = {});
    ~TraceStore();
    TraceStore(const TraceStore&) = delete;
    TraceStore& operator=(const TraceStore&) = delete;

    /// Registers a source of records.
    SourceTicket addSource(SourceKind kind, std::string name);
    /// Replaces the report of a source, unless the session was cleared since it was added.
    void updateSource(SourceTicket source, ImportReport report, bool finished);

    /// How many records of a source are in; 0 where the session was cleared since it was added.
    [[nodiscard]] std::uint64_t recordsOf(SourceTicket source);

    /// A front of this session, lent for as long as a request is read. Fronts are kept for the next that asks, while records
    /// come: a thread that reads on its own always gets the same. Any thread.
    class LentFront {
    public:
        LentFront(TraceStore& store, std::unique_ptr<AttributeFront> front);
        LentFront(LentFront&&) noexcept;
        LentFront& operator=(LentFront&&) = delete;
        ~LentFront();
        AttributeFront* get() { return m_front.get(); }

    private:
        TraceStore* m_store;
        std::unique_ptr<AttributeFront> m_front;
    };
    [[nodiscard]] LentFront lendFront();

    /// Appends all records of the batch and publishes them. Throws std::bad_alloc where memory fails: records that are in by then
    /// are whole, and it may be tried again. A batch with synthetic-trace spans (zero ids) gets one
    /// synthetic trace id of its own for `syntheticGroup` (equal group of one source = equal trace). Waits where memory is
    /// short and a disk takes what is packed; takes the batch even where the store is full: see `memory`. A batch read with
    /// a front that was lent before the session was cleared, or of a source of before, goes with that session.
    void append(Batch batch, SourceTicket source, std::uint64_t syntheticGroup = 0);

    /// The newest snapshot; cached per generation.
    [[nodiscard]] SnapshotPtr snapshot();

    /// Forgets all records and sources. Older snapshots stay readable; once nobody has any, the store's worker lets the
    /// memory of them go, which may take a while.
    void clear();
    /// Forgets all records; sources go on. Returns the last snapshot of what was; batches looked up in it and not yet appended are dropped.
    SnapshotPtr startOver();

    /// What is taken and whether more may come (`full`): whoever appends asks before. Any thread, without a lock.
    [[nodiscard]] const MemoryGauge& memory() const { return m_keeper.gauge(); }

    /// Waits until every full segment is packed and what memory has no room for is on disk, and drops what is kept for
    /// segments and batches to come, which otherwise goes after a second without any. For measurements and tests.
    void waitSealed();

    /// `callback` runs on the thread that made a change, after it; it must be quick (set a flag, wake the bridge).
    void setListener(std::function<void()> callback);

private:
    /// A full segment, of spans or of logs, that is to be packed.
    struct Waiting {
        std::shared_ptr<const SpanSegment> spans;
        std::shared_ptr<const LogSegment> logs;
        std::shared_ptr<StoreData> data;
    };
    struct Sealed {
        std::shared_ptr<const SpanSegment> spans;
        std::shared_ptr<const LogSegment> logs;
    };
    void replaceWriter(std::unique_ptr<StoreWriter> writer);
    void tellCleared();
    const SnapshotPtr& newest();
    void queueFull();
    bool sealBesideAppending();
    static void waitForMemory(std::unique_lock<std::mutex>& lock);
    static Sealed seal(const Waiting& full, SealScratch& scratch);
    void replace(const Waiting& full, Sealed sealed);
    void work(std::stop_token stop);
    void sealOldest(std::unique_lock<std::mutex>& lock);
    void spill(std::unique_lock<std::mutex>& lock);
    void dropOldFile(std::unique_lock<std::mutex>& lock);
    void letGo(std::unique_lock<std::mutex>& lock);
    void letGoOfEnded(std::unique_lock<std::mutex>& lock);
    void countMemory();
    [[nodiscard]] bool hasSpare() const;
    void dropSpare();  ///< while nothing is being packed
    [[nodiscard]] bool hasFronts();
    void dropFronts();
    [[nodiscard]] bool settled() const { return m_waiting.empty() && m_sealing == 0 && !m_keeper.hasWork() && !m_keeper.isWorking(); }
    void notify();
    void giveBack(std::unique_ptr<AttributeFront> front);

    std::mutex m_mutex;
    std::unique_ptr<StoreWriter> m_writer;
    std::uint32_t m_session = 0;  ///< how often it was cleared
    std::uint64_t m_generation = 1;
    SnapshotPtr m_cached;
    std::list<SnapshotPtr> m_ended;  ///< all of each session that was cleared, while somebody reads it
    const std::size_t m_mostWaiting;
    std::list<Waiting> m_waiting;
    int m_sealing = 0;
    std::unique_ptr<SealScratch> m_workerScratch, m_appenderScratch;
    std::size_t m_workerScratchBytes = 0, m_appenderScratchBytes = 0;  ///< when they were last at rest
    MemoryKeeper m_keeper;
    std::condition_variable_any m_wake, m_idle;
    std::mutex m_frontMutex;
    std::shared_ptr<StoreData> m_frontData;  ///< the writer's
    std::vector<std::unique_ptr<AttributeFront>> m_fronts;
    std::mutex m_listenerMutex;
    std::function<void()> m_listener;
    bool m_dozes = false;  ///< the worker waits for work alone, and does not look at the time
    std::jthread m_worker;  ///< packs full segments and takes them to disk, beside the appending, and lets go; last: ends first
};

}  // namespace spanreel::store
