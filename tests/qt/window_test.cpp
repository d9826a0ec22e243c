// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QListWidget>
#include <QLockFile>
#include <QPushButton>
#include <QSpinBox>
#include <QAction>
#include <QDir>
#include <QFile>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>
#include <QTextDocument>
#include <QTranslator>
#include <QTreeWidget>
#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include "app/studio/import_summary.h"
#include "app/studio/language.h"
#include "app/studio/main_window.h"
#include "app/studio/paths.h"
#include "app/studio/settings.h"
#include "app/studio/settings_dialog.h"
#include "app/studio/settings_file.h"
#include "app/studio/snapshot_bridge.h"
#include "app/studio/worker_thread.h"
#include "model/core/time_format.h"
#include "tests/qt/window_home.h"
#include "tests/unit/test_batch.h"
#include "views/context.h"
#include "views/theme.h"
#include "views/trace_list/trace_list_view.h"
#include "views/trace_list/trace_model.h"

namespace spanreel {

using namespace app;

namespace {

/// One OTLP JSON line with a span.
QByteArray line(int trace, int span, const char* name) {
    return QStringLiteral(R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":"%1","spanId":"%2","name":"%3","kind":2,"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000250000000"}]}]}]})")
               .arg(trace, 32, 16, QLatin1Char('0'))
               .arg(span, 16, 16, QLatin1Char('0'))
               .arg(QLatin1String(name))
               .toUtf8() +
           '\n';
}

}  // namespace

/// The window as a whole: files in, pages, import summary, notes beside the file, the bridge.
class WindowTest : public QObject {
    Q_OBJECT
    test::WindowHome m_home;

private slots:
    void initTestCase() { m_home.begin(); }

    void aFileWithOneTraceOpensItsPage() {
        const QString path = m_home.write(QStringLiteral("one.jsonl"), line(1, 1, "GET /cart") + line(1, 2, "child"));
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.show();
        window.begin();
        auto* tabs = window.findChild<QTabBar*>(QStringLiteral("pageTabs"));
        QTRY_COMPARE(tabs->count(), 3);
        QCOMPARE(tabs->currentIndex(), 1);
        QTRY_COMPARE(tabs->tabText(1), QStringLiteral("GET /cart"));
        QVERIFY(window.windowTitle().contains(QStringLiteral("one.jsonl")));
        QCOMPARE(settings.recentFiles().value(0), path);
        tabs->setCurrentIndex(0);
        window.findChild<QAction*>(QStringLiteral("actionGoTrace"))->trigger();
        QCOMPARE(tabs->currentIndex(), 1);
        window.findChild<QAction*>(QStringLiteral("actionCloseTab"))->trigger();
        QCOMPARE(tabs->count(), 2);
        QCOMPARE(tabs->currentIndex(), 0);
    }

    void aFileWithSeveralTracesGivesTheirRowsTheKeyboard() {
        const QString path = m_home.write(QStringLiteral("several.jsonl"), line(1, 1, "GET /a") + line(2, 1, "GET /b") + line(3, 1, "GET /c"));
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.show();
        window.begin();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* table = window.findChild<QWidget*>(QStringLiteral("traceTable"));
        QTRY_VERIFY(table->isVisible());
        QTRY_COMPARE(window.focusWidget(), table);
        QTest::keyClick(table, Qt::Key_Down);
        QVERIFY(window.context().selection().trace);
        QTest::keyClick(table, Qt::Key_Return);
        auto* tabs = window.findChild<QTabBar*>(QStringLiteral("pageTabs"));
        QTRY_COMPARE(tabs->currentIndex(), 1);
        QVERIFY(window.focusWidget() != table);
        window.findChild<QAction*>(QStringLiteral("actionGoTraces"))->trigger();
        QCOMPARE(window.focusWidget(), table);
        // Who has gone to another field since keeps it.
        auto* find = window.findChild<QLineEdit*>(QStringLiteral("findBox"));
        window.openFiles({m_home.write(QStringLiteral("more.jsonl"), line(4, 1, "GET /d") + line(5, 1, "GET /e"))});
        find->setFocus();
        QTRY_COMPARE(window.context().snapshot()->traceCount(), std::uint32_t(5));
        QTRY_VERIFY(!window.session().imports().busy());
        QCOMPARE(window.focusWidget(), find);
    }

    void theKeyboardIsSeenWhereverItIs() {
        const QString path = m_home.write(QStringLiteral("seen.jsonl"), line(1, 1, "GET /cart"));
        Settings settings;
        for (const auto theme : {views::ThemeChoice::Light, views::ThemeChoice::Dark}) {
            views::Theme::instance().setChoice(theme);
            MainWindow window(settings, test::quietly({path}));
            window.resize(1280, 800);
            window.show();
            window.begin();
            QVERIFY(QTest::qWaitForWindowActive(&window));
            QTRY_VERIFY(window.context().trace());
            QTRY_COMPARE(window.findChild<QTabBar*>(QStringLiteral("pageTabs"))->currentIndex(), 1);
            // Each stop of the Tab key differs from itself without the focus, by more than a shade.
            std::set<QWidget*> met;
            QStringList unseen;
            for (QWidget* at = window.focusWidget(); at && met.insert(at).second; at = window.focusWidget()) {
                const auto image = [&] { return window.grab(QRect(at->mapTo(&window, QPoint()), at->size()).adjusted(-3, -3, 3, 3)).toImage(); };
                QTest::keyClick(at, Qt::Key_Backtab, Qt::ShiftModifier);
                QTest::keyClick(window.focusWidget(), Qt::Key_Tab);  // it came by the keyboard
                if (window.focusWidget() != at) unseen << at->objectName() + QStringLiteral(" (not come back to)");
                const QImage with = image();
                QTest::keyClick(at, Qt::Key_Tab);
                const QImage without = image();
                int changed = 0;
                for (int y = 0; y < with.height(); ++y)
                    for (int x = 0; x < with.width(); ++x) {
                        const QColor a = with.pixelColor(x, y), b = without.pixelColor(x, y);
                        if (std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue()) > 110) ++changed;
                    }
                if (changed < 16) unseen << at->objectName() + QStringLiteral(" of ") + at->parentWidget()->objectName() + QStringLiteral(" %1").arg(changed);
            }
            QVERIFY(met.size() > 20);
            QVERIFY2(unseen.isEmpty(), qPrintable(unseen.join(QStringLiteral(", "))));
        }
        views::Theme::instance().setChoice(views::ThemeChoice::Light);
    }

    void aDockBehindAnotherIsBroughtToTheFront() {
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* logs = window.findChild<QDockWidget*>(QStringLiteral("logDock"));
        auto* notes = window.findChild<QDockWidget*>(QStringLiteral("notesDock"));
        auto* toggle = window.findChild<QAction*>(QStringLiteral("notesDockToggle"));
        QCOMPARE(toggle->shortcut(), QKeySequence(Qt::ALT | Qt::Key_4));
        const auto inSight = [](const QDockWidget* dock) { return dock->isVisible() && !dock->visibleRegion().isEmpty(); };
        QTRY_VERIFY(inSight(logs) && !inSight(notes));
        toggle->trigger();
        QTRY_VERIFY(inSight(notes));
        QVERIFY(toggle->isChecked());
        toggle->trigger();
        QTRY_VERIFY(!notes->isVisible());
        QVERIFY(!toggle->isChecked());
        toggle->trigger();
        QTRY_VERIFY(inSight(notes));
    }

    void theMemoryBannerLeadsToTheMemory() {
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        SettingsDialog dialog(settings, {}, &window);
        dialog.showMemory();
        dialog.show();
        QVERIFY(dialog.findChild<QSpinBox*>(QStringLiteral("settingsMemory"))->isVisible());
    }

    void aTraceWithoutANameHasATabAllTheSame() {
        const QString path = m_home.write(QStringLiteral("nameless.jsonl"), line(1, 1, ""));
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.show();
        window.begin();
        auto* tabs = window.findChild<QTabBar*>(QStringLiteral("pageTabs"));
        QTRY_COMPARE(tabs->count(), 3);
        QTRY_COMPARE(tabs->tabText(1), QStringLiteral("(no name)"));
    }

    void aBrokenFileIsToldAndItsGoodPartKept() {
        const QString path = m_home.write(QStringLiteral("broken.jsonl"), line(2, 1, "good") + "{\"resourceSpans\": [ oops\n" + line(3, 1, "good too"));
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.show();
        window.begin();
        auto* summary = window.findChild<ImportSummary*>();
        QTRY_VERIFY(summary->isVisible());
        QVERIFY(!summary->isModal());
        auto* tree = summary->findChild<QTreeWidget*>(QStringLiteral("importSummaryTree"));
        QCOMPARE(tree->topLevelItemCount(), 1);
        const auto* item = tree->topLevelItem(0);
        for (int column = 0; column < tree->columnCount(); ++column) QCOMPARE(item->child(0)->toolTip(column), Qt::convertFromPlainText(item->child(0)->text(0), Qt::WhiteSpaceNormal));
        QCOMPARE(window.findChild<QAction*>(QStringLiteral("actionQuit"))->shortcutContext(), Qt::ApplicationShortcut);
        QCOMPARE(item->text(1).toInt(), item->text(2).toInt() + item->text(4).toInt());
        QCOMPARE(item->text(2), QStringLiteral("2"));
        QVERIFY(item->text(4).toInt() >= 1);
        QVERIFY2(summary->text().contains(QStringLiteral("line 2")), qPrintable(summary->text()));
        QTRY_COMPARE(window.findChild<views::TraceListView*>()->model().rowCount(), 2);
    }

    void aMissingFileIsToldAndCountsNothing() {
        Settings settings;
        MainWindow window(settings, test::quietly({m_home.filePath(QStringLiteral("missing.json"))}));
        window.show();
        window.begin();
        auto* summary = window.findChild<ImportSummary*>();
        QTRY_VERIFY(summary->isVisible());
        const auto* item = summary->findChild<QTreeWidget*>(QStringLiteral("importSummaryTree"))->topLevelItem(0);
        QVERIFY(item);
        for (int column = 1; column <= 4; ++column) QCOMPARE(item->text(column), QStringLiteral("0"));
        QVERIFY2(summary->text().contains(QStringLiteral("cannot be opened")), qPrintable(summary->text()));
    }

    void aNoteThatCannotBeReadIsToldAndTheOthersAreThere() {
        const QString path = m_home.write(QStringLiteral("half.jsonl"), line(6, 1, "noted"));
        notes::Note good;
        good.id = "good";
        good.trace = TraceId{0, 6};
        m_home.write(QStringLiteral("half.jsonl.spanreel-notes.json"), QByteArray::fromStdString(notes::toJson({good}, {"{\"id\":\"bad\"}"})));
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.show();
        window.begin();
        QTRY_COMPARE(window.context().notes().notes().size(), std::size_t(1));
        const auto* banner = window.findChild<QWidget*>(QStringLiteral("problemBanner"));
        QVERIFY(banner);
        const auto labels = banner->findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) { return label->text().startsWith(QStringLiteral("1 of the notes of")); }));
    }

    void notesAreSavedBesideTheFileAndComeBack() {
        const QString path = m_home.write(QStringLiteral("noted.jsonl"), line(4, 1, "noted"));
        const QString sidecar = path + QStringLiteral(".spanreel-notes.json");
        Settings settings;
        {
            MainWindow window(settings, test::quietly({path}));
            window.show();
            window.begin();
            QTRY_VERIFY(window.context().trace() != nullptr);
            window.context().editNotes([](notes::NoteBook& book) {
                notes::Note note;
                note.id = "n1";
                note.trace = TraceId{0, 4};
                note.span = SpanId{1};
                note.text = "slow here";
                book.add(note);
            });
            QTRY_VERIFY(QFile::exists(sidecar));
        }
        QFile data(path);
        QVERIFY(data.open(QIODevice::ReadOnly));
        QCOMPARE(data.readAll(), line(4, 1, "noted"));  // the user's own file is never written
        MainWindow again(settings, test::quietly({path}));
        again.show();
        again.begin();
        QTRY_COMPARE(again.context().notes().notes().size(), std::size_t(1));
        QCOMPARE(again.context().notes().notes().front().text, std::string("slow here"));
        again.context().editNotes([](notes::NoteBook& book) { book.remove("n1"); });
        QTRY_VERIFY(!QFile::exists(sidecar));
    }

    void aNoteMadeJustBeforeClosingIsSaved() {
        const QString path = m_home.write(QStringLiteral("late.jsonl"), line(5, 1, "late"));
        {
            Settings settings;
            MainWindow window(settings, test::quietly({path}));
            window.begin();
            QTRY_VERIFY(window.context().trace() != nullptr);
            window.context().editNotes([](notes::NoteBook& book) { book.add({.id = "n2", .trace = TraceId{0, 5}, .text = "last words"}); });
        }
        QVERIFY(QFile::exists(path + QStringLiteral(".spanreel-notes.json")));
    }

    void theSampleAndANewSession() {
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        window.begin();
        auto& list = window.findChild<views::TraceListView*>()->model();
        QCOMPARE(list.rowCount(), 0);
        window.findChild<QAction*>(QStringLiteral("actionOpenSample"))->trigger();
        QTRY_VERIFY(list.rowCount() > 10);
        QVERIFY(settings.recentFiles().filter(QStringLiteral("shop")).isEmpty());
        window.findChild<QAction*>(QStringLiteral("actionNewSession"))->trigger();
        QTRY_COMPARE(list.rowCount(), 0);
        QVERIFY(!window.context().selection().trace);
    }

    void theTitleSaysWhichPageIsRead() {
        const QString path = m_home.write(QStringLiteral("titled.jsonl"), line(7, 1, "GET /a && b"));
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.show();
        window.begin();
        QTRY_COMPARE(window.windowTitle(), QStringLiteral("GET /a && b \u2013 titled.jsonl"));
        window.findChild<QAction*>(QStringLiteral("actionGoMap"))->trigger();
        QCOMPARE(window.windowTitle(), QStringLiteral("Service map \u2013 titled.jsonl"));
        window.findChild<QAction*>(QStringLiteral("actionGoTraces"))->trigger();
        QCOMPARE(window.windowTitle(), QStringLiteral("Traces \u2013 titled.jsonl"));
    }

    void whatIsInFlightIsADockThatCanBeClosed() {
        const QString path = m_home.write(QStringLiteral("flight.jsonl"), line(8, 1, "GET /cart"));
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.resize(1280, 800);
        window.show();
        window.begin();
        QTRY_VERIFY(window.context().trace() != nullptr);
        auto* dock = window.findChild<QDockWidget*>(QStringLiteral("inFlightDock"));
        auto* action = window.findChild<QAction*>(QStringLiteral("replayInFlight"));
        QVERIFY(!dock->isVisible());
        auto* timeline = window.findChild<QWidget*>(QStringLiteral("timelinePage"));
        const int height = timeline->height();
        action->trigger();
        QTRY_VERIFY(dock->widget()->isVisible());
        QVERIFY(action->isChecked());
        QCOMPARE(timeline->height(), height);  // a tab beside the logs: the timeline keeps its room
        auto* list = dock->findChild<QListWidget*>(QStringLiteral("inFlightList"));
        QTRY_COMPARE(list->count(), 1);
        window.findChild<QDockWidget*>(QStringLiteral("logDock"))->raise();
        QTRY_VERIFY(!action->isChecked());
        action->trigger();
        QTRY_VERIFY(action->isChecked());
        action->trigger();
        QTRY_VERIFY(!dock->isVisible());
    }

    void theSettingsShowWhatIsInForce() {
        Settings settings;
        settings.setGrpcPort(4317);
        settings.setHttpPort(4318);
        SettingsDialog dialog(settings, {.grpcPort = 31001, .grpcNow = 31001});
        auto* grpc = dialog.findChild<QSpinBox*>(QStringLiteral("settingsGrpcPort"));
        auto* http = dialog.findChild<QSpinBox*>(QStringLiteral("settingsHttpPort"));
        auto* now = dialog.findChild<QLabel*>(QStringLiteral("settingsInForce"));
        auto* apply = dialog.findChild<QDialogButtonBox*>(QStringLiteral("settingsButtons"))->button(QDialogButtonBox::Apply);
        QCOMPARE(grpc->value(), 31001);
        QCOMPARE(http->value(), 4318);
        QVERIFY2(now->text().contains(QStringLiteral("gRPC on 31001 instead of 4317")), qPrintable(now->text()));
        QSignalSpy changed(&dialog, &SettingsDialog::receiversChanged);
        apply->click();
        QCOMPARE(settings.grpcPort(), quint16(4317));  // what holds for this window only is not stored unasked
        QCOMPARE(changed.count(), 0);
        http->setValue(31002);
        apply->click();
        QCOMPARE(settings.httpPort(), quint16(31002));
        QCOMPARE(settings.grpcPort(), quint16(4317));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0], (QVariantList{false, true}));
        QVERIFY(SettingsDialog(settings).findChild<QLabel*>(QStringLiteral("settingsInForce"))->isHidden());
        settings.setHttpPort(4318);
    }

    void noMenuHasALetterTwice() {
        for (const auto language : {QLocale::German, QLocale::English}) {
            qDeleteAll(qApp->findChildren<QTranslator*>());  // else German stays below English
            installTranslations(*qApp, QLocale(language));
            Settings settings;
            MainWindow window(settings, test::quietly());
            QList<QWidget*> menus{window.menuBar()};
            for (auto* menu : window.findChildren<QMenu*>()) menus << menu;
            int letters = 0;
            for (const auto* menu : menus) {
                QHash<QChar, QString> taken;
                for (const auto* action : menu->actions()) {
                    const QString text = QString(action->text()).remove(QStringLiteral("&&"));
                    const auto at = text.indexOf(QLatin1Char('&'));
                    if (at < 0) continue;
                    const QChar letter = text[at + 1].toLower();
                    QVERIFY2(!taken.contains(letter), qPrintable(text + QStringLiteral(" / ") + taken[letter]));
                    taken.insert(letter, text);
                    ++letters;
                }
            }
            QVERIFY(letters > 30);
        }
    }

    void theImportSummaryTellsRemarksAndCountsWell() {
        const QString path = m_home.write(QStringLiteral("app.log"), "{\"ts\":1700000000123,\"level\":\"info\",\"msg\":\"hello\"}\n");
        Settings settings;
        MainWindow window(settings, test::quietly({path}));
        window.show();
        window.begin();
        QTRY_COMPARE(window.context().snapshot()->logCount(), std::uint64_t(1));
        QTRY_VERIFY(window.context().snapshot()->sources().front().finished);
        auto* summary = window.findChild<ImportSummary*>();
        summary->present();
        QVERIFY2(summary->text().startsWith(QStringLiteral("1 input. Records: 1 read = 1 kept + 0 skipped")), qPrintable(summary->text()));
        QVERIFY2(summary->text().contains(QStringLiteral("ms")) && !summary->text().contains(QStringLiteral("No problems")), qPrintable(summary->text()));
    }

    void filesDroppedAnywhereAreOpenedAndNeverMoved() {
        const QString path = m_home.write(QStringLiteral("dropped \u00fc.jsonl"), line(9, 1, "dropped"));
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        window.begin();
        auto* box = window.findChild<QLineEdit*>(QStringLiteral("findBox"));
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter({5, 5}, Qt::CopyAction | Qt::MoveAction, &files, Qt::LeftButton, {});
        enter.setDropAction(Qt::MoveAction);
        QCoreApplication::sendEvent(box, &enter);
        QVERIFY(enter.isAccepted());
        QCOMPARE(enter.dropAction(), Qt::CopyAction);
        QDropEvent drop({5, 5}, Qt::CopyAction | Qt::MoveAction, &files, Qt::LeftButton, {});
        QCoreApplication::sendEvent(box, &drop);
        QCOMPARE(drop.dropAction(), Qt::CopyAction);
        QVERIFY(box->text().isEmpty());
        QTRY_VERIFY(window.windowTitle().contains(QStringLiteral("dropped \u00fc.jsonl")));
        QDragEnterEvent move({5, 5}, Qt::MoveAction, &files, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&window, &move);
        QVERIFY(!move.isAccepted());
        QMimeData text;
        text.setText(QStringLiteral("cart"));
        QDragEnterEvent words({5, 5}, Qt::CopyAction, &text, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&window, &words);
        QVERIFY(!words.isAccepted());  // text is for the fields
    }

    void numbersSpeakTheLanguageOfTheWindow() {
        QVERIFY(installTranslations(*qApp, QLocale(QLocale::German)));
        QCOMPARE(QString::fromStdString(formatDuration(1'843'201'117)), QStringLiteral("1,84 s"));
        QCOMPARE(QStringLiteral("%L1").arg(1.5), QStringLiteral("1,5"));
        for (auto* translator : qApp->findChildren<QTranslator*>()) delete translator;
        installTranslations(*qApp, QLocale(QLocale::English));
        QCOMPARE(QString::fromStdString(formatDuration(1'843'201'117)), QStringLiteral("1.84 s"));
    }

    void theBridgeCoalesces() {
        store::TraceStore store;
        SnapshotBridge bridge(store);
        QSignalSpy ready(&bridge, &SnapshotBridge::snapshotReady);
        std::uint64_t seen = 0;
        connect(&bridge, &SnapshotBridge::snapshotReady, this, [&](const store::SnapshotPtr& snapshot) { seen = snapshot->spanCount(); });
        std::thread writer([&] {
            for (std::uint64_t i = 1; i <= 2000; ++i) test::TestBatch().span({.trace = TraceId{0, i}, .id = i, .end = 1}).into(store);
        });
        writer.join();
        QTRY_COMPARE(seen, std::uint64_t(2000));
        QVERIFY2(ready.count() < 1000, qPrintable(QString::number(ready.count())));
        test::TestBatch().span({.trace = TraceId{0, 5000}, .id = 1, .end = 1}).into(store);
        QTRY_COMPARE(seen, std::uint64_t(2001));
    }

    void settingsNeverWaitForTheDisk() {
        const QString path = QStringLiteral("/somewhere/file.json");
        {
            Settings settings;
            QLockFile held(configFolder() + QStringLiteral("/settings.ini.lock"));  // whoever writes now waits
            QVERIFY(held.lock());
            settings.addRecentFile(path);
            settings.setGrpcPort(4444);
            QCoreApplication::processEvents();
            QCOMPARE(settings.recentFiles().value(0), path);
            QFile file(configFolder() + QStringLiteral("/settings.ini"));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(!file.readAll().contains("4444"));
            held.unlock();
        }
        QCOMPARE(Settings().recentFiles().value(0), path);
        QCOMPARE(Settings().grpcPort(), quint16(4444));
        Settings settings;
        settings.setGrpcPort(4317);
        settings.addRecentFile(QStringLiteral("/somewhere/else.json"));
        settings.clearRecentFiles();
        QVERIFY(settings.recentFiles().isEmpty());
    }

    void settingsThatCannotBeSavedAreToldAndSavedLater() {
        const QString path = configFolder() + QStringLiteral("/settings.ini"), aside = path + QStringLiteral(".aside");
        QVERIFY(QFile::rename(path, aside));
        QVERIFY(QDir().mkdir(path));  // nobody writes a file there
        {
            Settings settings;
            MainWindow window(settings, test::quietly());
            window.show();
            window.begin();
            settings.setHttpPort(5555);
            const auto banner = [&window] { return window.findChild<QWidget*>(QStringLiteral("settingsBanner")); };
            QTRY_VERIFY(banner() && banner()->isVisible());
            QVERIFY(std::ranges::any_of(banner()->findChildren<QLabel*>(), [&path](const QLabel* label) { return label->text().contains(path); }));
            QCOMPARE(settings.httpPort(), quint16(5555));
            QVERIFY(QDir().rmdir(path));
            QVERIFY(QFile::rename(aside, path));
            settings.setGrpcPort(4444);
            QTRY_VERIFY(!banner());
        }
        Settings settings;
        QCOMPARE(settings.grpcPort(), quint16(4444));
        QCOMPARE(settings.httpPort(), quint16(5555));
        settings.setGrpcPort(4317);
        settings.setHttpPort(4318);
    }

    // Where there was no file before, Qt forgets what it could not write.
    void whatCouldNotBeWrittenGoesWithTheNextChange() {
        const QString folder = m_home.write(QStringLiteral("no-folder"), "a file"), path = folder + QStringLiteral("/settings.ini");
        std::vector<bool> told;
        {
            SettingsFile file(path);
            file.whenFailing([&told](bool fails) { told.push_back(fails); });
            file.setValue(QStringLiteral("a/kept"), 1);
            file.setValue(QStringLiteral("a/removed"), 2);
            file.remove(QStringLiteral("a/removed"));
            QTRY_COMPARE(told, std::vector<bool>{true});
            QVERIFY(QFile::remove(folder) && QDir().mkpath(folder));  // a write that waits may make it too
            file.setValue(QStringLiteral("b"), 3);
            QTRY_COMPARE(told, (std::vector<bool>{true, false}));
        }
        const SettingsFile file(path);
        QCOMPARE(file.value(QStringLiteral("a/kept")).toInt(), 1);
        QCOMPARE(file.value(QStringLiteral("b")).toInt(), 3);
        QVERIFY(!file.value(QStringLiteral("a/removed")).isValid());
    }

    void theWorkerRunsAllThatWasPostedInOrder() {
        std::vector<int> ran;
        {
            WorkerThread worker;
            for (int i = 0; i < 1000; ++i)
                worker.post([&ran, i] {
                    if (i == 0) QThread::msleep(20);  // the others wait behind it when the end comes
                    ran.push_back(i);
                });
        }
        QCOMPARE(ran.size(), std::size_t(1000));
        QVERIFY(std::is_sorted(ran.begin(), ran.end()));
    }

    void everyWidgetToPressHasNames() {
        Settings settings;
        MainWindow window(settings, test::quietly());
        window.show();
        QStringList nameless;
        for (auto* button : window.findChildren<QAbstractButton*>()) {
            if (!button->isVisibleTo(&window) || button->inherits("QLineEditIconButton") || button->objectName().startsWith(QLatin1String("qt_"))) continue;
            if (button->text().isEmpty() && button->accessibleName().isEmpty() && button->toolTip().isEmpty()) nameless << QString::fromLatin1(button->metaObject()->className()) + QLatin1Char(' ') + button->objectName() + QLatin1String(" in ") + button->parent()->objectName();
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::WindowTest)
#include "window_test.moc"
