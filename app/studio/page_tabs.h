// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "model/core/ids.h"
#include "model/trace/trace.h"

class QStackedWidget;
class QTabBar;

namespace spanreel::views {
class ServiceMapView;
class TraceListView;
class TracePage;
class ViewContext;
}  // namespace spanreel::views

namespace spanreel::app {

/// The middle of the window: Traces, one closable tab per opened trace, Service map. There is one trace page; a trace's
/// tab selects its trace and shows the page. When another pane changes the trace while a trace tab is open, that tab
/// follows, as a browser's does. GUI thread.
class PageTabs : public QWidget {
    Q_OBJECT
public:
    explicit PageTabs(views::ViewContext& context, QWidget* parent = nullptr);

    [[nodiscard]] views::TraceListView& traceList() const { return *m_list; }
    [[nodiscard]] views::TracePage& tracePage() const { return *m_page; }
    [[nodiscard]] views::ServiceMapView& map() const { return *m_map; }

    void showTraces();
    void showMap();
    /// Opens (or goes to) the tab of the selected trace.
    void showTrace();
    /// A tab for the trace, behind the page in front.
    void addTrace(const trace::Trace& trace);
    /// The name of the page in front: "Traces", "Service map" or what its trace is called.
    [[nodiscard]] QString currentName() const;
    [[nodiscard]] bool onTraces() const;
    [[nodiscard]] bool onTracePage() const;
    /// Closes the current tab where it can be closed.
    void closeCurrent();
    void closeTraces();
    void next(int step);
    /// The keyboard goes to the page in front.
    void focusPage();

signals:
    void currentChanged();  ///< another page, or the one in front is called otherwise

private:
    void select(int index);
    void close(int index);
    void followSelection();
    void title(int index);
    void title(int index, const trace::Trace& trace);
    int openTab(TraceId id);  ///< its tab, made where there is none
    void addCloseButton(int index);
    [[nodiscard]] int tabOf(TraceId id) const;

    views::ViewContext& m_context;
    QTabBar* m_bar;
    QStackedWidget* m_stack;
    views::TraceListView* m_list;
    views::TracePage* m_page;
    views::ServiceMapView* m_map;
};

}  // namespace spanreel::app
