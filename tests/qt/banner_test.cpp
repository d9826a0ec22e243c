// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QTest>

#include "app/studio/import_queue.h"
#include "app/studio/import_strip.h"

namespace spanreel {

/// What the window says above the page never takes the page's place, whatever is said.
class BannerTest : public QObject {
    Q_OBJECT

private slots:
    void aLongFileNameDoesNotWidenTheWindow() {
        store::TraceStore store;
        app::ImportQueue queue(store);
        app::ImportStrip strip(queue);
        strip.findChild<QLabel*>(QStringLiteral("importStripText"))->setText(QString(500, QLatin1Char('w')));
        QVERIFY2(strip.minimumSizeHint().width() < 600, qPrintable(QString::number(strip.minimumSizeHint().width())));
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::BannerTest)
#include "banner_test.moc"
