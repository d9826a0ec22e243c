// SPDX-License-Identifier: GPL-3.0-or-later
// What the details say of a trace while none of its spans is selected.
#include <algorithm>
#include <vector>

#include "model/core/time_format.h"
#include "views/details/details_model.h"
#include "views/timeline/span_words.h"

namespace spanreel::views {

namespace {
QString count(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }
}  // namespace

void DetailsModel::showTrace(trace::TracePtr trace, bool utc) {
    m_trace = std::move(trace);
    m_node = trace::kNoNode;
    m_log = store::kNoRow;
    m_snapshot = m_trace->snapshotPtr();
    m_utc = utc;
    m_links = {};
    m_linksKnown = false;
    rebuild();
}

void DetailsModel::buildTrace() {
    const auto& trace = *m_trace;
    const auto duration = [](std::int64_t ns) { return exactDurationInWords(ns); };
    const auto timing = beginSection(Section::Timing, tr("Timing"));
    addFact(timing, tr("Duration"), duration(trace.durationNs()));
    if (isUsableTime(trace.startNs())) {
        addFact(timing, tr("Start"), instantInWords(trace.startNs(), m_utc));
        addFact(timing, tr("End"), instantInWords(trace.startNs() + static_cast<std::uint64_t>(trace.durationNs()), m_utc));
    }
    const auto identity = beginSection(Section::Identity, tr("Identity"));
    addFact(identity, tr("Trace id"), QString::fromStdString(trace.id().toHex()));
    if (trace.mainRoot() != trace::kNoNode) {
        const auto span = trace.span(trace.mainRoot());
        Item root;
        root.key = tr("Root span");
        root.text = spanTitle(span);
        root.target = Target::Span;
        root.trace = trace.id();
        root.span = span.spanId();
        add(identity, std::move(root));
    }
    const auto contents = beginSection(Section::Contents, tr("Contents"));
    addFact(contents, tr("Spans"), count(trace.recordCount()));
    addFact(contents, tr("Services"), count(trace.services().size()));
    addFact(contents, tr("Depth"), count(trace.maxDepth()));
    addFact(contents, tr("Errors"), trace.errorCount() ? tr("%1 ✕").arg(count(trace.errorCount())) : tr("none"), trace.errorCount() > 0);
    addFact(contents, tr("Logs"), count(trace.logs().size()));
    if (trace.orphanCount()) addFact(contents, tr("Orphans"), tr("%1, whose parents are not here").arg(count(trace.orphanCount())), true);
    if (trace.duplicateCount()) addFact(contents, tr("Equal copies"), count(trace.duplicateCount()));
    const auto services = beginSection(Section::Services, tr("Services"));
    const auto& known = trace.snapshot().services();
    for (const auto id : trace.services()) {
        if (m_items.size() >= 1000) break;
        addFact(services, id < known.size() && !known[id].name.empty() ? plainLine(known[id].name, 300) : tr("(no service)"), {});
    }
    endSection(services, trace.services().size());
}

}  // namespace spanreel::views
