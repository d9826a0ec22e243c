// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/core/selection.h"
#include "model/store/snapshot.h"
#include "model/trace/trace.h"
#include "views/log_pane/log_scope.h"
#include "views/row_changes.h"

namespace spanreel::views {

/// OTLP severity numbers in six steps; what a log without one counts as is None.
enum class LogLevel : std::uint8_t { None, Trace, Debug, Info, Warn, Error, Fatal };
[[nodiscard]] LogLevel logLevel(std::int32_t severity);

/// Which logs to list.
struct LogQuery {
    LogScope scope = LogScope::Trace;
    store::SnapshotPtr snapshot;
    trace::TracePtr trace;               ///< for Trace, Span, Subtree, and Range where there is one
    trace::NodeId node = trace::kNoNode; ///< for Span and Subtree
    std::optional<TimeRange> range;
    std::string text;                    ///< substring of body, service, event name, any case; empty = all
    LogLevel atLeast = LogLevel::None;   ///< None = all
};

/// The logs listed, by time; those without time come last, those of one time by arrival. Immutable once made. What is
/// known of a log is read from the snapshot: a listed log takes four bytes.
struct LogRows {
    static constexpr std::uint32_t kNotListed = 0xFFFFFFFFu;
    RowList logs;                            ///< row ids
    std::vector<std::uint32_t> firstOfNode;  ///< by node of `trace`: the first row that names its span, or kNotListed
    std::uint64_t inScope = 0;               ///< before text and severity
    trace::TracePtr trace;
    store::SnapshotPtr snapshot;

    /// Row of a log, or -1; of any log, known to the snapshot or not. O(log rows).
    [[nodiscard]] int rowOf(store::RowId log) const;
    /// How many of the first rows have a time up to this one. O(log rows).
    [[nodiscard]] std::size_t upTo(std::uint64_t timeNs) const;
    /// The node of `trace` that a log names, or kNoNode.
    [[nodiscard]] trace::NodeId nodeOf(const store::LogView& log) const;
};
using LogRowsPtr = std::shared_ptr<const LogRows>;

/// What a log says of its time; 0 = nothing usable.
[[nodiscard]] std::uint64_t usableTime(const store::LogView& log);

/// Runs a query. O(logs of the trace), or O(logs of the session) for Session, Unjoined and Range without a trace, and sorts
/// where they did not come by time; any thread but the GUI's. Stopped, it gives what it has.
[[nodiscard]] LogRowsPtr findLogs(const LogQuery& query, std::stop_token stop = {});

/// How one listing becomes another, asked for later. O(rows); for the query pool.
[[nodiscard]] RowChanges rowChanges(const LogRows& before, const LogRows& after);

}  // namespace spanreel::views
