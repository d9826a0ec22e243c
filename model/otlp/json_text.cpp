// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/json_text.h"

#include <cmath>

#include "model/core/text.h"

namespace spanreel::otlp {
namespace {

void appendEscaped(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                out += "\\u00";
                out += kHex[c >> 4];
                out += kHex[c & 15];
        }
    }
    out.append(text, plain, std::string_view::npos);
}

}  // namespace

void appendJsonString(std::string& out, std::string_view text) {
    out += '"';
    if (isValidUtf8(text)) appendEscaped(out, text);
    else appendEscaped(out, repairUtf8(text));
    out += '"';
}

void JsonWriter::real(double value) {
    if (!std::isfinite(value)) quoted(formatDouble(value));
    else if (value == 0 && std::signbit(value)) raw("-0.0");
    else raw(formatDouble(value));
}

}  // namespace spanreel::otlp
