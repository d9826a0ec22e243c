// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/trace_columns.h"

#include <QHeaderView>
#include <QRegularExpression>
#include <QStyle>
#include <QTableView>
#include <algorithm>
#include <utility>

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
    longestNs = std::max(longestNs, trace.durationNs());
    if (!isUsableTime(trace.startNs)) {
        untimed = true;
        return;
    }
    earliest = earliest ? std::min(earliest, trace.startNs) : trace.startNs;
    latest = std::max(latest, trace.startNs);
}

TraceColumns::TraceColumns(QTableView* table) : m_table(table) {
    m_resized = QObject::connect(table->horizontalHeader(), &QHeaderView::sectionResized, table, [this](int column, int, int width) {
        if (!m_laying && column > 0) m_chosen[static_cast<std::size_t>(column)] = width;
    });
    m_sorted = QObject::connect(table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, table, [this] { lay(); });
}

TraceColumns::~TraceColumns() {
    QObject::disconnect(m_resized);
    QObject::disconnect(m_sorted);
}

int TraceColumns::headingOf(int column) const {
    const auto* header = m_table->horizontalHeader();
    const int arrow = header->sortIndicatorSection() == column ? 28 : 0;
    return header->fontMetrics().horizontalAdvance(m_table->model()->headerData(column, Qt::Horizontal).toString()) + 18 + arrow;
}

void TraceColumns::fit(int width) {
    const int size = width < 860 ? 0 : width < 1250 ? 1 : 2;
    if (size != m_sizeClass) m_chosen.fill(0);
    m_sizeClass = size;
    m_width = width - m_table->style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, m_table);
    lay();
}

void TraceColumns::hold(const LargestFigures& largest, bool utc) {
    static const QRegularExpression digits(QStringLiteral("\\d"));
    const QFontMetrics metrics = m_table->fontMetrics();
    const auto widthOf = [&metrics](QString text) { return metrics.horizontalAdvance(text.replace(digits, QStringLiteral("8"))) + kPad; };
    const auto figure = [](std::uint64_t n) { return QString::fromStdString(formatCount(n)); };
    Widths need{};
    const auto at = [&need](TraceColumn column) -> int& { return need[static_cast<std::size_t>(column)]; };
    for (const auto ns : {largest.earliest, largest.latest})
        if (ns) at(TraceColumn::Start) = std::max(at(TraceColumn::Start), widthOf(dateTimeText(ns, utc)));
    m_shortStart = largest.earliest && sameDay(largest.earliest, largest.latest, utc) ? widthOf(timeOfDayText(largest.latest, utc)) : 0;
    if (largest.untimed) {
        const int words = widthOf(dateTimeText(0, utc));
        at(TraceColumn::Start) = std::max(at(TraceColumn::Start), words);
        if (m_shortStart) m_shortStart = std::max(m_shortStart, words);
    }
    // Shorter ones may have the longer text.
    constexpr std::int64_t kMinute = 60'000'000'000;
    at(TraceColumn::Duration) = std::max(widthOf(QStringLiteral("8.88 ms")), widthOf(QString::fromStdString(formatDuration(largest.longestNs))));
    for (const auto& [from, text] : {std::pair(kMinute, "59 min 59 s"), std::pair(60 * kMinute, "23 h 59 min")})
        if (largest.longestNs >= from) at(TraceColumn::Duration) = std::max(at(TraceColumn::Duration), widthOf(QString::fromLatin1(text)));
    at(TraceColumn::Spans) = widthOf(figure(largest.spans));
    if (largest.errors) at(TraceColumn::Errors) = widthOf(figure(largest.errors) + QStringLiteral(" \u2715"));
    if (largest.logs) at(TraceColumn::Logs) = widthOf(figure(largest.logs));
    for (std::size_t i = 1; i < need.size(); ++i)
        if (need[i] > m_need[i] && need[i] > m_chosen[i]) m_chosen[i] = 0;
    m_need = need;
    lay();
}

void TraceColumns::lay() {
    static constexpr int kSizes[3][kTraceColumns] = {{0, 0, 104, 50, 84, 52, 46, 54}, {0, 0, 170, 60, 116, 60, 56, 56}, {0, 0, 300, 70, 180, 70, 64, 64}};
    static constexpr int kNames[] = {220, 300, 420};  ///< the room a name should have before others have more than they need
    constexpr auto kStart = static_cast<std::size_t>(TraceColumn::Start);
    const auto size = static_cast<std::size_t>(std::max(m_sizeClass, 0));
    Widths least{}, widths{};
    int total = 0;
    for (std::size_t i = 1; i < widths.size(); ++i) {
        least[i] = std::max(headingOf(static_cast<int>(i)), m_need[i]);
        widths[i] = m_chosen[i] ? m_chosen[i] : std::max(kSizes[size][i], least[i]);
        total += widths[i];
    }
    const auto narrow = [&](std::size_t column, int to, int name) {
        const int too = total + name - m_width;
        if (m_width <= 0 || too <= 0 || m_chosen[column] || widths[column] <= to) return;
        const int now = std::max(to, widths[column] - too);
        total -= widths[column] - now;
        widths[column] = now;
    };
    const int shortStart = std::max(headingOf(static_cast<int>(kStart)), m_shortStart);
    m_withoutDay = m_shortStart && m_width > 0 && shortStart < widths[kStart] && total + kNames[size] > m_width && !m_chosen[kStart];
    if (m_withoutDay) {
        total -= widths[kStart] - shortStart;
        widths[kStart] = shortStart;
    }
    for (const auto column : {TraceColumn::Services, TraceColumn::Duration, TraceColumn::Notes, TraceColumn::Logs, TraceColumn::Errors, TraceColumn::Spans})
        narrow(static_cast<std::size_t>(column), least[static_cast<std::size_t>(column)], kNames[size]);
    narrow(kStart, std::max(headingOf(static_cast<int>(kStart)), 90), kLeastName);
    m_laying = true;
    for (std::size_t i = 1; i < widths.size(); ++i) m_table->setColumnWidth(static_cast<int>(i), widths[i]);
    m_laying = false;
}

}  // namespace spanreel::views
