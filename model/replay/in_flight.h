// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/trace/trace.h"

namespace spanreel::replay {

/// How many spans of each group (a service, an edge of the map, …) are open at an instant. Immutable once built.
/// Building O(n log n); a count O(log n) — an instant may be far from the one before, as in scrubbing.
class InFlightCounts {
public:
    InFlightCounts() = default;
    /// `groupOfNode[n]` < `groups`, or any larger value for none.
    InFlightCounts(const trace::Trace& trace, std::span<const std::uint32_t> groupOfNode, std::uint32_t groups);

    [[nodiscard]] std::uint32_t groups() const { return static_cast<std::uint32_t>(m_starts.size()); }
    /// Spans of the group with start <= instant < end.
    [[nodiscard]] std::uint32_t at(std::uint32_t group, std::int64_t instantNs) const;

private:
    std::vector<std::vector<std::int64_t>> m_starts, m_ends;  ///< per group, sorted
};

/// The spans open at an instant. Building O(n log n), a question O(k log n) for k answers.
class OpenSpans {
public:
    OpenSpans() = default;
    explicit OpenSpans(const trace::Trace& trace);

    /// Nodes with start <= instant < end by start, at most `limit`.
    [[nodiscard]] std::vector<trace::NodeId> at(std::int64_t instantNs, std::size_t limit) const;
    /// How many there are. O(log n).
    [[nodiscard]] std::uint64_t countAt(std::int64_t instantNs) const;

private:
    std::vector<trace::NodeId> m_byStart;
    std::vector<std::int64_t> m_starts, m_sortedEnds;
    std::vector<std::int64_t> m_latestEnd;  ///< max tree over m_byStart
    std::size_t m_leaves = 0;
};

}  // namespace spanreel::replay
