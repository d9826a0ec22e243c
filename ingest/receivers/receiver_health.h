// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace spanreel::ingest {

/// A short text that any thread writes and any thread reads without a lock (a sequence lock over words). A writer that
/// meets another one gives way: its text is lost. Longer text is cut at kCapacity bytes.
class AtomicText {
public:
    static constexpr std::size_t kCapacity = 256;

    void set(std::string_view text) {
        std::array<char, kCapacity> buffer{};
        const std::size_t length = std::min(text.size(), kCapacity - 1);
        std::memcpy(buffer.data(), text.data(), length);
        auto version = m_version.load(std::memory_order_relaxed);
        if ((version & 1) || !m_version.compare_exchange_strong(version, version + 1, std::memory_order_acq_rel)) return;
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            std::uint64_t word = 0;
            std::memcpy(&word, buffer.data() + i * 8, 8);
            m_words[i].store(word, std::memory_order_release);
        }
        m_version.fetch_add(1, std::memory_order_release);
    }
    [[nodiscard]] std::string get() const {
        std::array<char, kCapacity> buffer{};
        for (int attempt = 0; attempt < 100; ++attempt) {
            const auto before = m_version.load(std::memory_order_acquire);
            if (before & 1) continue;
            for (std::size_t i = 0; i < m_words.size(); ++i) {
                const auto word = m_words[i].load(std::memory_order_acquire);
                std::memcpy(buffer.data() + i * 8, &word, 8);
            }
            if (m_version.load(std::memory_order_acquire) == before) return std::string(buffer.data());
        }
        return {};
    }

private:
    std::atomic<std::uint64_t> m_version{0};
    std::array<std::atomic<std::uint64_t>, kCapacity / 8> m_words{};
};

/// What one receiver has seen since it was made. Written by receiver threads, read by any thread without a lock;
/// every counter only grows, but for `connections`.
struct ReceiverHealth {
    std::atomic<std::uint64_t> requests{0};       ///< export requests, whatever became of them
    std::atomic<std::uint64_t> bytes{0};          ///< of bodies, as inflated
    std::atomic<std::uint64_t> spans{0};          ///< accepted
    std::atomic<std::uint64_t> logs{0};           ///< accepted
    std::atomic<std::uint64_t> metrics{0};        ///< accepted Metric objects
    std::atomic<std::uint64_t> warned{0};         ///< accepted with a repair
    std::atomic<std::uint64_t> rejectedItems{0};  ///< items told back as rejected in a partial success
    std::atomic<std::uint64_t> malformed{0};      ///< requests refused as malformed
    std::atomic<std::uint64_t> tooLarge{0};       ///< requests refused by a size limit
    std::atomic<std::uint64_t> overloaded{0};     ///< requests sent back for a retry (queue full, disk full)
    std::atomic<std::uint64_t> refusedOrigins{0}; ///< pages of other sites
    std::atomic<std::uint64_t> refusedHosts{0};   ///< Host names that are not ours
    std::atomic<std::uint64_t> refusedOther{0};   ///< wrong path, method, content type, HTTP
    std::atomic<std::uint64_t> connections{0};    ///< open now (HTTP only)
    std::atomic<bool> deaf{false};                ///< does not listen at the moment, though it should: `lastError` says why
    std::atomic<std::uint64_t> lastUtcNs{0};      ///< time of the last accepted request
    AtomicText lastError;                         ///< why something was refused the last time; English, for a tool tip; empty = never
};

}  // namespace spanreel::ingest
