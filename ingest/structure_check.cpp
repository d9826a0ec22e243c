// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/structure_check.h"

#include <algorithm>

#include "model/core/time_format.h"

namespace spanreel::ingest {

namespace {
constexpr std::uint64_t kNoticeableNs = 1'000'000;  ///< clocks differ by less than this all the time
constexpr std::uint32_t kNoRow = 0xFFFFFFFFu;
}  // namespace

void StructureCheck::add(const store::Batch& batch) {
    if (m_tooMany) return;
    if (m_rows.size() + batch.spans.size() > kMostSpans) {
        m_tooMany = true;
        m_rows = {};
        return;
    }
    for (const auto& span : batch.spans)
        if (span.traceId.isValid() && span.spanId.isValid()) m_rows.push_back({span.traceId, span.spanId.value, span.parentId.value, span.startNs});
}

void StructureCheck::finish(store::ImportReport& report, const std::string& file) {
    std::sort(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) { return a.trace != b.trace ? a.trace < b.trace : a.span < b.span; });
    const Place place{file, -1, -1};
    const bool selfKnown = report.count(ProblemCode::SelfParent) > 0;  // the decoder has said it, with the byte
    std::uint64_t warned = 0;
    const auto warn = [&](ProblemCode code, const Row& row) {
        report.warn(code, report.count(code) < store::ImportReport::kSamplesPerCode ? "span " + SpanId{row.span}.toHex() : std::string(), place);
        ++warned;
    };
    std::vector<std::uint32_t> parentOf;
    std::vector<std::uint8_t> state;
    for (std::size_t begin = 0, end = 0; begin < m_rows.size(); begin = end) {
        while (end < m_rows.size() && m_rows[end].trace == m_rows[begin].trace) ++end;
        const Row* const rows = m_rows.data() + begin;
        const auto count = static_cast<std::uint32_t>(end - begin);
        parentOf.assign(count, kNoRow);
        std::uint32_t roots = 0, parented = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            const Row& row = rows[i];
            if (i > 0 && rows[i - 1].span == row.span) warn(ProblemCode::DuplicateSpan, row);
            if (row.parent == 0) {
                ++roots;
                continue;
            }
            if (row.parent == row.span) {
                if (!selfKnown) warn(ProblemCode::SelfParent, row);
                continue;
            }
            ++parented;
            const Row* const found = std::lower_bound(rows, rows + count, row.parent, [](const Row& a, std::uint64_t id) { return a.span < id; });
            if (found == rows + count || found->span != row.parent) {
                warn(ProblemCode::MissingParent, row);
                continue;
            }
            parentOf[i] = static_cast<std::uint32_t>(found - rows);
            if (isUsableTime(row.startNs) && isUsableTime(found->startNs) && row.startNs < found->startNs && found->startNs - row.startNs >= kNoticeableNs)
                warn(ProblemCode::BeforeParent, row);
        }
        // Several starts of one tree: only where it is a tree at all.
        if (roots > 1 && parented > 0) {
            report.warn(ProblemCode::SeveralRoots, "trace " + rows[0].trace.toHex() + " has " + std::to_string(roots), place);
            ++warned;
        }
        // Each row points to at most one parent: walk up, marking; meeting a mark of this walk is a cycle.
        state.assign(count, 0);
        for (std::uint32_t i = 0; i < count; ++i) {
            std::uint32_t at = i;
            while (at != kNoRow && state[at] == 0) {
                state[at] = 1;
                at = parentOf[at];
            }
            if (at != kNoRow && state[at] == 1) warn(ProblemCode::Cycle, rows[at]);
            for (at = i; at != kNoRow && state[at] == 1; at = parentOf[at]) state[at] = 2;
        }
    }
    report.warned = std::min(report.kept, report.warned + warned);
    m_rows = {};
}

}  // namespace spanreel::ingest
