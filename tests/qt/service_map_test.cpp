// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QLabel>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <atomic>
#include <thread>

#include "tests/qt/pane_fixture.h"
#include "views/query_runner.h"
#include "views/service_map/map_arrange.h"
#include "views/service_map/map_canvas.h"
#include "views/service_map/service_map_view.h"

using namespace spanreel;
using namespace spanreel::views;

class ServiceMapTest : public QObject {
    Q_OBJECT

    struct Shown : test::PaneFixture {
        ServiceMapView view{context};
        Shown() {
            view.resize(900, 600);
            view.show();
        }
        MapCanvas* canvas() { return view.findChild<MapCanvas*>(QStringLiteral("mapCanvas")); }
        QString words() { return view.findChild<QLabel*>(QStringLiteral("mapWords"))->text(); }
        std::uint32_t indexOf(const std::string& name) {
            const auto& nodes = canvas()->map().nodes;
            for (std::uint32_t n = 0; n < nodes.size(); ++n)
                if (nodes[n].name == name) return n;
            return 99;
        }
    };
    static MapGraph pair() {
        MapGraph graph;
        graph.nodes = {{160, 62}, {160, 62}};
        graph.keys = {"service/a", "service/b"};
        graph.edges = {{0, 1, {90, 28}}};
        return graph;
    }

private slots:
    void theSessionsMapHasServicesAndPeers() {
        Shown s;
        QTRY_COMPARE(s.view.nodeCount(), 3);
        QVERIFY(s.view.findChild<QLabel*>(QStringLiteral("mapSummary"))->text().startsWith(QStringLiteral("2 services, 1 peers")));
    }

    void aClickTellsANodeInWords() {
        Shown s;
        QTRY_COMPARE(s.view.nodeCount(), 3);
        QTest::mouseClick(s.canvas(), Qt::LeftButton, {}, s.canvas()->nodeRect(s.indexOf("cart")).center().toPoint());
        QVERIFY2(s.words().startsWith(QStringLiteral("cart\nService with 2 spans.")), qPrintable(s.words()));
        QVERIFY(s.words().contains(QStringLiteral("Called by\nfront: 1 call")));
        QTest::keyClick(s.canvas(), Qt::Key_Escape);
        QVERIFY(!s.canvas()->selectedNode());
    }

    void anEdgeTellsItsFigures() {
        Shown s;
        QTRY_COMPARE(s.view.nodeCount(), 3);
        const auto from = s.indexOf("front");
        std::uint32_t edge = 99;
        for (std::uint32_t e = 0; e < s.canvas()->map().edges.size(); ++e)
            if (s.canvas()->map().edges[e].from == from) edge = e;
        s.canvas()->select(std::nullopt, edge);
        QVERIFY2(s.words().startsWith(QStringLiteral("front calls cart\n1 call.")), qPrintable(s.words()));
    }

    void keysMoveAndReturnActivates() {
        Shown s;
        QTRY_COMPARE(s.view.nodeCount(), 3);
        QSignalSpy activated(&s.view, &ServiceMapView::serviceActivated);
        s.canvas()->select(s.indexOf("front"), std::nullopt);
        QTest::keyClick(s.canvas(), Qt::Key_Right);
        QCOMPARE(s.canvas()->selectedNode(), std::optional(s.indexOf("cart")));
        QTest::keyClick(s.canvas(), Qt::Key_Return);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated[0][0].toString(), QStringLiteral("cart"));
    }

    void liveArrivalsKeepKnownNodesWhereTheyAre() {
        Shown s;
        QTRY_COMPARE(s.view.nodeCount(), 3);
        s.canvas()->zoomBy(1.0001);  // the user looks at something: the view must not be fitted anew
        const auto before = s.canvas()->nodeRect(s.indexOf("cart"));
        test::TestBatch().span({.trace = TraceId{0, 2}, .id = 8, .service = "front", .start = 0, .end = 5}).span({.trace = TraceId{0, 2}, .id = 9, .parent = 8, .service = "aaa", .start = 1, .end = 3}).into(s.store);
        s.context.setSnapshot(s.store.snapshot());
        QTRY_COMPARE_WITH_TIMEOUT(s.view.nodeCount(), 4, 8000);
        QCOMPARE(s.canvas()->nodeRect(s.indexOf("cart")), before);
    }

    void anotherSessionHasAMapOfItsOwn() {
        Shown s;
        QTRY_COMPARE(s.view.nodeCount(), 3);
        s.store.clear();
        s.context.setSnapshot(s.store.snapshot());
        QCOMPARE(s.view.nodeCount(), 0);
        auto* empty = s.view.findChild<QLabel*>(QStringLiteral("mapEmpty"));
        QTRY_VERIFY(empty->text().startsWith(QStringLiteral("No spans yet.")));
        QVERIFY(empty->isVisible());
    }

    /// While it is counted the page says so; what is counted of a session that has gone is not waited for.
    void whatIsCountedOfAnotherSessionIsLeft() {
        std::atomic<bool> held = true;
        test::PaneFixture s;
        const auto letGo = qScopeGuard([&held] { held = false; });
        for (const char* slot : {"one", "two"})  // all the threads there are
            s.context.queries().run(QLatin1String(slot), &s.context, [&held](std::stop_token) {
                while (held) std::this_thread::yield();
                return 0;
            }, [](int) {});
        ServiceMapView view(s.context);
        QList<int> shown;
        connect(&view, &ServiceMapView::layoutChanged, this, [&] { shown << view.nodeCount(); });
        view.show();
        auto* empty = view.findChild<QLabel*>(QStringLiteral("mapEmpty"));
        QTRY_COMPARE(empty->text(), QStringLiteral("Counting who calls whom. Spans to look through: 4."));
        QVERIFY(empty->isVisible());
        s.store.clear();
        test::TestBatch().span({.trace = TraceId{0, 2}, .id = 8, .service = "new", .start = 0, .end = 5}).into(s.store);
        s.context.setSnapshot(s.store.snapshot());
        held = false;
        QTRY_COMPARE(view.nodeCount(), 1);
        QVERIFY(!shown.contains(3));
    }

    void aClickOnALineLeavesTheMapWhereItIs() {
        Shown s;
        QTRY_COMPARE(s.view.nodeCount(), 3);
        const auto before = s.canvas()->nodeRect(s.indexOf("front"));
        const int width = s.canvas()->width();
        const auto& line = s.canvas()->layoutShown().edges.front();
        const auto scale = before.width() / s.canvas()->layoutShown().nodes[s.indexOf("front")].width;
        const auto& box = s.canvas()->layoutShown().nodes[s.indexOf("front")];
        const QPointF at = before.topLeft() + QPointF(line.label.x - box.x, line.label.y - box.y) * scale;
        QTest::mouseClick(s.canvas(), Qt::LeftButton, {}, at.toPoint());
        QVERIFY(s.canvas()->selectedEdge());
        QTRY_VERIFY(s.canvas()->width() < width);  // the words beside the map have come
        QCOMPARE(s.canvas()->nodeRect(s.indexOf("front")), before);
    }

    void aTangleIsFoldedWithACountAndCanBeShown() {
        Shown s;
        test::TestBatch batch;
        std::uint64_t id = 1000;
        for (int from = 0; from < 14; ++from)
            for (int to = 0; to < 14; ++to) {
                if (from == to) continue;
                batch.span({.trace = TraceId{0, 7}, .id = id, .service = "s" + std::to_string(from), .start = 0, .end = 9});
                batch.span({.trace = TraceId{0, 7}, .id = id + 1, .parent = id, .service = "s" + std::to_string(to), .start = 1, .end = 5});
                id += 2;
            }
        batch.into(s.store);
        s.context.setSnapshot(s.store.snapshot());
        QTRY_COMPARE_WITH_TIMEOUT(s.view.nodeCount(), 17, 8000);
        QVERIFY(s.canvas()->map().edges.size() <= 60);
        auto* summary = s.view.findChild<QLabel*>(QStringLiteral("mapSummary"));
        QVERIFY2(summary->text().contains(QStringLiteral("the 60 busiest are drawn")), qPrintable(summary->text()));
        QVERIFY2(s.view.minimumSizeHint().width() <= 640, qPrintable(QString::number(s.view.minimumSizeHint().width())));
        QVERIFY(s.canvas()->nodeRect(0).width() >= 80);  // a name can be read
        auto* all = s.view.findChild<QAbstractButton*>(QStringLiteral("mapFold"));
        QVERIFY(all->isVisible());
        all->click();
        QTRY_VERIFY_WITH_TIMEOUT(s.canvas()->map().edges.size() >= 182, 12000);
        QVERIFY(!summary->text().contains(QStringLiteral("busiest are drawn")));
        QVERIFY(all->isVisible());
    }

    void replayLightsWhatIsInFlight() {
        Shown s;
        s.open();
        s.view.setScope(ServiceMapView::Scope::Trace);
        QTRY_COMPARE(s.view.nodeCount(), 3);
        QTest::qWait(50);
        const auto dark = s.canvas()->grab().toImage();
        s.context.seek(30'000'000);
        QVERIFY(s.canvas()->grab().toImage() != dark);
        s.context.leaveReplay();
        QCOMPARE(s.canvas()->grab().toImage(), dark);
    }

    void anEmptySessionSaysWhatWouldBeHere() {
        views::ViewContext context;
        ServiceMapView view(context);
        view.show();
        QTRY_VERIFY(view.findChild<QLabel*>(QStringLiteral("mapEmpty"))->text().startsWith(QStringLiteral("No spans yet.")));
    }

    void withoutDotOrWithABrokenOneThereIsStillALayout() {
        const auto missing = arrangeMap(pair(), {}, "no-such-program-here");
        QVERIFY(!missing.byDot);
        QCOMPARE(missing.nodes.size(), std::size_t{2});
        QTemporaryDir folder;
        QFile script(folder.filePath(QStringLiteral("baddot")));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh\ncat >/dev/null\necho nonsense\n");
        script.close();
        script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        QVERIFY(!arrangeMap(pair(), {}, script.fileName().toStdString()).byDot);
        if (QStandardPaths::findExecutable(QStringLiteral("dot")).isEmpty()) QSKIP("Graphviz is not installed");
        QVERIFY(arrangeMap(pair()).byDot);
    }
};

QTEST_MAIN(ServiceMapTest)
#include "service_map_test.moc"
