// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "model/journal/journal_series.h"

namespace spanreel::app {

/// Removes old sessions, at the beginning and then every hour, by the user's settings, where `serve` records to one.
/// Keeps a recording of `serve` within its room on disk: looks ten times a second, on a thread of its own, and tells on
/// standard error what went. Where more comes than can be removed senders are told to come back. A session that somebody pinned or wrote notes on stays whole, which is told too.
class DiskBudget {
public:
    /// `budget` in bytes, 0 = no bound. `session`: the journal lies in the folder of a session.
    DiskBudget(journal::JournalSeries& journal, std::uint64_t budget, bool session);
    /// Stops, also in the middle of it; returns all that went.
    journal::Trimmed end();

private:
    void work(const std::stop_token& stop);
    void look(const std::stop_token& stop);
    void sweep(const std::stop_token& stop);

    journal::JournalSeries& m_journal;
    const std::uint64_t m_budget;
    const bool m_session;
    bool m_toldHeld = false;
    std::uint64_t m_toldBlocked = 0;
    std::chrono::steady_clock::time_point m_sweepAt;
    journal::Trimmed m_gone;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_worker;
};

}  // namespace spanreel::app
