// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>

#include "app/commands/command.h"
#include "app/commands/memory_option.h"

#ifndef SPANREEL_VERSION
#define SPANREEL_VERSION "0"
#endif

namespace spanreel::app {

bool Arguments::has(std::string_view name) const {
    return std::ranges::any_of(options, [&](const auto& o) { return o.first == name; });
}

std::string Arguments::value(std::string_view name, std::string_view fallback) const {
    for (const auto& [key, value] : options)
        if (key == name) return value;
    return std::string(fallback);
}

Arguments parseArguments(std::span<const std::string> arguments, std::span<const std::string_view> flags, std::span<const std::string_view> valued) {
    Arguments out;
    bool optionsEnded = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (optionsEnded || argument.size() < 2 || argument[0] != '-') {
            out.files.push_back(argument);
            continue;
        }
        if (argument == "--") {
            optionsEnded = true;
            continue;
        }
        const std::size_t dashes = argument[1] == '-' ? 2 : 1;
        const std::size_t equals = argument.find('=');
        const std::string name = argument.substr(dashes, equals == std::string::npos ? std::string::npos : equals - dashes);
        if (std::ranges::find(flags, name) != flags.end() && equals == std::string::npos) {
            out.options.emplace_back(name, "");
        } else if (std::ranges::find(valued, name) != valued.end()) {
            if (equals != std::string::npos) out.options.emplace_back(name, argument.substr(equals + 1));
            else if (i + 1 < arguments.size()) out.options.emplace_back(name, arguments[++i]);
            else {
                out.error = "option " + argument + " needs a value";
                return out;
            }
        } else {
            out.error = "unknown option " + argument;
            return out;
        }
    }
    return out;
}

int usageError(std::string_view command, std::string_view message) {
    std::fputs(fmt::format("spanreel {}: {}\nTry 'spanreel {} --help'.\n", command, message, command).c_str(), stderr);
    return kExitUsage;
}

std::vector<Command> plainCommands() { return {serveCommand(), statsCommand(), showCommand(), convertCommand()}; }

namespace {

void printHelp(const std::vector<Command>& commands) {
    std::string text =
        "Spanreel: receive, open, read, replay, explain and share distributed traces.\n\n"
        "Usage:\n"
        "  spanreel [FILE\u2026] [OPTIONS]    opens the studio with these files\n";
    std::size_t width = 0;
    for (const auto& c : commands) width = std::max(width, std::string_view(c.name).size());
    text += "\nCommands:\n";
    for (const auto& c : commands) text += fmt::format("  {:<{}}  {}\n", c.name, width, c.summary);
    text +=
        "\nOptions of the studio:\n"
        "  --no-receivers      do not listen for OTLP\n"
        "  --grpc-port PORT    OTLP/gRPC port (4317)\n"
        "  --http-port PORT    OTLP/HTTP port (4318)\n"
        "  --new-window        open another window, with a session of its own\n"
        "  --no-session        keep nothing of this session on disk\n"
        "  --memory-budget SIZE  memory for records, for example 2G; more goes to disk\n"
        "\n  --version           prints the version\n"
        "  --help              prints this; 'spanreel COMMAND --help' tells more\n";
    std::fputs(text.c_str(), stdout);
}

/// The exit status; negative = no command.
int dispatch(const std::vector<Command>& commands, std::span<const std::string> arguments) {
    if (arguments.empty()) return -1;
    const std::string& first = arguments[0];
    if (first == "--version") {
        std::puts("spanreel " SPANREEL_VERSION);
        return kExitOk;
    }
    if (first == "--help" || first == "-h" || first == "help") {
        printHelp(commands);
        return kExitOk;
    }
    const auto command = std::ranges::find_if(commands, [&](const Command& c) { return first == c.name; });
    if (command == commands.end()) {
        std::error_code ignored;
        if (first.empty() || first[0] == '-' || std::filesystem::exists(first, ignored)) return -1;
        std::fputs(fmt::format("spanreel: '{}' is neither a command nor a file. Try 'spanreel --help'.\n", first).c_str(), stderr);
        return kExitUsage;
    }
    const auto rest = arguments.subspan(1);
    for (const auto& argument : rest) {
        if (argument == "--") break;
        if (argument == "--help" || argument == "-h") {
            std::fputs(fmt::format("spanreel {}\n{}\n\n{}\n{}", command->synopsis, command->summary, command->help, kMemoryHelp).c_str(), stdout);
            return kExitOk;
        }
    }
    return command->run(rest);
}

}  // namespace

int runCommandLine(const std::vector<Command>& commands, std::span<const std::string> arguments) {
    const int status = dispatch(commands, arguments);
    if (status < 0) return status;
    if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return status;
    std::fputs("spanreel: the output could not be written\n", stderr);
    return status == kExitOk ? kExitSomeLost : status;
}

}  // namespace spanreel::app
