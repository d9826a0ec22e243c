// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

namespace spanreel::store {

/// The seven kinds of OTLP's AnyValue, and "empty" (none of them set).
enum class ValueType : std::uint8_t { Empty, Bool, Int, Double, String, Bytes, Array, KvList };

/// An AnyValue as a view. `text` holds a string, raw bytes, or, for Array and KvList, the protobuf encoding of the
/// ArrayValue or KeyValueList message (walk it with `otlp::forEachArrayElement` / `otlp::forEachMapEntry`).
struct Value {
    ValueType type = ValueType::Empty;
    std::uint64_t bits = 0;  ///< bool 0/1, int64 two's complement, or the double's bits
    std::string_view text;

    static Value ofBool(bool b) { return {ValueType::Bool, b ? 1u : 0u, {}}; }
    static Value ofInt(std::int64_t i) { return {ValueType::Int, static_cast<std::uint64_t>(i), {}}; }
    static Value ofDouble(double d) { return {ValueType::Double, std::bit_cast<std::uint64_t>(d), {}}; }
    static Value ofString(std::string_view s) { return {ValueType::String, 0, s}; }
    static Value ofBytes(std::string_view s) { return {ValueType::Bytes, 0, s}; }
    static Value ofArray(std::string_view encoded) { return {ValueType::Array, 0, encoded}; }
    static Value ofKvList(std::string_view encoded) { return {ValueType::KvList, 0, encoded}; }

    [[nodiscard]] bool asBool() const { return bits != 0; }
    [[nodiscard]] std::int64_t asInt() const { return static_cast<std::int64_t>(bits); }
    [[nodiscard]] double asDouble() const { return std::bit_cast<double>(bits); }

    /// Equal type and content; doubles compare by bits (NaN equals itself, 0.0 differs from -0.0).
    bool operator==(const Value& other) const { return type == other.type && bits == other.bits && text == other.text; }
};

/// A key and its value. Repeated keys are legal and kept in the sender's order.
struct Attribute {
    std::string_view key;
    Value value;
    bool operator==(const Attribute&) const = default;
};
using AttributeSpan = std::span<const Attribute>;

}  // namespace spanreel::store
