// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QTableView>
#include <future>

#include "tests/qt/pane_fixture.h"
#include "views/log_pane/log_pane.h"
#include "views/query_runner.h"
#include "views/trace_list/scatter_view.h"
#include "views/trace_list/trace_list_view.h"

using namespace spanreel;
using namespace spanreel::views;

/// A view shows and selects nothing of a session that has ended, whatever it was doing when it ended.
class SessionChangeTest : public QObject {
    Q_OBJECT

    struct Ended : test::PaneFixture {
        /// The store is cleared, as by "New session".
        void endSession() {
            store.clear();
            context.setSnapshot(store.snapshot());
        }
    };

private slots:
    void aLogOfTheEndedSessionIsNotSelected() {
        Ended s;
        s.endSession();
        s.context.selectLog(store::rowId(0, 1));
        QVERIFY(!s.context.selection().logRow);
    }

    void logsOfTheEndedSessionGoAtOnce() {
        Ended s;
        LogPane pane(s.context);
        const auto* rows = pane.findChild<QTableView*>(QStringLiteral("logTable"))->model();
        pane.setScope(LogScope::Session);
        QTRY_COMPARE(rows->rowCount(), 5);
        s.endSession();  // within the pause after a listing
        QCOMPARE(rows->rowCount(), 0);
        QVERIFY2(pane.countText().startsWith(QStringLiteral("0 ")), qPrintable(pane.countText()));
    }

    void aListingOfTheEndedSessionIsDropped() {
        Ended s;
        LogPane pane(s.context);
        auto* rows = pane.findChild<QTableView*>(QStringLiteral("logTable"))->model();
        QTest::qWait(50);
        std::promise<void> open;
        const std::shared_future<void> gate(open.get_future());
        for (const auto* slot : {"one", "two"})  // both threads of the pool are busy until the gate opens
            s.context.queries().run(QString::fromLatin1(slot), &pane, [gate](std::stop_token) { return gate.wait(), 0; }, [](int) {});
        pane.setScope(LogScope::Session);
        s.endSession();
        int most = 0;
        connect(rows, &QAbstractItemModel::rowsInserted, &pane, [&] { most = std::max(most, rows->rowCount()); });
        open.set_value();
        QTest::qWait(100);
        QCOMPARE(most, 0);
    }

    void tracesOfTheEndedSessionGoAtOnce() {
        Ended s;
        TraceListView list(s.context);
        const auto* rows = list.findChild<QTableView*>(QStringLiteral("traceTable"))->model();
        const auto* chart = list.findChild<ScatterView*>();
        QTRY_COMPARE(rows->rowCount(), 1);
        QTRY_COMPARE(chart->pointCount(), 1);
        s.endSession();  // within the pause after a listing
        QCOMPARE(rows->rowCount(), 0);
        QCOMPARE(chart->pointCount(), 0);
    }

    void theFilterHasTheServicesOfTheSession() {
        Ended s;
        TraceListView list(s.context);
        const auto* services = list.findChild<QComboBox*>(QStringLiteral("traceFilterService"));
        QTRY_VERIFY(services->findText(QStringLiteral("cart")) >= 0);
        s.store.clear();
        const auto before = s.context.snapshot()->services().size();
        test::TestBatch().span({.id = 1, .service = "next", .end = 5}).span({.id = 2, .service = "last", .end = 5}).into(s.store);
        s.context.setSnapshot(s.store.snapshot());
        QCOMPARE(s.context.snapshot()->services().size(), before);  // as many, but others
        QTRY_VERIFY(services->findText(QStringLiteral("next")) >= 0);
        QVERIFY(services->findText(QStringLiteral("cart")) < 0);
    }

    void aSelectionTakenBackIsNotMarked() {
        Ended s;
        TraceListView list(s.context);
        const auto* table = list.findChild<QTableView*>(QStringLiteral("traceTable"));
        QTRY_COMPARE(table->model()->rowCount(), 1);
        s.context.selectTrace(s.trace);  // its row is looked for in the query pool
        s.context.selectTrace({});
        QTest::qWait(100);
        QVERIFY(!table->selectionModel()->hasSelection());
    }

    void listsOfTwoSessionsAreNotCompared() {
        Ended s;  // the same trace comes first in both
        store::TraceStore other;
        test::TestBatch().span({.trace = s.trace, .id = 9, .end = 5}).into(other);
        const auto before = listTraces(s.store.snapshot(), {}, {}, {}), after = listTraces(other.snapshot(), {}, {}, {});
        QVERIFY(rowChanges(*before, *after).reset);
        QVERIFY(!rowChanges(*before, *listTraces(s.store.snapshot(), {}, {}, {})).reset);
    }
};

QTEST_MAIN(SessionChangeTest)
#include "session_change_test.moc"
