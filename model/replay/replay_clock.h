// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/trace/trace.h"

namespace spanreel::replay {

/// The playhead of a window: an instant of one trace, as an offset in nanoseconds from the trace's start, that moves
/// with wall time times speed. Pure state: the owner calls `advance` with a steady time. One thread.
class ReplayClock {
public:
    static constexpr double kSlowest = 0.001;
    static constexpr double kFastest = 1000.0;

    /// Takes the instants to step between (span starts and ends, logs) and the length. Playhead goes to 0, paused. O(n log n).
    void setTrace(const trace::Trace& trace);
    void clear();
    [[nodiscard]] bool hasTrace() const { return m_durationNs > 0 || !m_instants.empty(); }

    [[nodiscard]] std::int64_t playheadNs() const { return m_playheadNs; }  ///< 0..durationNs
    [[nodiscard]] std::int64_t durationNs() const { return m_durationNs; }
    [[nodiscard]] bool playing() const { return m_playing; }
    [[nodiscard]] double speed() const { return m_speed; }

    /// Starts moving; at the end it starts over. `steadyNs`: any monotonic clock.
    void play(std::int64_t steadyNs);
    void pause();
    void setSpeed(double speed, std::int64_t steadyNs);  ///< clamped to kSlowest..kFastest
    void seek(std::int64_t offsetNs);                    ///< clamped; keeps playing from there
    void setLoop(std::optional<std::pair<std::int64_t, std::int64_t>> range);
    [[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> loop() const { return m_loop; }
    /// Moves the playhead to what `steadyNs` says. True where it moved or stopped. O(1).
    bool advance(std::int64_t steadyNs);
    /// Next or previous distinct start or end of a span; pauses. False where there is none. O(log n).
    bool stepNext();
    bool stepPrevious();

private:
    std::vector<std::int64_t> m_instants;  ///< sorted, distinct
    std::int64_t m_durationNs = 0;
    std::int64_t m_playheadNs = 0;
    double m_fraction = 0;  ///< part of a nanosecond carried over at slow speeds
    double m_speed = 1.0;
    bool m_playing = false;
    std::int64_t m_lastSteadyNs = 0;
    std::optional<std::pair<std::int64_t, std::int64_t>> m_loop;
};

/// How a span stands at an instant.
enum class SpanPhase : std::uint8_t { ToCome, Running, Finished };
[[nodiscard]] inline SpanPhase phaseAt(const trace::Node& node, std::int64_t playheadNs) {
    if (playheadNs < node.startNs) return SpanPhase::ToCome;
    return playheadNs < node.endNs() ? SpanPhase::Running : SpanPhase::Finished;
}

}  // namespace spanreel::replay
