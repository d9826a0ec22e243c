// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/json_text.h"

#include <cstdint>

#include "model/core/text.h"

namespace spanreel {

void appendJsonString(std::string& out, std::string_view text) {
    if (!isValidUtf8(text)) return appendJsonString(out, repairUtf8(text));
    static constexpr char kDigits[] = "0123456789abcdef";
    out += '"';
    const auto escape = [&](std::uint32_t code) {
        out += "\\u";
        for (const int shift : {12, 8, 4, 0}) out += kDigits[code >> shift & 15];
    };
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && c != 0xC2 && c != 0xE2 && c != 0xEF) continue;
        if (c > 0x7F) {
            const char32_t hidden = hiddenCharacter(text.substr(i));
            if (!hidden || (hidden >= 0x200B && hidden <= 0x200D)) continue;  // what joins and parts letters stays
            out += text.substr(from, i - from);
            escape(hidden);
            i += hidden < 0x100 ? 1 : 2;
            from = i + 1;
            continue;
        }
        out += text.substr(from, i - from);
        from = i + 1;
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default: escape(c);
        }
    }
    out += text.substr(from);
    out += '"';
}

}  // namespace spanreel
