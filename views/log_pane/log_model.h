// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/log_pane/log_query.h"
#include "views/row_list_model.h"

namespace spanreel::views {

class ViewContext;

/// The log pane's rows. Texts are made for the cells a view asks for, never for all. GUI thread.
class LogModel : public RowListModel {
    Q_OBJECT
public:
    enum Column { Time, Severity, Service, Message, Span, kColumns };

    explicit LogModel(ViewContext& context, QObject* parent = nullptr);

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

    [[nodiscard]] const LogRowsPtr& rows() const { return m_rows; }
    /// Takes the rows a query made; `changes` leads from rows() to them.
    void apply(LogRowsPtr rows, const RowChanges& changes);
    void setOffsets(bool offsets);  ///< times as offsets from the trace's start, where there is a trace
    [[nodiscard]] bool showsOffsets() const;
    /// Greys what is later than the playhead; nothing = no replay. Returns the last row that has happened, -1 = none.
    int setPlayhead(std::optional<std::uint64_t> absoluteNs);
    void setSelectedSpan(SpanId span);  ///< of the trace shown; invalid = none
    void refreshTexts();

    [[nodiscard]] std::optional<store::RowId> logAt(int row) const;
    [[nodiscard]] int rowOf(store::RowId log) const override;  ///< -1 = not listed
    [[nodiscard]] int firstRowOfSpan(SpanId span) const;  ///< of the trace shown; -1 = none
    /// Tab-separated: UTC time, severity, service, body, trace id, span id.
    [[nodiscard]] QString copyText(int row) const;

private:
    [[nodiscard]] QString cellText(const store::LogView& log, int column, int row) const;
    [[nodiscard]] QString timeText(std::uint64_t timeNs) const;
    [[nodiscard]] store::LogView log(int row) const { return m_rows->snapshot->log(at(row)); }

    ViewContext& m_context;
    LogRowsPtr m_rows;
    bool m_offsets = true;
    bool m_replaying = false;
    int m_happened = -1;  ///< last row at or before the playhead
    SpanId m_selectedSpan;
};

/// "ERROR", "INFO", …; the sender's own word where the number is not set.
[[nodiscard]] QString severityWord(const store::LogView& log);

}  // namespace spanreel::views
