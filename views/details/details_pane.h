// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

namespace spanreel::views {

class ViewContext;

/// What is known of the selected span or log, of the trace while it has none: identity, timing, status, marks in words, attributes by origin (searchable,
/// typed, copyable), events, links both ways, logs, raw OTLP. Follows the selection. GUI thread; long look-ups (backlinks)
/// run in the query pool.
class DetailsPane : public QWidget {
    Q_OBJECT
public:
    explicit DetailsPane(ViewContext& context, QWidget* parent = nullptr);
    ~DetailsPane() override;

    /// Puts the cursor into the filter box.
    void focusFilter();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
