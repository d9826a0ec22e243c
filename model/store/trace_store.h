// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "model/store/snapshot.h"

namespace spanreel::store {

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

    /// `callback` runs on the appending thread after each change; it must be quick (set a flag, wake the bridge).
    void setListener(std::function<void()> callback);

private:
    struct Writer;
    void notify();
    std::mutex m_mutex;
    std::unique_ptr<Writer> m_writer;
    std::mutex m_listenerMutex;
    std::function<void()> m_listener;
};

}  // namespace spanreel::store
