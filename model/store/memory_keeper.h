// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/core/pages.h"
#include "model/core/result.h"
#include "model/store/memory_policy.h"
#include "model/store/spill_file.h"

namespace spanreel::store {

struct StoreData;

/// Keeps a store within its memory budget: once that is passed, a file takes the place of packed segments and of full
/// blocks of text, oldest first, at the addresses they have. Readers notice nothing but the time a page takes to come back.
/// Tables, open segments and metrics stay; where they alone pass the budget, or the disk fails, the store is `full`.
///
/// Owned by the TraceStore. `carryOut` runs on its own thread, without its mutex; all else with it.
class MemoryKeeper {
public:
    explicit MemoryKeeper(MemoryPolicy policy);

    /// A segment was packed: its block may go to disk. `owner` keeps it alive.
    void add(std::shared_ptr<const void> owner, const Pages& block);
    /// What else the store holds now: `fixed` bytes that stay in memory, `open` bytes that will be packed; `segments` of spans or of logs.
    void count(const StoreData& data, std::size_t fixed, std::size_t open, std::size_t segments);
    /// The session was cleared.
    void reset();

    /// Something may have to go to disk.
    [[nodiscard]] bool hasWork() const { return m_mayHaveWork && !m_working; }
    /// Memory runs away from the disk: whoever appends has to wait for it.
    [[nodiscard]] bool mustWait() const;
    /// Over the budget: no more than one full segment should wait to be packed.
    [[nodiscard]] bool isTight() const { return m_policy.budget != 0 && m_gauge.inMemory > m_policy.budget; }
    [[nodiscard]] bool isWorking() const { return m_working; }
    /// Somebody should look again in a while: pages that came back, or a disk that failed.
    [[nodiscard]] bool wantsTicks() const { return !m_spilled.empty() || m_gauge.diskFails; }

    struct Work {
        std::uint64_t session = 0;
        std::size_t blocks = 0, texts = 0;  ///< how many of the oldest
        std::vector<SpillFile::Piece> pieces;
        std::vector<std::shared_ptr<const void>> owners;
        std::uint64_t bytes = 0;
    };
    /// What is to go to disk now; no pieces: nothing.
    [[nodiscard]] Work take(const std::shared_ptr<StoreData>& data);
    [[nodiscard]] Result<void> carryOut(const Work& work);
    void settle(Work work, const Result<void>& done);
    // For the one who carries out: the file of a session that was cleared gives its room on the disk back when it goes.
    [[nodiscard]] bool hasOldFile() const { return m_file && m_fileSession != m_session; }
    [[nodiscard]] std::unique_ptr<SpillFile> takeOldFile() { return std::move(m_file); }

    /// Pages to let go of: empty while the process is within the budget.
    [[nodiscard]] std::vector<SpillFile::Piece> comeBack(std::vector<std::shared_ptr<const void>>& owners);
    /// There may be work: it could not be looked for.
    void lookAgain() { m_mayHaveWork = true; }
    /// Time to try a disk again that failed.
    void tick();

    [[nodiscard]] const MemoryGauge& gauge() const { return m_gauge; }

private:
    struct Block {
        std::shared_ptr<const void> owner;
        const Pages* pages;
    };
    struct Spilled {
        std::shared_ptr<const void> owner;
        SpillFile::Piece piece;
    };
    void weigh();
    void noteFailure(const std::string& reason);

    const MemoryPolicy m_policy;
    MemoryGauge m_gauge;
    std::deque<Block> m_blocks;  ///< in memory, oldest first
    std::uint64_t m_blockBytes = 0, m_textBytes = 0, m_fullTextBytes = 0, m_spilledTextBytes = 0;
    std::uint64_t m_fixed = 0, m_open = 0, m_segments = 0;
    std::size_t m_nextText = 0;  ///< first block of text in memory
    std::vector<Spilled> m_spilled;
    std::uint64_t m_fileBefore = 0;  ///< pages of files that the process had when the first was spilled
    std::uint64_t m_session = 0;
    bool m_mayHaveWork = false, m_working = false;
    std::chrono::steady_clock::time_point m_failedAt;
    std::set<std::string> m_reasons;  ///< why the disk failed, each once: who reads the gauge may hold on to them

    // Only for the one who carries out.
    std::unique_ptr<SpillFile> m_file;
    std::uint64_t m_fileSession = 0;
};

}  // namespace spanreel::store
