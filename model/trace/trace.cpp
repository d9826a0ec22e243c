// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/trace/trace.h"

#include <algorithm>
#include <numeric>

#include "model/core/time_format.h"

namespace spanreel::trace {

/// Assembles one trace in steps; each is a loop over its spans, none recurses.
class TraceBuilder {
public:
    TraceBuilder(Trace& trace, std::stop_token stop) : m_trace(trace), m_stop(std::move(stop)) {}

    bool build(const store::TraceSummary& summary) {
        collect(summary);
        if (m_stop.stop_requested()) return false;
        linkParents();
        cutCycles();
        if (m_stop.stop_requested()) return false;
        order();
        if (m_stop.stop_requested()) return false;
        measure();
        if (m_trace.m_mainRoot != kNoNode) m_trace.m_critical = computeCriticalPath(m_trace.m_nodes, m_trace.m_mainRoot);
        if (m_stop.stop_requested()) return false;
        joinLogs(summary);
        return true;
    }

private:
    static constexpr std::int64_t kSkewNs = 1000000;  // below a millisecond is rounding, not skew

    /// A distinct span before ordering.
    struct Item {
        store::RowId row;
        std::uint32_t parent = kNoNode;  ///< index into m_items
        std::uint32_t copies = 1;
        std::uint16_t flags = 0;
        std::uint32_t nextAlike = kNoNode;
        std::uint64_t startNs = 0;
        std::uint64_t spanId = 0;
    };

    [[nodiscard]] store::SpanView span(store::RowId row) const { return m_trace.m_snapshot->span(row); }

    /// Rows in order of arrival; equal copies folded into the first.
    void collect(const store::TraceSummary& summary) {
        std::vector<store::RowId> rows;
        rows.reserve(summary.spanCount);
        for (store::RowId row = summary.lastRow; row != store::kNoRow; row = span(row).previousInTrace()) rows.push_back(row);
        std::ranges::reverse(rows);
        m_items.reserve(rows.size());
        m_firstById.reserve(rows.size());
        absl::flat_hash_map<std::uint64_t, std::uint32_t> alike;  // content hash -> newest item with it
        for (const store::RowId row : rows) {
            const auto s = span(row);
            Item item;
            item.row = row;
            item.startNs = s.startNs();
            item.spanId = s.spanId().value;
            if (item.spanId) {
                const auto [first, isFirst] = m_firstById.try_emplace(item.spanId, static_cast<std::uint32_t>(m_items.size()));
                if (!isFirst) {
                    // Only rows of an id that occurs twice are compared.
                    if (const std::uint32_t copyOf = findCopy(alike, first->second, s); copyOf != kNoNode) {
                        ++m_items[copyOf].copies;
                        ++m_trace.m_duplicates;
                        continue;
                    }
                    item.flags |= kSameIdOther;
                    auto& head = alike.try_emplace(s.contentHash(), kNoNode).first->second;
                    item.nextAlike = head;
                    head = static_cast<std::uint32_t>(m_items.size());
                }
            }
            m_items.push_back(item);
        }
        m_trace.m_records = rows.size();
    }

    std::uint32_t findCopy(const absl::flat_hash_map<std::uint64_t, std::uint32_t>& alike, std::uint32_t first, const store::SpanView& s) const {
        if (span(m_items[first].row).sameRecord(s)) return first;
        const auto it = alike.find(s.contentHash());
        for (std::uint32_t i = it == alike.end() ? kNoNode : it->second; i != kNoNode; i = m_items[i].nextAlike)
            if (span(m_items[i].row).sameRecord(s)) return i;
        return kNoNode;
    }

    void linkParents() {
        for (std::uint32_t i = 0; i < m_items.size(); ++i) {
            Item& item = m_items[i];
            const auto s = span(item.row);
            const std::uint64_t parent = s.parentId().value;
            if (!parent) continue;
            if (parent == item.spanId) {
                item.flags |= kSelfParent;
                continue;
            }
            const auto it = m_firstById.find(parent);
            if (it == m_firstById.end()) {
                item.flags |= kOrphan;
                m_trace.m_orphans += item.copies;
            } else {
                item.parent = it->second;
            }
        }
    }

    /// Cuts every parent cycle at its earliest span. Each item is walked once.
    void cutCycles() {
        std::vector<std::uint32_t> walkOf(m_items.size(), kNoNode);
        for (std::uint32_t i = 0; i < m_items.size(); ++i) {
            std::uint32_t at = i;
            while (at != kNoNode && walkOf[at] == kNoNode) {
                walkOf[at] = i;
                at = m_items[at].parent;
            }
            if (at == kNoNode || walkOf[at] != i) continue;
            std::uint32_t cut = at;
            for (std::uint32_t k = m_items[at].parent; k != at; k = m_items[k].parent)
                if (m_items[k].startNs < m_items[cut].startNs) cut = k;
            m_items[cut].parent = kNoNode;
            m_items[cut].flags |= kCycle;
        }
    }

    /// Depth-first pre-order, children by (start, span id).
    void order() {
        const auto count = static_cast<std::uint32_t>(m_items.size());
        std::vector<std::uint32_t> sorted(count);
        std::iota(sorted.begin(), sorted.end(), 0u);
        std::ranges::stable_sort(sorted, [&](std::uint32_t a, std::uint32_t b) {
            return m_items[a].startNs != m_items[b].startNs ? m_items[a].startNs < m_items[b].startNs : m_items[a].spanId < m_items[b].spanId;
        });
        // Linked lists of children, filled back to front so that they come out in order.
        std::vector<std::uint32_t> firstChild(count + 1, kNoNode), nextSibling(count, kNoNode), children(count + 1, 0);
        for (std::uint32_t k = count; k-- > 0;) {
            const std::uint32_t i = sorted[k];
            const std::uint32_t parent = m_items[i].parent == kNoNode ? count : m_items[i].parent;
            nextSibling[i] = firstChild[parent];
            firstChild[parent] = i;
            ++children[parent];
        }
        auto& nodes = m_trace.m_nodes;
        nodes.reserve(count);
        struct Open {
            std::uint32_t nextChild;
            NodeId node;
        };
        std::vector<Open> stack{{firstChild[count], kNoNode}};
        while (!stack.empty()) {
            const std::uint32_t i = stack.back().nextChild;
            if (i == kNoNode) {
                if (stack.back().node != kNoNode) nodes[stack.back().node].subtreeEnd = static_cast<NodeId>(nodes.size());
                stack.pop_back();
                continue;
            }
            stack.back().nextChild = nextSibling[i];
            Node node;
            node.row = m_items[i].row;
            node.parent = stack.back().node;
            node.depth = static_cast<std::uint32_t>(stack.size() - 1);
            node.childCount = children[i];
            node.copies = m_items[i].copies;
            node.flags = m_items[i].flags;
            const auto id = static_cast<NodeId>(nodes.size());
            if (node.parent == kNoNode) m_trace.m_roots.push_back(id);
            m_trace.m_maxDepth = std::max(m_trace.m_maxDepth, node.depth + 1);
            if (m_items[i].spanId && !(node.flags & kSameIdOther)) m_trace.m_bySpanId.try_emplace(m_items[i].spanId, id);
            m_trace.m_byRow.emplace_back(node.row, id);
            nodes.push_back(node);
            stack.push_back({firstChild[i], id});
        }
        std::ranges::sort(m_trace.m_byRow);
    }

    /// Offsets, flags, self time, services, main root.
    void measure() {
        auto& nodes = m_trace.m_nodes;
        std::uint64_t first = 0, last = 0;
        for (const Node& n : nodes) {
            const auto s = span(n.row);
            if (!isUsableTime(s.startNs())) continue;
            if (first == 0 || s.startNs() < first) first = s.startNs();
            last = std::max({last, s.startNs(), isUsableTime(s.endNs()) ? s.endNs() : 0});
        }
        m_trace.m_startNs = first;
        m_trace.m_durationNs = saturatingDifference(last, first);

        std::vector<bool> serviceSeen(m_trace.m_snapshot->services().size(), false);
        for (Node& n : nodes) {
            const auto s = span(n.row);
            n.service = s.service();
            if (!serviceSeen[n.service]) {
                serviceSeen[n.service] = true;
                m_trace.m_services.push_back(n.service);
            }
            if (s.endNs() < s.startNs()) n.flags |= kNegative;
            if (!isUsableTime(s.startNs())) n.flags |= kNoTime;
            else {
                n.startNs = saturatingDifference(s.startNs(), first);
                n.durationNs = isUsableTime(s.endNs()) ? std::max<std::int64_t>(0, s.durationNs()) : 0;
            }
            if (s.isError()) {
                n.flags |= kError | kSubtreeError;
                m_trace.m_errors += n.copies;
            }
            n.selfNs = n.durationNs;
            if (n.parent == kNoNode || n.has(kNoTime)) continue;
            const Node& parent = nodes[n.parent];
            if (parent.service != n.service) n.flags |= kRemoteParent;
            if (parent.has(kNoTime)) continue;
            if (n.startNs + kSkewNs <= parent.startNs) n.flags |= kBeforeParent;
            if (n.endNs() >= parent.endNs() + kSkewNs) n.flags |= kAfterParent;
        }
        // Children come after their parents and by start: one backward pass for errors, one sweep a parent for self time.
        for (NodeId n = static_cast<NodeId>(nodes.size()); n-- > 0;)
            if (nodes[n].has(kSubtreeError) && nodes[n].parent != kNoNode) nodes[nodes[n].parent].flags |= kSubtreeError;
        std::vector<std::int64_t> coveredTo(nodes.size());
        for (NodeId n = 0; n < nodes.size(); ++n) {
            coveredTo[n] = nodes[n].startNs;
            if (nodes[n].parent == kNoNode || nodes[n].has(kNoTime)) continue;
            Node& parent = nodes[nodes[n].parent];
            std::int64_t& covered = coveredTo[nodes[n].parent];
            const std::int64_t from = std::max(nodes[n].startNs, covered), to = std::min(nodes[n].endNs(), parent.endNs());
            if (to > from) {
                parent.selfNs -= to - from;
                covered = to;
            }
        }
        for (const NodeId root : m_trace.m_roots)
            if (m_trace.m_mainRoot == kNoNode || nodes[root].durationNs > nodes[m_trace.m_mainRoot].durationNs) m_trace.m_mainRoot = root;
    }

    void joinLogs(const store::TraceSummary& summary) {
        auto& logs = m_trace.m_logs;
        logs.reserve(summary.logCount);
        for (store::RowId row = summary.lastLogRow; row != store::kNoRow;) {
            const auto log = m_trace.m_snapshot->log(row);
            TraceLog entry;
            entry.row = row;
            const auto it = m_trace.m_bySpanId.find(log.spanId().value);
            entry.node = it == m_trace.m_bySpanId.end() || !log.spanId().isValid() ? kNoNode : it->second;
            entry.hasTime = isUsableTime(log.bestTimeNs()) && m_trace.m_startNs != 0;
            entry.offsetNs = entry.hasTime ? saturatingDifference(log.bestTimeNs(), m_trace.m_startNs) : 0;
            entry.severity = log.severity();
            logs.push_back(entry);
            row = log.previousInTrace();
        }
        std::ranges::reverse(logs);
        std::ranges::stable_sort(logs, [](const TraceLog& a, const TraceLog& b) { return a.hasTime != b.hasTime ? a.hasTime : a.offsetNs < b.offsetNs; });
        m_trace.m_logsBySpan.resize(logs.size());
        std::iota(m_trace.m_logsBySpan.begin(), m_trace.m_logsBySpan.end(), 0u);
        std::ranges::stable_sort(m_trace.m_logsBySpan, {}, [&](std::uint32_t i) { return logs[i].node; });
    }

    Trace& m_trace;
    std::stop_token m_stop;
    std::vector<Item> m_items;
    absl::flat_hash_map<std::uint64_t, std::uint32_t> m_firstById;
};

Result<TracePtr> Trace::assemble(store::SnapshotPtr snapshot, TraceId id, std::stop_token stop) {
    const auto index = snapshot->findTrace(id);
    if (!index || snapshot->trace(*index).spanCount == 0) return fail(ProblemCode::NoSuchTrace, id.toHex());
    auto trace = std::make_shared<Trace>();
    const store::TraceSummary summary = snapshot->trace(*index);
    trace->m_snapshot = std::move(snapshot);
    trace->m_id = id;
    trace->m_revision = summary.revision;
    if (!TraceBuilder(*trace, std::move(stop)).build(summary)) return fail(ProblemCode::Cancelled);
    return TracePtr(std::move(trace));
}

std::vector<std::uint32_t> Trace::logsOf(NodeId n) const {
    const auto range = std::ranges::equal_range(m_logsBySpan, n, {}, [&](std::uint32_t i) { return m_logs[i].node; });
    return {range.begin(), range.end()};
}

std::optional<NodeId> Trace::find(SpanId id) const {
    const auto it = m_bySpanId.find(id.value);
    if (!id.isValid() || it == m_bySpanId.end()) return std::nullopt;
    return it->second;
}

std::optional<NodeId> Trace::findRow(store::RowId row) const {
    const auto it = std::ranges::lower_bound(m_byRow, row, {}, &std::pair<store::RowId, NodeId>::first);
    if (it == m_byRow.end() || it->first != row) return std::nullopt;
    return it->second;
}

}  // namespace spanreel::trace
