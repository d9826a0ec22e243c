// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>

#include "views/geometry/time_axis.h"

namespace spanreel::views {

class TimelineView;
class ViewContext;

/// The whole trace in one strip on the timeline's axis: how many spans are open, where errors are, whose time the critical
/// path is; the window in view can be dragged, resized at its edges, and drawn anew. Painted from the 2,048 columns the
/// timeline's index holds: O(width) a frame. GUI thread.
class Minimap : public QWidget {
    Q_OBJECT
public:
    Minimap(ViewContext& context, TimelineView& timeline, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override { return {400, 48}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Drag { None, Move, Left, Right, Draw };
    [[nodiscard]] geometry::TimeScale scale() const;
    [[nodiscard]] Drag zoneAt(double x) const;
    void renderStrip();

    ViewContext& m_context;
    TimelineView& m_timeline;
    QPixmap m_strip;  ///< everything but window and playhead
    bool m_stripStale = true;
    double m_laneX = 0, m_laneWidth = 0;  ///< the strip was drawn for
    Drag m_drag = Drag::None;
    double m_dragStartNs = 0;
    geometry::TimeWindow m_dragWindow;
};

}  // namespace spanreel::views
