// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "model/trace/trace.h"

namespace spanreel::trace {
namespace {

/// A span being walked back. Its children not looked at yet lie in a vector all frames share, from `children` on: by end,
/// the latest last. Those of the frames above it on the stack come behind and are gone when it goes on.
struct Frame {
    NodeId node;
    std::int64_t from;    ///< nothing before this counts
    std::int64_t to;      ///< where the walk began
    std::int64_t cursor;  ///< everything from here on is explained
    std::size_t children;
};

Frame open(const Nodes& nodes, NodeId node, std::int64_t from, std::int64_t to, std::vector<NodeId>& children) {
    Frame frame{node, from, to, to, children.size()};
    for (NodeId c = node + 1; c < nodes[node].subtreeEnd; c = nodes[c].subtreeEnd) {
        if (nodes[c].has(kNoTime) || nodes[c].startNs >= to || nodes[c].endNs() <= from || nodes[c].durationNs == 0) continue;
        children.push_back(c);
    }
    std::sort(children.begin() + static_cast<std::ptrdiff_t>(frame.children), children.end(), [&](NodeId a, NodeId b) {
        const std::int64_t ea = std::min(nodes[a].endNs(), to), eb = std::min(nodes[b].endNs(), to);
        return ea != eb ? ea < eb : nodes[a].startNs > nodes[b].startNs;
    });
    return frame;
}

}  // namespace

std::vector<CriticalPiece> computeCriticalPath(const Nodes& nodes, NodeId root) {
    std::vector<CriticalPiece> pieces;
    if (root >= nodes.size() || nodes[root].has(kNoTime)) return pieces;
    const auto add = [&](NodeId node, std::int64_t from, std::int64_t to) {
        if (to > from) pieces.push_back({node, from, to});
    };
    std::vector<Frame> stack;
    std::vector<NodeId> children;
    stack.push_back(open(nodes, root, nodes[root].startNs, nodes[root].endNs(), children));
    while (!stack.empty()) {
        Frame& frame = stack.back();
        NodeId next = kNoNode;
        std::int64_t childEnd = 0;
        while (children.size() > frame.children && next == kNoNode) {
            const NodeId c = children.back();
            children.pop_back();
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
            children.resize(frame.children);
            stack.pop_back();
            continue;
        }
        add(frame.node, childEnd, frame.cursor);
        const std::int64_t childStart = std::max(nodes[next].startNs, frame.from);
        frame.cursor = childStart;
        stack.push_back(open(nodes, next, childStart, childEnd, children));  // invalidates `frame`
    }
    std::ranges::reverse(pieces);
    if (!std::ranges::is_sorted(pieces, {}, &CriticalPiece::fromNs)) std::ranges::stable_sort(pieces, {}, &CriticalPiece::fromNs);
    return pieces;
}

}  // namespace spanreel::trace
