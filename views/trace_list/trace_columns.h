// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <array>
#include <cstdint>

#include "views/trace_list/trace_query.h"

class QTableView;

namespace spanreel::views {

/// The largest figures a list shows: what its columns need room for.
struct LargestFigures {
    std::uint64_t earliest = 0, latest = 0;  ///< usable starts; 0 = none
    std::uint64_t spans = 0, errors = 0, logs = 0;
    std::int64_t longestNs = 0;
    bool untimed = false;  ///< a start is not usable, which is said in words
    void add(const store::TraceSummary& trace);
};

/// Widths of the trace table's columns. The name has what the others leave, at least kLeastName: where room is short they
/// give way, first what they have beyond heading and figures, then the starts: the day where all are of one, at last
/// whatever is too much. A width the user chose stays until larger figures come or the room changes its class.
/// Dies before its table. GUI thread.
class TraceColumns {
public:
    static constexpr int kLeastName = 200;

    explicit TraceColumns(QTableView* table);
    ~TraceColumns();
    TraceColumns(const TraceColumns&) = delete;
    TraceColumns& operator=(const TraceColumns&) = delete;

    /// The table is `width` wide.
    void fit(int width);
    /// These are shown; starts of other days and years are written with them.
    void hold(const LargestFigures& largest, bool utc);
    /// All starts are of one day, and there is no room to write it in each row.
    [[nodiscard]] bool startsWithoutDay() const { return m_withoutDay; }

private:
    using Widths = std::array<int, kTraceColumns>;
    void lay();
    [[nodiscard]] int headingOf(int column) const;

    QTableView* m_table;
    QMetaObject::Connection m_resized, m_sorted;
    int m_width = 0;
    int m_sizeClass = -1;
    int m_shortStart = 0;  ///< a start without its day; 0 = they are of several days
    bool m_withoutDay = false, m_laying = false;
    Widths m_need{};    ///< for the figures; starts with their day
    Widths m_chosen{};  ///< by the user; 0 = not
};

}  // namespace spanreel::views
