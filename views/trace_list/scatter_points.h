// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "views/trace_list/trace_query.h"

namespace spanreel::views {

/// Start x duration of the listed traces, thinned to what can be told apart: one point a cell of a grid (the longest
/// trace of the cell stands for it), errors in a grid of their own, so that none is hidden by a good neighbour.
struct ScatterPoints {
    struct Point {
        std::uint64_t startNs = 0;
        std::int64_t durationNs = 0;
        std::uint32_t trace = 0;  ///< index of the trace that stands for the cell
        std::uint32_t count = 0;  ///< traces in the cell
    };
    std::vector<Point> good, failed;
    std::uint64_t fromNs = 0, toNs = 0;              ///< of all starts
    std::int64_t shortestNs = 1, longestNs = 1;      ///< of all durations, at least 1
    std::uint64_t traces = 0;                        ///< drawn or standing behind a point
    std::uint64_t withoutTime = 0;                   ///< off the axis
};

/// At most `columns * rows` points of either kind. O(traces).
[[nodiscard]] ScatterPoints scatterPoints(const TraceRows& rows, int columns, int gridRows, std::stop_token stop = {});

}  // namespace spanreel::views
