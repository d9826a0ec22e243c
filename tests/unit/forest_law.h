// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/core/time_format.h"
#include "model/store/trace_store.h"
#include "model/trace/trace.h"
#include "tests/unit/draw.h"

namespace spanreel::test {

/// What holds for every assembled trace, whatever came in; worked out anew in the plainest way. `wrong` is "" where all
/// does. O(n x depth) and, for up to 300 nodes, O(n²).
class TraceLaw {
public:
    explicit TraceLaw(const trace::Trace& trace) : m_trace(trace), m_nodes(trace.nodes()) {}

    std::string wrong() {
        everyRowOnce();
        order();
        parents();
        times();
        criticalPath();
        logs();
        return m_wrong;
    }

private:
    using NodeId = trace::NodeId;
    static constexpr NodeId kNone = trace::kNoNode;

    void expect(bool holds, NodeId n, const char* what) {
        if (!holds && m_wrong.empty()) m_wrong = std::string(what) + (n == kNone ? "" : ", node " + std::to_string(n) + " of " + std::to_string(m_nodes.size()));
    }

    void everyRowOnce() {
        const auto& snapshot = m_trace.snapshot();
        const auto index = snapshot.findTrace(m_trace.id());
        expect(index.has_value(), kNone, "the trace is not in its snapshot");
        if (!index) return;
        std::set<store::RowId> rows;
        for (auto row = snapshot.trace(*index).lastRow; row != store::kNoRow; row = snapshot.span(row).previousInTrace()) rows.insert(row);
        std::uint64_t shown = 0;
        std::set<store::RowId> nodeRows;
        for (NodeId n = 0; n < m_nodes.size(); ++n) {
            shown += m_nodes[n].copies;
            expect(m_nodes[n].copies >= 1 && rows.contains(m_nodes[n].row) && nodeRows.insert(m_nodes[n].row).second, n, "a row that is none, or twice");
            expect(m_trace.findRow(m_nodes[n].row) == n, n, "a node not found by its row");
        }
        expect(shown == rows.size() && m_trace.recordCount() == rows.size(), kNone, "records are not shown once each");
        expect(m_trace.duplicateCount() == rows.size() - m_nodes.size(), kNone, "duplicates");
        if (m_nodes.size() > 300 || !m_wrong.empty()) return;
        // A row that is no node's is a copy of exactly one node's; nodes are no copies of each other.
        std::vector<std::uint32_t> copies(m_nodes.size(), 0);
        for (const auto row : rows) {
            std::size_t alike = 0;
            for (NodeId n = 0; n < m_nodes.size(); ++n) {
                const bool same = m_nodes[n].row == row || (snapshot.span(row).spanId().isValid() && m_trace.span(n).sameRecord(snapshot.span(row)));
                alike += same;
                copies[n] += same;
            }
            expect(alike == 1, kNone, "a row in no node, or in several");
        }
        for (NodeId n = 0; n < m_nodes.size(); ++n) expect(copies[n] == m_nodes[n].copies, n, "copies");
    }

    void order() {
        std::vector<NodeId> roots;
        std::vector<std::uint32_t> children(m_nodes.size(), 0);
        std::vector<NodeId> lastChild(m_nodes.size() + 1, kNone);
        std::uint32_t deepest = 0;
        for (NodeId n = 0; n < m_nodes.size() && m_wrong.empty(); ++n) {
            const auto& node = m_nodes[n];
            expect(node.subtreeEnd > n && node.subtreeEnd <= m_nodes.size(), n, "an end of the subtree");
            deepest = std::max(deepest, node.depth + 1);
            if (node.parent == kNone) {
                roots.push_back(n);
                expect(node.depth == 0, n, "a root that is deep");
            } else {
                expect(node.parent < n && n < m_nodes[node.parent].subtreeEnd && node.subtreeEnd <= m_nodes[node.parent].subtreeEnd, n, "a node outside its parent's range");
                expect(node.depth == m_nodes[node.parent].depth + 1, n, "a depth");
                ++children[node.parent];
            }
            NodeId& before = lastChild[node.parent == kNone ? m_nodes.size() : node.parent];
            if (before != kNone) {
                expect(m_nodes[before].subtreeEnd == n, n, "a gap between neighbours");
                const auto a = m_trace.span(before), b = m_trace.span(n);
                expect(std::pair(a.startNs(), a.spanId().value) <= std::pair(b.startNs(), b.spanId().value), n, "children out of order");
            } else {
                expect(node.parent == kNone ? n == 0 : n == node.parent + 1, n, "a gap before the first child");
            }
            before = n;
        }
        for (NodeId n = 0; n < m_nodes.size(); ++n) expect(children[n] == m_nodes[n].childCount, n, "a count of children");
        expect(roots == m_trace.roots(), kNone, "roots");
        expect(deepest == m_trace.maxDepth(), kNone, "the greatest depth");
    }

    void parents() {
        std::set<std::uint64_t> ids;
        for (NodeId n = 0; n < m_nodes.size(); ++n) ids.insert(m_trace.span(n).spanId().value);
        std::uint64_t orphans = 0;
        for (NodeId n = 0; n < m_nodes.size() && m_wrong.empty(); ++n) {
            const auto& node = m_nodes[n];
            const auto span = m_trace.span(n);
            const auto parent = span.parentId();
            const bool there = parent.isValid() && ids.contains(parent.value);
            const bool self = parent.isValid() && parent == span.spanId();
            expect(node.has(trace::kSelfParent) == self, n, "names itself as its parent");
            expect(node.has(trace::kOrphan) == (parent.isValid() && !there), n, "orphan");
            orphans += node.has(trace::kOrphan) ? node.copies : 0;
            if (node.parent != kNone) {
                expect(m_trace.span(node.parent).spanId() == parent && parent.isValid() && !self, n, "hangs on another span");
                expect(!m_nodes[node.parent].has(trace::kSameIdOther), n, "hangs on the second of an id");
            } else {
                expect(!there || self || node.has(trace::kCycle), n, "lost its parent");
            }
            if (node.has(trace::kCycle)) expect(node.parent == kNone && cycles(n), n, "cut where no cycle is");
            if (span.spanId().isValid()) {
                const auto found = m_trace.find(span.spanId());
                expect(found && m_trace.span(*found).spanId() == span.spanId() && (node.has(trace::kSameIdOther) || *found == n), n, "not found by its id");
            }
        }
        expect(orphans == m_trace.orphanCount(), kNone, "count of orphans");
    }

    /// Following parents by id from n comes back to n.
    bool cycles(NodeId n) {
        NodeId at = n;
        for (std::size_t steps = 0; steps <= m_nodes.size(); ++steps) {
            const auto next = m_trace.find(m_trace.span(at).parentId());
            if (!next) return false;
            if (*next == n) return true;
            at = *next;
        }
        return false;
    }

    void times() {
        std::uint64_t first = 0, last = 0, errors = 0;
        for (NodeId n = 0; n < m_nodes.size(); ++n) {
            const auto s = m_trace.span(n);
            if (!isUsableTime(s.startNs())) continue;
            first = first ? std::min(first, s.startNs()) : s.startNs();
            last = std::max({last, s.startNs(), isUsableTime(s.endNs()) ? s.endNs() : 0});
        }
        expect(m_trace.startNs() == first && m_trace.durationNs() == static_cast<std::int64_t>(last - first), kNone, "start and duration");
        std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>> covered(m_nodes.size());
        std::vector<bool> errorBelow(m_nodes.size(), false);
        for (NodeId n = static_cast<NodeId>(m_nodes.size()); n-- > 0;) {
            const auto& node = m_nodes[n];
            const auto s = m_trace.span(n);
            expect(node.has(trace::kError) == s.isError(), n, "error");
            expect(node.has(trace::kNegative) == (s.endNs() < s.startNs()), n, "ends before it starts");
            expect(node.has(trace::kNoTime) == !isUsableTime(s.startNs()), n, "time");
            errorBelow[n] = errorBelow[n] || s.isError();
            errors += s.isError() ? node.copies : 0;
            expect(node.has(trace::kSubtreeError) == errorBelow[n], n, "error below");
            expect(node.service == s.service(), n, "service");
            if (!node.has(trace::kNoTime)) {
                expect(node.startNs == static_cast<std::int64_t>(s.startNs() - first) && node.startNs >= 0 && node.durationNs >= 0, n, "offset");
                expect(node.durationNs == (isUsableTime(s.endNs()) && s.endNs() > s.startNs() ? static_cast<std::int64_t>(s.endNs() - s.startNs()) : 0), n, "duration");
            }
            if (node.parent == kNone) continue;
            if (errorBelow[n]) errorBelow[node.parent] = true;
            if (!node.has(trace::kNoTime)) covered[node.parent].emplace_back(node.startNs, node.endNs());
        }
        expect(errors == m_trace.errorCount(), kNone, "count of errors");
        for (NodeId n = 0; n < m_nodes.size() && m_wrong.empty(); ++n) {
            // Self time: the span's duration less the union of its children, cut to it.
            const auto& node = m_nodes[n];
            if (node.has(trace::kNoTime)) continue;
            std::sort(covered[n].begin(), covered[n].end());
            std::int64_t self = node.durationNs, to = node.startNs;
            for (const auto& [from, end] : covered[n]) {
                const auto a = std::max(from, to), b = std::min(end, node.endNs());
                if (b > a) self -= b - a, to = b;
            }
            expect(node.selfNs == self && self >= 0, n, "self time");
        }
    }

    void criticalPath() {
        std::vector<std::int64_t> own(m_nodes.size(), 0);
        const auto& pieces = m_trace.criticalPath();
        if (m_trace.mainRoot() == kNone) return expect(m_nodes.empty(), kNone, "no main root");
        const auto& root = m_nodes[m_trace.mainRoot()];
        expect(root.parent == kNone, m_trace.mainRoot(), "a main root that is none");
        for (const auto r : m_trace.roots()) expect(m_nodes[r].durationNs <= root.durationNs, r, "a longer root");
        if (root.has(trace::kNoTime)) return expect(pieces.empty(), kNone, "a critical path without time");
        std::int64_t at = root.startNs;
        for (const auto& piece : pieces) {
            expect(piece.fromNs == at && piece.toNs > piece.fromNs, piece.node, "the critical path has a gap");
            expect(piece.node < m_nodes.size(), kNone, "the critical path leaves the trace");
            if (!m_wrong.empty()) return;
            expect(piece.fromNs >= m_nodes[piece.node].startNs && piece.toNs <= m_nodes[piece.node].endNs(), piece.node, "critical outside its own time");
            expect(piece.node >= m_trace.mainRoot() && piece.node < root.subtreeEnd, piece.node, "critical outside the root's tree");
            own[piece.node] += piece.toNs - piece.fromNs;
            at = piece.toNs;
        }
        expect(at == root.endNs(), kNone, "the critical path does not reach the root's end");
        for (NodeId n = 0; n < m_nodes.size(); ++n) {
            expect(m_nodes[n].criticalNs == own[n], n, "critical time");
            expect(own[n] == 0 || m_nodes[n].has(trace::kCritical), n, "critical, yet not marked");
        }
    }

    void logs() {
        const auto& snapshot = m_trace.snapshot();
        const auto index = snapshot.findTrace(m_trace.id());
        if (!index) return;
        std::set<store::RowId> rows, seen;
        for (auto row = snapshot.trace(*index).lastLogRow; row != store::kNoRow; row = snapshot.log(row).previousInTrace()) rows.insert(row);
        std::size_t perNode = 0;
        for (NodeId n = 0; n < m_nodes.size(); ++n)
            for (const auto i : m_trace.logsOf(n)) {
                ++perNode;
                expect(i < m_trace.logs().size() && m_trace.logs()[i].node == n, n, "a log of another span");
                if (!m_wrong.empty()) return;
                expect(snapshot.log(m_trace.logs()[i].row).spanId() == m_trace.span(n).spanId(), n, "a log with another span's id");
            }
        const trace::TraceLog* before = nullptr;
        for (const auto& log : m_trace.logs()) {
            expect(rows.contains(log.row) && seen.insert(log.row).second, kNone, "a log that is none of the trace, or twice");
            perNode += log.node == kNone;
            if (before) expect(before->hasTime > log.hasTime || (before->hasTime == log.hasTime && before->offsetNs <= log.offsetNs), kNone, "logs out of order");
            before = &log;
        }
        expect(seen == rows && perNode == rows.size(), kNone, "a log is missing");
    }

    const trace::Trace& m_trace;
    const trace::Nodes& m_nodes;
    std::string m_wrong;
};

inline std::string traceLaw(const trace::Trace& trace) { return TraceLaw(trace).wrong(); }

/// A few traces of spans with few ids, so that orphans, copies, cycles, late parents and wrong times abound.
inline store::SnapshotPtr drawForest(Draw& draw, std::size_t most = 40) {
    constexpr std::uint64_t kBase = 1700000000000000000ull;
    static constexpr std::string_view kNames[] = {"", "a", "b"};
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::File, "f");
    store::Batch batch;
    static constexpr store::Attribute kCart[] = {{"service.name", {store::ValueType::String, 0, "cart"}}}, kShop[] = {{"service.name", {store::ValueType::String, 0, "shop"}}};
    batch.resources.push_back({kCart});
    batch.resources.push_back({kShop});
    const std::size_t ids = 2 + draw.below(most);
    for (std::size_t count = draw.below(most + 1); count-- > 0;) {
        store::SpanRecord s;
        s.traceId = {0, 1 + (draw.chance(15) ? 1u : 0u)};
        s.spanId = {draw.below(ids)};
        s.parentId = {draw.below(ids + 2)};
        const auto time = [&] { return draw.chance(5) ? draw.number() : kBase + draw.below(draw.chance(20) ? 100000000 : 50); };
        s.startNs = time();
        s.endNs = draw.chance(70) ? s.startNs + draw.below(60) : time();
        s.name = kNames[draw.below(3)];
        s.status = draw.chance(15) ? 2 : 0;
        s.resource = draw.chance(20) ? store::kNone : static_cast<std::uint32_t>(draw.below(2));
        batch.spans.push_back(s);
        if (draw.chance(15)) batch.spans.push_back(s);
        if (draw.chance(20)) {
            store::LogRecordData log;
            log.traceId = s.traceId;
            log.spanId = {draw.below(ids)};
            log.timeNs = draw.chance(20) ? 0 : time();
            log.severity = static_cast<std::int32_t>(draw.below(25));
            batch.logs.push_back(log);
        }
    }
    store.append(std::move(batch), source);
    return store.snapshot();
}

/// Draws a forest and checks each of its traces.
inline std::string forestLaw(Draw& draw) {
    const auto snapshot = drawForest(draw);
    for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
        if (snapshot->trace(t).spanCount == 0) continue;
        const auto trace = trace::Trace::assemble(snapshot, snapshot->trace(t).id);
        if (!trace) return "a trace that cannot be put together";
        if (auto wrong = traceLaw(**trace); !wrong.empty()) return wrong;
    }
    return {};
}

}  // namespace spanreel::test
