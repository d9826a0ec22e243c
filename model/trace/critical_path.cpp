// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "model/trace/trace.h"

namespace spanreel::trace {
namespace {

constexpr std::uint32_t kAhead = 8;  ///< children whose nodes are asked for ahead

/// A child that may be on the path; its node is not looked at again while the children are sorted.
struct Child {
    std::int64_t end;  ///< the parent's walk begins no later than that
    std::int64_t start, endNs;
    NodeId node;
};

/// A span being walked back. Its children not looked at yet lie in a vector all frames share, from `children` on: by end,
/// the latest last. Those of the frames above it on the stack come behind and are gone when it goes on.
struct Frame {
    NodeId node;
    std::int64_t from;    ///< nothing before this counts
    std::int64_t to;      ///< where the walk began
    std::int64_t cursor;  ///< everything from here on is explained
    std::size_t children;
};

Frame open(const Nodes& nodes, const ChildList& list, NodeId node, std::int64_t from, std::int64_t to, std::vector<Child>& children) {
    Frame frame{node, from, to, to, children.size()};
    const std::uint32_t count = nodes[node].childCount;
    const NodeId* const ids = count ? list.nodes.data() + list.first[node] : nullptr;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i + kAhead < count) __builtin_prefetch(&nodes[ids[i + kAhead]].startNs);
        const NodeId c = ids[i];
        const Node& n = nodes[c];
        if (n.has(kNoTime) || n.startNs >= to || n.endNs() <= from || n.durationNs == 0) continue;
        children.push_back({std::min(n.endNs(), to), n.startNs, n.endNs(), c});
    }
    std::sort(children.begin() + static_cast<std::ptrdiff_t>(frame.children), children.end(), [](const Child& a, const Child& b) { return a.end != b.end ? a.end < b.end : a.start > b.start; });
    return frame;
}

}  // namespace

std::vector<CriticalPiece> computeCriticalPath(const Nodes& nodes, const ChildList& childList, NodeId root) {
    std::vector<CriticalPiece> pieces;
    if (root >= nodes.size() || nodes[root].has(kNoTime)) return pieces;
    const auto add = [&](NodeId node, std::int64_t from, std::int64_t to) {
        if (to > from) pieces.push_back({node, from, to});
    };
    std::vector<Frame> stack;
    std::vector<Child> children;
    stack.push_back(open(nodes, childList, root, nodes[root].startNs, nodes[root].endNs(), children));
    while (!stack.empty()) {
        Frame& frame = stack.back();
        NodeId next = kNoNode;
        std::int64_t childEnd = 0, childStart = 0;
        while (children.size() > frame.children && next == kNoNode) {
            const Child c = children.back();
            children.pop_back();
            childEnd = c.endNs;
            childStart = std::max(c.start, frame.from);
            if (childEnd <= frame.cursor) {
                next = c.node;
            } else if (childEnd > nodes[frame.node].endNs() && frame.cursor == std::min(nodes[frame.node].endNs(), frame.to)) {
                // Only a child that outlives the whole span is cut; one that overlaps a later child was not waited for.
                childEnd = frame.cursor;
                next = c.node;
            }
        }
        if (next == kNoNode || frame.cursor <= frame.from) {
            add(frame.node, frame.from, frame.cursor);
            children.resize(frame.children);
            stack.pop_back();
            continue;
        }
        add(frame.node, childEnd, frame.cursor);
        frame.cursor = childStart;
        stack.push_back(open(nodes, childList, next, childStart, childEnd, children));  // invalidates `frame`
    }
    std::ranges::reverse(pieces);
    if (!std::ranges::is_sorted(pieces, {}, &CriticalPiece::fromNs)) std::ranges::stable_sort(pieces, {}, &CriticalPiece::fromNs);
    return pieces;
}

}  // namespace spanreel::trace
