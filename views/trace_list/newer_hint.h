// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

class QTableView;

namespace spanreel::views {

/// Over a list that is held still while data arrives: how many rows came in above what is seen; a click goes to the top.
/// Lies in the table's heading and covers no row. A child of the table. GUI thread.
class NewerHint : public QToolButton {
    Q_OBJECT
public:
    explicit NewerHint(QTableView* table);

    /// `rows` came in above the rows seen.
    void grew(int rows);
    void reset();
    /// Whether the newest are at the top; else the words do not say that they are newer.
    void setNewestFirst(bool newestFirst);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    QTableView* m_table;
    int m_rows = 0;  ///< never more than are above
    bool m_newestFirst = true;
};

}  // namespace spanreel::views
