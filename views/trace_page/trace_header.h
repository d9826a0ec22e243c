// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "views/geometry/timeline_index.h"

class QLabel;

namespace spanreel::views {

class ViewContext;
class ShareBar;

/// What the trace is, above its readings: root, start, duration, counts of everything, and whose time its critical path is,
/// as a small stacked bar with words. GUI thread.
class TraceHeader : public QWidget {
    Q_OBJECT
public:
    explicit TraceHeader(ViewContext& context, QWidget* parent = nullptr);
    /// Null clears.
    void setIndex(geometry::TimelineIndexPtr index);

private:
    void refresh();
    ViewContext& m_context;
    geometry::TimelineIndexPtr m_index;
    QLabel* m_title;
    QLabel* m_facts;
    QLabel* m_oddities;
    QLabel* m_share;
    ShareBar* m_bar;
};

/// Shares of services in the critical path, side by side in their colours.
class ShareBar : public QWidget {
    Q_OBJECT
public:
    explicit ShareBar(QWidget* parent = nullptr);
    void setIndex(geometry::TimelineIndexPtr index);
    [[nodiscard]] QSize sizeHint() const override { return {180, 12}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    geometry::TimelineIndexPtr m_index;
};

}  // namespace spanreel::views
