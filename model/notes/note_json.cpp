// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <simdjson.h>

#include "model/core/text.h"
#include "model/notes/note.h"

namespace spanreel::notes {

namespace {

constexpr std::array<std::string_view, 6> kColours{"yellow", "green", "blue", "red", "purple", "grey"};

void appendString(std::string& out, std::string_view raw) {
    const std::string text = repairUtf8(raw);
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += fmt::format("\\u{:04x}", static_cast<int>(c));
                else
                    out += c;
        }
    }
    out += '"';
}

using Object = simdjson::dom::object;

std::optional<std::string_view> text(const Object& object, std::string_view key) {
    std::string_view value;
    if (object[key].get(value)) return std::nullopt;
    return value;
}

/// A 64-bit number, as text (so that no reader rounds it) or as a JSON number.
std::optional<std::uint64_t> number(const Object& object, std::string_view key) {
    std::uint64_t value = 0;
    if (!object[key].get(value)) return value;
    const auto digits = text(object, key);
    if (!digits || digits->empty()) return std::nullopt;
    const auto [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), value);
    if (error != std::errc() || end != digits->data() + digits->size()) return std::nullopt;
    return value;
}

bool has(const Object& object, std::string_view key) { return !object[key].error(); }

/// Nothing where an entry lacks its id or trace, or names a target that cannot be read.
std::optional<Note> readNote(const simdjson::dom::element& element) {
    Object object;
    if (element.get(object)) return std::nullopt;
    Note note;
    const auto id = text(object, "id");
    if (!id || id->empty()) return std::nullopt;
    note.id = *id;
    const auto trace = text(object, "trace");
    const auto traceId = trace ? TraceId::fromHex(*trace) : std::nullopt;
    if (!traceId) return std::nullopt;
    note.trace = *traceId;
    if (has(object, "span")) {
        const auto span = text(object, "span");
        note.span = span ? SpanId::fromHex(*span) : std::nullopt;
        if (!note.span) return std::nullopt;
    }
    if (has(object, "range")) {
        Object range;
        if (object["range"].get(range)) return std::nullopt;
        const auto from = number(range, "from"), to = number(range, "to");
        if (!from || !to) return std::nullopt;
        note.range = TimeRange{std::min(*from, *to), std::max(*from, *to)};
    }
    if (has(object, "log")) {
        Object log;
        if (object["log"].get(log)) return std::nullopt;
        const auto hash = text(log, "hash");
        const auto value = hash ? SpanId::fromHex(*hash) : std::nullopt;
        if (!value) return std::nullopt;
        note.logHash = value->value;
        note.logTimeNs = number(log, "time").value_or(0);
    }
    note.text = text(object, "text").value_or("");
    if (const auto colour = text(object, "colour"))
        for (std::size_t i = 0; i < kColours.size(); ++i)
            if (*colour == kColours[i]) note.colour = static_cast<NoteColour>(i);
    note.createdNs = number(object, "created").value_or(0);
    note.changedNs = number(object, "changed").value_or(note.createdNs);
    return note;
}

}  // namespace

std::string toJson(const std::vector<Note>& notes, const std::vector<std::string>& unread) {
    std::string out = "{\"format\":\"spanreel-notes\",\"version\":1,\"notes\":[";
    const char* separator = "\n";
    for (const auto& note : notes) {
        out += separator;
        separator = ",\n";
        out += "{\"id\":";
        appendString(out, note.id);
        out += fmt::format(",\"trace\":\"{}\"", note.trace.toHex());
        if (note.span) out += fmt::format(",\"span\":\"{}\"", note.span->toHex());
        if (note.range) out += fmt::format(",\"range\":{{\"from\":\"{}\",\"to\":\"{}\"}}", std::min(note.range->fromNs, note.range->toNs), std::max(note.range->fromNs, note.range->toNs));
        if (note.logHash) out += fmt::format(",\"log\":{{\"hash\":\"{:016x}\",\"time\":\"{}\"}}", *note.logHash, note.logTimeNs);
        out += ",\"text\":";
        appendString(out, note.text);
        const auto colour = static_cast<std::size_t>(note.colour);
        out += fmt::format(",\"colour\":\"{}\",\"created\":\"{}\",\"changed\":\"{}\"}}", kColours[colour < kColours.size() ? colour : 0], note.createdNs, note.changedNs);
    }
    for (const auto& entry : unread) {
        out += separator;
        separator = ",\n";
        out += entry;
    }
    out += "\n]}\n";
    return out;
}

Result<NotesFile> fromJson(std::string_view json) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    const simdjson::padded_string padded(json);
    if (const auto error = parser.parse(padded).get(root)) return fail(ProblemCode::BadJson, simdjson::error_message(error));
    Object object;
    if (root.get(object)) return fail(ProblemCode::UnknownFormat, "JSON");
    if (text(object, "format") != "spanreel-notes") return fail(ProblemCode::UnknownFormat, "JSON");
    if (const auto version = number(object, "version"); version != 1u)
        return fail(ProblemCode::UnknownFormat, fmt::format("spanreel-notes {}", version.value_or(0)));
    simdjson::dom::array list;
    if (object["notes"].get(list)) return fail(ProblemCode::BadValue, "notes");
    NotesFile out;
    for (const auto element : list) {
        if (auto note = readNote(element)) out.notes.push_back(std::move(*note));
        else out.unread.push_back(simdjson::minify(element));
    }
    return out;
}

}  // namespace spanreel::notes
