// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline/minimap.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/theme.h"
#include "views/timeline/timeline_view.h"

namespace spanreel::views {

using namespace geometry;

namespace {
constexpr int kCriticalHeight = 4, kGrip = 5;
}

Minimap::Minimap(ViewContext& context, TimelineView& timeline, QWidget* parent) : QWidget(parent), m_context(context), m_timeline(timeline) {
    setObjectName(QStringLiteral("minimap"));
    setAccessibleName(tr("Overview of the whole trace"));
    setToolTip(tr("The whole trace: spans open at a time (grey), errors (red), and whose time the critical path is (coloured line). Drag the window to move it, its edges to resize it; double click shows everything."));
    setFixedHeight(48);
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    const auto stale = [this] {
        m_stripStale = true;
        update();
    };
    connect(&timeline, &TimelineView::indexChanged, this, stale);
    connect(&timeline, &TimelineView::windowChanged, this, [this] {
        const auto lanes = m_timeline.scale();
        if (lanes.x != m_laneX || lanes.width != m_laneWidth) m_stripStale = true;
        update();
    });
    connect(&context, &ViewContext::playheadChanged, this, [this] { update(); });
    connect(&context, &ViewContext::selectionChanged, this, [this] { update(); });
    connect(&context, &ViewContext::notesChanged, this, stale);
    connect(&Theme::instance(), &Theme::changed, this, stale);
}

TimeScale Minimap::scale() const {
    const auto index = m_timeline.index();
    const double whole = index ? static_cast<double>(std::max<std::int64_t>(1, index->trace->durationNs())) : 1;
    // The timeline's own axis: the same x means the same instant while the whole trace is in view.
    const auto lanes = m_timeline.scale();
    return {TimeWindow::whole(whole), lanes.x, lanes.width};
}

void Minimap::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_stripStale = true;
}

void Minimap::renderStrip() {
    m_stripStale = false;
    const double ratio = devicePixelRatioF();
    m_strip = QPixmap(size() * ratio);
    m_strip.setDevicePixelRatio(ratio);
    const auto& colours = Theme::instance().colours();
    m_strip.fill(colours.panel);
    const auto index = m_timeline.index();
    if (!index || index->minimap.empty()) return;
    QPainter painter(&m_strip);
    const auto timeScale = scale();
    m_laneX = timeScale.x;
    m_laneWidth = timeScale.width;
    painter.setFont(Theme::smallFont());
    painter.setPen(colours.quiet);
    const QFontMetricsF metrics(painter.font());
    const double textRoom = timeScale.x - 24;
    const auto line = [&](double baseline, const QString& text) { painter.drawText(QPointF(8, baseline), metrics.elidedText(text, Qt::ElideRight, textRoom)); };
    line(17, tr("Whole trace, %1").arg(QString::fromStdString(formatDuration(index->trace->durationNs()))));
    line(34, index->minimapPeak == 1 ? tr("up to 1 span at once") : tr("up to %1 spans at once").arg(QString::fromStdString(formatCount(index->minimapPeak))));
    const double whole = static_cast<double>(std::max<std::int64_t>(1, index->trace->durationNs()));
    const double bottom = height() - kCriticalHeight - 4, room = bottom - 5;
    const double peak = std::max(1u, index->minimapPeak);
    const auto columns = static_cast<double>(index->minimap.size());
    const auto& services = index->trace->snapshot().services();
    // Square root: one open span is still seen beside a thousand.
    const auto tall = [&](std::uint32_t n) { return n == 0 ? 0.0 : std::max(2.0, std::sqrt(n / peak) * room); };
    QColor area = colours.quiet;
    area.setAlphaF(0.45f);
    for (int px = static_cast<int>(timeScale.x); px < static_cast<int>(timeScale.x + timeScale.width) + 1; ++px) {
        const double from = timeScale.toNs(px) / whole * columns, to = timeScale.toNs(px + 1) / whole * columns;
        if (to <= 0 || from >= columns) continue;
        const auto first = static_cast<std::size_t>(std::max(0.0, from));
        const auto last = std::min(index->minimap.size(), std::max(first + 1, static_cast<std::size_t>(std::ceil(to))));
        std::uint32_t open = 0, errors = 0;
        const MinimapColumn* critical = nullptr;
        for (auto c = first; c < last; ++c) {
            const auto& column = index->minimap[c];
            open = std::max(open, column.open);
            errors = std::max(errors, column.errors);
            if (!critical && column.hasCritical) critical = &column;
        }
        painter.fillRect(QRectF(px, bottom - tall(open), 1, tall(open)), area);
        if (errors) painter.fillRect(QRectF(px, bottom - tall(errors), 1, tall(errors)), colours.error);
        if (critical) {
            const auto name = critical->critical < services.size() ? services[critical->critical].name : std::string_view();
            painter.fillRect(QRectF(px, bottom + 2, 1, kCriticalHeight), name.empty() ? colours.quiet : Theme::instance().service(name));
        }
    }
    for (const auto* note : m_context.notes().ofTrace(index->trace->id())) {
        const auto colour = Theme::note(note->colour, Theme::instance().dark());
        double from = -1, to = -1;
        if (note->range) {
            from = timeScale.toX(static_cast<double>(saturatingDifference(note->range->fromNs, index->trace->startNs())));
            to = timeScale.toX(static_cast<double>(saturatingDifference(note->range->toNs, index->trace->startNs())));
        } else if (note->span) {
            if (const auto node = index->trace->find(*note->span)) from = to = timeScale.toX(static_cast<double>(index->trace->node(*node).startNs));
        }
        if (to >= 0 && from >= timeScale.x - 1) painter.fillRect(QRectF(from, 0, std::max(4.0, to - from), 3), colour);
    }
}

void Minimap::paintEvent(QPaintEvent*) {
    if (m_stripStale || m_strip.deviceIndependentSize() != QSizeF(size())) renderStrip();
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_strip);
    const auto& colours = Theme::instance().colours();
    if (m_timeline.index()) {
        const auto timeScale = scale();
        const auto& window = m_timeline.window();
        const double left = timeScale.x, right = timeScale.x + timeScale.width;
        const double from = std::clamp(timeScale.toX(window.fromNs), left, right - 1), to = std::clamp(timeScale.toX(window.toNs()), left + 1, right);
        QColor veil = colours.page;
        veil.setAlphaF(0.6f);
        painter.fillRect(QRectF(left, 0, from - left, height()), veil);
        painter.fillRect(QRectF(to, 0, right - to, height()), veil);
        if (m_context.selection().range) {
            const auto& range = *m_context.selection().range;
            const auto start = m_timeline.index()->trace->startNs();
            const double a = timeScale.toX(static_cast<double>(saturatingDifference(range.fromNs, start))), b = timeScale.toX(static_cast<double>(saturatingDifference(range.toNs, start)));
            painter.fillRect(QRectF(a, 0, std::max(1.0, b - a), height()), colours.selection());
        }
        if (m_context.replayActive()) painter.fillRect(QRectF(timeScale.toX(static_cast<double>(m_context.clock().playheadNs())) - 0.5, 0, 1.5, height()), colours.accent);
        painter.setPen(QPen(hasFocus() ? colours.accent : colours.quiet, hasFocus() ? 2 : 1));
        painter.drawRect(QRectF(from + 0.5, 0.5, std::max(2.0, to - from - 1), height() - 1.5));
        // Grips, so that the edges look as they behave.
        for (const double x : {from, to - 3}) painter.fillRect(QRectF(x, height() / 2.0 - 8, 3, 16), colours.quiet);
    }
    painter.setPen(colours.line);
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

Minimap::Drag Minimap::zoneAt(double x) const {
    const auto timeScale = scale();
    const double from = timeScale.toX(m_timeline.window().fromNs), to = timeScale.toX(m_timeline.window().toNs());
    if (std::abs(x - from) <= kGrip && (x <= from || to - from > 2 * kGrip)) return Drag::Left;
    if (std::abs(x - to) <= kGrip) return Drag::Right;
    const bool whole = m_timeline.window().lengthNs >= scale().window.lengthNs * 0.995;
    return x > from && x < to && !whole ? Drag::Move : Drag::Draw;
}

void Minimap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_timeline.index()) return;
    m_drag = zoneAt(event->position().x());
    m_dragStartNs = scale().toNs(event->position().x());
    m_dragWindow = m_timeline.window();
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
    const double x = event->position().x();
    if (m_drag == Drag::None) {
        switch (zoneAt(x)) {
        case Drag::Left:
        case Drag::Right: setCursor(Qt::SizeHorCursor); break;
        case Drag::Move: setCursor(Qt::OpenHandCursor); break;
        default: setCursor(Qt::CrossCursor);
        }
        return;
    }
    const double ns = scale().toNs(x);
    TimeWindow window = m_dragWindow;
    switch (m_drag) {
    case Drag::Move: window.fromNs += ns - m_dragStartNs; break;
    case Drag::Left: {
        const double to = window.toNs();
        window.fromNs = std::min(ns, to - TimeWindow::kShortest);
        window.lengthNs = to - window.fromNs;
        break;
    }
    case Drag::Right: window.lengthNs = std::max(TimeWindow::kShortest, ns - window.fromNs); break;
    case Drag::Draw:
        if (std::abs(scale().toX(ns) - scale().toX(m_dragStartNs)) < 3) return;
        window = {std::min(ns, m_dragStartNs), std::max(TimeWindow::kShortest, std::abs(ns - m_dragStartNs))};
        break;
    case Drag::None: return;
    }
    m_timeline.setWindow(window);
}

void Minimap::mouseReleaseEvent(QMouseEvent* event) {
    const auto drag = m_drag;
    m_drag = Drag::None;
    // A click outside the window centres it there.
    if (drag == Drag::Draw && m_timeline.index() && std::abs(scale().toX(m_dragStartNs) - event->position().x()) < 3 && m_timeline.window() == m_dragWindow)
        m_timeline.setWindow({m_dragStartNs - m_dragWindow.lengthNs / 2, m_dragWindow.lengthNs}, true);
}

void Minimap::mouseDoubleClickEvent(QMouseEvent*) { m_timeline.fitAll(); }

void Minimap::wheelEvent(QWheelEvent* event) {
    const double steps = (event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x()) / 120.0;
    m_timeline.zoom(std::pow(0.8, steps), scale().toNs(event->position().x()));
    event->accept();
}

void Minimap::keyPressEvent(QKeyEvent* event) {
    const auto& w = m_timeline.window();
    switch (event->key()) {
    case Qt::Key_Left: m_timeline.setWindow({w.fromNs - w.lengthNs * 0.15, w.lengthNs}, true); break;
    case Qt::Key_Right: m_timeline.setWindow({w.fromNs + w.lengthNs * 0.15, w.lengthNs}, true); break;
    case Qt::Key_Plus:
    case Qt::Key_Equal: m_timeline.zoom(0.7); break;
    case Qt::Key_Minus: m_timeline.zoom(1 / 0.7); break;
    case Qt::Key_0: m_timeline.fitAll(); break;
    default: QWidget::keyPressEvent(event);
    }
}

}  // namespace spanreel::views
