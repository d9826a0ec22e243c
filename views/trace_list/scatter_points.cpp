// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/scatter_points.h"

#include <algorithm>
#include <cmath>

#include "model/core/time_format.h"

namespace spanreel::views {

ScatterPoints scatterPoints(const TraceRows& rows, int columns, int gridRows, std::stop_token stop) {
    ScatterPoints out;
    bool first = true;
    for (const auto t : rows.traces) {
        const auto& trace = rows.snapshot->trace(t);
        if (!isUsableTime(trace.startNs)) {
            ++out.withoutTime;
            continue;
        }
        const auto duration = std::max<std::int64_t>(1, trace.durationNs());
        out.fromNs = first ? trace.startNs : std::min(out.fromNs, trace.startNs);
        out.toNs = first ? trace.startNs : std::max(out.toNs, trace.startNs);
        out.shortestNs = first ? duration : std::min(out.shortestNs, duration);
        out.longestNs = first ? duration : std::max(out.longestNs, duration);
        first = false;
        ++out.traces;
    }
    if (first || stop.stop_requested()) return out;

    const auto cells = static_cast<std::size_t>(columns) * static_cast<std::size_t>(gridRows);
    std::vector<ScatterPoints::Point> good(cells), failed(cells);
    const double width = static_cast<double>(out.toNs - out.fromNs) + 1;
    const double low = std::log10(static_cast<double>(out.shortestNs));
    const double height = std::log10(static_cast<double>(out.longestNs)) - low + 1e-9;
    for (const auto t : rows.traces) {
        const auto& trace = rows.snapshot->trace(t);
        if (!isUsableTime(trace.startNs)) continue;
        const auto duration = std::max<std::int64_t>(1, trace.durationNs());
        const auto x = std::min(columns - 1, static_cast<int>(static_cast<double>(trace.startNs - out.fromNs) / width * columns));
        const auto y = std::min(gridRows - 1, static_cast<int>((std::log10(static_cast<double>(duration)) - low) / height * gridRows));
        auto& cell = (trace.errorCount ? failed : good)[static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(x)];
        if (cell.count++ == 0 || duration > cell.durationNs) {
            cell.startNs = trace.startNs;
            cell.durationNs = duration;
            cell.trace = t;
        }
    }
    const auto keep = [](const std::vector<ScatterPoints::Point>& from, std::vector<ScatterPoints::Point>& to) {
        std::copy_if(from.begin(), from.end(), std::back_inserter(to), [](const auto& p) { return p.count > 0; });
    };
    keep(good, out.good);
    keep(failed, out.failed);
    return out;
}

}  // namespace spanreel::views
