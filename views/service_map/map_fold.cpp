// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/map_fold.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace spanreel::views {

FoldedAway foldEdges(analysis::ServiceMap& map, std::size_t most) {
    FoldedAway away;
    if (map.edges.size() <= most) return away;
    std::vector<std::uint32_t> order(map.edges.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return map.edges[a].calls > map.edges[b].calls; });
    std::vector<bool> keep(map.edges.size()), entered(map.nodes.size()), touched(map.nodes.size());
    std::size_t kept = 0;
    const auto take = [&](std::uint32_t e) {
        if (keep[e]) return;
        keep[e] = true;
        ++kept;
        touched[map.edges[e].from] = touched[map.edges[e].to] = true;
    };
    for (const auto e : order) {
        const auto& edge = map.edges[e];
        if (edge.from == edge.to || entered[edge.to]) continue;
        entered[edge.to] = true;
        take(e);
    }
    for (const auto e : order)
        if (!touched[map.edges[e].from] || !touched[map.edges[e].to]) take(e);
    for (const bool failed : {true, false})
        for (const auto e : order)
            if (kept < most && (map.edges[e].errors > 0) == failed) take(e);
    std::vector<analysis::MapEdge> edges;
    edges.reserve(kept);
    for (std::size_t e = 0; e < map.edges.size(); ++e) {
        if (keep[e]) {
            edges.push_back(map.edges[e]);
            continue;
        }
        ++away.edges;
        away.calls += map.edges[e].calls;
    }
    map.edges = std::move(edges);
    return away;
}

}  // namespace spanreel::views
