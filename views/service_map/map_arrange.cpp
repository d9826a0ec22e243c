// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/map_arrange.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>

namespace spanreel::views {

namespace {

constexpr std::size_t kMostNodes = 400;
constexpr std::size_t kMostEdges = 1500;
constexpr qint64 kPatienceMs = 5000;
constexpr int kPollMs = 40;
constexpr qsizetype kMostAnswer = 16 << 20;

/// The answer of `dot`, or nothing where it is not there, not done in time, or stopped.
QByteArray askDot(const QString& path, const QByteArray& source, const std::stop_token& stop) {
    QProcess process;
    process.setProcessChannelMode(QProcess::SeparateChannels);
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(path, {QStringLiteral("-Tplain")});
    if (!process.waitForStarted(1000)) return {};
    process.write(source);
    process.closeWriteChannel();
    QElapsedTimer clock;
    clock.start();
    QByteArray answer;
    while (process.state() != QProcess::NotRunning) {
        process.waitForFinished(kPollMs);
        answer += process.readAllStandardOutput();
        if (stop.stop_requested() || clock.elapsed() > kPatienceMs || answer.size() > kMostAnswer) {
            process.kill();
            process.waitForFinished(1000);
            return {};
        }
    }
    answer += process.readAllStandardOutput();
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0 ? answer : QByteArray();
}

}  // namespace

MapLayout arrangeMap(const MapGraph& graph, std::stop_token stop, const std::string& program) {
    if (graph.nodes.empty()) return {};
    if (graph.nodes.size() <= kMostNodes && graph.edges.size() <= kMostEdges) {
        const QString path = QStandardPaths::findExecutable(QString::fromStdString(program));
        MapLayout layout;
        if (!path.isEmpty()) {
            const auto answer = askDot(path, QByteArray::fromStdString(dotSource(graph)), stop);
            if (!answer.isEmpty() && readDotPlain({answer.constData(), static_cast<std::size_t>(answer.size())}, graph, layout)) return layout;
        }
    }
    return layeredLayout(graph);
}

}  // namespace spanreel::views
