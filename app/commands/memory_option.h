// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "app/commands/command.h"
#include "model/store/memory_policy.h"

namespace spanreel::app {

/// Name of the option, which every command has, and its line of help.
constexpr std::string_view kMemoryOption = "memory-budget";
constexpr const char* kMemoryHelp =
    "  --memory-budget SIZE  memory for records, for example 512M or 2G; what has no room there goes to disk\n"
    "                        (default: a quarter of the machine's memory; 0: no bound)\n";
constexpr const char* kMemoryUsage = "--memory-budget needs a size of at least 64M, or 0 for no bound";

/// The bytes asked for, or `otherwise`; nothing where the value is no such size.
[[nodiscard]] std::optional<std::uint64_t> memoryBudget(const Arguments& arguments, std::uint64_t otherwise = store::defaultMemoryBudget());

}  // namespace spanreel::app
