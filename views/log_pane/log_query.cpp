// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/log_pane/log_query.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/otlp/value_walk.h"

namespace spanreel::views {

namespace {

constexpr std::size_t kSearchedBytes = 64 * 1024;

bool matches(const LogQuery& query, const store::LogView& log) {
    if (query.atLeast != LogLevel::None && logLevel(log.severity()) < query.atLeast) return false;
    if (query.text.empty()) return true;
    const auto body = log.body();
    const bool found = body.type == store::ValueType::String ? containsIgnoreCase(body.text, query.text)
                                                             : containsIgnoreCase(otlp::valueToDisplayText(body, kSearchedBytes), query.text);
    return found || containsIgnoreCase(log.serviceName(), query.text) || containsIgnoreCase(log.eventName(), query.text);
}

/// What rows are sorted by.
std::pair<std::uint64_t, store::RowId> keyOf(const store::LogView& log) {
    const auto time = usableTime(log);
    return {time == 0 ? std::numeric_limits<std::uint64_t>::max() : time, log.row()};
}

bool inRange(const LogQuery& query, std::uint64_t time) { return query.range && time >= query.range->fromNs && time < query.range->toNs; }

bool inTraceScope(const LogQuery& query, const trace::TraceLog& log, std::uint64_t time) {
    switch (query.scope) {
        case LogScope::Trace: return true;
        case LogScope::Span: return query.node != trace::kNoNode && log.node == query.node;
        case LogScope::Subtree:
            return query.node != trace::kNoNode && log.node != trace::kNoNode && log.node >= query.node && log.node < query.trace->node(query.node).subtreeEnd;
        case LogScope::Range: return inRange(query, time);
        case LogScope::Session:
        case LogScope::Unjoined: return false;
    }
    return false;
}

void consider(const LogQuery& query, const store::LogView& log, LogRows& out) {
    ++out.inScope;
    if (matches(query, log)) out.logs.push_back(log.row());
}

void findInTrace(const LogQuery& query, LogRows& out, const std::stop_token& stop) {
    if (!query.trace) return;
    std::size_t seen = 0;
    for (const auto& log : query.trace->logs()) {
        if (++seen % 4096 == 0 && stop.stop_requested()) return;
        const auto view = out.snapshot->log(log.row);
        if (inTraceScope(query, log, usableTime(view))) consider(query, view, out);
    }
}

void findInSession(const LogQuery& query, LogRows& out, const std::stop_token& stop) {
    const auto& snapshot = *out.snapshot;
    for (std::size_t s = 0; s < snapshot.logSegmentCount() && !stop.stop_requested(); ++s)
        for (std::uint32_t i = 0; i < snapshot.logSegmentRows(s); ++i) {
            const store::LogView log(&snapshot.data(), &snapshot.logSegment(s), i);
            if (query.scope == LogScope::Unjoined && log.traceIndex() != store::kNone) continue;
            if (query.scope == LogScope::Range && !inRange(query, usableTime(log))) continue;
            consider(query, log, out);
        }
}

/// Logs come nearly by time: those that came late are taken out, sorted, and merged in from the end.
void sortRows(LogRows& out) {
    const auto key = [&](store::RowId log) { return keyOf(out.snapshot->log(log)); };
    std::vector<std::pair<std::uint64_t, store::RowId>> late;
    std::pair<std::uint64_t, store::RowId> latest;
    std::size_t inTime = 0;
    for (const auto log : out.logs) {
        const auto own = key(log);
        if (own < latest) {
            late.push_back(own);
        } else {
            latest = own;
            out.logs[inTime++] = log;
        }
    }
    std::ranges::sort(late);
    for (std::size_t place = out.logs.size(); !late.empty();) {
        if (inTime > 0 && late.back() < key(out.logs[inTime - 1])) {
            out.logs[--place] = out.logs[--inTime];
        } else {
            out.logs[--place] = late.back().second;
            late.pop_back();
        }
    }
}

void findFirstOfNodes(LogRows& out) {
    out.firstOfNode.assign(out.trace->nodes().size(), LogRows::kNotListed);
    for (const auto& log : out.trace->logs()) {
        if (log.node == trace::kNoNode || out.firstOfNode[log.node] != LogRows::kNotListed) continue;
        if (const int row = out.rowOf(log.row); row >= 0) out.firstOfNode[log.node] = static_cast<std::uint32_t>(row);
    }
}

}  // namespace

LogLevel logLevel(std::int32_t severity) {
    if (severity < 1 || severity > 24) return LogLevel::None;
    return static_cast<LogLevel>((severity - 1) / 4 + 1);
}

std::uint64_t usableTime(const store::LogView& log) {
    const auto time = log.bestTimeNs();
    return isUsableTime(time) ? time : 0;
}

int LogRows::rowOf(store::RowId log) const {
    if (!snapshot->hasLog(log)) return -1;
    const auto it = std::ranges::lower_bound(logs, keyOf(snapshot->log(log)), {}, [&](store::RowId l) { return keyOf(snapshot->log(l)); });
    return it != logs.end() && *it == log ? static_cast<int>(it - logs.begin()) : -1;
}

std::size_t LogRows::upTo(std::uint64_t timeNs) const {
    const auto it = std::ranges::partition_point(logs, [&](store::RowId log) { return keyOf(snapshot->log(log)).first <= timeNs; });
    return static_cast<std::size_t>(it - logs.begin());
}

trace::NodeId LogRows::nodeOf(const store::LogView& log) const {
    if (!trace || log.traceIndex() == store::kNone || log.traceId() != trace->id()) return trace::kNoNode;
    return trace->find(log.spanId()).value_or(trace::kNoNode);
}

LogRowsPtr findLogs(const LogQuery& query, std::stop_token stop) {
    auto out = std::make_shared<LogRows>();
    out->trace = query.trace;
    out->snapshot = query.snapshot;
    if (query.scope == LogScope::Session || query.scope == LogScope::Unjoined || (query.scope == LogScope::Range && !query.trace)) {
        findInSession(query, *out, stop);
    } else {
        if (query.trace && !query.trace->snapshot().sameSession(*query.snapshot)) out->snapshot = query.trace->snapshotPtr();
        findInTrace(query, *out, stop);
    }
    if (stop.stop_requested()) return out;
    sortRows(*out);
    if (out->trace && out->trace->snapshot().sameSession(*out->snapshot)) findFirstOfNodes(*out);
    return out;
}

RowChanges rowChanges(const LogRows& before, const LogRows& after) {
    if (!before.logs.empty() && !before.snapshot->sameSession(*after.snapshot)) return {.reset = true};
    const auto key = [&](store::RowId log) { return keyOf(after.snapshot->log(log)); };
    return rowChanges(before.logs, after.logs, [&](store::RowId old, store::RowId now) { return key(old) < key(now) ? -1 : 1; });
}

}  // namespace spanreel::views
