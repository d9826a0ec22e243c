// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QListWidget>

#include "tests/qt/pane_fixture.h"
#include "views/replay/in_flight_panel.h"
#include "views/replay/replay_bar.h"
#include "views/replay/scrub_bar.h"

using namespace spanreel;
using namespace spanreel::views;

class ReplayBarTest : public QObject {
    Q_OBJECT

    struct Shown : test::PaneFixture {
        ReplayBar bar{context};
        QLabel* time() { return bar.findChild<QLabel*>(QStringLiteral("replayTime")); }
        ScrubBar* scrub() { return bar.findChild<ScrubBar*>(QStringLiteral("replayScrub")); }
    };

private slots:
    void withoutATraceNothingPlays() {
        Shown s;
        QVERIFY(!s.bar.playAction()->isEnabled());
        QCOMPARE(s.time()->text(), QStringLiteral("no trace selected"));
    }

    void theSpeedMakesATraceTakeAboutTenSeconds() {
        Shown s;
        s.open();
        QTRY_COMPARE(s.context.clock().speed(), 0.01);
        QCOMPARE(s.bar.findChild<QComboBox*>(QStringLiteral("replaySpeed"))->currentData().toDouble(), 0.01);
        QCOMPARE(s.bar.findChild<QLabel*>(QStringLiteral("replaySpeedNote"))->text(), QStringLiteral("takes 10.0 s"));
    }

    void stepsGoFromEndToEndOfSpans() {
        Shown s;
        s.open();
        s.bar.stepNextAction()->trigger();
        QCOMPARE(s.context.clock().playheadNs(), 10'000'000);
        s.bar.stepNextAction()->trigger();
        QCOMPARE(s.time()->text(), QStringLiteral("20.0 ms / 100 ms"));
        s.bar.stepPreviousAction()->trigger();
        QCOMPARE(s.context.clock().playheadNs(), 10'000'000);
        s.bar.toStartAction()->trigger();
        QCOMPARE(s.context.clock().playheadNs(), 0);
        QVERIFY(s.context.replayActive());
        s.bar.leaveAction()->trigger();
        QVERIFY(!s.context.replayActive());
    }

    void playAndPause() {
        Shown s;
        s.open();
        s.bar.playAction()->trigger();
        QVERIFY(s.context.clock().playing());
        QCOMPARE(s.bar.playAction()->text(), QStringLiteral("Pause"));
        s.bar.playAction()->trigger();
        QVERIFY(!s.context.clock().playing());
    }

    void scrubbingSeeks() {
        Shown s;
        s.open();
        s.bar.resize(900, 40);
        s.bar.show();
        s.scrub()->setSliderPosition(0);
        s.scrub()->triggerAction(QAbstractSlider::SliderPageStepAdd);
        QCOMPARE(s.context.clock().playheadNs(), 5'000'000);
        QTest::mouseClick(s.scrub(), Qt::LeftButton, {}, QPoint(s.scrub()->width() / 2, s.scrub()->height() / 2));
        QVERIFY(std::abs(s.context.clock().playheadNs() - 50'000'000) < 1'000'000);
    }

    void theLoopIsTheSelectedRangeElseTheTrace() {
        Shown s;
        s.open();
        s.bar.loopAction()->setChecked(true);
        QCOMPARE(s.context.clock().loop(), (std::optional<std::pair<std::int64_t, std::int64_t>>({0, 100'000'000})));
        s.context.selectRange(TimeRange{test::TestBatch::kBase + 10'000'000, test::TestBatch::kBase + 30'000'000});
        QCOMPARE(s.context.clock().loop(), (std::optional<std::pair<std::int64_t, std::int64_t>>({10'000'000, 30'000'000})));
        s.bar.loopAction()->setChecked(false);
        QVERIFY(!s.context.clock().loop());
    }

    void whatIsInFlightIsACallStackAcrossServices() {
        Shown s;
        s.open();
        InFlightPanel panel(s.context);
        panel.show();
        auto* list = panel.findChild<QListWidget*>(QStringLiteral("inFlightList"));
        s.context.seek(30'000'000);
        QTRY_COMPARE(list->count(), 3);
        QVERIFY(list->item(0)->text().startsWith(QStringLiteral("front: GET")));
        QVERIFY(list->item(2)->text().startsWith(QStringLiteral("        cart: SELECT")));
        emit list->itemClicked(list->item(2));
        QCOMPARE(s.context.selection().span, std::optional(SpanId{3}));
        panel.hide();
        s.context.seek(65'000'000);
        QCOMPARE(list->count(), 3);  // a hidden panel does no work
        panel.show();
        QCOMPARE(list->count(), 1);
        s.context.seek(100'000'000);
        QCOMPARE(list->count(), 0);
    }
};

QTEST_MAIN(ReplayBarTest)
#include "replay_bar_test.moc"
