// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/row_hover.h"

#include <QEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTableView>

namespace spanreel::views {

RowHover::RowHover(QTableView* table) : QObject(table), m_table(table) {
    table->setMouseTracking(true);
    table->setProperty(kProperty, -1);
    table->viewport()->installEventFilter(this);
    // Rows that scroll under a mouse that stands still.
    connect(table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (m_row >= 0 && m_table->underMouse()) setRow(m_table->rowAt(m_table->viewport()->mapFromGlobal(QCursor::pos()).y()));
    });
}

bool RowHover::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::MouseMove) setRow(m_table->rowAt(qRound(static_cast<QMouseEvent*>(event)->position().y())));
    if (event->type() == QEvent::Leave) setRow(-1);
    return false;
}

void RowHover::setRow(int row) {
    if (row == m_row) return;
    m_row = row;
    m_table->setProperty(kProperty, row);
    m_table->viewport()->update();
}

}  // namespace spanreel::views
