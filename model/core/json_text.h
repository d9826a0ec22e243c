// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spanreel {

/// Appends `text` (valid UTF-8) as a JSON string with its quotes; control characters as \u escapes.
void appendJsonString(std::string& out, std::string_view text);

[[nodiscard]] inline std::string jsonString(std::string_view text) {
    std::string out;
    appendJsonString(out, text);
    return out;
}

}  // namespace spanreel
