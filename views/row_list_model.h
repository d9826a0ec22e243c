// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <functional>

#include "views/row_changes.h"

namespace spanreel::views {

/// A table over a list of rows that the query pool makes. Changes arrive as removals, insertions or a new order, so that
/// selection and scroll position stay with their rows. The lists are swapped, never copied or searched: a change costs the
/// GUI thread O(ranges), and O(persistent indexes) where rows are relaid. GUI thread.
class RowListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final;

protected:
    /// The trace or log in a row, 0 <= row < rowCount(); while changes are told, that of the list as told so far.
    [[nodiscard]] std::uint32_t at(int row) const;
    [[nodiscard]] const RowListPtr& list() const { return m_list; }
    /// The row of the new list, or -1.
    [[nodiscard]] virtual int rowOf(std::uint32_t id) const = 0;
    /// `changes` leads from list() to `next`. `swap` takes what cells and rowOf() are read from; it must know the rows of
    /// both lists, but after a reset, where it comes between the signals.
    void change(RowListPtr next, const RowChanges& changes, const std::function<void()>& swap);

private:
    void relay(RowListPtr next);
    /// Rows before `split` are those of `front`, the others those of `back` from `split - shift` on.
    void show(const RowList& front, std::size_t split, const RowList& back, std::size_t shift);

    RowListPtr m_list = std::make_shared<const RowList>();
    const RowList* m_front = m_list.get();
    const RowList* m_back = m_list.get();
    std::size_t m_split = 0, m_shift = 0;
};

}  // namespace spanreel::views
