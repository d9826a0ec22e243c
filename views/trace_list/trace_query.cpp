// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/trace_query.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <span>

#include "model/core/text.h"
#include "model/query/span_query.h"

namespace spanreel::views {

namespace {

constexpr std::uint32_t kStopEvery = 4096;

/// Whether services of a kind are among those of a trace. Services from 64 on are asked for once for each set of them, and
/// those a trace has beyond for each trace.
class ServiceMatch {
public:
    /// `test(name)` tells whether a service is of the kind.
    template <class Test>
    ServiceMatch(const store::StoreSnapshot& snapshot, Test test) : m_snapshot(snapshot) {
        for (const auto& service : snapshot.services()) m_is.push_back(test(service.name));
        for (std::size_t i = 0; i < std::min<std::size_t>(m_is.size(), 64); ++i) m_first |= std::uint64_t{m_is[i]} << i;
    }
    bool any(const store::TraceSummary& trace) {
        return (trace.firstServices & m_first) != 0 || (trace.otherServices != 0 && others(trace.otherServices).any) || (trace.moreServices != 0 && among(m_snapshot.moreServices(trace)).any);
    }
    /// False where the trace has none at all.
    bool all(const store::TraceSummary& trace) {
        return (trace.firstServices & ~m_first) == 0 && (trace.firstServices != 0 || trace.otherServices != 0) && (trace.otherServices == 0 || others(trace.otherServices).all) &&
               (trace.moreServices == 0 || among(m_snapshot.moreServices(trace)).all);
    }

private:
    struct Known {
        bool known = false, any = false, all = true;
    };
    const Known& others(std::uint32_t set) {
        if (set >= m_others.size()) m_others.resize(set + 1);
        if (!m_others[set].known) m_others[set] = among(m_snapshot.otherServices(set));
        return m_others[set];
    }
    [[nodiscard]] Known among(std::span<const store::ServiceId> services) const {
        Known out{.known = true};
        for (const auto service : services) {
            const bool is = service < m_is.size() && m_is[service];
            out.any |= is;
            out.all &= is;
        }
        return out;
    }

    const store::StoreSnapshot& m_snapshot;
    std::vector<bool> m_is;  ///< by service
    std::uint64_t m_first = 0;
    std::vector<Known> m_others;
};

/// Which traces hold the text in an operation, a service or their id.
class TextMatch {
public:
    TextMatch(const store::SnapshotPtr& snapshot, const std::string& text, std::stop_token stop) : m_hit(snapshot->traceCount(), 0) {
        query::SpanFilter named;
        named.nameContains = text;
        named.nameIgnoresCase = true;
        for (const store::RowId row : query::SpanQuery(snapshot, std::move(stop)).rows(named)) m_hit[snapshot->span(row).traceIndex()] = 1;

        ServiceMatch services(*snapshot, [&](std::string_view name) { return containsIgnoreCase(name, text); });
        const std::string hex = asciiLower(text);
        const bool mayBeId = hex.size() <= 32 && hex.find_first_not_of("0123456789abcdef") == std::string::npos;
        for (std::uint32_t t = 0; t < m_hit.size(); ++t) {
            const auto& trace = snapshot->trace(t);
            if (!m_hit[t] && (services.any(trace) || (mayBeId && trace.id.toHex().find(hex) != std::string::npos))) m_hit[t] = 1;
        }
    }
    [[nodiscard]] bool operator()(std::uint32_t trace) const { return m_hit[trace] != 0; }

private:
    std::vector<std::uint8_t> m_hit;
};

void sortRows(TraceRows& out, TraceOrder order, const NoteCounts& notes) {
    const auto& snapshot = *out.snapshot;
    // Ties in any column are broken by the start, then by arrival: an order that new data does not shake.
    const auto byStart = [&](std::uint32_t a, std::uint32_t b) {
        const auto &x = snapshot.trace(a), &y = snapshot.trace(b);
        return x.startNs != y.startNs ? x.startNs < y.startNs : a < b;
    };
    const auto sortBy = [&](auto key) {
        using Key = decltype(key(std::uint32_t{}));
        struct Keyed {
            Key key;
            std::uint32_t trace;
        };
        std::vector<Keyed> keyed;
        keyed.reserve(out.traces.size());
        for (const auto t : out.traces) keyed.push_back({key(t), t});
        std::sort(keyed.begin(), keyed.end(), [&](const Keyed& a, const Keyed& b) {
            if (a.key != b.key) return order.descending ? b.key < a.key : a.key < b.key;
            return order.descending ? byStart(b.trace, a.trace) : byStart(a.trace, b.trace);
        });
        for (std::size_t i = 0; i < keyed.size(); ++i) out.traces[i] = keyed[i].trace;
    };
    switch (order.column) {
        case TraceColumn::Name:
            sortBy([&](std::uint32_t t) {
                const auto row = snapshot.trace(t).rootRow;
                if (row == store::kNoRow) return std::pair<std::string_view, std::string_view>();
                const auto span = snapshot.span(row);
                return std::pair(span.serviceName(), span.name());
            });
            break;
        case TraceColumn::Start: sortBy([&](std::uint32_t t) { return snapshot.trace(t).startNs; }); break;
        case TraceColumn::Duration: sortBy([&](std::uint32_t t) { return snapshot.trace(t).durationNs(); }); break;
        case TraceColumn::Spans: sortBy([&](std::uint32_t t) { return snapshot.trace(t).spanCount; }); break;
        case TraceColumn::Services: sortBy([&](std::uint32_t t) { return snapshot.serviceCount(snapshot.trace(t)); }); break;
        case TraceColumn::Errors: sortBy([&](std::uint32_t t) { return snapshot.trace(t).errorCount; }); break;
        case TraceColumn::Logs: sortBy([&](std::uint32_t t) { return snapshot.trace(t).logCount; }); break;
        case TraceColumn::Notes:
            sortBy([&](std::uint32_t t) {
                const auto it = notes.find(snapshot.trace(t).id);
                return it == notes.end() ? 0u : it->second;
            });
            break;
    }
}

}  // namespace

TraceRowsPtr listTraces(store::SnapshotPtr snapshot, const TraceFilter& filter, TraceOrder order, const NoteCounts& notes, std::stop_token stop) {
    auto out = std::make_shared<TraceRows>();
    out->snapshot = std::move(snapshot);
    const auto& data = *out->snapshot;
    const auto count = static_cast<std::uint32_t>(data.traceCount());

    std::optional<TextMatch> text;
    if (!filter.text.empty()) text.emplace(out->snapshot, filter.text, stop);
    ServiceMatch hidden(data, [&](std::string_view name) { return filter.hiddenServices.contains(name); });
    ServiceMatch wanted(data, [&](std::string_view name) { return name == filter.service; });

    out->traces.reserve(count);
    for (std::uint32_t t = 0; t < count; ++t) {
        if (t % kStopEvery == 0 && stop.stop_requested()) return out;
        const auto& trace = data.trace(t);
        if (trace.spanCount == 0) {
            ++out->onlyLogs;
            continue;
        }
        ++out->total;
        if (!filter.hiddenServices.empty() && hidden.all(trace)) {
            ++out->hiddenByServices;
            continue;
        }
        const auto duration = trace.durationNs();
        const bool shown = (!filter.errorsOnly || trace.errorCount > 0) && duration >= filter.minDurationNs && (filter.service.empty() || wanted.any(trace)) &&
                           (!filter.started || (trace.startNs >= filter.started->fromNs && trace.startNs < filter.started->toNs)) &&
                           (!filter.lasted || (duration >= filter.lasted->first && duration <= filter.lasted->second)) && (!text || (*text)(t));
        if (!shown) {
            ++out->hiddenByFilter;
            continue;
        }
        out->errors += trace.errorCount > 0;
        out->longestNs = std::max(out->longestNs, duration);
        out->traces.push_back(t);
    }
    if (stop.stop_requested()) return out;
    sortRows(*out, order, notes);
    out->rowOf.assign(count, TraceRows::kHidden);
    for (std::uint32_t row = 0; row < out->traces.size(); ++row) out->rowOf[out->traces[row]] = row;
    return out;
}

RowChanges rowChanges(const TraceRows& before, const TraceRows& after) {
    if (!before.traces.empty() && !before.snapshot->sameSession(*after.snapshot)) return {.reset = true};
    const auto isIn = [](const TraceRows& rows, std::uint32_t trace) { return trace < rows.rowOf.size() && rows.rowOf[trace] != TraceRows::kHidden; };
    return rowChanges(before.traces, after.traces, [&](std::uint32_t old, std::uint32_t now) { return !isIn(after, old) ? -1 : !isIn(before, now) ? 1 : 0; });
}

std::optional<std::int64_t> parseDuration(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    std::string number(text);
    std::replace(number.begin(), number.end(), ',', '.');
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || value < 0 || !std::isfinite(value)) return std::nullopt;
    std::string unit = asciiLower(std::string_view(end, number.data() + number.size()));
    std::erase(unit, ' ');
    double scale = 0;
    if (unit.empty() || unit == "ms") scale = 1e6;
    else if (unit == "ns") scale = 1;
    else if (unit == "us" || unit == "\u00b5s" || unit == "\u03bcs") scale = 1e3;
    else if (unit == "s") scale = 1e9;
    else if (unit == "m" || unit == "min") scale = 60e9;
    else if (unit == "h") scale = 3600e9;
    else return std::nullopt;
    const double ns = value * scale;
    if (ns > 9e18) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(ns));
}

}  // namespace spanreel::views
