// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/trace_columns.h"

#include <QHeaderView>
#include <QRegularExpression>
#include <QTableView>
#include <algorithm>

#include "model/core/time_format.h"
#include "views/widgets/text_format.h"

namespace spanreel::views {

namespace {
constexpr int kPad = 20;
}

void LargestFigures::add(const store::TraceSummary& trace) {
    spans = std::max<std::uint64_t>(spans, trace.spanCount);
    errors = std::max<std::uint64_t>(errors, trace.errorCount);
    logs = std::max<std::uint64_t>(logs, trace.logCount);
    if (!isUsableTime(trace.startNs)) return;
    earliest = earliest ? std::min(earliest, trace.startNs) : trace.startNs;
    latest = std::max(latest, trace.startNs);
}

void TraceColumns::fit(int width) {
    static constexpr int kSizes[3][kTraceColumns] = {{0, 132, 104, 50, 84, 52, 46, 54}, {0, 150, 170, 60, 116, 60, 56, 56}, {0, 178, 300, 70, 180, 70, 64, 64}};
    const int size = width < 860 ? 0 : width < 1250 ? 1 : 2;
    if (size == m_sizeClass) return;
    m_sizeClass = size;
    const QFontMetrics metrics = m_table->horizontalHeader()->fontMetrics();
    for (int i = 1; i < kTraceColumns; ++i) {
        const int heading = metrics.horizontalAdvance(m_table->model()->headerData(i, Qt::Horizontal).toString()) + 18;
        m_table->setColumnWidth(i, std::max({kSizes[size][i], heading, m_need[static_cast<std::size_t>(i)]}));
    }
}

void TraceColumns::hold(const LargestFigures& largest, bool utc) {
    static const QRegularExpression digits(QStringLiteral("\\d"));
    const QFontMetrics metrics = m_table->fontMetrics();
    const auto widthOf = [&metrics](QString text) { return metrics.horizontalAdvance(text.replace(digits, QStringLiteral("8"))) + kPad; };
    const auto figure = [](std::uint64_t n) { return QString::fromStdString(formatCount(n)); };
    std::array<int, kTraceColumns> need{};
    const auto at = [&need](TraceColumn column) -> int& { return need[static_cast<std::size_t>(column)]; };
    for (const auto ns : {largest.earliest, largest.latest})
        if (ns) at(TraceColumn::Start) = std::max(at(TraceColumn::Start), widthOf(dateTimeText(ns, utc)));
    at(TraceColumn::Spans) = widthOf(figure(largest.spans));
    if (largest.errors) at(TraceColumn::Errors) = widthOf(figure(largest.errors) + QStringLiteral(" \u2715"));
    if (largest.logs) at(TraceColumn::Logs) = widthOf(figure(largest.logs));
    for (int i = 1; i < kTraceColumns; ++i) {
        const int now = need[static_cast<std::size_t>(i)];
        if (now != m_need[static_cast<std::size_t>(i)] && now > m_table->columnWidth(i)) m_table->setColumnWidth(i, now);
    }
    m_need = need;
}

}  // namespace spanreel::views
