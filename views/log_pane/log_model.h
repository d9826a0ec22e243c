// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "views/log_pane/log_query.h"

namespace spanreel::views {

class ViewContext;

/// The log pane's rows. Texts are made for the cells a view asks for, never for all. Growing at the end inserts rows;
/// other changes re-lay the rows so that a row keeps its selection. GUI thread; a change costs O(rows).
class LogModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, Severity, Service, Message, Span, kColumns };

    explicit LogModel(ViewContext& context, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

    void setAnswer(LogAnswer answer);
    void setOffsets(bool offsets);  ///< times as offsets from the trace's start, where there is a trace
    [[nodiscard]] bool showsOffsets() const;
    /// Greys what is later than the playhead; nothing = no replay. Returns the last row that has happened, -1 = none.
    int setPlayhead(std::optional<std::uint64_t> absoluteNs);
    void setSelectedNode(trace::NodeId node);
    void refreshTexts();

    [[nodiscard]] const LogEntry* entry(int row) const;
    [[nodiscard]] int rowOf(store::RowId log) const;  ///< -1 = not listed; O(rows)
    [[nodiscard]] int firstRowOfNode(trace::NodeId node) const;
    /// Tab-separated: UTC time, severity, service, body, trace id, span id.
    [[nodiscard]] QString copyText(int row) const;

private:
    [[nodiscard]] QString cellText(const LogEntry& entry, const store::LogView& log, int column, int row) const;
    [[nodiscard]] QString timeText(std::uint64_t timeNs) const;
    [[nodiscard]] store::LogView log(const LogEntry& entry) const { return m_snapshot->log(entry.row); }

    ViewContext& m_context;
    std::vector<LogEntry> m_entries;
    store::SnapshotPtr m_snapshot;
    trace::TracePtr m_trace;
    bool m_offsets = true;
    bool m_replaying = false;
    int m_happened = -1;  ///< last row at or before the playhead
    trace::NodeId m_selectedNode = trace::kNoNode;
};

/// "ERROR", "INFO", …; the sender's own word where the number is not set.
[[nodiscard]] QString severityWord(const store::LogView& log);

}  // namespace spanreel::views
