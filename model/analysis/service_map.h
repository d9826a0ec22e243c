// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <stop_token>
#include <vector>

#include "model/trace/trace.h"

namespace spanreel::analysis {

enum class PeerKind : std::uint8_t { Service, Database, Queue, External };

/// A service, or an uninstrumented peer that only its callers name.
struct MapNode {
    std::string name;
    PeerKind kind = PeerKind::Service;
    store::ServiceId service = 0;     ///< 0 for peers and for spans without a service name
    std::uint64_t spans = 0;          ///< spans of the service (calls, for a peer), equal copies included as everywhere
    std::uint64_t errors = 0;
    std::int64_t p50Ns = 0, p95Ns = 0;///< of the spans that enter the service (calls, for a peer)
};

/// Calls from one node to another. A call is a span whose parent is of another service, a link from producer to
/// consumer across services, or a client/producer span without a child in another service that names a peer.
struct MapEdge {
    std::uint32_t from = 0, to = 0;   ///< indexes into ServiceMap::nodes
    std::uint64_t calls = 0;          ///< equal copies included, as at the nodes
    std::uint64_t errors = 0;
    std::int64_t p50Ns = 0, p95Ns = 0, p99Ns = 0;  ///< of the called side's durations, nearest rank
    bool asynchronous = false;        ///< only joined by links or producer/consumer kinds
};

struct ServiceMap {
    std::vector<MapNode> nodes;  ///< services by name, then peers by name
    std::vector<MapEdge> edges;
    std::uint64_t traces = 0;
};

/// The map of one trace. Also tells each edge's and node's spans (for replay).
struct TraceMap {
    ServiceMap map;
    std::vector<std::uint32_t> nodeOfSpan;   ///< trace node -> map node
    std::vector<std::uint32_t> edgeOfSpan;   ///< trace node -> edge that called it, or kNone
    std::vector<std::uint32_t> peerEdgeOfSpan; ///< trace node -> edge to a peer it calls, or kNone
};

[[nodiscard]] TraceMap mapOfTrace(const trace::Trace& trace);
/// The map of the whole session (or of the listed traces only). O(spans), stoppable: for the query pool.
[[nodiscard]] ServiceMap mapOfSession(store::SnapshotPtr snapshot, const std::vector<TraceId>* only = nullptr, std::stop_token stop = {});

/// The peer a client or producer span names: peer.service, db.system(.name) with server.address, messaging.system with
/// its destination, server.address, net.peer.name, …; empty name = none.
struct Peer {
    std::string name;
    PeerKind kind = PeerKind::External;
};
[[nodiscard]] Peer peerOf(const store::SpanView& span);

}  // namespace spanreel::analysis
