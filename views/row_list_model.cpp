// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/row_list_model.h"

#include <algorithm>

namespace spanreel::views {

int RowListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_back->size() + m_shift); }

std::uint32_t RowListModel::at(int row) const {
    const auto place = static_cast<std::size_t>(row);
    return place < m_split ? (*m_front)[place] : (*m_back)[place - m_shift];
}

void RowListModel::show(const RowList& front, std::size_t split, const RowList& back, std::size_t shift) {
    m_front = &front;
    m_split = split;
    m_back = &back;
    m_shift = shift;
}

void RowListModel::change(RowListPtr next, const RowChanges& changes, const std::function<void()>& swap) {
    if (changes.reset) {
        beginResetModel();
        swap();
        m_list = std::move(next);
        show(*m_list, 0, *m_list, 0);
        endResetModel();
        return;
    }
    swap();
    if (changes.relaid) return relay(std::move(next));
    const RowList& stay = changes.removed.empty() ? *m_list : changes.inserted.empty() ? *next : changes.stay;
    std::size_t shift = m_list->size() - stay.size();  // rows still to be removed
    for (auto it = changes.removed.rbegin(); it != changes.removed.rend(); ++it) {
        beginRemoveRows({}, static_cast<int>(it->first), static_cast<int>(it->last));
        shift -= it->last - it->first + 1;
        show(*m_list, it->first, stay, shift);
        endRemoveRows();
    }
    for (const auto& range : changes.inserted) {
        beginInsertRows({}, static_cast<int>(range.first), static_cast<int>(range.last));
        shift += range.last - range.first + 1;
        show(*next, range.last + 1, stay, shift);
        endInsertRows();
    }
    show(*next, 0, *next, 0);
    m_list = std::move(next);
}

void RowListModel::relay(RowListPtr next) {
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto old = persistentIndexList();
    QModelIndexList moved;
    moved.reserve(old.size());
    for (const auto& index : old) {
        const int row = rowOf(at(index.row()));
        moved << (row < 0 ? QModelIndex() : createIndex(row, index.column()));
    }
    m_list = std::move(next);
    show(*m_list, 0, *m_list, 0);
    changePersistentIndexList(old, moved);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

}  // namespace spanreel::views
