// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/metrics_from_json.h"

#include <bit>
#include <optional>
#include <span>
#include <vector>

#include "ingest/json/json_value.h"
#include "ingest/otlp/otlp_json_number.h"
#include "model/core/text.h"
#include "model/otlp/metrics_schema.h"
#include "model/otlp/proto_writer.h"

namespace spanreel::ingest {
namespace {

using otlp::FieldKind;
using otlp::MetricsField;
using otlp::MetricsMessage;

/// An integer's bits: a JSON number or a string of digits.
std::optional<std::uint64_t> integer(JsonValue value) {
    const std::string_view text = value.isString() ? value.asString() : value.numberText();
    if (text.empty()) return std::nullopt;
    if (text[0] == '-') {
        std::int64_t number = 0;
        return integer(value, number) ? std::optional(static_cast<std::uint64_t>(number)) : std::nullopt;
    }
    std::uint64_t number = 0;
    return integer(value, number) ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> enumNumber(JsonValue value) {
    if (value.isString()) {
        // The only enum of metrics.
        if (value.asString() == "AGGREGATION_TEMPORALITY_UNSPECIFIED") return 0;
        if (value.asString() == "AGGREGATION_TEMPORALITY_DELTA") return 1;
        if (value.asString() == "AGGREGATION_TEMPORALITY_CUMULATIVE") return 2;
    }
    return integer(value);
}

/// The number as it stands on the wire (varint or 8 bytes).
std::optional<std::uint64_t> wireNumber(FieldKind kind, JsonValue value) {
    switch (kind) {
        case FieldKind::Bool: return value.isBool() ? std::optional<std::uint64_t>(value.asBool()) : std::nullopt;
        case FieldKind::Enum: return enumNumber(value);
        case FieldKind::Sint32: {
            const auto number = integer(value);
            if (!number) return std::nullopt;
            const auto n = static_cast<std::int64_t>(*number);
            return (static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63);
        }
        case FieldKind::Double: {
            double number = 0;
            return real(value, number) ? std::optional(std::bit_cast<std::uint64_t>(number)) : std::nullopt;
        }
        default: return integer(value);
    }
}

/// The bytes of a text-like field.
std::optional<std::string> wireBytes(FieldKind kind, JsonValue value) {
    if (!value.isString()) return std::nullopt;
    std::string bytes;
    if (kind == FieldKind::Id) {
        if (!otlp::hexToBytes(asciiLower(value.asString()), bytes)) return std::nullopt;  // hex of any case is the id
    } else if (kind == FieldKind::Bytes) {
        if (!fromBase64(value.asString(), bytes)) return std::nullopt;
    } else bytes = value.asString();
    return bytes;
}

class Transcoder {
public:
    Transcoder(otlp::ProtoWriter& out, otlp::LossCount& losses) : m_out(out), m_losses(losses) {}

    void run(JsonValue root) {
        push(root, MetricsMessage::Request, 0);
        while (!m_stack.empty()) step();
    }

private:
    using Items = JsonValue::ItemIterator;
    struct Frame {
        JsonValue object;
        std::span<const MetricsField> fields;  ///< still to be written; the output is in ascending order of numbers
        std::size_t mark;                      ///< of the message in the output, 0 = the request
        const MetricsField* list = nullptr;    ///< field whose elements are being written
        Items item, itemEnd;
    };

    void push(JsonValue object, MetricsMessage message, std::size_t mark) {
        for (const auto [key, value] : object.members())
            if (!otlp::findMetricsField(message, key)) m_losses.add("JSON members OTLP does not know");
        m_stack.push_back({object, otlp::metricsFields(message), mark, nullptr, Items(nullptr, 0), Items(nullptr, 0)});
    }

    void enter(const MetricsField& field, JsonValue value) {
        if (!value.isObject()) {
            m_losses.add("JSON values of another kind than OTLP says");
            return;
        }
        const std::size_t mark = m_out.begin(field.number);
        push(value, field.message, mark);
    }

    void scalar(const MetricsField& field, JsonValue value, bool always) {
        const std::uint32_t wire = otlp::wireTypeOf(field.kind);
        if (wire == 2) {
            const auto bytes = wireBytes(field.kind, value);
            if (!bytes) m_losses.add("JSON values of another kind than OTLP says");
            else if (always || !bytes->empty()) m_out.alwaysText(field.number, *bytes);
            return;
        }
        const auto number = wireNumber(field.kind, value);
        if (!number) m_losses.add("JSON values of another kind than OTLP says");
        else if (!always && *number == 0) return;
        else if (wire == 1) m_out.alwaysFixed64(field.number, *number);
        else m_out.alwaysUint(field.number, *number);
    }

    void packed(const MetricsField& field, JsonValue list) {
        const std::size_t mark = m_out.begin(field.number);
        for (const JsonValue item : list.items()) {
            const auto number = wireNumber(field.kind, item);
            if (!number) m_losses.add("JSON values of another kind than OTLP says");
            else if (otlp::wireTypeOf(field.kind) == 1) {
                char bytes[8];
                for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(*number >> (8 * i));
                m_out.raw({bytes, 8});
            } else m_out.varint(*number);
        }
        m_out.end(mark);
    }

    void step() {
        Frame& frame = m_stack.back();
        if (frame.list) {
            if (frame.item != frame.itemEnd) {
                const MetricsField& field = *frame.list;
                const JsonValue value = *frame.item;
                ++frame.item;
                return enter(field, value);
            }
            frame.list = nullptr;
        }
        if (frame.fields.empty()) {
            if (frame.mark) m_out.end(frame.mark);
            m_stack.pop_back();
            return;
        }
        const MetricsField* const field = &frame.fields.front();
        frame.fields = frame.fields.subspan(1);
        const JsonValue value = frame.object.find(field->jsonName);  // of repeated names the last
        if (!value || value.isNull()) return;
        if (!field->repeated) {
            if (field->kind == FieldKind::Message) enter(*field, value);
            else scalar(*field, value, field->presence);
            return;
        }
        if (!value.isArray()) {
            m_losses.add("JSON values of another kind than OTLP says");
            return;
        }
        if (field->kind == FieldKind::Message) {
            const auto items = value.items();
            frame.list = field;
            frame.item = items.begin();
            frame.itemEnd = items.end();
        } else if (otlp::wireTypeOf(field->kind) == 2) {
            for (const JsonValue item : value.items()) scalar(*field, item, true);
        } else if (value.size() > 0) packed(*field, value);
    }

    otlp::ProtoWriter& m_out;
    otlp::LossCount& m_losses;
    std::vector<Frame> m_stack;
};

}  // namespace

Result<std::string> metricsJsonToProto(std::string_view json, otlp::LossCount& losses) {
    JsonDocument document;
    if (!document.read(json)) return fail(document.error().code, document.error().message, {{}, static_cast<std::int64_t>(document.error().offset), -1});
    otlp::ProtoWriter writer;
    Transcoder(writer, losses).run(document.root());
    return writer.take();
}

}  // namespace spanreel::ingest
