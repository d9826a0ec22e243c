// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <array>
#include <vector>

#include "app/studio/session.h"
#include "app/studio/settings_dialog.h"
#include "views/navigator/receiver_status.h"

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace spanreel::views {
class Banner;
}

namespace spanreel::app {

class Settings;
struct StudioOptions;

/// The receivers as the window shows them: the status line of the toolbar, banners for a port in use or a wide-open
/// address, and the figures of the navigator. Looks twice a second, without a lock. GUI thread.
class ReceiverDesk : public QWidget {
    Q_OBJECT
public:
    ReceiverDesk(Session& session, Settings& settings, const StudioOptions& options, QVBoxLayout* bannerArea, QWidget* parent = nullptr);

    /// What settings and command line ask for.
    [[nodiscard]] ingest::ReceiverConfig config() const;
    [[nodiscard]] bool wanted() const;
    void start();
    /// After a change of the settings; a port chosen for this window stays unless it was changed there.
    void restart(bool grpcPortChanged, bool httpPortChanged);
    /// What goes before the settings in this window.
    [[nodiscard]] InForce inForce() const;

    [[nodiscard]] std::vector<views::ReceiverStatus> statuses() const;
    /// What was refused so far and why the last was; empty = nothing.
    [[nodiscard]] QString refusedText() const;
    /// Lines to put into a shell; empty while nothing listens.
    [[nodiscard]] QStringList environment() const;
    /// A sentence about the receivers, for the empty page.
    [[nodiscard]] QString stateText() const;

signals:
    void changed(const std::vector<spanreel::views::ReceiverStatus>& statuses);

private:
    void poll();
    void showStart();
    void showConflict(const ingest::PortConflict& conflict);
    views::Banner* banner(const QString& name, int tone);
    void paint();

    Session& m_session;
    Settings& m_settings;
    const StudioOptions& m_options;
    QVBoxLayout* m_area;
    std::array<QLabel*, 2> m_lamps{};
    QLabel* m_rate;
    QTimer m_timer;
    QElapsedTimer m_sinceCount;
    std::uint64_t m_lastCount = 0;
    double m_shownRate = 0;
    std::optional<quint16> m_grpcPort, m_httpPort;  ///< chosen in this window
    std::vector<QPointer<views::Banner>> m_banners;
};

}  // namespace spanreel::app
