// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/analysis/service_map.h"
#include "model/replay/in_flight.h"

namespace spanreel::views {

/// What of one trace is in flight on the nodes and edges of a shown map (the trace's own, or the session's, which holds
/// it). Immutable; built in the query pool, O(n log n).
class MapFlow {
public:
    MapFlow() = default;
    MapFlow(const trace::Trace& trace, const analysis::TraceMap& own, const analysis::ServiceMap& shown);

    /// Counts per node and per edge of the shown map. O((nodes + edges) log n).
    void at(std::int64_t instantNs, std::vector<std::uint32_t>& nodes, std::vector<std::uint32_t>& edges) const;

private:
    replay::InFlightCounts m_nodes, m_peers, m_edges, m_peerEdges;
};

}  // namespace spanreel::views
