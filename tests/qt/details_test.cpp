// SPDX-License-Identifier: GPL-3.0-or-later
// The details pane: what it shows of spans and logs, filter, links, hostile text, large records.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTabWidget>
#include <QTreeView>
#include <QtTest>

#include "tests/unit/test_batch.h"
#include "views/context.h"
#include "views/details/details_delegate.h"
#include "views/details/details_model.h"
#include "views/details/details_pane.h"
#include "views/theme.h"
#include "views/timeline/span_words.h"
#include "views/widgets/elided_label.h"
#include "views/widgets/text_format.h"

using namespace spanreel;
using namespace spanreel::views;
using test::TestBatch;

namespace {

constexpr TraceId kTrace{0, 1}, kOther{0, 2};

struct Pane {
    store::TraceStore store;
    ViewContext context;
    DetailsPane pane{context};

    explicit Pane(TestBatch& batch) {
        batch.into(store);
        context.setSnapshot(store.snapshot());
        pane.resize(400, 700);
        pane.show();
    }
    void selectSpan(std::uint64_t id) {
        context.selectSpan(kTrace, SpanId{id});
        QVERIFY(QTest::qWaitFor([this] { return context.trace() && context.trace()->id() == *context.selection().trace; }, 5000));
    }
    template <class T>
    T* find(const char* name) { return pane.findChild<T*>(QLatin1String(name)); }
    QTreeView* tree() { return find<QTreeView>("detailsTree"); }
    DetailsModel* model() { return static_cast<DetailsModel*>(tree()->model()); }
    QString label(const char* name) { return find<QLabel>(name)->text(); }
    /// Every row as "key=value", in order.
    QStringList rows() {
        QStringList out;
        std::vector<QModelIndex> open{QModelIndex()};
        while (!open.empty()) {
            const auto parent = open.back();
            open.pop_back();
            for (int r = 0; r < model()->rowCount(parent); ++r) {
                const auto index = model()->index(r, 0, parent);
                out << index.data().toString() + QLatin1Char('=') + index.siblingAtColumn(1).data().toString();
                open.push_back(index);
            }
        }
        return out;
    }
};

void shop(TestBatch& b) {
    b.span({.id = 1, .service = "front", .name = "GET /", .start = 0, .end = 2'000'000'000});
    b.span({.id = 2, .parent = 1, .service = "pay", .name = "charge", .start = 100, .end = 412'000'100, .status = 2, .kind = 3, .attributes = {{"card", "visa"}, {"tries", "3"}}});
    b.log({.span = 2, .time = 200, .body = "card declined", .severity = 17});
}

/// A link from `from` to a span of another trace.
void linkLast(TestBatch& b, TraceId trace, std::uint64_t span) {
    store::LinkRecord link;
    link.traceId = trace;
    link.spanId = {span};
    b.batch.spans.back().links = b.batch.arena.copy(std::span<const store::LinkRecord>(&link, 1));
}

}  // namespace

class DetailsTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatToDoWhileNothingIsSelected() {
        TestBatch b;
        shop(b);
        Pane p(b);
        QVERIFY(p.find<QLabel>("detailsEmpty")->isVisible());
        QVERIFY(!p.label("detailsEmpty").isEmpty());
    }

    void showsASpan() {
        TestBatch b;
        shop(b);
        Pane p(b);
        p.selectSpan(2);
        QAbstractItemModelTester tester(p.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(p.label("detailsTitle"), QStringLiteral("charge"));
        QVERIFY(p.label("detailsSubtitle").contains(QStringLiteral("pay")));
        QVERIFY(p.label("detailsSubtitle").contains(QStringLiteral("client")));
        QVERIFY(p.label("detailsTiming").contains(QStringLiteral("412 ms")));
        QVERIFY(p.label("detailsStatus").contains(QStringLiteral("error")));
        const auto rows = p.rows();
        QVERIFY(rows.contains(QStringLiteral("card=visa")));
        QVERIFY(rows.contains(QStringLiteral("tries=3")));
        QVERIFY(rows.contains(QStringLiteral("service.name=pay")));
        QVERIFY(rows.contains(QStringLiteral("Span id=0000000000000002")));
        QVERIFY(!rows.filter(QStringLiteral("card declined")).isEmpty());
        QVERIFY(!rows.filter(QStringLiteral("front · GET /")).isEmpty());
    }

    void filterKeepsMatchesWithCounts() {
        TestBatch b;
        shop(b);
        Pane p(b);
        p.selectSpan(2);
        QAbstractItemModelTester tester(p.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        p.find<QLineEdit>("detailsFilter")->setText(QStringLiteral("VISA"));
        auto rows = p.rows();
        QVERIFY(rows.contains(QStringLiteral("card=visa")));
        QVERIFY(!rows.contains(QStringLiteral("tries=3")));
        QVERIFY(!rows.filter(QStringLiteral("1 of 2")).isEmpty());
        QCOMPARE(p.label("detailsFilterCount"), QStringLiteral("1 shown"));
        p.find<QLineEdit>("detailsFilter")->clear();
        QVERIFY(p.rows().contains(QStringLiteral("tries=3")));
    }

    void linksLeadBothWays() {
        TestBatch b;
        shop(b);
        linkLast(b, kOther, 9);
        b.span({.trace = kOther, .id = 9, .service = "queue", .name = "send", .start = 0, .end = 10});
        linkLast(b, kTrace, 1);
        Pane p(b);
        p.selectSpan(2);
        QTRY_VERIFY(!p.rows().filter(QStringLiteral("queue · send")).isEmpty());
        p.selectSpan(1);
        QTRY_VERIFY(p.model()->indexOf(DetailsModel::Section::Backlinks).isValid());
        const auto row = p.model()->index(0, 0, p.model()->indexOf(DetailsModel::Section::Backlinks));
        QCOMPARE(row.data().toString(), QStringLiteral("queue · send"));
        QVERIFY(p.model()->isLink(row));
        QVERIFY(!p.model()->isLink(row.siblingAtColumn(1)));
        p.tree()->scrollTo(row);
        QTest::mouseMove(p.tree()->viewport(), p.tree()->visualRect(row).center());
        QTRY_COMPARE(p.tree()->viewport()->cursor().shape(), Qt::PointingHandCursor);
        QTest::mouseClick(p.tree()->viewport(), Qt::LeftButton, {}, p.tree()->visualRect(row).center());
        QCOMPARE(p.context.selection().trace->low, kOther.low);
        QCOMPARE(p.context.selection().span->value, 9u);
    }

    void returnFollowsTheFocusedLink() {
        TestBatch b;
        shop(b);
        linkLast(b, kOther, 9);
        b.span({.trace = kOther, .id = 9, .service = "queue", .name = "send", .start = 0, .end = 10});
        Pane p(b);
        p.selectSpan(2);
        p.pane.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&p.pane));
        p.tree()->setFocus();
        for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
            p.selectSpan(2);
            QTRY_VERIFY(!p.rows().filter(QStringLiteral("queue · send")).isEmpty());  // looked up beside the window
            const auto links = p.model()->indexOf(DetailsModel::Section::Links);
            QVERIFY(links.isValid());
            QVERIFY(p.model()->isLink(p.model()->index(0, 0, links)));
            p.tree()->setCurrentIndex(p.model()->index(0, 0, links));
            QTest::keyClick(p.tree(), key);
            QCOMPARE(p.context.selection().trace->low, kOther.low);
            QCOMPARE(p.context.selection().span->value, 9u);
        }
    }

    void logOfASpanSelectsTheLog() {
        TestBatch b;
        shop(b);
        Pane p(b);
        p.selectSpan(2);
        const auto section = p.model()->indexOf(DetailsModel::Section::Logs);
        QVERIFY(section.isValid());
        QVERIFY(p.model()->isLink(p.model()->index(0, 1, section)));
        emit p.tree()->clicked(p.model()->index(0, 1, section));
        QVERIFY(p.context.selection().logRow.has_value());
        QCOMPARE(p.label("detailsTitle"), QStringLiteral("card declined"));
        QVERIFY(p.rows().contains(QStringLiteral("Severity=ERROR (17)")));
        QCOMPARE(p.context.selection().span->value, 2u);
    }

    void withoutASpanTheTraceIsTold() {
        TestBatch b;
        shop(b);
        Pane p(b);
        p.context.selectTrace(kTrace);
        QTRY_VERIFY(p.context.trace() != nullptr);
        QVERIFY2(p.rows().contains(QStringLiteral("Trace id=") + QString::fromStdString(kTrace.toHex())), qPrintable(p.rows().join(QLatin1Char('\n'))));
        for (const char* fact : {"Duration=2 s", "Root span=front · GET /", "Spans=2", "Services=2", "Errors=1 ✕", "Logs=1", "front=", "pay="})
            QVERIFY2(p.rows().contains(QString::fromUtf8(fact)), qPrintable(p.rows().join(QLatin1Char('\n'))));
        const auto identity = p.model()->indexOf(DetailsModel::Section::Identity);
        emit p.tree()->clicked(p.model()->index(1, 1, identity));  // the root, as a link
        QVERIFY(p.context.selection().span.has_value());
        QTRY_VERIFY(!p.rows().filter(QStringLiteral("Span id=")).isEmpty());
        p.context.clearSpan();
        QTRY_VERIFY(p.rows().filter(QStringLiteral("Span id=")).isEmpty());
    }

    void theTraceTellsWhatIsOddAboutIt() {
        TestBatch b;
        b.span({.id = 1, .start = 0, .end = 10});
        for (int copy = 0; copy < 3; ++copy) b.span({.id = 2, .parent = 1, .start = 2, .end = 5});
        b.span({.id = 3, .parent = 99, .start = 3, .end = 6});
        Pane p(b);
        p.context.selectTrace(kTrace);
        QTRY_VERIFY(p.context.trace() != nullptr);
        for (const char* fact : {"Spans=5", "Depth=2", "Errors=none", "Logs=0", "Orphans=1, whose parents are not here", "Equal copies=2"})
            QVERIFY2(p.rows().contains(QString::fromUtf8(fact)), qPrintable(p.rows().join(QLatin1Char('\n'))));
        for (const char* instant : {"Start=", "End="}) QVERIFY(!p.rows().filter(QRegularExpression(QLatin1Char('^') + QLatin1String(instant) + QStringLiteral(".*\\d"))).isEmpty());
    }

    void longValuesAreWrappedAndLongKeysElidedInTheMiddle() {
        TestBatch b;
        b.span({.id = 1, .start = 0, .end = 10, .attributes = {{"long", std::string(45, 'x')}, {"short", "y"}, {"endless", std::string(500, 'z')},
                                                             {"a.very.long.key.that.does.not.go.into.its.column.1", "y"}, {"a.very.long.key.that.does.not.go.into.its.column.2", "y"}}});
        Pane p(b);
        p.selectSpan(1);
        const auto section = p.model()->indexOf(DetailsModel::Section::Attributes);
        std::map<QString, int> height;
        for (int i = 0; i < p.model()->rowCount(section); ++i) {
            const auto row = p.model()->index(i, 0, section);
            height[row.data().toString()] = p.tree()->visualRect(row).height();
        }
        const int line = QFontMetrics(Theme::monoFont()).lineSpacing();
        QVERIFY(height["long"] >= height["short"] + line);
        QVERIFY(height["endless"] >= height["long"]);
        QVERIFY(height["endless"] <= DetailsDelegate::kMostLines * line + 10);
        // Of two long keys that differ only at their ends the ends are seen.
        QImage ends[2];
        for (int i = 0; i < p.model()->rowCount(section); ++i) {
            const auto row = p.model()->index(i, 0, section);
            const QString key = row.data().toString();
            if (key.startsWith(QStringLiteral("a.very"))) ends[key.endsWith(QLatin1Char('2'))] = p.tree()->viewport()->grab(p.tree()->visualRect(row)).toImage();
        }
        QCOMPARE(ends[0].size(), ends[1].size());
        QVERIFY(!ends[0].isNull() && ends[0] != ends[1]);
    }

    void durationsAreToldInTheSameUnits() {
        constexpr std::int64_t kSecond = 1'000'000'000;
        QCOMPARE(exactDurationInWords(59 * kSecond + 1), QStringLiteral("59.000000001 s"));
        QCOMPARE(exactDurationInWords(100 * kSecond), QStringLiteral("1 min 40 s"));
        QCOMPARE(exactDurationInWords(60 * kSecond), QStringLiteral("1 min 0 s"));
        QCOMPARE(exactDurationInWords(-(65 * kSecond + 250'000'000)), QStringLiteral("\u22121 min 5.25 s"));
        QCOMPARE(exactDurationInWords(60 * kSecond + 7), QStringLiteral("1 min 0.000000007 s"));
        QCOMPARE(exactDurationInWords((1000 * 86400ll + 2 * 3600 + 3) * kSecond), QStringLiteral("1\u2009000 d 2 h 0 min 3 s"));
        QVERIFY(!exactDurationInWords(std::numeric_limits<std::int64_t>::min()).isEmpty());
    }

    void noNumberOfATimeIsTorn() {
        const QFont font = Theme::monoFont();
        const QString text = QStringLiteral("12:03:11.482103123 -01:00  2025-11-20");
        const QFontMetrics metrics(font);
        for (int width = metrics.horizontalAdvance(QStringLiteral(".4821031234")); width < metrics.horizontalAdvance(text); width += 3) {
            const QStringList lines = DetailsDelegate::broken(text, font, width, 8);
            QVERIFY(lines.size() > 1);
            QCOMPARE(lines.join(QString()), text);
            for (int i = 0; i + 1 < lines.size(); ++i) QVERIFY2(!lines[i].back().isDigit() || !lines[i + 1].front().isDigit(), qPrintable(lines.join(QLatin1Char('|'))));
        }
        // A number without parts is broken wherever it must be.
        QVERIFY(DetailsDelegate::broken(QString(60, QLatin1Char('7')), font, 100, 99).join(QString()) == QString(60, QLatin1Char('7')));
    }

    void aLineWithoutRoomEndsInDots() {
        ElidedLabel label;
        label.setText(QStringLiteral("Critical path: recommendation 60 %, frontend 31 %, catalog 9 %"));
        label.resize(label.sizeHint());
        label.show();
        QVERIFY(!label.isElided());
        label.resize(120, label.height());
        QVERIFY(label.isElided());
        const QImage elided = label.grab().toImage();
        ElidedLabel same;
        same.setText(label.fontMetrics().elidedText(label.text(), Qt::ElideRight, 120));
        same.resize(120, label.height());
        same.show();
        QCOMPARE(elided, same.grab().toImage());
        QVERIFY(label.minimumSizeHint().width() == 0 || label.sizePolicy().horizontalPolicy() == QSizePolicy::Ignored);
    }

    void sentencesHaveTheLinesTheyNeed() {
        TestBatch b;
        b.span({.id = 1, .start = 0, .end = 10});
        b.span({.id = 2, .parent = 99, .start = 2, .end = 5});
        Pane p(b);
        p.pane.resize(260, 700);
        for (const std::uint64_t id : {1, 2}) p.selectSpan(id);
        const auto section = p.model()->indexOf(DetailsModel::Section::Marks);
        QVERIFY(section.isValid());
        const auto sentence = p.model()->index(0, 0, section);
        QVERIFY(p.model()->isSentence(sentence));
        const QFontMetrics metrics(p.tree()->font());
        const QRect row = p.tree()->visualRect(sentence);
        QVERIFY(metrics.horizontalAdvance(sentence.data().toString()) > row.width());
        QVERIFY2(row.height() >= 2 * metrics.lineSpacing(), qPrintable(QString::number(row.height())));
    }

    void hostileTextStaysText() {
        TestBatch b;
        b.span({.id = 1, .service = "<img src=x>", .name = "<b>bold</b>\x1b[31m\nsecond", .start = 0, .end = 10, .attributes = {{"<script>", "a\r\nb\u202Etxt.exe"}}});
        Pane p(b);
        p.selectSpan(1);
        QCOMPARE(p.find<QLabel>("detailsTitle")->textFormat(), Qt::PlainText);
        QVERIFY(p.label("detailsTitle").startsWith(QStringLiteral("<b>bold</b>")));
        QVERIFY(!p.label("detailsTitle").contains(QChar(0x1b)));
        QVERIFY(!p.label("detailsTitle").contains(QLatin1Char('\n')));
        for (const auto& row : p.rows()) {
            QVERIFY(!row.contains(QLatin1Char('\n')));
            QVERIFY(!row.contains(QChar(0x202E)));
        }
    }

    void tenThousandAttributes() {
        TestBatch b;
        TestBatch::SpanSpec spec{.id = 1, .start = 0, .end = 10};
        for (int i = 0; i < 10'000; ++i) spec.attributes["key" + std::to_string(i)] = std::string(i == 77 ? 500'000 : 20, 'x');
        b.span(spec);
        Pane p(b);
        p.selectSpan(1);
        const auto section = p.model()->indexOf(DetailsModel::Section::Attributes);
        QCOMPARE(p.model()->rowCount(section), 10'000);
        int longest = 0;
        for (int i = 0; i < 10'000; ++i) longest = std::max(longest, static_cast<int>(p.model()->index(i, 1, section).data().toString().size()));
        QVERIFY(longest < 2000);  // cells are cut …
        qsizetype whole = 0;
        for (int i = 0; i < 10'000; ++i) whole = std::max(whole, p.model()->wholeValue(p.model()->index(i, 1, section)).size());
        QCOMPARE(whole, qsizetype{500'000});  // … and the whole value is to be had
        p.find<QLineEdit>("detailsFilter")->setText(QStringLiteral("key9999"));
        QCOMPARE(p.model()->rowCount(p.model()->indexOf(DetailsModel::Section::Attributes)), 1);
    }

    void rawIsTheRecordAsOtlp() {
        TestBatch b;
        shop(b);
        Pane p(b);
        p.selectSpan(2);
        p.find<QTabWidget>("detailsTabs")->setCurrentIndex(1);
        auto* raw = p.find<QPlainTextEdit>("detailsRaw");
        QTRY_VERIFY(raw->toPlainText().contains(QStringLiteral("resourceSpans")));
        QVERIFY(raw->toPlainText().contains(QStringLiteral("\"visa\"")));
        QVERIFY(!raw->toPlainText().contains(QStringLiteral("GET /")));
    }
};

QTEST_MAIN(DetailsTest)
#include "details_test.moc"
