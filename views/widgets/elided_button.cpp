// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/elided_button.h"

#include <QStyleOptionToolButton>
#include <QStylePainter>
#include <algorithm>

namespace spanreel::views {

void ElidedButton::paintEvent(QPaintEvent*) {
    QStylePainter p(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    const int icon = option.icon.isNull() ? 0 : option.iconSize.width() + 6;
    option.text = fontMetrics().elidedText(option.text, Qt::ElideRight, std::max(0, width() - icon - 8));
    p.drawComplexControl(QStyle::CC_ToolButton, option);
}

}  // namespace spanreel::views
