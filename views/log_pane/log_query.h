// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/core/selection.h"
#include "model/store/snapshot.h"
#include "model/trace/trace.h"
#include "views/log_pane/log_scope.h"

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

/// A listed log. Rows are sorted by time; those without time come last.
struct LogEntry {
    store::RowId row = store::kNoRow;
    trace::NodeId node = trace::kNoNode;  ///< in LogQuery::trace
    std::uint64_t timeNs = 0;             ///< 0 = no usable time
    bool operator==(const LogEntry&) const = default;
};
struct LogAnswer {
    std::vector<LogEntry> entries;
    std::uint64_t inScope = 0;  ///< before text and severity
    trace::TracePtr trace;
    store::SnapshotPtr snapshot;
};

/// Runs a query. O(logs of the trace), or O(logs of the session) for Session, Unjoined and Range without a trace; any
/// thread. Stopped, it gives what it has.
[[nodiscard]] LogAnswer findLogs(const LogQuery& query, std::stop_token stop = {});

/// How many entries at the front both lists share. O(entries).
[[nodiscard]] std::size_t sharedFront(const std::vector<LogEntry>& a, const std::vector<LogEntry>& b);

}  // namespace spanreel::views
