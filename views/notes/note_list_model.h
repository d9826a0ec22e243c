// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <vector>

#include "model/notes/note.h"

namespace spanreel::views {

class ViewContext;

/// The session's notes in time order (those of the selected trace first). Rows keep their place while only texts change.
/// GUI thread; O(notes log notes) a change.
class NoteListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { IdRole = Qt::UserRole, TargetRole, OfTraceRole };

    explicit NoteListModel(ViewContext& context, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final;
    [[nodiscard]] int rowOf(const QString& id) const;
    [[nodiscard]] const notes::Note* note(int row) const;
    void refresh();

private:
    struct Row {
        std::string id;
        std::uint64_t timeNs;
        bool ofTrace;
    };
    ViewContext& m_context;
    std::vector<Row> m_rows;
};

}  // namespace spanreel::views
