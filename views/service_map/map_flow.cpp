// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/map_flow.h"

#include <map>

#include "views/service_map/map_layout.h"

namespace spanreel::views {

namespace {
/// Translates indexes; out of range stays "none".
std::vector<std::uint32_t> mapped(const std::vector<std::uint32_t>& indexes, const std::vector<std::uint32_t>& table) {
    std::vector<std::uint32_t> out(indexes.size(), store::kNone);
    for (std::size_t i = 0; i < indexes.size(); ++i)
        if (indexes[i] < table.size()) out[i] = table[indexes[i]];
    return out;
}
}  // namespace

MapFlow::MapFlow(const trace::Trace& trace, const analysis::TraceMap& own, const analysis::ServiceMap& shown) {
    std::map<std::string, std::uint32_t> nodeByKey;
    for (std::uint32_t n = 0; n < shown.nodes.size(); ++n) nodeByKey.emplace(mapNodeKey(shown.nodes[n]), n);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> edgeByEnds;
    for (std::uint32_t e = 0; e < shown.edges.size(); ++e) edgeByEnds.emplace(std::pair(shown.edges[e].from, shown.edges[e].to), e);
    std::vector<std::uint32_t> nodeTable, edgeTable, calleeTable;
    for (const auto& node : own.map.nodes) {
        const auto it = nodeByKey.find(mapNodeKey(node));
        nodeTable.push_back(it == nodeByKey.end() ? store::kNone : it->second);
    }
    for (const auto& edge : own.map.edges) {
        const auto it = edgeByEnds.find({nodeTable[edge.from], nodeTable[edge.to]});
        edgeTable.push_back(it == edgeByEnds.end() ? store::kNone : it->second);
        calleeTable.push_back(nodeTable[edge.to]);
    }
    const auto nodes = static_cast<std::uint32_t>(shown.nodes.size()), edges = static_cast<std::uint32_t>(shown.edges.size());
    m_nodes = replay::InFlightCounts(trace, mapped(own.nodeOfSpan, nodeTable), nodes);
    m_peers = replay::InFlightCounts(trace, mapped(own.peerEdgeOfSpan, calleeTable), nodes);
    m_edges = replay::InFlightCounts(trace, mapped(own.edgeOfSpan, edgeTable), edges);
    m_peerEdges = replay::InFlightCounts(trace, mapped(own.peerEdgeOfSpan, edgeTable), edges);
}

void MapFlow::at(std::int64_t instantNs, std::vector<std::uint32_t>& nodes, std::vector<std::uint32_t>& edges) const {
    nodes.assign(m_nodes.groups(), 0);
    edges.assign(m_edges.groups(), 0);
    for (std::uint32_t n = 0; n < nodes.size(); ++n) nodes[n] = m_nodes.at(n, instantNs) + m_peers.at(n, instantNs);
    for (std::uint32_t e = 0; e < edges.size(); ++e) edges[e] = m_edges.at(e, instantNs) + m_peerEdges.at(e, instantNs);
}

}  // namespace spanreel::views
