// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "model/store/snapshot.h"

namespace spanreel::store {

class StoreWriter;

/// The session's records. Writers (import and receiver threads) append whole batches one at a time; readers take
/// immutable snapshots. Every call may block for the length of one append: never call it on the GUI thread, which gets
/// its snapshots from the bridge in app/.
class TraceStore {
public:
    TraceStore();
    ~TraceStore();
    TraceStore(const TraceStore&) = delete;
    TraceStore& operator=(const TraceStore&) = delete;

    /// Registers a source of records.
    SourceId addSource(SourceKind kind, std::string name);
    /// Replaces the report of a source.
    void updateSource(SourceId source, ImportReport report, bool finished);

    /// Appends all records of the batch and publishes them. A batch with synthetic-trace spans (zero ids) gets one
    /// synthetic trace id of its own for `syntheticGroup` (equal group of one source = equal trace).
    void append(Batch batch, SourceId source, std::uint64_t syntheticGroup = 0);

    /// The newest snapshot; cached per generation.
    [[nodiscard]] SnapshotPtr snapshot();

    /// Forgets all records and sources. Older snapshots stay readable.
    void clear();

    /// Waits until every full segment is packed. For measurements and tests.
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
    Waiting takeWaiting();
    static Sealed seal(const Waiting& full);
    void replace(const Waiting& full, Sealed sealed);
    void sealWaiting(std::stop_token stop);
    void notify();

    std::mutex m_mutex;
    std::unique_ptr<StoreWriter> m_writer;
    std::uint64_t m_generation = 1;
    SnapshotPtr m_cached;
    std::deque<Waiting> m_waiting;
    int m_sealing = 0;
    std::condition_variable_any m_wake, m_idle;
    std::mutex m_listenerMutex;
    std::function<void()> m_listener;
    std::jthread m_sealer;  ///< packs full segments beside the appending
};

}  // namespace spanreel::store
