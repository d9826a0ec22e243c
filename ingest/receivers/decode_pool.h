// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "ingest/io/body_memory.h"

namespace spanreel::ingest {

/// Threads that inflate and decode what the transports took in, bounded by the bytes that wait. A full pool refuses, and
/// the transport tells the sender to come back: nothing is queued without a bound and nothing is lost silently.
/// Thread-safe. Destruction runs what is queued, then joins.
class DecodePool {
public:
    DecodePool(std::size_t threads, std::size_t maxBytes);
    ~DecodePool();
    DecodePool(const DecodePool&) = delete;
    DecodePool& operator=(const DecodePool&) = delete;

    /// Queues `job`, which holds about `bytes` bytes until it has run, and is counted as 16 KiB at least. False = full, the job was
    /// not taken. A job larger than the bound is taken when the pool is empty. Jobs must not throw.
    [[nodiscard]] bool post(std::size_t bytes, std::function<void()> job);
    /// Runs `job` at once on the calling thread, which is one of the pool's meanwhile: for a job so brief that handing it over
    /// costs as much.
    void runHere(const std::function<void()>& job);
    [[nodiscard]] std::size_t bytesHeld() const;
    /// Memory for the bodies of jobs. When the pool has had nothing to do for a second it is freed, and what jobs have freed
    /// goes back to the system.
    [[nodiscard]] BodyMemory& bodies() { return m_bodies; }

private:
    void work(std::stop_token stop);
    bool isIdle(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);

    struct Job {
        std::size_t bytes;
        std::function<void()> run;
    };
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Job> m_jobs;
    std::size_t m_held = 0;
    std::uint64_t m_ran = 0;  ///< jobs
    bool m_trimmed = true;    ///< since the last of them
    const std::size_t m_maxBytes;
    BodyMemory m_bodies;
    std::vector<std::jthread> m_threads;
};

}  // namespace spanreel::ingest
