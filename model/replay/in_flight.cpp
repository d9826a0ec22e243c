// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/replay/in_flight.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace spanreel::replay {

namespace {
constexpr auto kNever = std::numeric_limits<std::int64_t>::min();

std::uint64_t upTo(const std::vector<std::int64_t>& sorted, std::int64_t instant) {
    return static_cast<std::uint64_t>(std::upper_bound(sorted.begin(), sorted.end(), instant) - sorted.begin());
}
bool isOnAxis(const trace::Node& node) { return !node.has(trace::kNoTime) && node.durationNs > 0; }
}  // namespace

InFlightCounts::InFlightCounts(const trace::Trace& trace, std::span<const std::uint32_t> groupOfNode, std::uint32_t groups)
    : m_starts(groups), m_ends(groups) {
    const auto& nodes = trace.nodes();
    for (std::size_t n = 0; n < nodes.size() && n < groupOfNode.size(); ++n) {
        const auto group = groupOfNode[n];
        if (group >= groups || !isOnAxis(nodes[n])) continue;
        m_starts[group].push_back(nodes[n].startNs);
        m_ends[group].push_back(nodes[n].endNs());
    }
    for (auto& list : m_starts) std::sort(list.begin(), list.end());
    for (auto& list : m_ends) std::sort(list.begin(), list.end());
}

std::uint32_t InFlightCounts::at(std::uint32_t group, std::int64_t instantNs) const {
    if (group >= m_starts.size()) return 0;
    return static_cast<std::uint32_t>(upTo(m_starts[group], instantNs) - upTo(m_ends[group], instantNs));
}

OpenSpans::OpenSpans(const trace::Trace& trace) {
    const auto& nodes = trace.nodes();
    for (trace::NodeId n = 0; n < nodes.size(); ++n)
        if (isOnAxis(nodes[n])) m_byStart.push_back(n);
    std::stable_sort(m_byStart.begin(), m_byStart.end(), [&](auto a, auto b) { return nodes[a].startNs < nodes[b].startNs; });
    m_leaves = std::bit_ceil(std::max<std::size_t>(m_byStart.size(), 1));
    m_latestEnd.assign(2 * m_leaves, kNever);
    m_starts.reserve(m_byStart.size());
    m_sortedEnds.reserve(m_byStart.size());
    for (std::size_t i = 0; i < m_byStart.size(); ++i) {
        const auto& node = nodes[m_byStart[i]];
        m_starts.push_back(node.startNs);
        m_sortedEnds.push_back(node.endNs());
        m_latestEnd[m_leaves + i] = node.endNs();
    }
    std::sort(m_sortedEnds.begin(), m_sortedEnds.end());
    for (std::size_t i = m_leaves; --i > 0;) m_latestEnd[i] = std::max(m_latestEnd[2 * i], m_latestEnd[2 * i + 1]);
}

std::vector<trace::NodeId> OpenSpans::at(std::int64_t instantNs, std::size_t limit) const {
    std::vector<trace::NodeId> open;
    if (m_byStart.empty()) return open;
    const auto begun = static_cast<std::size_t>(upTo(m_starts, instantNs));
    // Down the tree into every part that ends after the instant; parts right of `begun` have not started.
    struct Part {
        std::size_t node, first, size;
    };
    std::vector<Part> stack{{1, 0, m_leaves}};
    while (!stack.empty() && open.size() < limit) {
        const auto part = stack.back();
        stack.pop_back();
        if (part.first >= begun || m_latestEnd[part.node] <= instantNs) continue;
        if (part.size == 1) {
            open.push_back(m_byStart[part.first]);
            continue;
        }
        const auto half = part.size / 2;
        stack.push_back({2 * part.node + 1, part.first + half, half});
        stack.push_back({2 * part.node, part.first, half});
    }
    return open;
}

std::uint64_t OpenSpans::countAt(std::int64_t instantNs) const { return upTo(m_starts, instantNs) - upTo(m_sortedEnds, instantNs); }

}  // namespace spanreel::replay
