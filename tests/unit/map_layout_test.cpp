// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <variant>

#include "model/replay/in_flight.h"
#include "tests/unit/test_batch.h"
#include "views/service_map/map_flow.h"
#include "views/service_map/map_fold.h"
#include "views/service_map/map_picture.h"

namespace {

using namespace spanreel;
using namespace spanreel::views;
using spanreel::test::TestBatch;

MapGraph graphOf(std::size_t nodes, std::vector<std::pair<std::uint32_t, std::uint32_t>> edges) {
    MapGraph graph;
    for (std::size_t i = 0; i < nodes; ++i) {
        graph.nodes.push_back({160, 62});
        graph.keys.push_back("service/" + std::to_string(i));
    }
    for (const auto& [from, to] : edges) graph.edges.push_back({from, to, {90, 28}});
    return graph;
}

bool overlaps(const geometry::Rect& a, const geometry::Rect& b) { return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom(); }

void expectSound(const MapLayout& layout, const MapGraph& graph) {
    ASSERT_EQ(layout.nodes.size(), graph.nodes.size());
    ASSERT_EQ(layout.edges.size(), graph.edges.size());
    for (std::size_t a = 0; a < layout.nodes.size(); ++a) {
        EXPECT_GE(layout.nodes[a].x, 0);
        EXPECT_LE(layout.nodes[a].right(), layout.width);
        EXPECT_LE(layout.nodes[a].bottom(), layout.height);
        for (std::size_t b = a + 1; b < layout.nodes.size(); ++b) EXPECT_FALSE(overlaps(layout.nodes[a], layout.nodes[b])) << a << " and " << b;
    }
    for (const auto& edge : layout.edges) EXPECT_GE(edge.points.size(), 2u);
}

analysis::ServiceMap denseMap(std::uint32_t nodes) {
    analysis::ServiceMap map;
    for (std::uint32_t n = 0; n < nodes; ++n) map.nodes.push_back({.name = "s" + std::to_string(n), .spans = n + 1});
    for (std::uint32_t from = 0; from < nodes; ++from)
        for (std::uint32_t to = 0; to < nodes; ++to)
            if (from != to && (from + to) % 3) map.edges.push_back({.from = from, .to = to, .calls = (from * 7 + to * 13) % 97 + 1, .errors = from == 1 && to == 4 ? 1u : 0u});
    return map;
}

TEST(FoldEdges, KeepsTheBusiestAndLeavesNobodyAlone) {
    auto map = denseMap(40);
    const auto whole = map;
    const auto away = foldEdges(map);
    EXPECT_EQ(map.nodes.size(), whole.nodes.size());
    EXPECT_LE(map.edges.size(), kReadableEdges);
    EXPECT_EQ(map.edges.size() + away.edges, whole.edges.size());
    std::uint64_t calls = away.calls, all = 0;
    std::set<std::uint32_t> joined;
    bool failed = false;
    for (const auto& e : map.edges) {
        calls += e.calls;
        joined.insert(e.from);
        joined.insert(e.to);
        failed = failed || e.errors > 0;
    }
    for (const auto& e : whole.edges) all += e.calls;
    EXPECT_EQ(calls, all);
    EXPECT_EQ(joined.size(), whole.nodes.size());
    EXPECT_TRUE(failed) << "what failed is never folded before what did not";
    auto small = denseMap(4);
    const auto before = small.edges.size();
    EXPECT_EQ(foldEdges(small).edges, 0u);
    EXPECT_EQ(small.edges.size(), before);
}

TEST(MapPicture, TextsOfEdgesLieOnNothing) {
    const auto map = denseMap(12);
    const auto graph = mapGraph(map, MapWords::english());
    const auto layout = layeredLayout(graph);
    const auto picture = mapPicture(map, layout, MapWords::english());
    std::vector<geometry::Rect> texts;
    std::size_t lastText = 0, firstNode = 0, at = 0;
    for (const auto& item : picture.shapes) {
        ++at;
        const auto* box = std::get_if<geometry::Box>(&item);
        if (!box) continue;
        if (box->rect.height == 28 && box->ink.tone == geometry::Tone::Page) {
            texts.push_back(box->rect);
            lastText = at;
        } else if (!firstNode) {
            firstNode = at;
        }
    }
    ASSERT_GT(texts.size(), 3u);
    EXPECT_LT(texts.size(), map.edges.size());
    EXPECT_LT(lastText, firstNode);
    for (std::size_t a = 0; a < texts.size(); ++a) {
        for (std::size_t b = a + 1; b < texts.size(); ++b) EXPECT_FALSE(overlaps(texts[a], texts[b]));
        for (const auto& node : layout.nodes) EXPECT_FALSE(overlaps(texts[a], node));
    }
}

TEST(LayeredLayout, CallersAreLeftOfCallees) {
    const auto graph = graphOf(5, {{0, 1}, {1, 2}, {0, 2}, {2, 3}, {1, 4}});
    const auto layout = layeredLayout(graph);
    expectSound(layout, graph);
    for (const auto& edge : graph.edges) EXPECT_LT(layout.nodes[edge.from].right(), layout.nodes[edge.to].x);
}

TEST(LayeredLayout, CyclesLoopsAndLoneNodesArePlaced) {
    const auto graph = graphOf(6, {{0, 1}, {1, 2}, {2, 0}, {3, 3}, {1, 0}});
    expectSound(layeredLayout(graph), graph);
    EXPECT_TRUE(layeredLayout(graphOf(0, {})).nodes.empty());
}

TEST(LayeredLayout, AChainOfManyThousandsNeedsNoRecursion) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
    for (std::uint32_t i = 0; i + 1 < 50000; ++i) edges.emplace_back(i, i + 1);
    const auto graph = graphOf(50000, std::move(edges));
    const auto layout = layeredLayout(graph);
    EXPECT_LT(layout.nodes.front().x, layout.nodes.back().x);
}

TEST(LayeredLayout, LinesEndAtTheirNodes) {
    const auto graph = graphOf(3, {{0, 1}, {0, 2}});
    const auto layout = layeredLayout(graph);
    for (std::size_t e = 0; e < graph.edges.size(); ++e) {
        EXPECT_DOUBLE_EQ(layout.edges[e].points.front().x, layout.nodes[graph.edges[e].from].right());
        EXPECT_DOUBLE_EQ(layout.edges[e].points.back().x, layout.nodes[graph.edges[e].to].x);
    }
}

TEST(ExtendLayout, KnownNodesKeepTheirPlaces) {
    const auto before = graphOf(3, {{0, 1}, {1, 2}});
    const auto old = layeredLayout(before);
    auto after = graphOf(6, {{0, 1}, {1, 2}, {1, 3}, {4, 0}, {3, 5}});
    std::swap(after.keys[0], after.keys[5]);  // names sort anew when services come
    for (auto& edge : after.edges) {
        for (auto* end : {&edge.from, &edge.to}) *end = *end == 0 ? 5 : *end == 5 ? 0 : *end;
    }
    const auto layout = extendLayout(old, after);
    expectSound(layout, after);
    for (std::size_t a = 0; a < after.keys.size(); ++a)
        for (std::size_t b = 0; b < before.keys.size(); ++b)
            if (after.keys[a] == before.keys[b]) {
                EXPECT_EQ(layout.nodes[a].x, old.nodes[b].x);
                EXPECT_EQ(layout.nodes[a].y, old.nodes[b].y);
            }
}

TEST(Dot, SourceHoldsNoTextOfTheTrace) {
    auto graph = graphOf(2, {{0, 1}});
    graph.keys[0] = "service/\"];evil[label=<b>x</b>";
    const auto source = dotSource(graph);
    EXPECT_EQ(source.find("evil"), std::string::npos);
    EXPECT_NE(source.find("0->1"), std::string::npos);
}

TEST(Dot, ReadsPlainOutput) {
    const auto graph = graphOf(2, {{0, 1}});
    MapLayout layout;
    ASSERT_TRUE(readDotPlain("graph 1 6 2\nnode 0 1 1.5 2.2 0.8 \"\" solid box black lightgrey\nnode 1 4 0.5 2.2 0.8 \"\" solid box black lightgrey\n"
                             "edge 0 1 4 2 1.5 2.5 1.5 3 0.5 3.5 0.5 000 2.5 1 solid black\nstop\n",
                             graph, layout));
    EXPECT_TRUE(layout.byDot);
    EXPECT_DOUBLE_EQ(layout.nodes[0].x + layout.nodes[0].width / 2, 72 + 12);
    EXPECT_DOUBLE_EQ(layout.nodes[0].y + layout.nodes[0].height / 2, 36 + 12);
    EXPECT_DOUBLE_EQ(layout.edges[0].points.back().x, 3.5 * 72 + 12);
    EXPECT_DOUBLE_EQ(layout.edges[0].label.x, 2.5 * 72 + 12);
}

TEST(Dot, IncompleteOrOddAnswersAreRefused) {
    const auto graph = graphOf(2, {{0, 1}});
    MapLayout layout;
    for (const char* bad : {"", "graph 1 6 2\nstop\n", "graph 1 6 2\nnode 7 1 1 1 1\n", "graph 1 6 2\nnode 0 nan 1\n", "graph x\n",
                            "graph 1 6 2\nnode 0 1 1 1 1\nnode 1 1 1 1 1\nedge 0 1 999999999 1 1\n", "graph 1 6 2\nnode 0 1 1 1 1\nnode 1 1 1 1 1\nedge 1 0 2 1 1 2 2\n"})
        EXPECT_FALSE(readDotPlain(bad, graph, layout)) << bad;
}

analysis::ServiceMap smallMap() {
    analysis::ServiceMap map;
    map.nodes = {{"cart", analysis::PeerKind::Service, 1, 10, 2, 1000, 2000}, {"", analysis::PeerKind::Service, 0, 1, 0, 5, 5}, {"postgres", analysis::PeerKind::Database, 0, 8, 0, 7, 9}};
    map.edges.push_back({0, 2, 8, 2, 1'000'000, 2'000'000, 3'000'000, false});
    return map;
}

bool hasLabel(const geometry::Picture& picture, const std::string& part) {
    for (const auto& shape : picture.shapes)
        if (const auto* label = std::get_if<geometry::Label>(&shape))
            if (label->text.find(part) != std::string::npos) return true;
    return false;
}

TEST(MapPicture, TellsEveryFigureInWords) {
    const auto map = smallMap();
    const auto words = MapWords::english();
    const auto layout = layeredLayout(mapGraph(map, words));
    const auto picture = mapPicture(map, layout, words);
    for (const char* part : {"cart", "(no service name)", "postgres", "database · 8 calls", "10 spans", "2 errors", "8 calls · ✕ 25 %", "p50 1.00 ms · p95 2.00 ms"})
        EXPECT_TRUE(hasLabel(picture, part)) << part;
    MapDrawing drawing;
    drawing.nodeInFlight = {3, 0, 0};
    drawing.edgeInFlight = {1};
    const auto lit = mapPicture(map, layout, words, drawing);
    EXPECT_TRUE(hasLabel(lit, "3 in flight"));
    EXPECT_TRUE(hasLabel(lit, "1 in flight"));
}

/// Edges whose lines meet where the layout has their texts.
MapLayout crowdedLayout() {
    MapLayout layout;
    layout.width = 700;
    layout.height = 400;
    layout.nodes = {{0, 0, 100, 60}, {600, 340, 100, 60}, {0, 340, 100, 60}, {600, 0, 100, 60}};
    layout.edges = {{{{100, 30}, {600, 370}}, {350, 200}}, {{{100, 370}, {600, 30}}, {350, 200}}};
    return layout;
}

TEST(MapPicture, ATextWithoutRoomGoesElsewhereOnItsLine) {
    analysis::ServiceMap map;
    for (const char* const name : {"a", "b", "c", "d"}) map.nodes.push_back({.name = name, .spans = 1});
    map.edges = {{.from = 0, .to = 1, .calls = 7}, {.from = 2, .to = 3, .calls = 6}};
    auto layout = crowdedLayout();
    const auto picture = mapPicture(map, layout, MapWords::english());
    EXPECT_TRUE(hasLabel(picture, "7 calls"));
    EXPECT_TRUE(hasLabel(picture, "6 calls"));
    EXPECT_FALSE(hasLabel(picture, "left out"));
    EXPECT_EQ(picture.height, 400);
    // Two lines beside each other: the text stands above its own.
    layout.edges = {{{{345, 230}, {355, 230}}, {350, 230}}, {{{345, 210}, {355, 210}}, {350, 210}}};
    const auto beside = mapPicture(map, layout, MapWords::english());
    EXPECT_TRUE(hasLabel(beside, "7 calls"));
    EXPECT_TRUE(hasLabel(beside, "6 calls"));
    layout = crowdedLayout();
    // Where no place is left it is said, and the line has it on hover.
    layout.edges[1].points = {{345, 200}, {355, 200}};
    layout.edges[1].label = {350, 200};
    const auto crowded = mapPicture(map, layout, MapWords::english());
    EXPECT_FALSE(hasLabel(crowded, "6 calls"));
    EXPECT_TRUE(hasLabel(crowded, "The text of 1 call is left out for want of room."));
    EXPECT_GT(crowded.height, 400);
    EXPECT_NE(geometry::toSvg(crowded, [](const geometry::Ink&) { return "#000000"; }).find("<title>c → d · 6 calls · p50 "), std::string::npos);
}

TEST(MapPicture, WhatIsLeftOutIsToldWhole) {
    analysis::ServiceMap map;
    for (const char* const name : {"a", "b"}) map.nodes.push_back({.name = name, .spans = 1});
    map.edges = {{.from = 0, .to = 1, .calls = 7}};
    MapLayout layout;
    layout.width = 150;
    layout.height = 140;
    layout.nodes = {{0, 0, 150, 62}, {0, 78, 150, 62}};
    layout.edges = {{{{75, 62}, {75, 78}}, {75, 70}}};
    const auto words = MapWords::english();
    const auto picture = mapPicture(map, layout, words);
    ASSERT_TRUE(hasLabel(picture, "left out"));
    EXPECT_GT(picture.width, geometry::approximateTextWidth(words.leftOut(1), geometry::Face::Small) + 6);
}

TEST(MapPicture, OnlyAWrittenOneTellsOnHover) {
    const auto map = smallMap();
    auto words = MapWords::english();
    const auto layout = layeredLayout(mapGraph(map, words));
    const auto told = [](const geometry::Picture& picture) {
        return std::ranges::count_if(picture.shapes, [](const geometry::Shape& shape) {
            const auto* line = std::get_if<geometry::Stroke>(&shape);
            return line && !line->title.empty();
        });
    };
    EXPECT_EQ(told(mapPicture(map, layout, words)), static_cast<std::ptrdiff_t>(map.edges.size()));
    MapDrawing drawing;
    drawing.titles = false;
    EXPECT_EQ(told(mapPicture(map, layout, words, drawing)), 0);
    drawing.texts = false;
    words.durations = [](std::int64_t, std::int64_t) -> std::string { throw std::logic_error("a text is made that nobody sees"); };
    (void)mapPicture(map, layout, words, drawing);
}

TEST(MapPicture, WhatIsLeftOutIsCounted) {
    const auto map = denseMap(12);
    const auto picture = mapPicture(map, layeredLayout(mapGraph(map, MapWords::english())), MapWords::english());
    const auto texts = std::ranges::count_if(picture.shapes, [](const geometry::Shape& shape) {
        const auto* box = std::get_if<geometry::Box>(&shape);
        return box && box->rect.height == 28 && box->ink.tone == geometry::Tone::Page;
    });
    EXPECT_TRUE(hasLabel(picture, "The texts of " + std::to_string(map.edges.size() - static_cast<std::size_t>(texts)) + " calls are left out")) << texts;
}

trace::TracePtr smallTrace(store::TraceStore& store) {
    TestBatch()
        .span({.id = 1, .service = "front", .name = "GET", .start = 0, .end = 100})
        .span({.id = 2, .parent = 1, .service = "cart", .name = "load", .start = 10, .end = 60})
        .span({.id = 3, .parent = 2, .service = "cart", .name = "SELECT", .start = 20, .end = 40, .kind = 3, .attributes = {{"db.system", "postgresql"}, {"server.address", "pg"}}})
        .span({.id = 4, .parent = 1, .service = "cart", .name = "instant", .start = 70, .end = 70})
        .into(store);
    return *trace::Trace::assemble(store.snapshot(), TraceId{0, 1});
}

TEST(InFlight, CountsAgreeWithALoopOverAllSpans) {
    store::TraceStore store;
    const auto trace = smallTrace(store);
    const replay::OpenSpans open(*trace);
    for (std::int64_t t = 0; t <= 101; ++t) {
        std::vector<trace::NodeId> expected;
        for (trace::NodeId n = 0; n < trace->nodes().size(); ++n)
            if (trace->node(n).startNs <= t && t < trace->node(n).endNs()) expected.push_back(n);
        auto found = open.at(t, 100);
        std::sort(found.begin(), found.end());
        EXPECT_EQ(found, expected) << t;
        EXPECT_EQ(open.countAt(t), expected.size()) << t;
        EXPECT_LE(open.at(t, 1).size(), 1u);
    }
}

TEST(MapFlow, LightsServicesPeersAndEdges) {
    store::TraceStore store;
    const auto trace = smallTrace(store);
    const auto own = analysis::mapOfTrace(*trace);
    const MapFlow flow(*trace, own, own.map);
    std::vector<std::uint32_t> nodes, edges;
    flow.at(30, nodes, edges);
    ASSERT_EQ(nodes.size(), own.map.nodes.size());
    ASSERT_EQ(edges.size(), 2u);
    for (std::size_t n = 0; n < nodes.size(); ++n) EXPECT_EQ(nodes[n], own.map.nodes[n].name == "cart" ? 2u : 1u) << own.map.nodes[n].name;
    EXPECT_EQ(edges, (std::vector<std::uint32_t>{1, 1}));
    flow.at(50, nodes, edges);
    std::uint32_t lit = 0;
    for (const auto e : edges) lit += e;
    EXPECT_EQ(lit, 1u);
    flow.at(100, nodes, edges);
    for (const auto n : nodes) EXPECT_EQ(n, 0u);
}

}  // namespace
