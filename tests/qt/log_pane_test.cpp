// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTableView>
#include <algorithm>
#include <future>
#include <random>

#include "tests/qt/pane_fixture.h"
#include "views/log_pane/log_model.h"
#include "views/log_pane/log_pane.h"
#include "views/query_runner.h"
#include "views/theme.h"

using namespace spanreel;
using namespace spanreel::views;

class LogPaneTest : public QObject {
    Q_OBJECT

    struct Shown : test::PaneFixture {
        LogPane pane{context};
        QAbstractItemModelTester tester{table()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest};
        QTableView* table() { return pane.findChild<QTableView*>(QStringLiteral("logTable")); }
        int rows() { return table()->model()->rowCount(); }
        void click(int row, Qt::KeyboardModifiers keys = {}) {
            pane.resize(800, 300);
            pane.show();
            QTest::mouseClick(table()->viewport(), Qt::LeftButton, keys, table()->visualRect(table()->model()->index(row, 0)).center());
        }
        QString cell(int row, int column) { return table()->model()->index(row, column).data().toString(); }
    };

private slots:
    void scopesListWhatTheyName() {
        Shown s;
        QVERIFY(s.pane.findChild<QLabel*>(QStringLiteral("logEmpty"))->text().contains(QStringLiteral("Select a trace")));
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        QCOMPARE(s.cell(0, LogModel::Message), QStringLiteral("request <b>came</b>"));
        QCOMPARE(s.cell(0, LogModel::Time), QStringLiteral("+5.00 ms"));
        QCOMPARE(s.cell(2, LogModel::Severity), QStringLiteral("✕ ERROR"));
        QCOMPARE(s.cell(2, LogModel::Span), QStringLiteral("SELECT"));
        s.context.selectSpan(s.trace, SpanId{2});
        s.pane.setScope(LogScope::Span);
        QTRY_COMPARE(s.rows(), 1);
        s.pane.setScope(LogScope::Subtree);
        QTRY_COMPARE(s.rows(), 2);
        s.pane.setScope(LogScope::Session);
        QTRY_COMPARE(s.rows(), 5);
        s.pane.setScope(LogScope::Unjoined);
        QTRY_COMPARE(s.rows(), 1);
        QCOMPARE(s.cell(0, LogModel::Message), QStringLiteral("a line without ids"));
        s.context.selectRange(TimeRange{test::TestBatch::kBase + 10'000'000, test::TestBatch::kBase + 40'000'000});
        s.pane.setScope(LogScope::Range);
        QTRY_COMPARE(s.rows(), 2);
    }

    void logsWithoutAnySpanAreAllListed() {
        store::TraceStore store;
        ViewContext context;
        context.setSnapshot(store.snapshot());
        LogPane pane(context);
        pane.show();
        auto* rows = pane.findChild<QTableView*>(QStringLiteral("logTable"))->model();
        test::TestBatch().log({.time = 5, .body = "first"}).log({.time = 9, .body = "second"}).into(store);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(rows->rowCount(), 2);
        QCOMPARE(pane.scope(), LogScope::Session);
        // Spans come: the logs of the trace again.
        test::TestBatch().span({.id = 1, .end = 5}).into(store);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(pane.scope(), LogScope::Trace);
        // What the user asks for stays.
        store::TraceStore other;
        test::TestBatch().log({.time = 5}).into(other);
        auto* scope = pane.findChild<QComboBox*>(QStringLiteral("logScope"));
        emit scope->activated(scope->currentIndex());
        context.setSnapshot(other.snapshot());
        QTRY_COMPARE(rows->rowCount(), 0);
        QCOMPARE(pane.scope(), LogScope::Trace);
    }

    void filtersSayWhatTheyHide() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        s.pane.findChild<QLineEdit*>(QStringLiteral("logFilter"))->setText(QStringLiteral("MISS"));
        QTRY_COMPARE(s.rows(), 2);
        QVERIFY2(s.pane.countText().contains(QStringLiteral("2 hidden")), qPrintable(s.pane.countText()));
        auto* level = s.pane.findChild<QComboBox*>(QStringLiteral("logLevel"));
        level->setCurrentIndex(level->findData(static_cast<int>(LogLevel::Warn)));
        emit level->activated(level->currentIndex());
        QTRY_COMPARE(s.rows(), 1);
        QCOMPARE(s.cell(0, LogModel::Message), QStringLiteral("template missing"));
        s.pane.findChild<QLineEdit*>(QStringLiteral("logFilter"))->setText(QStringLiteral("nowhere"));
        QTRY_COMPARE(s.rows(), 0);
        QVERIFY(s.pane.findChild<QLabel*>(QStringLiteral("logEmpty"))->text().contains(QStringLiteral("hidden by the filter")));
    }

    void aRowSelectsItsLogAndSpan() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        s.click(2);
        QCOMPARE(s.context.selection().span, std::optional(SpanId{3}));
        QVERIFY(s.context.selection().logRow.has_value());
        // And back: another pane's choice of a span marks its logs.
        s.context.selectSpan(s.trace, SpanId{4});
        QVERIFY(s.table()->model()->index(3, 0).data(Qt::BackgroundRole).isValid());
        QVERIFY(!s.table()->model()->index(2, 0).data(Qt::BackgroundRole).isValid());
    }

    void focusAloneSelectsNothing() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        s.pane.resize(800, 300);
        s.pane.show();
        QVERIFY(QTest::qWaitForWindowActive(&s.pane));
        s.table()->setFocus(Qt::TabFocusReason);
        QTRY_VERIFY(s.table()->hasFocus());
        QVERIFY(!s.context.selection().logRow);
        QVERIFY(!s.context.selection().span);
        s.table()->setCurrentIndex(s.table()->model()->index(1, 0));
        QVERIFY(!s.context.selection().logRow);
        QTest::keyClick(s.table(), Qt::Key_Down);
        QVERIFY(s.context.selection().logRow.has_value());
        QCOMPARE(s.context.selection().span, std::optional(SpanId{3}));
        QCOMPARE(s.table()->rowHeight(0), Theme::kRowHeight);
    }

    void theSubtreeStaysWhenOneOfItsRowsIsChosen() {
        Shown s;
        s.open();
        s.context.selectSpan(s.trace, SpanId{2});
        s.pane.setScope(LogScope::Subtree);
        QTRY_COMPARE(s.rows(), 2);
        s.click(1);
        QTest::qWait(60);
        QCOMPARE(s.rows(), 2);
        QCOMPARE(s.context.selection().span, std::optional(SpanId{3}));
    }

    void thePlayheadGreysWhatIsToCome() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        const auto inkBefore = s.table()->model()->index(3, LogModel::Message).data(Qt::ForegroundRole).value<QColor>();
        s.context.seek(31'000'000);
        QVERIFY(s.cell(2, LogModel::Time).startsWith(QStringLiteral("▸")));
        QVERIFY(s.table()->model()->index(3, LogModel::Message).data(Qt::ForegroundRole).value<QColor>() != inkBefore);
        s.context.leaveReplay();
        QCOMPARE(s.table()->model()->index(3, LogModel::Message).data(Qt::ForegroundRole).value<QColor>(), inkBefore);
        QVERIFY(!s.cell(2, LogModel::Time).startsWith(QStringLiteral("▸")));
    }

    void liveLogsAreAddedBelowAndKeepTheRow() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        s.click(1);
        test::TestBatch().log({.span = 1, .time = 99'000'000, .body = "late"}).log({.span = 1, .time = 1'000'000, .body = "early"}).into(s.store);
        s.context.setSnapshot(s.store.snapshot());
        QTRY_COMPARE(s.rows(), 6);
        QCOMPARE(s.cell(5, LogModel::Message), QStringLiteral("late"));
        QCOMPARE(s.cell(s.table()->currentIndex().row(), LogModel::Message), QStringLiteral("cache miss"));
    }

    void lateLogsComeInBetweenAndKeepTheSelection() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        auto* model = s.table()->model();
        s.click(1);
        s.click(3, Qt::ControlModifier);
        QSignalSpy inserted(model, &QAbstractItemModel::rowsInserted), relaid(model, &QAbstractItemModel::layoutChanged), resets(model, &QAbstractItemModel::modelReset);
        test::TestBatch().log({.span = 1, .time = 40'000'000, .body = "late"}).log({.span = 1, .time = 1'000'000, .body = "later"}).into(s.store);
        s.context.setSnapshot(s.store.snapshot());
        QTRY_COMPARE(s.rows(), 6);
        QCOMPARE(s.cell(0, LogModel::Message), QStringLiteral("later"));
        QCOMPARE(s.cell(4, LogModel::Message), QStringLiteral("late"));
        QCOMPARE(inserted.count(), 2);
        QCOMPARE(relaid.count() + resets.count(), 0);
        QList<int> selected;
        for (const auto& index : s.table()->selectionModel()->selectedRows()) selected << index.row();
        std::ranges::sort(selected);
        QCOMPARE(selected, (QList<int>{2, 5}));
        QCOMPARE(s.cell(2, LogModel::Message), QStringLiteral("cache miss"));
    }

    void everyListedLogIsFound() {
        Shown s;
        s.open();
        test::TestBatch().log({.span = 4, .time = 1, .body = "first of render"}).log({.time = -static_cast<std::int64_t>(test::TestBatch::kBase), .body = "no time"}).log({.span = 2, .time = 15'000'000, .body = "the same time"}).into(s.store);
        std::mt19937 random(3);
        for (int i = 0; i < 300; ++i) test::TestBatch().log({.time = 100'000'000 + static_cast<std::int64_t>(random() % 90)}).into(s.store);
        const auto shown = s.context.snapshot();
        const auto snapshot = s.store.snapshot();
        auto trace = trace::Trace::assemble(snapshot, s.trace);
        QVERIFY(trace.has_value());
        for (const auto scope : {LogScope::Session, LogScope::Trace}) {
            const auto rows = findLogs({.scope = scope, .snapshot = snapshot, .trace = *trace});
            QVERIFY(rows->logs.size() >= 307);
            const auto key = [&](store::RowId log) { return std::pair(usableTime(snapshot->log(log)) - 1, log); };  // no time is the latest
            QVERIFY(std::ranges::is_sorted(rows->logs, {}, key));
            for (std::size_t row = 0; row < rows->logs.size(); ++row) {
                QCOMPARE(rows->rowOf(rows->logs[row]), static_cast<int>(row));
                const auto time = usableTime(snapshot->log(rows->logs[row]));
                if (time != 0) QVERIFY(rows->upTo(time) > row && rows->upTo(time - 1) <= row);
                else QCOMPARE(row, rows->logs.size() - 1);
            }
            QCOMPARE(rows->rowOf(store::kNoRow), -1);
            QCOMPARE(rows->firstOfNode[*(*trace)->find(SpanId{4})], 0u);
            QCOMPARE(rows->firstOfNode[*(*trace)->find(SpanId{2})], 2u);
        }
        // Of logs that came later, and of those the filter hides.
        const auto before = findLogs({.scope = LogScope::Session, .snapshot = shown});
        QCOMPARE(before->rowOf(store::rowId(0, 6)), -1);
        const auto warnings = findLogs({.scope = LogScope::Trace, .snapshot = snapshot, .trace = *trace, .atLeast = LogLevel::Warn});
        QCOMPARE(warnings->logs.size(), std::size_t(2));
        QCOMPARE(warnings->rowOf(store::rowId(0, 0)), -1);
        QCOMPARE(warnings->firstOfNode[*(*trace)->find(SpanId{2})], LogRows::kNotListed);
    }

    void anotherSessionBeginsAnew() {
        Shown s;
        s.pane.setScope(LogScope::Session);
        QTRY_COMPARE(s.rows(), 5);
        QSignalSpy resets(s.table()->model(), &QAbstractItemModel::modelReset);
        s.store.clear();
        test::TestBatch().log({.time = 7, .body = "of the next"}).into(s.store);
        s.context.setSnapshot(s.store.snapshot());
        QTRY_COMPARE(s.rows(), 1);
        QCOMPARE(s.cell(0, LogModel::Message), QStringLiteral("of the next"));
        QCOMPARE(resets.count(), 1);
    }

    void aListingUnderWayOutlivesArrivals() {
        store::TraceStore store;
        ViewContext context;
        LogPane pane(context);
        auto* rows = pane.findChild<QTableView*>(QStringLiteral("logTable"))->model();
        QSignalSpy grown(rows, &QAbstractItemModel::rowsInserted);
        std::promise<void> open;
        const std::shared_future<void> gate(open.get_future());
        for (const auto* slot : {"one", "two"})  // both threads of the pool are busy: a listing takes as long as the gate is shut
            context.queries().run(QString::fromLatin1(slot), &pane, [gate](std::stop_token) { return gate.wait(), 0; }, [](int) {});
        int made = 0;
        const auto add = [&] {
            test::TestBatch().log({.time = ++made}).into(store);
            context.setSnapshot(store.snapshot());
        };
        add();
        pane.setScope(LogScope::Session);
        for (int i = 0; i < 14; ++i) {
            QTest::qWait(50);
            add();
        }
        open.set_value();
        QTRY_VERIFY(grown.count() > 0);
        QCOMPARE(grown.at(0).at(2).toInt(), 0);  // the one row of when it was asked for
        pane.setScope(LogScope::Session);
        QTRY_COMPARE(rows->rowCount(), made);
    }

    void copyIsTabSeparatedWithUtcTime() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.rows(), 4);
        auto* model = qobject_cast<LogModel*>(s.table()->model());
        const auto parts = model->copyText(2).split(QLatin1Char('\t'));
        QCOMPARE(parts.size(), 6);
        QCOMPARE(parts[0], QStringLiteral("2023-11-14T22:13:20.030000000Z"));
        QCOMPARE(parts[1], QStringLiteral("ERROR"));
        QCOMPARE(parts[3], QStringLiteral("slow query"));
    }
};

QTEST_MAIN(LogPaneTest)
#include "log_pane_test.moc"
