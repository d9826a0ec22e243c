// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/map_words.h"

#include <QCoreApplication>
#include <QLocale>

#include "model/core/text.h"
#include "model/core/time_format.h"

namespace spanreel::views {

using analysis::PeerKind;

namespace {
/// Translations of this file; the name is their context.
struct MapText {
    Q_DECLARE_TR_FUNCTIONS(MapText)
};
QString duration(std::int64_t ns) { return QString::fromStdString(formatDuration(ns)); }
QString number(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }
QString share(double part) { return part * 100 < 0.1 && part > 0 ? MapText::tr("under 0.1 %") : MapText::tr("%1 %").arg(QLocale().toString(part * 100, 'g', 3)); }
double ratio(std::uint64_t part, std::uint64_t all) { return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all); }

QString edgeLine(const analysis::MapEdge& edge) {
    QString line = edge.calls == 1 ? MapText::tr("1 call, %1").arg(duration(edge.p50Ns)) : MapText::tr("%1 calls, p50 %2, p95 %3").arg(number(edge.calls), duration(edge.p50Ns), duration(edge.p95Ns));
    return edge.errors > 0 ? MapText::tr("%1, ✕ %2 errors").arg(line, number(edge.errors)) : line;
}
}  // namespace

MapWords translatedMapWords() {
    MapWords words = MapWords::english();
    words.spans = [](std::uint64_t n) { return (n == 1 ? MapText::tr("1 span") : MapText::tr("%1 spans").arg(number(n))).toStdString(); };
    words.calls = [](std::uint64_t n) { return (n == 1 ? MapText::tr("1 call") : MapText::tr("%1 calls").arg(number(n))).toStdString(); };
    words.errors = [](std::uint64_t n) { return (n == 1 ? MapText::tr("1 error") : MapText::tr("%1 errors").arg(number(n))).toStdString(); };
    words.inFlight = [](std::uint64_t n) { return MapText::tr("%1 in flight").arg(number(n)).toStdString(); };
    words.leftOut = [](std::uint64_t n) { return (n == 1 ? MapText::tr("The text of 1 call is left out for want of room.") : MapText::tr("The texts of %1 calls are left out for want of room.").arg(number(n))).toStdString(); };
    words.errorShare = [](double part) { return share(part).toStdString(); };
    words.durations = [](std::int64_t p50, std::int64_t p95) { return MapText::tr("p50 %1 · p95 %2").arg(duration(p50), duration(p95)).toStdString(); };
    words.noName = MapText::tr("(no service name)").toStdString();
    words.database = MapText::tr("database").toStdString();
    words.queue = MapText::tr("queue").toStdString();
    words.external = MapText::tr("external").toStdString();
    words.title = MapText::tr("Service map").toStdString();
    return words;
}

QString mapNodeName(const analysis::MapNode& node) {
    return node.name.empty() ? MapText::tr("(no service name)") : QString::fromStdString(escapeControls(node.name));
}

QString describeNode(const analysis::ServiceMap& map, std::uint32_t n) {
    constexpr int kMostListed = 40;
    const auto& node = map.nodes[n];
    QStringList lines{mapNodeName(node)};
    switch (node.kind) {
        case PeerKind::Service: lines << (node.spans == 1 ? MapText::tr("Service with 1 span.") : MapText::tr("Service with %1 spans.").arg(number(node.spans))); break;
        case PeerKind::Database: lines << MapText::tr("Database, known only from its %1 callers' spans.").arg(number(node.spans)); break;
        case PeerKind::Queue: lines << MapText::tr("Queue, known only from its %1 callers' spans.").arg(number(node.spans)); break;
        case PeerKind::External: lines << MapText::tr("External host, known only from its %1 callers' spans.").arg(number(node.spans)); break;
    }
    lines << (node.errors > 0 ? MapText::tr("✕ %1 errors (%2).").arg(number(node.errors), share(ratio(node.errors, node.spans))) : MapText::tr("No errors."));
    lines << MapText::tr("Answers within %1 (p50) and %2 (p95).").arg(duration(node.p50Ns), duration(node.p95Ns));
    QStringList callers, callees;
    for (const auto& edge : map.edges) {
        if (edge.to == n && callers.size() < kMostListed) callers << MapText::tr("%1: %2").arg(mapNodeName(map.nodes[edge.from]), edgeLine(edge));
        if (edge.from == n && callees.size() < kMostListed) callees << MapText::tr("%1: %2").arg(mapNodeName(map.nodes[edge.to]), edgeLine(edge));
    }
    if (!callers.isEmpty()) lines << QString() << MapText::tr("Called by") << callers;
    if (!callees.isEmpty()) lines << QString() << MapText::tr("Calls") << callees;
    return lines.join(QLatin1Char('\n'));
}

QString describeEdge(const analysis::ServiceMap& map, std::uint32_t e) {
    const auto& edge = map.edges[e];
    QStringList lines{MapText::tr("%1 calls %2").arg(mapNodeName(map.nodes[edge.from]), mapNodeName(map.nodes[edge.to]))};
    lines << (edge.calls == 1 ? MapText::tr("1 call.") : MapText::tr("%1 calls.").arg(number(edge.calls)));
    lines << (edge.errors > 0 ? MapText::tr("✕ %1 errors (%2).").arg(number(edge.errors), share(ratio(edge.errors, edge.calls))) : MapText::tr("No errors."));
    lines << MapText::tr("Took %1 (p50), %2 (p95), %3 (p99).").arg(duration(edge.p50Ns), duration(edge.p95Ns), duration(edge.p99Ns));
    if (edge.asynchronous) lines << MapText::tr("Asynchronous: joined by links or by producer and consumer spans.");
    return lines.join(QLatin1Char('\n'));
}

}  // namespace spanreel::views
