// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QTemporaryDir>
#include <filesystem>

#include "ingest/import_file.h"
#include "tests/qt/pane_fixture.h"
#include "tests/unit/shared_data.h"
#include "views/report/export_report.h"
#include "views/report/report_builder.h"

using namespace spanreel;
using namespace spanreel::views;

class ReportBuilderTest : public QObject {
    Q_OBJECT

    static std::string html(const trace::Trace& trace, const ReportOptions& options = {}) { return report::writeHtml(buildReport(trace, options).document); }
    static bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

private slots:
    void tellsTheTraceWithNotesErrorsAndLogs() {
        test::PaneFixture f;
        f.open();
        ReportOptions options;
        notes::Note note;
        note.id = "a";
        note.trace = f.trace;
        note.span = SpanId{2};
        note.text = "**why** <b>so</b> slow";
        options.notes = {note};
        const auto text = html(*f.context.trace(), options);
        for (const char* part : {"<h1>front: GET</h1>", "<strong>why</strong> &lt;b&gt;so&lt;/b&gt; slow", "At +10.0 ms, on span cart: load", "✕ front: render", "template missing", "Slowest spans by self time",
                                 "Critical path", "Service map", "Timeline", "<svg", "00000000000000000000000000000001"})
            QVERIFY2(has(text, part), part);
        for (const char* part : {"<script", "src=", "<link", "url(http"}) QVERIFY2(!has(text, part), part);
    }

    void listsAreBoundedAndSayWhatTheyLeaveOut() {
        store::TraceStore store;
        test::TestBatch batch;
        batch.span({.id = 1, .name = "root", .start = 0, .end = 4'000'000});
        for (std::uint64_t i = 2; i <= 3000; ++i) batch.span({.id = i, .parent = 1, .name = "child", .start = static_cast<std::int64_t>(i * 1000), .end = static_cast<std::int64_t>(i * 1000 + 900), .status = i % 20 == 0 ? 2 : 0});
        batch.into(store);
        const auto trace = *trace::Trace::assemble(store.snapshot(), TraceId{0, 1});
        const auto text = html(*trace);
        QVERIFY(has(text, "Shows 40 of 150; 110 are left out."));
        QVERIFY2(text.size() < 4'000'000, qPrintable(QString::number(text.size())));
    }

    void noKnownSecretLeaves() {
        const auto shared = test::sharedDir();
        const auto file = shared + "/acceptance/badinputs/oj37_secrets.json";
        if (shared.empty() || !std::filesystem::exists(file)) QSKIP("the shared test data is not here");
        store::TraceStore store;
        (void)ingest::importFile(store, file);
        const auto snapshot = store.snapshot();
        QCOMPARE(snapshot->traceCount(), std::size_t{1});
        const auto trace = *trace::Trace::assemble(snapshot, snapshot->trace(0).id);
        const auto built = buildReport(*trace, {});
        QCOMPARE(built.redacted, std::uint64_t{9});
        auto bytes = report::writeHtml(built.document);
        const auto markdown = report::writeMarkdown(built.document, "r");
        bytes += markdown.text;
        for (const auto& [name, svg] : markdown.files) bytes += svg;
        for (const char* secret : {"eyJhbGciOiJIUzI1NiJ9", "AKIAIOSFODNN7EXAMPLE", "hunter2", "4111", "0123456789abcdef", "abcdef123456", "AAAA", "ghp_0000", "PRIVATE KEY"}) QVERIFY2(!has(bytes, secret), secret);
        ReportOptions open;
        open.redact = false;
        QVERIFY2(has(html(*trace, open), "hunter2"), "without redaction the value is there, so the check above can fail");
    }

    void secretsLeaveNoPicture() {
        store::TraceStore store;
        test::TestBatch batch;
        batch.span({.id = 1, .service = "web", .name = "GET", .start = 0, .end = 1000});
        batch.span({.id = 2, .parent = 1, .service = "web", .name = "call", .start = 100, .end = 900, .kind = 3, .attributes = {{"peer.service", "AKIAIOSFODNN7EXAMPLE"}}});
        batch.into(store);
        const auto trace = *trace::Trace::assemble(store.snapshot(), TraceId{0, 1});
        ReportOptions open;
        open.redact = false;
        QVERIFY2(has(html(*trace, open), "<title>web → AKIAIOSFODNN7EXAMPLE · "), "the map names the peer on hover");
        QVERIFY(!has(html(*trace), "AKIAIOSFODNN7EXAMPLE"));
    }

    void theDialogWritesAFileAndSaysSo() {
        test::PaneFixture f;
        f.open();
        QTemporaryDir folder;
        exportReport(f.context, nullptr);
        QDialog* dialog = nullptr;
        for (auto* widget : QApplication::topLevelWidgets())
            if (widget->objectName() == QStringLiteral("exportReportDialog")) dialog = qobject_cast<QDialog*>(widget);
        QVERIFY(dialog);
        const QString path = folder.filePath(QStringLiteral("out.html"));
        dialog->findChild<QLineEdit*>(QStringLiteral("reportPath"))->setText(path);
        dialog->findChild<QPushButton*>(QStringLiteral("reportExport"))->click();
        auto* state = dialog->findChild<QLabel*>(QStringLiteral("reportState"));
        QTRY_VERIFY_WITH_TIMEOUT(state->text().startsWith(QStringLiteral("Wrote ")), 20000);
        QVERIFY(QFile::exists(path));
        // Once more to the same file: nothing is replaced before the user agrees.
        QVERIFY(QFile::resize(path, 3));
        dialog->findChild<QPushButton*>(QStringLiteral("reportExport"))->click();
        QMessageBox* question = nullptr;
        QTRY_VERIFY((question = dialog->findChild<QMessageBox*>(QStringLiteral("reportReplace"))) != nullptr);
        question->button(QMessageBox::Cancel)->click();
        QTest::qWait(50);
        QCOMPARE(QFileInfo(path).size(), qint64{3});
        // A folder that is not there: the reason is told, nothing crashes.
        dialog->findChild<QLineEdit*>(QStringLiteral("reportPath"))->setText(folder.filePath(QStringLiteral("none/out.html")));
        dialog->findChild<QPushButton*>(QStringLiteral("reportExport"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(state->text().contains(QStringLiteral("could not be written")), 20000);
        delete dialog;
    }
};

QTEST_MAIN(ReportBuilderTest)
#include "report_builder_test.moc"
