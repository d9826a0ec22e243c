// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "app/commands/command.h"

namespace spanreel::app {

/// Runs the studio's window with the files and options of the command line; returns the exit status.
int runStudio(int argc, char** argv);

/// The commands that need the studio's drawing.
[[nodiscard]] std::vector<Command> studioCommands();

}  // namespace spanreel::app
