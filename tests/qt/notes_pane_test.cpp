// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextBrowser>

#include "model/notes/note_targets.h"
#include "tests/qt/pane_fixture.h"
#include "views/notes/note_editor.h"
#include "views/notes/note_text.h"
#include "views/notes/notes_pane.h"

using namespace spanreel;
using namespace spanreel::views;

class NotesPaneTest : public QObject {
    Q_OBJECT

    struct Shown : test::PaneFixture {
        NotesPane pane{context};
        QAbstractItemModelTester tester{list()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest};
        QListView* list() { return pane.findChild<QListView*>(QStringLiteral("notesList")); }
        int rows() { return list()->model()->rowCount(); }
        void add(const std::string& id, const Selection& selection, const std::string& text) {
            auto note = noteOn(selection, *context.snapshot());
            QVERIFY(note.has_value());
            note->id = id;
            note->text = text;
            context.editNotes([&](notes::NoteBook& book) { book.add(*note); });
        }
    };

private slots:
    void notesAreInTimeOrderWithTheirTargetsInWords() {
        Shown s;
        QVERIFY(!s.pane.findChild<QLabel*>(QStringLiteral("notesEmpty"))->isHidden());
        s.open();
        s.add("late", {.trace = s.trace, .span = SpanId{4}}, "later");
        s.add("early", {.trace = s.trace, .span = SpanId{2}}, "# **soo**`ner`");
        s.add("range", {.trace = s.trace, .range = TimeRange{test::TestBatch::kBase + 50'000'000, test::TestBatch::kBase + 60'000'000}}, "range");
        QCOMPARE(s.rows(), 3);
        QCOMPARE(s.list()->model()->index(0, 0).data().toString(), QStringLiteral("sooner\nspan cart: load"));
        QCOMPARE(s.list()->model()->index(1, 0).data().toString(), QStringLiteral("range\ntime range 50.0 ms to 60.0 ms"));
        QCOMPARE(s.list()->model()->index(2, 0).data().toString(), QStringLiteral("later\nspan front: render"));
    }

    void aLogNoteFindsItsLogAgain() {
        Shown s;
        s.open();
        const auto row = s.context.trace()->logs()[2].row;
        Selection selection{.trace = s.trace, .span = SpanId{3}, .logRow = row};
        auto note = noteOn(selection, *s.context.snapshot());
        QVERIFY(note && note->logHash);
        QCOMPARE(notes::findLog(*s.context.trace(), *note), std::optional(row));
        note->logTimeNs += 1;
        QVERIFY(!notes::findLog(*s.context.trace(), *note));
    }

    void aClickGoesThere() {
        Shown s;
        s.open();
        s.add("a", {.trace = s.trace, .span = SpanId{4}}, "here");
        emit s.list()->clicked(s.list()->model()->index(0, 0));
        QCOMPARE(s.context.selection().span, std::optional(SpanId{4}));
    }

    void editingUndoAndRedo() {
        Shown s;
        s.open();
        s.add("a", {.trace = s.trace}, "one");
        s.pane.editNote(QStringLiteral("a"));
        auto* editor = s.pane.findChild<NoteEditor*>();
        auto* text = editor->findChild<QPlainTextEdit*>(QStringLiteral("noteText"));
        text->setPlainText(QStringLiteral("two"));
        editor->flush();
        QCOMPARE(s.context.notes().find("a")->text, std::string("two"));
        auto* colour = editor->findChild<QComboBox*>(QStringLiteral("noteColour"));
        colour->setCurrentIndex(3);
        emit colour->activated(3);
        QCOMPARE(s.context.notes().find("a")->colour, notes::NoteColour::Red);
        s.pane.undoAction()->trigger();
        s.pane.undoAction()->trigger();
        QCOMPARE(s.context.notes().find("a")->text, std::string("one"));
        QCOMPARE(text->toPlainText(), QStringLiteral("one"));
        s.pane.redoAction()->trigger();
        QCOMPARE(text->toPlainText(), QStringLiteral("two"));
        s.pane.findChild<QAction*>(QStringLiteral("noteDelete"))->trigger();
        QCOMPARE(s.rows(), 0);
        s.pane.undoAction()->trigger();
        QCOMPARE(s.rows(), 1);
    }

    void thePreviewShowsNoHtmlOfTheNote() {
        Shown s;
        s.open();
        s.add("a", {.trace = s.trace}, "**bold** <img src=\"file:///etc/passwd\"><script>x</script>");
        s.pane.editNote(QStringLiteral("a"));
        auto* preview = s.pane.findChild<QTextBrowser*>(QStringLiteral("notePreview"));
        auto* tabs = s.pane.findChild<QTabBar*>(QStringLiteral("noteEditorTabs"));
        tabs->setCurrentIndex(1);
        QVERIFY(preview->toPlainText().contains(QStringLiteral("<script>x</script>")));
        QVERIFY(!preview->toHtml().contains(QStringLiteral("<img")));
    }

    void theDialogAddsANote() {
        Shown s;
        s.open();
        addNoteFor(s.context, &s.pane, {.trace = s.trace, .span = SpanId{2}});
        QDialog* dialog = nullptr;
        for (auto* widget : QApplication::topLevelWidgets())
            if (widget->objectName() == QStringLiteral("addNoteDialog")) dialog = qobject_cast<QDialog*>(widget);
        QVERIFY(dialog);
        dialog->findChild<QPlainTextEdit*>(QStringLiteral("noteText"))->setPlainText(QStringLiteral("slow"));
        dialog->findChild<QPushButton*>(QStringLiteral("addNoteSave"))->click();
        QCOMPARE(s.context.notes().notes().size(), std::size_t{1});
        QCOMPARE(s.context.notes().notes()[0].text, std::string("slow"));
        QCOMPARE(s.context.notes().notes()[0].span, std::optional(SpanId{2}));
    }

    void theTargetMayBeChosenTheSpanFirst() {
        Shown s;
        s.open();
        addNoteFor(s.context, &s.pane, {.trace = s.trace, .span = SpanId{2}, .range = TimeRange{test::TestBatch::kBase, test::TestBatch::kBase + 1'000'000}});
        QDialog* dialog = nullptr;
        for (auto* widget : QApplication::topLevelWidgets())
            if (widget->objectName() == QStringLiteral("addNoteDialog")) dialog = qobject_cast<QDialog*>(widget);
        QVERIFY(dialog);
        auto* target = dialog->findChild<QComboBox*>(QStringLiteral("addNoteTarget"));
        QCOMPARE(target->count(), 3);
        QVERIFY2(target->currentText().contains(QStringLiteral("cart: load")), qPrintable(target->currentText()));
        target->setCurrentIndex(1);
        dialog->findChild<QPushButton*>(QStringLiteral("addNoteSave"))->click();
        QCOMPARE(s.context.notes().notes().size(), std::size_t{1});
        QVERIFY(s.context.notes().notes()[0].range.has_value());
        QVERIFY(!s.context.notes().notes()[0].span.has_value());
    }

    void deleteOnTheListRemovesTheNote() {
        Shown s;
        s.open();
        s.add("a", {.trace = s.trace, .span = SpanId{4}}, "here");
        s.pane.resize(600, 400);
        s.pane.show();
        QVERIFY(QTest::qWaitForWindowActive(&s.pane));
        s.list()->setCurrentIndex(s.list()->model()->index(0, 0));
        s.list()->setFocus();
        QTRY_VERIFY(s.list()->hasFocus());
        QTest::keyClick(s.list(), Qt::Key_Delete);
        QCOMPARE(s.rows(), 0);
    }
};

QTEST_MAIN(NotesPaneTest)
#include "notes_pane_test.moc"
