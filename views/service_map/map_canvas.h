// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "views/service_map/map_picture.h"

namespace spanreel::views {

/// Paints a laid out map and lets the user move in it: drag pans, wheel zooms at the mouse, hover shows the neighbours,
/// click or arrow keys select a node or an edge. Holds copies of what it paints. GUI thread; a paint is O(nodes + edges).
class MapCanvas : public QWidget {
    Q_OBJECT
public:
    explicit MapCanvas(MapWords words, QWidget* parent = nullptr);

    /// `keepView` = the zoom and place stay (live growth); else the map is fitted. A selection survives by key.
    void setMap(analysis::ServiceMap map, MapLayout layout, bool keepView);
    void setInFlight(std::vector<std::uint32_t> nodes, std::vector<std::uint32_t> edges);
    void setHidden(std::vector<bool> hidden);

    void fit();         ///< all of it, however small
    void fitLegibly();  ///< as much of it as can be read, the busiest node in sight
    void zoomBy(double factor);
    [[nodiscard]] const analysis::ServiceMap& map() const { return m_map; }
    [[nodiscard]] const MapLayout& layoutShown() const { return m_layout; }
    [[nodiscard]] std::optional<std::uint32_t> selectedNode() const { return m_drawing.selectedNode; }
    [[nodiscard]] std::optional<std::uint32_t> selectedEdge() const { return m_drawing.selectedEdge; }
    void select(std::optional<std::uint32_t> node, std::optional<std::uint32_t> edge);
    /// Where a node is on the widget; for tests and tips.
    [[nodiscard]] QRectF nodeRect(std::uint32_t node) const;
    [[nodiscard]] std::optional<std::uint32_t> nodeAt(QPointF at) const;
    [[nodiscard]] std::optional<std::uint32_t> edgeAt(QPointF at) const;

signals:
    void selectionMoved();
    void nodeActivated(int node);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// Names and call counts in screen size, for a map too small for its own texts.
    void paintShortTexts(QPainter& painter) const;
    void fitAt(double leastScale);
    void zoomAt(QPointF at, double factor);
    void moveSelection(int dx, int dy);
    void reveal(std::uint32_t node);
    [[nodiscard]] QPointF toMap(QPointF at) const { return (at - m_origin) / m_scale; }

    MapWords m_words;
    analysis::ServiceMap m_map;
    MapLayout m_layout;
    MapDrawing m_drawing;
    std::vector<bool> m_hidden;
    double m_scale = 1;
    QPointF m_origin, m_pressAt, m_pressOrigin;
    bool m_fitted = true;  ///< follows the size of the widget until the user moves or selects
    bool m_legibly = true;
    bool m_dragging = false;
};

}  // namespace spanreel::views
