// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/trace/trace.h"

#include <algorithm>
#include <array>
#include <future>
#include <numeric>

#include <absl/container/flat_hash_map.h>

#include "model/core/time_format.h"

namespace spanreel::trace {

/// Assembles one trace in steps; each is a loop over its spans, none recurses.
class TraceBuilder {
public:
    TraceBuilder(Trace& trace, std::stop_token stop) : m_trace(trace), m_stop(std::move(stop)) {}

    bool build(const store::TraceSummary& summary) {
        collect(summary);
        if (m_stop.stop_requested()) return false;
        // Sorting looks at starts, linking at parents: with many spans both at once.
        const auto policy = m_items.size() < kManySpans ? std::launch::deferred : std::launch::async | std::launch::deferred;
        auto sorted = std::async(policy, [this] { return byStart(); });
        linkParents();
        const auto inOrder = sorted.get();
        if (m_stop.stop_requested()) return false;
        order(inOrder);
        if (m_trace.m_nodes.size() < m_items.size()) {  // a cycle is reached from no root
            cutCycles();
            order(inOrder);
        }
        if (m_stop.stop_requested()) return false;
        measure();
        // The critical path does not look at self times.
        auto critical = std::async(policy, [this] { return computeCriticalPath(m_trace.m_nodes, m_trace.m_mainRoot); });
        subtractChildren();
        m_trace.m_critical = critical.get();
        markCritical();
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
        store::ServiceId service = 0;
        std::uint64_t startNs = 0, endNs = 0;
        std::uint64_t spanId = 0;
    };
    static constexpr std::size_t kManySpans = 50000;
    static constexpr std::size_t kAhead = 16;  ///< ids whose place in the index is asked for ahead

    [[nodiscard]] store::SpanView span(store::RowId row) const { return m_trace.m_snapshot->span(row); }

    /// Rows in order of arrival; equal copies folded into the first.
    void collect(const store::TraceSummary& summary) {
        LargeVector<store::RowId> rows;
        rows.reserve(summary.spanCount);
        for (store::RowId row = summary.lastRow; row != store::kNoRow; row = span(row).previousInTrace()) rows.push_back(row);
        std::ranges::reverse(rows);
        m_items.reserve(rows.size());
        LargeVector<std::uint64_t> ids(rows.size());
        for (std::size_t k = 0; k < rows.size(); ++k) ids[k] = span(rows[k]).spanId().value;
        m_trace.m_bySpanId = SpanIndex(rows.size());
        absl::flat_hash_map<std::uint64_t, std::uint32_t> alike;  // content hash -> newest item with it
        for (std::size_t k = 0; k < rows.size(); ++k) {
            if (k + kAhead < rows.size()) m_trace.m_bySpanId.prefetch(ids[k + kAhead]);
            const auto s = span(rows[k]);
            Item item;
            item.row = rows[k];
            item.startNs = s.startNs();
            item.endNs = s.endNs();
            item.service = s.service();
            if (s.isError()) item.flags |= kError | kSubtreeError;
            item.spanId = ids[k];
            if (item.spanId) {
                const std::uint32_t first = m_trace.m_bySpanId.insert(item.spanId, static_cast<std::uint32_t>(m_items.size()));
                if (first != SpanIndex::kAbsent) {
                    // Only rows of an id that occurs twice are compared.
                    if (const std::uint32_t copyOf = findCopy(alike, first, s); copyOf != kNoNode) {
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
        LargeVector<std::uint64_t> parents(m_items.size());
        for (std::size_t i = 0; i < m_items.size(); ++i) parents[i] = span(m_items[i].row).parentId().value;
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            if (i + kAhead < m_items.size()) m_trace.m_bySpanId.prefetch(parents[i + kAhead]);
            Item& item = m_items[i];
            if (!parents[i]) continue;
            if (parents[i] == item.spanId) {
                item.flags |= kSelfParent;
                continue;
            }
            item.parent = m_trace.m_bySpanId.find(parents[i]);
            if (item.parent == kNoNode) {
                item.flags |= kOrphan;
                m_trace.m_orphans += item.copies;
            }
        }
    }

    /// Cuts every parent cycle at its earliest span. Each item is walked once.
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
                if (m_items[k].startNs < m_items[cut].startNs) cut = k;
            m_items[cut].parent = kNoNode;
            m_items[cut].flags |= kCycle;
        }
    }

    /// Items by (start, span id, arrival). Least significant digit first, 11 bits at a time: O(n) for one range of starts.
    [[nodiscard]] LargeVector<std::uint32_t> byStart() const {
        struct Key {
            std::uint64_t start;
            std::uint32_t item;
        };
        constexpr int kBits = 11;
        const auto count = static_cast<std::uint32_t>(m_items.size());
        LargeVector<Key> keys(count), moved(count);
        std::uint64_t least = ~std::uint64_t{0}, most = 0;
        for (const Item& item : m_items) {
            least = std::min(least, item.startNs);
            most = std::max(most, item.startNs);
        }
        for (std::uint32_t i = 0; i < count; ++i) keys[i] = {m_items[i].startNs - least, i};
        for (int shift = 0; count > 1 && shift < 64 && (most - least) >> shift; shift += kBits) {
            std::array<std::uint32_t, (1u << kBits) + 1> begin{};
            const auto digit = [shift](const Key& key) { return key.start >> shift & ((1u << kBits) - 1); };
            for (const Key& key : keys) ++begin[digit(key) + 1];
            std::partial_sum(begin.begin(), begin.end(), begin.begin());
            for (const Key& key : keys) moved[begin[digit(key)]++] = key;
            keys.swap(moved);
        }
        for (std::size_t from = 0; from < count;) {
            std::size_t to = from + 1;
            while (to < count && keys[to].start == keys[from].start) ++to;
            if (to - from > 1)
                std::ranges::stable_sort(keys.begin() + static_cast<std::ptrdiff_t>(from), keys.begin() + static_cast<std::ptrdiff_t>(to), {},
                                         [&](const Key& key) { return m_items[key.item].spanId; });
            from = to;
        }
        LargeVector<std::uint32_t> out(count);
        for (std::uint32_t i = 0; i < count; ++i) out[i] = keys[i].item;
        return out;
    }

    /// Depth-first pre-order, children by (start, span id).
    void order(const LargeVector<std::uint32_t>& sorted) {
        const auto count = static_cast<std::uint32_t>(m_items.size());
        // Linked lists of children, filled back to front so that they come out in order.
        LargeVector<std::uint32_t> firstChild(count + 1, kNoNode), nextSibling(count, kNoNode), children(count + 1, 0);
        for (std::uint32_t k = count; k-- > 0;) {
            if (k >= kAhead) __builtin_prefetch(&m_items[sorted[k - kAhead]].parent);
            const std::uint32_t i = sorted[k];
            const std::uint32_t parent = m_items[i].parent == kNoNode ? count : m_items[i].parent;
            nextSibling[i] = firstChild[parent];
            firstChild[parent] = i;
            ++children[parent];
        }
        auto& nodes = m_trace.m_nodes;
        nodes.clear();
        nodes.reserve(count);
        m_trace.m_roots.clear();
        m_trace.m_maxDepth = 0;
        m_trace.m_byRow.clear();
        m_trace.m_byRow.reserve(count);
        for (const Item& item : m_items) m_trace.m_byRow.emplace_back(item.row, kNoNode);  // items came by row
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
            m_trace.m_byRow[i].second = id;
            node.service = m_items[i].service;
            node.startNs = static_cast<std::int64_t>(m_items[i].startNs);  // of the clock, until measured
            node.durationNs = static_cast<std::int64_t>(m_items[i].endNs);
            nodes.push_back(node);
            stack.push_back({firstChild[i], id});
        }
    }

    /// Offsets, flags, services, main root.
    void measure() {
        auto& nodes = m_trace.m_nodes;
        std::uint64_t first = 0, last = 0;
        for (const Item& item : m_items) {
            if (!isUsableTime(item.startNs)) continue;
            if (first == 0 || item.startNs < first) first = item.startNs;
            last = std::max({last, item.startNs, isUsableTime(item.endNs) ? item.endNs : 0});
        }
        m_trace.m_startNs = first;
        m_trace.m_durationNs = saturatingDifference(last, first);

        std::vector<bool> serviceSeen(m_trace.m_snapshot->services().size(), false);
        for (NodeId id = 0; id < nodes.size(); ++id) {
            Node& n = nodes[id];
            const auto start = static_cast<std::uint64_t>(n.startNs), end = static_cast<std::uint64_t>(n.durationNs);
            n.startNs = n.durationNs = 0;
            if (!serviceSeen[n.service]) {
                serviceSeen[n.service] = true;
                m_trace.m_services.push_back(n.service);
            }
            if (end < start) n.flags |= kNegative;
            if (!isUsableTime(start)) n.flags |= kNoTime;
            else {
                n.startNs = saturatingDifference(start, first);
                n.durationNs = isUsableTime(end) ? std::max<std::int64_t>(0, saturatingDifference(end, start)) : 0;
            }
            if (n.has(kError)) m_trace.m_errors += n.copies;
            n.selfNs = n.durationNs;
            if (n.parent == kNoNode || n.has(kNoTime)) continue;
            const Node& parent = nodes[n.parent];
            if (parent.service != n.service) n.flags |= kRemoteParent;
            if (parent.has(kNoTime)) continue;
            if (n.startNs + kSkewNs <= parent.startNs) n.flags |= kBeforeParent;
            if (n.endNs() >= parent.endNs() + kSkewNs) n.flags |= kAfterParent;
        }
        for (const NodeId root : m_trace.m_roots)
            if (m_trace.m_mainRoot == kNoNode || nodes[root].durationNs > nodes[m_trace.m_mainRoot].durationNs) m_trace.m_mainRoot = root;
        // Children come after their parents.
        for (NodeId n = static_cast<NodeId>(nodes.size()); n-- > 0;)
            if (nodes[n].has(kSubtreeError) && nodes[n].parent != kNoNode) nodes[nodes[n].parent].flags |= kSubtreeError;
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
    LargeVector<Item> m_items;
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
