// SPDX-License-Identifier: GPL-3.0-or-later
// The trace page and its timeline on traces made here and on the sample.
#include <QElapsedTimer>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>
#include <set>

#include "ingest/import_file.h"
#include "tests/unit/test_batch.h"
#include "views/context.h"
#include "views/details/details_pane.h"
#include "views/theme.h"
#include "views/timeline/minimap.h"
#include "views/timeline/timeline_view.h"
#include "views/trace_page/trace_page.h"
#include "views/trace_page/trace_search.h"

using namespace spanreel;
using namespace spanreel::views;
using test::TestBatch;

namespace {

constexpr TraceId kTrace{0, 1};
constexpr std::int64_t kMs = 1'000'000;

/// A shop: root 1 with children 2 (error, with child 4) and 3.
void shop(TestBatch& batch) {
    batch.span({.id = 1, .service = "front", .name = "GET /", .start = 0, .end = 100 * kMs});
    batch.span({.id = 2, .parent = 1, .service = "cart", .name = "load", .start = 10 * kMs, .end = 60 * kMs, .status = 2});
    batch.span({.id = 3, .parent = 1, .service = "pay", .name = "charge", .start = 70 * kMs, .end = 95 * kMs, .attributes = {{"card", "visa"}}});
    batch.span({.id = 4, .parent = 2, .service = "db", .name = "SELECT", .start = 20 * kMs, .end = 50 * kMs});
    batch.log({.span = 2, .time = 30 * kMs, .body = "no stock", .severity = 17});
}

struct ShownPage {
    store::TraceStore store;
    ViewContext context;
    TracePage page{context};

    explicit ShownPage(const std::function<void(TestBatch&)>& fill, QSize size = {1000, 600}) {
        page.resize(size);
        page.show();
        [[maybe_unused]] const bool shown = QTest::qWaitForWindowExposed(&page);
        grow(fill);
        context.selectTrace(kTrace);
        wait();
    }
    void grow(const std::function<void(TestBatch&)>& fill) {
        TestBatch batch;
        fill(batch);
        batch.into(store);
        context.setSnapshot(store.snapshot());
    }
    void wait() {
        QVERIFY2(QTest::qWaitFor([this] { return view().index() && view().index()->trace == context.trace() && view().rows().trace() == context.trace(); }, 20000), "the trace never appeared");
    }
    TimelineView& view() { return page.timeline(); }
    void key(Qt::Key k, Qt::KeyboardModifiers m = {}) { QTest::keyClick(&view(), k, m); }
    std::uint64_t selected() { return context.selection().span ? context.selection().span->value : 0; }
    QPoint barMiddle(trace::NodeId node) {
        const auto row = static_cast<int>(*view().rows().rowOf(node));
        const auto scale = geometry::TimelineMetrics{22, 12, treeWidth(), static_cast<double>(view().viewport()->width()), 14}.scale(view().window());
        const auto& n = view().index()->trace->node(node);
        return {static_cast<int>(scale.toX(static_cast<double>(n.startNs + n.durationNs / 2))), 26 + row * 22 + 11 - view().verticalScrollBar()->value()};
    }
    double treeWidth() { return std::clamp(view().viewport()->width() * 0.32, 180.0, 460.0); }
};

}  // namespace

class TimelineViewTest : public QObject {
    Q_OBJECT

    /// Figures for people; nothing is asserted on them.
    static void tellFrameTimes(TimelineView& view, const QString& file) {
        QElapsedTimer timer;
        timer.start();
        view.expandAll();
        const bool opened = QTest::qWaitFor([&] { return view.rows().size() == view.index()->trace->nodes().size(); }, 30000);
        const double openMs = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        double worst = 0, total = 0;
        int frames = 0;
        for (int i = 0; i < 40 && opened; ++i) {
            view.verticalScrollBar()->setValue(static_cast<int>(static_cast<double>(view.verticalScrollBar()->maximum()) * i / 40));
            view.zoom(i % 8 == 0 ? 4096 : 0.5);
            timer.restart();
            view.viewport()->repaint();
            const double ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
            worst = std::max(worst, ms);
            total += ms;
            ++frames;
        }
        qInfo("%s: %zu rows, open everything %.1f ms, frame %.2f ms on average, %.2f ms at worst", qPrintable(QFileInfo(file).fileName()), view.rows().size(), openMs, total / std::max(1, frames), worst);
        view.fitAll();
        view.verticalScrollBar()->setValue(0);
    }

private slots:
    void showsEveryRow() {
        ShownPage p(shop);
        QCOMPARE(p.view().rows().size(), std::size_t{4});
        QSignalSpy painted(&p.view(), &TimelineView::framePainted);
        p.view().viewport()->repaint();
        QVERIFY(painted.count() > 0);
    }

    void keysWalkOpenAndClose() {
        ShownPage p(shop);
        p.key(Qt::Key_Down);
        QCOMPARE(p.selected(), 1u);
        p.key(Qt::Key_Down);
        QCOMPARE(p.selected(), 2u);
        p.key(Qt::Key_Right);
        QCOMPARE(p.selected(), 4u);
        p.key(Qt::Key_Left);
        QCOMPARE(p.selected(), 2u);
        p.key(Qt::Key_Left);
        QCOMPARE(p.view().rows().size(), std::size_t{3});
        p.key(Qt::Key_End);
        QCOMPARE(p.selected(), 3u);
        p.key(Qt::Key_Home);
        QCOMPARE(p.selected(), 1u);
        // Selecting what is closed away opens the way to it.
        p.context.selectSpan(kTrace, SpanId{4});
        QCOMPARE(p.view().rows().size(), std::size_t{4});
        p.key(Qt::Key_Home);
        p.key(Qt::Key_N);
        QCOMPARE(p.selected(), 2u);
    }

    void wheelKeepsTheTimeUnderTheMouse() {
        ShownPage p(shop);
        auto* port = p.view().viewport();
        const QPoint at(700, 200);
        const auto timeAt = [&] { return geometry::TimelineMetrics{22, 12, p.treeWidth(), static_cast<double>(port->width()), 14}.scale(p.view().window()).toNs(at.x()); };
        const double before = timeAt();
        for (int i = 0; i < 5; ++i) {
            QWheelEvent wheel(at, port->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(port, &wheel);
        }
        QVERIFY(p.view().window().lengthNs < 50.0 * kMs);
        QVERIFY(std::abs(timeAt() - before) < p.view().window().lengthNs / port->width());
        p.key(Qt::Key_0);
        QTRY_VERIFY(p.view().window().lengthNs > 100.0 * kMs);
    }

    void clickSelectsAndDragPans() {
        ShownPage p(shop);
        auto* port = p.view().viewport();
        QTest::mouseClick(port, Qt::LeftButton, {}, p.barMiddle(1));
        QCOMPARE(p.selected(), 2u);
        p.view().setWindow({20.0 * kMs, 40.0 * kMs});
        const double from = p.view().window().fromNs;
        const double nsPerPixel = p.view().window().lengthNs / (port->width() - p.treeWidth() - 16);
        QTest::mousePress(port, Qt::LeftButton, {}, {600, 300});
        QTest::mouseMove(port, {620, 300});
        QTest::mouseMove(port, {650, 300});
        QTest::mouseRelease(port, Qt::LeftButton, {}, {650, 300});
        QVERIFY2(std::abs((from - p.view().window().fromNs) - 50 * nsPerPixel) < 2 * nsPerPixel, "panning is one to one");
    }

    void dragOnTheRulerSelectsARange() {
        ShownPage p(shop);
        auto* port = p.view().viewport();
        QTest::mousePress(port, Qt::LeftButton, {}, {500, 10});
        QTest::mouseMove(port, {550, 10});
        QTest::mouseMove(port, {600, 10});
        QTest::mouseRelease(port, Qt::LeftButton, {}, {600, 10});
        QVERIFY(p.context.selection().range.has_value());
        QVERIFY(p.context.selection().range->toNs > p.context.selection().range->fromNs);
        p.key(Qt::Key_Escape);
        QVERIFY(!p.context.selection().range.has_value());
    }

    void searchCountsAndGoes() {
        ShownPage p(shop);
        auto* text = p.page.findChild<QLineEdit*>("traceSearchText");
        text->setText("visa");
        auto* count = p.page.findChild<QLabel*>("traceSearchCount");
        QTRY_COMPARE(count->text(), QStringLiteral("1 found"));
        QTest::keyClick(text, Qt::Key_Return);
        QCOMPARE(p.selected(), 3u);
        QCOMPARE(count->text(), QStringLiteral("1 of 1"));
        text->setText("nowhere at all");
        QTRY_COMPARE(count->text(), QStringLiteral("none found"));
        text->setFocus();
        QSignalSpy left(p.page.findChild<TraceSearch*>(), &TraceSearch::left);
        QTest::keyClick(text, Qt::Key_Escape);
        QVERIFY(text->text().isEmpty());
        QCOMPARE(left.count(), 1);
    }

    void growingKeepsExpansionAndPlace() {
        ShownPage p([](TestBatch& b) {
            b.span({.id = 1, .name = "root", .start = 0, .end = 1000 * kMs});
            for (std::uint64_t i = 2; i < 300; ++i) b.span({.id = i, .parent = 1, .name = "child", .start = static_cast<std::int64_t>(i) * kMs, .end = static_cast<std::int64_t>(i) * kMs + 500'000});
            b.span({.id = 1000, .parent = 2, .name = "grandchild", .start = 2 * kMs, .end = 2 * kMs + 1000});
        });
        p.view().verticalScrollBar()->setValue(100 * 22);
        p.context.selectSpan(kTrace, SpanId{2});
        p.key(Qt::Key_Left);
        QCOMPARE(p.view().rows().size(), std::size_t{299});
        p.view().verticalScrollBar()->setValue(100 * 22);
        const auto top = p.view().index()->trace->span(p.view().rows()[100]).spanId();
        p.grow([](TestBatch& b) {
            for (std::uint64_t i = 500; i < 520; ++i) b.span({.id = i, .parent = 1, .name = "late", .start = 100'000 + static_cast<std::int64_t>(i), .end = 200'000});
        });
        QTRY_COMPARE(p.view().rows().size(), std::size_t{319});
        const auto row = static_cast<std::size_t>(p.view().verticalScrollBar()->value() / 22);
        QCOMPARE(p.view().index()->trace->span(p.view().rows()[row]).spanId().value, top.value);
    }

    void replayDrawsPhases() {
        ShownPage p(shop);
        p.context.setShowsUtc(true);
        const auto before = p.view().viewport()->grab().toImage();
        QTRY_VERIFY(p.context.clock().hasTrace());
        p.context.seek(40 * kMs);
        const auto after = p.view().viewport()->grab().toImage();
        QVERIFY(before != after);
        // What is to come is faint: the bar of span 3 has another colour than in full strength.
        const auto at = p.barMiddle(*p.view().index()->trace->find(SpanId{3}));
        QVERIFY(before.pixelColor(at) != after.pixelColor(at));
    }

    void hundredThousandDeepIsFluid() {
        ShownPage p([](TestBatch& b) {
            for (std::uint64_t i = 1; i <= 100'000; ++i) b.span({.id = i, .parent = i - 1, .name = "deep", .start = static_cast<std::int64_t>(i), .end = 1'000'000});
        });
        QVERIFY(p.view().rows().size() < 100'000);
        p.context.selectSpan(kTrace, SpanId{100'000});
        QCOMPARE(p.view().rows().size(), std::size_t{100'000});
        QVERIFY(!p.view().viewport()->grab().isNull());
        p.view().collapseAll();
        QTRY_COMPARE(p.view().rows().size(), std::size_t{1});
        p.view().expandAll();
        QTRY_COMPARE(p.view().rows().size(), std::size_t{100'000});
    }

    /// The sample and any files named by SPANREEL_SHOT_FILES; pictures go to SPANREEL_SHOT_DIR where it is set.
    void paintsTheSample() {
        const auto files = qEnvironmentVariable("SPANREEL_SHOT_FILES", QStringLiteral(SPANREEL_SOURCE_DIR "/resources/samples/shop.otlp.jsonl"));
        const auto dir = qEnvironmentVariable("SPANREEL_SHOT_DIR");
        for (const auto& file : files.split(QLatin1Char(';'))) {
            store::TraceStore store;
            ingest::importFile(store, file.toStdString());
            ViewContext context;
            QWidget window;
            auto* page = new TracePage(context, &window);
            auto* details = new DetailsPane(context, &window);
            details->setFixedWidth(330);
            auto* layout = new QHBoxLayout(&window);
            layout->setContentsMargins(0, 0, 0, 0);
            layout->addWidget(page, 1);
            layout->addWidget(details);
            window.resize(1280, 720);
            window.show();
            context.setSnapshot(store.snapshot());
            const auto snapshot = store.snapshot();
            std::uint32_t best = 0;
            for (std::uint32_t i = 0; i < snapshot->traceCount(); ++i)
                if (snapshot->trace(i).spanCount > snapshot->trace(best).spanCount) best = i;
            QVERIFY(snapshot->traceCount() > 0);
            context.selectTrace(snapshot->trace(best).id);
            QVERIFY(QTest::qWaitFor([&] { return page->timeline().index() && page->timeline().rows().size() > 0; }, 30000));
            if (!dir.isEmpty()) tellFrameTimes(page->timeline(), file);
            for (const bool dark : {false, true}) {
                Theme::instance().setChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light);
                for (const int step : {0, 1, 2}) {
                    if (step == 1) page->timeline().goToError(true);
                    if (step == 2) {
                        page->timeline().fitSelection();
                        context.seek(context.trace()->durationNs() / 2);
                        QTest::qWait(200);
                    }
                    QTest::qWait(50);
                    const auto image = window.grab().toImage();
                    std::set<QRgb> colours;
                    for (int y = 0; y < image.height(); y += 3)
                        for (int x = 0; x < image.width(); x += 3) colours.insert(image.pixel(x, y));
                    QVERIFY2(colours.size() > 20, "the picture is blank");
                    if (!dir.isEmpty()) image.save(QStringLiteral("%1/%2-%3-%4.png").arg(dir, QFileInfo(file).baseName(), dark ? QStringLiteral("dark") : QStringLiteral("light")).arg(step));
                }
                context.clearSpan();
                context.leaveReplay();
                page->timeline().fitAll();
                QTest::qWait(200);
            }
            Theme::instance().setChoice(ThemeChoice::Light);
        }
    }
};

QTEST_MAIN(TimelineViewTest)
#include "timeline_view_test.moc"
