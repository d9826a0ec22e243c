// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QLineEdit>
#include <QTabBar>
#include <QTest>

#include <sys/stat.h>

#include "app/studio/import_summary.h"
#include "app/studio/main_window.h"
#include "app/studio/settings.h"
#include "tests/qt/window_home.h"
#include "views/context.h"
#include "views/trace_list/scatter_view.h"
#include "views/trace_list/trace_list_view.h"
#include "views/trace_list/trace_model.h"

namespace spanreel {

using namespace app;

/// What the end of an import and a new session do to the page and the keyboard of who works in the window.
class WindowImportTest : public QObject {
    Q_OBJECT
    test::WindowHome m_home;

    static QByteArray line(int trace, const char* name) {
        return QStringLiteral(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%1","spanId":"000000000000000a","name":"%2","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000250000000"}]}]}]})")
                   .arg(trace, 32, 16, QLatin1Char('0'))
                   .arg(QLatin1String(name))
                   .toUtf8() +
               '\n';
    }

    /// A window with three traces, whose filter has the keyboard.
    struct Filtering {
        Settings settings;
        MainWindow window;
        QLineEdit* filter;
        QTabBar* tabs;
        explicit Filtering(const QString& file)
            : window(settings, test::quietly({file})),
              filter(window.findChild<QLineEdit*>(QStringLiteral("traceFilterText"))),
              tabs(window.findChild<QTabBar*>(QStringLiteral("pageTabs"))) {
            window.show();
            window.begin();
        }
        [[nodiscard]] int rows() const { return window.findChild<views::TraceListView*>()->model().rowCount(); }
        void openTyping(const QString& file) {
            QVERIFY(QTest::qWaitForWindowActive(&window));
            QTRY_COMPARE(rows(), 3);
            QTRY_VERIFY(!window.session().imports().busy());
            filter->setFocus();
            window.openFiles({file});  // by another start of the program, say
            QTest::keyClicks(filter, QStringLiteral("GET"));
            QTRY_VERIFY(!window.session().imports().busy());
            QTest::keyClicks(window.focusWidget(), QStringLiteral(" /"));
            QCOMPARE(filter->text(), QStringLiteral("GET /"));
            QCOMPARE(window.focusWidget(), filter);
            QCOMPARE(tabs->currentIndex(), 0);
        }
    };
    QString three() { return m_home.write(QStringLiteral("three.jsonl"), line(1, "GET /a") + line(2, "GET /b") + line(3, "GET /c")); }

private slots:
    void initTestCase() { m_home.begin(); }

    void aTraceThatIsReadWhileOneWritesComesBehind() {
        Filtering f(three());
        f.openTyping(m_home.write(QStringLiteral("one.jsonl"), line(4, "GET /one")));
        QCOMPARE(f.tabs->count(), 3);
        QCOMPARE(f.tabs->tabText(1), QStringLiteral("GET /one"));
        QVERIFY(!f.window.context().selection().trace);
        f.tabs->setCurrentIndex(1);
        QCOMPARE(f.window.context().selection().trace, std::optional(TraceId{0, 4}));
    }

    void theSummaryDoesNotTakeTheKeyboardFromWhoWrites() {
        Filtering f(three());
        f.openTyping(m_home.write(QStringLiteral("broken.jsonl"), line(5, "good") + "{\"resourceSpans\": [ oops\n" + line(6, "good")));
        auto* summary = f.window.findChild<ImportSummary*>();
        QTRY_VERIFY(summary->isVisible());
        QVERIFY(summary->testAttribute(Qt::WA_ShowWithoutActivating));
        summary->close();
        // Who waits for it has it.
        f.window.activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), &f.window);
        f.window.openFiles({m_home.write(QStringLiteral("again.jsonl"), line(7, "good") + "{\"resourceSpans\": [ oops\n" + line(8, "good"))});
        QTRY_VERIFY(summary->isVisible());
        QVERIFY(!summary->testAttribute(Qt::WA_ShowWithoutActivating));
    }

    void nothingOfTheOldSessionStandsOverANewOne() {
        Filtering f(three());
        QTRY_COMPARE(f.rows(), 3);
        const QString fifo = m_home.filePath(QStringLiteral("fifo"));
        QCOMPARE(::mkfifo(fifo.toUtf8().constData(), 0600), 0);
        f.window.openFiles({fifo});
        QTRY_COMPARE(f.window.windowTitle(), QStringLiteral("Traces \u2013 2 files"));
        f.window.session().imports().cancel();
        QTRY_VERIFY(f.window.findChild<QWidget*>(QStringLiteral("cancelledBanner")));
        f.window.findChild<QLineEdit*>(QStringLiteral("findBox"))->setText(QStringLiteral("GET"));
        f.filter->setText(QStringLiteral("GET"));
        emit f.window.findChild<views::ScatterView*>()->brushed({1, 2}, 0, 1);
        auto* list = f.window.findChild<views::TraceListView*>();
        QVERIFY(!list->filter().empty());

        f.window.findChild<QAction*>(QStringLiteral("actionNewSession"))->trigger();
        QTRY_VERIFY(f.window.context().snapshot()->sources().empty());
        QCOMPARE(f.window.windowTitle(), QStringLiteral("Traces \u2013 Live session"));
        QVERIFY(!f.window.findChild<QWidget*>(QStringLiteral("cancelledBanner")));
        QVERIFY(f.window.findChild<QLineEdit*>(QStringLiteral("findBox"))->text().isEmpty());
        QVERIFY(list->filter().empty());
        QVERIFY(f.filter->text().isEmpty());
    }

    void whatGoesWithItsSessionDoesNotCountInTheNewOne() {
        Filtering f(three());
        QTRY_COMPARE(f.rows(), 3);
        const QString fifo = m_home.filePath(QStringLiteral("endless"));
        QCOMPARE(::mkfifo(fifo.toUtf8().constData(), 0600), 0);
        f.window.openFiles({fifo});
        QVERIFY(f.window.session().imports().busy());
        f.window.findChild<QAction*>(QStringLiteral("actionNewSession"))->trigger();
        f.window.openFiles({m_home.write(QStringLiteral("only.jsonl"), line(9, "GET /only"))});
        const auto& imports = f.window.session().imports();
        QCOMPARE(imports.total(), 1);
        QVERIFY2(imports.current().endsWith(QStringLiteral("only.jsonl")), qPrintable(imports.current()));
        QTRY_COMPARE(f.tabs->count(), 3);
        QTRY_COMPARE(f.tabs->tabText(1), QStringLiteral("GET /only"));
        QTRY_COMPARE(f.tabs->currentIndex(), 1);
    }
};

}  // namespace spanreel

QTEST_MAIN(spanreel::WindowImportTest)
#include "window_import_test.moc"
