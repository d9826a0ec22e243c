// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

#include "views/trace_list/trace_query.h"

namespace spanreel::views {

class TraceModel;
class ViewContext;

/// The start page of a session: filter bar, scatter and table of its traces. Rows are found and sorted in the query
/// pool; arrivals never move the row under the user. Empty, it says how to get data. GUI thread.
class TraceListView : public QWidget {
    Q_OBJECT
public:
    explicit TraceListView(ViewContext& context, QWidget* parent = nullptr);
    ~TraceListView() override;

    /// What the empty page shows: lines to copy into a shell (environment variables), or why there are none, and what was
    /// refused of what programs sent.
    void setEndpoints(const QStringList& environment, const QString& state, const QString& refused = {});
    void setRecentFiles(const QStringList& files);
    void setRowHeight(int height);
    /// Filters by service, as the filter bar does; empty = all.
    void setServiceFilter(const QString& service);
    void setTextFilter(const QString& text);
    void clearFilter();
    void focusFilter();
    /// The keyboard goes to the rows, or to the empty page.
    void focusRows();
    /// The same, once the rows asked for last are listed; where none match, it stays.
    void focusResults();
    /// Moves to the next (+1) or previous (-1) trace of the list and selects it.
    void step(int rows);
    [[nodiscard]] const TraceModel& model() const;
    [[nodiscard]] const TraceFilter& filter() const;

signals:
    void openFileRequested();
    void openSampleRequested();
    void recentFileRequested(const QString& path);
    void listed();  ///< new rows are shown

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
