// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "views/geometry/picture.h"
#include "views/geometry/svg_writer.h"
#include "views/service_map/map_layout.h"

namespace spanreel::views {

/// The words of a map; English by default, translated ones from the view and the report.
struct MapWords {
    std::function<std::string(std::uint64_t)> spans, calls, errors, inFlight;
    std::function<std::string(std::uint64_t)> leftOut;  ///< texts of edges that found no room
    std::function<std::string(double)> errorShare;  ///< 0..1
    std::function<std::string(std::int64_t p50, std::int64_t p95)> durations;
    std::string noName, database, queue, external, title;
    [[nodiscard]] static MapWords english();
};

/// What is drawn besides the map itself.
struct MapDrawing {
    std::optional<std::uint32_t> hoverNode, selectedNode;
    std::optional<std::uint32_t> hoverEdge, selectedEdge;
    /// Spans open at the playhead, per node and per edge; empty = no replay.
    std::vector<std::uint32_t> nodeInFlight, edgeInFlight;
    std::function<bool(std::uint32_t)> nodeHidden;  ///< ticked off: drawn faintly
    bool texts = true;  ///< false: boxes and lines only; the canvas writes short texts in screen size over a small map
    bool titles = true;  ///< false: without what a written picture tells on hover, as the canvas tells it itself
};

/// The first line of a node and of an edge, as the picture writes them.
[[nodiscard]] std::string mapNodeTitle(const analysis::MapNode& node, const MapWords& words);
[[nodiscard]] std::string mapEdgeFigures(const analysis::MapEdge& edge, const MapWords& words);

/// Room for the texts of edges: none lies on a node or on another text; one that finds no room is left out (it is told on
/// hover and beside the map, and the picture says how many were). O(what was taken) a question.
class MapTexts {
public:
    explicit MapTexts(const MapLayout& layout) : m_taken(layout.nodes) {}
    explicit MapTexts(std::vector<geometry::Rect> taken) : m_taken(std::move(taken)) {}
    bool take(const geometry::Rect& box);

private:
    std::vector<geometry::Rect> m_taken;
};
/// The order in which edges ask for it: those in focus, those with errors, then the busiest.
[[nodiscard]] std::vector<std::uint32_t> edgesByWeight(const analysis::ServiceMap& map, std::optional<std::uint32_t> focusEdge, std::optional<std::uint32_t> focusNode);

/// Sizes of boxes and texts for a layout.
[[nodiscard]] MapGraph mapGraph(const analysis::ServiceMap& map, const MapWords& words);

/// The picture of a map: boxes with rate, errors and durations, peers in their own shapes and words, edges with their
/// figures. Pure; any thread; O(nodes + edges).
[[nodiscard]] geometry::Picture mapPicture(const analysis::ServiceMap& map, const MapLayout& layout, const MapWords& words, const MapDrawing& drawing = {});

/// A map as a standalone SVG (reports, `render --view map`).
[[nodiscard]] std::string serviceMapSvg(const analysis::ServiceMap& map, const MapLayout& layout, const MapWords& words, const geometry::SvgPalette& palette,
                                        const geometry::SvgOptions& options = {});

}  // namespace spanreel::views
