// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/log_pane/log_query.h"

#include <algorithm>
#include <limits>

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

std::uint64_t usableTime(const store::LogView& log) {
    const auto time = log.bestTimeNs();
    return isUsableTime(time) ? time : 0;
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

void findInTrace(const LogQuery& query, LogAnswer& answer, const std::stop_token& stop) {
    if (!query.trace) return;
    const auto& snapshot = query.trace->snapshot();
    std::size_t seen = 0;
    for (const auto& log : query.trace->logs()) {
        if (++seen % 4096 == 0 && stop.stop_requested()) return;
        const auto view = snapshot.log(log.row);
        const auto time = usableTime(view);
        if (!inTraceScope(query, log, time)) continue;
        ++answer.inScope;
        if (matches(query, view)) answer.entries.push_back({log.row, log.node, time});
    }
}

void findInSession(const LogQuery& query, LogAnswer& answer, const std::stop_token& stop) {
    if (!query.snapshot) return;
    const auto& snapshot = *query.snapshot;
    const auto consider = [&](const store::LogView& log) {
        if (query.scope == LogScope::Unjoined && log.traceIndex() != store::kNone) return;
        const auto time = usableTime(log);
        if (query.scope == LogScope::Range && !inRange(query, time)) return;
        ++answer.inScope;
        if (!matches(query, log)) return;
        LogEntry entry{log.row(), trace::kNoNode, time};
        if (query.trace && log.spanId().isValid() && log.traceIndex() != store::kNone && log.traceId() == query.trace->id())
            entry.node = query.trace->find(log.spanId()).value_or(trace::kNoNode);
        answer.entries.push_back(entry);
    };
    for (std::size_t s = 0; s < snapshot.logSegmentCount() && !stop.stop_requested(); ++s)
        for (std::uint32_t i = 0; i < snapshot.logSegmentRows(s); ++i) consider(store::LogView(&snapshot.data(), &snapshot.logSegment(s), i));
}

}  // namespace

LogLevel logLevel(std::int32_t severity) {
    if (severity < 1 || severity > 24) return LogLevel::None;
    return static_cast<LogLevel>((severity - 1) / 4 + 1);
}

LogAnswer findLogs(const LogQuery& query, std::stop_token stop) {
    LogAnswer answer;
    answer.trace = query.trace;
    answer.snapshot = query.snapshot;
    const bool ofSession = query.scope == LogScope::Session || query.scope == LogScope::Unjoined || (query.scope == LogScope::Range && !query.trace);
    if (ofSession) {
        findInSession(query, answer, stop);
    } else {
        findInTrace(query, answer, stop);
        if (query.trace) answer.snapshot = query.trace->snapshotPtr();
    }
    if (stop.stop_requested()) return answer;
    const auto key = [](const LogEntry& e) { return e.timeNs == 0 ? std::numeric_limits<std::uint64_t>::max() : e.timeNs; };
    std::stable_sort(answer.entries.begin(), answer.entries.end(), [&](const LogEntry& a, const LogEntry& b) { return key(a) < key(b); });
    return answer;
}

std::size_t sharedFront(const std::vector<LogEntry>& a, const std::vector<LogEntry>& b) {
    const auto [end, unused] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(end - a.begin());
}

}  // namespace spanreel::views
