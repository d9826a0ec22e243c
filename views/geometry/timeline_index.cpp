// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/geometry/timeline_index.h"

#include <algorithm>
#include <cmath>

namespace spanreel::views::geometry {

namespace {

using trace::NodeId;

constexpr std::int32_t kSeverityError = 17;

/// Counting sort of (node, offset) pairs into lists, each then sorted.
InstantLists listsOf(std::size_t nodes, const std::vector<std::pair<NodeId, std::int64_t>>& pairs) {
    InstantLists out;
    if (pairs.empty()) return out;
    out.begin.assign(nodes + 1, 0);
    for (const auto& [n, t] : pairs) ++out.begin[n + 1];
    for (std::size_t i = 0; i < nodes; ++i) out.begin[i + 1] += out.begin[i];
    out.offsets.resize(pairs.size());
    std::vector<std::uint32_t> cursor(out.begin.begin(), out.begin.end() - 1);
    for (const auto& [n, t] : pairs) out.offsets[cursor[n]++] = t;
    for (std::size_t i = 0; i < nodes; ++i) {
        const auto first = out.offsets.begin() + out.begin[i], last = out.offsets.begin() + out.begin[i + 1];
        if (!std::is_sorted(first, last)) std::sort(first, last);
    }
    return out;
}

void fillMinimap(TimelineIndex& index) {
    const auto& trace = *index.trace;
    constexpr std::size_t columns = TimelineIndex::kMinimapColumns;
    index.minimap.resize(columns);
    const double whole = std::max<double>(1.0, static_cast<double>(trace.durationNs()));
    auto columnOf = [&](std::int64_t t) {
        return static_cast<std::size_t>(std::clamp(std::floor(static_cast<double>(t) / whole * columns), 0.0, static_cast<double>(columns - 1)));
    };
    std::vector<std::int64_t> open(columns + 1), errors(columns + 1);
    for (const auto& node : trace.nodes()) {
        if (node.has(trace::kNoTime)) continue;
        const auto from = columnOf(node.startNs), to = columnOf(node.endNs()) + 1;
        ++open[from];
        --open[to];
        if (node.has(trace::kError)) {
            ++errors[from];
            --errors[to];
        }
    }
    std::int64_t o = 0, e = 0;
    for (std::size_t c = 0; c < columns; ++c) {
        o += open[c];
        e += errors[c];
        index.minimap[c].open = static_cast<std::uint32_t>(o);
        index.minimap[c].errors = static_cast<std::uint32_t>(e);
        index.minimapPeak = std::max(index.minimapPeak, index.minimap[c].open);
    }
    // Pieces of the critical path do not overlap, so every column is written about once per piece that touches it.
    for (const auto& piece : trace.criticalPath()) {
        const auto service = trace.node(piece.node).service;
        for (auto c = columnOf(piece.fromNs), last = columnOf(std::max(piece.fromNs, piece.toNs - 1)); c <= last; ++c) {
            index.minimap[c].critical = service;
            index.minimap[c].hasCritical = true;
        }
    }
}

}  // namespace

std::uint32_t TimelineIndex::errorsInSubtree(NodeId n) const {
    const auto first = std::lower_bound(errors.begin(), errors.end(), n);
    const auto last = std::lower_bound(first, errors.end(), trace->node(n).subtreeEnd);
    return static_cast<std::uint32_t>(last - first);
}

TimelineIndexPtr TimelineIndex::build(trace::TracePtr source, std::stop_token stop) {
    auto out = std::make_shared<TimelineIndex>();
    out->trace = std::move(source);
    const auto& trace = *out->trace;
    const auto& nodes = trace.nodes();

    std::vector<std::pair<NodeId, std::int64_t>> events, logs, errorLogs;
    for (NodeId n = 0; n < nodes.size(); ++n) {
        if ((n & 0xFFFF) == 0 && stop.stop_requested()) return nullptr;
        const auto& node = nodes[n];
        if (node.has(trace::kError)) out->errors.push_back(n);
        if (node.has(trace::kNoTime)) ++out->spansWithoutTime;
    }
    store::EventWalk walk(trace.snapshot());
    for (const auto& [row, n] : trace.rows())
        for (std::uint32_t i = 0, count = walk.seek(row); i < count; ++i)
            if (const auto time = walk.timeNs(i); isUsableTime(time)) events.emplace_back(n, saturatingDifference(time, trace.startNs()));
    for (const auto& log : trace.logs()) {
        if (log.node == trace::kNoNode) {
            ++out->logsWithoutSpan;
        } else if (log.hasTime) {
            logs.emplace_back(log.node, log.offsetNs);
            if (log.severity >= kSeverityError) errorLogs.emplace_back(log.node, log.offsetNs);
        }
    }
    out->events = listsOf(nodes.size(), events);
    out->logs = listsOf(nodes.size(), logs);
    out->errorLogs = listsOf(nodes.size(), errorLogs);
    if (stop.stop_requested()) return nullptr;

    // By (node, time): a counting sort, as they come by time.
    if (const auto& pieces = trace.criticalPath(); !pieces.empty()) {
        out->criticalBegin.assign(nodes.size() + 1, 0);
        for (const auto& piece : pieces) ++out->criticalBegin[piece.node + 1];
        for (std::size_t i = 0; i < nodes.size(); ++i) out->criticalBegin[i + 1] += out->criticalBegin[i];
        std::vector<std::uint32_t> next(out->criticalBegin.begin(), out->criticalBegin.end() - 1);
        out->criticalPieces.resize(pieces.size());
        for (const auto& piece : pieces) out->criticalPieces[next[piece.node]++] = piece;
    }
    for (const auto& piece : out->criticalPieces) {
        const auto service = trace.node(piece.node).service;
        const auto ns = piece.toNs - piece.fromNs;
        out->criticalTotalNs += ns;
        auto it = std::find_if(out->criticalShare.begin(), out->criticalShare.end(), [&](const auto& s) { return s.service == service; });
        if (it == out->criticalShare.end()) out->criticalShare.push_back({service, ns});
        else it->criticalNs += ns;
    }
    std::stable_sort(out->criticalShare.begin(), out->criticalShare.end(), [](const auto& a, const auto& b) { return a.criticalNs > b.criticalNs; });
    fillMinimap(*out);
    return out;
}

}  // namespace spanreel::views::geometry
