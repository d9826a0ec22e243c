// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

#include "model/replay/in_flight.h"

class QLabel;
class QListWidget;

namespace spanreel::views {

class ViewContext;

/// The spans open at the playhead, as a call stack that crosses services: indented under the nearest open ancestor, with
/// service, name and for how long. At most kMostRows, with the count of all. Prepared in the query pool; GUI thread;
/// O(rows shown) an update, nothing while hidden.
class InFlightPanel : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kMostRows = 60;

    explicit InFlightPanel(ViewContext& context, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void prepare();
    void showInstant();

    ViewContext& m_context;
    trace::TracePtr m_trace;
    std::shared_ptr<const replay::OpenSpans> m_open;
    QLabel* m_summary = nullptr;
    QListWidget* m_list = nullptr;
};

}  // namespace spanreel::views
