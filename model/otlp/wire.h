// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spanreel::otlp {

/// One protobuf field as read by WireCursor.
struct WireField {
    std::uint32_t number = 0;
    std::uint32_t type = 0;   ///< 0 varint, 1 fixed64, 2 bytes, 3 group, 5 fixed32
    std::uint64_t value = 0;  ///< varint, fixed64, fixed32
    std::string_view bytes;   ///< type 2
    std::string_view whole;   ///< the field with its tag
    [[nodiscard]] bool is(std::uint32_t wantedNumber, std::uint32_t wantedType) const { return number == wantedNumber && type == wantedType; }
};

/// Steps over the fields of an encoded message whose bytes were validated when they came in: no diagnosis, a malformed
/// rest ends the walk and sets `malformed`. Bounds-checked; groups come whole. Input from outside goes through
/// ingest::ProtoCursor, which says what is wrong and where.
class WireCursor {
public:
    explicit WireCursor(std::string_view message) : m_rest(message) {}
    bool next(WireField& field);
    [[nodiscard]] bool malformed() const { return m_malformed; }
    [[nodiscard]] std::string_view rest() const { return m_rest; }

private:
    bool stop() {
        m_malformed = true;
        m_rest = {};
        return false;
    }
    std::string_view m_rest;
    bool m_malformed = false;
};

/// Reads a varint off the front of `rest`; false where it is cut or longer than 10 bytes.
bool readVarint(std::string_view& rest, std::uint64_t& value);

/// Unknown fields have one place per record in the store (`unknown`). Those of messages without such a place ride there
/// wrapped into a field of a number near the top of protobuf's range; the encoders put them back. Fields that come in
/// with these numbers are dropped by the decoders, with a warning.
enum WrappedUnknown : std::uint32_t {
    kWrappedEnvelope = 536870911,   ///< in Resource / Scope: unknown fields of ResourceSpans / ScopeSpans (…Logs too)
    kWrappedStatus = 536870910,     ///< in Span: unknown fields of Status
    kWrappedAttribute = 536870909,  ///< in any owner of attributes: {1: index, 2: fields of KeyValue, 3: of its AnyValue}
    kWrappedBody = 536870908,       ///< in LogRecord: unknown fields of the body's AnyValue
    kWrappedRequest = 536870907,    ///< in Resource: unknown fields of the request that come behind it, or before the first
    kFirstWrapped = 536870904,
};

/// The fields of `unknown` that are not wrapped ones. `scratch` holds them where some are wrapped.
[[nodiscard]] std::string_view ownUnknown(std::string_view unknown, std::string& scratch);
/// Content of the first wrapped field with this number; empty where there is none.
[[nodiscard]] std::string_view wrappedUnknown(std::string_view unknown, WrappedUnknown number);
/// Unknown fields of an attribute and of its value.
struct AttributeUnknown {
    std::string_view keyValue, anyValue;
};
[[nodiscard]] AttributeUnknown attributeUnknown(std::string_view ownersUnknown, std::size_t index);

}  // namespace spanreel::otlp
