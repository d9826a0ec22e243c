// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include "app/studio/instance_door.h"

namespace spanreel {

using app::InstanceDoor;
using Answer = InstanceDoor::Answer;

/// One window a user: who comes later hands over its files.
class InstanceTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;

    /// Knocks from another thread, as another program would, while this one's events run.
    static Answer knock(const QStringList& files, int timeoutMs = 5000) {
        std::atomic<bool> done{false};
        Answer answer = Answer::CannotTell;
        std::thread thread([&] {
            InstanceDoor door;
            answer = door.knock(files, timeoutMs);
            done = true;
        });
        while (!done) QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        thread.join();
        return answer;
    }

private slots:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        qputenv("SPANREEL_HOME", m_home->path().toUtf8());
    }

    void whoOnlyEntersAsksNobody() {
        InstanceDoor first, second;
        QCOMPARE(first.enter(), Answer::First);
        QVERIFY(first.listen());
        QSignalSpy visited(&first, &InstanceDoor::visited);
        QCOMPARE(second.enter(), Answer::Taken);
        QCOMPARE(knock({}), Answer::HandedOver);
        QCOMPARE(visited.count(), 1);
    }

    void theSecondHandsItsFilesToTheFirst() {
        InstanceDoor first;
        QCOMPARE(first.knock({}), Answer::First);
        QVERIFY(first.listen());
        QSignalSpy visited(&first, &InstanceDoor::visited);
        const QStringList files{QStringLiteral("/tmp/a b.json"), QStringLiteral("/tmp/ü\n\"x\".json")};
        QCOMPARE(knock(files), Answer::HandedOver);
        QCOMPARE(visited.count(), 1);
        QCOMPARE(visited[0][0].toStringList(), files);
        QCOMPARE(knock({}), Answer::HandedOver);
        QCOMPARE(visited.count(), 2);
        QCOMPARE(QFileInfo(m_home->filePath(QStringLiteral("instance"))).permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
    }

    void aSocketLeftBehindIsReplaced() {
        {
            InstanceDoor killed;
            QCOMPARE(killed.knock({}), Answer::First);
            QVERIFY(killed.listen());
            QVERIFY(QFile::exists(m_home->filePath(QStringLiteral("instance"))));
        }
        QFile stale(m_home->filePath(QStringLiteral("instance")));  // as it were
        QVERIFY(stale.open(QIODevice::WriteOnly));
        stale.close();
        InstanceDoor next;
        QCOMPARE(next.knock({}), Answer::First);
        QVERIFY(next.listen());
        QCOMPARE(knock({}), Answer::HandedOver);
    }

    void aSocketOfOneThatWasKilledIsReplaced() {
        const QByteArray path = QFile::encodeName(m_home->filePath(QStringLiteral("instance")));
        const int killed = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        QVERIFY(path.size() < static_cast<qsizetype>(sizeof address.sun_path));
        std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
        QCOMPARE(::bind(killed, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        ::close(killed);  // its name stays
        InstanceDoor next;
        QCOMPARE(next.knock({}), Answer::First);
        QVERIFY(next.listen());
        QSignalSpy visited(&next, &InstanceDoor::visited);
        QCOMPARE(knock({QStringLiteral("/x")}), Answer::HandedOver);
        QCOMPARE(visited.count(), 1);
    }

    void onlyTheWordIsAnAnswer() {
        InstanceDoor first;  // has the lock, and another program the socket
        QCOMPARE(first.knock({}), Answer::First);
        QLocalServer other;
        QVERIFY(other.listen(m_home->filePath(QStringLiteral("instance"))));
        QList<QByteArray> words;
        QByteArray got;
        connect(&other, &QLocalServer::newConnection, this, [&] {
            auto* socket = other.nextPendingConnection();
            connect(socket, &QLocalSocket::readyRead, socket, [&, socket] {
                got += socket->readAll();
                if (!got.endsWith('\n')) return;
                for (const auto& word : words) {
                    socket->write(word);
                    socket->flush();
                    QTest::qWait(20);
                }
                socket->disconnectFromServer();
            });
        });
        for (const char* word : {"", "\n", "take", "taken", "taken?\n", "TAKEN\n", "not taken\n"}) {
            words = {word};
            got.clear();
            QVERIFY2(knock({QStringLiteral("/x")}) == Answer::NoAnswer, word);
        }
        words = {"tak", "en\n"};
        got.clear();
        QCOMPARE(knock({QStringLiteral("/x")}), Answer::HandedOver);
        QCOMPARE(got, QByteArray("{\"files\":[\"/x\"]}\n"));
    }

    void oneThatDoesNotAnswerIsNotWaitedForForever() {
        InstanceDoor first;
        QCOMPARE(first.knock({}), Answer::First);
        QCOMPARE(knock({}, 300), Answer::NoAnswer);  // it never listens
    }

    /// Who knocks while the window is about to end is not heard, and is not told that it was.
    void nobodyIsHeardOnceItIsShut() {
        InstanceDoor first;
        QCOMPARE(first.knock({}), Answer::First);
        QVERIFY(first.listen());
        QSignalSpy visited(&first, &InstanceDoor::visited);
        Answer answer = Answer::CannotTell;
        std::thread other([&] {
            InstanceDoor door;
            answer = door.knock({QStringLiteral("/x")}, 2000);
        });
        QTest::qSleep(200);  // it stands there, as no event of this one has run
        first.shut();
        for (int i = 0; i < 20; ++i) QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
        other.join();
        QCOMPARE(visited.count(), 0);
        QCOMPARE(answer, Answer::NoAnswer);
    }

    void aFolderOfSomebodyElseIsNoDoor() {
        if (::geteuid() != 0) QSKIP("only root can give a folder away");
        QCOMPARE(::chown(QFile::encodeName(m_home->path()).constData(), 12345, 12345), 0);
        InstanceDoor door;
        QCOMPARE(door.knock({}), Answer::CannotTell);
    }

    void aLongFolderNameWorks() {
        QString deep = m_home->path();
        while (deep.size() < 300) deep += QStringLiteral("/a-folder-with-a-long-name");
        QVERIFY(QDir().mkpath(deep));
        qputenv("SPANREEL_HOME", deep.toUtf8());
        InstanceDoor first;
        QCOMPARE(first.knock({}), Answer::First);
        QVERIFY(first.listen());
        QCOMPARE(knock({QStringLiteral("/x")}), Answer::HandedOver);
    }

    void nonsenseIsNotAVisit() {
        InstanceDoor first;
        QCOMPARE(first.knock({}), Answer::First);
        QVERIFY(first.listen());
        QSignalSpy visited(&first, &InstanceDoor::visited);
        for (const char* bytes : {"no json\n", "[1]\n", "{\"files\":\"/x\"}\n", "{\"files\":[1,\"relative\",null]}\n"}) {
            QLocalSocket socket;
            socket.connectToServer(m_home->filePath(QStringLiteral("instance")));
            QVERIFY(socket.waitForConnected());
            socket.write(bytes);
            socket.flush();
            QTRY_VERIFY(socket.bytesAvailable() > 0 || socket.state() == QLocalSocket::UnconnectedState);
        }
        QCOMPARE(visited.count(), 2);  // the two that are objects, without a file to open
        for (const auto& visit : visited) QVERIFY(visit[0].toStringList().isEmpty());
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::InstanceTest)
#include "instance_test.moc"
