// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/map_canvas.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTextDocument>
#include <algorithm>
#include <cmath>

#include "model/core/time_format.h"
#include "views/theme.h"
#include "views/timeline/picture_painter.h"

namespace spanreel::views {

namespace {
constexpr double kLeastScale = 0.08;
constexpr double kMostScale = 3;
constexpr double kReadableScale = 0.72;  ///< below, the picture's own texts are too small to read
constexpr double kMostFitScale = 1.1;
constexpr double kLegibleScale = 0.6;  ///< a node has room for a dozen letters; the first look never goes below
constexpr double kFitMargin = 12;
constexpr double kGrab = 7;  ///< pixels around a line that still hit it

double distanceTo(QPointF p, MapPoint a, MapPoint b) {
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double length = dx * dx + dy * dy;
    const double t = length > 0 ? std::clamp(((p.x() - a.x) * dx + (p.y() - a.y) * dy) / length, 0.0, 1.0) : 0;
    return std::hypot(p.x() - a.x - t * dx, p.y() - a.y - t * dy);
}
}  // namespace

MapCanvas::MapCanvas(MapWords words, QWidget* parent) : QWidget(parent), m_words(std::move(words)) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(160, 120);
    m_drawing.nodeHidden = [this](std::uint32_t n) { return n < m_hidden.size() && m_hidden[n]; };
}

void MapCanvas::setMap(analysis::ServiceMap map, MapLayout layout, bool keepView) {
    std::string node, from, to;
    if (m_drawing.selectedNode) node = m_layout.keys[*m_drawing.selectedNode];
    if (m_drawing.selectedEdge) {
        from = m_layout.keys[m_map.edges[*m_drawing.selectedEdge].from];
        to = m_layout.keys[m_map.edges[*m_drawing.selectedEdge].to];
    }
    m_drawing.hoverNode = m_drawing.hoverEdge = m_drawing.selectedNode = m_drawing.selectedEdge = {};
    m_drawing.nodeInFlight.clear();
    m_drawing.edgeInFlight.clear();
    m_hidden.clear();
    m_map = std::move(map);
    m_layout = std::move(layout);
    for (std::uint32_t n = 0; n < m_layout.keys.size() && !node.empty(); ++n)
        if (m_layout.keys[n] == node) m_drawing.selectedNode = n;
    for (std::uint32_t e = 0; e < m_map.edges.size() && !from.empty(); ++e)
        if (m_layout.keys[m_map.edges[e].from] == from && m_layout.keys[m_map.edges[e].to] == to) m_drawing.selectedEdge = e;
    if (!keepView || m_fitted) fitLegibly();
    update();
    emit selectionMoved();
}

void MapCanvas::setInFlight(std::vector<std::uint32_t> nodes, std::vector<std::uint32_t> edges) {
    if (nodes == m_drawing.nodeInFlight && edges == m_drawing.edgeInFlight) return;
    m_drawing.nodeInFlight = std::move(nodes);
    m_drawing.edgeInFlight = std::move(edges);
    update();
}

void MapCanvas::setHidden(std::vector<bool> hidden) {
    m_hidden = std::move(hidden);
    update();
}

void MapCanvas::fit() {
    m_legibly = false;
    fitAt(kLeastScale);
}

void MapCanvas::fitLegibly() {
    m_legibly = true;
    fitAt(kLegibleScale);
}

void MapCanvas::fitAt(double leastScale) {
    m_fitted = true;
    if (m_layout.width <= 0 || m_layout.height <= 0) return;
    m_scale = std::clamp(std::min((width() - 2 * kFitMargin) / m_layout.width, (height() - 2 * kFitMargin) / m_layout.height), leastScale, kMostFitScale);
    // Where it does not go in whole, the busiest node is in the middle, as far as the map's border allows.
    std::size_t busiest = 0;
    for (std::size_t n = 0; n < m_map.nodes.size(); ++n)
        if (m_map.nodes[n].spans > m_map.nodes[busiest].spans) busiest = n;
    const auto place = [&](double room, double length, double middle) {
        const double drawn = length * m_scale;
        return drawn <= room ? (room - drawn) / 2 : std::clamp(room / 2 - middle * m_scale, room - drawn - kFitMargin, kFitMargin);
    };
    const geometry::Rect node = busiest < m_layout.nodes.size() ? m_layout.nodes[busiest] : geometry::Rect{};
    m_origin = QPointF(place(width(), m_layout.width, node.x + node.width / 2), place(height(), m_layout.height, node.y + node.height / 2));
    update();
}

void MapCanvas::zoomBy(double factor) { zoomAt(QPointF(width() / 2.0, height() / 2.0), factor); }

void MapCanvas::zoomAt(QPointF at, double factor) {
    const double scale = std::clamp(m_scale * factor, kLeastScale, kMostScale);
    m_origin = at - (at - m_origin) * (scale / m_scale);
    m_scale = scale;
    m_fitted = false;
    update();
}

void MapCanvas::select(std::optional<std::uint32_t> node, std::optional<std::uint32_t> edge) {
    if (m_drawing.selectedNode == node && m_drawing.selectedEdge == edge) return;
    m_drawing.selectedNode = node;
    m_drawing.selectedEdge = edge;
    m_fitted = false;  // the words beside the map take room: it stays where the user looks
    if (node) reveal(*node);
    update();
    emit selectionMoved();
}

QRectF MapCanvas::nodeRect(std::uint32_t node) const {
    const auto& r = m_layout.nodes[node];
    return {m_origin + QPointF(r.x, r.y) * m_scale, QSizeF(r.width, r.height) * m_scale};
}

std::optional<std::uint32_t> MapCanvas::nodeAt(QPointF at) const {
    const QPointF p = toMap(at);
    for (std::uint32_t n = 0; n < m_layout.nodes.size(); ++n)
        if (m_layout.nodes[n].contains(p.x(), p.y())) return n;
    return std::nullopt;
}

std::optional<std::uint32_t> MapCanvas::edgeAt(QPointF at) const {
    const QPointF p = toMap(at);
    std::optional<std::uint32_t> best;
    double nearest = kGrab / m_scale;
    for (std::uint32_t e = 0; e < m_layout.edges.size(); ++e) {
        const auto& edge = m_layout.edges[e];
        if (std::abs(p.x() - edge.label.x) < 50 && std::abs(p.y() - edge.label.y) < 14) return e;
        for (std::size_t i = 1; i < edge.points.size(); ++i) {
            const double d = distanceTo(p, edge.points[i - 1], edge.points[i]);
            if (d < nearest) {
                nearest = d;
                best = e;
            }
        }
    }
    return best;
}

void MapCanvas::reveal(std::uint32_t node) {
    const QRectF r = nodeRect(node);
    const QRectF room = QRectF(rect()).adjusted(8, 8, -8, -8);
    if (room.contains(r)) return;
    m_origin += QPointF(r.left() < room.left() ? room.left() - r.left() : std::min(0.0, room.right() - r.right()),
                        r.top() < room.top() ? room.top() - r.top() : std::min(0.0, room.bottom() - r.bottom()));
    m_fitted = false;
}

void MapCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const auto& theme = Theme::instance();
    painter.fillRect(rect(), theme.colours().page);
    if (m_map.nodes.empty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.save();
    painter.translate(m_origin);
    painter.scale(m_scale, m_scale);
    auto drawing = m_drawing;
    drawing.texts = m_scale >= kReadableScale;
    drawing.titles = false;
    paintPicture(painter, mapPicture(m_map, m_layout, m_words, drawing), theme.dark());
    painter.restore();
    if (!drawing.texts) paintShortTexts(painter);
    if (m_fitted && m_legibly && (m_layout.width * m_scale > width() || m_layout.height * m_scale > height())) {
        const QString words = tr("The map is larger than this; drag to move it, 0 shows all of it.");
        painter.setFont(Theme::smallFont());
        QRectF box(QPointF(8, 0), QSizeF(painter.fontMetrics().horizontalAdvance(words) + 12, painter.fontMetrics().height() + 6));
        box.moveBottom(height() - 8);
        painter.fillRect(box, theme.colours().panel);
        painter.setPen(theme.colours().quiet);
        painter.drawText(box, Qt::AlignCenter, words);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.colours().accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void MapCanvas::paintShortTexts(QPainter& painter) const {
    const auto& colours = Theme::instance().colours();
    constexpr double kInset = 9;
    painter.setFont(Theme::smallFont());
    const QFontMetricsF small(Theme::smallFont());
    std::vector<geometry::Rect> taken;
    for (std::uint32_t n = 0; n < m_map.nodes.size(); ++n) {
        const QRectF box = nodeRect(n);
        taken.push_back({box.x(), box.y(), box.width(), box.height()});
    }
    MapTexts room(std::move(taken));
    for (const auto e : m_scale > 0.3 ? edgesByWeight(m_map, m_drawing.hoverEdge ? m_drawing.hoverEdge : m_drawing.selectedEdge, m_drawing.selectedNode) : std::vector<std::uint32_t>()) {
        const auto& edge = m_map.edges[e];
        const bool focused = m_drawing.hoverEdge == e || m_drawing.selectedEdge == e;
        const QString text = focused || edge.errors > 0 ? QString::fromStdString(mapEdgeFigures(edge, m_words)) : QString::fromStdString(formatCount(edge.calls));
        const auto& label = m_layout.edges[e].label;
        QRectF box(QPointF(), QSizeF(small.horizontalAdvance(text) + 6, small.height()));
        box.moveCenter(m_origin + QPointF(label.x, label.y) * m_scale);
        if (!room.take({box.x(), box.y(), box.width(), box.height()})) continue;
        QColor page = colours.page;
        page.setAlphaF(0.85f);
        painter.fillRect(box, page);
        painter.setPen(edge.errors > 0 ? colours.error : focused ? colours.text : colours.quiet);
        painter.drawText(box, Qt::AlignCenter, text);
    }
    QFont serviceFont = Theme::smallFont();
    serviceFont.setWeight(QFont::DemiBold);
    for (std::uint32_t n = 0; n < m_map.nodes.size(); ++n) {
        const auto& node = m_map.nodes[n];
        const double lid = node.kind == analysis::PeerKind::Database ? 9 * m_scale : 0;
        const QRectF box = nodeRect(n).adjusted(kInset, lid, -3, 0);
        if (box.width() < 12 || box.height() < small.height()) continue;
        const bool twoLines = box.height() >= 2 * small.height() - 2;
        const bool faint = m_drawing.nodeHidden && m_drawing.nodeHidden(n);
        const QString name = QString::fromStdString(mapNodeTitle(node, m_words));
        painter.setFont(node.kind == analysis::PeerKind::Service ? serviceFont : Theme::smallFont());
        painter.setPen(faint ? colours.quiet : colours.text);
        const QFontMetricsF metrics(painter.font());
        const QString title = metrics.elidedText(name, Qt::ElideMiddle, box.width());  // names of one house begin alike
        painter.drawText(twoLines ? box.adjusted(0, 0, 0, -box.height() / 2 + 1) : box, twoLines ? Qt::AlignLeft | Qt::AlignBottom : Qt::AlignLeft | Qt::AlignVCenter, title);
        if (!twoLines) continue;
        const std::uint32_t load = n < m_drawing.nodeInFlight.size() ? m_drawing.nodeInFlight[n] : 0;
        const std::string figures = load > 0 ? m_words.inFlight(load) : node.errors > 0 ? "\u2715 " + m_words.errors(node.errors) : node.kind == analysis::PeerKind::Service ? m_words.spans(node.spans) : m_words.calls(node.spans);
        painter.setFont(Theme::smallFont());
        painter.setPen(load > 0 ? colours.accent : node.errors > 0 ? colours.error : colours.quiet);
        painter.drawText(box.adjusted(0, box.height() / 2 - 1, 0, 0), Qt::AlignLeft | Qt::AlignTop, small.elidedText(QString::fromStdString(figures), Qt::ElideRight, box.width()));
    }
}

void MapCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_pressAt = event->position();
    m_pressOrigin = m_origin;
    m_dragging = false;
}

void MapCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) {
        const QPointF moved = event->position() - m_pressAt;
        if (!m_dragging && moved.manhattanLength() < 5) return;
        m_dragging = true;
        m_fitted = false;
        setCursor(Qt::ClosedHandCursor);
        m_origin = m_pressOrigin + moved;
        update();
        return;
    }
    const auto node = nodeAt(event->position());
    const auto edge = node ? std::nullopt : edgeAt(event->position());
    if (node == m_drawing.hoverNode && edge == m_drawing.hoverEdge) return;
    m_drawing.hoverNode = node;
    m_drawing.hoverEdge = edge;
    setCursor(node || edge ? Qt::PointingHandCursor : Qt::ArrowCursor);
    // A name too long for its box can be read.
    setToolTip(node ? Qt::convertFromPlainText(QString::fromStdString(mapNodeTitle(m_map.nodes[*node], m_words))) : QString());
    update();
}

void MapCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    unsetCursor();
    if (m_dragging) {
        m_dragging = false;
        return;
    }
    const auto node = nodeAt(event->position());
    select(node, node ? std::nullopt : edgeAt(event->position()));
}

void MapCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const auto node = nodeAt(event->position())) emit nodeActivated(static_cast<int>(*node));
}

void MapCanvas::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0) zoomAt(event->position(), std::pow(1.2, steps));
    event->accept();
}

void MapCanvas::moveSelection(int dx, int dy) {
    if (m_layout.nodes.empty()) return;
    if (!m_drawing.selectedNode) {
        select(0u, std::nullopt);
        return;
    }
    const auto centre = [&](std::uint32_t n) { return QPointF(m_layout.nodes[n].x + m_layout.nodes[n].width / 2, m_layout.nodes[n].y + m_layout.nodes[n].height / 2); };
    const QPointF here = centre(*m_drawing.selectedNode);
    std::optional<std::uint32_t> best;
    double least = 1e18;
    for (std::uint32_t n = 0; n < m_layout.nodes.size(); ++n) {
        const QPointF way = centre(n) - here;
        const double along = way.x() * dx + way.y() * dy;
        const double across = std::abs(way.x() * dy) + std::abs(way.y() * dx);
        if (n == *m_drawing.selectedNode || along <= 1) continue;
        const double cost = along + 2 * across;
        if (cost < least) {
            least = cost;
            best = n;
        }
    }
    if (best) select(best, std::nullopt);
}

void MapCanvas::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left: moveSelection(-1, 0); break;
        case Qt::Key_Right: moveSelection(1, 0); break;
        case Qt::Key_Up: moveSelection(0, -1); break;
        case Qt::Key_Down: moveSelection(0, 1); break;
        case Qt::Key_Plus:
        case Qt::Key_Equal: zoomBy(1.2); break;
        case Qt::Key_Minus: zoomBy(1 / 1.2); break;
        case Qt::Key_0: fit(); break;
        case Qt::Key_Escape: select(std::nullopt, std::nullopt); break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_drawing.selectedNode) emit nodeActivated(static_cast<int>(*m_drawing.selectedNode));
            break;
        default: QWidget::keyPressEvent(event);
    }
}

void MapCanvas::leaveEvent(QEvent*) {
    m_drawing.hoverNode = m_drawing.hoverEdge = {};
    update();
}

void MapCanvas::resizeEvent(QResizeEvent*) {
    if (m_fitted) fitAt(m_legibly ? kLegibleScale : kLeastScale);
    else if (m_drawing.selectedNode) reveal(*m_drawing.selectedNode);
}

}  // namespace spanreel::views
