// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "app/commands/command.h"
#include "model/core/heap.h"

#ifdef SPANREEL_GUI
#include "app/studio/studio.h"
#endif

namespace {

/// What is opened must not get the numbers of standard input, output and error where those were closed: messages would be written into it.
void holdStandardDescriptors() {
    int fd = ::open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDWR);
    if (fd >= 0) ::close(fd);
}

/// As many descriptors as this process may have: each sender and each file takes one.
void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
    holdStandardDescriptors();
    raiseDescriptorLimit();
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
