// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThread>
#include <functional>
#include <utility>

namespace spanreel::app {

/// One thread that runs tasks in the order they were posted: for what may block (ports, files). Any thread posts; a post
/// is a queued call in the thread's event loop and waits for nothing. Destruction runs what has been posted, then joins.
class WorkerThread {
public:
    WorkerThread() {
        m_target.moveToThread(&m_thread);
        m_thread.start();
    }
    ~WorkerThread() {
        post([this] { m_thread.quit(); });  // behind all that was posted before
        m_thread.wait();
    }
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    void post(std::function<void()> task) { QMetaObject::invokeMethod(&m_target, std::move(task), Qt::QueuedConnection); }

private:
    QThread m_thread;
    QObject m_target;  ///< lives in the thread; its events are the tasks
};

}  // namespace spanreel::app
