// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/notes/note_list_model.h"

#include <algorithm>
#include <tuple>

#include "model/notes/note_targets.h"
#include "views/context.h"
#include "views/notes/note_text.h"
#include "views/theme.h"

namespace spanreel::views {

NoteListModel::NoteListModel(ViewContext& context, QObject* parent) : QAbstractListModel(parent), m_context(context) { refresh(); }

int NoteListModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

const notes::Note* NoteListModel::note(int row) const {
    if (row < 0 || row >= rowCount()) return nullptr;
    return m_context.notes().find(m_rows[static_cast<std::size_t>(row)].id);
}

QVariant NoteListModel::data(const QModelIndex& index, int role) const {
    const auto* shown = note(index.row());
    if (!shown) return {};
    const auto trace = m_context.trace();
    switch (role) {
        case Qt::DisplayRole: return noteTitle(shown->text) + QLatin1Char('\n') + noteTarget(*shown, trace.get());
        case Qt::AccessibleTextRole: return tr("%1, on %2").arg(noteTitle(shown->text), noteTarget(*shown, trace.get()));
        case Qt::DecorationRole: return noteColourIcon(shown->colour);
        case Qt::ForegroundRole: return m_rows[static_cast<std::size_t>(index.row())].ofTrace ? QVariant() : QVariant(Theme::instance().colours().quiet);
        case TargetRole: return noteTarget(*shown, trace.get());
        case IdRole: return QString::fromStdString(shown->id);
        case OfTraceRole: return m_rows[static_cast<std::size_t>(index.row())].ofTrace;
        default: return {};
    }
}

int NoteListModel::rowOf(const QString& id) const {
    const auto wanted = id.toStdString();
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (m_rows[i].id == wanted) return static_cast<int>(i);
    return -1;
}

void NoteListModel::refresh() {
    const auto trace = m_context.trace();
    std::vector<Row> rows;
    for (const auto& shown : m_context.notes().notes()) {
        const auto time = notes::noteTimeNs(shown, trace.get());
        rows.push_back({shown.id, time ? time : shown.createdNs, m_context.selection().trace == shown.trace});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return std::tuple(!a.ofTrace, a.timeNs) < std::tuple(!b.ofTrace, b.timeNs); });
    const bool sameIds = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) { return a.id == b.id; });
    if (sameIds) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) emit dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    emit layoutAboutToBeChanged();
    const auto old = persistentIndexList();
    QModelIndexList moved;
    for (const auto& index : old) {
        const auto it = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.id == m_rows[static_cast<std::size_t>(index.row())].id; });
        moved.push_back(it == rows.end() ? QModelIndex() : createIndex(static_cast<int>(it - rows.begin()), 0));
    }
    m_rows = std::move(rows);
    changePersistentIndexList(old, moved);
    emit layoutChanged();
}

}  // namespace spanreel::views
