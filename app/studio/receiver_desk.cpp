// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/receiver_desk.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHostAddress>
#include <QLabel>
#include <QTextDocument>
#include <QVBoxLayout>
#include <cmath>

#include "app/problem_text.h"
#include "app/studio/settings.h"
#include "app/studio/studio_options.h"
#include "model/core/time_format.h"
#include "views/theme.h"
#include "views/widgets/banner.h"
#include "views/widgets/text_format.h"

namespace spanreel::app {

namespace {

using ingest::Protocol;
constexpr Protocol kProtocols[] = {Protocol::Grpc, Protocol::Http};

QString protocolName(Protocol protocol) { return protocol == Protocol::Grpc ? QStringLiteral("OTLP/gRPC") : QStringLiteral("OTLP/HTTP"); }

quint16 portOf(const std::string& address) {
    const auto colon = address.rfind(':');
    return colon == std::string::npos ? quint16(0) : QString::fromStdString(address.substr(colon + 1)).toUShort();
}

QString envLine(quint16 port) { return QStringLiteral("OTEL_EXPORTER_OTLP_ENDPOINT=%1").arg(QString::fromStdString(ingest::endpointUrl(port))); }

bool beyondLoopback(const std::string& address) {
    QString host = QString::fromStdString(address.substr(0, address.rfind(':')));
    host.remove(QLatin1Char('[')).remove(QLatin1Char(']'));
    return host != QLatin1String("localhost") && !QHostAddress(host).isLoopback();
}

const std::vector<std::string>& addressesOf(const ingest::StartResult& result, Protocol protocol) { return protocol == Protocol::Grpc ? result.grpc : result.http; }

}  // namespace

ReceiverDesk::ReceiverDesk(Session& session, Settings& settings, const StudioOptions& options, QVBoxLayout* bannerArea, QWidget* parent)
    : QWidget(parent), m_session(session), m_settings(settings), m_options(options), m_area(bannerArea), m_rate(new QLabel(this)), m_grpcPort(options.grpcPort), m_httpPort(options.httpPort) {
    setObjectName(QStringLiteral("receiverStatus"));
    setAccessibleName(tr("Receivers"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 0);
    layout->setSpacing(12);
    for (std::size_t i = 0; i < m_lamps.size(); ++i) {
        m_lamps[i] = new QLabel(this);
        m_lamps[i]->setObjectName(i == 0 ? QStringLiteral("receiverLampGrpc") : QStringLiteral("receiverLampHttp"));
        m_lamps[i]->setTextFormat(Qt::RichText);  // our own words and numbers only
        layout->addWidget(m_lamps[i]);
    }
    m_rate->setObjectName(QStringLiteral("receiverRate"));
    m_rate->setTextFormat(Qt::PlainText);
    m_rate->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(m_rate);
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, &ReceiverDesk::poll);
    m_timer.start();
    connect(&session, &Session::receiversChanged, this, &ReceiverDesk::showStart);
    connect(&session, &Session::refusalsChanged, this, &ReceiverDesk::poll);
    connect(&views::Theme::instance(), &views::Theme::changed, this, &ReceiverDesk::paint);
    paint();
}

bool ReceiverDesk::wanted() const { return m_options.receivers && m_settings.receiversOn(); }

ingest::ReceiverConfig ReceiverDesk::config() const {
    ingest::ReceiverConfig config;
    config.grpc = {true, m_settings.host().toStdString(), m_grpcPort.value_or(m_settings.grpcPort())};
    config.http = {true, m_settings.host().toStdString(), m_httpPort.value_or(m_settings.httpPort())};
    for (const auto& host : m_settings.allowedHosts()) config.allowedHosts.push_back(host.toStdString());
    for (const auto& origin : m_settings.allowedOrigins()) config.allowedOrigins.push_back(origin.toStdString());
    return config;
}

void ReceiverDesk::start() {
    if (wanted()) m_session.startReceivers(config());
    else poll();
}

InForce ReceiverDesk::inForce() const {
    const auto& now = m_session.receivers();
    return {!m_options.receivers, m_grpcPort, m_httpPort, now.grpc.empty() ? quint16(0) : portOf(now.grpc.front()), now.http.empty() ? quint16(0) : portOf(now.http.front())};
}

void ReceiverDesk::restart(bool grpcPortChanged, bool httpPortChanged) {
    if (grpcPortChanged) m_grpcPort.reset();
    if (httpPortChanged) m_httpPort.reset();
    m_session.stopReceivers();
    start();
}

std::vector<views::ReceiverStatus> ReceiverDesk::statuses() const {
    std::vector<views::ReceiverStatus> out;
    const auto want = config();
    const auto& result = m_session.receivers();
    for (const auto protocol : kProtocols) {
        views::ReceiverStatus s;
        s.name = protocolName(protocol);
        s.port = protocol == Protocol::Grpc ? want.grpc.port : want.http.port;
        const auto& addresses = addressesOf(result, protocol);
        for (const auto& address : addresses) s.addresses << QString::fromStdString(address);
        if (!addresses.empty()) {
            s.state = views::ReceiverStatus::State::Listening;
            s.port = portOf(addresses.front());
            s.endpoint = envLine(s.port);
        } else if (m_session.receiversStarting()) {
            s.state = views::ReceiverStatus::State::Starting;
        } else {
            s.state = wanted() ? views::ReceiverStatus::State::Failed : views::ReceiverStatus::State::Off;
        }
        if (const auto* h = m_session.health(protocol)) {
            s.spans = h->spans;
            s.logs = h->logs;
            s.metrics = h->metrics;
            s.rejected = h->rejectedItems + h->malformed + h->tooLarge;
            s.dropped = h->overloaded;
            s.refused = h->refusedOrigins + h->refusedHosts + h->refusedOther;
            s.lastError = QString::fromStdString(h->lastError.get());
            if (h->deaf) s.state = views::ReceiverStatus::State::Failed;
        }
        out.push_back(s);
    }
    return out;
}

QStringList ReceiverDesk::environment() const {
    const auto& result = m_session.receivers();
    if (!result.http.empty()) return {envLine(portOf(result.http.front())), QStringLiteral("OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf")};
    if (!result.grpc.empty()) return {envLine(portOf(result.grpc.front())), QStringLiteral("OTEL_EXPORTER_OTLP_PROTOCOL=grpc")};
    return {};
}

QString ReceiverDesk::stateText() const {
    const auto& result = m_session.receivers();
    if (!wanted()) return tr("The receivers are off in this window.");
    if (m_session.receiversStarting()) return tr("The receivers are starting.");
    if (!result.http.empty() && !result.grpc.empty())
        return tr("Listening for OTLP over HTTP on port %1 and over gRPC on port %2. Start a program with these variables and its traces and logs appear here:")
            .arg(portOf(result.http.front()))
            .arg(portOf(result.grpc.front()));
    if (!result.http.empty()) return tr("Listening for OTLP over HTTP on port %1. Start a program with these variables and its traces and logs appear here:").arg(portOf(result.http.front()));
    if (!result.grpc.empty()) return tr("Listening for OTLP over gRPC on port %1. Start a program with these variables and its traces and logs appear here:").arg(portOf(result.grpc.front()));
    return tr("No receiver is listening.");
}

QString ReceiverDesk::refusedText() const {
    quint64 count = 0;
    QString why;
    for (const auto& s : statuses()) {
        count += s.rejected + s.dropped + s.refused;
        if (!s.lastError.isEmpty()) why = views::plain(s.lastError.toStdString());
    }
    if (count == 0) return {};
    const QString what = count == 1 ? tr("A program sent something that was refused.") : tr("Programs sent something that was refused %1 times.").arg(QString::fromStdString(formatCount(count)));
    return why.isEmpty() ? what : tr("%1 The reason the last time: %2").arg(what, why);
}

void ReceiverDesk::poll() {
    m_session.pollRefusals();
    std::uint64_t total = 0;
    const auto all = statuses();
    for (const auto& s : all) total += s.spans;
    if (m_sinceCount.isValid() && m_sinceCount.elapsed() > 0) {
        const double rate = static_cast<double>(total - std::min(total, m_lastCount)) * 1000.0 / static_cast<double>(m_sinceCount.elapsed());
        m_shownRate = rate > m_shownRate ? rate : m_shownRate * 0.5 + rate * 0.5;  // falls softly
        if (m_shownRate < 0.5) m_shownRate = 0;
    }
    m_lastCount = total;
    m_sinceCount.start();
    paint();
    emit changed(all);
}

void ReceiverDesk::paint() {
    const auto& c = views::Theme::instance().colours();
    const auto all = statuses();
    bool listening = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& s = all[i];
        QColor colour = c.quiet;
        QString dot = QStringLiteral("\u25cb"), word;
        switch (s.state) {
            case views::ReceiverStatus::State::Listening:
                colour = c.ok;
                dot = QStringLiteral("\u25cf");
                word = tr("listening");
                listening = true;
                break;
            case views::ReceiverStatus::State::Failed:
                colour = c.error;
                dot = QStringLiteral("\u2715");
                word = tr("not listening");
                break;
            case views::ReceiverStatus::State::Starting: word = tr("starting"); break;
            case views::ReceiverStatus::State::Off: word = tr("off"); break;
        }
        m_lamps[i]->setText(QStringLiteral("<span style=\"color:%1\">%2</span>&nbsp;%3").arg(colour.name(), dot).arg(s.port));
        m_lamps[i]->setAccessibleName(tr("%1 on port %2: %3").arg(s.name).arg(s.port).arg(word));
        m_lamps[i]->setToolTip(Qt::convertFromPlainText(tr("%1 on port %2: %3").arg(s.name).arg(s.port).arg(word)));
    }
    if (!listening) m_rate->setText(wanted() ? (m_session.receiversStarting() ? tr("starting") : tr("not receiving")) : tr("receivers off"));
    else if (m_shownRate > 0) m_rate->setText(tr("receiving %1 spans/s").arg(QString::fromStdString(formatCount(static_cast<std::uint64_t>(std::llround(m_shownRate))))));
    else m_rate->setText(tr("ready"));
}

views::Banner* ReceiverDesk::banner(const QString& name, int tone) {
    auto* b = new views::Banner(name, static_cast<views::Banner::Tone>(tone), parentWidget());
    m_area->addWidget(b);
    m_banners.emplace_back(b);
    connect(b, &views::Banner::closed, b, &QObject::deleteLater);
    return b;
}

void ReceiverDesk::showConflict(const ingest::PortConflict& conflict) {
    const bool grpc = conflict.protocol == Protocol::Grpc;
    auto* b = banner(grpc ? QStringLiteral("portBannerGrpc") : QStringLiteral("portBannerHttp"), static_cast<int>(views::Banner::Tone::Warning));
    const QString address = QString::fromStdString(conflict.address), holder = QString::fromStdString(conflict.holder);
    b->setText(holder.isEmpty() ? tr("%1 cannot listen: %2 is in use by another program.").arg(protocolName(conflict.protocol), address)
                                : tr("%1 cannot listen: %2 is in use by %3.").arg(protocolName(conflict.protocol), address, holder));
    if (conflict.nextFreePort) {
        const quint16 port = conflict.nextFreePort;
        b->addButton(tr("Use port %1").arg(port), QStringLiteral("useNextPort"), [this, grpc, port] {
            (grpc ? m_grpcPort : m_httpPort) = port;
            m_session.startReceivers(config());
        });
        b->addButton(tr("Copy endpoint"), QStringLiteral("copyEndpoint"), [port] { QGuiApplication::clipboard()->setText(envLine(port)); });
    }
    b->addButton(tr("Try again"), QStringLiteral("tryPortAgain"), [this] { m_session.startReceivers(config()); });
}

void ReceiverDesk::showStart() {
    if (m_session.receiversStarting()) {
        paint();
        return;
    }
    for (const auto& b : m_banners)
        if (b) b->deleteLater();
    m_banners.clear();
    const auto& result = m_session.receivers();
    for (const auto& conflict : result.conflicts) showConflict(conflict);
    for (const auto& problem : result.problems) {
        auto* b = banner(QStringLiteral("receiverProblem"), static_cast<int>(views::Banner::Tone::Error));
        b->setText(tr("A receiver cannot listen: %1").arg(QString::fromStdString(problemTextWithPlace(problem))));
        b->addButton(tr("Try again"), QStringLiteral("tryReceiverAgain"), [this] { m_session.startReceivers(config()); });
    }
    QStringList wide;
    for (const auto protocol : kProtocols)
        for (const auto& address : addressesOf(result, protocol))
            if (beyondLoopback(address)) wide << QString::fromStdString(address);
    if (!wide.isEmpty()) {
        auto* b = banner(QStringLiteral("wideOpenBanner"), static_cast<int>(views::Banner::Tone::Warning));
        b->setText(tr("The receivers listen beyond this machine, on %1. Anyone who reaches that address can send data here.").arg(wide.join(QStringLiteral(", "))));
    }
    // A port other than the usual one has to be told to the programs: offer the line.
    const auto offer = [&](Protocol protocol, quint16 usual, std::optional<quint16> asked) {
        const auto& addresses = addressesOf(result, protocol);
        if (addresses.empty() || portOf(addresses.front()) == usual) return;
        const quint16 port = portOf(addresses.front());
        if (asked && (*asked == port || *asked == 0)) return;  // who started this window knows
        auto* b = banner(QStringLiteral("otherPortBanner"), static_cast<int>(views::Banner::Tone::Info));
        b->setText(tr("%1 listens on port %2. Programs find it with %3").arg(protocolName(protocol)).arg(port).arg(envLine(port)));
        b->addButton(tr("Copy"), QStringLiteral("copyEndpoint"), [port] { QGuiApplication::clipboard()->setText(envLine(port)); });
    };
    offer(Protocol::Grpc, 4317, m_options.grpcPort);
    offer(Protocol::Http, 4318, m_options.httpPort);
    poll();
}

}  // namespace spanreel::app
