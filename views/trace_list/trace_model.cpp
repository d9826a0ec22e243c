// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/trace_model.h"

#include <QDateTime>
#include <QTextDocument>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "views/context.h"
#include "views/timeline/span_words.h"
#include "views/widgets/text_format.h"

namespace spanreel::views {

namespace {
QString operationOf(const store::SpanView& span) { return span.name().empty() ? TraceModel::tr("(no name)") : plain(span.name()); }
}  // namespace

TraceModel::TraceModel(ViewContext& context, QObject* parent) : RowListModel(parent), m_context(context) {
    auto empty = std::make_shared<TraceRows>();
    empty->snapshot = context.snapshot();
    m_rows = std::move(empty);
    connect(&context, &ViewContext::timeDisplayChanged, this, [this] {
        if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kTraceColumns - 1));
    });
}

int TraceModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : kTraceColumns; }

TraceId TraceModel::traceAt(int row) const {
    if (row < 0 || row >= rowCount()) return {};
    return m_rows->snapshot->trace(at(row)).id;
}

int TraceModel::rowOf(std::uint32_t traceIndex) const {
    if (traceIndex >= m_rows->rowOf.size() || m_rows->rowOf[traceIndex] == TraceRows::kHidden) return -1;
    return static_cast<int>(m_rows->rowOf[traceIndex]);
}

QString TraceModel::text(const store::TraceSummary& trace, TraceColumn column) const {
    const auto& snapshot = *m_rows->snapshot;
    switch (column) {
        case TraceColumn::Name: {
            if (trace.rootRow == store::kNoRow) return {};
            const auto span = snapshot.span(trace.rootRow);
            const QString operation = operationOf(span);
            return span.serviceName().empty() ? operation : tr("%1: %2", "service: operation").arg(plain(span.serviceName()), operation);
        }
        case TraceColumn::Start: return m_withoutDay ? timeOfDayText(trace.startNs, m_context.showsUtc()) : dateTimeText(trace.startNs, m_context.showsUtc());
        case TraceColumn::Duration: return QString::fromStdString(formatDuration(trace.durationNs()));
        case TraceColumn::Spans: return QString::fromStdString(formatCount(trace.spanCount));
        case TraceColumn::Services: return QString::fromStdString(formatCount(snapshot.serviceCount(trace)));
        case TraceColumn::Errors: return trace.errorCount ? QString::fromStdString(formatCount(trace.errorCount)) : QString();
        case TraceColumn::Logs: return trace.logCount ? QString::fromStdString(formatCount(trace.logCount)) : QString();
        case TraceColumn::Notes: {
            const auto it = m_notes.find(trace.id);
            return it == m_notes.end() ? QString() : QString::fromStdString(formatCount(it->second));
        }
    }
    return {};
}

QString TraceModel::tip(const store::TraceSummary& trace, TraceColumn column) const {
    switch (column) {
        case TraceColumn::Name: {
            QString tip = text(trace, column) + QLatin1Char('\n') + tr("Trace %1").arg(QString::fromStdString(trace.id.toHex()));
            if (!trace.hasRoot) tip += QLatin1Char('\n') + tr("The root span has not arrived; this is the earliest span.");
            return tip;
        }
        case TraceColumn::Start: return dateTimeTextExact(trace.startNs, m_context.showsUtc());
        case TraceColumn::Duration: return exactDurationInWords(trace.durationNs());
        case TraceColumn::Services: {
            const auto set = m_rows->snapshot->servicesOf(trace);
            const auto& services = m_rows->snapshot->services();
            QStringList names;
            for (const auto id : set) names << (id < services.size() ? plain(services[id].name) : QString());
            names.sort();
            return names.mid(0, 40).join(QLatin1Char('\n'));
        }
        default: return text(trace, column);
    }
}

QVariant TraceModel::data(const QModelIndex& cell, int role) const {
    if (!cell.isValid() || cell.row() >= rowCount()) return {};
    const auto& snapshot = *m_rows->snapshot;
    const auto& trace = snapshot.trace(at(cell.row()));
    const auto column = static_cast<TraceColumn>(cell.column());
    switch (role) {
        case Qt::DisplayRole: return text(trace, column);
        case Qt::ToolTipRole: return Qt::convertFromPlainText(tip(trace, column), Qt::WhiteSpaceNormal);
        case Qt::TextAlignmentRole: return column == TraceColumn::Name || column == TraceColumn::Services ? QVariant(int(Qt::AlignLeft | Qt::AlignVCenter)) : QVariant(int(Qt::AlignRight | Qt::AlignVCenter));
        case SummaryRole:
            return m_rows->longestNs > 0 ? static_cast<double>(trace.durationNs()) / static_cast<double>(m_rows->longestNs) : 0.0;
        case RootServiceRole: return trace.rootRow == store::kNoRow ? QString() : plain(snapshot.span(trace.rootRow).serviceName());
        case OperationRole: return trace.rootRow == store::kNoRow ? QString() : operationOf(snapshot.span(trace.rootRow));
        case ErrorRole: return trace.errorCount > 0;
        case ServicesRole: {
            QStringList names;
            const auto& services = snapshot.services();
            for (const auto id : snapshot.servicesOf(trace)) {
                if (id < services.size() && !services[id].name.empty()) names << QString::fromUtf8(services[id].name.data(), static_cast<qsizetype>(services[id].name.size()));
                if (names.size() >= 24) break;
            }
            return names;
        }
        case Qt::AccessibleTextRole:
            if (column == TraceColumn::Errors) return grouped(tr("%n spans with errors", nullptr, static_cast<int>(trace.errorCount)), trace.errorCount);
            return text(trace, column);
        default: return {};
    }
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return section == 0 || section == 4 ? int(Qt::AlignLeft | Qt::AlignVCenter) : int(Qt::AlignRight | Qt::AlignVCenter);
    // The first click on a figure shows the largest first; on names, the alphabet.
    if (role == Qt::InitialSortOrderRole) return section == static_cast<int>(TraceColumn::Name) ? Qt::AscendingOrder : Qt::DescendingOrder;
    if (role != Qt::DisplayRole) return {};
    switch (static_cast<TraceColumn>(section)) {
        case TraceColumn::Name: return tr("Trace");
        case TraceColumn::Start: return tr("Start");
        case TraceColumn::Duration: return tr("Duration");
        case TraceColumn::Spans: return tr("Spans");
        case TraceColumn::Services: return tr("Services");
        case TraceColumn::Errors: return tr("Errors");
        case TraceColumn::Logs: return tr("Logs");
        case TraceColumn::Notes: return tr("Notes");
    }
    return {};
}

void TraceModel::apply(TraceRowsPtr rows, const RowChanges& changes) {
    change(RowListPtr(rows, &rows->traces), changes, [&] { m_rows = rows; });
    if (!changes.reset && rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kTraceColumns - 1));
}

void TraceModel::setNoteCounts(NoteCounts counts) {
    m_notes = std::move(counts);
    if (rowCount() > 0) emit dataChanged(index(0, static_cast<int>(TraceColumn::Notes)), index(rowCount() - 1, static_cast<int>(TraceColumn::Notes)));
}

void TraceModel::setStartsWithoutDay(bool without) {
    if (std::exchange(m_withoutDay, without) == without || rowCount() == 0) return;
    emit dataChanged(index(0, static_cast<int>(TraceColumn::Start)), index(rowCount() - 1, static_cast<int>(TraceColumn::Start)));
}

}  // namespace spanreel::views
