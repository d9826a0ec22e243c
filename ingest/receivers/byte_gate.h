// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace spanreel::ingest {

/// Bounds the memory of work that runs on many threads: each enters with what it may take at most, and waits until that fits
/// beside the others', in the order they came: many small ones do not keep a large one out. What is larger than the bound
/// goes alone. Thread-safe.
class ByteGate {
public:
    explicit ByteGate(std::size_t most) : m_most(most) {}

    /// Room that was given; goes back with it.
    class Pass {
    public:
        Pass() = default;
        Pass(Pass&& other) noexcept : m_gate(std::exchange(other.m_gate, nullptr)), m_bytes(other.m_bytes) {}
        Pass& operator=(Pass&& other) noexcept {
            std::swap(m_gate, other.m_gate);
            std::swap(m_bytes, other.m_bytes);
            return *this;
        }
        ~Pass() {
            if (m_gate) m_gate->leave(m_bytes);
        }

    private:
        friend class ByteGate;
        Pass(ByteGate& gate, std::size_t bytes) : m_gate(&gate), m_bytes(bytes) {}
        ByteGate* m_gate = nullptr;
        std::size_t m_bytes = 0;
    };
    /// Blocks. Whoever holds a pass must not ask for another.
    [[nodiscard]] Pass enter(std::size_t bytes) {
        std::unique_lock lock(m_mutex);
        const auto turn = m_came++;
        m_left.wait(lock, [&] { return turn == m_turn && (m_held == 0 || m_held + bytes <= m_most); });
        m_held += bytes;
        ++m_turn;
        lock.unlock();
        m_left.notify_all();  // the next may fit too
        return {*this, bytes};
    }
    [[nodiscard]] std::size_t waiting() const {
        const std::lock_guard lock(m_mutex);
        return m_came - m_turn;
    }
    [[nodiscard]] std::size_t most() const { return m_most; }
    [[nodiscard]] std::size_t held() const {
        const std::lock_guard lock(m_mutex);
        return m_held;
    }

private:
    void leave(std::size_t bytes) {
        {
            const std::lock_guard lock(m_mutex);
            m_held -= bytes;
        }
        m_left.notify_all();
    }

    const std::size_t m_most;
    mutable std::mutex m_mutex;
    std::condition_variable m_left;
    std::size_t m_held = 0;
    std::size_t m_came = 0, m_turn = 0;
};

}  // namespace spanreel::ingest
