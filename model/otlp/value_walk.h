// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/store/value.h"

namespace spanreel::otlp {

/// Steps over the protobuf encoding of an ArrayValue (`Value::text` of an array). The encoding was validated when it
/// came in; a cut or malformed one simply ends the walk. Cheap to copy, allocates nothing.
class ArrayCursor {
public:
    explicit ArrayCursor(std::string_view encoded) : m_rest(encoded) {}
    /// The next element; false at the end.
    bool next(store::Value& element);
    [[nodiscard]] std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

/// Steps over the protobuf encoding of a KeyValueList (`Value::text` of a kvlist), in the sender's order, repeated keys
/// included.
class MapCursor {
public:
    explicit MapCursor(std::string_view encoded) : m_rest(encoded) {}
    bool next(store::Attribute& entry);
    [[nodiscard]] std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

/// Calls `visit(const Value&)` for each element of an encoded array. Not recursive: nested values are handed on encoded.
template <class F>
void forEachArrayElement(std::string_view encoded, F&& visit) {
    ArrayCursor cursor(encoded);
    for (store::Value element; cursor.next(element);) visit(element);
}
/// Calls `visit(const Attribute&)` for each entry of an encoded kvlist.
template <class F>
void forEachMapEntry(std::string_view encoded, F&& visit) {
    MapCursor cursor(encoded);
    for (store::Attribute entry; cursor.next(entry);) visit(entry);
}

/// Reads one encoded AnyValue message.
[[nodiscard]] store::Value readAnyValue(std::string_view encoded);

/// A value as a person reads it: a string as it is, numbers and booleans plainly, bytes as "0x" and hex, arrays and maps in
/// compact JSON, "" for an empty value. Cut after about `maxBytes` bytes with "…" (never inside a character), nesting
/// below 16 levels shown as "…". Iterative.
[[nodiscard]] std::string valueToDisplayText(const store::Value& value, std::size_t maxBytes = 4096);

/// A value as plain JSON text: strings quoted, NaN and infinities as strings, bytes as base64 strings, empty as null,
/// arrays and maps as such (repeated keys repeated). Lossy as to types; for copying and reading. Iterative.
[[nodiscard]] std::string valueToJson(const store::Value& value);

}  // namespace spanreel::otlp
