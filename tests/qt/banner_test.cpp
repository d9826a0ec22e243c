// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QVBoxLayout>

#include "app/studio/import_queue.h"
#include "app/studio/import_strip.h"
#include "app/studio/language.h"
#include "views/widgets/banner_stack.h"

namespace spanreel {

using views::Banner;
using views::BannerStack;

/// What the window says above the page never takes the page's place, whatever is said.
class BannerTest : public QObject {
    Q_OBJECT

    static QString shownText(const Banner* banner) {
        QString out;
        for (const auto* label : banner->findChildren<QLabel*>()) out += label->text();
        return out;
    }

private slots:
    void initTestCase() { app::installTranslations(*qApp, QLocale(QLocale::English)); }

    void aLongWordIsBroken() {
        Banner banner(QStringLiteral("test"), Banner::Tone::Error);
        banner.setText(QStringLiteral("A short sentence."));
        const int line = banner.heightForWidth(500);
        banner.setText(QStringLiteral("It is in ") + QString(1000, QLatin1Char('w')));
        QVERIFY2(banner.minimumSizeHint().width() < 400, qPrintable(QString::number(banner.minimumSizeHint().width())));
        const int high = banner.heightForWidth(500);
        QVERIFY2(high > 5 * line, qPrintable(QString::number(high)));
        // All of it is painted, down to the last line.
        banner.resize(500, high);
        const QImage image = banner.grab().toImage();
        const auto painted = [&](int from, int to) {
            const QRgb plain = image.pixel(120, 3);
            for (int y = from; y < to; ++y)
                for (int x = 60; x < 100; ++x)
                    if (image.pixel(x, y) != plain) return true;
            return false;
        };
        QVERIFY(painted(high - line, high - 6));
        QVERIFY(painted(0, line));
    }

    void whatIsDraggedOverIsSelected() {
        Banner banner(QStringLiteral("test"), Banner::Tone::Error);
        QString word;
        for (int i = 0; i < 200; ++i) word += QString::number(1000 + i);
        banner.setText(QStringLiteral("It is in ") + word);
        banner.resize(500, banner.heightForWidth(500));
        banner.show();
        auto* label = banner.findChild<QLabel*>(QStringLiteral("testText"));
        const QImage before = label->grab().toImage();
        const QPoint from(30, label->height() / 2), to(90, label->height() / 2);  // in a line in the middle
        QTest::mousePress(label, Qt::LeftButton, {}, from);
        QTest::mouseMove(label, to);
        QTest::mouseRelease(label, Qt::LeftButton, {}, to);
        const QString selected = label->selectedText();
        QVERIFY2(selected.size() > 3 && selected.size() < 20 && label->selectionStart() > 200, qPrintable(QStringLiteral("%1 from %2").arg(selected).arg(label->selectionStart())));
        // And is seen to be: the picture changes there, and only there.
        const QImage after = label->grab().toImage();
        QRect changed;
        for (int y = 0; y < after.height(); ++y)
            for (int x = 0; x < after.width(); ++x)
                if (after.pixel(x, y) != before.pixel(x, y)) changed |= QRect(x, y, 1, 1);
        QVERIFY(changed.contains(QRect(40, label->height() / 2, 40, 1)));
        QVERIFY2(changed.width() < 80 && changed.height() < 30, qPrintable(QStringLiteral("%1 x %2").arg(changed.width()).arg(changed.height())));
        QTest::mouseClick(label, Qt::LeftButton, {}, from);
        QVERIFY(!label->hasSelectedText());
    }

    void theSameAgainCountsUp() {
        BannerStack stack;
        for (int i = 0; i < 9; ++i) stack.say(QStringLiteral("problemBanner"), Banner::Tone::Error, QStringLiteral("It is 100%1 full: %n"));
        stack.say(QStringLiteral("problemBanner"), Banner::Tone::Error, QStringLiteral("Something else."));
        auto banners = stack.findChildren<Banner*>();
        QCOMPARE(banners.size(), 2);
        QCOMPARE(shownText(banners.front()), QStringLiteral("It is 100%1 full: %n (9 times)"));
        banners.front()->dismiss();
        auto* anew = stack.say(QStringLiteral("problemBanner"), Banner::Tone::Error, QStringLiteral("It is 100%1 full: %n"));
        QVERIFY(anew != banners.front());
        QCOMPARE(shownText(anew), QStringLiteral("It is 100%1 full: %n"));
        stack.unsay(QStringLiteral("Something else."));
        QVERIFY(banners.back()->isHidden());
    }

    void manyTakeNoMoreRoomThanAFew() {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        layout->setContentsMargins(0, 0, 0, 0);
        auto* stack = new BannerStack(&window);
        auto* page = new QWidget(&window);
        layout->addWidget(stack);
        layout->addWidget(page, 1);
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto* footer = stack->findChild<QWidget*>(QStringLiteral("bannerFooter"));
        const auto say = [&](int i) { return stack->say(QStringLiteral("problemBanner"), Banner::Tone::Error, QStringLiteral("The notes of file %1 cannot be read.").arg(i)); };
        auto* first = say(0);
        QTRY_VERIFY(first->isVisible() && first->height() >= first->heightForWidth(first->width()));
        QTRY_COMPARE(stack->height(), first->height());
        Banner* last = nullptr;
        for (int i = 1; i < 30; ++i) last = say(i);
        QTRY_VERIFY(footer->isVisible());
        QCOMPARE(footer->findChild<QLabel*>(QStringLiteral("bannerCount"))->text(), QStringLiteral("30 messages"));
        QTest::qWait(100);  // until nothing is laid out any more
        QVERIFY2(page->height() > 500, qPrintable(QString::number(page->height())));
        QCOMPARE(window.size(), QSize(1280, 800));
        QTRY_VERIFY(last->visibleRegion().boundingRect().height() == last->height());  // the latest is in sight, whole
        for (const auto* banner : stack->findChildren<Banner*>()) QTRY_VERIFY2(banner->height() >= banner->heightForWidth(banner->width()), qPrintable(QStringLiteral("%1 of %2, %3 wide, of %4").arg(banner->height()).arg(banner->heightForWidth(banner->width())).arg(banner->width()).arg(banner->parentWidget()->height())));
        QTest::mouseClick(stack->findChild<QPushButton*>(QStringLiteral("dismissBanners")), Qt::LeftButton);
        QTRY_COMPARE(stack->height(), 0);
        QVERIFY(!footer->isVisible());
        QTRY_VERIFY(stack->findChildren<Banner*>().isEmpty());
    }

    void whatIsReadStaysUntilSomethingIsSaid() {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* stack = new BannerStack(&window);
        layout->addWidget(stack);
        layout->addWidget(new QWidget(&window), 1);
        window.resize(700, 500);
        window.show();
        const auto say = [&](int i) { return stack->say(QStringLiteral("problemBanner"), Banner::Tone::Error, QStringLiteral("The file of the notes %1, which is a long one, cannot be read: it holds something else than notes.").arg(i)); };
        const auto inSight = [](const QWidget* banner) { return banner->visibleRegion().boundingRect().height() == banner->height(); };
        QList<Banner*> banners;
        for (int i = 0; i < 12; ++i) banners << say(i);
        QTRY_VERIFY(inSight(banners.last()));
        QTest::qWait(200);  // until it has its place
        auto* bar = stack->findChild<QScrollArea*>(QStringLiteral("bannerScroll"))->verticalScrollBar();
        bar->setValue(0);
        const int end = bar->maximum();
        window.resize(420, 500);  // its lines break, so there is more to scroll
        QTRY_VERIFY(bar->maximum() > end);
        QTest::qWait(20);
        QCOMPARE(bar->value(), 0);
        say(6);
        QTRY_VERIFY(inSight(banners[6]));
        say(1);
        QTRY_VERIFY(inSight(banners[1]));
        auto* another = new Banner(QStringLiteral("memoryBanner"), Banner::Tone::Warning, stack->banners()->parentWidget());
        another->setText(QStringLiteral("Memory is full."));
        stack->banners()->addWidget(another);  // as others put theirs in
        QTRY_VERIFY(inSight(another));
    }

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
