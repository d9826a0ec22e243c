// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "model/core/ids.h"

namespace spanreel {

/// A half-open stretch of absolute time, nanoseconds since 1970 UTC.
struct TimeRange {
    std::uint64_t fromNs = 0;
    std::uint64_t toNs = 0;
    bool operator==(const TimeRange&) const = default;
};

/// What every pane of a window shows: one trace, one span, one time range, one log. By ids, so it survives updates.
/// One per window; panes observe it, none owns it.
struct Selection {
    std::optional<TraceId> trace;
    std::optional<SpanId> span;
    std::optional<std::uint32_t> spanRow;  ///< which span, where its id is shared with others or invalid; a row of this session
    std::optional<TimeRange> range;
    std::optional<std::uint32_t> logRow;  ///< a log row of the current session
    bool operator==(const Selection&) const = default;
};

}  // namespace spanreel
