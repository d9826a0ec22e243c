// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/geometry/timeline_picture.h"

#include <algorithm>
#include <cmath>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "views/geometry/svg_writer.h"
#include "views/geometry/timeline_layout.h"

namespace spanreel::views::geometry {

namespace {

using trace::NodeId;

constexpr double kHeadHeight = 40, kRulerHeight = 24, kFootHeight = 26;

/// The beginning of a text, cut between characters: what a head line can show of a name of any length.
std::string_view beginningOf(std::string_view text) {
    std::size_t cut = std::min<std::size_t>(text.size(), 300);
    while (cut > 0 && cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    return text.substr(0, cut);
}

/// The nodes to show, ascending: the main root, errors and the critical path first, then their ancestors, then the longest,
/// each with its ancestors where there is room for all of them.
std::vector<NodeId> choose(const trace::Trace& trace, std::size_t maxRows) {
    const auto& nodes = trace.nodes();
    std::vector<NodeId> order(nodes.size());
    for (NodeId n = 0; n < nodes.size(); ++n) order[n] = n;
    if (nodes.size() <= maxRows) return order;
    const auto rank = [&](NodeId n) {
        const auto& node = nodes[n];
        if (n == trace.mainRoot()) return 0;
        if (node.has(trace::kError)) return 1;
        if (node.has(trace::kCritical)) return 2;
        return 3;
    };
    // maxRows nodes are enough even where none brings an ancestor along.
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(maxRows), order.end(), [&](NodeId a, NodeId b) {
        const int ra = rank(a), rb = rank(b);
        if (ra != rb) return ra < rb;
        if (nodes[a].durationNs != nodes[b].durationNs) return nodes[a].durationNs > nodes[b].durationNs;
        return a < b;
    });
    std::vector<bool> taken(nodes.size());
    std::vector<NodeId> out, missing;
    const auto take = [&](NodeId n) {
        taken[n] = true;
        out.push_back(n);
    };
    // Nothing that is flagged gives way to an ancestor of something else.
    for (std::size_t i = 0; i < maxRows && rank(order[i]) < 3; ++i) take(order[i]);
    for (std::size_t i = 0; i < maxRows && out.size() < maxRows; ++i) {
        missing.clear();
        for (NodeId n = taken[order[i]] ? nodes[order[i]].parent : order[i]; n != trace::kNoNode && !taken[n] && missing.size() <= maxRows; n = nodes[n].parent) missing.push_back(n);
        if (out.size() + missing.size() > maxRows) missing.resize(taken[order[i]] ? 0 : 1);
        for (NodeId n : missing) take(n);
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

Picture timelinePicture(const trace::Trace& trace, const TimelinePictureOptions& options) {
    // The index and the rows want a shared pointer; this one owns nothing and lives for the call.
    const trace::TracePtr shared(std::shared_ptr<const void>(), &trace);
    const auto index = TimelineIndex::build(shared);
    const auto rows = TimelineRows::ofNodes(shared, choose(trace, options.maxRows));
    const std::size_t total = trace.nodes().size();

    TimelineFrame frame;
    frame.index = index.get();
    frame.rows = &rows;
    frame.metrics.laneRight = options.width;
    frame.metrics.treeWidth = std::clamp(options.width * 0.3, 180.0, 420.0);
    frame.window = TimeWindow::whole(static_cast<double>(trace.durationNs()));
    frame.rowCount = rows.size();
    frame.top = kHeadHeight + kRulerHeight;
    // A little generous: the reader's font is not known.
    frame.measure = [](std::string_view text, Face face) { return approximateTextWidth(text, face) * 1.12; };
    frame.titles = true;

    std::vector<NodeNote> notes;
    for (const auto& note : options.notes) {
        if (note.trace != trace.id() || !note.span) continue;
        if (const auto node = trace.find(*note.span)) notes.push_back({*node, note.colour});
    }
    std::stable_sort(notes.begin(), notes.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
    frame.notes = notes;

    Picture out;
    out.width = options.width;
    const double rowsBottom = frame.top + static_cast<double>(rows.size()) * frame.metrics.rowHeight;
    const bool leavesOut = rows.size() < total;
    out.height = rowsBottom + (leavesOut ? kFootHeight : 8);

    std::string root;
    if (trace.mainRoot() != trace::kNoNode) {
        const auto span = trace.span(trace.mainRoot());
        root = span.serviceName().empty() ? std::string() : std::string(beginningOf(span.serviceName())) + " · ";
        root += beginningOf(span.name());
    }
    const auto facts = formatDuration(trace.durationNs()) + " · " + formatUtc(trace.startNs());
    out.title = escapeControls(root) + ", " + facts;
    const double factsWidth = approximateTextWidth(facts, Face::Ui);
    out.add(Label{TimelineMetrics::kTreePadding, 25, options.width - factsWidth - 40, root, Ink::of(Tone::Text), Anchor::Start, Elide::End, Face::UiBold});
    out.add(Label{options.width - TimelineMetrics::kTreePadding, 25, 0, facts, Ink::of(Tone::Quiet), Anchor::End, Elide::None, Face::Ui});

    const auto scale = frame.metrics.scale(frame.window);
    out.add(Box{{0, kHeadHeight, options.width, kRulerHeight}, Ink::of(Tone::Panel)});
    for (const auto& note : options.notes) {
        if (note.trace != trace.id() || !note.range) continue;
        const auto at = [&](std::uint64_t ns) { return std::clamp(scale.toX(static_cast<double>(saturatingDifference(ns, trace.startNs()))), scale.x, scale.x + scale.width); };
        const double from = at(note.range->fromNs), to = std::max(at(note.range->toNs), from + 1);
        out.add(Box{{from, kHeadHeight, to - from, rowsBottom - kHeadHeight}, Ink::of(toneOf(note.colour), 0.18)});
    }
    drawRuler(scale, timeTicks(scale), kHeadHeight, kRulerHeight, rowsBottom, out);
    out.add(Stroke{0, frame.top - 0.5, options.width, frame.top - 0.5, Ink::of(Tone::Line), 1});
    drawRows(frame, out);
    out.add(Stroke{frame.metrics.treeWidth + 0.5, kHeadHeight, frame.metrics.treeWidth + 0.5, rowsBottom, Ink::of(Tone::Line), 1});
    if (leavesOut) {
        const auto words = options.words.leftOut ? options.words.leftOut(rows.size(), total)
                                                 : "Shows " + formatCount(rows.size()) + " of " + formatCount(total) + " spans: errors and the critical path first, then the longest.";
        out.add(Label{TimelineMetrics::kTreePadding, rowsBottom + 17, options.width - 16, words, Ink::of(Tone::Warning), Anchor::Start, Elide::None, Face::Ui});
    }
    return out;
}

}  // namespace spanreel::views::geometry
