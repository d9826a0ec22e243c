// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/replay/replay_clock.h"

#include <algorithm>
#include <cmath>

namespace spanreel::replay {

void ReplayClock::setTrace(const trace::Trace& trace) {
    clear();
    m_durationNs = trace.durationNs();
    m_instants.reserve(trace.nodes().size() * 2);
    for (const auto& node : trace.nodes()) {
        if (node.has(trace::kNoTime)) continue;
        m_instants.push_back(node.startNs);
        m_instants.push_back(node.endNs());
    }
    std::ranges::sort(m_instants);
    m_instants.erase(std::unique(m_instants.begin(), m_instants.end()), m_instants.end());
}

void ReplayClock::clear() {
    m_instants.clear();
    m_durationNs = m_playheadNs = 0;
    m_fraction = 0;
    m_playing = false;
    m_loop.reset();
}

void ReplayClock::play(std::int64_t steadyNs) {
    if (m_durationNs <= 0) return;
    if (m_loop && (m_playheadNs < m_loop->first || m_playheadNs >= m_loop->second)) m_playheadNs = m_loop->first;
    if (m_playheadNs >= m_durationNs) m_playheadNs = 0;
    m_fraction = 0;
    m_lastSteadyNs = steadyNs;
    m_playing = true;
}

void ReplayClock::pause() { m_playing = false; }

void ReplayClock::setSpeed(double speed, std::int64_t steadyNs) {
    advance(steadyNs);
    m_speed = std::isfinite(speed) ? std::clamp(speed, kSlowest, kFastest) : 1.0;
}

void ReplayClock::seek(std::int64_t offsetNs) {
    m_playheadNs = std::clamp<std::int64_t>(offsetNs, 0, m_durationNs);
    m_fraction = 0;
}

void ReplayClock::setLoop(std::optional<std::pair<std::int64_t, std::int64_t>> range) {
    if (range) {
        range->first = std::clamp<std::int64_t>(range->first, 0, m_durationNs);
        range->second = std::clamp<std::int64_t>(range->second, 0, m_durationNs);
        if (range->second <= range->first) range.reset();
    }
    m_loop = range;
}

bool ReplayClock::advance(std::int64_t steadyNs) {
    if (!m_playing) return false;
    const std::int64_t elapsed = std::max<std::int64_t>(0, steadyNs - m_lastSteadyNs);
    m_lastSteadyNs = steadyNs;
    const double step = static_cast<double>(elapsed) * m_speed + m_fraction;
    const double whole = std::floor(std::min(step, 9e18));
    m_fraction = step - whole;
    const std::int64_t end = m_loop ? m_loop->second : m_durationNs;
    const auto moved = static_cast<std::int64_t>(whole);
    if (moved < end - m_playheadNs) {
        m_playheadNs += moved;
        return moved > 0;
    }
    if (m_loop) {
        const std::int64_t length = m_loop->second - m_loop->first;
        m_playheadNs = m_loop->first + (m_playheadNs - m_loop->first + moved) % length;
        return true;
    }
    m_playheadNs = end;
    m_playing = false;
    return true;
}

bool ReplayClock::stepNext() {
    m_playing = false;
    const auto it = std::ranges::upper_bound(m_instants, m_playheadNs);
    if (it == m_instants.end()) return false;
    seek(*it);
    return true;
}

bool ReplayClock::stepPrevious() {
    m_playing = false;
    const auto it = std::ranges::lower_bound(m_instants, m_playheadNs);
    if (it == m_instants.begin()) return false;
    seek(*std::prev(it));
    return true;
}

}  // namespace spanreel::replay
