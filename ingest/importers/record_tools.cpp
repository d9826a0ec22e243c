// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/record_tools.h"

#include <bit>
#include <charconv>
#include <limits>
#include <utility>

#include "model/core/text.h"
#include "model/otlp/value_walk.h"

namespace spanreel::ingest {

using store::Value;

void RecordBatcher::begin(ImportContext& context) {
    if (!m_batches.empty() && current().spans.size() + current().logs.size() < kItemsPerBatch) return;
    if (m_mode == Mode::Stream) release(context);
    m_batches.emplace_back();
    m_resources.clear();
    m_scopes.clear();
}

std::uint32_t RecordBatcher::scope(std::string_view name, std::string_view version, std::string_view schemaUrl) {
    if (name.empty() && version.empty()) return store::kNone;
    return scope(name, version, schemaUrl, {}, [](Arena&) { return store::AttributeSpan(); });
}

void RecordBatcher::release(ImportContext& context) {
    for (auto& batch : m_batches)
        if (!batch.empty()) context.sink.accept(std::move(batch), 0);
    m_batches.clear();
    m_resources.clear();
    m_scopes.clear();
}

namespace {

std::string_view trimId(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) text.remove_prefix(2);
    return text;
}

std::string excerpt(std::string_view text) { return escapeControls(repairUtf8(text.substr(0, 80))); }

ReadSpanId readSpanIdOf(std::string_view text, Arena& arena, ItemNotes& notes, const char* what) {
    ReadSpanId read;
    text = trimId(text);
    if (text.empty()) return read;
    if (const auto id = SpanId::fromHex(text)) {
        read.id = *id;
        if (text.size() != 16 && id->isValid()) {
            read.original = arena.copy(text);
            notes.warn(ProblemCode::ShortId, std::string(what) + " " + excerpt(text));
        }
        return read;
    }
    read.id = SpanId::fromText(text);
    read.original = arena.copy(text);
    read.marks = store::kMarkIdMadeByUs;
    notes.warn(ProblemCode::OddId, std::string(what) + " " + excerpt(text));
    return read;
}

}  // namespace

ReadTraceId readTraceId(std::string_view text, Arena& arena, ItemNotes& notes) {
    ReadTraceId read;
    text = trimId(text);
    if (text.empty()) {
        read.marks = store::kMarkInvalidTraceId;
        notes.warn(ProblemCode::ZeroId, "trace id is absent");
        return read;
    }
    if (const auto id = TraceId::fromHex(text)) {
        read.id = *id;
        if (!id->isValid()) {
            read.marks = store::kMarkInvalidTraceId;
            notes.warn(ProblemCode::ZeroId, "trace id is all zero");
        } else if (text.size() != 32 && text.size() != 16) {
            read.original = arena.copy(text);
            notes.warn(ProblemCode::ShortId, "trace id " + excerpt(text));
        }
        return read;
    }
    read.id = TraceId::fromText(text);
    read.original = arena.copy(text);
    read.marks = store::kMarkIdMadeByUs;
    notes.warn(ProblemCode::OddId, "trace id " + excerpt(text));
    return read;
}

ReadSpanId readSpanId(std::string_view text, Arena& arena, ItemNotes& notes) {
    auto read = readSpanIdOf(text, arena, notes, "span id");
    if (!read.id.isValid()) {
        read.marks |= store::kMarkInvalidSpanId;
        notes.warn(ProblemCode::ZeroId, trimId(text).empty() ? "span id is absent" : "span id is all zero");
    }
    return read;
}

ReadSpanId readParentId(std::string_view text, Arena& arena, ItemNotes& notes) { return readSpanIdOf(text, arena, notes, "parent span id"); }

std::optional<std::uint64_t> decimalToNs(std::string_view number, TimeUnit unit) {
    int scale = 0;
    switch (unit) {
        case TimeUnit::Seconds: scale = 9; break;
        case TimeUnit::Milliseconds: scale = 6; break;
        case TimeUnit::Microseconds: scale = 3; break;
        case TimeUnit::Nanoseconds: break;
    }
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    std::size_t at = 0;
    if (at < number.size() && number[at] == '+') ++at;
    std::string_view digits = number.substr(at);
    int exponent = 0;
    if (const auto e = digits.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view text = digits.substr(e + 1);
        if (!text.empty() && text.front() == '+') text.remove_prefix(1);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (error == std::errc::result_out_of_range) exponent = text.starts_with('-') ? -100000 : 100000;
        else if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
        digits = digits.substr(0, e);
        exponent = exponent < -100000 ? -100000 : exponent > 100000 ? 100000 : exponent;
    }
    __extension__ using Wide = unsigned __int128;
    Wide value = 0;
    bool any = false, point = false;
    int power = scale + exponent;
    for (const char c : digits) {
        if (c == '.') {
            if (point) return std::nullopt;
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return std::nullopt;
        any = true;
        if (value > static_cast<Wide>(kMax) * 1000000000u) {  // further digits only shift
            power += !point;
            continue;
        }
        power -= point;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (!any) return std::nullopt;
    for (; power > 0 && value != 0 && value <= kMax; --power) value *= 10;
    for (; power < 0 && value != 0; ++power) value /= 10;
    return value > kMax ? kMax : static_cast<std::uint64_t>(value);
}

std::string_view numberText(JsonValue value) {
    if (value.isNumber()) return value.numberText();
    if (!value.isString()) return {};
    std::string_view text = trimId(value.asString());
    if (text.empty()) return {};
    for (const char c : text)
        if (!((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E')) return {};
    return text;
}

std::uint64_t addSaturating(std::uint64_t start, std::uint64_t duration) {
    return start > std::numeric_limits<std::uint64_t>::max() - duration ? std::numeric_limits<std::uint64_t>::max() : start + duration;
}

namespace {

void putVarint(std::string& out, std::uint64_t v) {
    while (v >= 0x80) {
        out.push_back(static_cast<char>(v | 0x80));
        v >>= 7;
    }
    out.push_back(static_cast<char>(v));
}
void putBytes(std::string& out, unsigned field, std::string_view bytes) {
    putVarint(out, field << 3 | 2);
    putVarint(out, bytes.size());
    out.append(bytes);
}
void putDouble(std::string& out, double d) {
    out.push_back(4 << 3 | 1);
    auto bits = std::bit_cast<std::uint64_t>(d);
    for (int i = 0; i < 8; ++i, bits >>= 8) out.push_back(static_cast<char>(bits & 0xFF));
}

std::string encodeContainer(JsonValue value);

/// The fields of an AnyValue message.
void encodeAny(JsonValue value, std::string& out) {
    switch (value.type()) {
        case JsonType::Null: return;
        case JsonType::False:
        case JsonType::True:
            putVarint(out, 2 << 3);
            putVarint(out, value.asBool() ? 1 : 0);
            return;
        case JsonType::Number:
            if (const auto i = value.asInt64()) {
                putVarint(out, 3 << 3);
                putVarint(out, static_cast<std::uint64_t>(*i));
            } else if (value.isInt()) {
                putBytes(out, 1, value.numberText());
            } else {
                putDouble(out, value.asDouble());
            }
            return;
        case JsonType::String: putBytes(out, 1, value.asString()); return;
        case JsonType::Array: putBytes(out, 5, encodeContainer(value)); return;
        case JsonType::Object: putBytes(out, 6, encodeContainer(value)); return;
    }
}

/// An ArrayValue or KeyValueList message. Recursive at most to the JSON reader's depth limit.
std::string encodeContainer(JsonValue value) {
    std::string out;
    for (const auto item : value.items()) {
        std::string any;
        encodeAny(item, any);
        putBytes(out, 1, any);
    }
    for (const auto [key, member] : value.members()) {
        std::string any, entry;
        encodeAny(member, any);
        putBytes(entry, 1, key);
        putBytes(entry, 2, any);
        putBytes(out, 1, entry);
    }
    return out;
}

/// What a {"Type","Value"} of Go holds, with the type in lower case; the value itself and no type where it is no such pair.
std::pair<std::string, JsonValue> goPair(JsonValue value) {
    if (value.isObject() && value.size() == 2 && value["Type"].isString() && value["Value"].exists()) return {asciiLower(value["Type"].asString()), value["Value"]};
    return {{}, value};
}

/// The fields of an AnyValue message of a value that Go printed. Recursive at most to the JSON reader's depth limit.
void encodeGoAny(JsonValue printed, std::string& out) {
    const auto [type, value] = goPair(printed);
    if (type == "float64" && value.isNumber()) return putDouble(out, value.asDouble());
    if (std::string bytes; (type == "bytes" || type == "byteslice") && value.isString() && fromBase64(value.asString(), bytes)) return putBytes(out, 7, bytes);
    const bool slice = type == "slice", doubles = type == "float64slice";
    bool map = type == "map";
    for (const auto item : value.items()) map = map && item["Key"].isString();
    if (!value.isArray() || !(slice || doubles || map)) return encodeAny(value, out);
    std::string list;
    for (const auto item : value.items()) {
        std::string any, entry;
        if (doubles && item.isNumber()) putDouble(any, item.asDouble());
        else encodeGoAny(map ? item["Value"] : item, any);
        if (map) putBytes(entry, 1, item["Key"].asString());
        if (map) putBytes(entry, 2, any);
        putBytes(list, 1, map ? entry : any);
    }
    putBytes(out, map ? 6 : 5, list);
}

void appendQuoted(std::string_view text, std::string& out) {
    out.push_back('"');
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        if (c == '\n') out += "\\n";
        else out.push_back(c);
    }
    out.push_back('"');
}

void appendText(JsonValue value, std::string& out) {
    switch (value.type()) {
        case JsonType::Null: out += "null"; return;
        case JsonType::False: out += "false"; return;
        case JsonType::True: out += "true"; return;
        case JsonType::Number: out += value.numberText(); return;
        case JsonType::String: appendQuoted(value.asString(), out); return;
        case JsonType::Array:
        case JsonType::Object: break;
    }
    bool first = true;
    out.push_back(value.isArray() ? '[' : '{');
    for (const auto item : value.items()) {
        if (!first) out.push_back(',');
        first = false;
        appendText(item, out);
    }
    for (const auto [key, member] : value.members()) {
        if (!first) out.push_back(',');
        first = false;
        appendQuoted(key, out);
        out.push_back(':');
        appendText(member, out);
    }
    out.push_back(value.isArray() ? ']' : '}');
}

}  // namespace

Value plainValue(JsonValue value, Arena& arena) {
    switch (value.type()) {
        case JsonType::Null: return {};
        case JsonType::False:
        case JsonType::True: return Value::ofBool(value.asBool());
        case JsonType::Number:
            if (const auto i = value.asInt64()) return Value::ofInt(*i);
            if (value.isInt()) return Value::ofString(arena.copy(value.numberText()));
            return Value::ofDouble(value.asDouble());
        case JsonType::String: return Value::ofString(arena.copy(value.asString()));
        case JsonType::Array: return Value::ofArray(arena.copy(std::string_view(encodeContainer(value))));
        case JsonType::Object: return Value::ofKvList(arena.copy(std::string_view(encodeContainer(value))));
    }
    return {};
}

Value goValue(JsonValue value, Arena& arena) {
    std::string any;
    encodeGoAny(value, any);
    return otlp::readAnyValue(arena.copy(std::string_view(any)));
}

std::string plainText(JsonValue value) {
    if (value.isString()) return std::string(value.asString());
    std::string out;
    appendText(value, out);
    return out;
}

store::AttributeSpan plainAttributes(JsonValue object, Arena& arena) {
    if (object.size() == 0 || !object.isObject()) return {};
    auto attributes = arena.array<store::Attribute>(object.size());
    std::size_t i = 0;
    for (const auto [key, value] : object.members()) attributes[i++] = {arena.copy(key), plainValue(value, arena)};
    return attributes;
}

bool OtelTags::take(std::string_view key, std::string_view text, store::SpanRecord& span, Arena& arena) {
    if (key == "otel.status_code") {
        if (text == "ERROR") span.status = static_cast<std::int32_t>(store::StatusCode::Error);
        else if (text == "OK") { if (span.status == 0) span.status = static_cast<std::int32_t>(store::StatusCode::Ok); }
        else return false;
        return true;
    }
    if (key == "otel.status_description") return span.set(&store::SpanRare::statusMessage, text, arena), true;
    if (key == "otel.scope.name" || key == "otel.library.name") return scopeName = text, true;
    if (key == "otel.scope.version" || key == "otel.library.version") return scopeVersion = text, true;
    if (key == "w3c.tracestate") return span.set(&store::SpanRare::traceState, text, arena), true;
    return false;
}

std::optional<std::int32_t> spanKindFromWord(std::string_view word) {
    std::string lower = asciiLower(word);
    if (const auto dot = lower.rfind('.'); dot != std::string::npos) lower.erase(0, dot + 1);
    if (lower.starts_with("span_kind_")) lower.erase(0, 10);
    static constexpr std::string_view kWords[] = {"unspecified", "internal", "server", "client", "producer", "consumer"};
    for (std::int32_t i = 0; i < 6; ++i)
        if (lower == kWords[i]) return i;
    return std::nullopt;
}

}  // namespace spanreel::ingest
