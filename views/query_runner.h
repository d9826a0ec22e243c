// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <functional>
#include <map>
#include <stop_token>
#include <utility>

namespace spanreel::views {

/// Runs long work off the GUI thread and hands its result back by a queued event. Work belongs to a *slot* (a small
/// name, one per use): starting new work in a slot stops the old one, whose answer is dropped. GUI thread only.
class QueryRunner : public QObject {
    Q_OBJECT
public:
    explicit QueryRunner(QObject* parent = nullptr) : QObject(parent) {
        m_pool.setMaxThreadCount(2);
    }
    ~QueryRunner() override {
        for (auto& [slot, state] : m_slots) state.stop.request_stop();
        m_pool.waitForDone();
    }

    /// `work(stop_token) -> R` runs in the pool (no GUI access); `done(R)` on the GUI thread while `receiver` lives.
    template <class Work, class Done>
    void run(const QString& slot, QObject* receiver, Work work, Done done) {
        auto& state = m_slots[slot];
        state.stop.request_stop();
        state.stop = std::stop_source();
        const quint64 ticket = ++m_ticket;
        state.ticket = ticket;
        QPointer<QObject> target(receiver);
        m_pool.start([this, slot, ticket, target, token = state.stop.get_token(), work = std::move(work), done = std::move(done)]() mutable {
            if (token.stop_requested()) return;
            auto result = work(token);
            if (token.stop_requested()) return;
            QMetaObject::invokeMethod(
                this,
                [this, slot, ticket, target, result = std::move(result), done = std::move(done)]() mutable {
                    auto it = m_slots.find(slot);
                    if (it == m_slots.end() || it->second.ticket != ticket || !target) return;
                    done(std::move(result));
                },
                Qt::QueuedConnection);
        });
    }
    void cancel(const QString& slot) {
        auto it = m_slots.find(slot);
        if (it == m_slots.end()) return;
        it->second.stop.request_stop();
        it->second.ticket = ++m_ticket;
    }

private:
    struct SlotState {
        std::stop_source stop;
        quint64 ticket = 0;
    };
    QThreadPool m_pool;
    std::map<QString, SlotState> m_slots;
    quint64 m_ticket = 0;
};

}  // namespace spanreel::views
