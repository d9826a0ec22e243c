// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/geometry/timeline_layout.h"

#include <algorithm>
#include <cmath>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/replay/replay_clock.h"

namespace spanreel::views::geometry {

namespace {

using replay::SpanPhase;
using trace::NodeId;

constexpr double kBarRadius = 2;
constexpr double kOutside = 4;  ///< bars are cut this far outside the lane, so that their ends do not show

/// Painter of one frame; a class only to keep the parameters together.
class RowDrawer {
public:
    RowDrawer(const TimelineFrame& frame, Picture& out)
        : m_frame(frame), m_out(out), m_trace(*frame.rows->trace()), m_metrics(frame.metrics), m_scale(frame.metrics.scale(frame.window)) {}

    void row(std::size_t row) {
        m_node = (*m_frame.rows)[row];
        m_top = m_frame.top + static_cast<double>(row - m_frame.firstRow) * m_metrics.rowHeight;
        m_matched = std::binary_search(m_frame.matches.begin(), m_frame.matches.end(), m_node);
        background();
        lane();
        // The tree column covers what stands out of the lane at its left.
        tree();
    }

private:
    [[nodiscard]] const trace::Node& node() const { return m_trace.node(m_node); }
    [[nodiscard]] double middle() const { return m_top + m_metrics.rowHeight / 2; }
    [[nodiscard]] double baseline() const { return middle() + 4.5; }

    void background() {
        const Rect whole{0, m_top, m_metrics.laneRight, m_metrics.rowHeight};
        if (m_node == m_frame.selected) m_out.add(Box{whole, Ink::of(Tone::Accent, 0.12)});
        else if (m_node == m_frame.hovered) m_out.add(Box{whole, Ink::of(Tone::Text, 0.06)});
    }

    void lane() {
        const auto& n = node();
        if (n.has(trace::kNoTime)) {
            m_out.add(Label{m_scale.x, baseline(), m_scale.width, "—", Ink::of(Tone::Quiet)});
            return;
        }
        const auto rect = barRect(n, m_metrics, m_frame.window, m_top);
        if (rect) {
            bar(*rect);
            criticalPath();
            events(*rect);
            logs();
            durationLabel(*rect);
        } else {
            elsewhere();
            logs();
        }
    }

    void bar(const Rect& rect) {
        const auto& n = node();
        const auto service = m_trace.span(m_node).serviceName();
        const auto ink = service.empty() ? Ink::of(Tone::Quiet) : Ink::ofService(service);
        const auto phase = m_frame.playheadNs ? replay::phaseAt(n, *m_frame.playheadNs) : SpanPhase::Finished;
        auto faint = ink;
        faint.opacity = 0.22;
        std::string title;
        if (m_frame.titles) title = (service.empty() ? std::string() : escapeControls(service) + " · ") + escapeControls(m_trace.span(m_node).name().substr(0, 300)) + " · " + formatDurationExact(n.durationNs);
        switch (phase) {
        case SpanPhase::Finished: m_out.add(Box{rect, ink, kBarRadius, Fill::Solid, 1, std::move(title)}); break;
        case SpanPhase::ToCome: m_out.add(Box{rect, faint, kBarRadius}); break;
        case SpanPhase::Running: {
            m_out.add(Box{rect, faint, kBarRadius});
            Rect done = rect;
            done.width = std::clamp(m_scale.toX(static_cast<double>(*m_frame.playheadNs)) - rect.x, 1.0, rect.width);
            m_out.add(Box{done, ink, kBarRadius});
            m_out.add(Box{rect, Ink::of(Tone::Text), kBarRadius, Fill::Outline});
            break;
        }
        }
        if (n.has(trace::kError)) {
            const double strength = phase == SpanPhase::ToCome ? 0.35 : 1.0;
            m_out.add(Box{rect, Ink::of(Tone::Error, strength), kBarRadius, Fill::Hatch});
            if (rect.width >= 3) m_out.add(Box{rect, Ink::of(Tone::Error, strength), kBarRadius, Fill::Outline});
        }
        if (m_node == m_frame.selected)
            m_out.add(Box{{rect.x - 2, rect.y - 2, rect.width + 4, rect.height + 4}, Ink::of(Tone::Accent), kBarRadius + 1, Fill::Outline, 1.5});
    }

    void criticalPath() {
        const auto pieces = m_frame.index->criticalOf(m_node);
        const double y = middle() + m_metrics.barHeight / 2 + 2;
        auto it = std::lower_bound(pieces.begin(), pieces.end(), m_frame.window.fromNs, [](const trace::CriticalPiece& p, double t) { return static_cast<double>(p.toNs) < t; });
        while (it != pieces.end() && static_cast<double>(it->fromNs) <= m_frame.window.toNs()) {
            const double from = std::max(m_scale.toX(static_cast<double>(it->fromNs)), m_scale.x);
            double to = m_scale.toX(static_cast<double>(it->toNs));
            ++it;
            // Pieces that begin in the pixel where this one ends are one line; a binary search skips what lies within.
            while (it != pieces.end() && m_scale.toX(static_cast<double>(it->fromNs)) <= to + 1 && to < m_scale.x + m_scale.width) {
                const double limit = m_scale.toNs(to + 1);
                const auto next = std::upper_bound(it, pieces.end(), limit, [](double t, const trace::CriticalPiece& p) { return t < static_cast<double>(p.fromNs); });
                to = std::max(to, m_scale.toX(static_cast<double>(std::prev(next)->toNs)));
                it = next;
            }
            to = std::clamp(to, from + 1, m_scale.x + m_scale.width);
            m_out.add(Stroke{from, y, to, y, Ink::of(Tone::Text), 2});
        }
    }

    void events(const Rect& rect) {
        forEachColumn(m_frame.index->events.of(m_node), m_scale, [&](double x, std::size_t, std::size_t) {
            m_out.add(Stroke{x, rect.y - 3, x, rect.y + 4, Ink::of(Tone::Text, 0.85), 1.5});
        });
    }

    void logs() {
        const double y = middle();
        const auto dot = [&](double x, Tone tone, double size) {
            m_out.add(Mark{MarkKind::Dot, x, y, size + 2, Ink::of(Tone::Page)});
            m_out.add(Mark{MarkKind::Dot, x, y, size, Ink::of(tone)});
        };
        const auto& logs = m_frame.index->logs;
        forEachColumn(logs.of(m_node), m_scale, [&](double x, std::size_t, std::size_t) { dot(x, Tone::Text, 4); });
        forEachColumn(m_frame.index->errorLogs.of(m_node), m_scale, [&](double x, std::size_t, std::size_t) { dot(x, Tone::Error, 5); });
    }

    void durationLabel(const Rect& rect) {
        const auto& n = node();
        const double right = m_scale.x + m_scale.width;
        double after = std::min(rect.right(), right) + 5;  // where what stands right of the bar begins
        double before = std::max(rect.x, m_scale.x) - 5;   // where what stands left of it ends
        if (n.has(trace::kError)) {
            if (after + 8 <= right) {
                m_out.add(Mark{MarkKind::Cross, after + 4, middle(), 7, Ink::of(Tone::Error)});
                after += 13;
            } else if (before - 8 >= m_scale.x) {
                m_out.add(Mark{MarkKind::Cross, before - 4, middle(), 7, Ink::of(Tone::Error)});
                before -= 13;
            } else {
                m_out.add(Box{{right - 16, rect.y + 0.5, 11, rect.height - 1}, Ink::of(Tone::Page, 0.85), kBarRadius});
                m_out.add(Mark{MarkKind::Cross, right - 10.5, middle(), 7, Ink::of(Tone::Error)});
            }
        }
        if (!m_frame.durations) return;
        auto text = formatDuration(n.durationNs);
        const double width = measured(text, Face::Small);
        if (after + width <= right) {
            m_out.add(Label{after, baseline(), 0, std::move(text), Ink::of(Tone::Quiet), Anchor::Start, Elide::None, Face::Small});
        } else if (before - width >= m_scale.x) {
            m_out.add(Label{before, baseline(), 0, std::move(text), Ink::of(Tone::Quiet), Anchor::End, Elide::None, Face::Small});
        } else if (rect.width > width + 30) {
            // Both ends are taken: on the bar, on a patch of the page so that it reads on every service colour.
            const double end = std::min(rect.right(), right) - (n.has(trace::kError) ? 24 : 8);
            m_out.add(Box{{end - width - 4, rect.y + 0.5, width + 8, rect.height - 1}, Ink::of(Tone::Page, 0.85), kBarRadius});
            m_out.add(Label{end, baseline() - 0.5, 0, std::move(text), Ink::of(Tone::Text), Anchor::End, Elide::None, Face::Small});
        }
    }

    /// A span outside the window: a small arrow at the side where it is.
    void elsewhere() {
        const bool before = static_cast<double>(node().endNs()) < m_frame.window.fromNs;
        m_out.add(Label{before ? m_scale.x : m_scale.x + m_scale.width, baseline(), 0, before ? "‹" : "›", Ink::of(Tone::Quiet), before ? Anchor::Start : Anchor::End, Elide::None, Face::UiBold});
    }

    static double approximate(std::string_view text) { return static_cast<double>(text.size()) * 6.5; }
    [[nodiscard]] double measured(std::string_view text, Face face) const { return m_frame.measure ? m_frame.measure(text, face) : approximate(text); }

    void tree() {
        const auto& n = node();
        const auto span = m_trace.span(m_node);
        const bool open = n.childCount > 0 && m_frame.rows->isOpen(m_node);
        // Cover the lane's overhang.
        m_out.add(Box{{0, m_top, m_metrics.treeWidth, m_metrics.rowHeight}, Ink::of(Tone::Page)});
        if (m_node == m_frame.selected) m_out.add(Box{{0, m_top, m_metrics.treeWidth, m_metrics.rowHeight}, Ink::of(Tone::Accent, 0.12)});
        else if (m_node == m_frame.hovered) m_out.add(Box{{0, m_top, m_metrics.treeWidth, m_metrics.rowHeight}, Ink::of(Tone::Text, 0.06)});
        if (m_node == m_frame.selected) m_out.add(Box{{0, m_top, 2, m_metrics.rowHeight}, Ink::of(Tone::Accent)});

        double x = treeIndent(n.depth, m_metrics);
        if (depthIsWritten(n.depth, m_metrics)) {
            const auto text = formatCount(n.depth);
            m_out.add(Label{x - 2, baseline(), 0, text, Ink::of(Tone::Quiet), Anchor::End, Elide::None, Face::Small});
        }
        if (n.childCount > 0) m_out.add(Mark{open ? MarkKind::TriangleDown : MarkKind::TriangleRight, x + 5, middle(), 8, Ink::of(Tone::Quiet)});
        x += 14;
        const auto service = span.serviceName();
        m_out.add(Box{{x, middle() - 4, 8, 8}, service.empty() ? Ink::of(Tone::Quiet) : Ink::ofService(service), 2});
        x += 13;

        double right = m_metrics.treeWidth - TimelineMetrics::kTreePadding;
        right = treeSigns(right, open);
        double room = right - x;
        if (room < 12) return;
        if (!service.empty()) {
            const auto text = escapeControls(service.substr(0, 200));
            const double width = std::min(measured(text, Face::Ui), room * 0.5);
            m_out.add(Label{x, baseline(), width + 0.5, text, Ink::of(Tone::Quiet), Anchor::Start, Elide::End, Face::Ui, false});
            x += width + 7;
            room = right - x;
        }
        if (room < 12) return;
        m_out.add(Label{x, baseline(), room, escapeControls(span.name().substr(0, 300)), Ink::of(Tone::Text), Anchor::Start, Elide::End, Face::Ui, m_matched});
    }

    /// Signs at the right end of the tree column, from right to left; returns where the name must end.
    double treeSigns(double right, bool open) {
        const auto& n = node();
        const auto sign = [&](const std::string& text, Tone tone) {
            const double width = measured(text, Face::Small);
            m_out.add(Label{right, baseline(), 0, text, Ink::of(tone), Anchor::End, Elide::None, Face::Small});
            right -= width + 6;
        };
        const auto note = std::lower_bound(m_frame.notes.begin(), m_frame.notes.end(), m_node, [](const NodeNote& a, NodeId b) { return a.node < b; });
        if (note != m_frame.notes.end() && note->node == m_node) {
            m_out.add(Mark{MarkKind::Flag, right - 5, middle(), 9, Ink::of(toneOf(note->colour))});
            right -= 16;
        }
        if (n.childCount > 0 && !open) {
            const auto hidden = n.subtreeEnd - m_node - 1;
            sign("+" + formatCount(hidden), Tone::Quiet);
            const auto errors = m_frame.index->errorsInSubtree(m_node) - (n.has(trace::kError) ? 1u : 0u);
            if (errors > 0) sign(formatCount(errors) + " ✕", Tone::Error);
        }
        if (n.copies > 1) sign("×" + formatCount(n.copies), Tone::Quiet);
        constexpr auto kOdd = trace::kOrphan | trace::kSelfParent | trace::kCycle | trace::kSameIdOther | trace::kNegative | trace::kNoTime | trace::kBeforeParent;
        if (n.flags & kOdd) {
            m_out.add(Mark{MarkKind::Diamond, right - 5, middle(), 9, Ink::of(Tone::Warning)});
            right -= 14;
        }
        if (n.has(trace::kError)) {
            m_out.add(Mark{MarkKind::Cross, right - 5, middle(), 7, Ink::of(Tone::Error)});
            right -= 14;
        }
        return right;
    }

    const TimelineFrame& m_frame;
    Picture& m_out;
    const trace::Trace& m_trace;
    const TimelineMetrics& m_metrics;
    TimeScale m_scale;
    NodeId m_node = 0;
    double m_top = 0;
    bool m_matched = false;
};

double indentRoom(const TimelineMetrics& metrics) { return std::max(metrics.indentStep, metrics.treeWidth * 0.4); }

}  // namespace

std::optional<Rect> barRect(const trace::Node& node, const TimelineMetrics& metrics, const TimeWindow& window, double rowTop) {
    if (node.has(trace::kNoTime)) return std::nullopt;
    const auto scale = metrics.scale(window);
    const double low = scale.x - kOutside, high = scale.x + scale.width + kOutside;
    double from = scale.toX(static_cast<double>(node.startNs)), to = scale.toX(static_cast<double>(node.endNs()));
    if (to < scale.x - 1 || from > scale.x + scale.width) return std::nullopt;
    from = std::max(from, low);
    to = std::min(std::max(to, from + 1), high);
    return Rect{from, rowTop + (metrics.rowHeight - metrics.barHeight) / 2, std::max(1.0, to - from), metrics.barHeight};
}

double treeIndent(std::uint32_t depth, const TimelineMetrics& metrics) {
    const double whole = static_cast<double>(depth) * metrics.indentStep;
    return TimelineMetrics::kTreePadding + std::min(whole, indentRoom(metrics));
}

bool depthIsWritten(std::uint32_t depth, const TimelineMetrics& metrics) { return static_cast<double>(depth) * metrics.indentStep > indentRoom(metrics); }

void drawRows(const TimelineFrame& frame, Picture& out) {
    if (!frame.rows || !frame.rows->trace() || !frame.index) return;
    RowDrawer drawer(frame, out);
    const std::size_t end = std::min(frame.rows->size(), frame.firstRow + frame.rowCount);
    for (std::size_t row = frame.firstRow; row < end; ++row) drawer.row(row);
}

void drawRuler(const TimeScale& scale, const Ticks& ticks, double y, double height, double gridBottom, Picture& out) {
    if (!ticks.base.empty()) out.add(Label{scale.x - 4, y + height - 8, 0, ticks.base, Ink::of(Tone::Text), Anchor::End, Elide::None, Face::Small});
    for (const auto& tick : ticks.ticks) {
        const double x = std::round(scale.toX(tick.ns)) + 0.5;
        out.add(Stroke{x, y + height - 5, x, y + height, Ink::of(Tone::Quiet), 1});
        if (gridBottom > y + height) out.add(Stroke{x, y + height, x, gridBottom, Ink::of(Tone::Line, 0.7), 1});
        if (x <= scale.x + scale.width - 24) out.add(Label{x + 4, y + height - 8, 0, tick.label, Ink::of(Tone::Quiet), Anchor::Start, Elide::None, Face::Small});
    }
}

void forEachColumn(std::span<const std::int64_t> sorted, const TimeScale& scale, const std::function<void(double, std::size_t, std::size_t)>& visit) {
    if (sorted.empty()) return;
    const auto less = [](std::int64_t a, double b) { return static_cast<double>(a) < b; };
    auto it = std::lower_bound(sorted.begin(), sorted.end(), scale.window.fromNs, less);
    while (it != sorted.end() && static_cast<double>(*it) <= scale.window.toNs()) {
        const double x = scale.toX(static_cast<double>(*it));
        auto next = std::lower_bound(it + 1, sorted.end(), scale.toNs(std::floor(x) + 1), less);
        visit(x, static_cast<std::size_t>(it - sorted.begin()), static_cast<std::size_t>(next - it));
        it = next;
    }
}

TimelineHit hitTest(const TimelineFrame& frame, double x, double y) {
    TimelineHit hit;
    if (!frame.rows || y < frame.top) return hit;
    const auto row = frame.firstRow + static_cast<std::size_t>((y - frame.top) / frame.metrics.rowHeight);
    if (row >= frame.rows->size()) return hit;
    hit.row = row;
    hit.node = (*frame.rows)[row];
    const auto& node = frame.rows->trace()->node(hit.node);
    if (x < frame.metrics.treeWidth) {
        const double sign = treeIndent(node.depth, frame.metrics);
        hit.zone = node.childCount > 0 && x >= sign - 4 && x < sign + 14 ? TimelineHit::Zone::Disclosure : TimelineHit::Zone::Tree;
        return hit;
    }
    const double rowTop = frame.top + static_cast<double>(row - frame.firstRow) * frame.metrics.rowHeight;
    const auto bar = barRect(node, frame.metrics, frame.window, rowTop);
    // Narrow bars are easier to take hold of than they look.
    hit.zone = bar && x >= bar->x - 3 && x <= bar->right() + 3 ? TimelineHit::Zone::Bar : TimelineHit::Zone::Lane;
    return hit;
}

Tone toneOf(notes::NoteColour colour) {
    switch (colour) {
    case notes::NoteColour::Yellow: return Tone::NoteYellow;
    case notes::NoteColour::Green: return Tone::NoteGreen;
    case notes::NoteColour::Blue: return Tone::NoteBlue;
    case notes::NoteColour::Red: return Tone::NoteRed;
    case notes::NoteColour::Purple: return Tone::NotePurple;
    case notes::NoteColour::Grey: return Tone::NoteGrey;
    }
    return Tone::NoteYellow;
}

}  // namespace spanreel::views::geometry
