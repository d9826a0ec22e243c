// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "model/core/result.h"
#include "model/store/snapshot.h"
#include "model/trace/span_index.h"

namespace spanreel::trace {

/// Index of a node in a trace (pre-order position).
using NodeId = std::uint32_t;
constexpr NodeId kNoNode = 0xFFFFFFFFu;

enum NodeFlag : std::uint16_t {
    kOrphan = 1 << 0,         ///< has a parent id that is not in the trace
    kSelfParent = 1 << 1,     ///< names itself as its parent
    kCycle = 1 << 2,          ///< its parent link closed a cycle and was cut here
    kSameIdOther = 1 << 3,    ///< same span id as an earlier node, other content
    kNegative = 1 << 4,       ///< end before start
    kNoTime = 1 << 5,         ///< no usable start time: off the axis
    kBeforeParent = 1 << 6,   ///< starts before its parent by at least 1 ms
    kAfterParent = 1 << 7,    ///< ends after its parent by at least 1 ms
    kError = 1 << 8,
    kCritical = 1 << 9,       ///< some of it is on the critical path
    kSubtreeError = 1 << 10,  ///< it or a descendant is an error
    kRemoteParent = 1 << 11,  ///< parent is of another service
};

/// One span of an assembled trace. Nodes are stored in depth-first pre-order, children by (start, span id), so the
/// subtree of node n is the index range [n, subtreeEnd).
struct Node {
    store::RowId row = store::kNoRow;
    NodeId parent = kNoNode;
    NodeId subtreeEnd = 0;
    std::uint32_t depth = 0;
    std::uint32_t childCount = 0;
    std::uint32_t copies = 1;  ///< records equal in all fields shown as this one
    store::ServiceId service = 0;
    std::uint16_t flags = 0;
    std::int64_t startNs = 0;     ///< offset from the trace's start
    std::int64_t durationNs = 0;  ///< >= 0 here (a negative one counts as 0 and is flagged)
    std::int64_t selfNs = 0;      ///< duration not covered by children
    std::int64_t criticalNs = 0;  ///< time of its own on the critical path
    [[nodiscard]] std::int64_t endNs() const { return startNs + durationNs; }
    [[nodiscard]] bool has(NodeFlag flag) const { return (flags & flag) != 0; }
};

using Nodes = LargeVector<Node>;

/// A stretch of the critical path: `node` was what the trace waited for, offsets from the trace's start.
struct CriticalPiece {
    NodeId node;
    std::int64_t fromNs;
    std::int64_t toNs;
};

/// The children of every node, together and in order: `childCount` of them from `first` on. Of a node without any, `first`
/// says nothing.
struct ChildList {
    LargeVector<std::uint32_t> first;  ///< by node
    LargeVector<NodeId> nodes;
};

/// The pieces, earliest first; the caller marks the nodes. Walks back from the end of
/// `root`: the child that finished last before the cursor is what the span waited for (the "last finishing child" rule of
/// Zhang et al., CRISP, USENIX ATC 2022; a child that outlives its parent counts up to the parent's end). Iterative, O(n log n).
std::vector<CriticalPiece> computeCriticalPath(const Nodes& nodes, const ChildList& childList, NodeId root);

/// A log of the trace; `node` is kNoNode where its span is not in the trace.
struct TraceLog {
    store::RowId row;
    NodeId node;
    std::int64_t offsetNs;  ///< from the trace's start; meaningless where `hasTime` is false
    bool hasTime;
    std::int32_t severity;
};

/// One trace put together from whatever has come: late spans, copies, orphans, cycles and chains of any depth.
/// Immutable; keeps its snapshot alive. Assembly is iterative, O(n log n) in its spans and logs.
class Trace {
public:
    /// Error NoSuchTrace where the snapshot has no span of it; Cancelled when stopped.
    static Result<std::shared_ptr<const Trace>> assemble(store::SnapshotPtr snapshot, TraceId id, std::stop_token stop = {});

    [[nodiscard]] const store::StoreSnapshot& snapshot() const { return *m_snapshot; }
    [[nodiscard]] store::SnapshotPtr snapshotPtr() const { return m_snapshot; }
    [[nodiscard]] TraceId id() const { return m_id; }
    [[nodiscard]] std::uint32_t revision() const { return m_revision; }
    [[nodiscard]] const Nodes& nodes() const { return m_nodes; }
    [[nodiscard]] const Node& node(NodeId n) const { return m_nodes[n]; }
    [[nodiscard]] store::SpanView span(NodeId n) const { return m_snapshot->span(m_nodes[n].row); }
    /// All logs with this trace id, by time (those without time last).
    [[nodiscard]] const std::vector<TraceLog>& logs() const { return m_logs; }
    /// Logs of one span: indexes into logs(), by time.
    [[nodiscard]] std::vector<std::uint32_t> logsOf(NodeId n) const;
    [[nodiscard]] const std::vector<CriticalPiece>& criticalPath() const { return m_critical; }
    /// Nodes without a parent in the trace (roots, orphans, cut cycles), in order.
    [[nodiscard]] const std::vector<NodeId>& roots() const { return m_roots; }
    /// First node with this span id.
    [[nodiscard]] std::optional<NodeId> find(SpanId id) const;
    /// Rows and their nodes, by row; of a copy only the first.
    [[nodiscard]] const LargeVector<std::pair<store::RowId, NodeId>>& rows() const { return m_byRow; }
    /// Node showing this row (a copy's row finds the node it was folded into only for the first copy).
    [[nodiscard]] std::optional<NodeId> findRow(store::RowId row) const;

    [[nodiscard]] std::uint64_t startNs() const { return m_startNs; }  ///< earliest usable start since 1970, 0 = none
    [[nodiscard]] std::int64_t durationNs() const { return m_durationNs; }
    [[nodiscard]] std::uint32_t maxDepth() const { return m_maxDepth; }
    [[nodiscard]] std::uint64_t recordCount() const { return m_records; }  ///< spans including copies
    [[nodiscard]] std::uint32_t orphanCount() const { return m_orphans; }
    [[nodiscard]] std::uint32_t duplicateCount() const { return m_duplicates; }
    [[nodiscard]] std::uint32_t errorCount() const { return m_errors; }
    [[nodiscard]] const std::vector<store::ServiceId>& services() const { return m_services; }  ///< by first appearance
    /// The node the header names: the longest root.
    [[nodiscard]] NodeId mainRoot() const { return m_mainRoot; }

private:
    friend class TraceBuilder;
    store::SnapshotPtr m_snapshot;
    TraceId m_id;
    std::uint32_t m_revision = 0;
    Nodes m_nodes;
    std::vector<TraceLog> m_logs;
    std::vector<std::uint32_t> m_logsBySpan;                       ///< indexes into m_logs, by (node, time)
    LargeVector<std::pair<store::RowId, NodeId>> m_byRow;          ///< sorted by row
    std::vector<CriticalPiece> m_critical;
    std::vector<NodeId> m_roots;
    SpanIndex m_bySpanId;                                           ///< place in m_byRow of the first span with each id
    std::vector<store::ServiceId> m_services;
    std::uint64_t m_startNs = 0, m_records = 0;
    std::int64_t m_durationNs = 0;
    std::uint32_t m_maxDepth = 0, m_orphans = 0, m_duplicates = 0, m_errors = 0;
    NodeId m_mainRoot = kNoNode;
};
using TracePtr = std::shared_ptr<const Trace>;

}  // namespace spanreel::trace
