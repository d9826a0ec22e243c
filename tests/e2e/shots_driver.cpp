// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the real window by object names and writes what the screen shows. Needs a display (shots.sh brings one).
// Usage: shots_driver OUT-FOLDER SOURCE-FOLDER; the screen's size is the window's.
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QIcon>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QScreen>
#include <QTabBar>
#include <QTest>
#include <cstdio>
#include <functional>

#include "app/studio/language.h"
#include "app/studio/main_window.h"
#include "app/studio/settings.h"
#include "views/context.h"
#include "views/theme.h"

using namespace spanreel;

namespace {

[[noreturn]] void giveUp(const QString& why) {
    std::fprintf(stderr, "shots: %s\n", qPrintable(why));
    std::exit(1);
}

void await(const char* what, const std::function<bool()>& done) {
    if (!QTest::qWaitFor(done, 60000)) giveUp(QStringLiteral("waited in vain for ") + QLatin1String(what));
}

/// One window over one scene. Shots are taken of the whole screen, so that what a person would see is what is judged.
class Stage {
public:
    Stage(QString out, app::StudioOptions options) : m_out(std::move(out)), m_window(m_settings, std::move(options)) {
        m_window.show();
        if (!QTest::qWaitForWindowExposed(&m_window)) giveUp(QStringLiteral("the window does not show"));
        m_window.showMaximized();
        m_window.begin();
    }
    [[nodiscard]] app::MainWindow& window() { return m_window; }
    [[nodiscard]] views::ViewContext& context() { return m_window.context(); }

    template <class Widget = QWidget>
    Widget* find(const char* name) {
        auto* widget = m_window.findChild<Widget*>(QLatin1String(name));
        if (!widget) giveUp(QStringLiteral("there is no ") + QLatin1String(name));
        return widget;
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(&m_window, key, modifiers); }

    void shoot(const QString& scene) {
        for (const bool dark : {false, true}) {
            views::Theme::instance().setChoice(dark ? views::ThemeChoice::Dark : views::ThemeChoice::Light);
            QTest::qWait(700);  // results of the query pool, one repaint, animations of 120 ms
            auto* screen = QGuiApplication::primaryScreen();
            const QString file = QStringLiteral("%1/%2-%3x%4-%5.png").arg(m_out, scene).arg(screen->size().width()).arg(screen->size().height()).arg(dark ? QLatin1String("dark") : QLatin1String("light"));
            if (!screen->grabWindow(0).save(file)) giveUp(QStringLiteral("cannot write ") + file);
            std::printf("%s\n", qPrintable(file));
        }
    }

    /// Opens the page of the trace with the most spans and selects its first failed span, if it has one.
    void openLargest() {
        const auto& snapshot = *context().snapshot();
        std::uint32_t largest = 0;
        for (std::uint32_t t = 0; t < snapshot.traceCount(); ++t)
            if (snapshot.trace(t).spanCount > snapshot.trace(largest).spanCount) largest = t;
        context().requestOpenTrace(snapshot.trace(largest).id);
        await("the trace", [&] { return context().trace() != nullptr; });
        for (const auto& node : context().trace()->nodes())
            if (node.has(trace::kError)) {
                context().selectSpan(context().trace()->id(), context().snapshot()->span(node.row).spanId());
                break;
            }
        QTest::qWait(300);
    }

private:
    QString m_out;
    app::Settings m_settings;
    app::MainWindow m_window;
};

app::StudioOptions withoutReceivers(const QStringList& files = {}) {
    app::StudioOptions options;
    options.receivers = false;
    options.keep = false;
    options.files = files;
    return options;
}

void sample(const QString& out, const QString& file) {
    Stage stage(out, withoutReceivers({file}));
    await("the sample", [&] { return stage.context().snapshot()->traceCount() > 30; });
    stage.shoot(QStringLiteral("traces"));
    stage.openLargest();
    stage.shoot(QStringLiteral("timeline"));
    stage.context().editNotes([&](notes::NoteBook&) {});
    stage.context().seek(stage.context().trace()->durationNs() * 6 / 10);
    stage.shoot(QStringLiteral("replay"));
    auto* tabs = stage.find<QTabBar>("pageTabs");
    tabs->setCurrentIndex(tabs->count() - 1);
    QTest::qWait(1500);  // dot
    stage.shoot(QStringLiteral("map"));
}

void broken(const QString& out, const QString& file) {
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly)) giveUp(QStringLiteral("cannot read ") + file);
    QByteArray bytes = in.readAll();
    const auto third = bytes.size() / 3;
    bytes.replace(third, 40, QByteArray(40, '\xff')).truncate(bytes.size() * 9 / 10);
    const QString path = QDir::tempPath() + QStringLiteral("/broken.otlp.jsonl");
    QFile to(path);
    if (!to.open(QIODevice::WriteOnly) || to.write(bytes) != bytes.size()) giveUp(QStringLiteral("cannot write ") + path);
    to.close();
    Stage stage(out, withoutReceivers({path}));
    await("the broken file", [&] { return stage.context().snapshot()->traceCount() > 5; });
    QTest::qWait(1000);
    stage.shoot(QStringLiteral("broken"));
}

/// The sample's requests sent to the window's own HTTP port, with their times moved to now.
void live(const QString& out, const QString& file) {
    app::StudioOptions options;
    options.keep = false;
    options.grpcPort = 0;
    options.httpPort = 0;
    Stage stage(out, options);
    await("the receivers", [&] { return !stage.window().session().receivers().http.empty(); });
    stage.shoot(QStringLiteral("empty"));
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly)) giveUp(QStringLiteral("cannot read ") + file);
    static const QRegularExpression times(QStringLiteral("(imeUnixNano\":\")(\\d+)\""));
    const qint64 shift = (QDateTime::currentMSecsSinceEpoch() - 1772453080000LL) * 1000000LL;
    QNetworkAccessManager network;
    int open = 0;
    while (!in.atEnd()) {
        const QString line = QString::fromUtf8(in.readLine());
        QString moved;
        qsizetype from = 0;
        for (auto it = times.globalMatch(line); it.hasNext();) {
            const auto match = it.next();
            moved += line.mid(from, match.capturedStart(2) - from) + QString::number(match.captured(2).toLongLong() + shift);
            from = match.capturedEnd(2);
        }
        moved += line.mid(from);
        const QString path = moved.contains(QLatin1String("resourceSpans")) ? QStringLiteral("traces") : QStringLiteral("logs");
        QNetworkRequest request(QUrl(QStringLiteral("http://%1/v1/%2").arg(QString::fromStdString(stage.window().session().receivers().http.front()), path)));
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        ++open;
        auto* reply = network.post(request, moved.toUtf8());
        QObject::connect(reply, &QNetworkReply::finished, reply, [reply, &open] {
            if (reply->error() != QNetworkReply::NoError) giveUp(QStringLiteral("sending failed: ") + reply->errorString());
            --open;
            reply->deleteLater();
        });
    }
    await("the answers", [&] { return open == 0; });
    await("the traces", [&] { return stage.context().snapshot()->traceCount() > 30; });
    stage.shoot(QStringLiteral("live"));
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc != 3 || !qEnvironmentVariableIsSet("SPANREEL_HOME")) giveUp(QStringLiteral("usage: SPANREEL_HOME=… shots_driver OUT-FOLDER SOURCE-FOLDER"));
    QApplication::setApplicationName(QStringLiteral("spanreel"));
    QApplication::setApplicationDisplayName(QStringLiteral("Spanreel"));
    app::installTranslations(application);
    const QString out = QString::fromLocal8Bit(argv[1]);
    const QString file = QString::fromLocal8Bit(argv[2]) + QStringLiteral("/resources/samples/shop.otlp.jsonl");
    sample(out, file);
    broken(out, file);
    live(out, file);
    return 0;
}
