// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <functional>
#include <utility>

namespace spanreel::views {

/// When a view lists anew while data arrives: one listing at a time, and after each a pause in proportion to what it cost,
/// so that a busy receiver neither starves the view nor fills the query pool. What the user asks for never waits. GUI thread.
class QueryPace {
public:
    /// `run` starts work in one slot of the QueryRunner and calls done() with its answer; started anew before that, the slot
    /// drops the work under way. `shortestMs` is the least pause between two listings.
    QueryPace(int shortestMs, std::function<void()> run) : m_shortestMs(shortestMs), m_run(std::move(run)) {
        m_pause.setSingleShot(true);
        m_pause.callOnTimeout([this] { start(); });
    }

    /// Data came: it is listed when its turn has come.
    void arrived() {
        if (m_running) {
            m_stale = true;
            return;
        }
        if (m_pause.isActive()) return;
        const qint64 pause = m_since.isValid() ? std::max<qint64>(m_shortestMs, m_costMs * kCostFactor) - m_since.elapsed() : 0;
        if (pause > 0) m_pause.start(static_cast<int>(pause));
        else start();
    }
    /// The user asked for something else: now, in place of what is under way.
    void start() {
        m_pause.stop();
        m_running = true;
        m_stale = false;
        m_since.start();
        m_run();
    }
    /// The answer is there. What came meanwhile follows after a pause.
    void done() {
        m_running = false;
        m_costMs = m_since.restart();
        if (std::exchange(m_stale, false)) arrived();
    }
    [[nodiscard]] bool running() const { return m_running; }

private:
    static constexpr int kCostFactor = 4;  ///< a listing may take a fifth of the time

    int m_shortestMs;
    std::function<void()> m_run;
    QTimer m_pause;
    QElapsedTimer m_since;  ///< since the listing under way began, else since the last ended
    qint64 m_costMs = 0;
    bool m_running = false, m_stale = false;
};

}  // namespace spanreel::views
