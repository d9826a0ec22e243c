// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline/timeline_view.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>
#include <algorithm>
#include <cmath>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/query_runner.h"
#include "views/theme.h"
#include "views/timeline/picture_painter.h"
#include "views/timeline/span_words.h"

namespace spanreel::views {

using namespace geometry;
using trace::kNoNode;
using trace::NodeId;

namespace {
/// Up to here work over all spans of a trace takes well under a frame and is done at once.
constexpr std::size_t kSmallTrace = 2000;
}  // namespace

TimelineView::TimelineView(ViewContext& context, QWidget* parent) : QAbstractScrollArea(parent), m_context(context) {
    setObjectName(QStringLiteral("timelineView"));
    setAccessibleName(tr("Timeline of the trace"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalScrollBar()->setObjectName(QStringLiteral("timelineScrollBar"));
    verticalScrollBar()->setAccessibleName(tr("Rows of the timeline"));
    viewport()->setMouseTracking(true);
    viewport()->setObjectName(QStringLiteral("timelineViewport"));
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_animation.setDuration(120);
    m_animation.setStartValue(0.0);
    m_animation.setEndValue(1.0);
    m_animation.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_animation, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        const double t = value.toDouble();
        setWindow({m_animationFrom.fromNs + (m_animationTo.fromNs - m_animationFrom.fromNs) * t, m_animationFrom.lengthNs + (m_animationTo.lengthNs - m_animationFrom.lengthNs) * t});
    });
    connect(&context, &ViewContext::traceChanged, this, [this] { onTraceChanged(); });
    connect(&context, &ViewContext::selectionChanged, this, [this] { onSelectionChanged(); });
    connect(&context, &ViewContext::notesChanged, this, [this] { onNotesChanged(); });
    connect(&context, &ViewContext::playheadChanged, viewport(), [this] { viewport()->update(); });
    connect(&context, &ViewContext::timeDisplayChanged, viewport(), [this] { viewport()->update(); });
    connect(&Theme::instance(), &Theme::changed, viewport(), [this] { viewport()->update(); });
    onTraceChanged();
}

TimelineView::~TimelineView() = default;

// Data ---------------------------------------------------------------------------------------------------------------

void TimelineView::onTraceChanged() {
    const auto trace = m_context.trace();
    if (!trace) {
        // Another trace is being put together: nothing of the old one stays, so that no pane shows two traces.
        m_context.queries().cancel(QStringLiteral("timeline.index"));
        m_context.queries().cancel(QStringLiteral("timeline.rows"));
        m_arranging.reset();
        takeIndex(nullptr, {});
        return;
    }
    if ((m_index && m_index->trace == trace) || m_arranging == trace) return;
    const bool same = m_shown == trace->id() && m_rows.trace();
    const auto arrange = [trace, same, expansion = same ? m_rows.expansion() : Expansion()](std::stop_token stop) {
        auto index = TimelineIndex::build(trace, stop);
        return std::pair(std::move(index), TimelineRows(trace, same ? expansion : Expansion::sensible(*trace)));
    };
    m_context.queries().cancel(QStringLiteral("timeline.rows"));
    if (trace->nodes().size() <= kSmallTrace) {
        m_arranging.reset();
        m_context.queries().cancel(QStringLiteral("timeline.index"));
        auto [index, rows] = arrange(std::stop_token());
        takeIndex(std::move(index), std::move(rows));
        return;
    }
    m_arranging = trace;
    m_context.queries().run(QStringLiteral("timeline.index"), this, arrange, [this, opened = m_openedCount](std::pair<TimelineIndexPtr, TimelineRows> result) {
        m_arranging.reset();
        if (!result.first || result.first->trace != m_context.trace()) return;
        const bool opensMeanwhile = opened != m_openedCount && m_rows.trace();
        auto expansion = opensMeanwhile ? m_rows.expansion() : Expansion();
        takeIndex(std::move(result.first), std::move(result.second));
        if (opensMeanwhile) rebuildRows(std::move(expansion));
    });
}

void TimelineView::takeIndex(TimelineIndexPtr index, TimelineRows rows) {
    m_index = std::move(index);
    m_matches.clear();
    m_hovered = kNoNode;
    if (!m_index) {
        m_rows = {};
        m_shown.reset();
        m_nodeNotes.clear();
        m_animation.stop();
        updateScrollBar();
        emit indexChanged();
        emit rowsChanged();
        viewport()->update();
        return;
    }
    if (m_shown != m_index->trace->id()) {
        m_shown = m_index->trace->id();
        m_animation.stop();
        m_window = TimeWindow::whole(wholeNs());
        m_rows = {};
    } else {
        // Grown: the window grows with the trace only where the whole was in view.
        const bool sawAll = m_rows.trace() && m_window.lengthNs >= static_cast<double>(m_rows.trace()->durationNs());
        m_window = sawAll ? TimeWindow::whole(wholeNs()) : m_window.clamped(wholeNs());
    }
    takeRows(std::move(rows));
    emit indexChanged();
    emit windowChanged();
}

void TimelineView::takeRows(TimelineRows rows) {
    // The row at the top stays where it is, whatever came in above it.
    store::RowId anchor = store::kNoRow;
    int within = 0;
    if (m_rows.size() > 0) {
        const auto top = std::min(m_rows.size() - 1, static_cast<std::size_t>(verticalScrollBar()->value() / m_rowHeight));
        anchor = m_rows.trace()->node(m_rows[top]).row;
        within = verticalScrollBar()->value() % m_rowHeight;
    }
    const bool first = m_rows.size() == 0;
    m_rows = std::move(rows);
    updateScrollBar();
    if (first) {
        verticalScrollBar()->setValue(0);
    } else if (anchor != store::kNoRow) {
        if (const auto node = m_rows.trace()->findRow(anchor)) verticalScrollBar()->setValue(static_cast<int>(m_rows.nearestRowOf(*node)) * m_rowHeight + within);
    }
    onNotesChanged();
    if (first) onSelectionChanged();
    emit rowsChanged();
    viewport()->update();
}

void TimelineView::rebuildRows(Expansion expansion) {
    if (!m_index) return;
    ++m_openedCount;
    if (m_index->trace->nodes().size() <= 50'000) {
        takeRows(TimelineRows(m_index->trace, std::move(expansion)));
        return;
    }
    m_context.queries().run(
        QStringLiteral("timeline.rows"), this,
        [trace = m_index->trace, expansion = std::move(expansion)](std::stop_token) mutable { return TimelineRows(trace, std::move(expansion)); },
        [this](TimelineRows rows) {
            if (m_index && rows.trace() == m_index->trace) takeRows(std::move(rows));
        });
}

void TimelineView::onSelectionChanged() {
    const auto node = m_context.selectedNode();
    if (node != kNoNode && m_rows.trace() == m_context.trace() && m_rows.size() > 0) {
        if (!m_rows.rowOf(node)) {
            m_rows.reveal(node);
            updateScrollBar();
            emit rowsChanged();
        }
        if (const auto row = m_rows.rowOf(node)) scrollToRow(*row);
    }
    viewport()->update();
}

void TimelineView::onNotesChanged() {
    m_nodeNotes.clear();
    if (m_index) {
        for (const auto* note : m_context.notes().ofTrace(m_index->trace->id()))
            if (note->span)
                if (const auto node = m_index->trace->find(*note->span)) m_nodeNotes.push_back({*node, note->colour});
        std::stable_sort(m_nodeNotes.begin(), m_nodeNotes.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
    }
    viewport()->update();
}

void TimelineView::setMatches(std::vector<NodeId> matches) {
    m_matches = std::move(matches);
    viewport()->update();
}

// Window and rows ------------------------------------------------------------------------------------------------------

double TimelineView::wholeNs() const { return m_index ? static_cast<double>(std::max<std::int64_t>(1, m_index->trace->durationNs())) : 1.0; }

void TimelineView::setWindow(TimeWindow window, bool animated) {
    window = window.clamped(wholeNs());
    if (animated && style()->styleHint(QStyle::SH_Widget_Animation_Duration) > 0 && isVisible()) {
        m_animation.stop();
        m_animationFrom = m_window;
        m_animationTo = window;
        m_animation.start();
        return;
    }
    if (window == m_window) return;
    m_window = window;
    emit windowChanged();
    viewport()->update();
}

void TimelineView::zoom(double factor, std::optional<double> anchorNs) {
    m_animation.stop();
    setWindow(m_window.zoomed(factor, anchorNs.value_or(m_window.fromNs + m_window.lengthNs / 2), wholeNs()));
}

void TimelineView::fitAll() { setWindow(TimeWindow::whole(wholeNs()), true); }

void TimelineView::fitSelection() {
    if (!m_index) return;
    if (const auto node = m_context.selectedNode(); node != kNoNode && !m_index->trace->node(node).has(trace::kNoTime)) {
        const auto& n = m_index->trace->node(node);
        setWindow(TimeWindow::around(static_cast<double>(n.startNs), static_cast<double>(n.endNs()), wholeNs()), true);
    } else if (const auto range = m_context.selection().range) {
        const auto start = m_index->trace->startNs();
        setWindow(TimeWindow::around(static_cast<double>(saturatingDifference(range->fromNs, start)), static_cast<double>(saturatingDifference(range->toNs, start)), wholeNs()), true);
    } else {
        fitAll();
    }
}

void TimelineView::expandAll() { rebuildRows(Expansion{}); }
void TimelineView::collapseAll() { rebuildRows(Expansion{0, {}}); }
void TimelineView::expandOneLevel() {
    if (!m_index) return;
    // One level more than what is open everywhere; single rows the user opened or closed stay as they are.
    auto expansion = m_rows.expansion();
    if (expansion.openDepth == Expansion::kAll) {
        expansion.exceptions.clear();
    } else {
        ++expansion.openDepth;
        expansion.exceptions.clear();
    }
    rebuildRows(std::move(expansion));
}

void TimelineView::setOpen(NodeId node, bool open) {
    if (m_rows.isOpen(node) == open) return;
    const int value = verticalScrollBar()->value();
    ++m_openedCount;
    m_rows.setOpen(node, open);
    updateScrollBar();
    verticalScrollBar()->setValue(value);
    m_hovered = kNoNode;
    emit rowsChanged();
    viewport()->update();
}

void TimelineView::setRowHeight(int pixels) {
    const double top = static_cast<double>(verticalScrollBar()->value()) / m_rowHeight;
    m_rowHeight = pixels;
    updateScrollBar();
    verticalScrollBar()->setValue(static_cast<int>(top * pixels));
    viewport()->update();
}

int TimelineView::rulerHeight() const { return 26; }
int TimelineView::pageRows() const { return std::max(1, (viewport()->height() - rulerHeight()) / m_rowHeight); }
double TimelineView::treeWidth() const {
    const double width = viewport()->width();
    if (m_treeWidth > 0) return std::clamp(m_treeWidth, 120.0, std::max(120.0, width - 160));
    return std::clamp(width * 0.32, 180.0, 460.0);
}

TimelineMetrics TimelineView::metrics() const {
    TimelineMetrics m;
    m.rowHeight = m_rowHeight;
    m.barHeight = m_rowHeight < 20 ? 9 : 12;
    m.treeWidth = treeWidth();
    m.laneRight = viewport()->width();
    m.indentStep = m.treeWidth < 300 ? 11 : 14;
    return m;
}

void TimelineView::updateScrollBar() {
    const auto rowsHeight = static_cast<double>(m_rows.size()) * m_rowHeight + m_rowHeight / 2.0;
    const int visible = std::max(1, viewport()->height() - rulerHeight());
    verticalScrollBar()->setRange(0, static_cast<int>(std::clamp(rowsHeight - visible, 0.0, 2.1e9)));
    verticalScrollBar()->setPageStep(visible);
    verticalScrollBar()->setSingleStep(m_rowHeight);
}

void TimelineView::scrollToRow(std::size_t row) {
    const int top = static_cast<int>(row) * m_rowHeight, value = verticalScrollBar()->value();
    const int visible = viewport()->height() - rulerHeight();
    if (top < value) verticalScrollBar()->setValue(std::max(0, top - (value - top > visible ? visible / 3 : 0)));
    else if (top + m_rowHeight > value + visible) verticalScrollBar()->setValue(top + m_rowHeight - visible + (top - value > 2 * visible ? visible / 3 : 0));
}

void TimelineView::goTo(NodeId node) {
    if (!m_index) return;
    const auto& n = m_index->trace->node(node);
    m_context.selectSpan(m_index->trace->span(node));
    if (m_rows.trace() == m_index->trace && !m_rows.rowOf(node)) {
        m_rows.reveal(node);
        updateScrollBar();
        emit rowsChanged();
    }
    if (const auto row = m_rows.rowOf(node)) scrollToRow(*row);
    const double from = static_cast<double>(n.startNs), to = static_cast<double>(n.endNs());
    if (!n.has(trace::kNoTime) && (to < m_window.fromNs || from > m_window.toNs()))
        setWindow({(from + to) / 2 - m_window.lengthNs / 2, m_window.lengthNs}, true);
    viewport()->update();
}

void TimelineView::goToError(bool forward) {
    if (!m_index || m_index->errors.empty()) return;
    const auto& errors = m_index->errors;
    const auto selected = m_context.selectedNode();
    auto it = errors.begin();
    if (forward) {
        if (selected != kNoNode) it = std::upper_bound(errors.begin(), errors.end(), selected);
        if (it == errors.end()) it = errors.begin();
    } else {
        it = selected == kNoNode ? errors.begin() : std::lower_bound(errors.begin(), errors.end(), selected);
        it = it == errors.begin() ? std::prev(errors.end()) : std::prev(it);
    }
    goTo(*it);
}

// Painting -------------------------------------------------------------------------------------------------------------

TimelineFrame TimelineView::frame() const {
    TimelineFrame f;
    f.index = m_index.get();
    f.rows = &m_rows;
    f.metrics = metrics();
    f.window = m_window;
    const int value = verticalScrollBar()->value();
    f.firstRow = static_cast<std::size_t>(value / m_rowHeight);
    f.rowCount = static_cast<std::size_t>(pageRows()) + 2;
    f.top = rulerHeight() - value % m_rowHeight;
    f.selected = m_context.selectedNode();
    f.hovered = m_hovered;
    if (m_context.replayActive()) f.playheadNs = m_context.clock().playheadNs();
    f.matches = m_matches;
    f.notes = m_nodeNotes;
    static const QFontMetricsF ui(Theme::uiFont()), small(Theme::smallFont());
    f.measure = [](std::string_view text, Face face) { return (face == Face::Small ? small : ui).horizontalAdvance(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))); };
    return f;
}

void TimelineView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    const auto& colours = Theme::instance().colours();
    painter.fillRect(viewport()->rect(), colours.page);
    if (!m_index || m_rows.size() == 0) {
        paintEmpty(painter);
        return;
    }
    const auto timeScale = scale();
    const auto f = frame();
    const bool dark = Theme::instance().dark();

    Picture grid;
    const int rowsBottom = static_cast<int>(f.top + static_cast<double>(std::min(m_rows.size() - f.firstRow, f.rowCount)) * m_rowHeight);
    drawRuler(timeScale, timeTicks(timeScale), 0, rulerHeight(), rowsBottom, grid);
    Picture rows;
    drawRows(f, rows);

    painter.setClipRect(QRect(0, rulerHeight(), viewport()->width(), viewport()->height() - rulerHeight()));
    // Ranges lie under the bars; grid lines under both.
    paintPicture(painter, grid, dark);
    const auto shade = [&](const TimeRange& range, const QColor& colour) {
        const auto start = m_index->trace->startNs();
        const double from = std::max(timeScale.toX(static_cast<double>(saturatingDifference(range.fromNs, start))), timeScale.x - 4);
        const double to = std::min(timeScale.toX(static_cast<double>(saturatingDifference(range.toNs, start))), timeScale.x + timeScale.width + 4);
        if (to >= from) painter.fillRect(QRectF(from, 0, std::max(1.0, to - from), viewport()->height()), colour);
    };
    for (const auto* note : m_context.notes().ofTrace(m_index->trace->id())) {
        if (!note->range) continue;
        auto colour = Theme::note(note->colour, dark);
        colour.setAlphaF(0.18f);
        shade(*note->range, colour);
    }
    if (const auto range = m_context.selection().range) shade(*range, colours.selection());
    paintPicture(painter, rows, dark);
    painter.setClipping(false);

    paintRuler(painter, timeScale);
    Picture ruler;
    drawRuler(timeScale, timeTicks(timeScale), 0, rulerHeight(), 0, ruler);
    paintPicture(painter, ruler, dark);
    paintOverlays(painter, timeScale);
    emit framePainted(static_cast<int>(std::min(f.rowCount, m_rows.size())));
}

void TimelineView::paintRuler(QPainter& painter, const TimeScale& timeScale) {
    const auto& colours = Theme::instance().colours();
    const int width = viewport()->width();
    painter.fillRect(QRect(0, 0, width, rulerHeight()), colours.panel);
    if (const auto range = m_context.selection().range) {
        const auto start = m_index->trace->startNs();
        const double from = std::clamp(timeScale.toX(static_cast<double>(saturatingDifference(range->fromNs, start))), timeScale.x, timeScale.x + timeScale.width);
        const double to = std::clamp(timeScale.toX(static_cast<double>(saturatingDifference(range->toNs, start))), timeScale.x, timeScale.x + timeScale.width);
        painter.fillRect(QRectF(from, 0, std::max(1.0, to - from), rulerHeight()), colours.selection());
    }
    painter.setPen(colours.line);
    painter.drawLine(0, rulerHeight() - 1, width, rulerHeight() - 1);
    // Ranges of notes are told at the ruler, too.
    for (const auto* note : m_context.notes().ofTrace(m_index->trace->id())) {
        if (!note->range) continue;
        const double x = timeScale.toX(static_cast<double>(saturatingDifference(note->range->fromNs, m_index->trace->startNs())));
        if (x >= timeScale.x - 1 && x <= timeScale.x + timeScale.width) painter.fillRect(QRectF(x, 0, 6, 6), Theme::note(note->colour, Theme::instance().dark()));
    }
    painter.setFont(Theme::smallFont());
    painter.setPen(colours.quiet);
    const auto rows = QString::fromStdString(formatCount(m_rows.size())), all = QString::fromStdString(formatCount(m_index->trace->nodes().size()));
    const auto words = m_rows.size() == m_index->trace->nodes().size() ? tr("%1 rows").arg(rows) : tr("%1 of %2 rows open").arg(rows, all);
    const double room = treeWidth() - 16;
    painter.drawText(QPointF(8, rulerHeight() - 8), QFontMetricsF(painter.font()).elidedText(words, Qt::ElideRight, room));
}

void TimelineView::paintOverlays(QPainter& painter, const TimeScale& timeScale) {
    const auto& colours = Theme::instance().colours();
    const int height = viewport()->height();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(colours.line);
    const auto column = static_cast<int>(treeWidth());
    painter.drawLine(column, 0, column, height);

    if (m_mouse && m_drag != Drag::Pan && m_mouse->x() >= timeScale.x && m_mouse->x() <= timeScale.x + timeScale.width) {
        painter.setPen(QPen(colours.quiet, 1, Qt::DotLine));
        painter.drawLine(m_mouse->x(), rulerHeight(), m_mouse->x(), height);
        // As exact as the pixel is.
        const auto text = QString::fromStdString(tickLabel(timeScale.toNs(m_mouse->x()), std::pow(10.0, std::floor(std::log10(std::max(1.0, timeScale.nsPerPixel()))))));
        painter.setFont(Theme::smallFont());
        const double width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 10;
        double x = m_mouse->x() + 1.0;
        if (x + width > viewport()->width()) x = m_mouse->x() - width;
        painter.fillRect(QRectF(x, 3, width, rulerHeight() - 8), colours.text);
        painter.setPen(colours.page);
        painter.drawText(QPointF(x + 5, rulerHeight() - 9), text);
    }
    if (m_context.replayActive()) {
        const double x = timeScale.toX(static_cast<double>(m_context.clock().playheadNs()));
        if (x >= timeScale.x - 1 && x <= timeScale.x + timeScale.width + 1) {
            painter.fillRect(QRectF(x - 0.5, 0, 1.5, height), colours.accent);
            painter.setRenderHint(QPainter::Antialiasing, true);
            painter.setPen(Qt::NoPen);
            painter.setBrush(colours.accent);
            painter.drawPolygon(QPolygonF({{x - 5, 1}, {x + 5, 1}, {x + 5, 8}, {x, 14}, {x - 5, 8}}));
        }
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colours.accent, 1));
        painter.drawLine(0, rulerHeight() - 1, column, rulerHeight() - 1);
    }
}

void TimelineView::paintEmpty(QPainter& painter) {
    painter.setPen(Theme::instance().colours().quiet);
    painter.setFont(Theme::uiFont());
    QString words;
    if (!m_context.selection().trace) words = tr("No trace is selected. Choose one in the list of traces.");
    else if (!m_context.trace()) words = tr("Putting the trace together…");
    else words = tr("Arranging %1 spans…").arg(QString::fromStdString(formatCount(m_context.trace()->nodes().size())));
    painter.drawText(viewport()->rect().adjusted(16, 16, -16, -16), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, words);
}

}  // namespace spanreel::views
