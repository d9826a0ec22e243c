// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "model/analysis/service_map.h"
#include "views/geometry/picture.h"

namespace spanreel::views {

struct MapPoint {
    double x = 0, y = 0;
    bool operator==(const MapPoint&) const = default;
};

/// Size of a node's box or of an edge's text, in pixels.
struct MapSize {
    double width = 0, height = 0;
};

/// Where everything of a service map lies: boxes of nodes, and for each edge the line from its caller's border to its
/// callee's border with the middle of its text. Indexes are those of the ServiceMap. Plain data.
struct MapLayout {
    struct Edge {
        std::vector<MapPoint> points;  ///< at least two; straight pieces
        MapPoint label;
    };
    double width = 0, height = 0;
    std::vector<geometry::Rect> nodes;
    std::vector<Edge> edges;
    std::vector<std::string> keys;  ///< identity of each node, to find it again in a later map
    bool byDot = false;             ///< Graphviz made it
};

/// What a layout needs to know of a map: who calls whom and how large things are.
struct MapGraph {
    struct Edge {
        std::uint32_t from = 0, to = 0;
        MapSize label;
    };
    std::vector<MapSize> nodes;
    std::vector<std::string> keys;
    std::vector<Edge> edges;
};

/// "service/cart", "database/postgres": equal for the same node of two maps.
[[nodiscard]] std::string mapNodeKey(const analysis::MapNode& node);

/// Our own layout, for when Graphviz is not there or too slow: layers from left to right by longest path (cycles are
/// broken where a depth-first walk meets them), crossings lowered by a few median sweeps. Deterministic, iterative,
/// O((nodes + edges) log nodes) a sweep.
[[nodiscard]] MapLayout layeredLayout(const MapGraph& graph);

/// The layout of a grown or changed map in which every node that `old` knows keeps its place; new nodes go right of
/// their callers where there is room.
[[nodiscard]] MapLayout extendLayout(const MapLayout& old, const MapGraph& graph);

/// Lines between given boxes (the edges of `layeredLayout` and `extendLayout`).
void routeEdges(MapLayout& layout, const MapGraph& graph);

/// Text of a `dot` graph: nodes are called by index, no text of the trace is in it.
[[nodiscard]] std::string dotSource(const MapGraph& graph);
/// Reads `dot -Tplain`. False where it is not that, or does not hold every node and edge.
[[nodiscard]] bool readDotPlain(std::string_view text, const MapGraph& graph, MapLayout& layout);

}  // namespace spanreel::views
