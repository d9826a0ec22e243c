// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/notes/note.h"
#include "views/geometry/picture.h"
#include "views/geometry/time_axis.h"
#include "views/geometry/timeline_index.h"
#include "views/geometry/timeline_rows.h"

namespace spanreel::views::geometry {

/// Width of a line of text in pixels.
using TextMeasure = std::function<double(std::string_view, Face)>;

/// Sizes of a timeline's parts, in pixels.
struct TimelineMetrics {
    double rowHeight = 22;
    double barHeight = 12;
    double treeWidth = 320;  ///< tree column, from x = 0
    double laneRight = 1000; ///< where the time lanes end
    double indentStep = 14;
    static constexpr double kLanePadding = 8;
    static constexpr double kTreePadding = 8;
    [[nodiscard]] TimeScale scale(const TimeWindow& window) const {
        return {window, treeWidth + kLanePadding, std::max(1.0, laneRight - treeWidth - 2 * kLanePadding)};
    }
};

/// A note as the timeline shows it.
struct NodeNote {
    trace::NodeId node;
    notes::NoteColour colour;
};

/// All that a frame of rows depends on. Views into data that must outlive the call.
struct TimelineFrame {
    const TimelineIndex* index = nullptr;
    const TimelineRows* rows = nullptr;
    TimelineMetrics metrics;
    TimeWindow window;
    std::size_t firstRow = 0;
    std::size_t rowCount = 0;
    double top = 0;  ///< y of firstRow's upper edge
    trace::NodeId selected = trace::kNoNode;
    trace::NodeId hovered = trace::kNoNode;
    std::optional<std::int64_t> playheadNs;       ///< phases are drawn where set
    std::span<const trace::NodeId> matches;       ///< ascending
    std::span<const NodeNote> notes;              ///< ascending by node
    bool durations = true;                        ///< durations beside the bars
    bool titles = false;                          ///< bars tell their span on hover (written pictures)
    TextMeasure measure;
};

/// Rectangle of a span's bar in its row (at least 1 px wide, cut to just outside the lane), or nothing where the span is
/// off the axis or outside the window.
[[nodiscard]] std::optional<Rect> barRect(const trace::Node& node, const TimelineMetrics& metrics, const TimeWindow& window, double rowTop);

/// x of the disclosure sign of a row. Deep rows stop being indented at two fifths of the tree column; their depth is written.
[[nodiscard]] double treeIndent(std::uint32_t depth, const TimelineMetrics& metrics);
[[nodiscard]] bool depthIsWritten(std::uint32_t depth, const TimelineMetrics& metrics);

/// Shapes of the rows in view: tree column and bars with critical path, errors, events, logs, notes, matches, replay phases.
/// O(rows in view x (log n + pixels)), independent of the trace's size. Pure.
void drawRows(const TimelineFrame& frame, Picture& out);
/// Ruler labels with their ticks between y and y + height, and grid lines down to `gridBottom`.
void drawRuler(const TimeScale& scale, const Ticks& ticks, double y, double height, double gridBottom, Picture& out);

/// Calls `visit(x, first, count)` for runs of sorted instants that fall on one pixel column inside the scale; two binary
/// searches a column, so dense lists cost O(pixels x log n).
void forEachColumn(std::span<const std::int64_t> sorted, const TimeScale& scale, const std::function<void(double x, std::size_t first, std::size_t count)>& visit);

/// What lies at a point of the rows' area.
struct TimelineHit {
    enum class Zone { Nothing, Disclosure, Tree, Bar, Lane };
    Zone zone = Zone::Nothing;
    std::size_t row = 0;
    trace::NodeId node = trace::kNoNode;
};
[[nodiscard]] TimelineHit hitTest(const TimelineFrame& frame, double x, double y);

[[nodiscard]] Tone toneOf(notes::NoteColour colour);

}  // namespace spanreel::views::geometry
