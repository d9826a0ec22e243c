// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/io/looks_like.h"

#include <algorithm>
#include <string>

#include "ingest/json/json_value.h"
#include "model/core/text.h"

namespace spanreel::ingest {

namespace {

std::string_view trimmed(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool hasControls(std::string_view text) {
    const auto odd = std::count_if(text.begin(), text.end(), [](char c) { const auto u = static_cast<unsigned char>(c); return u < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\x1b' && c != '\f'; });
    return odd * 100 > static_cast<std::ptrdiff_t>(text.size());
}

/// A known kind of file by its first bytes; empty where none.
const char* magicName(std::string_view head) {
    struct Magic {
        std::string_view bytes;
        const char* name;
    };
    static constexpr Magic kMagics[] = {
        {"PK\x03\x04", "a ZIP archive"}, {"\x89PNG", "binary data (a PNG picture)"}, {"%PDF", "a PDF document"}, {"\x7f" "ELF", "binary data (a program)"},
        {"BZh", "bzip2 compression"}, {"\xFD" "7zXZ", "xz compression"}, {"\x04\x22\x4d\x18", "lz4 compression"}, {"SQLite format 3", "an SQLite database"},
        {"7z\xBC\xAF", "a 7-Zip archive"}, {"PAR1", "a Parquet file"}, {"\xD4\xC3\xB2\xA1", "a packet capture"}, {"\x0A\x0D\x0D\x0A", "a packet capture"},
    };
    for (const auto& magic : kMagics)
        if (head.starts_with(magic.bytes)) return magic.name;
    if (head.size() > 262 && head.substr(257, 5) == "ustar") return "a tar archive";
    return nullptr;
}

}  // namespace

bool looksLikeUtf16(std::string_view head) {
    return head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF") || looksLikeUtf16Json(head);
}

bool looksLikeUtf16Json(std::string_view head) {
    const bool little = head.starts_with("\xFF\xFE"), big = head.starts_with("\xFE\xFF");
    if (little || big) head.remove_prefix(2);
    for (std::size_t i = 0; i + 1 < head.size(); i += 2) {
        const bool bigHere = head[i] == '\0' && head[i + 1] != '\0', littleHere = head[i + 1] == '\0' && head[i] != '\0';
        if ((!bigHere && !littleHere) || (big && littleHere) || (little && bigHere)) return false;
        const char c = bigHere ? head[i + 1] : head[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        return c == '{' || c == '[';
    }
    return false;
}

std::optional<std::string> apiErrorMessage(std::string_view whole) {
    whole = trimmed(whole);
    if (!whole.starts_with('{')) return std::nullopt;
    const JsonDocument document = JsonDocument::parse(whole);
    const JsonValue root = document.root();
    if (!root.isObject()) return std::nullopt;
    const JsonValue data = root.find("data"), errors = root.find("errors");
    if (errors.isArray() && errors.size() > 0 && (data.isNull() || data.size() == 0)) {
        const JsonValue first = *errors.items().begin();
        for (const std::string_view key : {"msg", "message"})
            if (first.find(key).isString()) return std::string(first.find(key).asString());
        return std::string(first.asString());
    }
    if (!data.isNull()) return std::nullopt;
    // {"status":"error","message":…}, {"code":5,"message":…,"details":[]}, {"error":…}: nothing but the complaint.
    const JsonValue message = root.find("message"), error = root.find("error");
    const bool coded = root.find("code").isNumber() || root.find("status").isNumber() || root.find("status").asString() == "error";
    if (root.size() <= 5 && message.isString() && (coded || error.isString())) return std::string(message.asString());
    if (root.size() <= 3 && error.isString() && (root.size() == 1 || coded)) return std::string(error.asString());
    if (root.size() == 1 && error.isObject() && error.find("message").isString()) return std::string(error.find("message").asString());
    return std::nullopt;
}

Problem explainUnknown(std::string_view head, bool wholeInput) {
    if (looksLikeUtf16(head)) return {ProblemCode::UnsupportedEncoding, "UTF-16", {{}, 0, -1}};
    const std::string_view text = trimmed(head);
    if (text.empty()) return {ProblemCode::Empty, {}, {}};
    if (const char* name = magicName(head)) return {ProblemCode::UnknownFormat, name, {{}, 0, -1}};
    const std::string start = asciiLower(text.substr(0, 200));
    if (start.starts_with("<!doctype html") || start.starts_with("<html") || (start.starts_with('<') && start.find("<html") != std::string::npos))
        return {ProblemCode::UnknownFormat, "HTML", {{}, 0, -1}};
    if (start.starts_with("<?xml") || start.starts_with("<svg")) return {ProblemCode::UnknownFormat, "XML", {{}, 0, -1}};
    if (text.front() == '{' || text.front() == '[') {
        JsonOptions options;
        options.allowTrailing = true;
        const JsonDocument document = JsonDocument::parse(text, options);
        const JsonError& error = document.error();
        const auto offset = static_cast<std::int64_t>(error.offset + static_cast<std::size_t>(text.data() - head.data()));
        if (error.code == ProblemCode::Nesting) return {ProblemCode::Nesting, {}, {{}, offset, -1}};
        if (document.ok() || (error.atEnd && !wholeInput)) {
            std::string keys;
            // The first few names tell a person what it is.
            const JsonValue root = document.root();
            const JsonValue object = root.isArray() && root.size() ? *root.items().begin() : root;
            std::size_t shown = 0;
            for (const auto [key, value] : object.members()) {
                if (++shown > 5) break;
                keys += (keys.empty() ? "" : ", ") + repairUtf8(key.substr(0, 40));
            }
            return {ProblemCode::UnknownFormat, keys.empty() ? "JSON of another kind" : "JSON of another kind (" + keys + ")", {{}, 0, -1}};
        }
        return {ProblemCode::BadJson, error.message, {{}, offset, -1}};
    }
    if (hasControls(text) || !isValidUtf8(text.substr(0, text.size() > 8 ? text.size() - 8 : text.size()))) return {ProblemCode::UnknownFormat, "binary data", {{}, 0, -1}};
    return {ProblemCode::UnknownFormat, "text", {{}, 0, -1}};
}

}  // namespace spanreel::ingest
