// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/map_layout.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace spanreel::views {

namespace {

constexpr double kLayerGap = 120;  ///< least room between two layers, for lines and their texts
constexpr double kRowGap = 28;
constexpr double kMargin = 16;
constexpr int kSweeps = 6;

/// For each edge whether it must be turned round to make the graph acyclic. Iterative depth-first walk.
std::vector<bool> backEdges(const MapGraph& graph) {
    std::vector<std::vector<std::uint32_t>> out(graph.nodes.size());
    std::vector<std::uint32_t> callers(graph.nodes.size(), 0);
    for (std::uint32_t e = 0; e < graph.edges.size(); ++e) {
        out[graph.edges[e].from].push_back(e);
        if (graph.edges[e].from != graph.edges[e].to) ++callers[graph.edges[e].to];
    }
    std::vector<bool> back(graph.edges.size(), false);
    enum : std::uint8_t { New, Open, Done };
    std::vector<std::uint8_t> state(graph.nodes.size(), New);
    std::vector<std::pair<std::uint32_t, std::size_t>> stack;
    const auto walk = [&](std::uint32_t start) {
        if (state[start] != New) return;
        stack.push_back({start, 0});
        state[start] = Open;
        while (!stack.empty()) {
            auto& [node, next] = stack.back();
            if (next == out[node].size()) {
                state[node] = Done;
                stack.pop_back();
                continue;
            }
            const auto e = out[node][next++];
            const auto to = graph.edges[e].to;
            if (state[to] == Open) {
                back[e] = true;
            } else if (state[to] == New) {
                state[to] = Open;
                stack.push_back({to, 0});
            }
        }
    };
    for (std::uint32_t n = 0; n < graph.nodes.size(); ++n)
        if (callers[n] == 0) walk(n);
    for (std::uint32_t n = 0; n < graph.nodes.size(); ++n) walk(n);
    return back;
}

/// Layer of each node by longest path from the left.
std::vector<std::size_t> layersOf(const MapGraph& graph) {
    const auto back = backEdges(graph);
    std::vector<std::vector<std::uint32_t>> out(graph.nodes.size());
    std::vector<std::uint32_t> waiting(graph.nodes.size(), 0);
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        auto [from, to] = std::pair(graph.edges[e].from, graph.edges[e].to);
        if (from == to) continue;
        if (back[e]) std::swap(from, to);
        out[from].push_back(to);
        ++waiting[to];
    }
    std::vector<std::size_t> layer(graph.nodes.size(), 0);
    std::vector<std::uint32_t> ready;
    for (std::uint32_t n = 0; n < graph.nodes.size(); ++n)
        if (waiting[n] == 0) ready.push_back(n);
    for (std::size_t i = 0; i < ready.size(); ++i)
        for (const auto to : out[ready[i]]) {
            layer[to] = std::max(layer[to], layer[ready[i]] + 1);
            if (--waiting[to] == 0) ready.push_back(to);
        }
    return layer;
}

double averageNeighbour(const std::vector<std::uint32_t>& neighbours, const std::vector<double>& place, double fallback) {
    if (neighbours.empty()) return fallback;
    double sum = 0;
    for (const auto n : neighbours) sum += place[n];
    return sum / static_cast<double>(neighbours.size());
}

/// A smooth line of straight pieces between two points, leaving and arriving horizontally.
std::vector<MapPoint> curve(MapPoint from, MapPoint c1, MapPoint c2, MapPoint to) {
    constexpr int kPieces = 14;
    std::vector<MapPoint> points;
    points.reserve(kPieces + 1);
    for (int i = 0; i <= kPieces; ++i) {
        const double t = static_cast<double>(i) / kPieces, u = 1 - t;
        const double a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
        points.push_back({a * from.x + b * c1.x + c * c2.x + d * to.x, a * from.y + b * c1.y + c * c2.y + d * to.y});
    }
    return points;
}

void measure(MapLayout& layout) {
    layout.width = layout.height = 0;
    for (const auto& node : layout.nodes) {
        layout.width = std::max(layout.width, node.right() + kMargin);
        layout.height = std::max(layout.height, node.bottom() + kMargin);
    }
    for (const auto& edge : layout.edges)
        for (const auto& point : edge.points) {
            layout.width = std::max(layout.width, point.x + kMargin);
            layout.height = std::max(layout.height, point.y + kMargin);
        }
}

}  // namespace

std::string mapNodeKey(const analysis::MapNode& node) {
    const char* kind = "service/";
    if (node.kind == analysis::PeerKind::Database) kind = "database/";
    if (node.kind == analysis::PeerKind::Queue) kind = "queue/";
    if (node.kind == analysis::PeerKind::External) kind = "external/";
    return kind + node.name;
}

MapLayout layeredLayout(const MapGraph& graph) {
    MapLayout layout;
    layout.keys = graph.keys;
    const auto layer = layersOf(graph);
    std::size_t layerCount = 0;
    for (const auto l : layer) layerCount = std::max(layerCount, l + 1);
    std::vector<std::vector<std::uint32_t>> layers(layerCount), left(graph.nodes.size()), right(graph.nodes.size());
    for (std::uint32_t n = 0; n < graph.nodes.size(); ++n) layers[layer[n]].push_back(n);
    for (const auto& edge : graph.edges) {
        if (layer[edge.from] == layer[edge.to]) continue;
        const bool forward = layer[edge.from] < layer[edge.to];
        right[forward ? edge.from : edge.to].push_back(forward ? edge.to : edge.from);
        left[forward ? edge.to : edge.from].push_back(forward ? edge.from : edge.to);
    }
    // Order within layers: each node near the average of its neighbours, sweeping to and fro.
    std::vector<double> place(graph.nodes.size(), 0);
    const auto number = [&](const std::vector<std::uint32_t>& nodes) {
        for (std::size_t i = 0; i < nodes.size(); ++i) place[nodes[i]] = (static_cast<double>(i) + 0.5) / static_cast<double>(nodes.size());
    };
    for (const auto& nodes : layers) number(nodes);
    std::vector<double> wish(graph.nodes.size(), 0);
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        const bool rightwards = sweep % 2 == 0;
        for (std::size_t i = 0; i < layerCount; ++i) {
            auto& nodes = layers[rightwards ? i : layerCount - 1 - i];
            for (const auto n : nodes) wish[n] = averageNeighbour(rightwards ? left[n] : right[n], place, place[n]);
            std::stable_sort(nodes.begin(), nodes.end(), [&](auto a, auto b) { return wish[a] < wish[b]; });
            number(nodes);
        }
    }
    // Places: layers as columns, each centred on the tallest.
    std::vector<double> columnWidth(layerCount, 0), columnHeight(layerCount, 0);
    double tallest = 0;
    for (std::size_t i = 0; i < layerCount; ++i) {
        for (const auto n : layers[i]) {
            columnWidth[i] = std::max(columnWidth[i], graph.nodes[n].width);
            columnHeight[i] += graph.nodes[n].height + kRowGap;
        }
        tallest = std::max(tallest, columnHeight[i]);
    }
    layout.nodes.resize(graph.nodes.size());
    double widestLabel = 0;
    for (const auto& edge : graph.edges) widestLabel = std::max(widestLabel, edge.label.width);
    const double gap = std::max(kLayerGap, widestLabel + 32);
    double x = kMargin;
    for (std::size_t i = 0; i < layerCount; ++i) {
        double y = kMargin + (tallest - columnHeight[i]) / 2;
        for (const auto n : layers[i]) {
            layout.nodes[n] = {x + (columnWidth[i] - graph.nodes[n].width) / 2, y, graph.nodes[n].width, graph.nodes[n].height};
            y += graph.nodes[n].height + kRowGap;
        }
        x += columnWidth[i] + gap;
    }
    routeEdges(layout, graph);
    return layout;
}

void routeEdges(MapLayout& layout, const MapGraph& graph) {
    layout.edges.assign(graph.edges.size(), {});
    // Ports: the lines of a side are spread along it in the order of the other ends, so that they do not share a point.
    std::vector<std::vector<std::uint32_t>> outOf(graph.nodes.size()), into(graph.nodes.size());
    const auto centreY = [&](std::uint32_t n) { return layout.nodes[n].y + layout.nodes[n].height / 2; };
    const auto isForward = [&](const MapGraph::Edge& e) { return layout.nodes[e.from].right() + 8 <= layout.nodes[e.to].x; };
    for (std::uint32_t e = 0; e < graph.edges.size(); ++e) {
        if (!isForward(graph.edges[e])) continue;
        outOf[graph.edges[e].from].push_back(e);
        into[graph.edges[e].to].push_back(e);
    }
    std::vector<double> fromY(graph.edges.size()), toY(graph.edges.size());
    for (std::uint32_t n = 0; n < graph.nodes.size(); ++n) {
        const auto spread = [&](std::vector<std::uint32_t>& edges, bool outgoing) {
            std::stable_sort(edges.begin(), edges.end(), [&](auto a, auto b) {
                return outgoing ? centreY(graph.edges[a].to) < centreY(graph.edges[b].to) : centreY(graph.edges[a].from) < centreY(graph.edges[b].from);
            });
            for (std::size_t i = 0; i < edges.size(); ++i) {
                const double y = layout.nodes[n].y + layout.nodes[n].height * (static_cast<double>(i) + 1) / (static_cast<double>(edges.size()) + 1);
                (outgoing ? fromY : toY)[edges[i]] = y;
            }
        };
        spread(outOf[n], true);
        spread(into[n], false);
    }
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        const auto& edge = graph.edges[i];
        auto& line = layout.edges[i];
        const auto& from = layout.nodes[edge.from];
        const auto& to = layout.nodes[edge.to];
        if (edge.from == edge.to) {  // a loop under the node
            const double y = from.bottom(), x = from.x + from.width / 2;
            line.points = curve({x - 18, y}, {x - 30, y + 36}, {x + 30, y + 36}, {x + 18, y});
        } else if (isForward(edge)) {
            const double bend = (to.x - from.right()) / 2;
            line.points = curve({from.right(), fromY[i]}, {from.right() + bend, fromY[i]}, {to.x - bend, toY[i]}, {to.x, toY[i]});
        } else {  // backwards or within a column: from the lower side round to the lower side
            const double down = std::max(from.bottom(), to.bottom()) + 48;
            const double fx = from.x + from.width * 0.6, tx = to.x + to.width * 0.4;
            line.points = curve({fx, from.bottom()}, {fx, down}, {tx, down}, {tx, to.bottom()});
        }
        line.label = line.points[line.points.size() / 2];
    }
    measure(layout);
}

MapLayout extendLayout(const MapLayout& old, const MapGraph& graph) {
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < old.keys.size(); ++i) known.emplace(old.keys[i], i);
    MapLayout layout;
    layout.keys = graph.keys;
    layout.nodes.resize(graph.nodes.size());
    std::vector<bool> placed(graph.nodes.size(), false);
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
        const auto it = known.find(graph.keys[n]);
        if (it == known.end()) continue;
        const auto& box = old.nodes[it->second];
        // The left upper corner stays; figures that grew may widen the box.
        layout.nodes[n] = {box.x, box.y, std::max(box.width, graph.nodes[n].width), std::max(box.height, graph.nodes[n].height)};
        placed[n] = true;
    }
    const auto isFree = [&](const geometry::Rect& r) {
        for (std::size_t n = 0; n < layout.nodes.size(); ++n) {
            if (!placed[n]) continue;
            const auto& o = layout.nodes[n];
            if (r.x < o.right() + 24 && o.x < r.right() + 24 && r.y < o.bottom() + kRowGap / 2 && o.y < r.bottom() + kRowGap / 2) return false;
        }
        return true;
    };
    const auto place = [&](std::size_t n, double x, double y) {
        geometry::Rect box{std::max(kMargin, x), std::max(kMargin, y), graph.nodes[n].width, graph.nodes[n].height};
        while (!isFree(box)) box.y += box.height / 2 + kRowGap;
        layout.nodes[n] = box;
        placed[n] = true;
    };
    // New nodes beside a placed caller or callee, as often as that finds another; what is left stands alone below.
    for (bool found = true; found;) {
        found = false;
        for (const auto& edge : graph.edges) {
            if (placed[edge.from] == placed[edge.to]) continue;
            found = true;
            if (placed[edge.from]) {
                const auto& caller = layout.nodes[edge.from];
                place(edge.to, caller.right() + kLayerGap, caller.y);
            } else {
                const auto& callee = layout.nodes[edge.to];
                place(edge.from, callee.x - kLayerGap - graph.nodes[edge.from].width, callee.y);
            }
        }
    }
    for (std::size_t n = 0; n < graph.nodes.size(); ++n)
        if (!placed[n]) place(n, kMargin, old.height > 0 ? old.height : kMargin);
    // Lines that did not move keep their course; where one end is new or the box grew, all are drawn anew.
    routeEdges(layout, graph);
    return layout;
}

}  // namespace spanreel::views
