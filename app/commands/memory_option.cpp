// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/memory_option.h"

namespace spanreel::app {

std::optional<std::uint64_t> memoryBudget(const Arguments& arguments, std::uint64_t otherwise) {
    if (!arguments.has(kMemoryOption)) return otherwise;
    const auto size = store::parseSize(arguments.value(kMemoryOption));
    if (!size || (*size != 0 && *size < store::kLeastMemoryBudget)) return std::nullopt;
    return size;
}

}  // namespace spanreel::app
