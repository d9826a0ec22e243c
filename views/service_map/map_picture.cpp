// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/map_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "model/core/text.h"
#include "model/core/time_format.h"

namespace spanreel::views {

using analysis::MapEdge;
using analysis::MapNode;
using analysis::PeerKind;
using geometry::Anchor;
using geometry::Box;
using geometry::Elide;
using geometry::Face;
using geometry::Fill;
using geometry::Ink;
using geometry::Label;
using geometry::Mark;
using geometry::MarkKind;
using geometry::Picture;
using geometry::Rect;
using geometry::Stroke;
using geometry::Tone;

namespace {

constexpr double kNodeHeight = 62;
constexpr double kLeastNodeWidth = 150;
constexpr double kMostNodeWidth = 260;
constexpr double kTextInset = 14;
constexpr double kFontMargin = 1.12;  ///< fonts run wider than our table of character widths says
constexpr double kRadius = 4;
constexpr double kFooter = 20;  ///< height of the line under a map

std::string nodeName(const MapNode& node, const MapWords& words) { return node.name.empty() ? words.noName : escapeControls(node.name); }

std::string nodeFigures(const MapNode& node, const MapWords& words) {
    std::string text;
    switch (node.kind) {
        case PeerKind::Service: break;
        case PeerKind::Database: text = words.database + " · "; break;
        case PeerKind::Queue: text = words.queue + " · "; break;
        case PeerKind::External: text = words.external + " · "; break;
    }
    return text + (node.kind == PeerKind::Service ? words.spans(node.spans) : words.calls(node.spans));
}

std::string edgeFigures(const MapEdge& edge, const MapWords& words) {
    std::string text = words.calls(edge.calls);
    if (edge.errors > 0) text += " · ✕ " + words.errorShare(static_cast<double>(edge.errors) / static_cast<double>(std::max<std::uint64_t>(edge.calls, 1)));
    return text;
}

/// Thickness says how often: 1 px for one call, 4 px from 10,000 on.
double edgeWidth(std::uint64_t calls) { return std::min(4.0, 1.2 + 0.7 * std::log10(static_cast<double>(std::max<std::uint64_t>(calls, 1)))); }

class Drawer {
public:
    Drawer(const analysis::ServiceMap& map, const MapLayout& layout, const MapWords& words, const MapDrawing& drawing)
        : m_map(map), m_layout(layout), m_words(words), m_drawing(drawing), m_focusNode(drawing.hoverNode ? drawing.hoverNode : drawing.selectedNode),
          m_focusEdge(drawing.hoverEdge ? drawing.hoverEdge : drawing.selectedEdge) {}

    Picture draw() {
        m_picture.width = std::ceil(m_layout.width);
        m_picture.height = std::ceil(m_layout.height);
        m_picture.title = m_words.title;
        for (std::uint32_t e = 0; e < m_map.edges.size(); ++e) drawLine(e);
        // Lines and their texts lie under the nodes: what a node says is never covered.
        if (m_drawing.texts) {
            MapTexts room(m_layout);
            std::uint64_t leftOut = 0;
            for (const auto e : edgesByWeight(m_map, m_focusEdge, m_focusNode)) leftOut += !drawText(e, room);
            if (leftOut > 0) {
                const std::string told = m_words.leftOut(leftOut);
                m_picture.width = std::max(m_picture.width, std::ceil(geometry::approximateTextWidth(told, Face::Small) * kFontMargin + 12));
                m_picture.add(Label{6, m_picture.height + kFooter - 7, 0, told, Ink::of(Tone::Quiet), Anchor::Start, Elide::None, Face::Small});
                m_picture.height += kFooter;
            }
        }
        for (std::uint32_t n = 0; n < m_map.nodes.size(); ++n) drawNode(n);
        return std::move(m_picture);
    }

private:
    [[nodiscard]] bool replaying() const { return !m_drawing.nodeInFlight.empty(); }
    [[nodiscard]] bool touches(std::uint32_t e, std::uint32_t n) const { return m_map.edges[e].from == n || m_map.edges[e].to == n; }
    [[nodiscard]] bool isNeighbour(std::uint32_t n) const {
        if (m_focusNode) {
            if (*m_focusNode == n) return true;
            return std::any_of(m_map.edges.begin(), m_map.edges.end(), [&](const MapEdge& e) { return (e.from == n && e.to == *m_focusNode) || (e.to == n && e.from == *m_focusNode); });
        }
        return touches(*m_focusEdge, n);
    }
    [[nodiscard]] double nodeStrength(std::uint32_t n) const {
        if (m_drawing.nodeHidden && m_drawing.nodeHidden(n)) return 0.3;
        if ((m_focusNode || m_focusEdge) && !isNeighbour(n)) return 0.35;
        return 1;
    }
    [[nodiscard]] double edgeStrength(std::uint32_t e) const {
        const auto& edge = m_map.edges[e];
        if (m_drawing.nodeHidden && (m_drawing.nodeHidden(edge.from) || m_drawing.nodeHidden(edge.to))) return 0.2;
        if (m_focusNode) return touches(e, *m_focusNode) ? 1 : 0.2;
        if (m_focusEdge) return e == *m_focusEdge ? 1 : 0.2;
        return 1;
    }
    [[nodiscard]] std::uint32_t edgeLoad(std::uint32_t e) const { return e < m_drawing.edgeInFlight.size() ? m_drawing.edgeInFlight[e] : 0; }
    [[nodiscard]] std::uint32_t nodeLoad(std::uint32_t n) const { return n < m_drawing.nodeInFlight.size() ? m_drawing.nodeInFlight[n] : 0; }
    [[nodiscard]] static Ink faded(Tone tone, double strength) { return Ink::of(tone, strength); }

    void drawLine(std::uint32_t e) {
        const auto& edge = m_map.edges[e];
        const auto& points = m_layout.edges[e].points;
        const bool lit = edgeLoad(e) > 0;
        const bool focused = m_focusEdge == e || (m_focusNode && touches(e, *m_focusNode));
        Ink ink = faded(edge.errors > 0 ? Tone::Error : Tone::Quiet, edgeStrength(e) * (edge.errors > 0 || focused ? 1 : 0.75));
        if (lit || (focused && edge.errors == 0)) ink.tone = Tone::Accent;
        const double width = edgeWidth(edge.calls) + (lit ? 2 : 0) + (focused ? 0.6 : 0);
        if (edge.asynchronous)
            drawDashes(points, ink, width);
        else
            for (std::size_t i = 1; i < points.size(); ++i) m_picture.add(Stroke{points[i - 1].x, points[i - 1].y, points[i].x, points[i].y, ink, width, false});
        drawArrow(points, ink, width);
        if (m_drawing.titles) m_picture.add(hoverLine(edge, points));
    }
    /// Unseen, broad enough to be pointed at: the longest piece of the line tells what its text does.
    [[nodiscard]] Stroke hoverLine(const MapEdge& edge, const std::vector<MapPoint>& points) const {
        constexpr double kBroad = 10;
        const auto length = [&](std::size_t i) { return std::hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y); };
        std::size_t longest = 1;
        for (std::size_t i = 2; i < points.size(); ++i)
            if (length(i) > length(longest)) longest = i;
        const auto a = points[longest - 1], b = points[longest];
        return {a.x, a.y, b.x, b.y, Ink::of(Tone::Quiet, 0), kBroad, false,
                fmt::format("{} → {} · {} · {}", nodeName(m_map.nodes[edge.from], m_words), nodeName(m_map.nodes[edge.to], m_words), edgeFigures(edge, m_words), m_words.durations(edge.p50Ns, edge.p95Ns))};
    }
    /// Even dashes along the whole line, whatever the length of its pieces.
    void drawDashes(const std::vector<MapPoint>& points, const Ink& ink, double width) {
        constexpr double kDash = 7, kGap = 5;
        double left = kDash;  // of the dash or gap at hand
        bool on = true;
        for (std::size_t i = 1; i < points.size(); ++i) {
            const auto a = points[i - 1], b = points[i];
            const double length = std::hypot(b.x - a.x, b.y - a.y);
            for (double done = 0; done < length;) {
                const double step = std::min(left, length - done);
                const double t1 = done / length, t2 = (done + step) / length;
                if (on) m_picture.add(Stroke{a.x + (b.x - a.x) * t1, a.y + (b.y - a.y) * t1, a.x + (b.x - a.x) * t2, a.y + (b.y - a.y) * t2, ink, width, false});
                done += step;
                left -= step;
                if (left <= 1e-9) {
                    on = !on;
                    left = on ? kDash : kGap;
                }
            }
        }
    }
    void drawArrow(const std::vector<MapPoint>& points, const Ink& ink, double width) {
        const auto tip = points.back();
        auto before = points[points.size() - 2];
        for (std::size_t i = points.size() - 2; i > 0 && std::hypot(tip.x - before.x, tip.y - before.y) < 6; --i) before = points[i - 1];
        const double angle = std::atan2(tip.y - before.y, tip.x - before.x);
        const double size = 7 + width;
        for (const double side : {-0.45, 0.45})
            m_picture.add(Stroke{tip.x, tip.y, tip.x - size * std::cos(angle + side), tip.y - size * std::sin(angle + side), ink, std::max(1.5, width * 0.8), false});
    }

    /// Where the layout has the text, else in the middle or at a quarter of a piece of the line, else right above or below
    /// such a place. False = there is no room.
    bool drawText(std::uint32_t e, MapTexts& room) {
        const auto& edge = m_map.edges[e];
        const double strength = edgeStrength(e);
        std::string first = edgeFigures(edge, m_words);
        if (const auto load = edgeLoad(e)) first = m_words.inFlight(load);
        const std::string second = m_words.durations(edge.p50Ns, edge.p95Ns);
        const double width = std::max(geometry::approximateTextWidth(first, Face::Small), geometry::approximateTextWidth(second, Face::Small)) + 6;
        const auto boxAt = [&](const MapPoint& p) { return Rect{p.x - width / 2, p.y - 14, width, 28}; };
        const auto isInside = [&](const Rect& r) { return r.x >= 0 && r.y >= 0 && r.right() <= m_layout.width && r.bottom() <= m_layout.height; };
        std::vector<MapPoint> places{m_layout.edges[e].label};
        const auto& points = m_layout.edges[e].points;
        for (const double share : {0.5, 0.25, 0.75})
            for (std::size_t i = 1; i < points.size(); ++i) places.push_back({points[i - 1].x + (points[i].x - points[i - 1].x) * share, points[i - 1].y + (points[i].y - points[i - 1].y) * share});
        MapPoint at = places.front();
        bool placed = room.take(boxAt(at));
        for (const double beside : {0.0, -16.0, 16.0})
            for (std::size_t i = 0; i < places.size() && !placed; ++i) {
                at = {places[i].x, places[i].y + beside};
                placed = isInside(boxAt(at)) && room.take(boxAt(at));
            }
        if (!placed) return false;
        m_picture.add(Box{boxAt(at), faded(Tone::Page, strength < 1 ? 0.6 : 0.88), 3, Fill::Solid, 0, {}});
        const Tone tone = edgeLoad(e) > 0 ? Tone::Accent : edge.errors > 0 ? Tone::Error : Tone::Text;
        m_picture.add(Label{at.x, at.y - 2, 0, first, faded(tone, strength), Anchor::Middle, Elide::None, Face::Small});
        m_picture.add(Label{at.x, at.y + 10, 0, second, faded(Tone::Quiet, strength), Anchor::Middle, Elide::None, Face::Small});
        return true;
    }

    void drawNode(std::uint32_t n) {
        const auto& node = m_map.nodes[n];
        const Rect& r = m_layout.nodes[n];
        const double strength = nodeStrength(n);
        const bool isPeer = node.kind != PeerKind::Service;
        const std::string name = nodeName(node, m_words);
        const std::string figures = nodeFigures(node, m_words);
        const auto load = nodeLoad(n);
        m_picture.add(Box{r, faded(Tone::Page, 1), kRadius, Fill::Solid, 0, m_drawing.titles ? name + " · " + figures : std::string()});
        if (load > 0) m_picture.add(Box{r, Ink::of(Tone::Accent, 0.16), kRadius, Fill::Solid, 0, {}});
        const bool marked = m_drawing.selectedNode == n || m_drawing.hoverNode == n;
        const Ink border = faded(load > 0 || marked ? Tone::Accent : Tone::Quiet, strength * (marked || load > 0 ? 1 : 0.7));
        m_picture.add(Box{r, border, kRadius, node.kind == PeerKind::External ? Fill::Dashed : Fill::Outline, m_drawing.selectedNode == n || load > 0 ? 2.0 : 1.0, {}});
        if (node.kind == PeerKind::Service) {
            Ink stripe = Ink::ofService(node.name, strength);
            m_picture.add(Box{{r.x + 1, r.y + 1, 5, r.height - 2}, stripe, 2, Fill::Solid, 0, {}});
        } else if (node.kind == PeerKind::Database) {  // the lid of a drum
            m_picture.add(Stroke{r.x, r.y + 6, r.right(), r.y + 6, border, 1, false});
            m_picture.add(Stroke{r.x, r.y + 9, r.right(), r.y + 9, border, 1, false});
        } else if (node.kind == PeerKind::Queue) {  // waiting slots
            for (const double dx : {5.0, 10.0, 15.0}) m_picture.add(Stroke{r.right() - dx, r.y + 6, r.right() - dx, r.bottom() - 6, border, 1, false});
        }
        if (!m_drawing.texts) return;
        const double top = r.y + (node.kind == PeerKind::Database ? 4 : 0);
        const double room = r.width - kTextInset - (node.kind == PeerKind::Queue ? 24 : 10);
        m_picture.add(Label{r.x + kTextInset, top + 20, room, name, faded(Tone::Text, strength), Anchor::Start, Elide::Middle, isPeer ? Face::Ui : Face::UiBold});
        std::string second = load > 0 ? m_words.inFlight(load) : figures;
        m_picture.add(Label{r.x + kTextInset, top + 36, room, second, faded(load > 0 ? Tone::Accent : Tone::Quiet, strength), Anchor::Start, Elide::End, Face::Small});
        if (node.errors > 0 && load == 0) {
            const double x = r.x + kTextInset + geometry::approximateTextWidth(second + "  ", Face::Small);
            m_picture.add(Label{x, top + 36, std::max(12.0, r.right() - 6 - x), "✕ " + m_words.errors(node.errors), faded(Tone::Error, strength), Anchor::Start, Elide::End, Face::Small});
        }
        m_picture.add(Label{r.x + kTextInset, top + 51, room, m_words.durations(node.p50Ns, node.p95Ns), faded(Tone::Quiet, strength), Anchor::Start, Elide::End, Face::Small});
    }

    const analysis::ServiceMap& m_map;
    const MapLayout& m_layout;
    const MapWords& m_words;
    const MapDrawing& m_drawing;
    std::optional<std::uint32_t> m_focusNode, m_focusEdge;
    Picture m_picture;
};

}  // namespace

bool MapTexts::take(const Rect& box) {
    const auto covers = [&](const Rect& other) { return box.x < other.right() && other.x < box.right() && box.y < other.bottom() && other.y < box.bottom(); };
    if (std::any_of(m_taken.begin(), m_taken.end(), covers)) return false;
    m_taken.push_back(box);
    return true;
}

std::vector<std::uint32_t> edgesByWeight(const analysis::ServiceMap& map, std::optional<std::uint32_t> focusEdge, std::optional<std::uint32_t> focusNode) {
    std::vector<std::uint32_t> order(map.edges.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto weight = [&](std::uint32_t e) {
        const auto& edge = map.edges[e];
        const bool focused = focusEdge == e || (focusNode && (edge.from == *focusNode || edge.to == *focusNode));
        return std::tuple(focused, edge.errors > 0, edge.calls);
    };
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return weight(a) > weight(b); });
    return order;
}

std::string mapNodeTitle(const MapNode& node, const MapWords& words) { return nodeName(node, words); }
std::string mapEdgeFigures(const MapEdge& edge, const MapWords& words) { return edgeFigures(edge, words); }

MapWords MapWords::english() {
    MapWords words;
    const auto counted = [](const char* one, const char* many) {
        return [one, many](std::uint64_t n) { return formatCount(n) + " " + (n == 1 ? one : many); };
    };
    words.spans = counted("span", "spans");
    words.calls = counted("call", "calls");
    words.errors = counted("error", "errors");
    words.inFlight = [](std::uint64_t n) { return formatCount(n) + " in flight"; };
    words.leftOut = [](std::uint64_t n) { return n == 1 ? std::string("The text of 1 call is left out for want of room.") : fmt::format("The texts of {} calls are left out for want of room.", formatCount(n)); };
    words.errorShare = [](double share) { return share * 100 < 0.1 ? std::string("< 0.1 %") : fmt::format("{:.3g} %", share * 100); };
    words.durations = [](std::int64_t p50, std::int64_t p95) { return "p50 " + formatDuration(p50) + " · p95 " + formatDuration(p95); };
    words.noName = "(no service name)";
    words.database = "database";
    words.queue = "queue";
    words.external = "external";
    words.title = "Service map";
    return words;
}

MapGraph mapGraph(const analysis::ServiceMap& map, const MapWords& words) {
    MapGraph graph;
    graph.nodes.reserve(map.nodes.size());
    for (const auto& node : map.nodes) {
        double text = geometry::approximateTextWidth(nodeName(node, words), Face::UiBold);
        double figures = geometry::approximateTextWidth(nodeFigures(node, words), Face::Small);
        if (node.errors > 0) figures += geometry::approximateTextWidth("   ✕ " + words.errors(node.errors), Face::Small);
        text = std::max({text, figures, geometry::approximateTextWidth(words.durations(node.p50Ns, node.p95Ns), Face::Small)});
        const double extra = node.kind == PeerKind::Queue ? 24 : 12;
        graph.nodes.push_back({std::clamp(std::ceil(text * kFontMargin + kTextInset + extra), kLeastNodeWidth, kMostNodeWidth), kNodeHeight});
        graph.keys.push_back(mapNodeKey(node));
    }
    graph.edges.reserve(map.edges.size());
    for (const auto& edge : map.edges) {
        const double width = std::max(geometry::approximateTextWidth(edgeFigures(edge, words), Face::Small),
                                      geometry::approximateTextWidth(words.durations(edge.p50Ns, edge.p95Ns), Face::Small));
        graph.edges.push_back({edge.from, edge.to, {width + 6, 28}});
    }
    return graph;
}

Picture mapPicture(const analysis::ServiceMap& map, const MapLayout& layout, const MapWords& words, const MapDrawing& drawing) {
    return Drawer(map, layout, words, drawing).draw();
}

std::string serviceMapSvg(const analysis::ServiceMap& map, const MapLayout& layout, const MapWords& words, const geometry::SvgPalette& palette,
                          const geometry::SvgOptions& options) {
    return geometry::toSvg(mapPicture(map, layout, words), palette, options);
}

}  // namespace spanreel::views
