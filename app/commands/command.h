// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spanreel::app {

/// Exit status of every command.
enum ExitStatus : int {
    kExitOk = 0,           ///< nothing lost (warnings included)
    kExitSomeLost = 1,     ///< something lost and something kept
    kExitUsage = 2,        ///< wrong arguments
    kExitNothingKept = 3,  ///< nothing could be kept from at least one input
    kExitAssertion = 4,
};

/// A subcommand. Data goes to standard output, messages to standard error.
struct Command {
    const char* name;
    const char* synopsis;  ///< "stats FILE… [--json]"
    const char* summary;   ///< one line for --help
    const char* help;      ///< further text for COMMAND --help: options, one a line
    int (*run)(std::span<const std::string> arguments);  ///< arguments after the command's name
};

/// Parsed arguments of a command: files and options. `--` ends options.
struct Arguments {
    std::vector<std::string> files;
    std::vector<std::pair<std::string, std::string>> options;  ///< name without dashes, value ("" for flags)
    std::string error;  ///< non-empty = usage error, to be printed
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::string value(std::string_view name, std::string_view fallback = {}) const;
};
/// `flags` take no value, `valued` take one ("--json", "--limit N" or "--limit=N", "-o FILE" is option "o").
[[nodiscard]] Arguments parseArguments(std::span<const std::string> arguments, std::span<const std::string_view> flags,
                                       std::span<const std::string_view> valued);

/// Prints "spanreel COMMAND: message" and the hint to --help on standard error; returns kExitUsage.
int usageError(std::string_view command, std::string_view message);

/// Commands without Qt; main adds those of the studio build.
[[nodiscard]] std::vector<Command> plainCommands();
/// Runs `arguments[0]` if it names a command; prints help and version. Returns -1 where the studio should start.
int runCommandLine(const std::vector<Command>& commands, std::span<const std::string> arguments);

// One function a command, each in its own file.
Command statsCommand();
Command showCommand();
Command convertCommand();
Command serveCommand();
Command reportCommand();  // studio build
Command renderCommand();  // studio build

}  // namespace spanreel::app
