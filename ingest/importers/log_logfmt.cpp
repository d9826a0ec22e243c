// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <optional>
#include <string>

#include "ingest/importers/log_fields.h"

namespace spanreel::ingest {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }

void appendUtf8(std::uint32_t code, std::string& out) {
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
        out.push_back(static_cast<char>(0xC0 | code >> 6));
        out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
        out.push_back(static_cast<char>(0xE0 | code >> 12));
        out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    } else {
        out.push_back(static_cast<char>(0xF0 | code >> 18));
        out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
    }
}

/// The four hex digits at the position; nothing where there are none.
std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at) {
    std::uint32_t code = 0;
    if (at + 4 > text.size() || std::from_chars(text.data() + at, text.data() + at + 4, code, 16).ptr != text.data() + at + 4) return std::nullopt;
    return code;
}

/// The text between quotes with its escapes undone; unknown escapes stay as they are.
std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out.push_back(text[i]);
            continue;
        }
        const char c = text[++i];
        switch (c) {
            case 'n': out.push_back('\n'); break;
            case 't': out.push_back('\t'); break;
            case 'r': out.push_back('\r'); break;
            case '"': case '\\': out.push_back(c); break;
            case 'u': {
                auto code = hex4(text, i + 1);
                if (code) {
                    i += 4;
                    if (*code >= 0xD800 && *code < 0xDC00 && text.substr(i + 1).starts_with("\\u")) {
                        if (const auto low = hex4(text, i + 3); low && *low >= 0xDC00 && *low < 0xE000) {
                            code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
                            i += 6;
                        }
                    }
                    appendUtf8(*code, out);
                    break;
                }
                [[fallthrough]];
            }
            default:
                out.push_back('\\');
                out.push_back(c);
        }
    }
    return out;
}

/// Position behind the closing quote of the text at `at` (an opening quote); npos where it stays open.
std::size_t closeQuote(std::string_view line, std::size_t at) {
    for (++at; at < line.size(); ++at) {
        if (line[at] == '\\') ++at;
        else if (line[at] == '"') return at + 1;
    }
    return std::string_view::npos;
}

}  // namespace

bool readLogfmt(std::string_view line, Arena& arena, LogDraft& draft) {
    std::size_t at = 0;
    bool closed = true;
    const auto quoted = [&](std::size_t& position) {
        const std::size_t begin = position + 1;
        const std::size_t end = closeQuote(line, position);
        closed = end != std::string_view::npos;
        position = closed ? end : line.size();
        const std::string_view inside = line.substr(begin, (closed ? end - 1 : line.size()) - begin);
        return inside.find('\\') == std::string_view::npos ? arena.copy(inside) : arena.copy(std::string_view(unescape(inside)));
    };
    while (true) {
        while (at < line.size() && isBlank(line[at])) ++at;
        if (at >= line.size()) return closed;
        if (line[at] == '"') {  // a value without a key
            const std::string_view text = quoted(at);
            draft.attribute({}, store::Value::ofString(text));
            continue;
        }
        const std::size_t begin = at;
        while (at < line.size() && !isBlank(line[at]) && line[at] != '=') ++at;
        const std::string_view key = arena.copy(line.substr(begin, at - begin));
        if (at >= line.size() || line[at] != '=') {
            draft.attribute(key, store::Value::ofBool(true));
            continue;
        }
        ++at;
        if (at < line.size() && line[at] == '"') {
            draft.field(key, quoted(at));
            continue;
        }
        const std::size_t value = at;
        while (at < line.size() && !isBlank(line[at])) ++at;
        draft.field(key, arena.copy(line.substr(value, at - value)));
    }
}

bool looksLikeLogfmt(std::string_view line) {
    int pairs = 0, known = 0, words = 0;
    std::size_t at = 0;
    while (at < line.size()) {
        while (at < line.size() && isBlank(line[at])) ++at;
        const std::size_t begin = at;
        while (at < line.size() && !isBlank(line[at]) && line[at] != '=' && line[at] != '"') ++at;
        const std::string_view key = line.substr(begin, at - begin);
        if (at < line.size() && line[at] == '=') {
            if (key.find_first_of("[](){}<>,;:") != std::string_view::npos) {
                ++words;
            } else {
                ++pairs;
                known += logField(key).role != LogRole::None || key == "caller";
            }
            ++at;
        } else {
            words += at > begin;
        }
        if (at < line.size() && line[at] == '"') {
            const std::size_t end = closeQuote(line, at);
            at = end == std::string_view::npos ? line.size() : end;
        } else {
            while (at < line.size() && !isBlank(line[at])) ++at;
        }
        if (pairs == 0 && words > 1) return false;  // begins as prose does
    }
    return known > 0 && pairs >= 2 && pairs > words;
}

}  // namespace spanreel::ingest
