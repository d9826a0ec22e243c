// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse, wheel and keys of the timeline.
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/timeline/span_words.h"
#include "views/widgets/text_format.h"
#include "views/timeline/timeline_view.h"

namespace spanreel::views {

using namespace geometry;
using trace::kNoNode;
using Zone = TimelineHit::Zone;

namespace {
constexpr int kColumnGrip = 4, kPlayheadGrip = 5;
constexpr double kKeyZoom = 0.7, kKeyPan = 0.15;
}  // namespace

bool TimelineView::nearPlayhead(const QPoint& position) const {
    if (!m_index || !m_context.replayActive()) return false;
    const double x = scale().toX(static_cast<double>(m_context.clock().playheadNs()));
    return std::abs(position.x() - x) <= kPlayheadGrip && (position.y() < rulerHeight() || std::abs(position.x() - x) <= 2);
}

void TimelineView::setHover(const QPoint& position) {
    m_mouse = position;
    const bool overRows = position.y() >= rulerHeight();
    const auto hit = m_index && overRows ? hitTest(frame(), position.x(), position.y()) : TimelineHit{};
    m_hovered = hit.node;
    if (std::abs(position.x() - treeWidth()) <= kColumnGrip) viewport()->setCursor(Qt::SplitHCursor);
    else if (nearPlayhead(position)) viewport()->setCursor(Qt::SizeHorCursor);
    else if (!overRows && position.x() > treeWidth()) viewport()->setCursor(Qt::IBeamCursor);
    else if (hit.zone == Zone::Disclosure || hit.zone == Zone::Bar) viewport()->setCursor(Qt::PointingHandCursor);
    else viewport()->unsetCursor();
    emit hoverTextChanged(hoverText(hit, position.x()));
    viewport()->update();
}

void TimelineView::clearHover() {
    m_mouse.reset();
    m_hovered = kNoNode;
    emit hoverTextChanged({});
    viewport()->update();
}

QString TimelineView::hoverText(const TimelineHit& hit, double x) const {
    if (hit.node == kNoNode || !m_index) return {};
    const auto& trace = *m_index->trace;
    const auto& node = trace.node(hit.node);
    QStringList parts{spanTitle(trace.span(hit.node))};
    if (!node.has(trace::kNoTime)) {
        parts << tr("%1 long").arg(exactDurationInWords(node.durationNs));
        parts << tr("starts at %1").arg(offsetInWords(node.startNs));
        parts << tr("self %1").arg(QString::fromStdString(formatDuration(node.selfNs)));
        if (node.criticalNs > 0) parts << tr("%1 on the critical path").arg(QString::fromStdString(formatDuration(node.criticalNs)));
    }
    if (node.has(trace::kError)) parts << tr("error");
    if (node.childCount > 0 && !m_rows.isOpen(hit.node)) parts << grouped(tr("%n spans inside are closed away", nullptr, static_cast<int>(node.subtreeEnd - hit.node - 1)), node.subtreeEnd - hit.node - 1);
    // Events and logs within two pixels of the mouse.
    const auto timeScale = scale();
    const auto near = [&](std::span<const std::int64_t> list) {
        const auto first = std::lower_bound(list.begin(), list.end(), timeScale.toNs(x - 3), [](std::int64_t a, double b) { return static_cast<double>(a) < b; });
        const auto last = std::upper_bound(first, list.end(), timeScale.toNs(x + 3), [](double a, std::int64_t b) { return a < static_cast<double>(b); });
        return static_cast<int>(last - first);
    };
    if (x > treeWidth()) {
        if (const int n = near(m_index->events.of(hit.node))) parts << grouped(tr("%n events here", nullptr, n), static_cast<std::uint64_t>(n));
        if (const int n = near(m_index->logs.of(hit.node))) parts << grouped(tr("%n logs here", nullptr, n), static_cast<std::uint64_t>(n));
    }
    parts << marksInWords(trace, hit.node);
    return parts.join(QStringLiteral(" · "));
}

bool TimelineView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        clearHover();
    } else if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto hit = m_index && help->pos().y() >= rulerHeight() ? hitTest(frame(), help->pos().x(), help->pos().y()) : TimelineHit{};
        const auto text = hoverText(hit, help->pos().x());
        // Rich text is never wanted here: a line break entity is the only markup, made by us after escaping.
        if (text.isEmpty()) QToolTip::hideText();
        else QToolTip::showText(help->globalPos(), QStringLiteral("<qt>") + text.toHtmlEscaped().replace(QStringLiteral(" · "), QStringLiteral("<br>")) + QStringLiteral("</qt>"), this);
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TimelineView::scrollContentsBy(int, int) {
    // Another row may be under the mouse now; what was told of the old one is stale.
    if (m_mouse || m_hovered != kNoNode) clearHover();
    viewport()->update();
}

void TimelineView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBar();
    emit windowChanged();
}

void TimelineView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) viewport()->update();
}

void TimelineView::wheelEvent(QWheelEvent* event) {
    if (!m_index) return;
    const auto pixels = event->pixelDelta();
    const auto angle = event->angleDelta();
    const double steps = (angle.y() != 0 ? angle.y() : angle.x()) / 120.0;
    if (event->modifiers() & Qt::ControlModifier) {
        const auto timeScale = scale();
        const double x = std::clamp(event->position().x(), timeScale.x, timeScale.x + timeScale.width);
        zoom(std::pow(0.8, steps), timeScale.toNs(x));
    } else if ((event->modifiers() & Qt::ShiftModifier) || std::abs(angle.x()) > std::abs(angle.y())) {
        const double px = pixels.x() != 0 && !(event->modifiers() & Qt::ShiftModifier) ? pixels.x() : steps * 80;
        m_animation.stop();
        setWindow(m_window.moved(-px * scale().nsPerPixel(), wholeNs()));
    } else {
        const int px = pixels.y() != 0 ? pixels.y() : static_cast<int>(std::lround(steps * 3 * m_rowHeight));
        verticalScrollBar()->setValue(verticalScrollBar()->value() - px);
        setHover(event->position().toPoint());
    }
    setHover(event->position().toPoint());
    event->accept();
}

void TimelineView::mousePressEvent(QMouseEvent* event) {
    if (!m_index || event->button() == Qt::RightButton) return;
    const auto position = event->position().toPoint();
    m_animation.stop();
    m_dragStart = position;
    m_dragWindow = m_window;
    m_dragScroll = verticalScrollBar()->value();
    m_pressed = {};
    if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
        return;
    }
    if (event->button() != Qt::LeftButton) return;
    if (std::abs(position.x() - treeWidth()) <= kColumnGrip) {
        m_drag = Drag::Column;
    } else if (nearPlayhead(position)) {
        m_drag = Drag::Playhead;
    } else if (position.y() < rulerHeight()) {
        if (position.x() > treeWidth()) m_drag = Drag::Range;
    } else {
        m_pressed = hitTest(frame(), position.x(), position.y());
        m_drag = Drag::Pending;
        if (m_pressed.zone == Zone::Disclosure) {
            setOpen(m_pressed.node, !m_rows.isOpen(m_pressed.node));
            m_drag = Drag::None;
        }
    }
}

void TimelineView::mouseMoveEvent(QMouseEvent* event) {
    const auto position = event->position().toPoint();
    const auto moved = position - m_dragStart;
    const auto timeScale = scale();
    switch (m_drag) {
    case Drag::Pending:
        if (moved.manhattanLength() < QApplication::startDragDistance()) return;
        if (m_dragStart.x() <= treeWidth()) return;
        m_drag = Drag::Pan;
        viewport()->setCursor(Qt::ClosedHandCursor);
        [[fallthrough]];
    case Drag::Pan:
        setWindow(m_dragWindow.moved(-moved.x() * m_dragWindow.lengthNs / timeScale.width, wholeNs()));
        verticalScrollBar()->setValue(m_dragScroll - moved.y());
        return;
    case Drag::Range: {
        if (!m_dragRange && std::abs(moved.x()) < 3) return;
        const double a = timeScale.toNs(std::clamp<double>(m_dragStart.x(), timeScale.x, timeScale.x + timeScale.width));
        const double b = timeScale.toNs(std::clamp<double>(position.x(), timeScale.x, timeScale.x + timeScale.width));
        m_dragRange = std::minmax(a, b);
        const auto start = m_index->trace->startNs();
        const auto at = [&](double ns) { return start + static_cast<std::uint64_t>(std::clamp(ns, 0.0, wholeNs())); };
        m_context.selectRange(TimeRange{at(m_dragRange->first), std::max(at(m_dragRange->second), at(m_dragRange->first) + 1)});
        m_mouse = position;
        return;
    }
    case Drag::Playhead: m_context.seek(static_cast<std::int64_t>(timeScale.toNs(position.x()))); return;
    case Drag::Column:
        m_treeWidth = std::clamp<double>(position.x(), 120, std::max(120, viewport()->width() - 160));
        emit windowChanged();
        viewport()->update();
        return;
    case Drag::None: setHover(position); return;
    }
}

void TimelineView::endDrag() {
    m_drag = Drag::None;
    m_dragRange.reset();
    viewport()->unsetCursor();
}

void TimelineView::mouseReleaseEvent(QMouseEvent* event) {
    const auto drag = m_drag;
    const bool ranged = m_dragRange.has_value();
    endDrag();
    if (!m_index) return;
    if (drag == Drag::Range && !ranged) {
        // A click on the ruler: where a range is selected it goes, else the playhead comes here in replay.
        if (m_context.selection().range) m_context.selectRange(std::nullopt);
        else if (m_context.replayActive()) m_context.seek(static_cast<std::int64_t>(scale().toNs(event->position().x())));
    } else if (drag == Drag::Pending && m_pressed.node != kNoNode && m_rows.trace() == m_index->trace) {
        m_context.selectSpan(m_index->trace->span(m_pressed.node));
    } else if (drag == Drag::Pending) {
        m_context.clearSpan();
    }
    setHover(event->position().toPoint());
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!m_index || event->button() != Qt::LeftButton) return;
    const auto position = event->position().toPoint();
    if (position.y() < rulerHeight()) {
        fitAll();
        return;
    }
    const auto hit = hitTest(frame(), position.x(), position.y());
    if (hit.node == kNoNode) return;
    if (hit.zone == Zone::Disclosure) setOpen(hit.node, !m_rows.isOpen(hit.node));
    else if (hit.zone == Zone::Tree && m_index->trace->node(hit.node).childCount > 0) setOpen(hit.node, !m_rows.isOpen(hit.node));
    else fitSelection();
}

void TimelineView::selectRow(std::size_t row) {
    if (m_rows.size() == 0) return;
    const auto node = m_rows[std::min(row, m_rows.size() - 1)];
    m_context.selectSpan(m_index->trace->span(node));
    scrollToRow(std::min(row, m_rows.size() - 1));
}

void TimelineView::moveSelection(std::ptrdiff_t rows) {
    const auto selected = m_context.selectedNode();
    if (m_rows.size() == 0) return;
    if (selected == kNoNode) {
        selectRow(static_cast<std::size_t>(verticalScrollBar()->value() / m_rowHeight));
        return;
    }
    const auto row = static_cast<std::ptrdiff_t>(m_rows.nearestRowOf(selected)) + rows;
    selectRow(static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(row, 0, static_cast<std::ptrdiff_t>(m_rows.size()) - 1)));
}

void TimelineView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Find)) {
        emit searchRequested();
        return;
    }
    if (!m_index || m_rows.trace() != m_index->trace) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const auto selected = m_context.selectedNode();
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) {
        if (event->matches(QKeySequence::Copy) && selected != kNoNode) QApplication::clipboard()->setText(QString::fromStdString(m_index->trace->span(selected).spanId().toHex()));
        else QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const double anchor = m_mouse && m_mouse->x() > treeWidth() ? scale().toNs(m_mouse->x()) : m_window.fromNs + m_window.lengthNs / 2;
    switch (event->key()) {
    case Qt::Key_Up: moveSelection(-1); break;
    case Qt::Key_Down: moveSelection(1); break;
    case Qt::Key_PageUp: moveSelection(-pageRows()); break;
    case Qt::Key_PageDown: moveSelection(pageRows()); break;
    case Qt::Key_Home: selectRow(0); break;
    case Qt::Key_End: selectRow(m_rows.size()); break;
    case Qt::Key_Left:
        if (selected == kNoNode) break;
        if (m_index->trace->node(selected).childCount > 0 && m_rows.isOpen(selected)) setOpen(selected, false);
        else if (const auto parent = m_index->trace->node(selected).parent; parent != kNoNode) goTo(parent);
        break;
    case Qt::Key_Right:
        if (selected == kNoNode || m_index->trace->node(selected).childCount == 0) break;
        if (!m_rows.isOpen(selected)) setOpen(selected, true);
        else goTo(selected + 1);
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_W: zoom(kKeyZoom, anchor); break;
    case Qt::Key_Minus:
    case Qt::Key_S: zoom(1 / kKeyZoom, anchor); break;
    case Qt::Key_A: setWindow(m_window.moved(-m_window.lengthNs * kKeyPan, wholeNs()), true); break;
    case Qt::Key_D: setWindow(m_window.moved(m_window.lengthNs * kKeyPan, wholeNs()), true); break;
    case Qt::Key_F: fitSelection(); break;
    case Qt::Key_0: fitAll(); break;
    case Qt::Key_Asterisk: expandAll(); break;
    case Qt::Key_N: goToError(true); break;
    case Qt::Key_P: goToError(false); break;
    case Qt::Key_F3: emit nextMatchRequested(!shift); break;
    case Qt::Key_Return:
    case Qt::Key_Enter: fitSelection(); break;
    case Qt::Key_Escape:
        if (m_context.selection().range) m_context.selectRange(std::nullopt);
        else if (selected != kNoNode) m_context.clearSpan();
        else QAbstractScrollArea::keyPressEvent(event);
        break;
    default: QAbstractScrollArea::keyPressEvent(event); return;
    }
    event->accept();
}

void TimelineView::contextMenuEvent(QContextMenuEvent* event) {
    if (!m_index) return;
    auto position = viewport()->mapFromGlobal(event->globalPos());
    auto hit = hitTest(frame(), position.x(), position.y());
    if (event->reason() == QContextMenuEvent::Keyboard) hit.node = m_context.selectedNode();
    if (hit.node != kNoNode && hit.node != m_context.selectedNode()) m_context.selectSpan(m_index->trace->span(hit.node));
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("timelineMenu"));
    const auto node = hit.node;
    if (node != kNoNode) {
        const auto span = m_index->trace->span(node);
        menu.addAction(tr("Zoom to this span"), QKeySequence(Qt::Key_F), this, [this] { fitSelection(); });
        if (m_index->trace->node(node).childCount > 0)
            menu.addAction(m_rows.isOpen(node) ? tr("Close this span") : tr("Open this span"), this, [this, node] { setOpen(node, !m_rows.isOpen(node)); });
        menu.addAction(tr("Select its time range"), this, [this, node] {
            const auto& n = m_index->trace->node(node);
            const auto start = m_index->trace->startNs() + static_cast<std::uint64_t>(std::max<std::int64_t>(0, n.startNs));
            m_context.selectRange(TimeRange{start, start + static_cast<std::uint64_t>(std::max<std::int64_t>(1, n.durationNs))});
        });
        menu.addAction(tr("Start replay here"), this, [this, node] { m_context.seek(m_index->trace->node(node).startNs); });
        menu.addSeparator();
        menu.addAction(tr("Add a note…"), this, [this] { emit addNoteRequested(); });
        menu.addSeparator();
        const auto copy = [](const std::string& text) { QApplication::clipboard()->setText(QString::fromStdString(text)); };
        menu.addAction(tr("Copy the span id"), this, [copy, id = span.spanId().toHex()] { copy(id); });
        menu.addAction(tr("Copy the trace id"), this, [copy, id = m_index->trace->id().toHex()] { copy(id); });
        menu.addAction(tr("Copy the name"), this, [copy, name = std::string(span.name())] { copy(name); });
        menu.addSeparator();
    }
    menu.addAction(tr("Open everything"), QKeySequence(Qt::Key_Asterisk), this, [this] { expandAll(); });
    menu.addAction(tr("Open one level more"), this, [this] { expandOneLevel(); });
    menu.addAction(tr("Close everything"), this, [this] { collapseAll(); });
    menu.addAction(tr("Show the whole trace"), QKeySequence(Qt::Key_0), this, [this] { fitAll(); });
    menu.exec(event->globalPos());
}

}  // namespace spanreel::views
