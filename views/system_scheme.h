// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QObject;

namespace spanreel::views {

/// Whether the desktop asks for a dark scheme: the settings portal's last answer (org.freedesktop.appearance), else
/// the platform theme's palette, else the GTK_THEME variable. GUI thread; never waits.
[[nodiscard]] bool systemPrefersDark();

/// Asks the settings portal where there is a session bus, and calls `changed` on the GUI thread when its answer comes or
/// changes. `owner` bounds the life of the connection.
void watchSystemScheme(QObject* owner, std::function<void()> changed);

}  // namespace spanreel::views
