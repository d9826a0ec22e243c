// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "model/trace/trace.h"

namespace spanreel::views::geometry {

/// Which nodes of a trace are open: all above a depth, but for exceptions, told by row so that they survive a trace that
/// grows. Plain data.
struct Expansion {
    static constexpr std::uint32_t kAll = 0xFFFFFFFFu;
    std::uint32_t openDepth = kAll;  ///< nodes of a lesser depth are open
    absl::flat_hash_set<store::RowId> exceptions;

    [[nodiscard]] bool isOpen(const trace::Node& node) const { return (node.depth < openDepth) != (!exceptions.empty() && exceptions.contains(node.row)); }
    void set(const trace::Node& node, bool open);
    /// Everything open up to 5,000 spans; beyond, as many levels as keep that (one at least). O(spans).
    static Expansion sensible(const trace::Trace& trace);
};

/// The visible rows of a timeline: nodes in pre-order without those inside a closed one. Since nodes are numbered in
/// pre-order the list ascends, so finding a node's row is a binary search. One thread at a time.
class TimelineRows {
public:
    TimelineRows() = default;
    /// O(visible rows).
    TimelineRows(trace::TracePtr trace, Expansion expansion);

    /// Just these nodes (ascending), for pictures that leave rows out.
    [[nodiscard]] static TimelineRows ofNodes(trace::TracePtr trace, std::vector<trace::NodeId> nodes);

    [[nodiscard]] const trace::TracePtr& trace() const { return m_trace; }
    [[nodiscard]] const Expansion& expansion() const { return m_expansion; }
    [[nodiscard]] std::size_t size() const { return m_rows.size(); }
    [[nodiscard]] trace::NodeId operator[](std::size_t row) const { return m_rows[row]; }
    [[nodiscard]] bool isOpen(trace::NodeId n) const { return m_expansion.isOpen(m_trace->node(n)); }
    /// Row of a visible node. O(log n).
    [[nodiscard]] std::optional<std::size_t> rowOf(trace::NodeId n) const;
    /// Row of the node or of the closed ancestor it is hidden in.
    [[nodiscard]] std::size_t nearestRowOf(trace::NodeId n) const;

    /// Opens or closes one node. O(rows that come or go, and a move of the ones below).
    void setOpen(trace::NodeId n, bool open);
    /// Opens every ancestor. O(depth + rows that come).
    void reveal(trace::NodeId n);

private:
    void appendSubtree(trace::NodeId from, trace::NodeId to, std::vector<trace::NodeId>& out) const;
    trace::TracePtr m_trace;
    Expansion m_expansion;
    std::vector<trace::NodeId> m_rows;
};

}  // namespace spanreel::views::geometry
