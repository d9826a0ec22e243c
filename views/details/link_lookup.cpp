// SPDX-License-Identifier: GPL-3.0-or-later
#include <absl/container/flat_hash_map.h>

#include "views/details/details_model.h"
#include "views/timeline/span_words.h"

namespace spanreel::views {

namespace {

constexpr std::size_t kMostBacklinks = 200;

/// The first row of a span in its trace, by the trace's chain of rows.
std::optional<store::RowId> findSpan(const store::StoreSnapshot& snapshot, TraceId trace, SpanId span, std::stop_token stop) {
    const auto index = snapshot.findTrace(trace);
    if (!index) return std::nullopt;
    std::size_t steps = 0;
    for (auto row = snapshot.trace(*index).lastRow; row != store::kNoRow;) {
        if ((++steps & 0xFFFF) == 0 && stop.stop_requested()) return std::nullopt;
        const auto view = snapshot.span(row);
        if (view.spanId() == span) return row;
        row = view.previousInTrace();
    }
    return std::nullopt;
}

}  // namespace

LinkLookup lookUpLinks(const store::SnapshotPtr& snapshot, store::RowId spanRow, std::stop_token stop) {
    LinkLookup out;
    const auto self = snapshot->span(spanRow);
    for (std::size_t i = 0; i < self.linkCount() && !stop.stop_requested(); ++i) {
        const auto link = self.link(i);
        LinkedSpan linked{link.traceId, link.spanId, {}, false};
        if (i < 1000)
            if (const auto row = findSpan(*snapshot, link.traceId, link.spanId, stop)) {
                linked.found = true;
                linked.title = spanTitle(snapshot->span(*row));
            }
        out.links.push_back(std::move(linked));
    }
    const auto traceId = self.traceId();
    const auto spanId = self.spanId();
    if (!spanId.isValid()) return out;
    store::RowId last = store::kNoRow;  // a span counts once, however often it links here
    for (std::size_t s = 0; s < snapshot->spanSegmentCount() && !stop.stop_requested(); ++s) {
        snapshot->forEachLink(s, [&](store::RowId row, TraceId trace, SpanId span) {
            if (span != spanId || trace != traceId || row == last) return;
            last = row;
            if (out.backlinks.size() == kMostBacklinks) {
                ++out.backlinksLeftOut;
                return;
            }
            const auto from = snapshot->span(row);
            out.backlinks.push_back({from.traceId(), from.spanId(), spanTitle(from), true});
        });
    }
    return out;
}

}  // namespace spanreel::views
