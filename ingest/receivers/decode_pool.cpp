// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/decode_pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <malloc.h>

namespace spanreel::ingest {
namespace {

constexpr auto kIdle = std::chrono::seconds(1);
/// What a job takes at least, with all that belongs to a call.
constexpr std::size_t kLeastOfJob = 16 * 1024;

/// Gives freed memory back to the system.
void trimHeap() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

}  // namespace

DecodePool::DecodePool(std::size_t threads, std::size_t maxBytes) : m_maxBytes(maxBytes) {
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) m_threads.emplace_back([this](std::stop_token stop) { work(std::move(stop)); });
}

DecodePool::~DecodePool() {
    for (auto& thread : m_threads) thread.request_stop();
    m_wake.notify_all();
    m_threads.clear();
}

bool DecodePool::post(std::size_t bytes, std::function<void()> job) {
    bytes = std::max(bytes, kLeastOfJob);
    {
        const std::lock_guard lock(m_mutex);
        if (m_held != 0 && m_held + bytes > m_maxBytes) return false;
        m_jobs.push_back({bytes, std::move(job)});
        m_held += bytes;
    }
    m_wake.notify_one();
    return true;
}

std::size_t DecodePool::bytesHeld() const {
    const std::lock_guard lock(m_mutex);
    return m_held;
}

void DecodePool::runHere(const std::function<void()>& job) {
    job();
    const std::lock_guard lock(m_mutex);
    ++m_ran;
    if (std::exchange(m_trimmed, false)) m_wake.notify_one();  // somebody has to see when nothing follows
}

/// Waits for a job; true where none has run for a while.
bool DecodePool::isIdle(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
    const auto before = m_ran;
    return !m_wake.wait_for(lock, stop, kIdle, [this] { return !m_jobs.empty(); }) && m_ran == before;
}

void DecodePool::work(std::stop_token stop) {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (isIdle(lock, stop) && !stop.stop_requested()) {
                const bool trim = !std::exchange(m_trimmed, true);
                lock.unlock();
                m_bodies.release();
                if (trim) trimHeap();
                lock.lock();
                m_wake.wait(lock, stop, [this] { return !m_jobs.empty() || !m_trimmed; });
            }
            if (m_jobs.empty()) {
                if (stop.stop_requested()) return;  // and nothing is left
                continue;
            }
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job.run();
        job.run = nullptr;
        const std::lock_guard lock(m_mutex);
        m_held -= job.bytes;
        ++m_ran;
        m_trimmed = false;
    }
}

}  // namespace spanreel::ingest
