// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analysis/findings.h"

#include <algorithm>
#include <fmt/format.h>

#include "model/core/time_format.h"
#include "model/trace/trace.h"

namespace spanreel::analysis {
namespace {

constexpr std::uint16_t kWatched = trace::kSelfParent | trace::kCycle | trace::kOrphan | trace::kSameIdOther | trace::kBeforeParent;

std::string nameOf(const store::SpanView& span) { return fmt::format("span {} \"{}\" of trace {}", span.spanId().toHex(), span.name(), span.traceId().toHex()); }

/// Which traces hold a span of a source that has a report. O(spans), over two columns.
std::vector<bool> tracesOf(const store::StoreSnapshot& snapshot, std::span<store::ImportReport* const> reports) {
    std::vector<bool> touched(snapshot.traceCount(), false);
    for (std::size_t s = 0; s < snapshot.spanSegmentCount(); ++s) {
        const auto& columns = snapshot.spanSegment(s).columns;
        for (std::uint32_t i = 0; i < snapshot.spanSegmentRows(s); ++i)
            if (const auto source = columns.source[i]; source < reports.size() && reports[source]) touched[columns.trace[i]] = true;
    }
    return touched;
}

void note(store::ImportReport& report, ProblemCode code, std::string detail, const std::string& file) {
    // Past the samples only the count matters.
    if (report.count(code) >= store::ImportReport::kSamplesPerCode) detail.clear();
    report.warn(code, std::move(detail), {file, -1, -1});
}

std::string copiesOf(const trace::Trace& trace, trace::NodeId n) { return fmt::format("{}, {} equal copies", nameOf(trace.span(n)), trace.node(n).copies); }

/// Which inputs brought equal copies of which spans, each pair once, by node. A file may hold copies of what another brought.
std::vector<std::pair<trace::NodeId, store::SourceId>> copiesBySource(const trace::Trace& trace, const store::TraceSummary& summary) {
    std::vector<std::pair<trace::NodeId, store::SourceId>> found;
    if (trace.duplicateCount() == 0) return found;
    std::vector<std::pair<std::uint64_t, trace::NodeId>> copied;  // by content
    for (trace::NodeId n = 0; n < trace.nodes().size(); ++n)
        if (trace.node(n).copies > 1) copied.emplace_back(trace.span(n).contentHash(), n);
    std::ranges::sort(copied);
    for (store::RowId row = summary.lastRow; row != store::kNoRow;) {
        const auto span = trace.snapshot().span(row);
        if (!trace.findRow(row))
            for (const auto& [hash, n] : std::ranges::equal_range(copied, span.contentHash(), {}, &std::pair<std::uint64_t, trace::NodeId>::first))
                if (trace.span(n).sameRecord(span)) found.emplace_back(n, span.source());
        row = span.previousInTrace();
    }
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    return found;
}

}  // namespace

trace::TracePtr addTraceFindings(const store::SnapshotPtr& snapshot, std::span<store::ImportReport* const> reports, std::stop_token stop) {
    const auto& sources = snapshot->sources();
    const std::vector<bool> touched = tracesOf(*snapshot, reports);
    std::vector<std::uint64_t> warned(reports.size(), 0);
    std::vector<bool> saysSelfParent(reports.size(), false);  // the reader has said it, with its place
    for (std::size_t i = 0; i < reports.size(); ++i) saysSelfParent[i] = reports[i] && reports[i]->count(ProblemCode::SelfParent) > 0;
    trace::TracePtr only;
    std::size_t traces = 0;
    for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
        if (stop.stop_requested()) return nullptr;
        if (!touched[t]) continue;
        ++traces;
        const auto assembled = trace::Trace::assemble(snapshot, snapshot->trace(t).id, stop);
        if (!assembled) continue;
        only = *assembled;
        const trace::Trace& trace = *only;
        // A flat list of spans is no tree with a second root, nor are spans that only lack a trace id.
        const bool isTree = trace.nodes().size() > trace.roots().size() && !(trace.span(0).marks() & store::kMarkInvalidTraceId);
        const auto copies = copiesBySource(trace, snapshot->trace(t));
        auto copy = copies.begin();
        trace::NodeId firstRoot = trace::kNoNode;
        for (trace::NodeId n = 0; n < trace.nodes().size(); ++n) {
            const trace::Node& node = trace.node(n);
            const bool trueRoot = node.parent == trace::kNoNode && !(node.flags & (trace::kOrphan | trace::kSelfParent | trace::kCycle | trace::kSameIdOther));
            const bool secondRoot = isTree && trueRoot && firstRoot != trace::kNoNode;
            if (trueRoot && !secondRoot) firstRoot = n;
            if (!(node.flags & kWatched) && node.copies == 1 && !secondRoot) continue;
            const auto span = trace.span(n);
            const store::SourceId source = span.source();
            bool ownCopies = false;
            for (; copy != copies.end() && copy->first == n; ++copy) {
                const store::SourceId from = copy->second;
                if (from >= reports.size() || !reports[from]) continue;
                note(*reports[from], ProblemCode::DuplicateSpan, copiesOf(trace, n), sources[from].name);
                if (from == source) ownCopies = true;
                else ++warned[from];
            }
            if (!(node.flags & kWatched) && !secondRoot && !ownCopies) continue;
            if (source >= reports.size() || !reports[source]) continue;
            store::ImportReport& report = *reports[source];
            const std::string& file = sources[source].name;
            ++warned[source];
            if (node.has(trace::kSelfParent) && !saysSelfParent[source]) note(report, ProblemCode::SelfParent, nameOf(span), file);
            if (node.has(trace::kCycle)) note(report, ProblemCode::Cycle, nameOf(span), file);
            if (node.has(trace::kOrphan)) note(report, ProblemCode::MissingParent, fmt::format("{} of {}", span.parentId().toHex(), nameOf(span)), file);
            if (node.has(trace::kSameIdOther)) note(report, ProblemCode::DuplicateSpan, nameOf(span) + ", other content", file);
            if (node.has(trace::kBeforeParent)) note(report, ProblemCode::BeforeParent, fmt::format("{} by {}", nameOf(span), formatDuration(trace.node(node.parent).startNs - node.startNs)), file);
            if (secondRoot) note(report, ProblemCode::SeveralRoots, nameOf(span), file);
        }
    }
    for (std::size_t i = 0; i < reports.size(); ++i)
        if (reports[i]) reports[i]->warned = std::min(reports[i]->kept, reports[i]->warned + warned[i]);
    return traces == 1 ? only : nullptr;
}

}  // namespace spanreel::analysis
