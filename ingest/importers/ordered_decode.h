// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace spanreel::ingest {

/// Decodes the blocks of one input on several threads and gives them back in their order. The importing thread adds blocks
/// and takes results; where it would have to wait it decodes too, so on one core it does all of it and no thread is
/// started. Bounded by the bytes that are under way. Helper threads are few: all imports of the process together start one
/// less than there are cores to use.
///
/// One owner on one thread; only `Job::run` runs elsewhere.
class OrderedDecode {
public:
    /// A block, and what became of it.
    class Job {
    public:
        Job() = default;
        Job(const Job&) = delete;
        Job& operator=(const Job&) = delete;
        virtual ~Job() = default;
        /// Decodes the block. On any thread, once. May throw.
        virtual void run() = 0;
    };

    /// `threads` counts the importing one; 0 = as many as there are cores to use.
    explicit OrderedDecode(unsigned threads = 0);
    /// Drops what nobody has begun and waits for the rest.
    ~OrderedDecode();
    OrderedDecode(const OrderedDecode&) = delete;
    OrderedDecode& operator=(const OrderedDecode&) = delete;

    /// Bytes of a block that is worth handing to another thread; where there is none, what stays near the processor.
    [[nodiscard]] std::size_t blockBytes() const { return (m_helpers ? 192 : 64) * std::size_t{1024}; }
    /// Queues a block of so many bytes. Take results until `full` is no longer true before adding another.
    void add(std::unique_ptr<Job> job, std::size_t bytes);
    /// True where the next result must be taken before another block is added.
    [[nodiscard]] bool full() const;
    [[nodiscard]] bool empty() const { return m_entries.empty(); }
    /// The oldest block once it is decoded; null where there is none or, unless `wait`, it is not done yet. Throws what its
    /// decoding threw.
    std::unique_ptr<Job> take(bool wait);

private:
    enum class State { Waiting, Running, Done };
    struct Entry {
        std::unique_ptr<Job> job;
        std::size_t bytes = 0;
        State state = State::Waiting;
        std::exception_ptr failure;
    };
    static void run(Entry& entry, std::unique_lock<std::mutex>& lock);
    void help(std::stop_token stop);
    Entry* nextWaiting();
    void startHelper();

    const unsigned m_helpers;
    std::size_t m_held = 0;
    std::size_t m_taken = 0;  ///< blocks given back
    std::deque<std::unique_ptr<Entry>> m_entries;  ///< the owner adds and removes, under the mutex
    std::mutex m_mutex;                            ///< guards m_entries for helpers, and the states
    std::condition_variable_any m_work;
    std::condition_variable m_done;
    std::vector<std::jthread> m_threads;
};

/// Cores this process may run on, at least 1.
[[nodiscard]] unsigned usableCores();

}  // namespace spanreel::ingest
