// SPDX-License-Identifier: GPL-3.0-or-later
// Level of detail never hides a flagged span: whatever is closed, zoomed or left out, an error shows, and every span can
// be reached.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/unit/forest_law.h"
#include "tests/unit/law.h"
#include "views/geometry/svg_writer.h"
#include "views/geometry/timeline_layout.h"
#include "views/geometry/timeline_picture.h"

namespace spanreel::views::geometry {
namespace {

using test::Draw;
using trace::NodeId;

/// What a row shows: signs in the tree column, hatched bars in the lane.
struct RowSigns {
    int errors = 0, oddities = 0, hiddenErrors = 0, hatched = 0, hiddenSpans = 0;
};

std::vector<RowSigns> signsOf(const Picture& picture, const TimelineFrame& frame, std::size_t rows) {
    std::vector<RowSigns> out(rows);
    const auto rowAt = [&](double y) -> RowSigns& { return out.at(static_cast<std::size_t>((y - frame.top) / frame.metrics.rowHeight)); };
    for (const auto& shape : picture.shapes) {
        if (const auto* mark = std::get_if<Mark>(&shape); mark && mark->x < frame.metrics.treeWidth) {
            rowAt(mark->y).errors += mark->kind == MarkKind::Cross && mark->ink.tone == Tone::Error;
            rowAt(mark->y).oddities += mark->kind == MarkKind::Diamond;
        }
        if (const auto* label = std::get_if<Label>(&shape); label && label->x < frame.metrics.treeWidth && label->anchor == Anchor::End) {
            rowAt(label->baseline - 4.5).hiddenErrors += label->text.ends_with("✕");
            rowAt(label->baseline - 4.5).hiddenSpans += label->text.starts_with("+");
        }
        if (const auto* box = std::get_if<Box>(&shape); box && box->fill == Fill::Hatch && box->ink.tone == Tone::Error && box->rect.width >= 1) ++rowAt(box->rect.y).hatched;
    }
    return out;
}

std::string detailLaw(Draw& draw) {
    const auto snapshot = test::drawForest(draw);
    const auto assembled = trace::Trace::assemble(snapshot, TraceId{0, 1});
    if (!assembled) return {};
    const auto& trace = **assembled;
    const auto& nodes = trace.nodes();
    const auto index = TimelineIndex::build(*assembled);

    Expansion expansion;
    expansion.openDepth = draw.chance(50) ? static_cast<std::uint32_t>(draw.below(5)) : Expansion::kAll;
    for (std::size_t n = draw.below(6); n-- > 0;) expansion.exceptions.insert(nodes[draw.below(nodes.size())].row);
    TimelineRows rows(*assembled, expansion);

    TimelineFrame frame;
    frame.index = index.get();
    frame.rows = &rows;
    frame.rowCount = rows.size();
    frame.metrics.treeWidth = 40 + static_cast<double>(draw.below(400));
    frame.metrics.laneRight = frame.metrics.treeWidth + 20 + static_cast<double>(draw.below(900));
    frame.window = TimeWindow::whole(static_cast<double>(trace.durationNs()));
    if (draw.chance(60)) frame.window = frame.window.zoomed(1.0 / static_cast<double>(1 + draw.below(100000)), static_cast<double>(draw.below(100)) / 100 * static_cast<double>(trace.durationNs()), static_cast<double>(trace.durationNs()));
    frame.measure = approximateTextWidth;
    Picture picture;
    drawRows(frame, picture);
    const auto signs = signsOf(picture, frame, rows.size());

    constexpr auto kOdd = trace::kOrphan | trace::kSelfParent | trace::kCycle | trace::kSameIdOther | trace::kNegative | trace::kNoTime | trace::kBeforeParent;
    for (NodeId n = 0; n < nodes.size(); ++n) {
        const auto row = rows.rowOf(n);
        const std::string place = "node " + std::to_string(n);
        if (!row) {
            const NodeId shown = rows[rows.nearestRowOf(n)];
            if (!(shown < n && n < nodes[shown].subtreeEnd)) return place + " is hidden in what is not its ancestor";
            if (rows.isOpen(shown)) return place + " is hidden in what is open";
            if (nodes[n].has(trace::kError) && signs[rows.nearestRowOf(n)].hiddenErrors != 1) return place + ", an error, is hidden and not told";
            if (signs[rows.nearestRowOf(n)].hiddenSpans != 1) return place + " is hidden and not counted";
            continue;
        }
        if ((signs[*row].errors > 0) != nodes[n].has(trace::kError)) return place + ": the sign of an error";
        if ((signs[*row].oddities > 0) != ((nodes[n].flags & kOdd) != 0)) return place + ": the sign of an oddity";
        const auto bar = barRect(nodes[n], frame.metrics, frame.window, 0);
        if (bar && bar->width < 1) return place + ": a bar thinner than a pixel";
        if (bar && nodes[n].has(trace::kError) && signs[*row].hatched != 1) return place + ": an error's bar like others";
        const bool inWindow = !nodes[n].has(trace::kNoTime) && static_cast<double>(nodes[n].startNs) < frame.window.toNs() && static_cast<double>(nodes[n].endNs()) > frame.window.fromNs;
        if (inWindow && !bar) return place + " is in the window and has no bar";
    }
    // The minimap: a column under every error.
    for (NodeId n = 0; n < nodes.size(); ++n) {
        if (!nodes[n].has(trace::kError) || nodes[n].has(trace::kNoTime) || trace.durationNs() <= 0) continue;
        const auto at = static_cast<double>(nodes[n].startNs) / static_cast<double>(trace.durationNs()) * TimelineIndex::kMinimapColumns;
        const auto column = std::min<std::size_t>(static_cast<std::size_t>(at), TimelineIndex::kMinimapColumns - 1);
        const auto first = column > 0 ? column - 1 : 0, last = std::min<std::size_t>(column + 1, TimelineIndex::kMinimapColumns - 1);
        bool told = false;
        for (auto c = first; c <= last; ++c) told |= index->minimap.at(c).errors > 0;
        if (!told) return "node " + std::to_string(n) + ", an error, is not in the minimap";
    }
    for (NodeId n = 0; n < nodes.size(); ++n) {
        auto opened = rows;
        opened.reveal(n);
        if (!opened.rowOf(n)) return "node " + std::to_string(n) + " cannot be reached";
    }
    return {};
}

TEST(TimelineLaw, NoFlaggedSpanIsHidden) { test::checkLaw(detailLaw, 500, 600); }

// A written picture that leaves rows out: errors are the last to go.
TEST(TimelineLaw, PicturesKeepErrorsWhileThereIsRoom) {
    test::checkLaw([](Draw& draw) -> std::string {
        const auto snapshot = test::drawForest(draw, 60);
        const auto assembled = trace::Trace::assemble(snapshot, TraceId{0, 1});
        if (!assembled) return {};
        const auto& nodes = (*assembled)->nodes();
        const auto errors = static_cast<std::size_t>(std::count_if(nodes.begin(), nodes.end(), [](const auto& n) { return n.has(trace::kError); }));
        TimelinePictureOptions options;
        options.maxRows = 1 + draw.below(60);
        const auto picture = timelinePicture(**assembled, options);
        const double treeWidth = std::clamp(options.width * 0.3, 180.0, 420.0);
        std::size_t shown = 0;
        double bottom = 0;
        for (const auto& shape : picture.shapes) {
            const auto* mark = std::get_if<Mark>(&shape);
            shown += mark && mark->x < treeWidth && mark->kind == MarkKind::Cross;
            if (const auto* box = std::get_if<Box>(&shape)) bottom = std::max(bottom, box->rect.bottom());
        }
        const auto most = std::min(options.maxRows, nodes.size());
        if (bottom > 64 + 22.0 * static_cast<double>(most) + 2) return "more rows than allowed";
        // The main root keeps its row.
        const auto wanted = std::min(errors, options.maxRows - 1);
        return shown >= wanted ? "" : std::to_string(shown) + " of " + std::to_string(errors) + " errors in " + std::to_string(options.maxRows) + " rows";
    }, 1000, 900);
}

}  // namespace
}  // namespace spanreel::views::geometry
