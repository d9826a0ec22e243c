// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/geometry/timeline_rows.h"

#include <algorithm>

namespace spanreel::views::geometry {

using trace::NodeId;

void Expansion::set(const trace::Node& node, bool open) {
    if ((node.depth < openDepth) == open) exceptions.erase(node.row);
    else exceptions.insert(node.row);
}

Expansion Expansion::sensible(const trace::Trace& trace) {
    constexpr std::size_t kManyRows = 5000;
    Expansion out;
    if (trace.nodes().size() <= kManyRows) return out;
    std::vector<std::size_t> perDepth(std::min<std::size_t>(trace.maxDepth() + 1u, kManyRows + 2));
    for (const auto& node : trace.nodes())
        if (node.depth < perDepth.size()) ++perDepth[node.depth];
    std::size_t rows = 0;
    out.openDepth = 1;
    for (std::size_t depth = 0; depth < perDepth.size(); ++depth) {
        rows += perDepth[depth];
        if (rows > kManyRows) break;
        out.openDepth = static_cast<std::uint32_t>(std::max<std::size_t>(1, depth));
    }
    return out;
}

TimelineRows::TimelineRows(trace::TracePtr trace, Expansion expansion) : m_trace(std::move(trace)), m_expansion(std::move(expansion)) {
    if (m_trace) appendSubtree(0, static_cast<NodeId>(m_trace->nodes().size()), m_rows);
}

TimelineRows TimelineRows::ofNodes(trace::TracePtr trace, std::vector<NodeId> nodes) {
    TimelineRows out;
    out.m_trace = std::move(trace);
    out.m_rows = std::move(nodes);
    return out;
}

void TimelineRows::appendSubtree(NodeId from, NodeId to, std::vector<NodeId>& out) const {
    const auto& nodes = m_trace->nodes();
    for (NodeId n = from; n < to;) {
        out.push_back(n);
        n = m_expansion.isOpen(nodes[n]) ? n + 1 : nodes[n].subtreeEnd;
    }
}

std::optional<std::size_t> TimelineRows::rowOf(NodeId n) const {
    const auto it = std::lower_bound(m_rows.begin(), m_rows.end(), n);
    if (it == m_rows.end() || *it != n) return std::nullopt;
    return static_cast<std::size_t>(it - m_rows.begin());
}

std::size_t TimelineRows::nearestRowOf(NodeId n) const {
    // The last visible node at or before n: n itself, or the closed ancestor whose subtree holds it.
    const auto it = std::upper_bound(m_rows.begin(), m_rows.end(), n);
    return it == m_rows.begin() ? 0 : static_cast<std::size_t>(it - m_rows.begin()) - 1;
}

void TimelineRows::setOpen(NodeId n, bool open) {
    const auto& node = m_trace->node(n);
    if (m_expansion.isOpen(node) == open) return;
    m_expansion.set(node, open);
    const auto row = rowOf(n);
    if (!row) return;
    const auto after = m_rows.begin() + static_cast<std::ptrdiff_t>(*row) + 1;
    if (open) {
        std::vector<NodeId> come;
        appendSubtree(n + 1, node.subtreeEnd, come);
        m_rows.insert(after, come.begin(), come.end());
    } else {
        m_rows.erase(after, std::lower_bound(after, m_rows.end(), node.subtreeEnd));
    }
}

void TimelineRows::reveal(NodeId n) {
    NodeId outermostClosed = trace::kNoNode;
    std::size_t closed = 0;
    for (NodeId a = m_trace->node(n).parent; a != trace::kNoNode; a = m_trace->node(a).parent)
        if (!m_expansion.isOpen(m_trace->node(a))) {
            outermostClosed = a;
            ++closed;
        }
    if (outermostClosed == trace::kNoNode) return;
    // Set the flags of the inner ones first; the rows then come in one go with the outermost.
    if (closed > 1)
        for (NodeId a = m_trace->node(n).parent; a != outermostClosed; a = m_trace->node(a).parent) m_expansion.set(m_trace->node(a), true);
    setOpen(outermostClosed, true);
}

}  // namespace spanreel::views::geometry
