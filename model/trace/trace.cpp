// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/trace/trace.h"

#include <algorithm>
#include <future>
#include <numeric>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include "model/core/pages.h"
#include "model/core/time_format.h"
#include "model/trace/start_order.h"

namespace spanreel::trace {

/// Assembles one trace in steps; each is a loop over its spans, none recurses.
class TraceBuilder {
public:
    TraceBuilder(Trace& trace, std::stop_token stop) : m_trace(trace), m_stop(std::move(stop)) {}

    bool build(const store::TraceSummary& summary) {
        // With many spans the two halves of a step that do not look at each other run at once.
        const auto policy = summary.spanCount < kManySpans ? std::launch::deferred : std::launch::async | std::launch::deferred;
        m_trace.m_bySpanId = SpanIndex(summary.spanCount);
        m_trace.m_nodes.reserve(summary.spanCount);
        findRows(summary);
        auto filled = std::async(policy, [this] { fillItems(); });
        indexIds();
        filled.get();
        if (!m_again.empty()) foldCopies();
        if (m_stop.stop_requested()) return false;
        auto sorted = std::async(policy, [this] {
            return startOrder(m_starts, m_trace.m_startNs, m_lastStart, [this](std::uint32_t i) { return m_items[i].spanId; });
        });
        linkParents();
        // Sorting takes longer: time for memory that is about to be needed.
        if (summary.spanCount >= kManySpans) populate(m_trace.m_nodes.data(), m_items.size() * sizeof(Node));
        const auto inOrder = sorted.get();
        if (m_stop.stop_requested()) return false;
        order(inOrder);
        if (m_trace.m_nodes.size() < m_items.size()) {  // a cycle is reached from no root
            cutCycles();
            order(inOrder);
        }
        if (m_stop.stop_requested()) return false;
        findMainRoot();
        // The critical path does not look at self times.
        auto critical = std::async(policy, [this] { return computeCriticalPath(m_trace.m_nodes, m_children, m_trace.m_mainRoot); });
        nameRows();
        subtractChildren();
        m_trace.m_critical = critical.get();
        markCritical();
        if (m_stop.stop_requested()) return false;
        joinLogs(summary);
        return true;
    }

private:
    static constexpr std::int64_t kSkewNs = 1000000;  // below a millisecond is rounding, not skew

    /// A distinct span before ordering: all that is asked of one at a time, in as much memory as comes at once.
    struct Item {
        store::RowId row;
        std::uint32_t parent = kNoNode;  ///< index into m_items
        std::uint32_t copies = 1;        ///< 0 = folded into another
        std::uint32_t nextAlike = kNoNode;
        std::uint64_t startNs = 0, endNs = 0;
        std::uint64_t spanId = 0;
        store::ServiceId service = 0;
        std::uint32_t flags = 0;  ///< NodeFlag
        std::uint32_t firstChild = kNoNode, nextSibling = kNoNode, childCount = 0;
        NodeId node = kNoNode;
    };
    static_assert(sizeof(Item) == 64);
    static constexpr std::size_t kManySpans = 50000;
    static constexpr std::size_t kNearby = 1024;  ///< items, of which 64 KiB stay at hand
    static constexpr std::size_t kLookUp = 4096;  ///< items between two looks at the stop token
    static constexpr std::size_t kAhead = 16;  ///< ids whose place in the index is asked for ahead

    [[nodiscard]] store::SpanView span(store::RowId row) const {
        const store::StoreSnapshot& snapshot = *m_trace.m_snapshot;
        return {&snapshot.data(), &snapshot.spanSegment(store::segmentOf(row)), store::indexIn(row)};
    }

    /// Rows in order of arrival.
    void findRows(const store::TraceSummary& summary) {
        m_rows.reserve(summary.spanCount);
        for (store::RowId row = summary.lastRow; row != store::kNoRow; row = span(row).previousInTrace()) m_rows.push_back(row);
        std::ranges::reverse(m_rows);
        m_trace.m_records = m_rows.size();
    }

    /// An item for each row. Beside `indexIds`.
    void fillItems() {
        m_items.reserve(m_rows.size());
        m_starts.reserve(m_rows.size());
        std::uint64_t first = ~std::uint64_t{0}, last = 0;
        for (const store::RowId row : m_rows) {
            const auto s = span(row);
            Item& item = m_items.emplace_back();
            item.row = row;
            item.startNs = s.startNs();
            item.endNs = s.endNs();
            item.service = s.service();
            if (s.isError()) item.flags = kError | kSubtreeError;
            item.spanId = s.spanId().value;
            m_starts.push_back(item.startNs);
            if (!isUsableTime(item.startNs)) continue;
            first = std::min(first, item.startNs);
            m_lastStart = std::max(m_lastStart, item.startNs);
            if (isUsableTime(item.endNs)) last = std::max(last, item.endNs);
        }
        m_trace.m_startNs = m_lastStart ? first : 0;
        m_trace.m_durationNs = saturatingDifference(std::max(last, m_lastStart), m_trace.m_startNs);
    }

    /// The first item of every id, those whose id came before, and the ids of the parents. Beside `fillItems`.
    void indexIds() {
        m_parents.resize(m_rows.size());
        for (std::size_t k = 0; k < m_rows.size(); ++k) {
            if (k + kAhead < m_rows.size()) m_trace.m_bySpanId.prefetch(span(m_rows[k + kAhead]).spanId().value);
            const auto s = span(m_rows[k]);
            m_parents[k] = s.parentId().value;
            const std::uint64_t id = s.spanId().value;
            if (!id) continue;
            const auto item = static_cast<std::uint32_t>(k);
            if (const std::uint32_t known = m_trace.m_bySpanId.insert(id, item); known != SpanIndex::kAbsent) m_again.push_back({item, known});
        }
    }

    /// Of the items whose id came before, those equal to an earlier one are folded into it; the others are marked. Gives up
    /// half way where the work is to stop.
    void foldCopies() {
        absl::flat_hash_map<std::uint64_t, std::uint32_t> alike;  // content hash -> newest item with it
        for (std::size_t k = 0; k < m_again.size(); ++k) {
            if (k % kLookUp == 0 && m_stop.stop_requested()) return;
            const auto [item, first] = m_again[k];
            const auto s = span(m_items[item].row);
            std::uint32_t copyOf = first;
            if (!span(m_items[first].row).sameRecord(s)) {
                auto& newest = alike.try_emplace(s.contentHash(), kNoNode).first->second;
                for (copyOf = newest; copyOf != kNoNode && !span(m_items[copyOf].row).sameRecord(s);) copyOf = m_items[copyOf].nextAlike;
                if (copyOf == kNoNode) m_items[item].nextAlike = std::exchange(newest, item);
            }
            if (copyOf == kNoNode) {
                m_items[item].flags |= kSameIdOther;
            } else {
                ++m_items[copyOf].copies;
                ++m_trace.m_duplicates;
                m_items[item].copies = 0;
            }
        }
        if (m_trace.m_duplicates == 0) return;
        LargeVector<std::uint32_t> renumbered(m_items.size());
        std::uint32_t kept = 0;
        for (std::uint32_t i = 0; i < m_items.size(); ++i) {
            renumbered[i] = kept;
            if (m_items[i].copies == 0) continue;
            m_items[kept] = m_items[i];
            m_starts[kept] = m_starts[i];
            m_parents[kept++] = m_parents[i];
        }
        m_items.resize(kept);
        m_starts.resize(kept);
        m_parents.resize(kept);
        m_trace.m_bySpanId.renumber(renumbered);
    }

    void linkParents() {
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            if (i + kAhead < m_items.size()) m_trace.m_bySpanId.prefetch(m_parents[i + kAhead]);
            const std::uint64_t parent = m_parents[i];
            if (!parent) continue;
            Item& item = m_items[i];
            if (parent == item.spanId) {
                item.flags |= kSelfParent;
                continue;
            }
            item.parent = m_trace.m_bySpanId.find(parent);
            if (item.parent == kNoNode) {
                item.flags |= kOrphan;
                m_trace.m_orphans += item.copies;
            }
        }
    }

    /// Cuts every parent cycle at its earliest span, of those at the one of the lowest id. Each item is walked once.
    void cutCycles() {
        LargeVector<std::uint32_t> walkOf(m_items.size(), kNoNode);
        for (std::uint32_t i = 0; i < m_items.size(); ++i) {
            std::uint32_t at = i;
            while (at != kNoNode && walkOf[at] == kNoNode) {
                walkOf[at] = i;
                at = m_items[at].parent;
            }
            if (at == kNoNode || walkOf[at] != i) continue;
            std::uint32_t cut = at;
            for (std::uint32_t k = m_items[at].parent; k != at; k = m_items[k].parent)
                if (std::pair(m_items[k].startNs, m_items[k].spanId) < std::pair(m_items[cut].startNs, m_items[cut].spanId)) cut = k;
            m_items[cut].parent = kNoNode;
            m_items[cut].flags |= kCycle;
        }
    }

    /// Depth-first pre-order, children by (start, span id).
    void order(const LargeVector<std::uint32_t>& sorted) {
        auto& nodes = m_trace.m_nodes;
        if (m_linked)  // once, by cycles
            for (Item& item : m_items) item.firstChild = kNoNode, item.childCount = 0;
        m_linked = true;
        // Linked lists of children, filled back to front so that they come out in order.
        std::uint32_t firstRoot = kNoNode;
        for (std::size_t k = sorted.size(); k-- > 0;) {
            if (k >= 2 * kAhead) __builtin_prefetch(&m_items[sorted[k - 2 * kAhead]], 1);
            if (const std::uint32_t parent = k >= kAhead ? m_items[sorted[k - kAhead]].parent : kNoNode; parent != kNoNode) __builtin_prefetch(&m_items[parent], 1);
            Item& item = m_items[sorted[k]];
            std::uint32_t& head = item.parent == kNoNode ? firstRoot : m_items[item.parent].firstChild;
            if (item.parent != kNoNode) ++m_items[item.parent].childCount;
            item.nextSibling = head;
            head = sorted[k];
        }
        nodes.clear();
        m_trace.m_roots.clear();
        m_trace.m_services.clear();
        m_trace.m_maxDepth = m_trace.m_errors = 0;
        m_serviceSeen.assign(m_trace.m_snapshot->services().size(), false);
        m_children.first.resize(m_items.size());
        m_children.nodes.resize(m_items.size());
        std::uint32_t listed = 0;
        struct Open {
            std::uint32_t nextChild;
            NodeId node;
            std::uint32_t nextListed;  ///< place in the list of children
        };
        std::vector<Open> stack{{firstRoot, kNoNode, 0}};
        while (true) {
            const std::uint32_t i = stack.back().nextChild;
            const NodeId parent = stack.back().node;
            if (i == kNoNode) {
                if (parent == kNoNode) break;
                nodes[parent].subtreeEnd = static_cast<NodeId>(nodes.size());
                stack.pop_back();
                if (nodes[parent].has(kSubtreeError) && stack.back().node != kNoNode) nodes[stack.back().node].flags |= kSubtreeError;
                continue;
            }
            Item& item = m_items[i];
            if (item.nextSibling != kNoNode) __builtin_prefetch(&m_items[item.nextSibling], 1);
            // Spans mostly came about as they lie in the tree.
            __builtin_prefetch(&m_items[std::min(nodes.size() + kNearby, m_items.size() - 1)], 1);
            stack.back().nextChild = item.nextSibling;
            item.node = static_cast<NodeId>(nodes.size());
            nodes.push_back(nodeOf(item, parent));
            Node& node = nodes.back();
            node.depth = static_cast<std::uint32_t>(stack.size() - 1);
            m_trace.m_maxDepth = std::max(m_trace.m_maxDepth, node.depth + 1);
            if (parent == kNoNode) m_trace.m_roots.push_back(item.node);
            else m_children.nodes[stack.back().nextListed++] = item.node;
            if (item.firstChild != kNoNode) {
                m_children.first[item.node] = listed;
                stack.push_back({item.firstChild, item.node, listed});
                listed += item.childCount;
                continue;
            }
            node.subtreeEnd = item.node + 1;
            if (node.has(kSubtreeError) && parent != kNoNode) nodes[parent].flags |= kSubtreeError;
        }
    }

    /// The node of an item: offsets and flags by its parent, which is there already.
    [[nodiscard]] Node nodeOf(const Item& item, NodeId parentId) {
        Node n;
        n.row = item.row;
        n.parent = parentId;
        n.childCount = item.childCount;
        n.copies = item.copies;
        n.service = item.service;
        n.flags = static_cast<std::uint16_t>(item.flags);
        if (!m_serviceSeen[n.service]) {
            m_serviceSeen[n.service] = true;
            m_trace.m_services.push_back(n.service);
        }
        if (item.endNs < item.startNs) n.flags |= kNegative;
        // Differences of usable times fit.
        if (!isUsableTime(item.startNs)) n.flags |= kNoTime;
        else {
            n.startNs = static_cast<std::int64_t>(item.startNs - m_trace.m_startNs);
            n.durationNs = isUsableTime(item.endNs) && item.endNs > item.startNs ? static_cast<std::int64_t>(item.endNs - item.startNs) : 0;
        }
        if (n.has(kError)) m_trace.m_errors += n.copies;
        n.selfNs = n.durationNs;
        if (parentId == kNoNode || n.has(kNoTime)) return n;
        const Node& parent = m_trace.m_nodes[parentId];
        if (parent.service != n.service) n.flags |= kRemoteParent;
        if (parent.has(kNoTime)) return n;
        if (n.startNs + kSkewNs <= parent.startNs) n.flags |= kBeforeParent;
        if (n.endNs() >= parent.endNs() + kSkewNs) n.flags |= kAfterParent;
        return n;
    }

    void findMainRoot() {
        const auto& nodes = m_trace.m_nodes;
        for (const NodeId root : m_trace.m_roots)
            if (m_trace.m_mainRoot == kNoNode || nodes[root].durationNs > nodes[m_trace.m_mainRoot].durationNs) m_trace.m_mainRoot = root;
    }

    void nameRows() {
        m_trace.m_byRow.reserve(m_items.size());
        for (const Item& item : m_items) m_trace.m_byRow.emplace_back(item.row, item.node);  // items came by row
    }

    /// Self time: children come by start, one sweep a parent.
    void subtractChildren() {
        auto& nodes = m_trace.m_nodes;
        LargeVector<std::int64_t> coveredTo(nodes.size());
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
    }

    void markCritical() {
        if (m_trace.m_mainRoot != kNoNode && !m_trace.m_nodes[m_trace.m_mainRoot].has(kNoTime)) m_trace.m_nodes[m_trace.m_mainRoot].flags |= kCritical;
        for (const CriticalPiece& piece : m_trace.m_critical) {
            m_trace.m_nodes[piece.node].criticalNs += piece.toNs - piece.fromNs;
            m_trace.m_nodes[piece.node].flags |= kCritical;
        }
    }

    void joinLogs(const store::TraceSummary& summary) {
        auto& logs = m_trace.m_logs;
        logs.reserve(summary.logCount);
        for (store::RowId row = summary.lastLogRow; row != store::kNoRow;) {
            const auto log = m_trace.m_snapshot->log(row);
            TraceLog entry;
            entry.row = row;
            entry.node = m_trace.find(log.spanId()).value_or(kNoNode);
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
    LargeVector<store::RowId> m_rows;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_again;  ///< items whose id came before, and the first with it
    LargeVector<Item> m_items;
    LargeVector<std::uint64_t> m_starts, m_parents;  ///< of the items; ids of the parents
    std::uint64_t m_lastStart = 0;                   ///< the latest usable one, 0 = none
    ChildList m_children;
    bool m_linked = false;  ///< the items' children
    std::vector<bool> m_serviceSeen;
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
    const std::uint32_t place = id.isValid() ? m_bySpanId.find(id.value) : SpanIndex::kAbsent;
    return place == SpanIndex::kAbsent ? std::nullopt : std::optional(m_byRow[place].second);
}

std::optional<NodeId> Trace::findRow(store::RowId row) const {
    const auto it = std::ranges::lower_bound(m_byRow, row, {}, &std::pair<store::RowId, NodeId>::first);
    if (it == m_byRow.end() || it->first != row) return std::nullopt;
    return it->second;
}

}  // namespace spanreel::trace
