// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/snapshot_bridge.h"

namespace spanreel::app {

SnapshotBridge::SnapshotBridge(store::TraceStore& store, QObject* parent) : QObject(parent), m_store(store) {
    m_store.setListener([this] {
        m_changes.fetch_add(1, std::memory_order_release);
        m_changes.notify_one();
    });
    m_thread = std::thread([this] { run(); });
}

SnapshotBridge::~SnapshotBridge() {
    m_store.setListener({});
    m_stop = true;
    m_onItsWay = false;
    m_onItsWay.notify_one();
    m_changes.fetch_add(1, std::memory_order_release);
    m_changes.notify_one();
    m_thread.join();
}

void SnapshotBridge::run() {
    std::uint32_t seen = 0;
    while (!m_stop) {
        m_changes.wait(seen, std::memory_order_acquire);
        m_onItsWay.wait(true);
        if (m_stop) return;
        seen = m_changes.load(std::memory_order_acquire);
        auto snapshot = m_store.snapshot();
        m_onItsWay = true;
        QMetaObject::invokeMethod(
            this,
            [this, snapshot = std::move(snapshot)] {
                m_onItsWay = false;
                m_onItsWay.notify_one();
                emit snapshotReady(snapshot);
            },
            Qt::QueuedConnection);
        std::this_thread::sleep_for(kPace);  // what changes meanwhile is seen after it
    }
}

}  // namespace spanreel::app
