// SPDX-License-Identifier: GPL-3.0-or-later
// Axis, rows, shapes and the written picture of a timeline.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "model/core/text.h"
#include "tests/unit/test_batch.h"
#include "views/geometry/svg_writer.h"
#include "views/geometry/timeline_layout.h"
#include "views/geometry/timeline_picture.h"

namespace spanreel::views::geometry {
namespace {

using test::TestBatch;
using trace::NodeId;

constexpr double kMs = 1e6, kS = 1e9;

trace::TracePtr assembled(TestBatch& batch) {
    store::TraceStore store;
    batch.into(store);
    auto trace = trace::Trace::assemble(store.snapshot(), TraceId{0, 1});
    return trace ? *trace : nullptr;
}

/// A random tree of `n` spans with errors, logs and repeated times; fixed seed.
trace::TracePtr randomTrace(std::uint32_t seed, std::uint64_t n) {
    std::mt19937 random(seed);
    TestBatch batch;
    batch.span({.id = 1, .service = "s0", .name = "root", .start = 0, .end = 1'000'000});
    for (std::uint64_t i = 2; i <= n; ++i) {
        const auto start = static_cast<std::int64_t>(random() % 900'000);
        batch.span({.id = i, .parent = 1 + random() % (i - 1), .service = "s" + std::to_string(random() % 5), .name = "op", .start = start, .end = start + static_cast<std::int64_t>(random() % 5000), .status = random() % 7 == 0 ? 2 : 0});
        if (random() % 3 == 0) batch.log({.span = i, .time = start, .severity = random() % 2 ? 17 : 9});
    }
    return assembled(batch);
}

TimelineFrame frameOf(const TimelineIndex& index, const TimelineRows& rows, std::size_t count) {
    TimelineFrame f;
    f.index = &index;
    f.rows = &rows;
    f.window = TimeWindow::whole(static_cast<double>(index.trace->durationNs()));
    f.rowCount = count;
    f.measure = approximateTextWidth;
    return f;
}

template <class T>
std::vector<T> shapesOf(const Picture& picture) {
    std::vector<T> out;
    for (const auto& shape : picture.shapes)
        if (const auto* s = std::get_if<T>(&shape)) out.push_back(*s);
    return out;
}

TEST(TimeAxis, StepsAreOneTwoFive) {
    for (double length = 100; length < 4e9; length *= 1.37) {
        const TimeScale scale{{0, length}, 0, 1000};
        const auto ticks = timeTicks(scale, 90);
        ASSERT_FALSE(ticks.ticks.empty());
        const double mantissa = ticks.stepNs / std::pow(10.0, std::floor(std::log10(ticks.stepNs) + 1e-9));
        EXPECT_TRUE(std::abs(mantissa - 1) < 1e-6 || std::abs(mantissa - 2) < 1e-6 || std::abs(mantissa - 5) < 1e-6) << ticks.stepNs;
        EXPECT_GE(ticks.stepNs / scale.nsPerPixel(), 89.9);
        EXPECT_LE(ticks.ticks.size(), 12u);
    }
}

TEST(TimeAxis, LabelsSayTheUnitAndNoMoreDigitsThanTheStep) {
    EXPECT_EQ(tickLabel(0, 200 * kMs), "0 ms");
    EXPECT_EQ(tickLabel(400 * kMs, 400 * kMs), "400 ms");
    EXPECT_EQ(tickLabel(1.2 * kS, 200 * kMs), "1.2 s");
    EXPECT_EQ(tickLabel(1.84 * kS, 20 * kMs), "1.84 s");
    EXPECT_EQ(tickLabel(8.05e3, 50), "8.05 µs");
    EXPECT_EQ(tickLabel(-50, 10), "\u221250 ns");
    EXPECT_EQ(tickLabel(90 * kS, 30 * kS), "1 min 30 s");
    EXPECT_EQ(tickLabel(7200 * kS, 3600 * kS), "2 h");
}

TEST(TimeAxis, DeepZoomTellsItsBase) {
    const auto ticks = timeTicks({{1.84e9, 1000}, 0, 1000}, 90);
    EXPECT_EQ(ticks.base, "1.84 s");
    ASSERT_FALSE(ticks.ticks.empty());
    EXPECT_EQ(ticks.ticks[1].label, "+100 ns");
    std::set<std::string> labels;
    for (const auto& t : ticks.ticks) labels.insert(t.label);
    EXPECT_EQ(labels.size(), ticks.ticks.size());
}

TEST(TimeWindow, ZoomKeepsTheAnchorAndStaysInside) {
    const double whole = 1e9;
    auto w = TimeWindow::whole(whole);
    const double anchor = 0.7e9;
    const double share = (anchor - w.fromNs) / w.lengthNs;
    for (int i = 0; i < 20; ++i) {
        w = w.zoomed(0.8, anchor, whole);
        EXPECT_NEAR((anchor - w.fromNs) / w.lengthNs, share, 1e-6);
    }
    for (int i = 0; i < 100; ++i) w = w.zoomed(0.5, anchor, whole);
    EXPECT_DOUBLE_EQ(w.lengthNs, TimeWindow::kShortest);
    for (int i = 0; i < 100; ++i) w = w.zoomed(2, anchor, whole);
    EXPECT_EQ(w, TimeWindow::whole(whole));
    EXPECT_GE(w.moved(1e12, whole).fromNs, -0.03 * whole);
    EXPECT_LE(w.moved(1e12, whole).toNs(), 1.03 * whole);
}

TEST(TimelineRows, OpenAndCloseAgreeWithARebuild) {
    const auto trace = randomTrace(7, 400);
    std::mt19937 random(3);
    TimelineRows rows(trace, Expansion{2, {}});
    for (int i = 0; i < 300; ++i) {
        const NodeId n = random() % trace->nodes().size();
        if (random() % 5 == 0) rows.reveal(n);
        else rows.setOpen(n, random() % 2);
        const TimelineRows fresh(trace, rows.expansion());
        ASSERT_EQ(rows.size(), fresh.size());
        for (std::size_t r = 0; r < rows.size(); ++r) ASSERT_EQ(rows[r], fresh[r]);
        rows.reveal(n);
        ASSERT_TRUE(rows.rowOf(n).has_value());
        ASSERT_EQ(rows[*rows.rowOf(n)], n);
    }
}

TEST(TimelineRows, LargeTracesBeginWithTheirFirstLevels) {
    const auto small = randomTrace(1, 100);
    EXPECT_EQ(TimelineRows(small, Expansion::sensible(*small)).size(), 100u);
    const auto large = randomTrace(1, 20'000);
    const TimelineRows rows(large, Expansion::sensible(*large));
    EXPECT_LT(rows.size(), 5001u);
    EXPECT_GT(rows.size(), 1u);
    TestBatch chain;
    for (std::uint64_t i = 1; i <= 100'000; ++i) chain.span({.id = i, .parent = i - 1, .start = 0, .end = 10});
    const auto deep = assembled(chain);
    TimelineRows deepRows(deep, Expansion::sensible(*deep));
    EXPECT_LT(deepRows.size(), 5001u);
    deepRows.reveal(99'999);
    EXPECT_EQ(deepRows.size(), 100'000u);
}

TEST(TimelineIndex, CountsErrorsOfSubtrees) {
    const auto trace = randomTrace(11, 500);
    const auto index = TimelineIndex::build(trace);
    for (NodeId n = 0; n < trace->nodes().size(); ++n) {
        std::uint32_t errors = 0;
        for (NodeId c = n; c < trace->node(n).subtreeEnd; ++c) errors += trace->node(c).has(trace::kError);
        ASSERT_EQ(index->errorsInSubtree(n), errors);
    }
    std::int64_t share = 0;
    for (const auto& s : index->criticalShare) share += s.criticalNs;
    EXPECT_EQ(share, index->criticalTotalNs);
    EXPECT_EQ(index->minimap.size(), TimelineIndex::kMinimapColumns);
    EXPECT_GT(index->minimapPeak, 1u);
}

TEST(TimelineLayout, FrameDependsOnRowsInViewOnly) {
    const auto trace = randomTrace(5, 20'000);
    const auto index = TimelineIndex::build(trace);
    const TimelineRows rows(trace, Expansion{});
    Picture picture;
    auto f = frameOf(*index, rows, 30);
    f.firstRow = 10'000;
    drawRows(f, picture);
    EXPECT_LT(picture.shapes.size(), 30u * 60u);
    EXPECT_GT(picture.shapes.size(), 30u * 3u);
}

/// A root with 50,000 logs and events' worth of instants paints at most about two dots a pixel, and no error dot is lost.
TEST(TimelineLayout, DenseInstantsAreOneMarkAPixelAndErrorsStay) {
    TestBatch batch;
    batch.span({.id = 1, .name = "root", .start = 0, .end = 1'000'000});
    for (int i = 0; i < 50'000; ++i) batch.log({.span = 1, .time = i * 20, .severity = i == 33'333 ? 21 : 9});
    const auto index = TimelineIndex::build(assembled(batch));
    const TimelineRows rows(index->trace, Expansion{});
    auto f = frameOf(*index, rows, 1);
    Picture picture;
    drawRows(f, picture);
    const auto marks = shapesOf<Mark>(picture);
    EXPECT_LT(marks.size(), 2 * f.metrics.laneRight + 10);
    EXPECT_GT(marks.size(), 300u);
    EXPECT_EQ(std::count_if(marks.begin(), marks.end(), [](const Mark& m) { return m.kind == MarkKind::Dot && m.ink.tone == Tone::Error; }), 1);
}

TEST(TimelineLayout, BarsAreNeverThinnerThanAPixelNorOutsideTheLane) {
    const auto trace = randomTrace(9, 300);
    TimelineMetrics metrics;
    std::mt19937 random(2);
    for (int i = 0; i < 200; ++i) {
        const TimeWindow window{static_cast<double>(random() % 900'000), 20.0 + random() % 100'000};
        const auto scale = metrics.scale(window);
        for (NodeId n = 0; n < trace->nodes().size(); ++n) {
            const auto rect = barRect(trace->node(n), metrics, window, 0);
            if (!rect) continue;
            ASSERT_GE(rect->width, 1.0);
            ASSERT_GE(rect->x, scale.x - 6);
            ASSERT_LE(rect->right(), scale.x + scale.width + 6);
        }
    }
}

TEST(TimelineLayout, ErrorsAreMarkedByMoreThanColour) {
    TestBatch batch;
    batch.span({.id = 1, .start = 0, .end = 1000}).span({.id = 2, .parent = 1, .start = 100, .end = 600, .status = 2});
    const auto index = TimelineIndex::build(assembled(batch));
    const TimelineRows rows(index->trace, Expansion{});
    Picture picture;
    drawRows(frameOf(*index, rows, 2), picture);
    const auto boxes = shapesOf<Box>(picture);
    EXPECT_TRUE(std::any_of(boxes.begin(), boxes.end(), [](const Box& b) { return b.fill == Fill::Hatch && b.ink.tone == Tone::Error; }));
    const auto marks = shapesOf<Mark>(picture);
    EXPECT_GE(std::count_if(marks.begin(), marks.end(), [](const Mark& m) { return m.kind == MarkKind::Cross; }), 2);
}

TEST(TimelineLayout, ClosedRowsTellWhatTheyHide) {
    const auto trace = randomTrace(4, 1204);
    const auto index = TimelineIndex::build(trace);
    const TimelineRows rows(trace, Expansion{0, {}});
    ASSERT_EQ(rows.size(), 1u);
    Picture picture;
    drawRows(frameOf(*index, rows, 1), picture);
    const auto labels = shapesOf<Label>(picture);
    EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const Label& l) { return l.text == "+1\u2009203"; }));
    EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const Label& l) { return l.text.find("✕") != std::string::npos && l.ink.tone == Tone::Error; }));
}

TEST(TimelineLayout, HitTestFindsDisclosureTreeAndBar) {
    TestBatch batch;
    batch.span({.id = 1, .start = 0, .end = 1000}).span({.id = 2, .parent = 1, .start = 500, .end = 600});
    const auto index = TimelineIndex::build(assembled(batch));
    const TimelineRows rows(index->trace, Expansion{});
    const auto f = frameOf(*index, rows, 2);
    EXPECT_EQ(hitTest(f, TimelineMetrics::kTreePadding + 4, 5).zone, TimelineHit::Zone::Disclosure);
    EXPECT_EQ(hitTest(f, 200, 5).zone, TimelineHit::Zone::Tree);
    const auto bar = *barRect(index->trace->node(1), f.metrics, f.window, 22);
    const auto hit = hitTest(f, bar.x + 2, bar.y + 2);
    EXPECT_EQ(hit.zone, TimelineHit::Zone::Bar);
    EXPECT_EQ(hit.node, 1u);
    EXPECT_EQ(hitTest(f, bar.right() + 60, bar.y + 2).zone, TimelineHit::Zone::Lane);
    EXPECT_EQ(hitTest(f, 200, 500).node, trace::kNoNode);
}

TEST(TimelinePicture, LeavesRowsOutOnlyWithACountAndNeverErrors) {
    const auto trace = randomTrace(21, 5000);
    TimelinePictureOptions options;
    options.maxRows = 2000;
    const auto picture = timelinePicture(*trace, options);
    const auto labels = shapesOf<Label>(picture);
    EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const Label& l) { return l.text.find("2\u2009000 of 5\u2009000") != std::string::npos; }));
    const auto boxes = shapesOf<Box>(picture);
    const auto hatched = std::count_if(boxes.begin(), boxes.end(), [](const Box& b) { return b.fill == Fill::Hatch; });
    EXPECT_EQ(static_cast<std::uint32_t>(hatched), trace->errorCount());
    EXPECT_LE(picture.height, 2000 * 22 + 200);
}

TEST(TimelinePicture, WhatIsInTheTraceIsTextOnly) {
    TestBatch batch;
    batch.span({.id = 1, .service = "<svg onload=alert(1)>\x1b", .name = "a & b \"q\" \x1b[31m ]]> </text><script>x</script>", .start = 0, .end = 1000});
    const auto svg = toSvg(timelinePicture(*assembled(batch)), [](const Ink&) { return std::string("#123456"); });
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_EQ(svg.find("onload=alert(1)>"), std::string::npos);
    EXPECT_EQ(svg.find('\x1b'), std::string::npos);
    EXPECT_EQ(svg.find("\xEF\xBF\xBD"), std::string::npos) << "controls are told, not replaced";
    EXPECT_NE(svg.find("&lt;svg onload"), std::string::npos);
    EXPECT_EQ(svg.find("http", svg.find("xmlns") + 40), std::string::npos) << "nothing refers to the network";
}

TEST(SvgWriter, EscapesAndCutsBetweenCharacters) {
    EXPECT_EQ(escapeXml("<a b='c'>&\x01\xff"), "&lt;a b=&#39;c&#39;&gt;&amp;\xEF\xBF\xBD\xEF\xBF\xBD");
    const std::string text = "überlange Bezeichnung eines Vorgangs …";
    for (double width = 5; width < 300; width += 3.7)
        for (const auto elide : {Elide::End, Elide::Middle}) {
            const auto cut = elideText(text, width, Face::Ui, elide);
            EXPECT_EQ(cut, repairUtf8(cut));
            if (width > 20) {
                EXPECT_LE(approximateTextWidth(cut, Face::Ui), width + 0.01);
            }
        }
}

}  // namespace
}  // namespace spanreel::views::geometry
