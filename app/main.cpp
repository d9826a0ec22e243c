// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <malloc.h>

#include "app/commands/command.h"

#ifdef SPANREEL_GUI
#include "app/studio/studio.h"
#endif

namespace {

/// What one large request or file took goes back to the system when it is freed. Left to itself glibc raises these limits
/// with what it sees, to 32 and 64 MiB, and each of its arenas, one a thread, keeps that much.
void boundTheHeap() {
#ifdef __GLIBC__
    ::mallopt(M_MMAP_THRESHOLD, 4 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}

}  // namespace

int main(int argc, char** argv) {
    boundTheHeap();
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
