// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/system_scheme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QPalette>
#include <optional>

namespace spanreel::views {

namespace {

/// 0 no preference, 1 dark, 2 light; nothing = the portal has not answered.
std::optional<uint> portalAnswer;

const auto kService = QStringLiteral("org.freedesktop.portal.Desktop");
const auto kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const auto kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const auto kNamespace = QStringLiteral("org.freedesktop.appearance");
const auto kKey = QStringLiteral("color-scheme");

QVariant unwrapped(QVariant value) {
    while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
    return value;
}

/// The palette the platform theme had before ours was set.
bool platformPaletteIsDark() {
    static const bool dark = [] {
        const QPalette palette = QApplication::palette();
        return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
    }();
    return dark;
}

/// Listens to the portal.
class PortalListener : public QObject {
    Q_OBJECT
public:
    PortalListener(QObject* owner, std::function<void()> changed) : QObject(owner), m_changed(std::move(changed)) {
        auto bus = QDBusConnection::sessionBus();
        if (!bus.isConnected()) return;
        bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this, SLOT(settingChanged(QString, QString, QDBusVariant)));
        auto message = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
        message << kNamespace << kKey;
        auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* call) {
            const QDBusPendingReply<QDBusVariant> reply = *call;
            if (!reply.isError()) take(reply.value().variant());
            call->deleteLater();
        });
    }
private slots:
    void settingChanged(const QString& space, const QString& key, const QDBusVariant& value) {
        if (space == kNamespace && key == kKey) take(value.variant());
    }

private:
    void take(const QVariant& value) {
        portalAnswer = unwrapped(value).toUInt();
        m_changed();
    }
    std::function<void()> m_changed;
};

}  // namespace

bool systemPrefersDark() {
    const bool platform = platformPaletteIsDark();
    if (portalAnswer == 1u) return true;
    if (portalAnswer == 2u) return false;
    return platform || qEnvironmentVariable("GTK_THEME").endsWith(QLatin1String("dark"), Qt::CaseInsensitive);
}

void watchSystemScheme(QObject* owner, std::function<void()> changed) {
    if (!qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")) return;
    new PortalListener(owner, std::move(changed));
}

}  // namespace spanreel::views

#include "system_scheme.moc"
