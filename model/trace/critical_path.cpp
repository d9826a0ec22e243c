// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "model/trace/trace.h"

namespace spanreel::trace {
namespace {

/// A span being walked back: `children` are those not looked at yet, by end, the latest last.
struct Frame {
    NodeId node;
    std::int64_t from;    ///< nothing before this counts
    std::int64_t to;      ///< where the walk began
    std::int64_t cursor;  ///< everything from here on is explained
    std::vector<NodeId> children;
};

Frame open(const std::vector<Node>& nodes, NodeId node, std::int64_t from, std::int64_t to) {
    Frame frame{node, from, to, to, {}};
    for (NodeId c = node + 1; c < nodes[node].subtreeEnd; c = nodes[c].subtreeEnd) {
        if (nodes[c].has(kNoTime) || nodes[c].startNs >= to || nodes[c].endNs() <= from || nodes[c].durationNs == 0) continue;
        frame.children.push_back(c);
    }
    std::ranges::sort(frame.children, [&](NodeId a, NodeId b) {
        const std::int64_t ea = std::min(nodes[a].endNs(), to), eb = std::min(nodes[b].endNs(), to);
        return ea != eb ? ea < eb : nodes[a].startNs > nodes[b].startNs;
    });
    return frame;
}

}  // namespace

std::vector<CriticalPiece> computeCriticalPath(std::vector<Node>& nodes, NodeId root) {
    std::vector<CriticalPiece> pieces;
    if (root >= nodes.size() || nodes[root].has(kNoTime)) return pieces;
    const auto add = [&](NodeId node, std::int64_t from, std::int64_t to) {
        if (to <= from) return;
        nodes[node].criticalNs += to - from;
        nodes[node].flags |= kCritical;
        pieces.push_back({node, from, to});
    };
    std::vector<Frame> stack;
    stack.push_back(open(nodes, root, nodes[root].startNs, nodes[root].endNs()));
    nodes[root].flags |= kCritical;
    while (!stack.empty()) {
        Frame& frame = stack.back();
        NodeId next = kNoNode;
        std::int64_t childEnd = 0;
        while (!frame.children.empty() && next == kNoNode) {
            const NodeId c = frame.children.back();
            frame.children.pop_back();
            childEnd = nodes[c].endNs();
            if (childEnd <= frame.cursor) {
                next = c;
            } else if (childEnd > nodes[frame.node].endNs() && frame.cursor == std::min(nodes[frame.node].endNs(), frame.to)) {
                // Only a child that outlives the whole span is cut; one that overlaps a later child was not waited for.
                childEnd = frame.cursor;
                next = c;
            }
        }
        if (next == kNoNode || frame.cursor <= frame.from) {
            add(frame.node, frame.from, frame.cursor);
            stack.pop_back();
            continue;
        }
        add(frame.node, childEnd, frame.cursor);
        const std::int64_t childStart = std::max(nodes[next].startNs, frame.from);
        frame.cursor = childStart;
        stack.push_back(open(nodes, next, childStart, childEnd));  // invalidates `frame`
    }
    std::ranges::reverse(pieces);
    std::ranges::stable_sort(pieces, {}, &CriticalPiece::fromNs);
    return pieces;
}

}  // namespace spanreel::trace
