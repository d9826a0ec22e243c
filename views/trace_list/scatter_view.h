// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

#include "views/trace_list/trace_query.h"

namespace spanreel::views {

class ViewContext;

/// Start x duration of the listed traces: a click on a point opens its trace, a drag picks a stretch of time and
/// duration. Points are thinned in the query pool, at most once a second while data arrives. GUI thread.
class ScatterView : public QWidget {
    Q_OBJECT
public:
    explicit ScatterView(ViewContext& context, QWidget* parent = nullptr);
    ~ScatterView() override;

    void setRows(TraceRowsPtr rows);
    [[nodiscard]] int pointCount() const;

signals:
    void traceActivated(spanreel::TraceId trace);
    void brushed(spanreel::TimeRange started, std::int64_t shortestNs, std::int64_t longestNs);

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
