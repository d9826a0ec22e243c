// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analysis/counts.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_set.h>
#include <xxhash.h>

namespace spanreel::analysis {
namespace {

/// Orphans and equal copies of one trace. Scratch vectors are reused from trace to trace.
struct TraceTally {
    struct Entry {
        std::uint64_t spanId;
        std::uint64_t hash;
        store::RowId row;
        auto operator<=>(const Entry&) const = default;
    };
    std::vector<Entry> entries;
    std::vector<std::uint64_t> parents;

    void add(const store::StoreSnapshot& snapshot, const store::TraceSummary& trace, Counts& counts) {
        entries.clear();
        parents.clear();
        for (store::RowId row = trace.lastRow; row != store::kNoRow;) {
            const auto span = snapshot.span(row);
            entries.push_back({span.spanId().value, 0, row});
            const std::uint64_t parent = span.parentId().value;
            if (parent && parent != span.spanId().value) parents.push_back(parent);
            row = span.previousInTrace();
        }
        std::ranges::sort(entries);
        for (const std::uint64_t parent : parents) {
            const auto it = std::ranges::lower_bound(entries, parent, {}, &Entry::spanId);
            counts.orphans += it == entries.end() || it->spanId != parent;
        }
        for (std::size_t from = 0, to = 0; from < entries.size(); from = to) {
            to = from + 1;
            while (to < entries.size() && entries[to].spanId == entries[from].spanId) ++to;
            if (to - from > 1 && entries[from].spanId != 0) counts.duplicates += copiesIn(snapshot, from, to);
        }
    }

private:
    /// Records beyond the first of equal content among those with one span id.
    std::uint64_t copiesIn(const store::StoreSnapshot& snapshot, std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) entries[i].hash = snapshot.span(entries[i].row).contentHash();
        std::sort(entries.begin() + static_cast<std::ptrdiff_t>(from), entries.begin() + static_cast<std::ptrdiff_t>(to));
        std::uint64_t copies = 0;
        std::size_t distinctFrom = from;
        std::vector<store::RowId> distinct;
        for (std::size_t i = from; i < to; ++i) {
            if (entries[i].hash != entries[distinctFrom].hash || i == from) {
                distinct.clear();
                distinctFrom = i;
            }
            const auto span = snapshot.span(entries[i].row);
            if (std::ranges::any_of(distinct, [&](store::RowId row) { return snapshot.span(row).sameRecord(span); })) ++copies;
            else distinct.push_back(entries[i].row);
        }
        return copies;
    }
};

std::uint64_t hashOf(std::string_view text, std::uint64_t seed) { return XXH3_64bits_withSeed(text.data(), text.size(), seed); }

}  // namespace

Counts countSession(const store::SnapshotPtr& snapshot, DistinctNames* seen) {
    Counts counts;
    counts.spans = snapshot->spanCount();
    counts.logs = snapshot->logCount();
    counts.metrics = snapshot->metricCount();
    TraceTally tally;
    for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
        const auto& trace = snapshot->trace(t);
        counts.traces += trace.spanCount > 0;
        counts.logTraces += trace.logCount > 0;
        tally.add(*snapshot, trace, counts);
    }
    for (const auto& service : snapshot->services()) {
        counts.errors += service.errors;
        counts.services += !service.name.empty() && service.spans > 0;
    }
    absl::flat_hash_set<std::uint64_t> operations;
    snapshot->forEachSpan([&](const store::SpanView& span) {
        counts.events += span.eventCount();
        counts.links += span.linkCount();
        operations.insert(std::uint64_t{span.service()} << 32 | span.nameId());
    });
    counts.operations = operations.size();
    if (!seen) return counts;
    for (const auto& service : snapshot->services())
        if (!service.name.empty() && service.spans > 0) seen->services.insert(hashOf(service.name, 0));
    for (const std::uint64_t operation : operations) {
        const auto& service = snapshot->services()[operation >> 32];
        seen->operations.insert(hashOf(snapshot->strings().view(static_cast<store::StringId>(operation)), hashOf(service.name, 0)));
    }
    return counts;
}

}  // namespace spanreel::analysis
