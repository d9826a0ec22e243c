// SPDX-License-Identifier: GPL-3.0-or-later
// AnyValue and attributes: the second half of OtlpJsonRecords.
#include "ingest/json/json_text.h"
#include "ingest/otlp/otlp_json_number.h"
#include "ingest/otlp/otlp_json_records.h"
#include "model/core/text.h"

namespace spanreel::ingest {

using store::Value;
using store::ValueType;

/// Which of AnyValue's kinds is set; the last where there are several.
bool OtlpJsonRecords::pick(JsonValue any, Picked& out) {
    if (any.isNull()) return true;
    if (!any.isObject()) return bad("value", any, "an object is wanted");
    bool several = false;
    for (const auto [key, value] : any.members()) {
        if (value.isNull()) continue;
        ValueType type;
        if (key == "stringValue") type = ValueType::String;
        else if (key == "intValue") type = ValueType::Int;
        else if (key == "boolValue") type = ValueType::Bool;
        else if (key == "doubleValue") type = ValueType::Double;
        else if (key == "arrayValue") type = ValueType::Array;
        else if (key == "kvlistValue") type = ValueType::KvList;
        else if (key == "bytesValue") type = ValueType::Bytes;
        else continue;
        several = several || (out.type != ValueType::Empty && out.type != type);
        out = {type, value};
    }
    if (several) warn(ProblemCode::FlaggedValue, "a value of two types; the last is kept", any.byteOffset());
    return true;
}

bool OtlpJsonRecords::scalar(const Picked& picked, Value& out) {
    const JsonValue value = picked.payload;
    switch (picked.type) {
        case ValueType::Empty: out = {}; return true;
        case ValueType::String: {
            if (!value.isString()) return bad("stringValue", value, "a string is wanted");
            out = Value::ofString(value.asString());
            return true;
        }
        case ValueType::Int: {
            std::int64_t number = 0;
            if (!integer(value, number)) return bad("intValue", value, "a whole number of 64 bits is wanted");
            out = Value::ofInt(number);
            return true;
        }
        case ValueType::Bool:
            if (!value.isBool()) return bad("boolValue", value, "true or false is wanted");
            out = Value::ofBool(value.asBool());
            return true;
        case ValueType::Double: {
            double number = 0;
            if (!real(value, number)) return bad("doubleValue", value, "a number that a double holds is wanted");
            out = Value::ofDouble(number);
            return true;
        }
        case ValueType::Bytes:
            if (!value.isString() || !fromBase64(value.asString(), m_scratch)) return bad("bytesValue", value, "base64 is wanted");
            out = Value::ofBytes(m_scratch);
            return true;
        case ValueType::Array:
        case ValueType::KvList: break;
    }
    return false;
}

bool OtlpJsonRecords::anyValue(JsonValue any, Value& out) {
    Picked picked;
    if (!pick(any, picked)) return false;
    if (picked.type == ValueType::Array || picked.type == ValueType::KvList) {
        std::string_view encoded;
        if (!encode(picked, encoded)) return false;
        out = picked.type == ValueType::Array ? Value::ofArray(encoded) : Value::ofKvList(encoded);
        return true;
    }
    if (!scalar(picked, out)) return false;
    if (picked.type == ValueType::String) out.text = keep(out.text);
    if (picked.type == ValueType::Bytes) out.text = m_batch->arena.copy(out.text);
    return true;
}

/// Encodes an array or map as the protobuf message ArrayValue or KeyValueList, with a stack of its own. What is nested deeper
/// than readers of protobuf take becomes its JSON as a text, so that nothing is lost.
bool OtlpJsonRecords::encode(const Picked& picked, std::string_view& out) {
    constexpr std::size_t kDepthAround = 6;  // ResourceSpans, ScopeSpans, Span, KeyValue, AnyValue, ArrayValue
    constexpr std::size_t kMaxDepth = 100;
    struct Frame {
        bool map;
        JsonValue::ItemIterator at, end;
        std::size_t marks[3];  ///< of the messages to end with this container, 0 = none
        std::size_t depth;
    };
    std::vector<Frame> stack;
    const auto open = [&](const Picked& container, std::size_t entry, std::size_t value, std::size_t inner, std::size_t depth) {
        const bool map = container.type == ValueType::KvList;
        const char* const field = map ? "kvlistValue" : "arrayValue";
        if (!container.payload.isObject()) return bad(field, container.payload, "an object is wanted");
        const JsonValue values = container.payload.find("values");
        if (!values.isArray() && !values.isNull()) return bad(field, values, "an array is wanted");
        const auto items = values.items();
        stack.push_back({map, items.begin(), items.end(), {entry, value, inner}, depth});
        return true;
    };
    m_writer.clear();
    if (!open(picked, 0, 0, 0, kDepthAround)) return false;
    while (!stack.empty()) {
        Frame& frame = stack.back();
        if (!(frame.at != frame.end)) {
            for (std::size_t i = 3; i-- > 0;)
                if (frame.marks[i]) m_writer.end(frame.marks[i]);
            stack.pop_back();
            continue;
        }
        const JsonValue item = *frame.at;
        ++frame.at;
        JsonValue any = item;
        std::size_t entry = 0;
        const std::size_t depth = frame.depth + (frame.map ? 3 : 2);
        if (frame.map) {
            if (!item.isObject()) return bad("kvlistValue", item, "an object is wanted");
            entry = m_writer.begin(1);
            const JsonValue key = item.find("key");
            if (!key.isString() && !key.isNull()) return bad("key", key, "a string is wanted");
            m_writer.text(1, key.asString());
            any = item.find("value");
            if (!any.exists()) {
                m_writer.end(entry);
                continue;
            }
        }
        const std::size_t value = m_writer.begin(frame.map ? 2 : 1);
        Picked inner;
        if (!pick(any, inner)) return false;
        if (inner.type == ValueType::Array || inner.type == ValueType::KvList) {
            if (depth > kMaxDepth) {
                if (m_dialect.strict) {
                    m_badCode = ProblemCode::Nesting;
                    m_badByte = any.byteOffset();
                    return false;
                }
                warn(ProblemCode::Nesting, "kept as JSON text", any.byteOffset());
                m_writer.alwaysText(1, jsonText(any));
            } else {
                const std::size_t mark = m_writer.begin(inner.type == ValueType::Array ? 5 : 6);
                if (!open(inner, entry, value, mark, depth)) return false;
                continue;
            }
        } else {
            Value scalarValue;
            if (!scalar(inner, scalarValue)) return false;
            switch (scalarValue.type) {
                case ValueType::String: m_writer.alwaysText(1, scalarValue.text); break;
                case ValueType::Bool: m_writer.alwaysUint(2, scalarValue.bits); break;
                case ValueType::Int: m_writer.alwaysUint(3, scalarValue.bits); break;
                case ValueType::Double: m_writer.alwaysFixed64(4, scalarValue.bits); break;
                case ValueType::Bytes: m_writer.alwaysText(7, scalarValue.text); break;
                default: break;
            }
        }
        m_writer.end(value);
        if (entry) m_writer.end(entry);
    }
    out = m_batch->arena.copy(std::string_view(m_writer.bytes()));
    return true;
}

bool OtlpJsonRecords::attributes(JsonValue value, std::string_view field, store::AttributeSpan& out) {
    if (value.isNull()) return true;
    if (!value.isArray()) return bad(field, value, "an array is wanted");
    const auto room = m_batch->arena.array<store::Attribute>(value.size());
    std::size_t n = 0;
    for (const JsonValue item : value.items()) {
        if (!item.isObject()) {
            if (item.isNull()) continue;
            return bad(field, item, "an object is wanted");
        }
        store::Attribute& attribute = *new (&room[n]) store::Attribute;
        bool hasKey = false;
        for (const auto [key, member] : item.members()) {
            if (key == "key") {
                if (!text(member, "key", attribute.key)) return false;
                hasKey = true;
            } else if (key == "value") {
                if (!anyValue(member, attribute.value)) return false;
            }
        }
        if (!hasKey) warn(ProblemCode::FlaggedValue, "an attribute without a key", item.byteOffset());
        ++n;
    }
    out = room.first(n);
    return true;
}

}  // namespace spanreel::ingest
