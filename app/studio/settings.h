// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <functional>
#include <utility>

#include "app/studio/settings_file.h"
#include "views/theme.h"

namespace spanreel::app {

enum class Density { Compact, Normal, Comfortable };

/// The user's choices, in settings.ini of the configuration folder. Values out of range read as the default.
/// GUI thread, which never waits for them to be written.
class Settings {
public:
    static constexpr int kRecentFiles = 12;
    static constexpr int kLeastMemoryMib = 64, kMostMemoryMib = 16 << 20;

    Settings();

    [[nodiscard]] views::ThemeChoice theme() const;
    void setTheme(views::ThemeChoice choice);
    [[nodiscard]] Density density() const;
    void setDensity(Density density);
    [[nodiscard]] bool showsUtc() const;
    void setShowsUtc(bool utc);

    [[nodiscard]] bool receiversOn() const;
    void setReceiversOn(bool on);
    [[nodiscard]] quint16 grpcPort() const;
    void setGrpcPort(quint16 port);
    [[nodiscard]] quint16 httpPort() const;
    void setHttpPort(quint16 port);
    /// Host to listen on; empty = loopback.
    [[nodiscard]] QString host() const;
    void setHost(const QString& host);
    [[nodiscard]] QStringList allowedOrigins() const;
    void setAllowedOrigins(const QStringList& origins);
    [[nodiscard]] QStringList allowedHosts() const;
    void setAllowedHosts(const QStringList& hosts);
    /// Whether live sessions are kept on disk.
    [[nodiscard]] bool keepsSessions() const;
    void setKeepsSessions(bool keep);
    /// Whether senders are answered only when the disk itself has what they sent.
    [[nodiscard]] bool durable() const;
    void setDurable(bool durable);
    /// What all sessions together may take on disk, in GiB.
    [[nodiscard]] int sessionBudgetGib() const;
    void setSessionBudgetGib(int gib);
    /// Memory for the records of a window, in MiB; 0 = a quarter of the machine's.
    [[nodiscard]] int memoryBudgetMib() const;
    void setMemoryBudgetMib(int mib);
    /// Whether the user has been told where sessions are kept and for how long.
    [[nodiscard]] bool toldOfSessions() const;
    void setToldOfSessions();
    /// Sessions that were cut off and have been offered already, by id.
    [[nodiscard]] QStringList offeredSessions() const;
    void addOfferedSession(const QString& id);

    [[nodiscard]] QStringList recentFiles() const;
    void addRecentFile(const QString& path);
    void clearRecentFiles();

    [[nodiscard]] QByteArray geometry() const;
    [[nodiscard]] QByteArray layout() const;
    void setWindow(const QByteArray& geometry, const QByteArray& layout);

    /// See SettingsFile: `told` hears when changes cannot be written, and when they can again.
    void whenFailing(std::function<void(bool)> told) { m_store.whenFailing(std::move(told)); }
    [[nodiscard]] const QString& path() const { return m_store.path(); }

    /// True until the first window has been shown.
    [[nodiscard]] bool firstStart() const;
    void setStarted();

private:
    SettingsFile m_store;
};

}  // namespace spanreel::app
