// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "app/commands/command.h"
#include "model/core/heap.h"

#ifdef SPANREEL_GUI
#include "app/studio/studio.h"
#endif

int main(int argc, char** argv) {
    spanreel::boundTheHeap();
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe or socket is an error code, not an end
    std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is a full disk, not the end
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    auto commands = spanreel::app::plainCommands();
#ifdef SPANREEL_GUI
    for (auto& command : spanreel::app::studioCommands()) commands.push_back(command);
#endif
    const int status = spanreel::app::runCommandLine(commands, arguments);
    if (status >= 0) return status;
#ifdef SPANREEL_GUI
    return spanreel::app::runStudio(argc, argv);
#else
    std::fputs("spanreel: this build has no window; see 'spanreel --help' for its commands\n", stderr);
    return spanreel::app::kExitUsage;
#endif
}
