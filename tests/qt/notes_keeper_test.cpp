// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "app/studio/notes_keeper.h"
#include "app/studio/session.h"
#include "app/studio/worker_thread.h"
#include "model/notes/sidecar.h"
#include "views/context.h"

namespace spanreel {

using namespace app;

namespace {

notes::Note noteOn(TraceId trace, const char* text) {
    notes::Note note;
    note.id = text;
    note.text = text;
    note.trace = trace;
    return note;
}

constexpr TraceId kOfFile{0, 0xa1}, kOfSession{0, 0xb2};

}  // namespace

/// Where notes go, and that none is lost on the way.
class NotesKeeperTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;
    QString m_file;
    std::unique_ptr<views::ViewContext> m_context;
    std::unique_ptr<WorkerThread> m_worker;
    std::unique_ptr<NotesKeeper> m_keeper;

    void add(TraceId trace, const char* text) {
        m_context->editNotes([&](notes::NoteBook& book) { book.add(noteOn(trace, text)); });
    }
    /// Saves, and waits until that is done.
    void save() {
        m_keeper->flush();
        bool done = false;
        m_worker->post([this, &done] { QMetaObject::invokeMethod(this, [&done] { done = true; }); });
        QTRY_VERIFY(done);
    }
    static QString texts(const Result<notes::NotesFile>& file) {
        QStringList out;
        if (file)
            for (const auto& note : file->notes) out << QString::fromStdString(note.text);
        out.sort();
        return out.join(QLatin1Char(' '));
    }
    [[nodiscard]] QString beside() const { return texts(notes::loadNotes(m_file.toStdString(), m_home->path().toStdString())); }
    [[nodiscard]] QString in(const QString& folder) const { return texts(notes::readNotesFile(folder.toStdString() + "/notes.json")); }
    [[nodiscard]] QString here() const { return texts(notes::NotesFile{m_context->notes().notes(), {}}); }
    void writeElsewhere(const char* text) { QVERIFY(notes::saveNotes({{noteOn(kOfFile, text)}}, m_file.toStdString(), m_home->path().toStdString()).has_value()); }

private slots:
    /// A file with one trace, read; nothing loaded of its notes.
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        QVERIFY(m_home->isValid());
        qputenv("SPANREEL_HOME", m_home->path().toUtf8());
        m_file = m_home->filePath(QStringLiteral("trace.json"));
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"000000000000000000000000000000a1","spanId":"0000000000000001","name":"op","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000250000000"}]}]}]})");
        file.close();
        views::ViewContext reading;
        Session session(reading, SessionKeeping{.keep = false});
        session.openFile(m_file);
        QTRY_COMPARE(reading.snapshot()->spanCount(), std::uint64_t{1});
        QTRY_VERIFY(!session.imports().busy());
        m_context = std::make_unique<views::ViewContext>();
        m_context->setSnapshot(reading.snapshot());
        m_worker = std::make_unique<WorkerThread>();
        m_keeper = std::make_unique<NotesKeeper>(*m_context, *m_worker);
    }
    void cleanup() {
        m_worker.reset();
        m_keeper.reset();
        m_context.reset();
    }

    void aNoteMadeWhileItsFileIsReadLeavesTheOthersThere() {
        writeElsewhere("old");
        add(kOfFile, "new");
        save();
        QCOMPARE(beside(), QStringLiteral("new old"));
        m_keeper->load(m_file);
        QTRY_COMPARE(here(), QStringLiteral("new old"));
        m_context->editNotes([](notes::NoteBook& book) { book.remove("old"); });
        save();
        QCOMPARE(beside(), QStringLiteral("new"));
    }

    void whatIsNotSavedYetIsNotReplacedByWhatIsRead() {
        writeElsewhere("note");
        m_keeper->load(m_file);
        QTRY_COMPARE(here(), QStringLiteral("note"));
        m_context->editNotes([](notes::NoteBook& book) {
            auto note = book.notes().front();
            note.text = "changed";
            book.update(note);
        });
        m_keeper->load(m_file);
        save();
        QCOMPARE(here(), QStringLiteral("changed"));
        QCOMPARE(beside(), QStringLiteral("changed"));
    }

    void whatAnotherWindowWroteStays() {
        writeElsewhere("first");
        m_keeper->load(m_file);
        QTRY_COMPARE(here(), QStringLiteral("first"));
        writeElsewhere("theirs");
        auto changed = noteOn(kOfFile, "first");
        changed.text = "changed there";
        QVERIFY(notes::saveNotes({{changed}}, m_file.toStdString(), m_home->path().toStdString()).has_value());
        add(kOfFile, "mine");
        save();
        QCOMPARE(beside(), QStringLiteral("changed there mine theirs"));
        m_context->editNotes([](notes::NoteBook& book) { book.remove("mine"); });
        save();
        QCOMPARE(beside(), QStringLiteral("changed there theirs"));
    }

    void whatAnotherWindowRemovedStaysAway() {
        writeElsewhere("one");
        writeElsewhere("two");
        m_keeper->load(m_file);
        QTRY_COMPARE(here(), QStringLiteral("one two"));
        notes::NoteChanges theirs;
        theirs.removed.insert("two");
        QVERIFY(notes::saveNotes(theirs, m_file.toStdString(), m_home->path().toStdString()).has_value());
        add(kOfFile, "mine");
        save();
        QCOMPARE(beside(), QStringLiteral("mine one"));
        // Who has gone on with it keeps it.
        m_context->editNotes([](notes::NoteBook& book) {
            auto note = *book.find("two");
            note.text = "three";
            book.update(note);
        });
        save();
        QCOMPARE(beside(), QStringLiteral("mine one three"));
    }

    void whatIsRemovedHereStaysAwayWhereItCannotBeSaved() {
        writeElsewhere("one");
        writeElsewhere("two");
        m_keeper->load(m_file);
        QTRY_COMPARE(here(), QStringLiteral("one two"));
        m_context->editNotes([](notes::NoteBook& book) { book.remove("two"); });
        m_keeper->load(m_file);  // before the change is saved
        bool done = false;
        m_worker->post([this, &done] { QMetaObject::invokeMethod(this, [&done] { done = true; }); });
        QTRY_VERIFY(done);
        QCOMPARE(here(), QStringLiteral("one"));
        save();
        QCOMPARE(beside(), QStringLiteral("one"));
    }

    void whatWasToldOfASessionEndsWithIt() {
        QSignalSpy told(m_keeper.get(), &NotesKeeper::problem), over(m_keeper.get(), &NotesKeeper::problemOver);
        add(kOfSession, "note");
        save();
        QTRY_COMPARE(told.count(), 1);
        m_keeper->reset();
        QCOMPARE(over.count(), 1);
        QCOMPARE(over.front().front(), told.front().front());
    }

    /// Nobody writes into this one: whoever opened it as a file would wait for ever.
    void aPipeHasNoNotesOfItsOwn() {
        const std::string data = m_home->path().toStdString(), pipe = data + "/pipe";
        QVERIFY(QDir(m_home->path()).mkpath(QStringLiteral("notes")));
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QVERIFY(notes::isStream(pipe));
        QVERIFY(!notes::isStream(m_file.toStdString()));
        const auto loaded = notes::loadNotes(pipe, data);
        QVERIFY(loaded && loaded->notes.empty());
        QVERIFY(!notes::fallbackPath(pipe, data));
    }

    void whatCouldNotBeSavedIsSavedLater_data() {
        QTest::addColumn<bool>("byItself");
        QTest::newRow("by itself") << true;
        QTest::newRow("at the end") << false;
    }
    void whatCouldNotBeSavedIsSavedLater() {
        QFETCH(bool, byItself);
        const QString sidecar = QString::fromStdString(notes::sidecarPath(m_file.toStdString()));
        QFile inTheWay(sidecar);
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        inTheWay.write("somebody else's");
        inTheWay.close();
        QSignalSpy told(m_keeper.get(), &NotesKeeper::problem), over(m_keeper.get(), &NotesKeeper::problemOver);
        add(kOfFile, "first");
        save();
        add(kOfFile, "second");
        save();
        QCOMPARE(told.count(), 1);
        QCOMPARE(over.count(), 0);
        QVERIFY(inTheWay.remove());
        if (!byItself) save();
        QTRY_COMPARE_WITH_TIMEOUT(beside(), QStringLiteral("first second"), 20'000);
        QTRY_COMPARE(over.count(), 1);
        QCOMPARE(over.front().front(), told.front().front());
    }

    void notesOfTheSessionGoIntoEachFolderItGets() {
        QSignalSpy told(m_keeper.get(), &NotesKeeper::problem), over(m_keeper.get(), &NotesKeeper::problemOver);
        add(kOfSession, "first");
        add(kOfFile, "elsewhere");
        save();
        add(kOfSession, "second");
        save();
        QCOMPARE(told.count(), 1);
        QVERIFY2(told.front().front().toString().contains(QStringLiteral("no folder")), "told");
        QCOMPARE(beside(), QStringLiteral("elsewhere"));
        const QString one = m_home->filePath(QStringLiteral("one")), two = m_home->filePath(QStringLiteral("two"));
        QVERIFY(QDir().mkpath(one) && QDir().mkpath(two));
        m_keeper->setSessionFolder(one);
        QTRY_COMPARE(in(one), QStringLiteral("first second"));
        QTRY_COMPARE(over.count(), 1);
        QVERIFY(QDir(one).removeRecursively());
        m_keeper->setSessionFolder(two);
        QTRY_COMPARE(in(two), QStringLiteral("first second"));
        m_context->editNotes([](notes::NoteBook& book) { book.remove("first"); });
        save();
        QCOMPARE(in(two), QStringLiteral("second"));
        QCOMPARE(beside(), QStringLiteral("elsewhere"));
        QCOMPARE(told.count(), 1);
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::NotesKeeperTest)
#include "notes_keeper_test.moc"
