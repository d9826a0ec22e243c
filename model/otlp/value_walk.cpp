// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/value_walk.h"

#include <charconv>
#include <cmath>
#include <variant>
#include <vector>

#include "model/core/text.h"
#include "model/otlp/json_text.h"
#include "model/otlp/wire.h"

namespace spanreel::otlp {
namespace {

using store::Attribute;
using store::Value;
using store::ValueType;

constexpr std::size_t kDisplayDepth = 16;

std::string_view integerText(const Value& value, char (&buffer)[24]) {
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value.asInt());
    return {buffer, static_cast<std::size_t>(result.ptr - buffer)};
}

/// A container being written: its cursor and what stands between its elements.
struct Open {
    std::variant<ArrayCursor, MapCursor> cursor;
    bool first = true;
};

enum class Style { Display, Json };

void appendScalar(std::string& out, const Value& value, Style style) {
    char buffer[24];
    switch (value.type) {
        case ValueType::Empty: out += "null"; break;
        case ValueType::Bool: out += value.asBool() ? "true" : "false"; break;
        case ValueType::Int: out += integerText(value, buffer); break;
        case ValueType::Double: {
            const bool quoted = style == Style::Json && !std::isfinite(value.asDouble());
            if (quoted) out += '"';
            out += formatDouble(value.asDouble());
            if (quoted) out += '"';
            break;
        }
        case ValueType::String: appendJsonString(out, value.text); break;
        case ValueType::Bytes:
            if (style == Style::Json) {
                out += '"';
                out += toBase64(value.text);
                out += '"';
            } else {
                out += "0x";
                out += toHex(value.text);
            }
            break;
        case ValueType::Array:
        case ValueType::KvList: break;
    }
}

/// Writes any value; containers by an explicit stack. Stops soon after `maxBytes`.
void appendValue(std::string& out, const Value& top, Style style, std::size_t maxBytes, std::size_t maxDepth) {
    std::vector<Open> stack;
    Value value = top;
    bool have = true;
    while (true) {
        if (have) {
            const bool container = value.type == ValueType::Array || value.type == ValueType::KvList;
            if (container && stack.size() >= maxDepth) out += "…";
            else if (value.type == ValueType::Array) {
                out += '[';
                stack.push_back({ArrayCursor(value.text)});
            } else if (value.type == ValueType::KvList) {
                out += '{';
                stack.push_back({MapCursor(value.text)});
            } else if (maxBytes != std::string::npos && value.text.size() > maxBytes) {
                value.text = value.text.substr(0, maxBytes);
                appendScalar(out, value, style);
            } else appendScalar(out, value, style);
        }
        if (stack.empty() || out.size() > maxBytes) return;
        Open& open = stack.back();
        if (auto* array = std::get_if<ArrayCursor>(&open.cursor)) {
            have = array->next(value);
            if (have && !open.first) out += style == Style::Display ? ", " : ",";
        } else {
            Attribute entry;
            have = std::get<MapCursor>(open.cursor).next(entry);
            if (have) {
                if (!open.first) out += style == Style::Display ? ", " : ",";
                appendJsonString(out, entry.key);
                out += style == Style::Display ? ": " : ":";
                value = entry.value;
            }
        }
        open.first = false;
        if (!have) {
            out += std::holds_alternative<ArrayCursor>(open.cursor) ? ']' : '}';
            stack.pop_back();
        }
    }
}

/// Cuts at a character's border at or before `maxBytes` and says so.
void cut(std::string& text, std::size_t maxBytes) {
    if (text.size() <= maxBytes) return;
    std::size_t n = maxBytes;
    while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) --n;
    text.resize(n);
    text += "…";
}

}  // namespace

Value readAnyValue(std::string_view encoded) {
    Value value;
    WireCursor cursor(encoded);
    for (WireField field; cursor.next(field);) {
        switch (field.number << 3 | field.type) {
            case 1 << 3 | 2: value = Value::ofString(field.bytes); break;
            case 2 << 3 | 0: value = Value::ofBool(field.value != 0); break;
            case 3 << 3 | 0: value = Value::ofInt(static_cast<std::int64_t>(field.value)); break;
            case 4 << 3 | 1: value = {ValueType::Double, field.value, {}}; break;
            case 5 << 3 | 2: value = Value::ofArray(field.bytes); break;
            case 6 << 3 | 2: value = Value::ofKvList(field.bytes); break;
            case 7 << 3 | 2: value = Value::ofBytes(field.bytes); break;
            default: break;
        }
    }
    return value;
}

bool ArrayCursor::next(Value& element) {
    WireCursor cursor(m_rest);
    for (WireField field; cursor.next(field);) {
        if (!field.is(1, 2)) continue;
        m_rest = cursor.rest();
        element = readAnyValue(field.bytes);
        return true;
    }
    m_rest = {};
    return false;
}

bool MapCursor::next(Attribute& entry) {
    WireCursor cursor(m_rest);
    for (WireField field; cursor.next(field);) {
        if (!field.is(1, 2)) continue;
        m_rest = cursor.rest();
        entry = {};
        WireCursor inner(field.bytes);
        for (WireField part; inner.next(part);) {
            if (part.is(1, 2)) entry.key = part.bytes;
            else if (part.is(2, 2)) entry.value = readAnyValue(part.bytes);
        }
        return true;
    }
    m_rest = {};
    return false;
}

std::string valueToDisplayText(const Value& value, std::size_t maxBytes) {
    std::string out;
    switch (value.type) {
        case ValueType::Empty: return out;
        case ValueType::String: {
            // One byte more than shown, so that the cut is seen.
            out = value.text.substr(0, maxBytes + 4);
            if (!isValidUtf8(out)) out = repairUtf8(out);
            if (value.text.size() > maxBytes + 4 && out.size() <= maxBytes) out.append(maxBytes + 1 - out.size(), ' ');
            break;
        }
        case ValueType::Bytes:
            out = "0x" + toHex(value.text.substr(0, maxBytes / 2 + 1));
            break;
        default: appendValue(out, value, Style::Display, maxBytes, kDisplayDepth);
    }
    cut(out, maxBytes);
    return out;
}

std::string valueToJson(const Value& value) {
    std::string out;
    appendValue(out, value, Style::Json, std::string::npos, 1000);
    return out;
}

}  // namespace spanreel::otlp
