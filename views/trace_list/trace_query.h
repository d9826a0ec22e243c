// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "model/core/selection.h"
#include "model/store/snapshot.h"
#include "views/row_changes.h"

namespace spanreel::views {

/// Which traces the list shows. Empty members filter nothing.
struct TraceFilter {
    std::string text;     ///< in an operation, a service or the trace id, any case
    std::string service;  ///< traces with a span of it
    std::int64_t minDurationNs = 0;
    bool errorsOnly = false;
    std::optional<TimeRange> started;                            ///< brushed: start within
    std::optional<std::pair<std::int64_t, std::int64_t>> lasted; ///< brushed: duration within, both included
    std::set<std::string, std::less<>> hiddenServices;           ///< hides traces all of whose services are in it
    [[nodiscard]] bool empty() const {
        return text.empty() && service.empty() && minDurationNs <= 0 && !errorsOnly && !started && !lasted;
    }
    bool operator==(const TraceFilter&) const = default;
};

enum class TraceColumn : std::uint8_t { Name, Start, Duration, Spans, Services, Errors, Logs, Notes };
constexpr int kTraceColumns = 8;

struct TraceOrder {
    TraceColumn column = TraceColumn::Start;
    bool descending = true;
    bool operator==(const TraceOrder&) const = default;
};

using NoteCounts = std::map<TraceId, std::uint32_t>;

/// The list's rows of one snapshot. Immutable once made.
struct TraceRows {
    static constexpr std::uint32_t kHidden = 0xFFFFFFFFu;
    store::SnapshotPtr snapshot;
    RowList traces;                    ///< trace indexes in the order shown
    std::vector<std::uint32_t> rowOf;  ///< trace index -> row, or kHidden
    std::uint64_t total = 0;           ///< traces with spans
    std::uint64_t hiddenByFilter = 0;
    std::uint64_t hiddenByServices = 0;
    std::uint64_t onlyLogs = 0;        ///< trace ids that only logs name: never rows
    std::uint64_t errors = 0;          ///< shown traces with errors
    std::int64_t longestNs = 0;        ///< of those shown
};
using TraceRowsPtr = std::shared_ptr<const TraceRows>;

/// O(traces log traces), with a text O(spans); for the query pool.
[[nodiscard]] TraceRowsPtr listTraces(store::SnapshotPtr snapshot, const TraceFilter& filter, TraceOrder order, const NoteCounts& notes, std::stop_token stop = {});

/// How one listing becomes another. O(rows); for the query pool.
[[nodiscard]] RowChanges rowChanges(const TraceRows& before, const TraceRows& after);

/// "250ms", "1.5 s", "800us", "2min", "10 ns"; a bare number is milliseconds. Nothing for other text.
[[nodiscard]] std::optional<std::int64_t> parseDuration(std::string_view text);

}  // namespace spanreel::views
