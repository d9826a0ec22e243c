// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <atomic>
#include <chrono>
#include <thread>

#include "model/store/trace_store.h"

namespace spanreel::app {

/// Brings the store's newest snapshot to the GUI thread: its own thread waits for the store's listener, takes the
/// snapshot and queues it, at most one event in 50 ms and never a second before the first has been taken: nobody reads
/// figures more often, and what shows them takes some milliseconds from those who read and decode. The
/// GUI thread never locks and never touches the store. Made and destroyed on the GUI thread; `store` outlives it.
class SnapshotBridge : public QObject {
    Q_OBJECT
public:
    static constexpr std::chrono::milliseconds kPace{50};

    explicit SnapshotBridge(store::TraceStore& store, QObject* parent = nullptr);
    ~SnapshotBridge() override;

signals:
    void snapshotReady(spanreel::store::SnapshotPtr snapshot);

private:
    void run();

    store::TraceStore& m_store;
    std::atomic<std::uint32_t> m_changes{0};  ///< grows with every change of the store
    std::atomic<bool> m_onItsWay{false};      ///< an event the GUI thread has not taken yet
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

}  // namespace spanreel::app
