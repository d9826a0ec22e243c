// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QLabel>
#include <QTest>
#include <cstdlib>
#include <set>

#include "tests/unit/test_batch.h"
#include "views/context.h"
#include "views/theme.h"
#include "views/trace_list/scatter_points.h"
#include "views/trace_list/scatter_view.h"

namespace spanreel {

using namespace views;
using test::TestBatch;

namespace {

constexpr std::int64_t kMs = 1'000'000;

TraceRowsPtr rowsOf(store::TraceStore& store, const TraceFilter& filter = {}) { return listTraces(store.snapshot(), filter, {}, {}); }

}  // namespace

/// The chart above the trace list: how many points stand for the traces, and axes that suit them.
class ScatterViewTest : public QObject {
    Q_OBJECT
private slots:
    void scatterIsBoundedAndKeepsErrors() {
        store::TraceStore store;
        TestBatch batch;
        for (std::uint64_t i = 1; i <= 20'000; ++i) {
            const auto start = static_cast<std::int64_t>(i % 100) * kMs;
            batch.span({.trace = TraceId{0, i}, .id = i, .start = start, .end = start + (i == 777 ? 5 : 5 + static_cast<std::int64_t>(i % 3)) * kMs, .status = i == 777 ? 2 : 0});
        }
        batch.into(store);
        const auto points = scatterPoints(*rowsOf(store), 50, 20);
        QVERIFY(points.good.size() <= 1000);
        QCOMPARE(points.failed.size(), std::size_t(1));
        QCOMPARE(rowsOf(store)->snapshot->trace(points.failed.front().trace).id.low, std::uint64_t(777));
        std::uint64_t stoodFor = 0;
        for (const auto& p : points.good) stoodFor += p.count;
        QCOMPARE(stoodFor + 1, std::uint64_t(20'000));
        QCOMPARE(points.traces, std::uint64_t(20'000));
    }

    void theChartsAxesSuitWhatIsDrawn() {
        ViewContext context;
        context.setShowsUtc(true);
        ScatterView view(context);
        view.resize(700, 150);
        view.show();
        auto* chart = view.findChild<QWidget*>(QStringLiteral("traceScatterChart"));
        auto* caption = view.findChild<QLabel*>(QStringLiteral("traceScatterCaption"));
        const auto show = [&](store::TraceStore& store, const TraceFilter& filter, const char* says) {
            view.setRows(rowsOf(store, filter));
            QTRY_VERIFY2(caption->text().contains(QString::fromLatin1(says)), qPrintable(caption->text()));
            QTest::qWait(20);
        };
        const auto ink = [&](QRect where) {  // columns that are not the page's
            std::set<int> columns;
            const QImage image = chart->grab().toImage();
            for (int x = where.left(); x <= where.right(); ++x)
                for (int y = where.top(); y <= where.bottom(); ++y)
                    if (image.pixelColor(x, y) != Theme::instance().colours().page) columns.insert(x);
            return columns;
        };
        // One trace, of many years: its label has room, and it stands in the middle.
        store::TraceStore one;
        TestBatch().span({.trace = TraceId{0, 1}, .id = 1, .end = 300'000'000'000 * kMs}).into(one);
        show(one, {}, "of 1 trace.");
        QVERIFY(ink(QRect(0, 0, 4, chart->height())).empty());
        const QImage image = chart->grab().toImage();
        int point = -1;
        for (int x = 80; x < chart->width(); ++x)
            for (int y = 0; y < chart->height(); ++y)
                if (const QColor c = image.pixelColor(x, y); c.blue() > c.red() + 60) point = x;
        QVERIFY2(std::abs(point - (58 + (chart->width() - 58 - 14) / 2)) < 12, qPrintable(QString::number(point)));
        // None: no axis.
        TraceFilter none;
        none.text = "nothing like it";
        show(one, none, "No trace to draw.");
        QVERIFY(ink(chart->rect()).empty());
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::ScatterViewTest)
#include "scatter_view_test.moc"
