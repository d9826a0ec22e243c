// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/row_list_model.h"
#include "views/trace_list/trace_query.h"

namespace spanreel::views {

class ViewContext;

/// The rows of the trace list. Cells are read from the snapshot when asked for. GUI thread.
class TraceModel final : public RowListModel {
    Q_OBJECT
public:
    enum Role {
        SummaryRole = Qt::UserRole,  ///< DurationFraction: 0..1 of the longest shown
        ServicesRole,                ///< QStringList, root's service first
        RootServiceRole,
        OperationRole,
        ErrorRole,
    };

    explicit TraceModel(ViewContext& context, QObject* parent = nullptr);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] const TraceRowsPtr& rows() const { return m_rows; }
    [[nodiscard]] const NoteCounts& noteCounts() const { return m_notes; }
    [[nodiscard]] TraceId traceAt(int row) const;
    /// Row of a trace index of the rows' snapshot, or -1.
    [[nodiscard]] int rowOf(std::uint32_t traceIndex) const override;

    /// Takes the rows a query made; `changes` leads from rows() to them.
    void apply(TraceRowsPtr rows, const RowChanges& changes);
    void setNoteCounts(NoteCounts counts);
    /// Starts are shown without their day, which is told elsewhere.
    void setStartsWithoutDay(bool without);

private:
    [[nodiscard]] QString text(const store::TraceSummary& trace, TraceColumn column) const;
    [[nodiscard]] QString tip(const store::TraceSummary& trace, TraceColumn column) const;

    ViewContext& m_context;
    TraceRowsPtr m_rows;
    NoteCounts m_notes;
    bool m_withoutDay = false;
};

}  // namespace spanreel::views
