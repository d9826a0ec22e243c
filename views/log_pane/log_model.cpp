// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/log_pane/log_model.h"

#include <QDateTime>
#include <QTimeZone>
#include <algorithm>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/otlp/value_walk.h"
#include "views/context.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
constexpr std::size_t kCellBytes = 1200;

QString plain(std::string_view text) {
    const std::string safe = escapeControls(text);
    return QString::fromUtf8(safe.data(), static_cast<qsizetype>(safe.size()));
}
QString bodyText(const store::LogView& log, std::size_t most) {
    const auto body = log.body();
    QString text = plain(otlp::valueToDisplayText(body, most));
    if (text.isEmpty() && !log.eventName().empty()) text = plain(log.eventName());
    return text;
}
}  // namespace

QString severityWord(const store::LogView& log) {
    switch (logLevel(log.severity())) {
        case LogLevel::Trace: return QStringLiteral("TRACE");
        case LogLevel::Debug: return QStringLiteral("DEBUG");
        case LogLevel::Info: return QStringLiteral("INFO");
        case LogLevel::Warn: return QStringLiteral("WARN");
        case LogLevel::Error: return QStringLiteral("✕ ERROR");
        case LogLevel::Fatal: return QStringLiteral("✕ FATAL");
        case LogLevel::None: break;
    }
    return log.severityText().empty() ? QStringLiteral("–") : plain(log.severityText().substr(0, 40));
}

LogModel::LogModel(ViewContext& context, QObject* parent) : QAbstractTableModel(parent), m_context(context), m_snapshot(context.snapshot()) {}

int LogModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }
int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }
bool LogModel::showsOffsets() const { return m_offsets && m_trace; }

const LogEntry* LogModel::entry(int row) const { return row >= 0 && row < rowCount() ? &m_entries[static_cast<std::size_t>(row)] : nullptr; }

int LogModel::rowOf(store::RowId log) const {
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (m_entries[i].row == log) return static_cast<int>(i);
    return -1;
}
int LogModel::firstRowOfNode(trace::NodeId node) const {
    if (node == trace::kNoNode) return -1;
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (m_entries[i].node == node) return static_cast<int>(i);
    return -1;
}

QString LogModel::timeText(std::uint64_t timeNs) const {
    if (timeNs == 0) return tr("no time");
    if (showsOffsets()) {
        const auto offset = saturatingDifference(timeNs, m_trace->startNs());
        const QString text = QString::fromStdString(formatDuration(offset));
        return offset < 0 ? text : QLatin1Char('+') + text;
    }
    const auto seconds = static_cast<qint64>(timeNs / 1'000'000'000u);
    const auto stamp = m_context.showsUtc() ? QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC) : QDateTime::fromSecsSinceEpoch(seconds);
    return stamp.toString(QStringLiteral("HH:mm:ss.")) + QStringLiteral("%1").arg(timeNs % 1'000'000'000u / 1000, 6, 10, QLatin1Char('0'));
}

QString LogModel::cellText(const LogEntry& entry, const store::LogView& log, int column, int row) const {
    switch (column) {
        case Time: return (m_replaying && row == m_happened ? QStringLiteral("▸ ") : QString()) + timeText(entry.timeNs);
        case Severity: return severityWord(log);
        case Service: return plain(log.serviceName());
        case Message: return bodyText(log, kCellBytes);
        case Span:
            if (entry.node != trace::kNoNode && m_trace) return plain(m_trace->span(entry.node).name());
            return log.spanId().isValid() ? QString::fromStdString(log.spanId().toHex()) : tr("no span");
        default: return {};
    }
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    const auto* shown = entry(index.row());
    if (!shown) return {};
    const auto& colours = Theme::instance().colours();
    switch (role) {
        case Qt::DisplayRole: return cellText(*shown, log(*shown), index.column(), index.row());
        case Qt::ToolTipRole: {
            const auto view = log(*shown);
            if (index.column() == Time) return QString::fromStdString(shown->timeNs ? formatUtc(shown->timeNs) : std::string()).toHtmlEscaped();
            return QStringLiteral("<p>") + cellText(*shown, view, index.column(), index.row()).left(600).toHtmlEscaped() + QStringLiteral("</p>");
        }
        case Qt::TextAlignmentRole: return index.column() == Time ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
        case Qt::BackgroundRole:
            if (m_replaying && index.row() == m_happened) return colours.hover();
            if (shown->node != trace::kNoNode && shown->node == m_selectedNode) return colours.selection();
            return {};
        case Qt::ForegroundRole: {
            if (m_replaying && index.row() > m_happened) return QColor(colours.quiet.red(), colours.quiet.green(), colours.quiet.blue(), 130);
            if (index.column() == Time || index.column() == Span) return colours.quiet;
            if (index.column() != Severity) return colours.text;
            switch (logLevel(log(*shown).severity())) {
                case LogLevel::Error:
                case LogLevel::Fatal: return colours.error;
                case LogLevel::Warn: return colours.warning;
                case LogLevel::Info: return colours.text;
                default: return colours.quiet;
            }
        }
        case Qt::DecorationRole:
            if (index.column() == Service) return Theme::instance().service(log(*shown).serviceName());
            return {};
        case Qt::AccessibleTextRole: return cellText(*shown, log(*shown), index.column(), index.row());
        default: return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return section == Time ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case Time:
            if (showsOffsets()) return tr("Since start");
            return m_context.showsUtc() ? tr("Time (UTC)") : tr("Time (local)");
        case Severity: return tr("Severity");
        case Service: return tr("Service");
        case Message: return tr("Message");
        case Span: return tr("Span");
        default: return {};
    }
}

void LogModel::setAnswer(LogAnswer answer) {
    m_snapshot = answer.snapshot ? std::move(answer.snapshot) : m_context.snapshot();
    const bool headerChanges = (m_trace != nullptr) != (answer.trace != nullptr);
    m_trace = std::move(answer.trace);
    const auto shared = sharedFront(m_entries, answer.entries);
    if (shared == m_entries.size()) {  // the same, or more at the end
        if (shared < answer.entries.size()) {
            beginInsertRows({}, static_cast<int>(shared), static_cast<int>(answer.entries.size()) - 1);
            m_entries = std::move(answer.entries);
            endInsertRows();
        }
    } else if (m_entries.empty() || answer.entries.empty() || persistentIndexList().isEmpty()) {
        beginResetModel();
        m_entries = std::move(answer.entries);
        endResetModel();
    } else {
        emit layoutAboutToBeChanged();
        const auto old = persistentIndexList();
        std::vector<std::pair<store::RowId, int>> places;  // of the new rows, by log
        places.reserve(answer.entries.size());
        for (std::size_t i = 0; i < answer.entries.size(); ++i) places.emplace_back(answer.entries[i].row, static_cast<int>(i));
        std::sort(places.begin(), places.end());
        QModelIndexList moved;
        for (const auto& index : old) {
            const auto log = m_entries[static_cast<std::size_t>(index.row())].row;
            const auto it = std::lower_bound(places.begin(), places.end(), std::pair(log, -1));
            moved.push_back(it != places.end() && it->first == log ? createIndex(it->second, index.column()) : QModelIndex());
        }
        m_entries = std::move(answer.entries);
        changePersistentIndexList(old, moved);
        emit layoutChanged();
    }
    m_happened = std::min(m_happened, rowCount() - 1);
    if (headerChanges) emit headerDataChanged(Qt::Horizontal, Time, Time);
}

void LogModel::refreshTexts() {
    if (!m_entries.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    emit headerDataChanged(Qt::Horizontal, Time, Time);
}

void LogModel::setOffsets(bool offsets) {
    if (m_offsets == offsets) return;
    m_offsets = offsets;
    refreshTexts();
}

int LogModel::setPlayhead(std::optional<std::uint64_t> absoluteNs) {
    const bool replaying = absoluteNs.has_value();
    int happened = -1;
    if (replaying) {
        const auto it = std::upper_bound(m_entries.begin(), m_entries.end(), *absoluteNs, [](std::uint64_t t, const LogEntry& e) { return e.timeNs == 0 || t < e.timeNs; });
        happened = static_cast<int>(it - m_entries.begin()) - 1;
    }
    if (replaying == m_replaying && happened == m_happened) return happened;
    const bool all = replaying != m_replaying;
    const int from = all ? 0 : std::max(0, std::min(happened, m_happened));
    const int to = all ? rowCount() - 1 : std::min(rowCount() - 1, std::max(happened, m_happened));
    m_replaying = replaying;
    m_happened = happened;
    if (to >= from) emit dataChanged(index(from, 0), index(to, kColumns - 1), {Qt::ForegroundRole, Qt::BackgroundRole, Qt::DisplayRole});
    return happened;
}

void LogModel::setSelectedNode(trace::NodeId node) {
    if (m_selectedNode == node) return;
    m_selectedNode = node;
    if (!m_entries.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1), {Qt::BackgroundRole});
}

QString LogModel::copyText(int row) const {
    const auto* shown = entry(row);
    if (!shown) return {};
    const auto view = log(*shown);
    return QStringList{shown->timeNs ? QString::fromStdString(formatUtc(shown->timeNs)) : QString(),
                       severityWord(view).remove(QStringLiteral("✕ ")),
                       plain(view.serviceName()),
                       bodyText(view, 1 << 20),
                       view.traceId().isValid() ? QString::fromStdString(view.traceId().toHex()) : QString(),
                       view.spanId().isValid() ? QString::fromStdString(view.spanId().toHex()) : QString()}
        .join(QLatin1Char('\t'));
}

}  // namespace spanreel::views
