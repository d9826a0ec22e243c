// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <set>

#include "tests/qt/pane_fixture.h"
#include "views/query_pace.h"
#include "views/query_runner.h"
#include "views/theme.h"

namespace spanreel {

using test::PaneFixture;
using test::TestBatch;

/// The one selection of a window, its history, the trace that grows, the playhead; colours of services.
class ContextTest : public QObject {
    Q_OBJECT
private slots:
    void selectionAssemblesTheTrace() {
        PaneFixture f;
        QSignalSpy changed(&f.context, &views::ViewContext::traceChanged);
        f.open();
        QCOMPARE(f.context.trace()->nodes().size(), std::size_t(4));
        QVERIFY(changed.count() >= 1);
        f.context.selectSpan(f.trace, SpanId{3});
        QVERIFY(f.context.selectedNode() != trace::kNoNode);
        QCOMPARE(f.context.trace()->span(f.context.selectedNode()).spanId().value, std::uint64_t(3));
    }

    void nothingOfASessionIsShownInTheNext() {
        PaneFixture f;
        f.open();
        f.context.setPage(views::Page::Map);
        f.context.selectTrace({});  // "New session" does
        QVERIFY(f.context.canGoBack());
        QSignalSpy changed(&f.context, &views::ViewContext::sessionChanged);
        const auto next = [&f](const char* name) {
            const std::weak_ptr<const store::StoreSnapshot> old = f.context.snapshot();
            f.store.clear();
            TestBatch batch;  // as many records as the trace had
            for (std::uint64_t id = 1; id <= 4; ++id) batch.span({.id = id, .service = "front", .name = name}).log({.span = id});
            batch.into(f.store);
            f.context.setSnapshot(f.store.snapshot());
            return old;
        };
        const auto first = next("of the second");
        QCOMPARE(changed.count(), 1);
        QVERIFY(!f.context.canGoBack());
        QTRY_VERIFY(first.expired());
        f.open();
        QCOMPARE(std::string(f.context.trace()->span(0).name()), std::string("of the second"));

        // A trace that is selected goes too, the next time.
        f.context.selectSpan(f.trace, SpanId{1});
        const auto second = next("of the third");
        QVERIFY(!f.context.selection().trace);
        QVERIFY(!f.context.trace());
        QTRY_VERIFY(second.expired());
        f.open();
        QCOMPARE(std::string(f.context.trace()->span(0).name()), std::string("of the third"));
    }

    void backAndForwardWalkTheSelections() {
        PaneFixture f;
        f.open();
        QVERIFY(!f.context.canGoBack());
        f.context.setPage(views::Page::Trace, f.trace);
        f.context.selectSpan(f.trace, SpanId{2});
        f.context.selectSpan(f.trace, SpanId{3});
        QVERIFY(f.context.canGoBack());
        QSignalSpy shown(&f.context, &views::ViewContext::pageRequested);
        f.context.goBack();
        QCOMPARE(shown.count(), 1);  // where it arrives is shown
        QCOMPARE(f.context.selection().span->value, std::uint64_t(2));
        f.context.goBack();
        QVERIFY(!f.context.selection().span);
        QCOMPARE(*f.context.selection().trace, f.trace);
        QCOMPARE(f.context.page(), views::Page::Trace);
        f.context.goBack();
        QCOMPARE(f.context.page(), views::Page::Traces);
        QCOMPARE(*f.context.selection().trace, f.trace);
        QVERIFY(!f.context.canGoBack());
        for (int i = 0; i < 3; ++i) f.context.goForward();
        QCOMPARE(f.context.page(), views::Page::Trace);
        QCOMPARE(f.context.selection().span->value, std::uint64_t(3));
        QVERIFY(!f.context.canGoForward());
        f.context.goBack();
        f.context.selectSpan(f.trace, SpanId{4});
        QVERIFY(!f.context.canGoForward());  // a new way forgets the old one
    }

    void aLateSpanGrowsTheShownTraceInPlace() {
        PaneFixture f;
        f.open();
        f.context.selectSpan(f.trace, SpanId{3});
        f.context.seek(50 * PaneFixture::kMs);
        TestBatch().span({.id = 9, .parent = 2, .service = "cart", .name = "late", .start = 45 * PaneFixture::kMs, .end = 50 * PaneFixture::kMs}).into(f.store);
        f.context.setSnapshot(f.store.snapshot());
        QTRY_COMPARE(f.context.trace()->nodes().size(), std::size_t(5));
        QCOMPARE(f.context.selection().span->value, std::uint64_t(3));
        QCOMPARE(f.context.clock().playheadNs(), 50 * PaneFixture::kMs);
        QVERIFY(f.context.replayActive());
    }

    void aSnapshotWithoutNewsDoesNotReplaceTheTrace() {
        PaneFixture f;
        f.open();
        const auto before = f.context.trace();
        TestBatch().span({.trace = TraceId{0, 7}, .id = 1, .end = 5}).into(f.store);
        QSignalSpy changed(&f.context, &views::ViewContext::traceChanged);
        f.context.setSnapshot(f.store.snapshot());
        // The pool answers in order: once a later query is done, the re-assembly is too.
        bool done = false;
        QTRY_VERIFY_WITH_TIMEOUT((f.context.queries().run(QStringLiteral("test"), &f.context, [](std::stop_token) { return 1; }, [&](int) { done = true; }), QTest::qWait(20), done), 2000);
        QCOMPARE(f.context.trace(), before);
        QCOMPARE(changed.count(), 0);
    }

    void aLogSelectsItsSpanAndTrace() {
        PaneFixture f;
        f.open();
        for (const auto& log : f.context.trace()->logs()) {
            f.context.selectLog(log.row);
            QCOMPARE(*f.context.selection().logRow, log.row);
            QCOMPARE(*f.context.selection().trace, f.trace);
            QCOMPARE(f.context.selection().span->value, f.context.snapshot()->log(log.row).spanId().value);
        }
        QCOMPARE(f.context.trace()->logs().size(), std::size_t(4));
    }

    void anotherTraceLeavesTheReplay() {
        PaneFixture f;
        TestBatch().span({.trace = TraceId{0, 2}, .id = 1, .end = 5000}).into(f.store);
        f.context.setSnapshot(f.store.snapshot());
        f.open();
        f.context.play();
        QVERIFY(f.context.clock().playing());
        f.context.selectTrace(TraceId{0, 2});
        QVERIFY(!f.context.replayActive());
        QVERIFY(!f.context.clock().playing());
        QTRY_VERIFY(f.context.trace() && f.context.trace()->id() == (TraceId{0, 2}));
        QCOMPARE(f.context.clock().playheadNs(), std::int64_t(0));
    }

    void playingMovesThePlayhead() {
        PaneFixture f;
        f.open();
        f.context.setSpeed(0.1);
        f.context.play();
        QTRY_VERIFY(f.context.clock().playheadNs() > 0);
        f.context.pause();
        const auto at = f.context.clock().playheadNs();
        QTest::qWait(60);
        QCOMPARE(f.context.clock().playheadNs(), at);
    }

    void hiddenServicesAreToldOnce() {
        PaneFixture f;
        QSignalSpy changed(&f.context, &views::ViewContext::serviceFilterChanged);
        f.context.setServiceShown(QStringLiteral("cart"), false);
        f.context.setServiceShown(QStringLiteral("cart"), false);
        QCOMPARE(changed.count(), 1);
        QVERIFY(!f.context.serviceShown("cart"));
        QVERIFY(f.context.serviceShown("front"));
        f.context.setHiddenServices({});
        QVERIFY(f.context.serviceShown("cart"));
    }

    void serviceColoursKeepTheirHueAndStandApart() {
        const auto first = views::Theme::service("hue-a", false);
        std::set<QRgb> seen{first.rgb()};
        for (int i = 0; i < 7; ++i) seen.insert(views::Theme::service("hue-" + std::to_string(i), false).rgb());
        QCOMPARE(seen.size(), std::size_t(8));
        QCOMPARE(views::Theme::service("hue-a", false), first);
        // 3:1 against the page, in both themes (visual marks).
        const auto luminance = [](const QColor& c) {
            const auto part = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
            return 0.2126 * part(c.redF()) + 0.7152 * part(c.greenF()) + 0.0722 * part(c.blueF());
        };
        const auto contrast = [&](const QColor& a, const QColor& b) {
            const double x = luminance(a), y = luminance(b);
            return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
        };
        for (const bool dark : {false, true}) {
            const auto& c = views::Theme::colours(dark);
            for (int i = 0; i < 20; ++i) QVERIFY(contrast(views::Theme::service("hue-" + std::to_string(i), dark), c.page) >= 3.0);
            for (const QColor& text : {c.text, c.quiet, c.error, c.warning, c.ok, c.accent}) QVERIFY(contrast(text, c.panel) >= 4.5);
        }
    }

    void arrivalsWaitForTheListingUnderWay() {
        int runs = 0;
        views::QueryPace pace(1, [&] { ++runs; });
        for (int i = 0; i < 3; ++i) pace.arrived();
        QCOMPARE(runs, 1);
        QVERIFY(pace.running());
        pace.start();  // the user asks: in place of it
        QCOMPARE(runs, 2);
        pace.arrived();
        pace.done();
        QVERIFY(!pace.running());
        QCOMPARE(runs, 2);  // what came meanwhile waits for its turn …
        QTRY_COMPARE(runs, 3);
        pace.done();
        QTest::qWait(20);
        QCOMPARE(runs, 3);  // … and is listed once
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::ContextTest)
#include "context_test.moc"
