// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "model/store/snapshot.h"
#include "views/navigator/receiver_status.h"

namespace spanreel::views {

class ViewContext;

/// Where the session's data comes from (files with what was kept and lost, receivers with their health) and its
/// services, ticked to be shown. Refreshes at most five times a second. GUI thread.
class NavigatorPane : public QWidget {
    Q_OBJECT
public:
    explicit NavigatorPane(ViewContext& context, QWidget* parent = nullptr);
    ~NavigatorPane() override;

    void setReceivers(const std::vector<ReceiverStatus>& receivers, const std::vector<RefusedSender>& refused);

signals:
    void importSummaryRequested(spanreel::store::SourceId source);
    void serviceFilterRequested(const QString& service);  ///< double click: list its traces
    void allowRequested(const spanreel::views::RefusedSender& sender);

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
