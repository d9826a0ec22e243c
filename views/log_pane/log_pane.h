// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

#include "views/log_pane/log_scope.h"

namespace spanreel::views {

class ViewContext;

/// The logs of the selection on the trace's own time axis: whole trace, selected span, span with descendants, time
/// range, whole session, or those without ids. Selecting a row selects the log and its span; selecting a span marks its
/// logs. Follows the playhead. Rows are found in the query pool; painting is O(visible rows). GUI thread.
class LogPane : public QWidget {
    Q_OBJECT
public:
    explicit LogPane(ViewContext& context, QWidget* parent = nullptr);
    ~LogPane() override;

    [[nodiscard]] LogScope scope() const;
    void setScope(LogScope scope);
    /// What a screen reader and a test read: "4 of 112 logs, …".
    [[nodiscard]] QString countText() const;

signals:
    /// The user asked to see the selected log whole (double click, Return): the window raises its details dock.
    void detailsRequested();

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
