// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window in a language of brackets: what is shown without brackets is not translatable, and what no longer
// fits when texts grow by a third is clipped.
#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTranslator>
#include <QTreeView>
#include <memory>
#include <set>

#include "app/studio/main_window.h"
#include "app/studio/settings.h"
#include "views/context.h"

using namespace spanreel;

namespace {

constexpr QChar kOpen(0x27E6), kClose(0x27E7);  // mathematical white square brackets

/// Every text becomes ⟦text~~~⟧, a third longer; placeholders, shortcuts and lines stay where they are.
class PseudoTranslator : public QTranslator {
public:
    using QTranslator::QTranslator;
    [[nodiscard]] bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* source, const char*, int n) const override {
        if (!source || !*source || qstrcmp(context, "QShortcut") == 0) return {};  // keys, not words
        QString text = QString::fromUtf8(source);
        if (n >= 0) text.replace(QLatin1String("%n"), QString::number(n));
        return kOpen + text + QString(text.size() / 3 + 1, QLatin1Char('~')) + kClose;
    }
};

bool saysSomething(const QString& text) {
    static const QRegularExpression word(QStringLiteral("[A-Za-z]{3,}"));
    return word.match(text).hasMatch();
}

/// Values, not words: what the sample's data holds, times, durations, keys, formats.
bool isData(const QString& text) {
    static const QRegularExpression data(QStringLiteral(
        "^(?:(?:Ctrl|Alt|Shift|Esc|Space|Home|End|Del|PgUp|PgDown|Return|F\\d+)[+ ]?.*|[\\d.,:\\x{2009}\\x{202F} +-]+ ?(?:ns|us|\\x{b5}s|ms|s|min|h|d)?|[0-9a-f]{6,}.*|"
        "(?:GET|POST|SELECT|INSERT|HGETALL|HINCRBY|DECRBY|DEL) ?.*|shop\\..*|(?:DEBUG|INFO|WARN|ERROR).*|OTEL_.*|export .*|https?://.*|Spanreel.*|OTLP.*|gRPC|HTTP|UTC.*|"
        "front\\w*\\x{2026}|frontend \\x{b7} .*|frontend|checkout|cart|catalog|recommendation|inventory|shipping|currency|payment|fraud|accounting|notification|postgresql.*|redis.*|kafka.*|"
        "charge|process orders|send orders|prepareOrder|await response|tls handshake|validate session|render \\w+|rank candidates|refresh rates|SMTP send|.*\\.(?:jsonl?|example\\.\\w+|internal).*|\\d[\\dx.]*x|\\d+ .?\\xd7.*)$"));
    return data.match(text.trimmed()).hasMatch();
}

struct Finding {
    QString where, text;
    bool operator<(const Finding& other) const { return std::tie(where, text) < std::tie(other.where, other.text); }
};

QString nameOf(const QObject* object) {
    QStringList names;
    for (; object && names.size() < 3; object = object->parent())
        if (!object->objectName().isEmpty() && !object->objectName().startsWith(QLatin1String("qt_"))) names.prepend(object->objectName());
    return names.join(QLatin1Char('/')) ;
}

class Inspector {
public:
    void text(const QObject* object, QString text) {
        static const QRegularExpression markup(QStringLiteral("<[^>]*>|&\\w+;"));
        ++m_seen;
        text.remove(markup);
        if (!saysSomething(text) || text.contains(kOpen) || isData(text)) return;
        m_untranslated.insert({nameOf(object) + QLatin1String(" (") + QLatin1String(object->metaObject()->className()) + QLatin1Char(')'), text.left(120)});
    }
    void clipped(const QWidget* widget, const QString& text, QSize needs) {
        if (needs.width() <= widget->width() + 1 && needs.height() <= widget->height() + 1) return;
        m_clipped.insert({nameOf(widget), QStringLiteral("%1 needs %2x%3, has %4x%5").arg(text.left(60)).arg(needs.width()).arg(needs.height()).arg(widget->width()).arg(widget->height())});
    }
    void actions(const QList<QAction*>& list) {
        for (const QAction* action : list) {
            if (action->isSeparator()) continue;
            text(action, action->text());
            if (action->menu()) actions(action->menu()->actions());
        }
    }
    void header(const QObject* owner, const QAbstractItemModel* model) {
        if (!model) return;
        for (int c = 0; c < model->columnCount(); ++c) text(owner, model->headerData(c, Qt::Horizontal).toString());
    }
    void walk(const QWidget* root) {
        QList<const QWidget*> all{root};
        for (const QWidget* child : root->findChildren<const QWidget*>()) all << child;
        for (const QWidget* widget : all) {
            if (!widget->isVisible()) continue;
            text(widget, widget->accessibleName());
            text(widget, widget->toolTip());
            if (widget->isWindow()) text(widget, widget->windowTitle());
            if (const auto* label = qobject_cast<const QLabel*>(widget)) {
                text(label, label->text());
                if (!label->text().isEmpty() && !label->wordWrap() && label->toolTip().isEmpty() && label->minimumSizeHint().width() > 0) clipped(label, label->text(), label->sizeHint());
            } else if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
                text(button, button->text());
                const auto* tool = qobject_cast<const QToolButton*>(button);
                const bool iconOnly = tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly && !tool->icon().isNull();
                if (!button->text().isEmpty() && !iconOnly) clipped(button, button->text(), button->minimumSizeHint());
            } else if (const auto* box = qobject_cast<const QGroupBox*>(widget)) {
                text(box, box->title());
            } else if (const auto* line = qobject_cast<const QLineEdit*>(widget)) {
                text(line, line->placeholderText());
            } else if (const auto* combo = qobject_cast<const QComboBox*>(widget)) {
                for (int i = 0; i < combo->count(); ++i) text(combo, combo->itemText(i));
            } else if (const auto* tabs = qobject_cast<const QTabBar*>(widget)) {
                for (int i = 0; i < tabs->count(); ++i) text(tabs, tabs->tabText(i));
            } else if (const auto* table = qobject_cast<const QTableView*>(widget)) {
                header(table, table->model());
            } else if (const auto* tree = qobject_cast<const QTreeView*>(widget)) {
                header(tree, tree->model());
            } else if (const auto* bar = qobject_cast<const QMenuBar*>(widget)) {
                actions(bar->actions());
            }
        }
    }
    [[nodiscard]] static QString told(const std::set<Finding>& findings) {
        QStringList lines;
        for (const auto& [where, text] : findings) lines << where + QLatin1String(": ") + text;
        return lines.join(QLatin1Char('\n'));
    }
    [[nodiscard]] QString untranslated() const { return told(m_untranslated); }
    [[nodiscard]] QString clippedTexts() const { return told(m_clipped); }
    [[nodiscard]] int seen() const { return m_seen; }

private:
    std::set<Finding> m_untranslated, m_clipped;
    int m_seen = 0;
};

}  // namespace

class PseudoLocaleTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(qEnvironmentVariableIsSet("SPANREEL_HOME"));
        m_translator = std::make_unique<PseudoTranslator>();
        QVERIFY(QCoreApplication::installTranslator(m_translator.get()));
    }
    void finds_what_is_not_translated_and_what_is_clipped() {
        QWidget window;
        window.setObjectName(QStringLiteral("window"));
        QLabel plain(QStringLiteral("Plain words"), &window), fine(QCoreApplication::translate("Context", "Translated words"), &window);
        plain.setObjectName(QStringLiteral("plain"));
        plain.setGeometry(0, 0, 400, 40);
        fine.setObjectName(QStringLiteral("fine"));
        fine.setGeometry(0, 50, 20, 40);
        window.show();
        Inspector inspector;
        inspector.walk(&window);
        QVERIFY(inspector.untranslated().contains(QLatin1String("plain")));
        QVERIFY(!inspector.untranslated().contains(QLatin1String("fine")));
        QVERIFY(inspector.clippedTexts().contains(QLatin1String("fine")));
        QVERIFY(!inspector.clippedTexts().contains(QLatin1String("plain")));
    }
    void window_with_the_sample() {
        app::Settings settings;
        app::StudioOptions options;
        options.receivers = false;
        options.keep = false;
        options.files = {QStringLiteral(SPANREEL_SOURCE_DIR "/resources/samples/shop.otlp.jsonl")};
        app::MainWindow window(settings, options);
        window.resize(1280, 800);
        window.show();
        window.begin();
        auto& context = window.context();
        QTRY_VERIFY_WITH_TIMEOUT(context.snapshot()->traceCount() > 30, 30000);
        Inspector inspector;
        settle();
        inspector.walk(&window);

        // The trace with the most spans, one of its failed spans, then every page and dock.
        std::uint32_t largest = 0;
        for (std::uint32_t t = 0; t < context.snapshot()->traceCount(); ++t)
            if (context.snapshot()->trace(t).spanCount > context.snapshot()->trace(largest).spanCount) largest = t;
        context.requestOpenTrace(context.snapshot()->trace(largest).id);
        QTRY_VERIFY_WITH_TIMEOUT(context.trace() != nullptr, 30000);
        for (const auto& node : context.trace()->nodes())
            if (node.has(trace::kError)) context.selectSpan(context.trace()->id(), context.snapshot()->span(node.row).spanId());
        settle();
        inspector.walk(&window);
        if (auto* tabs = window.findChild<QTabBar*>(QStringLiteral("pageTabs"))) {
            tabs->setCurrentIndex(tabs->count() - 1);
            settle();
            inspector.walk(&window);
        }
        if (auto* notes = window.findChild<QWidget*>(QStringLiteral("notesDock"))) {
            notes->show();
            notes->raise();
            settle();
            inspector.walk(&window);
        }
        for (const char* name : {"actionSettings", "actionShortcuts", "actionAbout", "actionImportSummary", "actionSessions", "actionManual", "actionExportReport"}) {
            auto* action = window.findChild<QAction*>(QLatin1String(name));
            if (!action || !action->isEnabled()) continue;
            QMetaObject::invokeMethod(action, &QAction::trigger, Qt::QueuedConnection);
            settle();
            for (QWidget* top : QApplication::topLevelWidgets()) {
                if (top == &window || !top->isVisible()) continue;
                inspector.walk(top);
                if (auto* pages = top->findChild<QTabWidget*>(QStringLiteral("settingsPages")))
                    for (int i = 1; i < pages->count(); ++i) {
                        pages->setCurrentIndex(i);
                        settle();
                        inspector.walk(top);
                    }
                top->close();
            }
            settle();
        }
        QVERIFY2(inspector.seen() > 200, qPrintable(QString::number(inspector.seen())));
        QVERIFY2(inspector.untranslated().isEmpty(), qPrintable(QLatin1String("not translatable:\n") + inspector.untranslated()));
        QVERIFY2(inspector.clippedTexts().isEmpty(), qPrintable(QLatin1String("clipped:\n") + inspector.clippedTexts()));
    }

private:
    /// Lets queued results and layouts arrive.
    static void settle() { QTest::qWait(400); }
    std::unique_ptr<PseudoTranslator> m_translator;
};

QTEST_MAIN(PseudoLocaleTest)
#include "pseudo_locale_test.moc"
