// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QTableView;

namespace spanreel::views {

/// Tells the style which row of a table the mouse is over, so that the whole row is tinted and not one cell: kept as the
/// table's property `hoveredRow`, which StudioStyle reads. A child of the table. GUI thread.
class RowHover : public QObject {
    Q_OBJECT
public:
    static constexpr const char* kProperty = "hoveredRow";

    explicit RowHover(QTableView* table);
    [[nodiscard]] int row() const { return m_row; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setRow(int row);
    QTableView* m_table;
    int m_row = -1;
};

}  // namespace spanreel::views
