// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/memory_keeper.h"

#include <algorithm>
#include <new>
#include <utility>

#include "model/store/store_data.h"

namespace spanreel::store {
namespace {

/// The newest segments stay in memory as long as anything older can go: they are what is looked at.
constexpr std::size_t kWarm = 16;
constexpr std::uint64_t kMostAtOnce = 64ull << 20;
/// Pages read back are let go of once they take more than this and the process is over the budget.
constexpr std::uint64_t kWorthLettingGo = 16ull << 20;

}  // namespace

MemoryKeeper::MemoryKeeper(MemoryPolicy policy) : m_policy(std::move(policy)) { m_gauge.budget = m_policy.budget; }

void MemoryKeeper::add(std::shared_ptr<const void> owner, const Pages& block) {
    m_blocks.push_back({std::move(owner), &block});
    m_blockBytes += block.size();
    m_mayHaveWork = m_policy.budget != 0;
}

void MemoryKeeper::count(const StoreData& data, std::size_t fixed, std::size_t open, std::size_t segments) {
    m_segments = segments;
    m_fixed = fixed;
    m_open = open;
    m_textBytes = data.text.bytesReserved();
    const std::size_t blocks = data.text.blockCount();
    m_fullTextBytes = m_textBytes - m_spilledTextBytes - (blocks > m_nextText ? data.text.block(blocks - 1).size() : 0);
    weigh();
}

/// Adds up, and tells.
void MemoryKeeper::weigh() {
    const std::uint64_t total = m_fixed + m_open + m_blockBytes + m_textBytes - m_spilledTextBytes;
    m_gauge.inMemory = total;
    m_gauge.fixed = m_fixed;
    m_gauge.sessionFull = m_textBytes > m_policy.mostText || m_segments > m_policy.mostSegments;
    const bool bounded = m_policy.budget != 0, over = bounded && total > m_policy.budget;
    if (over && !m_gauge.diskFails) m_mayHaveWork = true;  // else with the next segment or tick
    m_gauge.full = m_gauge.sessionFull || (bounded && m_fixed > m_policy.budget) || (m_gauge.diskFails && over);
}

bool MemoryKeeper::mustWait() const {
    if (m_policy.budget == 0 || m_gauge.diskFails || m_blockBytes + m_fullTextBytes == 0) return false;
    return m_gauge.inMemory > m_policy.budget + m_policy.budget / 8 + (16u << 20);
}

void MemoryKeeper::reset() {
    ++m_session;
    m_blocks.clear();
    m_spilled.clear();
    m_blockBytes = m_textBytes = m_fullTextBytes = m_spilledTextBytes = m_fixed = m_open = m_segments = 0;
    m_nextText = 0;
    m_gauge.onDisk = 0;
    weigh();
}

MemoryKeeper::Work MemoryKeeper::take(const std::shared_ptr<StoreData>& data) {
    Work work;
    work.session = m_session;
    m_mayHaveWork = false;
    if (m_policy.budget == 0 || (m_gauge.diskFails && std::chrono::steady_clock::now() < m_failedAt + m_policy.tryAgainAfter)) return work;
    std::uint64_t taken = m_gauge.inMemory;
    if (m_policy.process) taken = std::max(taken, m_policy.process().anonymous);
    if (taken <= m_policy.budget) return work;
    // An eighth more than needed, so that not every new segment means another look.
    const std::uint64_t needed = taken - m_policy.budget + m_policy.budget / 8;
    const auto enough = [&] { return work.bytes >= std::min(needed, kMostAtOnce); };
    const auto takeBlocks = [&](std::size_t upTo) {
        for (; work.blocks < upTo && !enough(); ++work.blocks) {
            const Block& block = m_blocks[work.blocks];
            work.pieces.push_back({block.pages->data(), block.pages->size()});
            work.owners.push_back(block.owner);
            work.bytes += block.pages->size();
        }
    };
    const auto takeTexts = [&] {
        for (std::size_t i = m_nextText; i + 1 < data->text.blockCount() && !enough(); ++i, ++work.texts) {
            const Pages& block = data->text.block(i);
            work.pieces.push_back({block.data(), block.size()});
            work.owners.push_back(data);
            work.bytes += block.size();
        }
    };
    takeBlocks(m_blocks.size() - std::min(m_blocks.size(), kWarm));
    takeTexts();
    takeBlocks(m_blocks.size());
    m_spilled.reserve(m_spilled.size() + work.pieces.size());  // what is on disk is to be noted, come what may
    m_working = !work.pieces.empty();
    return work;
}

Result<void> MemoryKeeper::carryOut(const Work& work) {
    if (m_file && m_fileSession != work.session) m_file.reset();
    if (!m_file) {
        auto made = SpillFile::create(m_policy.folders, m_policy.keepFree);
        if (!made) return tl::unexpected<Error>(made.error());
        m_file = std::move(*made);
        m_fileSession = work.session;
    }
    auto done = m_file->take(work.pieces);
    if (!done) m_file.reset();
    return done;
}

void MemoryKeeper::settle(Work work, const Result<void>& done) {
    m_working = false;
    if (work.session != m_session) return;  // cleared meanwhile
    if (!done) noteFailure(done.error().detail);
    m_gauge.diskFails = !done;
    if (done) {
        if (m_spilled.empty() && m_policy.process) m_fileBefore = m_policy.process().file;
        // Only this takes from the front, so the oldest are still the ones that were taken.
        for (std::size_t i = 0; i < work.pieces.size(); ++i) m_spilled.push_back({std::move(work.owners[i]), work.pieces[i]});
        std::uint64_t texts = work.bytes;
        for (std::size_t i = 0; i < work.blocks; ++i) {
            m_blockBytes -= m_blocks.front().pages->size();
            texts -= m_blocks.front().pages->size();
            m_blocks.pop_front();
        }
        m_nextText += work.texts;
        m_spilledTextBytes += texts;
        m_fullTextBytes -= std::min(m_fullTextBytes, texts);
        m_gauge.onDisk += work.bytes;
        m_mayHaveWork = true;  // it may not have been enough
    }
    weigh();
}

void MemoryKeeper::noteFailure(const std::string& reason) {
    m_failedAt = std::chrono::steady_clock::now();
    try {
        m_gauge.whyDiskFails = reason.empty() ? nullptr : &*m_reasons.insert(reason).first;
    } catch (const std::bad_alloc&) {
        m_gauge.whyDiskFails = nullptr;
    }
}

void MemoryKeeper::tick() {
    if (m_gauge.diskFails) m_mayHaveWork = true;
}

std::vector<SpillFile::Piece> MemoryKeeper::comeBack(std::vector<std::shared_ptr<const void>>& owners) {
    std::vector<SpillFile::Piece> out;
    if (m_spilled.empty() || !m_policy.process) return out;
    const ProcessMemory now = m_policy.process();
    if (now.anonymous + now.file <= m_policy.budget || now.file < m_fileBefore + kWorthLettingGo) return out;
    for (const Spilled& spilled : m_spilled) {
        out.push_back(spilled.piece);
        owners.push_back(spilled.owner);
    }
    return out;
}

}  // namespace spanreel::store
