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

LogModel::LogModel(ViewContext& context, QObject* parent) : RowListModel(parent), m_context(context) {
    auto empty = std::make_shared<LogRows>();
    empty->snapshot = context.snapshot();
    m_rows = std::move(empty);
}

int LogModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kColumns; }
bool LogModel::showsOffsets() const { return m_offsets && m_rows->trace; }

std::optional<store::RowId> LogModel::logAt(int row) const { return row >= 0 && row < rowCount() ? std::optional(at(row)) : std::nullopt; }
int LogModel::rowOf(store::RowId log) const { return m_rows->rowOf(log); }

int LogModel::firstRowOfSpan(SpanId span) const {
    const auto node = m_rows->trace ? m_rows->trace->find(span) : std::nullopt;
    return node && *node < m_rows->firstOfNode.size() && m_rows->firstOfNode[*node] != LogRows::kNotListed ? static_cast<int>(m_rows->firstOfNode[*node]) : -1;
}

QString LogModel::timeText(std::uint64_t timeNs) const {
    if (timeNs == 0) return tr("no time");
    if (showsOffsets()) {
        const auto offset = saturatingDifference(timeNs, m_rows->trace->startNs());
        const QString text = QString::fromStdString(formatDuration(offset));
        return offset < 0 ? text : QLatin1Char('+') + text;
    }
    const auto seconds = static_cast<qint64>(timeNs / 1'000'000'000u);
    const auto stamp = m_context.showsUtc() ? QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC) : QDateTime::fromSecsSinceEpoch(seconds);
    return stamp.toString(QStringLiteral("HH:mm:ss.")) + QStringLiteral("%1").arg(timeNs % 1'000'000'000u / 1000, 6, 10, QLatin1Char('0'));
}

QString LogModel::cellText(const store::LogView& log, int column, int row) const {
    switch (column) {
        case Time: return (m_replaying && row == m_happened ? QStringLiteral("▸ ") : QString()) + timeText(usableTime(log));
        case Severity: return severityWord(log);
        case Service: return plain(log.serviceName());
        case Message: return bodyText(log, kCellBytes);
        case Span:
            if (const auto node = m_rows->nodeOf(log); node != trace::kNoNode) return plain(m_rows->trace->span(node).name());
            return log.spanId().isValid() ? QString::fromStdString(log.spanId().toHex()) : tr("no span");
        default: return {};
    }
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const auto view = log(index.row());
    const auto& colours = Theme::instance().colours();
    switch (role) {
        case Qt::DisplayRole: return cellText(view, index.column(), index.row());
        case Qt::ToolTipRole: {
            if (index.column() == Time) return QString::fromStdString(usableTime(view) ? formatUtc(usableTime(view)) : std::string()).toHtmlEscaped();
            return QStringLiteral("<p>") + cellText(view, index.column(), index.row()).left(600).toHtmlEscaped() + QStringLiteral("</p>");
        }
        case Qt::TextAlignmentRole: return index.column() == Time ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
        case Qt::BackgroundRole:
            if (m_replaying && index.row() == m_happened) return colours.hover();
            if (m_selectedSpan.isValid() && view.spanId() == m_selectedSpan && m_rows->nodeOf(view) != trace::kNoNode) return colours.selection();
            return {};
        case Qt::ForegroundRole: {
            if (m_replaying && index.row() > m_happened) return QColor(colours.quiet.red(), colours.quiet.green(), colours.quiet.blue(), 130);
            if (index.column() == Time || index.column() == Span) return colours.quiet;
            if (index.column() != Severity) return colours.text;
            switch (logLevel(view.severity())) {
                case LogLevel::Error:
                case LogLevel::Fatal: return colours.error;
                case LogLevel::Warn: return colours.warning;
                case LogLevel::Info: return colours.text;
                default: return colours.quiet;
            }
        }
        case Qt::DecorationRole:
            if (index.column() == Service) return Theme::instance().service(view.serviceName());
            return {};
        case Qt::AccessibleTextRole: return cellText(view, index.column(), index.row());
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

void LogModel::apply(LogRowsPtr rows, const RowChanges& changes) {
    const bool headerChanges = (m_rows->trace != nullptr) != (rows->trace != nullptr);
    const bool textsChange = m_rows->trace != rows->trace;
    change(RowListPtr(rows, &rows->logs), changes, [&] { m_rows = rows; });
    m_happened = std::min(m_happened, rowCount() - 1);
    if (textsChange && rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    if (headerChanges) emit headerDataChanged(Qt::Horizontal, Time, Time);
}

void LogModel::refreshTexts() {
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    emit headerDataChanged(Qt::Horizontal, Time, Time);
}

void LogModel::setOffsets(bool offsets) {
    if (m_offsets == offsets) return;
    m_offsets = offsets;
    refreshTexts();
}

int LogModel::setPlayhead(std::optional<std::uint64_t> absoluteNs) {
    const bool replaying = absoluteNs.has_value();
    const int happened = replaying ? static_cast<int>(m_rows->upTo(*absoluteNs)) - 1 : -1;
    if (replaying == m_replaying && happened == m_happened) return happened;
    const bool all = replaying != m_replaying;
    const int from = all ? 0 : std::max(0, std::min(happened, m_happened));
    const int to = all ? rowCount() - 1 : std::min(rowCount() - 1, std::max(happened, m_happened));
    m_replaying = replaying;
    m_happened = happened;
    if (to >= from) emit dataChanged(index(from, 0), index(to, kColumns - 1), {Qt::ForegroundRole, Qt::BackgroundRole, Qt::DisplayRole});
    return happened;
}

void LogModel::setSelectedSpan(SpanId span) {
    if (std::exchange(m_selectedSpan, span) == span) return;
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1), {Qt::BackgroundRole});
}

QString LogModel::copyText(int row) const {
    if (row < 0 || row >= rowCount()) return {};
    const auto view = log(row);
    const auto time = usableTime(view);
    return QStringList{time ? QString::fromStdString(formatUtc(time)) : QString(),
                       severityWord(view).remove(QStringLiteral("✕ ")),
                       plain(view.serviceName()),
                       bodyText(view, 1 << 20),
                       view.traceId().isValid() ? QString::fromStdString(view.traceId().toHex()) : QString(),
                       view.spanId().isValid() ? QString::fromStdString(view.spanId().toHex()) : QString()}
        .join(QLatin1Char('\t'));
}

}  // namespace spanreel::views
