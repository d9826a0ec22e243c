// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/newer_hint.h"

#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <algorithm>

#include "views/theme.h"

namespace spanreel::views {

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
        setText(m_newestFirst ? tr("%n newer", nullptr, m_rows) : tr("%n new above", nullptr, m_rows));
        adjustSize();
        const QRect room = m_table->viewport()->geometry();
        move(room.center().x() - width() / 2, room.top() + 4);
        raise();
    }
    setVisible(m_rows > 0);
}

bool NewerHint::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::Resize && m_rows > 0) refresh();
    return false;
}

}  // namespace spanreel::views
