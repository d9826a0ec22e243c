// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace spanreel::app {

/// Where the program keeps its own files. `SPANREEL_HOME` overrides all of them; else the XDG folders.
/// Folders are made with mode 0700 when first asked for.
[[nodiscard]] QString configFolder();
[[nodiscard]] QString dataFolder();
[[nodiscard]] QString cacheFolder();
[[nodiscard]] QString runtimeFolder();

}  // namespace spanreel::app
