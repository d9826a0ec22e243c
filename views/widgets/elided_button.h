// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace spanreel::views {

/// A button that gives way where the bar is narrow: its text is elided, and it never widens the page. GUI thread.
class ElidedButton : public QToolButton {
public:
    using QToolButton::QToolButton;
    QSize minimumSizeHint() const override { return {36, QToolButton::minimumSizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace spanreel::views
