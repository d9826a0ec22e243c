// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <random>

#include "tests/unit/test_batch.h"
#include "views/context.h"
#include "views/navigator/navigator_pane.h"
#include "views/navigator/service_model.h"
#include "views/theme.h"
#include "views/trace_list/scatter_view.h"
#include "views/trace_list/trace_columns.h"
#include "views/trace_list/trace_list_view.h"
#include "views/trace_list/trace_model.h"
#include "views/widgets/text_format.h"

namespace spanreel {

using namespace views;
using test::TestBatch;

namespace {

constexpr std::int64_t kMs = 1'000'000;

/// Traces 1..n: trace i starts at i seconds and takes i ms; every tenth fails; services front (all) and odd (odd ones).
void fill(store::TraceStore& store, std::uint64_t from, std::uint64_t to) {
    TestBatch batch;
    for (auto i = from; i <= to; ++i) {
        const auto start = static_cast<std::int64_t>(i) * 1000 * kMs;
        batch.span({.trace = TraceId{0, i}, .id = i * 10, .service = "front", .name = "GET /" + std::to_string(i % 7), .start = start, .end = start + static_cast<std::int64_t>(i) * kMs, .status = i % 10 == 0 ? 2 : 0});
        if (i % 2) batch.span({.trace = TraceId{0, i}, .id = i * 10 + 1, .parent = i * 10, .service = "odd", .name = "work", .start = start, .end = start + kMs});
    }
    batch.into(store);
}

TraceRowsPtr rowsOf(store::TraceStore& store, const TraceFilter& filter = {}, TraceOrder order = {}) { return listTraces(store.snapshot(), filter, order, {}); }

}  // namespace

/// The trace list: filters, orders, changes as ranges, and a row that stays where the user has it.
class TraceListTest : public QObject {
    Q_OBJECT
private slots:
    void filtersKnowMoreServicesThanAWordHasBits() {
        store::TraceStore store;
        TestBatch batch;
        const auto add = [&](std::uint64_t trace, std::initializer_list<int> services) {
            std::uint64_t id = trace * 1000;
            for (const int service : services) batch.span({.trace = TraceId{0, trace}, .id = ++id, .service = "s" + std::to_string(service), .start = 0, .end = kMs});
        };
        for (int service = 0; service < 100; ++service) add(1, {service});  // in the order they are numbered in
        add(2, {90});
        add(3, {5, 90});
        add(4, {90, 95});
        add(5, {5});
        batch.into(store);
        const auto traces = [&](const TraceFilter& filter) {
            auto out = rowsOf(store, filter)->traces;
            std::ranges::sort(out);
            return out;
        };
        TraceFilter filter;
        filter.service = "s90";
        QCOMPARE(traces(filter), (std::vector<std::uint32_t>{0, 1, 2, 3}));
        filter.service = "s5";
        QCOMPARE(traces(filter), (std::vector<std::uint32_t>{0, 2, 4}));
        filter.service = "s98";  // no room for it in a set that traces share
        QCOMPARE(traces(filter), std::vector<std::uint32_t>{0});
        filter.service.clear();
        filter.hiddenServices = {"s90"};
        QCOMPARE(traces(filter), (std::vector<std::uint32_t>{0, 2, 3, 4}));
        filter.hiddenServices = {"s90", "s95", "s5"};
        QCOMPARE(traces(filter), std::vector<std::uint32_t>{0});
        filter.hiddenServices.clear();
        filter.text = "s95";
        QCOMPARE(traces(filter), (std::vector<std::uint32_t>{0, 3}));
        QCOMPARE(store.snapshot()->servicesOf(store.snapshot()->trace(3)).size(), std::size_t{2});
        QCOMPARE(store.snapshot()->serviceCount(store.snapshot()->trace(0)), std::size_t{100});
    }

    void filters() {
        store::TraceStore store;
        fill(store, 1, 100);
        QCOMPARE(rowsOf(store)->traces.size(), std::size_t(100));
        TraceFilter filter;
        filter.errorsOnly = true;
        QCOMPARE(rowsOf(store, filter)->traces.size(), std::size_t(10));
        filter = {};
        filter.service = "odd";
        QCOMPARE(rowsOf(store, filter)->traces.size(), std::size_t(50));
        filter = {};
        filter.minDurationNs = 90 * kMs;
        QCOMPARE(rowsOf(store, filter)->traces.size(), std::size_t(11));
        filter = {};
        filter.text = "get /3";
        QCOMPARE(rowsOf(store, filter)->traces.size(), std::size_t(14));
        filter.text = "WORK";  // a span below the root
        QCOMPARE(rowsOf(store, filter)->traces.size(), std::size_t(50));
        filter.text = TraceId{0, 77}.toHex();
        QCOMPARE(rowsOf(store, filter)->traces.size(), std::size_t(1));
        filter = {};
        filter.hiddenServices = {"front"};
        const auto rows = rowsOf(store, filter);
        QCOMPARE(rows->traces.size(), std::size_t(50));
        QCOMPARE(rows->hiddenByServices, std::uint64_t(50));
        QCOMPARE(rows->total, std::uint64_t(100));
    }

    void ordersAndBreaksTiesByStart() {
        store::TraceStore store;
        fill(store, 1, 30);
        auto rows = rowsOf(store, {}, {TraceColumn::Duration, true});
        QCOMPARE(rows->snapshot->trace(rows->traces.front()).id.low, std::uint64_t(30));
        rows = rowsOf(store, {}, {TraceColumn::Spans, false});
        QCOMPARE(rows->snapshot->trace(rows->traces.front()).id.low, std::uint64_t(2));
        QCOMPARE(rows->snapshot->trace(rows->traces.back()).id.low, std::uint64_t(29));
    }

    void readsDurations() {
        QCOMPARE(*parseDuration("250ms"), 250 * kMs);
        QCOMPARE(*parseDuration(" 1.5 s "), 1500 * kMs);
        QCOMPARE(*parseDuration("1,5s"), 1500 * kMs);
        QCOMPARE(*parseDuration("800us"), std::int64_t(800'000));
        QCOMPARE(*parseDuration("800\u00b5s"), std::int64_t(800'000));
        QCOMPARE(*parseDuration("2min"), 120'000 * kMs);
        QCOMPARE(*parseDuration("7"), 7 * kMs);
        for (const char* bad : {"", "fast", "5 parsecs", "-1s", "ms"}) QVERIFY(!parseDuration(bad));
    }

    void changesLeadFromOneListToTheOther() {
        std::mt19937 random(42);
        store::TraceStore store;
        ViewContext context;
        TraceModel model(context);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        std::uint64_t next = 1;
        for (int round = 0; round < 60; ++round) {
            const auto more = random() % 6;
            if (more) fill(store, next, next + more - 1);
            next += more;
            TraceFilter filter;
            filter.errorsOnly = round % 13 == 12;
            filter.minDurationNs = round % 5 == 4 ? static_cast<std::int64_t>(random() % 60) * kMs : 0;
            const TraceOrder order{static_cast<TraceColumn>(random() % 7), random() % 2 == 0};
            const auto rows = rowsOf(store, filter, order);
            const auto changes = rowChanges(*model.rows(), *rows);
            model.apply(rows, changes);
            QCOMPARE(model.rowCount(), static_cast<int>(rows->traces.size()));
            for (int row = 0; row < model.rowCount(); ++row) QCOMPARE(model.traceAt(row), rows->snapshot->trace(rows->traces[static_cast<std::size_t>(row)]).id);
        }
        QVERIFY(resets.count() < 20);
    }

    void persistentRowsFollowTheirTraces() {
        store::TraceStore store;
        fill(store, 1, 20);
        ViewContext context;
        TraceModel model(context);
        auto rows = rowsOf(store);
        model.apply(rows, rowChanges(*model.rows(), *rows));
        const QPersistentModelIndex mine = model.index(4, 0);
        const auto id = model.traceAt(4);
        fill(store, 21, 25);
        rows = rowsOf(store, {}, {TraceColumn::Duration, false});
        model.apply(rows, rowChanges(*model.rows(), *rows));
        QVERIFY(mine.isValid());
        QCOMPARE(model.traceAt(mine.row()), id);
    }

    void arrivalsDoNotMoveTheUsersRow() {
        store::TraceStore store;
        fill(store, 1, 300);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(900, 600);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 300);
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        table->scrollTo(view.model().index(150, 0), QAbstractItemView::PositionAtCenter);
        table->setCurrentIndex(view.model().index(150, 0));
        const auto id = *context.selection().trace;
        const int y = table->visualRect(table->currentIndex()).top();
        fill(store, 301, 340);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(view.model().rowCount(), 340);
        QCOMPARE(view.model().traceAt(table->currentIndex().row()), id);
        QCOMPARE(table->currentIndex().row(), 190);
        QCOMPARE(table->visualRect(table->currentIndex()).top(), y);
        QCOMPARE(*context.selection().trace, id);
        // What came in above is told, and one click goes there.
        auto* newer = view.findChild<QAbstractButton*>(QStringLiteral("traceListNewer"));
        QVERIFY(newer->isVisible());
        QCOMPARE(newer->text(), QStringLiteral("40 newer"));
        QTest::mouseClick(newer, Qt::LeftButton);
        QCOMPARE(table->verticalScrollBar()->value(), 0);
        QVERIFY(!newer->isVisible());
        // Nor does it move where they come in all over the list.
        table->horizontalHeader()->setSortIndicator(static_cast<int>(TraceColumn::Duration), Qt::AscendingOrder);
        QTRY_COMPARE(view.model().traceAt(149), id);
        table->scrollTo(table->currentIndex(), QAbstractItemView::PositionAtCenter);
        const int middle = table->visualRect(table->currentIndex()).top();
        QSignalSpy resets(&view.model(), &QAbstractItemModel::modelReset);
        for (std::uint64_t i = 1; i <= 340; ++i) TestBatch().span({.trace = TraceId{1, i}, .id = i, .start = 0, .end = static_cast<std::int64_t>(i) * kMs + 1}).into(store);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(view.model().rowCount(), 680);
        QCOMPARE(view.model().traceAt(table->currentIndex().row()), id);
        QCOMPARE(table->visualRect(table->currentIndex()).top(), middle);
        QCOMPARE(resets.count(), 0);
    }

    void aListNobodyTouchesStaysAtItsTop() {
        store::TraceStore store;
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(900, 600);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        QCursor::setPos(view.mapToGlobal(QPoint(300, 400)));  // rests where the rows will be
        fill(store, 1, 300);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(view.model().rowCount(), 300);
        view.focusRows();
        QTRY_VERIFY(table->hasFocus());
        QVERIFY(!context.selection().trace);
        QTest::mouseMove(table->viewport(), table->viewport()->mapFromGlobal(QCursor::pos()));  // as the window system says it comes in
        fill(store, 301, 12'345);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(view.model().rowCount(), 12'345);
        QCOMPARE(table->verticalScrollBar()->value(), 0);
        QCOMPARE(table->currentIndex().row(), 0);  // where the keyboard begins goes along
        QVERIFY(!context.selection().trace);
        // Further down the row seen first stays, and the number above is written as numbers are.
        table->verticalScrollBar()->setValue(50'000);
        fill(store, 12'346, 20'000);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(view.model().rowCount(), 20'000);
        auto* newer = view.findChild<QAbstractButton*>(QStringLiteral("traceListNewer"));
        QTRY_COMPARE(newer->text(), QStringLiteral("7\u2009655 newer"));
        QVERIFY(!newer->geometry().intersects(table->viewport()->geometry()));
    }

    void theSelectedRowIsInSightAgain() {
        store::TraceStore store;
        fill(store, 1, 300);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(900, 600);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 300);
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        table->setCurrentIndex(view.model().index(299, 0));
        const auto id = *context.selection().trace;
        table->hide();  // as when another page is in front
        fill(store, 301, 2000);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(view.model().rowCount(), 2000);
        table->show();
        const auto seen = [&] { return table->viewport()->rect().contains(table->visualRect(table->currentIndex()).center()); };
        QTRY_VERIFY(seen());
        QCOMPARE(view.model().traceAt(table->currentIndex().row()), id);
    }

    void theKeyboardFindsTheRows() {
        store::TraceStore store;
        fill(store, 1, 40);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(900, 600);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        QTRY_COMPARE(view.model().rowCount(), 40);
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        QSignalSpy opened(&context, &ViewContext::openTraceRequested);
        // The Tab key: the filter's fields, then the rows, then what is behind the list.
        view.focusFilter();
        for (const char* next : {"traceFilterService", "traceFilterDuration", "traceFilterErrors", "traceTable", "traceFilterText"}) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            QCOMPARE(QApplication::focusWidget()->objectName(), QString::fromLatin1(next));
        }
        // Down from the filter: the first row is the current one and is seen to be; nothing is selected by it.
        const auto edge = [&] { return table->viewport()->grab().toImage().pixelColor(table->visualRect(view.model().index(0, 3)).topLeft() + QPoint(5, 0)); };
        QVERIFY(edge() != Theme::instance().colours().accent);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
        QVERIFY(table->hasFocus());
        QCOMPARE(table->currentIndex().row(), 0);
        QCOMPARE(edge(), Theme::instance().colours().accent);
        QVERIFY(!context.selection().trace);
        // A click on that row selects it all the same.
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(view.model().index(0, 0)).center());
        QCOMPARE(context.selection().trace, std::optional(view.model().traceAt(0)));
        QTest::keyClick(table, Qt::Key_Down);
        QCOMPARE(table->currentIndex().row(), 1);
        QVERIFY(context.selection().trace);
        // Return in the filter: its rows once they are there.
        view.focusFilter();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("GET /3"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(table->hasFocus());
        QVERIFY(view.model().rowCount() < 40);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        // Where none match the field keeps the keyboard.
        view.focusFilter();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("nothing like it"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(view.model().rowCount(), 0);
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("traceFilterText"));
    }

    void theFirstClickOnAFigureShowsTheLargestFirst() {
        store::TraceStore store;
        fill(store, 1, 30);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(1000, 600);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 30);
        auto* header = view.findChild<QTableView*>(QStringLiteral("traceTable"))->horizontalHeader();
        const auto click = [&](TraceColumn column) {
            const int section = static_cast<int>(column);
            QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(header->sectionViewportPosition(section) + header->sectionSize(section) / 2, header->height() / 2));
        };
        click(TraceColumn::Duration);
        QTRY_COMPARE(view.model().traceAt(0).low, std::uint64_t(30));
        click(TraceColumn::Duration);
        QTRY_COMPARE(view.model().traceAt(0).low, std::uint64_t(1));
        click(TraceColumn::Spans);
        QCOMPARE(header->sortIndicatorOrder(), Qt::DescendingOrder);
        click(TraceColumn::Name);
        QCOMPARE(header->sortIndicatorOrder(), Qt::AscendingOrder);
    }

    void theWholeRowUnderTheMouseIsTinted() {
        store::TraceStore store;
        fill(store, 1, 5);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(1000, 600);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 5);
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        const auto at = [&](int row, int column) { return table->visualRect(view.model().index(row, column)).topLeft() + QPoint(3, 1); };
        QTest::mouseMove(table->viewport(), at(2, 3));
        const QColor tint = Theme::instance().colours().hover();
        const auto image = [&] { return table->viewport()->grab().toImage(); };
        QTRY_COMPARE(table->property("hoveredRow").toInt(), 2);
        QCOMPARE(image().pixelColor(at(2, 0)), tint);
        for (int column = 0; column < kTraceColumns; ++column) QCOMPARE(image().pixelColor(at(2, column)), tint);
        QVERIFY(image().pixelColor(at(1, 0)) != tint);
    }

    void theFilterBarSaysWhatItHides() {
        store::TraceStore store;
        fill(store, 1, 40);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(900, 600);
        view.show();
        auto* status = view.findChild<QLabel*>(QStringLiteral("traceListStatus"));
        QTRY_VERIFY(status->text().startsWith(QStringLiteral("40 traces")));
        view.findChild<QCheckBox*>(QStringLiteral("traceFilterErrors"))->click();
        QTRY_VERIFY2(status->text().startsWith(QStringLiteral("Showing 4 of 40 traces")), qPrintable(status->text()));
        QVERIFY(status->text().contains(QStringLiteral("36 hidden by the filter")));
        view.clearFilter();
        QTRY_VERIFY(status->text().startsWith(QStringLiteral("40 traces")));
        auto* duration = view.findChild<QLineEdit*>(QStringLiteral("traceFilterDuration"));
        QTest::keyClicks(duration, QStringLiteral("39ms"));
        QTRY_VERIFY(status->text().startsWith(QStringLiteral("Showing 2 of 40")));
        QTest::keyClicks(duration, QStringLiteral("x"));
        QTRY_VERIFY(!duration->toolTip().isEmpty());  // says why it is not taken
        view.clearFilter();
        auto* service = view.findChild<QComboBox*>(QStringLiteral("traceFilterService"));
        QTRY_COMPARE(service->count(), 3);
        view.setServiceFilter(QStringLiteral("odd"));
        QTRY_VERIFY(status->text().startsWith(QStringLiteral("Showing 20 of 40")));
        context.setServiceShown(QStringLiteral("odd"), false);
        context.setServiceShown(QStringLiteral("front"), false);
        QTRY_VERIFY(status->text().contains(QStringLiteral("40 hidden by services")));
    }

    void noRangeHeadingOrHintSqueezesTheFilter() {
        store::TraceStore store;
        fill(store, 1, 40);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(740, 600);
        view.show();
        auto* status = view.findChild<QLabel*>(QStringLiteral("traceListStatus"));
        QTRY_VERIFY(status->text().startsWith(QStringLiteral("40 traces")));
        auto* text = view.findChild<QLineEdit*>(QStringLiteral("traceFilterText"));
        auto* least = view.findChild<QLineEdit*>(QStringLiteral("traceFilterDuration"));
        auto* chip = view.findChild<QAbstractButton*>(QStringLiteral("traceFilterBrush"));
        auto* scatter = view.findChild<ScatterView*>();
        QVERIFY(least->width() > least->fontMetrics().horizontalAdvance(least->placeholderText()));
        const QRect chart = scatter->geometry();
        const auto startOf = [&](std::uint32_t trace) { return context.snapshot()->trace(trace).startNs; };
        emit scatter->brushed(TimeRange{startOf(10), startOf(20)}, 0, 500 * kMs);
        QTRY_VERIFY(status->text().startsWith(QStringLiteral("Showing 11 of 40")) || status->text().startsWith(QStringLiteral("Showing 10 of 40")));
        QVERIFY(chip->isVisible());
        QVERIFY(chip->width() >= chip->fontMetrics().horizontalAdvance(chip->text()));  // read in full …
        QVERIFY(text->width() >= 200);                                                  // … and the fields keep their room
        QCOMPARE(scatter->geometry(), chart);
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        for (int i = 1; i < table->model()->columnCount(); ++i) {
            const QString heading = table->model()->headerData(i, Qt::Horizontal).toString();
            QVERIFY2(table->columnWidth(i) >= table->horizontalHeader()->fontMetrics().horizontalAdvance(heading) + 18, qPrintable(heading));
        }
        TraceColumns widths(table);
        widths.fit(700);
        widths.hold({.spans = 1'234'567, .errors = 98'765, .logs = 765'432}, true);
        const auto needs = [&](TraceColumn column, const char* figure) { return table->columnWidth(static_cast<int>(column)) >= table->fontMetrics().horizontalAdvance(QString::fromUtf8(figure)) + 16; };
        QVERIFY(needs(TraceColumn::Spans, "1\u2009234\u2009567"));
        QVERIFY(needs(TraceColumn::Errors, "98\u2009765 \u2715"));
        QVERIFY(needs(TraceColumn::Logs, "765\u2009432"));
        widths.hold({.longestNs = 100'000 * kMs, .untimed = true}, true);
        QVERIFY(needs(TraceColumn::Duration, "1 min 40 s"));
        QVERIFY(needs(TraceColumn::Start, "no usable time"));
        chip->click();
        QTRY_VERIFY(status->text().startsWith(QStringLiteral("40 traces")));
        QVERIFY(!chip->isVisible());
    }

    void theNameHasWhatTheOthersLeave() {
        store::TraceStore store;
        fill(store, 1, 40);  // of one day, years ago
        ViewContext context;
        context.setShowsUtc(true);
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(728, 600);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 40);
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        auto* status = view.findChild<QLabel*>(QStringLiteral("traceListStatus"));
        const auto start = [&] { return view.model().index(0, static_cast<int>(TraceColumn::Start)).data().toString(); };
        const auto allIsSeen = [&] {
            for (int i = 0; i < kTraceColumns; ++i)
                if (table->columnViewportPosition(i) + table->columnWidth(i) > table->viewport()->width()) return false;
            return table->columnWidth(0) >= TraceColumns::kLeastName;
        };
        QTRY_VERIFY2(allIsSeen(), qPrintable(QString::number(table->columnWidth(0))));
        QCOMPARE(start(), QStringLiteral("22:14:00.000Z"));
        QVERIFY2(status->text().contains(QStringLiteral("started on 2023-11-14")), qPrintable(status->text()));
        view.resize(1400, 600);
        QTRY_COMPARE(start(), QStringLiteral("2023-11-14 22:14:00.000Z"));
        QVERIFY(!status->text().contains(QStringLiteral("started on")));
        QVERIFY(allIsSeen());
        // Starts of several days have the day, at the cost of whatever can give way.
        view.resize(728, 600);
        const std::int64_t nextDay = 86'400'000 * kMs;
        TestBatch().span({.trace = TraceId{0, 99}, .id = 1, .service = "front", .start = nextDay, .end = nextDay + kMs}).into(store);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(view.model().rowCount(), 41);
        QCOMPARE(start(), QStringLiteral("2023-11-15 22:13:20.000Z"));
        QTRY_VERIFY2(allIsSeen(), qPrintable(QString::number(table->columnWidth(0))));
        // What the user made wide stays so.
        table->setColumnWidth(static_cast<int>(TraceColumn::Services), 120);
        view.resize(720, 600);
        QCOMPARE(table->columnWidth(static_cast<int>(TraceColumn::Services)), 120);
    }

    void noSentenceWidensThePage() {
        store::TraceStore store;
        fill(store, 1, 300);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 300);
        const int before = view.minimumSizeHint().width();
        TestBatch batch;
        for (std::uint64_t i = 1; i <= 5; ++i) batch.span({.trace = TraceId{1, i}, .id = i, .start = -static_cast<std::int64_t>(TestBatch::kBase), .end = 0});
        batch.into(store);
        context.setSnapshot(store.snapshot());
        auto* caption = view.findChild<QLabel*>(QStringLiteral("traceScatterCaption"));
        QTRY_VERIFY2(caption->text().contains(QStringLiteral("5 without a usable time are not drawn")), qPrintable(caption->text()));
        QCOMPARE(view.minimumSizeHint().width(), before);
        QVERIFY(before <= 560);
    }

    void returnOpensTheTrace() {
        store::TraceStore store;
        fill(store, 1, 5);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.resize(900, 600);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 5);
        QSignalSpy opened(&context, &ViewContext::openTraceRequested);
        auto* table = view.findChild<QTableView*>(QStringLiteral("traceTable"));
        table->setCurrentIndex(view.model().index(0, 0));
        QCOMPARE(context.selection().trace->low, std::uint64_t(5));  // newest first
        QCOMPARE(opened.count(), 0);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
    }

    void theEmptyPageTellsHowToSend() {
        ViewContext context;
        TraceListView view(context);
        view.setEndpoints({QStringLiteral("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318")}, QStringLiteral("Listening."));
        QSignalSpy sample(&view, &TraceListView::openSampleRequested);
        view.show();
        auto* button = view.findChild<QAbstractButton*>(QStringLiteral("emptySample"));
        QVERIFY(button->isVisible());
        button->click();
        QCOMPARE(sample.count(), 1);
        auto* refused = view.findChild<QLabel*>(QStringLiteral("emptyRefused"));
        QVERIFY(!refused->isVisible());
        view.setEndpoints({}, QStringLiteral("Listening."), QStringLiteral("<b>malformed</b>"));
        QVERIFY(refused->isVisible());
        QCOMPARE(refused->textFormat(), Qt::PlainText);
        QCOMPARE(refused->text(), QStringLiteral("<b>malformed</b>"));
        view.setEndpoints({}, QStringLiteral("Listening."));
        QVERIFY(!refused->isVisible());
    }

    void smallNumbersAndMissingNamesAreWords() {
        QCOMPARE(grouped(QStringLiteral("788480 spans in 2 files"), 788'480), QStringLiteral("788\u2009480 spans in 2 files"));
        QCOMPARE(grouped(QStringLiteral("5 spans"), 5), QStringLiteral("5 spans"));
        store::TraceStore store;
        TestBatch().span({.trace = TraceId{0, 1}, .id = 1, .service = "front", .name = "", .end = 5}).log({.trace = TraceId{0, 2}, .time = 5}).into(store);
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.show();
        QTRY_COMPARE(view.model().rowCount(), 1);
        QCOMPARE(view.model().index(0, 0).data(TraceModel::OperationRole).toString(), QStringLiteral("(no name)"));
        QCOMPARE(view.model().index(0, 0).data().toString(), QStringLiteral("front: (no name)"));
        const QString status = view.findChild<QLabel*>(QStringLiteral("traceListStatus"))->text();
        QVERIFY2(status.contains(QStringLiteral("1 trace id occurs in logs only")), qPrintable(status));
    }

    void theEmptyPageTellsOfLogs() {
        store::TraceStore store;
        ViewContext context;
        context.setSnapshot(store.snapshot());
        TraceListView view(context);
        view.show();
        auto* title = view.findChild<QLabel*>(QStringLiteral("emptyTitle"));
        QCOMPARE(title->text(), QStringLiteral("No traces yet"));
        TestBatch().log({.time = 5}).into(store);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(title->text(), QStringLiteral("1 log, no traces"));
        TestBatch batch;
        for (int i = 0; i < 1299; ++i) batch.log({.time = i});
        batch.into(store);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(title->text(), QStringLiteral("1\u2009300 logs, no traces"));
    }

    void theNavigatorTicksServices() {
        store::TraceStore store;
        fill(store, 1, 4);
        ViewContext context;
        NavigatorPane pane(context);
        pane.show();
        context.setSnapshot(store.snapshot());
        auto* list = pane.findChild<QAbstractItemView*>(QStringLiteral("navigatorServices"));
        QTRY_COMPARE(list->model()->rowCount(), 2);
        QAbstractItemModelTester tester(list->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("front"));
        list->model()->setData(list->model()->index(1, 0), Qt::Unchecked, Qt::CheckStateRole);
        QVERIFY(!context.serviceShown("odd"));
        auto* hidden = pane.findChild<QLabel*>(QStringLiteral("navigatorHidden"));
        QVERIFY(hidden->isVisible());
        QCOMPARE(hidden->text(), QStringLiteral("1 of 2 services hidden"));
        TestBatch().span({.trace = TraceId{0, 99}, .id = 1, .service = "abc", .end = 5}).into(store);
        context.setSnapshot(store.snapshot());
        QTRY_COMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("abc"));
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::TraceListTest)
#include "trace_list_test.moc"
