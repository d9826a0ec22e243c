// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QVariantAnimation>
#include <memory>
#include <optional>
#include <vector>

#include "views/geometry/timeline_layout.h"

namespace spanreel::views {

class ViewContext;

/// The Gantt reading of the selected trace: a tree column and bars on one time axis with a ruler, virtualised. Paints only
/// the rows in view from neutral geometry; a frame costs O(rows in view x pixels x log n). Follows the context's trace,
/// selection, playhead and notes, and keeps its place when a trace grows. GUI thread.
class TimelineView : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TimelineView(ViewContext& context, QWidget* parent = nullptr);
    ~TimelineView() override;

    [[nodiscard]] geometry::TimelineIndexPtr index() const { return m_index; }
    [[nodiscard]] const geometry::TimelineRows& rows() const { return m_rows; }
    [[nodiscard]] const geometry::TimeWindow& window() const { return m_window; }
    /// The axis in this widget's pixels: what lies on it elsewhere (minimap) uses the same.
    [[nodiscard]] geometry::TimeScale scale() const { return metrics().scale(m_window); }
    [[nodiscard]] double treeWidth() const;
    /// Shows a stretch of time; animated where the change is a jump and motion is not reduced.
    void setWindow(geometry::TimeWindow window, bool animated = false);
    void zoom(double factor, std::optional<double> anchorNs = {});
    void fitAll();
    void fitSelection();

    void expandAll();
    void expandOneLevel();
    void collapseAll();
    void setRowHeight(int pixels);

    /// Nodes found by the search, ascending; underlined.
    void setMatches(std::vector<trace::NodeId> matches);
    /// Opens what hides it, scrolls it into view, selects it.
    void goTo(trace::NodeId node);
    void goToError(bool forward);

signals:
    void windowChanged();
    void indexChanged();       ///< index() is of another trace or revision
    void rowsChanged();        ///< opened, closed, grown
    void framePainted(int rows);
    void searchRequested();
    void nextMatchRequested(bool forward);
    void addNoteRequested();
    void hoverTextChanged(const QString& text);  ///< one line on what is under the mouse, empty where nothing

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;

private:
    enum class Drag { None, Pending, Pan, Range, Playhead, Column };

    void onTraceChanged();
    void onSelectionChanged();
    void onNotesChanged();
    void takeIndex(geometry::TimelineIndexPtr index, geometry::TimelineRows rows);
    void takeRows(geometry::TimelineRows rows);
    void rebuildRows(geometry::Expansion expansion);
    void updateScrollBar();
    void setOpen(trace::NodeId node, bool open);
    void moveSelection(std::ptrdiff_t rows);
    void selectRow(std::size_t row);
    void scrollToRow(std::size_t row);
    void setHover(const QPoint& position);
    void clearHover();
    void endDrag();
    void paintRuler(QPainter& painter, const geometry::TimeScale& scale);
    void paintOverlays(QPainter& painter, const geometry::TimeScale& scale);
    void paintEmpty(QPainter& painter);
    [[nodiscard]] QString hoverText(const geometry::TimelineHit& hit, double x) const;
    [[nodiscard]] geometry::TimelineFrame frame() const;
    [[nodiscard]] geometry::TimelineMetrics metrics() const;
    [[nodiscard]] double wholeNs() const;
    [[nodiscard]] int rulerHeight() const;
    [[nodiscard]] int pageRows() const;
    [[nodiscard]] bool nearPlayhead(const QPoint& position) const;

    ViewContext& m_context;
    geometry::TimelineIndexPtr m_index;
    trace::TracePtr m_arranging;  ///< its index is on its way
    geometry::TimelineRows m_rows;
    geometry::TimeWindow m_window;
    std::optional<TraceId> m_shown;  ///< the trace window and expansion belong to
    std::vector<trace::NodeId> m_matches;
    std::vector<geometry::NodeNote> m_nodeNotes;
    int m_rowHeight = 22;
    quint64 m_openedCount = 0;  ///< changes of what is open, so that a late answer does not undo one
    double m_treeWidth = 0;  ///< 0 = not chosen by the user
    trace::NodeId m_hovered = trace::kNoNode;
    std::optional<QPoint> m_mouse;
    QVariantAnimation m_animation;
    geometry::TimeWindow m_animationFrom, m_animationTo;

    Drag m_drag = Drag::None;
    QPoint m_dragStart;
    geometry::TimeWindow m_dragWindow;
    int m_dragScroll = 0;
    geometry::TimelineHit m_pressed;
    std::optional<std::pair<double, double>> m_dragRange;
};

}  // namespace spanreel::views
