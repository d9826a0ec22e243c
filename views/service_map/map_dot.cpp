// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>
#include <string_view>

#include "views/service_map/map_layout.h"

namespace spanreel::views {

namespace {

constexpr double kPointsPerInch = 72;
constexpr double kMargin = 12;  ///< around everything; dot's plain output has none

/// Blank-separated words of one line at a time.
class PlainReader {
public:
    explicit PlainReader(std::string_view text) : m_rest(text) {}
    bool nextLine() {
        if (m_rest.empty()) return false;
        const auto end = m_rest.find('\n');
        m_line = m_rest.substr(0, end);
        m_rest = end == std::string_view::npos ? std::string_view{} : m_rest.substr(end + 1);
        return true;
    }
    std::string_view word() {
        while (!m_line.empty() && m_line.front() == ' ') m_line.remove_prefix(1);
        const auto end = std::min(m_line.find(' '), m_line.size());
        const auto out = m_line.substr(0, end);
        m_line.remove_prefix(end);
        return out;
    }
    bool number(double& value) {
        const auto text = word();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
    }
    bool index(std::size_t limit, std::uint32_t& value) {
        const auto text = word();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() && value < limit;
    }

private:
    std::string_view m_rest, m_line;
};

/// The pieces of dot's Bézier splines (1 + 3n points) as straight pieces.
std::vector<MapPoint> flatten(const std::vector<MapPoint>& spline) {
    constexpr int kPieces = 8;
    std::vector<MapPoint> points{spline.front()};
    for (std::size_t i = 0; i + 3 < spline.size(); i += 3)
        for (int k = 1; k <= kPieces; ++k) {
            const double t = static_cast<double>(k) / kPieces, u = 1 - t;
            const double a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
            points.push_back({a * spline[i].x + b * spline[i + 1].x + c * spline[i + 2].x + d * spline[i + 3].x,
                              a * spline[i].y + b * spline[i + 1].y + c * spline[i + 2].y + d * spline[i + 3].y});
        }
    return points;
}

}  // namespace

std::string dotSource(const MapGraph& graph) {
    std::string out = "digraph{rankdir=LR;nodesep=0.35;ranksep=0.45;pad=0.2;node[shape=box,fixedsize=true,label=\"\"];edge[arrowhead=none,fontname=\"Helvetica\"];\n";
    for (std::size_t n = 0; n < graph.nodes.size(); ++n)
        out += fmt::format("{}[width={:.3f},height={:.3f}];\n", n, graph.nodes[n].width / kPointsPerInch, graph.nodes[n].height / kPointsPerInch);
    for (const auto& edge : graph.edges) {
        // The text of the edge is ours to draw; dot only keeps room for it: digits of about its width.
        const auto digits = static_cast<std::size_t>(std::clamp(edge.label.width / 5.6, 1.0, 60.0));
        out += fmt::format("{}->{}[label=\"{}\\n0\",fontsize=10];\n", edge.from, edge.to, std::string(digits, '0'));
    }
    out += "}\n";
    return out;
}

bool readDotPlain(std::string_view text, const MapGraph& graph, MapLayout& layout) {
    layout = {};
    layout.keys = graph.keys;
    layout.nodes.resize(graph.nodes.size());
    layout.edges.resize(graph.edges.size());
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::size_t>> wanted;  // last = next to hand out
    for (std::size_t e = graph.edges.size(); e-- > 0;) wanted[{graph.edges[e].from, graph.edges[e].to}].push_back(e);
    PlainReader reader(text);
    double height = 0;
    std::size_t nodes = 0, edges = 0;
    const auto point = [&](MapPoint& p) {
        if (!reader.number(p.x) || !reader.number(p.y)) return false;
        p = {p.x * kPointsPerInch + kMargin, (height - p.y) * kPointsPerInch + kMargin};
        return true;
    };
    while (reader.nextLine()) {
        const auto what = reader.word();
        if (what == "graph") {
            double scale = 0, width = 0;
            if (!reader.number(scale) || !reader.number(width) || !reader.number(height)) return false;
            layout.width = width * kPointsPerInch + 2 * kMargin;
            layout.height = height * kPointsPerInch + 2 * kMargin;
        } else if (what == "node") {
            std::uint32_t n = 0;
            MapPoint centre;
            if (!reader.index(graph.nodes.size(), n) || !point(centre)) return false;
            const auto& size = graph.nodes[n];
            layout.nodes[n] = {centre.x - size.width / 2, centre.y - size.height / 2, size.width, size.height};
            ++nodes;
        } else if (what == "edge") {
            std::uint32_t from = 0, to = 0, count = 0;
            if (!reader.index(graph.nodes.size(), from) || !reader.index(graph.nodes.size(), to) || !reader.index(100000, count) || count < 2) return false;
            auto it = wanted.find({from, to});
            if (it == wanted.end() || it->second.empty()) return false;
            auto& edge = layout.edges[it->second.back()];
            it->second.pop_back();
            std::vector<MapPoint> spline(count);
            for (auto& p : spline)
                if (!point(p)) return false;
            edge.points = flatten(spline);
            edge.label = edge.points[edge.points.size() / 2];
            MapPoint label;
            if (!reader.word().empty() && point(label)) edge.label = label;  // the text, then its place
            ++edges;
        } else if (what == "stop") {
            break;
        }
    }
    layout.byDot = true;
    return nodes == graph.nodes.size() && edges == graph.edges.size() && layout.width > 0;
}

}  // namespace spanreel::views
