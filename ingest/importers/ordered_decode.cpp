// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/ordered_decode.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

#include <sched.h>

namespace spanreel::ingest {

namespace {

constexpr std::size_t kMostBytes = 24u << 20;  ///< of blocks under way; decoded they take about three times as much
constexpr std::size_t kFirstBlocks = 3;        ///< under way at first
std::atomic<unsigned> g_helpers{0};            ///< of all imports

}  // namespace

unsigned usableCores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) return std::max(1u, std::thread::hardware_concurrency());
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
}

OrderedDecode::OrderedDecode(unsigned threads) : m_helpers((threads ? threads : usableCores()) - 1) {}

OrderedDecode::~OrderedDecode() {
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_entries, [](const auto& entry) { return entry->state == State::Waiting; });
    }
    for (auto& thread : m_threads) thread.request_stop();
    g_helpers.fetch_sub(static_cast<unsigned>(m_threads.size()), std::memory_order_relaxed);
    m_threads.clear();
}

void OrderedDecode::startHelper() {
    const unsigned most = std::max(m_helpers, usableCores() - 1);
    unsigned running = g_helpers.load(std::memory_order_relaxed);
    do {
        if (running >= most) return;
    } while (!g_helpers.compare_exchange_weak(running, running + 1, std::memory_order_relaxed));
    try {
        m_threads.emplace_back([this](std::stop_token stop) { help(std::move(stop)); });
    } catch (const std::exception&) {  // no more threads, or no memory for one: it goes without
        g_helpers.fetch_sub(1, std::memory_order_relaxed);
    }
}

void OrderedDecode::add(std::unique_ptr<Job> job, std::size_t bytes) {
    auto entry = std::make_unique<Entry>();
    entry->job = std::move(job);
    entry->bytes = bytes;
    m_held += bytes;
    {
        const std::lock_guard lock(m_mutex);
        m_entries.push_back(std::move(entry));
    }
    // One block alone is not worth a thread.
    if (m_entries.size() > 1 && m_threads.size() < m_helpers) startHelper();
    m_work.notify_one();
}

bool OrderedDecode::full() const {
    if (m_helpers == 0) return !m_entries.empty();  // while its bytes are near the processor
    // Enough for as long as segments are packed. Not at once: a small input would touch memory for blocks that do not have to wait.
    const std::size_t most = std::min(4 + 6 * m_threads.size(), kFirstBlocks + m_taken / 8);
    return m_held >= kMostBytes || m_entries.size() >= most;
}

OrderedDecode::Entry* OrderedDecode::nextWaiting() {
    for (const auto& entry : m_entries)
        if (entry->state == State::Waiting) return entry.get();
    return nullptr;
}

std::unique_ptr<OrderedDecode::Job> OrderedDecode::take(bool wait) {
    std::unique_lock lock(m_mutex);
    if (m_entries.empty()) return nullptr;
    Entry& oldest = *m_entries.front();
    while (oldest.state != State::Done) {
        if (!wait) return nullptr;
        if (Entry* const next = nextWaiting()) {
            run(*next, lock);
        } else {
            m_done.wait(lock);
        }
    }
    m_held -= oldest.bytes;
    ++m_taken;
    auto job = std::move(oldest.job);
    const auto failure = oldest.failure;
    m_entries.pop_front();
    if (failure) std::rethrow_exception(failure);
    return job;
}

/// With the lock, but for the decoding itself. What that throws goes to whoever takes the block.
void OrderedDecode::run(Entry& entry, std::unique_lock<std::mutex>& lock) {
    entry.state = State::Running;
    lock.unlock();
    try {
        entry.job->run();
    } catch (...) {
        entry.failure = std::current_exception();
    }
    lock.lock();
    entry.state = State::Done;
}

void OrderedDecode::help(std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    for (;;) {
        Entry* next = nullptr;
        m_work.wait(lock, stop, [&] { return (next = nextWaiting()) != nullptr; });
        if (!next || stop.stop_requested()) return;
        run(*next, lock);
        m_done.notify_one();
    }
}

}  // namespace spanreel::ingest
