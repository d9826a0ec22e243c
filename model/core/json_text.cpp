// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/json_text.h"

#include "model/core/text.h"

namespace spanreel {

void appendJsonString(std::string& out, std::string_view text) {
    if (!isValidUtf8(text)) return appendJsonString(out, repairUtf8(text));
    static constexpr char kDigits[] = "0123456789abcdef";
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
        out += text.substr(from, i - from);
        from = i + 1;
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                out += "\\u00";
                out += kDigits[c >> 4];
                out += kDigits[c & 15];
        }
    }
    out += text.substr(from);
    out += '"';
}

}  // namespace spanreel
