// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace spanreel {

/// A trace's 16-byte id. All-zero is invalid and never joins anything. Hex only at the edges.
struct TraceId {
    std::uint64_t high = 0;  ///< first 8 bytes, big-endian
    std::uint64_t low = 0;   ///< last 8 bytes, big-endian

    [[nodiscard]] bool isValid() const { return (high | low) != 0; }
    auto operator<=>(const TraceId&) const = default;

    /// 32 lower-case hex digits.
    [[nodiscard]] std::string toHex() const;
    /// Reads 16 raw bytes, big-endian, as OTLP protobuf carries them.
    static TraceId fromBytes(const unsigned char* bytes16);
    /// Writes 16 raw bytes, big-endian.
    void toBytes(unsigned char* bytes16) const;
    /// Up to 32 hex digits of any case, left-padded with zeros; nothing for other text.
    static std::optional<TraceId> fromHex(std::string_view text);
    /// XXH3-128 of any text: the stable id of a trace whose own id is not hex.
    static TraceId fromText(std::string_view text);
};

/// A span's 8-byte id. Zero is invalid: never joined, never a parent.
struct SpanId {
    std::uint64_t value = 0;  ///< big-endian reading of the 8 bytes

    [[nodiscard]] bool isValid() const { return value != 0; }
    auto operator<=>(const SpanId&) const = default;

    [[nodiscard]] std::string toHex() const;  ///< 16 lower-case hex digits
    static SpanId fromBytes(const unsigned char* bytes8);
    void toBytes(unsigned char* bytes8) const;
    /// Up to 16 hex digits of any case, left-padded with zeros; nothing for other text.
    static std::optional<SpanId> fromHex(std::string_view text);
    /// XXH3-64 of any text: the stable id of a span whose own id is not hex.
    static SpanId fromText(std::string_view text);
};

}  // namespace spanreel
