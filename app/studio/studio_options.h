// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <optional>

namespace spanreel::app {

/// What the command line asked of the window.
struct StudioOptions {
    QStringList files;
    bool receivers = true;   ///< false: --no-receivers
    bool newWindow = false;  ///< --new-window
    bool keep = true;        ///< false: --no-session, nothing received is written to disk
    std::optional<quint16> grpcPort, httpPort;
    std::optional<quint64> memoryBudget;  ///< bytes, 0 = no bound; else the setting
};

}  // namespace spanreel::app
