// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/analysis/service_map.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

namespace spanreel::analysis {
namespace {

using store::SpanKind;
using store::SpanView;

bool isKind(const SpanView& s, SpanKind kind) { return s.kind() == static_cast<std::int32_t>(kind); }

std::int64_t nearestRank(const std::vector<std::int64_t>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()) + 0.999999);
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

/// Gathers nodes and edges by key; `finish` sorts them and computes percentiles. A span counts as often as it was recorded.
class MapBuilder {
public:
    std::uint32_t node(std::string_view name, PeerKind kind, store::ServiceId service) {
        const auto [it, isNew] = m_nodeIndex.try_emplace({static_cast<int>(kind), std::string(name)}, static_cast<std::uint32_t>(m_nodes.size()));
        if (isNew) {
            MapNode n;
            n.name = std::string(name);
            n.kind = kind;
            n.service = service;
            m_nodes.push_back(std::move(n));
            m_entry.emplace_back();
        }
        return it->second;
    }
    void count(std::uint32_t node, const trace::Node& span) {
        m_nodes[node].spans += span.copies;
        if (span.has(trace::kError)) m_nodes[node].errors += span.copies;
    }
    void entered(std::uint32_t node, const trace::Node& span) { m_entry[node].insert(m_entry[node].end(), span.copies, span.durationNs); }
    std::uint32_t call(std::uint32_t from, std::uint32_t to, const trace::Node& span, bool asynchronous) {
        const auto [it, isNew] = m_edgeIndex.try_emplace({from, to}, static_cast<std::uint32_t>(m_edges.size()));
        if (isNew) {
            m_edges.push_back({from, to});
            m_edges.back().asynchronous = true;
            m_calls.emplace_back();
        }
        MapEdge& edge = m_edges[it->second];
        edge.calls += span.copies;
        if (span.has(trace::kError)) edge.errors += span.copies;
        edge.asynchronous &= asynchronous;
        m_calls[it->second].insert(m_calls[it->second].end(), span.copies, span.durationNs);
        return it->second;
    }

    /// The finished map; `nodeOrder` and `edgeOrder` tell where a builder's node or edge went.
    ServiceMap finish(std::vector<std::uint32_t>& nodeOrder, std::vector<std::uint32_t>& edgeOrder) {
        ServiceMap map;
        std::vector<std::uint32_t> order(m_nodes.size());
        std::iota(order.begin(), order.end(), 0u);
        std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
            const bool peerA = m_nodes[a].kind != PeerKind::Service, peerB = m_nodes[b].kind != PeerKind::Service;
            return std::tie(peerA, m_nodes[a].name, m_nodes[a].kind) < std::tie(peerB, m_nodes[b].name, m_nodes[b].kind);
        });
        nodeOrder.resize(m_nodes.size());
        for (std::uint32_t i = 0; i < order.size(); ++i) {
            nodeOrder[order[i]] = i;
            auto& durations = m_entry[order[i]];
            std::ranges::sort(durations);
            MapNode n = std::move(m_nodes[order[i]]);
            n.p50Ns = nearestRank(durations, 0.50);
            n.p95Ns = nearestRank(durations, 0.95);
            map.nodes.push_back(std::move(n));
        }
        std::vector<std::uint32_t> edges(m_edges.size());
        std::iota(edges.begin(), edges.end(), 0u);
        for (MapEdge& e : m_edges) {
            e.from = nodeOrder[e.from];
            e.to = nodeOrder[e.to];
        }
        std::ranges::sort(edges, [&](std::uint32_t a, std::uint32_t b) { return std::tie(m_edges[a].from, m_edges[a].to) < std::tie(m_edges[b].from, m_edges[b].to); });
        edgeOrder.resize(m_edges.size());
        for (std::uint32_t i = 0; i < edges.size(); ++i) {
            edgeOrder[edges[i]] = i;
            auto& durations = m_calls[edges[i]];
            std::ranges::sort(durations);
            MapEdge e = m_edges[edges[i]];
            e.p50Ns = nearestRank(durations, 0.50);
            e.p95Ns = nearestRank(durations, 0.95);
            e.p99Ns = nearestRank(durations, 0.99);
            map.edges.push_back(e);
        }
        return map;
    }

private:
    std::vector<MapNode> m_nodes;
    std::vector<std::vector<std::int64_t>> m_entry;
    std::map<std::pair<int, std::string>, std::uint32_t> m_nodeIndex;
    std::vector<MapEdge> m_edges;
    std::vector<std::vector<std::int64_t>> m_calls;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> m_edgeIndex;
};

/// The service of the span a link points at, in this trace or another of the session.
std::optional<store::ServiceId> serviceOfLink(const trace::Trace& trace, const store::LinkView& link) {
    if (link.traceId == trace.id()) {
        const auto node = trace.find(link.spanId);
        return node ? std::optional(trace.node(*node).service) : std::nullopt;
    }
    constexpr std::uint32_t kLongestWalk = 10000;  // a link into a giant trace is not worth a walk over it
    const auto& snapshot = trace.snapshot();
    const auto index = snapshot.findTrace(link.traceId);
    if (!index || snapshot.trace(*index).spanCount > kLongestWalk) return std::nullopt;
    for (store::RowId row = snapshot.trace(*index).lastRow; row != store::kNoRow;) {
        const auto span = snapshot.span(row);
        if (span.spanId() == link.spanId) return span.service();
        row = span.previousInTrace();
    }
    return std::nullopt;
}

/// Adds one trace to a map; the vectors of `into`, where given, take builder indexes.
void addTrace(MapBuilder& builder, const trace::Trace& trace, TraceMap* into) {
    using trace::NodeId;
    const auto& nodes = trace.nodes();
    const auto count = static_cast<NodeId>(nodes.size());
    std::vector<std::uint32_t> mapNodeOfService(trace.snapshot().services().size(), store::kNone);
    std::vector<std::uint32_t> nodeOf(count), edgeOf(count, store::kNone), peerEdgeOf(count, store::kNone);
    std::vector<bool> hasRemoteChild(count, false);
    for (NodeId n = 0; n < count; ++n) {
        const auto span = trace.span(n);
        auto& cached = mapNodeOfService[nodes[n].service];
        if (cached == store::kNone) cached = builder.node(span.serviceName(), PeerKind::Service, nodes[n].service);
        nodeOf[n] = cached;
        builder.count(cached, nodes[n]);
        const NodeId parent = nodes[n].parent;
        if (parent == trace::kNoNode || nodes[parent].service != nodes[n].service) builder.entered(cached, nodes[n]);
        if (parent != trace::kNoNode && nodes[parent].service != nodes[n].service) {
            hasRemoteChild[parent] = true;
            edgeOf[n] = builder.call(nodeOf[parent], cached, nodes[n], isKind(span, SpanKind::Consumer));
        }
        for (std::size_t l = 0; l < span.linkCount(); ++l) {
            const auto link = span.link(l);
            if (!isKind(span, SpanKind::Consumer) || edgeOf[n] != store::kNone) break;
            const auto from = serviceOfLink(trace, link);
            if (!from || *from == nodes[n].service) continue;
            const std::uint32_t fromNode = builder.node(trace.snapshot().services()[*from].name, PeerKind::Service, *from);
            edgeOf[n] = builder.call(fromNode, cached, nodes[n], true);
        }
    }
    for (NodeId n = 0; n < count; ++n) {
        const auto span = trace.span(n);
        const bool client = isKind(span, SpanKind::Client), producer = isKind(span, SpanKind::Producer);
        if ((!client && !producer) || hasRemoteChild[n]) continue;
        const Peer peer = peerOf(span);
        if (peer.name.empty()) continue;
        const std::uint32_t peerNode = builder.node(peer.name, peer.kind, 0);
        builder.count(peerNode, nodes[n]);
        builder.entered(peerNode, nodes[n]);
        peerEdgeOf[n] = builder.call(nodeOf[n], peerNode, nodes[n], producer);
    }
    if (!into) return;
    into->nodeOfSpan = std::move(nodeOf);
    into->edgeOfSpan = std::move(edgeOf);
    into->peerEdgeOfSpan = std::move(peerEdgeOf);
}

}  // namespace

Peer peerOf(const SpanView& span) {
    const auto attributes = span.attributes();
    const auto text = [&](std::initializer_list<std::string_view> keys) -> std::string_view {
        for (const auto key : keys)
            if (const auto value = attributes.text(key); !value.empty()) return value;
        return {};
    };
    if (const auto service = attributes.text("peer.service"); !service.empty()) {
        const bool database = !text({"db.system.name", "db.system"}).empty();
        const bool queue = !text({"messaging.system"}).empty();
        return {std::string(service), database ? PeerKind::Database : queue ? PeerKind::Queue : PeerKind::External};
    }
    const auto address = text({"server.address", "net.peer.name", "net.peer.ip", "network.peer.address", "http.host"});
    if (const auto system = text({"db.system.name", "db.system"}); !system.empty()) {
        const auto space = text({"db.namespace", "db.name"});
        std::string name(system);
        if (!space.empty()) name += " " + std::string(space);
        else if (!address.empty()) name += " " + std::string(address);
        return {name, PeerKind::Database};
    }
    if (const auto system = text({"messaging.system"}); !system.empty()) {
        const auto destination = text({"messaging.destination.name", "messaging.destination"});
        return {destination.empty() ? std::string(system) : std::string(system) + " " + std::string(destination), PeerKind::Queue};
    }
    if (!address.empty()) return {std::string(address), PeerKind::External};
    if (const auto system = text({"rpc.service"}); !system.empty()) return {std::string(system), PeerKind::External};
    return {};
}

TraceMap mapOfTrace(const trace::Trace& trace) {
    MapBuilder builder;
    TraceMap out;
    addTrace(builder, trace, &out);
    std::vector<std::uint32_t> nodeOrder, edgeOrder;
    out.map = builder.finish(nodeOrder, edgeOrder);
    out.map.traces = 1;
    for (auto& n : out.nodeOfSpan) n = nodeOrder[n];
    for (auto* edges : {&out.edgeOfSpan, &out.peerEdgeOfSpan})
        for (auto& e : *edges)
            if (e != store::kNone) e = edgeOrder[e];
    return out;
}

ServiceMap mapOfSession(store::SnapshotPtr snapshot, const std::vector<TraceId>* only, std::stop_token stop) {
    MapBuilder builder;
    std::uint64_t traces = 0;
    const auto add = [&](TraceId id) {
        if (auto trace = trace::Trace::assemble(snapshot, id, stop)) {
            addTrace(builder, **trace, nullptr);
            ++traces;
        }
    };
    if (only) {
        for (const TraceId id : *only) {
            if (stop.stop_requested()) return {};
            add(id);
        }
    } else {
        for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
            if (stop.stop_requested()) return {};
            if (snapshot->trace(t).spanCount) add(snapshot->trace(t).id);
        }
    }
    std::vector<std::uint32_t> nodeOrder, edgeOrder;
    ServiceMap map = builder.finish(nodeOrder, edgeOrder);
    map.traces = traces;
    return map;
}

}  // namespace spanreel::analysis
