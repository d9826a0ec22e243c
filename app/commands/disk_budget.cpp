// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/disk_budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>
#include <vector>

#include "app/commands/tell.h"
#include "ingest/receivers/frame_services.h"
#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/journal/session_catalog.h"

namespace spanreel::app {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr auto kSweepEvery = std::chrono::hours(1);
constexpr std::size_t kMostNamed = 3;
/// Room, with a quarter of the budget, for what comes while the oldest is being removed. Beyond it senders have to wait.
constexpr std::uint64_t kBeyond = 8u << 20;

std::uint64_t utcNs() { return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count()); }

std::string mebibytes(std::uint64_t bytes) { return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20)); }

void tell(const journal::Trimmed& gone) {
    std::vector<std::pair<std::uint64_t, std::string>> services;
    for (const auto& [name, bytes] : gone.services) services.emplace_back(bytes, name);
    std::ranges::sort(services, std::greater<>());
    std::string names;
    for (std::size_t i = 0; i < std::min(services.size(), kMostNamed); ++i)
        names += fmt::format("{}{:.200} ({})", i ? ", " : "", services[i].second.empty() ? "records without a service" : escapeControls(services[i].second), mebibytes(services[i].first));
    if (services.size() > kMostNamed) names += fmt::format(" and {} more", services.size() - kMostNamed);
    const std::string unread = gone.unread ? fmt::format("{} that could not be read", mebibytes(gone.unread)) : std::string();
    if (services.empty()) return tellServe(fmt::format("no more room in the disk budget: {} went", unread));
    tellServe(fmt::format("no more room in the disk budget: {} went{}, with {} spans, {} log records and {} metrics received from {} to {}, of {}", mebibytes(gone.bytes),
                          unread.empty() ? "" : ", of it " + unread, gone.spans, gone.logs, gone.metrics, formatUtc(gone.firstUtcNs), formatUtc(gone.lastUtcNs), names));
}

}  // namespace

DiskBudget::DiskBudget(journal::JournalSeries& journal, std::uint64_t budget, bool session) : m_journal(journal), m_budget(budget), m_session(session) {
    if (m_budget || m_session) m_worker = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

journal::Trimmed DiskBudget::end() {
    m_worker.request_stop();
    if (m_worker.joinable()) m_worker.join();
    return m_gone;
}

void DiskBudget::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (m_budget) look(stop);
        if (m_session && std::chrono::steady_clock::now() >= m_sweepAt) sweep(stop);
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, stop, kLookEvery, [] { return false; });
    }
}

void DiskBudget::sweep(const std::stop_token& stop) {
    m_sweepAt = std::chrono::steady_clock::now() + kSweepEvery;
    const auto base = journal::sessionsFolder();
    if (!base) return;
    std::uint64_t bytes = 0;
    auto policy = journal::knownPolicy(*base);
    policy.apart = std::filesystem::path(m_journal.files().back().path).parent_path().string();  // has a budget of its own
    const auto swept = journal::sweepSessions(*base, policy, utcNs(), stop);
    for (const auto& session : swept.removed) bytes += session.bytes;
    if (!swept.removed.empty()) tellServe(fmt::format("{} old sessions were removed from the disk, {} in all", swept.removed.size(), mebibytes(bytes)));
}

void DiskBudget::look(const std::stop_token& stop) {
    const std::uint64_t bytes = m_journal.bytes();
    const std::string folder = m_session ? std::filesystem::path(m_journal.files().back().path).parent_path().string() : std::string();
    const bool held = bytes > m_budget && !folder.empty() && journal::isHeld(folder);
    m_journal.setMost(held ? 0 : m_budget + m_budget / 4 + kBeyond);
    if (bytes <= m_budget) return;
    if (held) {
        if (!std::exchange(m_toldHeld, true)) tellServe("no more room in the disk budget, but this session is pinned or has notes: nothing of it goes");
        return;
    }
    m_journal.endLongFile();  // one of before may have been allowed more
    // An eighth at a time, so that files are not written anew for every request.
    const auto note = [&](const journal::Trimmed& part) {
        if (!folder.empty()) journal::noteTrimmed(folder, part, utcNs());
    };
    const auto gone = m_journal.trim(bytes - m_budget + m_budget / 8, ingest::servicesOfFrame, stop, note);
    if (const auto blocked = m_journal.blockedBytes(); std::exchange(m_toldBlocked, blocked) < blocked)
        tellServe(fmt::format("{} of the recording cannot be read or removed at the moment and do not count for the disk budget", mebibytes(blocked)));
    if (gone.empty()) return;
    m_gone.merge(gone);
    tell(gone);
}

}  // namespace spanreel::app
