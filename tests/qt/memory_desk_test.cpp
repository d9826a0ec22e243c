// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says when memory for records is short.
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QVBoxLayout>

#include "app/studio/memory_desk.h"
#include "views/widgets/banner.h"

using namespace spanreel;

class MemoryDeskTest : public QObject {
    Q_OBJECT
private slots:
    void tellsOnceAndTakesItBack() {
        QWidget window;
        auto* area = new QVBoxLayout(&window);
        store::MemoryGauge gauge;
        gauge.budget = 512u << 20;
        int sessions = 0, settings = 0;
        app::MemoryDesk desk(gauge, {[&] { ++sessions; }, [&] { ++settings; }}, area, &window);
        const auto find = [&](const char* name) { return window.findChild<views::Banner*>(QLatin1String(name)); };
        desk.look();
        QVERIFY(!find("memoryFullBanner") && !find("memoryDiskBanner"));
        gauge.full = true;
        desk.look();
        auto* banner = find("memoryFullBanner");
        QVERIFY(banner);
        bool says = false;
        for (const auto* label : banner->findChildren<QLabel*>()) says |= label->text().contains(QStringLiteral("512"));
        QVERIFY(says);
        auto* fresh = window.findChild<QAbstractButton*>(QStringLiteral("memoryNewSession"));
        auto* more = window.findChild<QAbstractButton*>(QStringLiteral("memorySettings"));
        QVERIFY(fresh && more);
        fresh->click();
        more->click();
        QCOMPARE(sessions, 1);
        QCOMPARE(settings, 1);
        // Closed by the user it does not come back for the same thing.
        delete banner;
        desk.look();
        QVERIFY(!find("memoryFullBanner"));
        gauge.full = false;
        const std::string why = "/cache is no disk, it lies in memory";
        gauge.whyDiskFails = &why;
        gauge.diskFails = true;
        desk.look();
        QVERIFY(find("memoryDiskBanner"));
        bool tellsWhy = false;
        for (const auto* label : find("memoryDiskBanner")->findChildren<QLabel*>()) tellsWhy |= label->text().contains(QString::fromStdString(why));
        QVERIFY(tellsWhy);
        gauge.diskFails = false;
        gauge.full = true;
        desk.look();
        QVERIFY(find("memoryFullBanner") && !find("memoryDiskBanner"));
        gauge.full = false;
        desk.look();
        QVERIFY(!find("memoryFullBanner"));
    }
};

QTEST_MAIN(MemoryDeskTest)
#include "memory_desk_test.moc"
