// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "views/trace_list/trace_query.h"

class QTableView;

namespace spanreel::views {

/// The largest figures a list shows: what its columns need room for.
struct LargestFigures {
    std::uint64_t earliest = 0, latest = 0;  ///< usable starts; 0 = none
    std::uint64_t spans = 0, errors = 0, logs = 0;
    void add(const store::TraceSummary& trace);
};

/// Widths of the trace table's columns: by the room there is, never cutting a heading or a figure. A width the user chose
/// stays until larger figures come or the room changes its class. Lives as long as its table. GUI thread.
class TraceColumns {
public:
    explicit TraceColumns(QTableView* table) : m_table(table) {}

    /// The table is `width` wide.
    void fit(int width);
    /// These are shown; starts of other days and years are written with them.
    void hold(const LargestFigures& largest, bool utc);

private:
    QTableView* m_table;
    int m_sizeClass = -1;
    std::array<int, kTraceColumns> m_need{};
};

}  // namespace spanreel::views
