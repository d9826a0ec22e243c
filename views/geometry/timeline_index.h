// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "model/core/time_format.h"
#include "model/trace/trace.h"

namespace spanreel::views::geometry {

/// Lists of instants, one sorted list a node, in one array: list n is [begin[n], begin[n + 1]).
struct InstantLists {
    std::vector<std::uint32_t> begin;
    std::vector<std::int64_t> offsets;
    [[nodiscard]] std::span<const std::int64_t> of(trace::NodeId n) const {
        return begin.empty() ? std::span<const std::int64_t>() : std::span(offsets).subspan(begin[n], begin[n + 1] - begin[n]);
    }
};

/// One column of the minimap.
struct MinimapColumn {
    std::uint32_t open = 0;    ///< spans that touch it
    std::uint32_t errors = 0;  ///< of these, errors
    store::ServiceId critical = 0;
    bool hasCritical = false;
};

struct ServiceShare {
    store::ServiceId service = 0;
    std::int64_t criticalNs = 0;
};

/// What the timeline looks up while painting, so that a frame costs O(rows in view x pixels x log n). Immutable, of one
/// trace; built in the query pool in O(n log n), about 40 bytes a span.
struct TimelineIndex {
    static constexpr std::size_t kMinimapColumns = 2048;

    trace::TracePtr trace;
    InstantLists events;     ///< span events
    InstantLists logs;       ///< logs with a time
    InstantLists errorLogs;  ///< of these, severity ERROR and above
    std::vector<std::uint32_t> criticalBegin;       ///< per node into criticalPieces, one more than nodes
    std::vector<trace::CriticalPiece> criticalPieces;  ///< by node, then time
    std::vector<trace::NodeId> errors;              ///< nodes that are errors, in order
    std::vector<MinimapColumn> minimap;             ///< kMinimapColumns over the trace's duration
    std::uint32_t minimapPeak = 0;
    std::vector<ServiceShare> criticalShare;        ///< greatest first
    std::int64_t criticalTotalNs = 0;
    std::uint64_t logsWithoutSpan = 0;
    std::uint64_t spansWithoutTime = 0;

    /// Errors among node n and its descendants. O(log n).
    [[nodiscard]] std::uint32_t errorsInSubtree(trace::NodeId n) const;
    [[nodiscard]] std::span<const trace::CriticalPiece> criticalOf(trace::NodeId n) const {
        return criticalBegin.empty() ? std::span<const trace::CriticalPiece>() : std::span(criticalPieces).subspan(criticalBegin[n], criticalBegin[n + 1] - criticalBegin[n]);
    }
    /// Null where stopped.
    static std::shared_ptr<const TimelineIndex> build(trace::TracePtr trace, std::stop_token stop = {});
};
using TimelineIndexPtr = std::shared_ptr<const TimelineIndex>;

}  // namespace spanreel::views::geometry
