// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spanreel {

/// Appends `text` as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD; control characters, those beyond
/// ASCII and of direction too, become escapes, so that no terminal obeys them.
void appendJsonString(std::string& out, std::string_view text);

[[nodiscard]] inline std::string jsonString(std::string_view text) {
    std::string out;
    appendJsonString(out, text);
    return out;
}

}  // namespace spanreel
