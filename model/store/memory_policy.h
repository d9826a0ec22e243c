// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spanreel::store {

/// What a process has in memory, in bytes.
struct ProcessMemory {
    std::uint64_t anonymous = 0;  ///< no file stands behind it
    std::uint64_t file = 0;       ///< the kernel can drop it and read it again
};

/// How much memory a store may take, and where to what it has no room for.
struct MemoryPolicy {
    std::uint64_t budget = 0;          ///< bytes; 0 = no bound
    /// Bytes of text, in memory or on disk, past which the store is full whatever the budget: a TextPool reaches 16 GiB, and
    /// what has been begun still goes in.
    std::uint64_t mostText = 15ull << 30;
    /// Segments of spans, or of logs, past which it is too: rows are numbered by 32 bits, which is 2^18 segments.
    std::size_t mostSegments = (1u << 18) - 4096;
    std::vector<std::string> folders;  ///< for the file, the first that serves; none: everything stays in memory
    std::uint64_t keepFree = 512ull << 20;  ///< bytes the disk keeps for others
    std::chrono::milliseconds tryAgainAfter{5000};  ///< a disk that failed
    /// What the whole process takes, or null: then only what the store itself counts goes by the budget.
    std::function<ProcessMemory()> process;
};

/// The policy of a program: the budget, the cache folder of `spillFolders`, the process as the kernel counts it.
[[nodiscard]] MemoryPolicy memoryPolicy(std::uint64_t budget);
/// A quarter of this machine's memory, or of what its control group is given where that is less.
[[nodiscard]] std::uint64_t defaultMemoryBudget();
/// Bytes that the control groups a process is in let it have, UINT64_MAX = no limit. `groups`: its /proc/PID/cgroup; `root`: where
/// their file system is.
[[nodiscard]] std::uint64_t controlGroupMemory(std::istream& groups, const std::string& root);
/// "SPANREEL_HOME", else "$XDG_CACHE_HOME/spanreel" (else "~/.cache/spanreel"), else the temporary folder.
[[nodiscard]] std::vector<std::string> spillFolders();

/// "512M", "2G", "1.5GiB": units of 1024 with the letters K, M, G, T; nothing where it is no size.
[[nodiscard]] std::optional<std::uint64_t> parseSize(std::string_view text);
/// Budgets below this are of no use: the tables alone take as much.
constexpr std::uint64_t kLeastMemoryBudget = 64ull << 20;

/// What a store takes, for whoever shows it: written by the store, read by any thread without a lock. Bytes.
struct MemoryGauge {
    std::atomic<std::uint64_t> budget{0};    ///< 0 = no bound
    std::atomic<std::uint64_t> inMemory{0};  ///< all that is counted, but for `onDisk`
    std::atomic<std::uint64_t> fixed{0};     ///< of it, what cannot go to disk
    std::atomic<std::uint64_t> onDisk{0};    ///< of segments and texts that a file stands behind
    std::atomic<bool> full{false};           ///< no more may come: what cannot go to disk takes all of the budget, or `sessionFull`
    std::atomic<bool> sessionFull{false};    ///< all the text or rows are there that a session can have
    std::atomic<bool> diskFails{false};      ///< what should go to disk cannot
    std::atomic<const std::string*> whyDiskFails{nullptr};  ///< set before `diskFails`; as long as the store; null = not known
};

/// What it is that is used up where the store is full, for whoever is refused: "the memory budget of 256 MiB".
[[nodiscard]] std::string whatIsFull(const MemoryGauge& gauge);

}  // namespace spanreel::store
