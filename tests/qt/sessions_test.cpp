// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QAction>
#include <QDialog>
#include <QDir>
#include <QFrame>
#include <QLabel>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QRegularExpression>
#include <QTest>
#include <QThread>
#include <QTranslator>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <csignal>

#include <sys/resource.h>

#include "app/studio/language.h"
#include "app/studio/main_window.h"
#include "app/studio/session.h"
#include "app/studio/sessions_desk.h"
#include "app/studio/settings.h"
#include "model/journal/journal_series.h"
#include "model/journal/session_catalog.h"
#include "model/notes/sidecar.h"
#include "tests/qt/window_home.h"
#include "views/context.h"

namespace spanreel {

using namespace app;
using journal::SessionEntry;

namespace {

std::string request(int span) {
    return QStringLiteral(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"000000000000000000000000000000a1","spanId":"%1","name":"op","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000250000000"}]}]}]})")
        .arg(span, 16, 16, QLatin1Char('0'))
        .toStdString();
}

/// A session of `spans` spans in journals of about a KiB; `ends` as it should, or is cut off. Returns its folder.
std::string makeSession(int spans, bool ends) {
    auto folder = journal::SessionFolder::create("window");
    journal::JournalSeries::Options options;
    options.path = (*folder)->journalPath();
    options.rotateAt = 1000;
    auto series = journal::JournalSeries::open(options);
    journal::FrameInfo info;
    info.encoding = 1;
    info.items = 1;
    for (int i = 1; i <= spans; ++i) (void)(*series)->append(info, request(i));
    series->reset();
    if (ends) (*folder)->end({static_cast<std::uint64_t>(spans), 0, 0});
    return (*folder)->path();
}

notes::Note noteOn(const char* trace, const char* text) {
    notes::Note note;
    note.id = text;
    note.text = text;
    note.trace = *TraceId::fromHex(trace);
    return note;
}

template <class T>
T* child(QWidget& window, const char* name) {
    return window.findChild<T*>(QLatin1String(name));
}

QString labels(QWidget* widget) {
    QString out;
    for (const auto* label : widget->findChildren<QLabel*>()) out += label->text() + QLatin1Char('\n');
    return out;
}

}  // namespace

/// Earlier sessions in the window: offered, listed, opened with their notes, named, pinned, removed.
class SessionsTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;

    /// A file of a line for each span. Returns its path.
    QString write(const QString& name, std::initializer_list<int> spans) {
        QFile file(m_home->filePath(name));
        if (!file.open(QIODevice::WriteOnly)) return {};
        for (const int span : spans) file.write(QByteArray::fromStdString(request(span) + '\n'));
        return file.fileName();
    }
    /// Waits until the session's thread has done all it has to, and told it.
    static void runThrough(Session& session) {
        QSignalSpy done(&session, &Session::receiversChanged);
        session.stopReceivers();
        QTRY_COMPARE(done.count(), 1);
    }

private slots:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        QVERIFY(m_home->isValid());
        qputenv("SPANREEL_HOME", m_home->path().toUtf8());
        Settings().setStarted();
    }

    void aSessionThatWasCutOffIsOfferedOnceAndOpensWithItsNotes() {
        const auto folder = makeSession(9, false);
        QVERIFY(notes::writeNotesFile(folder + "/notes.json", {{noteOn("000000000000000000000000000000a1", "look here")}}).has_value());
        Settings settings;
        {
            MainWindow window(settings, test::quietly());
            window.show();
            window.begin();
            QTRY_VERIFY(child<QFrame>(window, "cutOffBanner"));
            QVERIFY2(labels(child<QFrame>(window, "cutOffBanner")).contains(QStringLiteral("9 spans")), qPrintable(labels(child<QFrame>(window, "cutOffBanner"))));
            QTest::mouseClick(child<QAbstractButton>(window, "openCutOff"), Qt::LeftButton);
            QTRY_COMPARE(window.context().snapshot()->spanCount(), std::uint64_t{9});
            QTRY_COMPARE(window.context().notes().notes().size(), std::size_t{1});  // once, though the session has several journals
            QCOMPARE(window.context().notes().notes().front().text, std::string("look here"));
            QVERIFY(settings.recentFiles().isEmpty());
            QVERIFY(!child<QFrame>(window, "cutOffBanner"));
            QVERIFY2(window.windowTitle().contains(QRegularExpression(QStringLiteral("Session of \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d"))), qPrintable(window.windowTitle()));
            window.context().editNotes([](notes::NoteBook& book) {
                auto note = book.notes().front();
                note.text = "seen";
                book.update(note);
            });
        }
        const auto saved = notes::readNotesFile(folder + "/notes.json");
        QVERIFY(saved.has_value());
        QCOMPARE(saved->notes.size(), std::size_t{1});
        QCOMPARE(saved->notes.front().text, std::string("seen"));
        QVERIFY(QDir(QString::fromStdString(folder)).entryList({QStringLiteral("*.spanreel-notes.json")}).isEmpty());
        MainWindow again(settings, test::quietly());
        again.begin();
        auto* desk = again.findChild<SessionsDesk*>();
        QTRY_VERIFY(desk->looked());
        QVERIFY(!child<QFrame>(again, "cutOffBanner"));
    }

    void theListNamesPinsAndRemoves() {
        const auto first = makeSession(3, true);
        const auto second = makeSession(2, false);
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        window.begin();
        child<QAction>(window, "actionSessions")->trigger();
        auto* dialog = child<QDialog>(window, "sessionsDialog");
        QVERIFY(dialog);
        auto* list = child<QTreeWidget>(*dialog, "sessionsList");
        QTRY_COMPARE(list->topLevelItemCount(), 2);
        auto row = [&](const std::string& folder) -> QTreeWidgetItem* {
            const auto id = QString::fromStdString(folder).section(QLatin1Char('/'), -1);
            for (int i = 0; i < list->topLevelItemCount(); ++i)
                if (list->topLevelItem(i)->data(0, Qt::UserRole).toString() == id) return list->topLevelItem(i);
            return nullptr;
        };
        QCOMPARE(row(first)->text(3), QStringLiteral("3"));
        QCOMPARE(row(first)->text(5), QStringLiteral("ended"));
        QCOMPARE(row(second)->text(5), QStringLiteral("was cut off"));
        row(first)->setText(0, QStringLiteral("the <b>good</b> one"));
        QTRY_COMPARE(row(first)->text(0), QStringLiteral("the <b>good</b> one"));
        QTRY_VERIFY(journal::listSessions(*journal::sessionsFolder()).size() == 2);
        list->clearSelection();
        list->setCurrentItem(row(first));
        QTest::mouseClick(child<QAbstractButton>(*dialog, "sessionPin"), Qt::LeftButton);
        QTRY_COMPARE(row(first)->text(6), QStringLiteral("pinned"));

        list->clearSelection();
        list->setCurrentItem(row(second));
        QTest::mouseClick(child<QAbstractButton>(*dialog, "sessionRemove"), Qt::LeftButton);
        auto* question = child<QMessageBox>(*dialog, "removeQuestion");
        QVERIFY(question);
        question->reject();  // Escape removes nothing
        QTest::qWait(0);
        QVERIFY(QDir(QString::fromStdString(second)).exists());
        QTRY_VERIFY(!child<QMessageBox>(*dialog, "removeQuestion"));
        QTest::mouseClick(child<QAbstractButton>(*dialog, "sessionRemove"), Qt::LeftButton);
        question = child<QMessageBox>(*dialog, "removeQuestion");
        QVERIFY(question);
        QTest::mouseClick(child<QAbstractButton>(*question, "removeYes"), Qt::LeftButton);
        QTRY_COMPARE(list->topLevelItemCount(), 1);
        QVERIFY(!QDir(QString::fromStdString(second)).exists());
        for (const auto& session : journal::listSessions(*journal::sessionsFolder())) {
            QCOMPARE(session.folder, first);
            QCOMPARE(session.name, std::string("the <b>good</b> one"));
            QVERIFY(session.pinned);
        }
    }

    void anOpenedSessionIsCalledByItsName() {
        const auto folder = makeSession(3, true);
        for (const auto& session : journal::listSessions(*journal::sessionsFolder())) QVERIFY(journal::nameSession(session, "before <the> change").has_value());
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        window.begin();
        auto* desk = window.findChild<SessionsDesk*>();
        QTRY_VERIFY(desk->looked());
        desk->open(desk->sessions().front());
        QTRY_COMPARE(window.context().snapshot()->spanCount(), std::uint64_t{3});
        QTRY_VERIFY2(window.windowTitle().contains(QStringLiteral("before <the> change")), qPrintable(window.windowTitle()));
        auto* sources = child<QTreeWidget>(window, "navigatorSources");
        QTRY_COMPARE(sources->topLevelItem(0)->text(0), QStringLiteral("before <the> change"));
        desk->rename(desk->sessions().front(), QStringLiteral("after"));
        QTRY_COMPARE(sources->topLevelItem(0)->text(0), QStringLiteral("after"));
        QVERIFY(window.windowTitle().contains(QStringLiteral("after")));
    }

    void theKeysBeginAtTheSelectedSession() {
        makeSession(1, true);
        makeSession(2, true);
        const auto used = journal::SessionFolder::create("serve");  // the newest, and open
        QVERIFY(used.has_value());
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        window.begin();
        auto* desk = window.findChild<SessionsDesk*>();
        QTRY_VERIFY(desk->looked());
        child<QAction>(window, "actionSessions")->trigger();
        auto* list = child<QTreeWidget>(*child<QDialog>(window, "sessionsDialog"), "sessionsList");
        QTRY_COMPARE(list->topLevelItemCount(), 3);
        const auto selected = [&] { return list->selectedItems().isEmpty() ? -1 : list->indexOfTopLevelItem(list->selectedItems().front()); };
        QCOMPARE(list->topLevelItem(0)->text(5), QStringLiteral("open elsewhere"));
        QCOMPARE(selected(), 1);
        QSignalSpy changed(desk, &SessionsDesk::changed);
        desk->refresh();
        QTRY_VERIFY(changed.count() > 0);  // the list is filled again
        QCOMPARE(selected(), 1);
        QCOMPARE(list->indexOfTopLevelItem(list->currentItem()), 1);
        QTest::keyClick(list, Qt::Key_Down);
        QCOMPARE(selected(), 2);
        changed.clear();
        desk->refresh();
        QTRY_VERIFY(changed.count() > 0);
        QTest::keyClick(list, Qt::Key_Up);
        QCOMPARE(selected(), 1);
    }

    void aSessionInUseCannotBeOpenedOrRemoved() {
        const auto folder = journal::SessionFolder::create("serve");
        QVERIFY(folder.has_value());
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        window.begin();
        child<QAction>(window, "actionSessions")->trigger();
        auto* dialog = child<QDialog>(window, "sessionsDialog");
        auto* list = child<QTreeWidget>(*dialog, "sessionsList");
        QTRY_COMPARE(list->topLevelItemCount(), 1);
        QCOMPARE(list->topLevelItem(0)->text(5), QStringLiteral("open elsewhere"));
        list->setCurrentItem(list->topLevelItem(0));
        QVERIFY(!child<QAbstractButton>(*dialog, "sessionOpen")->isEnabled());
        QVERIFY(!child<QAbstractButton>(*dialog, "sessionRemove")->isEnabled());
    }

    void aNewSessionWhileReceiversStartHasThemToo() {
        views::ViewContext context;
        Session session(context, SessionKeeping{});
        ingest::ReceiverConfig config;
        config.grpc.enabled = false;
        config.http = {true, "127.0.0.1", 0};
        QSignalSpy changed(&session, &Session::receiversChanged);
        session.startReceivers(config);
        QCOMPARE(changed.count(), 1);
        session.startAnew(config);  // what the first start brought about comes after this
        QTRY_VERIFY(!session.receiversStarting());
        QCOMPARE(changed.count(), 3);  // two starts, one outcome: the other's receivers are gone
        QCOMPARE(session.receivers().http.size(), std::size_t{1});
        QTcpSocket socket;
        const auto& address = session.receivers().http.front();
        socket.connectToHost(QStringLiteral("127.0.0.1"), QString::fromStdString(address.substr(address.rfind(':') + 1)).toUShort());
        QVERIFY2(socket.waitForConnected(), address.c_str());
        QCOMPARE(QDir(m_home->path() + QStringLiteral("/sessions")).entryList(QDir::Dirs | QDir::NoDotAndDotDot), QStringList(QFileInfo(session.folder()).fileName()));
    }

    void aFileOpenedRightAfterANewSessionIsInIt() {
        views::ViewContext context;
        Session session(context, SessionKeeping{});
        const QString before = write(QStringLiteral("before.json"), {1}), after = write(QStringLiteral("after.jsonl"), {2, 3});
        session.openFile(before);
        QTRY_COMPARE(context.snapshot()->spanCount(), std::uint64_t{1});
        QTRY_VERIFY(!session.imports().busy());
        ingest::ReceiverConfig config;
        config.grpc = config.http = {true, "127.0.0.1", 0};
        session.startReceivers(config);  // what else its thread has to do comes first
        session.startAnew(config);
        session.openFile(after);
        QVERIFY(session.imports().busy());
        QCOMPARE(session.imports().current(), after);
        const auto isOld = [&before](const store::SourceInfo& source) { return source.name == before.toStdString(); };
        QTRY_VERIFY(std::ranges::none_of(context.snapshot()->sources(), isOld));
        QTRY_VERIFY(!session.imports().busy());
        QTRY_COMPARE(context.snapshot()->spanCount(), std::uint64_t{2});
    }

    void notesOfAFileThatWentWithItsSessionStayOut() {
        views::ViewContext context;
        Session session(context, SessionKeeping{.keep = false});
        const QString file = write(QStringLiteral("noted.json"), {1});
        QVERIFY(notes::saveNotes({{noteOn("000000000000000000000000000000a1", "of before")}}, file.toStdString(), m_home->path().toStdString()).has_value());
        bool dropped = false;
        connect(&session.imports(), &ImportQueue::finished, this, [&](const ImportOutcome& outcome) { dropped = outcome.dropped; });
        session.openFile(file);
        while (session.imports().progress()->items < 1) QThread::yieldCurrentThread();  // read, and nobody has been told
        session.startAnew({});
        session.imports().cancel();
        QVERIFY(!session.imports().busy());
        QTRY_VERIFY(dropped);
        runThrough(session);
        QVERIFY(context.notes().notes().empty());

        // A session that ends while the notes are being read.
        bool once = true;
        connect(&session.imports(), &ImportQueue::finished, this, [&] {
            if (std::exchange(once, false)) session.startAnew({});
        });
        session.openFile(file);
        QTRY_VERIFY(!once);
        runThrough(session);
        QVERIFY(context.notes().notes().empty());

        session.openFile(file);  // in the new one they are seen
        QTRY_COMPARE(context.notes().notes().size(), std::size_t{1});
    }

    void aNoteWrittenJustBeforeANewSessionStaysBesideItsFile() {
        views::ViewContext context;
        auto session = std::make_unique<Session>(context, SessionKeeping{.keep = false});
        const QString file = write(QStringLiteral("noted.json"), {1});
        session->openFile(file);
        QTRY_COMPARE(context.snapshot()->spanCount(), std::uint64_t{1});
        context.editNotes([](notes::NoteBook& book) { book.add(noteOn("000000000000000000000000000000a1", "keep me")); });
        session->startAnew({});
        runThrough(*session);
        context.editNotes([](notes::NoteBook& book) { book.add(noteOn("000000000000000000000000000000b2", "of another")); });
        session.reset();  // saves
        const auto left = notes::loadNotes(file.toStdString(), m_home->path().toStdString());
        QVERIFY(left.has_value());
        QCOMPARE(left->notes.size(), std::size_t{1});
        QCOMPARE(left->notes.front().text, std::string("keep me"));
    }

    void theLastWordOnWritingAloneIsSeen() {
        Settings settings;
        QWidget window;
        QVBoxLayout banners(&window);
        views::ViewContext context;
        Session session(context, SessionKeeping{});
        SessionsDesk desk(session, settings, true, &banners, &window);
        ingest::ReceiverConfig config;
        config.grpc.enabled = false;
        config.http = {true, "127.0.0.1", 0};
        session.startReceivers(config);
        QTRY_VERIFY(!session.receiversStarting());
        QTcpSocket socket;
        const auto& address = session.receivers().http.front();
        socket.connectToHost(QStringLiteral("127.0.0.1"), QString::fromStdString(address.substr(address.rfind(':') + 1)).toUShort());
        QVERIFY2(socket.waitForConnected(), address.c_str());
        const auto post = [&socket](const std::string& body) {
            socket.write("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(static_cast<int>(body.size())) + "\r\n\r\n" + QByteArray::fromStdString(body));
        };
        const auto said = [&window] {
            QStringList out;
            for (auto* banner : window.findChildren<QFrame*>(QStringLiteral("writingBanner"))) out << labels(banner);
            return out;
        };
        QByteArray answers;
        post(request(1));
        QTRY_COMPARE((answers += socket.readAll()).count("HTTP/1.1 200"), 1);
        QVERIFY(said().isEmpty());
        // As a full disk, but for this process alone: files may be no longer than the journal is.
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit tight = before;
        tight.rlim_cur = static_cast<rlim_t>(QFileInfo(session.folder() + QStringLiteral("/journal.spanreel")).size());
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
        for (int i = 2; i <= 4; ++i) post(request(i));
        const bool refused = QTest::qWaitFor([&] { return (answers += socket.readAll()).count("HTTP/1.1 503") >= 3 && !said().isEmpty(); }, 10000);
        const auto whileStuck = said();
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY2(refused, answers.constData());
        QCOMPARE(whileStuck.size(), 1);
        QVERIFY2(whileStuck[0].contains(QStringLiteral("cannot be written")), qPrintable(whileStuck[0]));
        post(request(5));
        QTRY_COMPARE((answers += socket.readAll()).count("HTTP/1.1 200"), 2);
        QTRY_VERIFY(said().size() == 1 && said()[0].contains(QStringLiteral("can be written again")));
        QTRY_COMPARE(context.snapshot()->spanCount(), std::uint64_t{2});
        session.startAnew(config);
        QVERIFY(said().isEmpty());  // a new session has a journal of its own
        QTRY_VERIFY(!session.receiversStarting());
    }

    void whatWentForWantOfRoomIsTold() {
        const auto old = makeSession(3, true);
        auto state = *journal::readKeyValues(old + "/state");
        state["created"] = "1000";
        QVERIFY(journal::writeKeyValues(old + "/state", state).has_value());
        // A budget of 1 GiB is passed by a file of holes.
        const auto big = makeSession(1, true);
        const QString journalFile = QString::fromStdString(big) + QStringLiteral("/journal.spanreel");
        QVERIFY(QFile::resize(journalFile, qint64(1) << 30));
        Settings settings;
        settings.setSessionBudgetGib(1);
        MainWindow window(settings, test::quietly());
        window.show();
        window.begin();
        QTRY_VERIFY(child<QFrame>(window, "sessionsGoneBanner"));
        QVERIFY(!QDir(QString::fromStdString(old)).exists());
        QVERIFY(labels(child<QFrame>(window, "sessionsGoneBanner")).contains(QStringLiteral("removed")));
    }

    void whatWentOfTheLiveSessionIsToldAndNotCounted() {
        // The room is taken by a session that may not go, so this one's own files do.
        const auto big = makeSession(1, true);
        QVERIFY(journal::writeKeyValues(big + "/label", {{"pinned", "1"}}).has_value());
        QVERIFY(QFile::resize(QString::fromStdString(big) + QStringLiteral("/journal.spanreel"), qint64(1) << 30));
        Settings settings;
        settings.setSessionBudgetGib(1);
        QWidget window;
        QVBoxLayout banners(&window);
        views::ViewContext context;
        auto session = std::make_unique<Session>(context, SessionKeeping{.rotateAt = 1000});
        auto desk = std::make_unique<SessionsDesk>(*session, settings, true, &banners, &window);
        ingest::ReceiverConfig config;
        config.grpc.enabled = false;
        config.http = {true, "127.0.0.1", 0};
        session->startReceivers(config);
        QTRY_VERIFY(!session->receiversStarting());
        QTcpSocket socket;
        const auto& address = session->receivers().http.front();
        socket.connectToHost(QStringLiteral("127.0.0.1"), QString::fromStdString(address.substr(address.rfind(':') + 1)).toUShort());
        QVERIFY2(socket.waitForConnected(), address.c_str());
        constexpr int kSent = 40;
        for (int i = 1; i <= kSent; ++i) {
            const std::string body = request(i);
            socket.write("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(static_cast<int>(body.size())) + "\r\n\r\n" + QByteArray::fromStdString(body));
        }
        const auto onDisk = [&] {
            for (const auto& entry : journal::listSessions(*journal::sessionsFolder()))
                if (entry.folder != big) return entry.counts.spans;
            return std::uint64_t{0};
        };
        QByteArray answers;
        QTRY_COMPARE((answers += socket.readAll()).count("HTTP/1.1 200"), kSent);
        const auto told = [&] {
            auto* banner = child<QFrame>(window, "sessionTrimmedBanner");
            return banner ? QRegularExpression(QStringLiteral(R"((\d+) spans and 0 log records)")).match(labels(banner)).captured(1).toULongLong() : 0;
        };
        // All but the file that is being written.
        QTRY_VERIFY2(told() >= kSent - 4 && told() + onDisk() == kSent, qPrintable(QStringLiteral("%1 told, %2 on disk").arg(told()).arg(onDisk())));
        QVERIFY(labels(child<QFrame>(window, "sessionTrimmedBanner")).contains(QStringLiteral("records without a service")));
        QTRY_COMPARE(context.snapshot()->spanCount(), std::uint64_t{kSent});
        const auto left = onDisk();
        desk.reset();
        session.reset();
        for (const auto& entry : journal::listSessions(*journal::sessionsFolder())) {
            if (entry.folder == big) continue;
            QCOMPARE(entry.state, SessionEntry::State::Ended);
            QCOMPARE(entry.counts.spans, left);
        }
    }

    void filesThatFillUpFasterThanRoomIsMadeAskForItOnce() {
        const auto big = makeSession(1, true);
        QVERIFY(journal::writeKeyValues(big + "/label", {{"pinned", "1"}}).has_value());
        QVERIFY(QFile::resize(QString::fromStdString(big) + QStringLiteral("/journal.spanreel"), (qint64(1) << 30) + 1));
        Settings settings;
        settings.setSessionBudgetGib(1);
        QWidget window;
        QVBoxLayout banners(&window);
        views::ViewContext context;
        Session session(context, {});
        SessionsDesk desk(session, settings, true, &banners, &window);
        QSignalSpy trimmed(&session, &Session::journalsTrimmed);
        for (int i = 0; i < 8; ++i) emit session.journalRotated();
        QTRY_VERIFY(trimmed.count() > 0);
        QTest::qWait(500);
        QVERIFY2(trimmed.count() <= 2, qPrintable(QString::number(trimmed.count())));  // the second for those that came meanwhile
    }

    void whatIsReceivedIsKeptOnceTheFolderCanBeMade_data() {
        QTest::addColumn<bool>("byItself");
        QTest::newRow("by itself") << true;
        QTest::newRow("when asked to") << false;
    }
    void whatIsReceivedIsKeptOnceTheFolderCanBeMade() {
        QFETCH(bool, byItself);
        const QString home = m_home->path() + QStringLiteral("/home");
        QFile inTheWay(home);
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        inTheWay.close();
        qputenv("SPANREEL_HOME", home.toUtf8());
        views::ViewContext context;
        auto session = std::make_unique<Session>(context, SessionKeeping{});
        QSignalSpy told(session.get(), &Session::writingChanged);
        ingest::ReceiverConfig config;
        config.grpc.enabled = false;
        config.http = {true, "127.0.0.1", 0};
        const auto send = [&](int first, int last) {
            const auto& address = session->receivers().http.front();
            QTcpSocket socket;
            socket.connectToHost(QStringLiteral("127.0.0.1"), QString::fromStdString(address.substr(address.rfind(':') + 1)).toUShort());
            QVERIFY(socket.waitForConnected());
            for (int i = first; i <= last; ++i) {
                const std::string body = request(i);
                socket.write("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(static_cast<int>(body.size())) + "\r\n\r\n" + QByteArray::fromStdString(body));
            }
            QByteArray answers;
            QTRY_COMPARE((answers += socket.readAll()).count("HTTP/1.1 200"), last - first + 1);
        };
        session->startReceivers(config);
        QTRY_VERIFY(!session->receiversStarting());
        QVERIFY2(told.count() == 1 && told.front().back().toString().contains(QStringLiteral("not kept")), "told");
        send(1, 2);
        QVERIFY(inTheWay.remove());
        if (byItself) {
            QTRY_VERIFY_WITH_TIMEOUT(told.count() == 2, 20'000);
        } else {
            session->startReceivers(config);  // as "Try again" and Settings do
            QTRY_VERIFY(!session->receiversStarting());
        }
        send(3, 5);
        QCOMPARE(told.count(), 2);
        QVERIFY(told.back().front().toBool());
        session.reset();
        const auto sessions = journal::listSessions(*journal::sessionsFolder());
        QCOMPARE(sessions.size(), std::size_t{1});
        QCOMPARE(sessions.front().state, SessionEntry::State::Ended);
        QCOMPARE(sessions.front().counts.spans, std::uint64_t{3});
    }

    void aNameStandsInTheQuotesOfTheLanguage() {
        journal::SessionEntry session;
        session.name = "x";
        QCOMPARE(SessionsDesk::titleOf(session), QStringLiteral("\u201cx\u201d"));
        QVERIFY(installTranslations(*qApp, QLocale(QLocale::German)));
        QCOMPARE(SessionsDesk::titleOf(session), QStringLiteral("\u201ex\u201c"));
        qDeleteAll(qApp->findChildren<QTranslator*>());
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::SessionsTest)
#include "sessions_test.moc"
