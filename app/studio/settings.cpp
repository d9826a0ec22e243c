// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/settings.h"

#include <algorithm>

#include "app/studio/paths.h"

namespace spanreel::app {

namespace {

/// Value of `key` as one of `names`, by place; `fallback` for anything else.
int choiceOf(const SettingsFile& store, const QString& key, const QStringList& names, int fallback) {
    const auto place = names.indexOf(store.value(key).toString());
    return place < 0 ? fallback : static_cast<int>(place);
}

quint16 portOf(const SettingsFile& store, const QString& key, quint16 fallback) {
    bool ok = false;
    const uint port = store.value(key).toUInt(&ok);
    return ok && port >= 1 && port <= 65535 ? static_cast<quint16>(port) : fallback;
}

const QStringList kThemes{QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")};
const QStringList kDensities{QStringLiteral("compact"), QStringLiteral("normal"), QStringLiteral("comfortable")};

}  // namespace

Settings::Settings() : m_store(configFolder() + QStringLiteral("/settings.ini")) {}

views::ThemeChoice Settings::theme() const { return static_cast<views::ThemeChoice>(choiceOf(m_store, QStringLiteral("view/theme"), kThemes, 0)); }
void Settings::setTheme(views::ThemeChoice choice) { m_store.setValue(QStringLiteral("view/theme"), kThemes[static_cast<int>(choice)]); }
Density Settings::density() const { return static_cast<Density>(choiceOf(m_store, QStringLiteral("view/density"), kDensities, 1)); }
void Settings::setDensity(Density density) { m_store.setValue(QStringLiteral("view/density"), kDensities[static_cast<int>(density)]); }
bool Settings::showsUtc() const { return m_store.value(QStringLiteral("view/utc"), false).toBool(); }
void Settings::setShowsUtc(bool utc) { m_store.setValue(QStringLiteral("view/utc"), utc); }

bool Settings::receiversOn() const { return m_store.value(QStringLiteral("receivers/on"), true).toBool(); }
void Settings::setReceiversOn(bool on) { m_store.setValue(QStringLiteral("receivers/on"), on); }
quint16 Settings::grpcPort() const { return portOf(m_store, QStringLiteral("receivers/grpcPort"), 4317); }
void Settings::setGrpcPort(quint16 port) { m_store.setValue(QStringLiteral("receivers/grpcPort"), port); }
quint16 Settings::httpPort() const { return portOf(m_store, QStringLiteral("receivers/httpPort"), 4318); }
void Settings::setHttpPort(quint16 port) { m_store.setValue(QStringLiteral("receivers/httpPort"), port); }
QString Settings::host() const { return m_store.value(QStringLiteral("receivers/host")).toString(); }
void Settings::setHost(const QString& host) { m_store.setValue(QStringLiteral("receivers/host"), host); }
QStringList Settings::allowedOrigins() const { return m_store.value(QStringLiteral("receivers/allowedOrigins")).toStringList(); }
void Settings::setAllowedOrigins(const QStringList& origins) { m_store.setValue(QStringLiteral("receivers/allowedOrigins"), origins); }
QStringList Settings::allowedHosts() const { return m_store.value(QStringLiteral("receivers/allowedHosts")).toStringList(); }
void Settings::setAllowedHosts(const QStringList& hosts) { m_store.setValue(QStringLiteral("receivers/allowedHosts"), hosts); }
bool Settings::keepsSessions() const { return m_store.value(QStringLiteral("sessions/keep"), true).toBool(); }
void Settings::setKeepsSessions(bool keep) { m_store.setValue(QStringLiteral("sessions/keep"), keep); }

bool Settings::durable() const { return m_store.value(QStringLiteral("sessions/durable"), false).toBool(); }
void Settings::setDurable(bool durable) { m_store.setValue(QStringLiteral("sessions/durable"), durable); }
int Settings::sessionBudgetGib() const {
    bool ok = false;
    const int gib = m_store.value(QStringLiteral("sessions/budgetGib"), 10).toInt(&ok);
    return ok && gib >= 1 && gib <= 10000 ? gib : 10;
}
void Settings::setSessionBudgetGib(int gib) { m_store.setValue(QStringLiteral("sessions/budgetGib"), gib); }
int Settings::memoryBudgetMib() const {
    bool ok = false;
    const int mib = m_store.value(QStringLiteral("memory/budgetMib"), 0).toInt(&ok);
    return ok && mib >= kLeastMemoryMib && mib <= kMostMemoryMib ? mib : 0;
}
void Settings::setMemoryBudgetMib(int mib) { m_store.setValue(QStringLiteral("memory/budgetMib"), mib); }
bool Settings::toldOfSessions() const { return m_store.value(QStringLiteral("sessions/told"), false).toBool(); }
void Settings::setToldOfSessions() { m_store.setValue(QStringLiteral("sessions/told"), true); }
QStringList Settings::offeredSessions() const { return m_store.value(QStringLiteral("sessions/offered")).toStringList(); }
void Settings::addOfferedSession(const QString& id) {
    constexpr int kRemembered = 50;
    QStringList ids = offeredSessions();
    ids.removeAll(id);
    ids.prepend(id);
    m_store.setValue(QStringLiteral("sessions/offered"), ids.mid(0, kRemembered));
}

QStringList Settings::recentFiles() const { return m_store.value(QStringLiteral("files/recent")).toStringList().mid(0, kRecentFiles); }
void Settings::addRecentFile(const QString& path) {
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    m_store.setValue(QStringLiteral("files/recent"), files.mid(0, kRecentFiles));
}
void Settings::clearRecentFiles() { m_store.remove(QStringLiteral("files/recent")); }

QByteArray Settings::geometry() const { return m_store.value(QStringLiteral("window/geometry")).toByteArray(); }
QByteArray Settings::layout() const { return m_store.value(QStringLiteral("window/layout")).toByteArray(); }
void Settings::setWindow(const QByteArray& geometry, const QByteArray& layout) {
    m_store.setValue(QStringLiteral("window/geometry"), geometry);
    m_store.setValue(QStringLiteral("window/layout"), layout);
}

bool Settings::firstStart() const { return !m_store.value(QStringLiteral("window/started"), false).toBool(); }
void Settings::setStarted() { m_store.setValue(QStringLiteral("window/started"), true); }

}  // namespace spanreel::app
