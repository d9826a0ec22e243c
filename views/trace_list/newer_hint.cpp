// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/newer_hint.h"

#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <algorithm>

#include "model/core/time_format.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
constexpr int kSortMark = 22;  ///< px at the end of a heading, for the arrow
}

NewerHint::NewerHint(QTableView* table) : QToolButton(table), m_table(table) {
    setObjectName(QStringLiteral("traceListNewer"));
    setIcon(Theme::instance().icon("to-top"));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setToolTip(tr("Go to the top of the list"));
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    hide();
    table->installEventFilter(this);
    connect(this, &QToolButton::clicked, this, [this] { m_table->verticalScrollBar()->setValue(0); });
    connect(table->verticalScrollBar(), &QScrollBar::valueChanged, this, &NewerHint::refresh);
    connect(table->horizontalHeader(), &QHeaderView::sectionResized, this, &NewerHint::refresh);
}

void NewerHint::grew(int rows) {
    m_rows += std::max(rows, 0);
    refresh();
}

void NewerHint::reset() {
    m_rows = 0;
    refresh();
}

void NewerHint::setNewestFirst(bool newestFirst) {
    m_newestFirst = newestFirst;
    refresh();
}

void NewerHint::refresh() {
    m_rows = m_table->verticalScrollBar()->value() > 0 ? std::min(m_rows, std::max(m_table->rowAt(0), 0)) : 0;
    if (m_rows > 0) {
        const QString number = QString::fromStdString(formatCount(static_cast<std::uint64_t>(m_rows)));
        if (m_newestFirst) setText(m_rows == 1 ? tr("1 newer") : tr("%1 newer").arg(number));
        else setText(m_rows == 1 ? tr("1 new above") : tr("%1 new above").arg(number));
        // In the heading of the names, which has room behind its word: no row is covered.
        const auto* heading = m_table->horizontalHeader();
        const int right = heading->x() + heading->sectionViewportPosition(0) + heading->sectionSize(0);
        resize(sizeHint().width(), std::min(sizeHint().height(), heading->height() - 2));
        move(std::max(heading->x(), right - width() - kSortMark), heading->y() + (heading->height() - height()) / 2);
        raise();
    }
    setVisible(m_rows > 0);
}

bool NewerHint::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::Resize && m_rows > 0) refresh();
    return false;
}

}  // namespace spanreel::views
