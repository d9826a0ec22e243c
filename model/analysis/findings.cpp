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

/// A file may hold copies of what another brought, which has no report any more: the copies are then its finding, once a span.
void noteCopiesOfOthers(const trace::Trace& trace, const store::TraceSummary& summary, const store::StoreSnapshot& snapshot, std::span<store::ImportReport* const> reports, std::vector<std::uint64_t>& warned) {
    if (trace.duplicateCount() == 0) return;
    const auto reported = [&](store::SourceId source) { return source < reports.size() && reports[source]; };
    std::vector<bool> told(trace.nodes().size());
    for (store::RowId row = summary.lastRow; row != store::kNoRow; row = snapshot.span(row).previousInTrace()) {
        const auto span = snapshot.span(row);
        const auto n = trace.find(span.spanId());
        if (!n || told[*n] || trace.node(*n).copies == 1 || !reported(span.source()) || reported(trace.span(*n).source())) continue;
        told[*n] = true;
        ++warned[span.source()];
        note(*reports[span.source()], ProblemCode::DuplicateSpan, copiesOf(trace, *n), snapshot.sources()[span.source()].name);
    }
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
        noteCopiesOfOthers(trace, snapshot->trace(t), *snapshot, reports, warned);
        trace::NodeId firstRoot = trace::kNoNode;
        for (trace::NodeId n = 0; n < trace.nodes().size(); ++n) {
            const trace::Node& node = trace.node(n);
            const bool trueRoot = node.parent == trace::kNoNode && !(node.flags & (trace::kOrphan | trace::kSelfParent | trace::kCycle | trace::kSameIdOther));
            const bool secondRoot = isTree && trueRoot && firstRoot != trace::kNoNode;
            if (trueRoot && !secondRoot) firstRoot = n;
            if (!(node.flags & kWatched) && node.copies == 1 && !secondRoot) continue;
            const auto span = trace.span(n);
            const store::SourceId source = span.source();
            if (source >= reports.size() || !reports[source]) continue;
            store::ImportReport& report = *reports[source];
            const std::string& file = sources[source].name;
            ++warned[source];
            if (node.has(trace::kSelfParent) && !saysSelfParent[source]) note(report, ProblemCode::SelfParent, nameOf(span), file);
            if (node.has(trace::kCycle)) note(report, ProblemCode::Cycle, nameOf(span), file);
            if (node.has(trace::kOrphan)) note(report, ProblemCode::MissingParent, fmt::format("{} of {}", span.parentId().toHex(), nameOf(span)), file);
            if (node.has(trace::kSameIdOther)) note(report, ProblemCode::DuplicateSpan, nameOf(span) + ", other content", file);
            if (node.copies > 1) note(report, ProblemCode::DuplicateSpan, copiesOf(trace, n), file);
            if (node.has(trace::kBeforeParent)) note(report, ProblemCode::BeforeParent, fmt::format("{} by {}", nameOf(span), formatDuration(trace.node(node.parent).startNs - node.startNs)), file);
            if (secondRoot) note(report, ProblemCode::SeveralRoots, nameOf(span), file);
        }
    }
    for (std::size_t i = 0; i < reports.size(); ++i)
        if (reports[i]) reports[i]->warned = std::min(reports[i]->kept, reports[i]->warned + warned[i]);
    return traces == 1 ? only : nullptr;
}

}  // namespace spanreel::analysis
