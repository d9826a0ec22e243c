// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says and offers where its receivers cannot listen.
#include <QLabel>
#include <QPushButton>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include "app/studio/main_window.h"
#include "app/studio/settings.h"
#include "app/studio/studio_options.h"
#include "views/widgets/banner.h"

using namespace spanreel;
using namespace spanreel::app;

class ReceiverDeskTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_home;

private slots:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        qputenv("SPANREEL_HOME", m_home.path().toUtf8());
        Settings().setStarted();
    }

    void aTakenPortIsToldAndAnotherOfferedOrTheSameTriedAgain_data() {
        QTest::addColumn<bool>("another");
        QTest::newRow("another") << true;
        QTest::newRow("the same again") << false;
    }
    void aTakenPortIsToldAndAnotherOfferedOrTheSameTriedAgain() {
        QFETCH(bool, another);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const quint16 port = other.serverPort();
        StudioOptions options;
        options.keep = false;
        options.httpPort = port;
        options.grpcPort = 0;
        Settings settings;
        MainWindow window(settings, options);
        window.show();
        window.begin();
        const auto banner = [&window] { return window.findChild<views::Banner*>(QStringLiteral("portBannerHttp")); };
        const auto lamp = [&window](const char* name) { return window.findChild<QLabel*>(QLatin1String(name))->accessibleName(); };
        QTRY_VERIFY_WITH_TIMEOUT(banner() && banner()->isVisible(), 20000);
        bool says = false;
        for (const auto* label : banner()->findChildren<QLabel*>()) says |= label->text().contains(QStringLiteral("127.0.0.1:%1").arg(port));
        QVERIFY(says);
        QVERIFY(lamp("receiverLampHttp").contains(QStringLiteral("not listening")));
        QVERIFY2(lamp("receiverLampGrpc").endsWith(QStringLiteral(": listening")), "the other one goes on");

        auto* button = banner()->findChild<QAbstractButton*>(another ? QStringLiteral("useNextPort") : QStringLiteral("tryPortAgain"));
        QVERIFY(button);
        const quint16 wanted = another ? button->text().split(QLatin1Char(' ')).last().toUShort() : port;
        if (!another) other.close();
        button->click();
        QTRY_VERIFY_WITH_TIMEOUT(lamp("receiverLampHttp").contains(QStringLiteral("port %1: listening").arg(wanted)), 20000);
        QTRY_VERIFY(!banner());
        QTcpSocket sender;
        sender.connectToHost(QHostAddress::LocalHost, wanted);
        QVERIFY(sender.waitForConnected());
    }
};

QTEST_MAIN(ReceiverDeskTest)
#include "receiver_desk_test.moc"
