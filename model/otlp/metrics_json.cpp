// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/metrics_json.h"

#include <bit>
#include <deque>
#include <vector>

#include "model/core/text.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/json_text.h"
#include "model/otlp/metrics_schema.h"
#include "model/otlp/value_walk.h"
#include "model/otlp/wire.h"

namespace spanreel::otlp {
namespace {

std::int64_t unzigzag(std::uint64_t value) { return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1); }

bool isDefault(const MetricsField& field, const WireField& wire) {
    if (field.kind == FieldKind::Double) return wire.value == 0;  // -0.0 is not the default
    return wire.type == 2 ? wire.bytes.empty() : wire.value == 0;
}

void writeNumber(JsonWriter& json, FieldKind kind, std::uint64_t value) {
    switch (kind) {
        case FieldKind::Bool: json.boolean(value != 0); break;
        case FieldKind::Enum: json.number(static_cast<std::int32_t>(value)); break;
        case FieldKind::Uint32: json.number(static_cast<std::uint32_t>(value)); break;
        case FieldKind::Uint64:
        case FieldKind::Fixed64: json.unsigned64(value); break;
        case FieldKind::Int64:
        case FieldKind::Sfixed64: json.number64(static_cast<std::int64_t>(value)); break;
        case FieldKind::Sint32: json.number(static_cast<std::int32_t>(unzigzag(value))); break;
        case FieldKind::Double: json.real(std::bit_cast<double>(value)); break;
        default: break;
    }
}

void writeScalar(JsonWriter& json, const MetricsField& field, const WireField& wire) {
    switch (field.kind) {
        case FieldKind::String: json.string(wire.bytes); break;
        case FieldKind::Bytes: json.quoted(toBase64(wire.bytes)); break;
        case FieldKind::Id: json.quoted(toHex(wire.bytes)); break;
        default: writeNumber(json, field.kind, wire.value);
    }
}

/// All numbers of one packed field.
void writePacked(JsonWriter& json, const MetricsField& field, std::string_view packed) {
    if (wireTypeOf(field.kind) == 1) {
        for (; packed.size() >= 8; packed.remove_prefix(8)) {
            std::uint64_t value = 0;
            for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(packed[i]);
            writeNumber(json, field.kind, value);
        }
        return;
    }
    for (std::uint64_t value = 0; !packed.empty() && readVarint(packed, value);) writeNumber(json, field.kind, value);
}

bool fits(const MetricsField& field, const WireField& wire) {
    return wire.type == wireTypeOf(field.kind) || (field.repeated && wire.type == 2 && wireTypeOf(field.kind) != 2);
}

/// Writes one message after another, depth first.
class Transcoder {
public:
    Transcoder(JsonWriter& json, LossCount& losses) : m_json(json), m_losses(losses) {}

    void run(std::string_view request) {
        open(request, MetricsMessage::Request);
        while (!m_stack.empty()) step();
    }

private:
    struct Frame {
        std::string_view bytes;
        std::span<const MetricsField> fields;
        std::size_t at = 0;            ///< field being written
        WireCursor cursor{{}};         ///< its occurrences, of a repeated message
        bool list = false;             ///< its array is open
    };

    void open(std::string_view bytes, MetricsMessage message) {
        m_json.beginObject();
        m_stack.push_back({bytes, metricsFields(message)});
        WireCursor cursor(bytes);
        for (WireField wire; cursor.next(wire);) {
            const MetricsField* field = findMetricsField(message, wire.number);
            if (!field || !fits(*field, wire)) m_losses.add("unknown protobuf fields");
        }
    }

    void enter(const MetricsField& field, std::string_view bytes) {
        if (field.message == MetricsMessage::AnyValue) writeAnyValue(m_json, readAnyValue(bytes));
        else open(bytes, field.message);
    }

    void step() {
        Frame& frame = m_stack.back();
        if (frame.list) {
            const MetricsField& field = frame.fields[frame.at];
            for (WireField wire; frame.cursor.next(wire);)
                if (wire.is(field.number, 2)) return enter(field, wire.bytes);
            m_json.endArray();
            frame.list = false;
            ++frame.at;
            return;
        }
        if (frame.at == frame.fields.size()) {
            m_json.endObject();
            m_stack.pop_back();
            return;
        }
        const MetricsField& field = frame.fields[frame.at];
        WireField last;
        std::size_t found = 0;
        std::string_view content;
        WireCursor cursor(frame.bytes);
        for (WireField wire; cursor.next(wire);) {
            if (wire.number != field.number || !fits(field, wire)) continue;
            // A message that comes again is merged: one encoding after the other.
            if (found > 0 && field.kind == FieldKind::Message && !field.repeated) content = m_merged.emplace_back(std::string(content) + std::string(wire.bytes));
            else content = wire.bytes;
            last = wire;
            ++found;
        }
        if (found == 0 || (!field.repeated && field.kind != FieldKind::Message && !field.presence && isDefault(field, last))) {
            ++frame.at;
            return;
        }
        m_json.key(field.jsonName);
        if (!field.repeated) {
            ++frame.at;
            if (field.kind == FieldKind::Message) enter(field, content);
            else writeScalar(m_json, field, last);
            return;
        }
        m_json.beginArray();
        if (field.kind == FieldKind::Message) {
            frame.cursor = WireCursor(frame.bytes);
            frame.list = true;
            return;
        }
        WireCursor again(frame.bytes);
        for (WireField wire; again.next(wire);) {
            if (wire.number != field.number || !fits(field, wire)) continue;
            if (wire.type == 2 && wireTypeOf(field.kind) != 2) writePacked(m_json, field, wire.bytes);
            else writeScalar(m_json, field, wire);
        }
        m_json.endArray();
        ++frame.at;
    }

    JsonWriter& m_json;
    LossCount& m_losses;
    std::vector<Frame> m_stack;
    std::deque<std::string> m_merged;
};

}  // namespace

std::string metricsProtoToJson(std::string_view request, LossCount& losses) {
    JsonWriter json;
    Transcoder(json, losses).run(request);
    return json.take();
}

std::string compactJson(std::string_view json) {
    if (!isValidUtf8(json)) return compactJson(repairUtf8(json));
    std::string out;
    out.reserve(json.size());
    bool inString = false, escaped = false;
    for (const char c : json) {
        if (inString) {
            if (escaped) escaped = false;
            else if (c == '\\') escaped = true;
            else if (c == '"') inString = false;
        } else if (c == '"') inString = true;
        else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        out += c;
    }
    return out;
}

}  // namespace spanreel::otlp
