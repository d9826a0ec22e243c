// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "ingest/json/json_value.h"

namespace spanreel::ingest {

/// The whole number that decimal digits with a point and an exponent stand for, exactly; nothing where they stand for none,
/// or for one beyond uint64.
[[nodiscard]] std::optional<std::uint64_t> wholeNumber(std::string_view text);

/// An integer as protobuf's JSON mapping allows: a number or a string of one, also "1e3" or 5.0 where exact.
template <class T>
bool integer(JsonValue value, T& out) {
    const std::string_view text = value.isString() ? value.asString() : value.numberText();
    if (text.empty()) return false;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    if (error == std::errc() && stop == end) return true;
    const bool negative = text.front() == '-';
    const auto whole = wholeNumber(text.substr(negative));
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    if (!whole || *whole > (negative ? std::numeric_limits<T>::min() == 0 ? 0 : kMost + 1 : kMost)) return false;
    out = static_cast<T>(negative ? 0 - *whole : *whole);
    return true;
}

/// A double as protobuf's JSON mapping allows: a number, a string of one, NaN or an infinity by name. False where it is none, or
/// beyond what a double holds.
[[nodiscard]] bool real(JsonValue value, double& out);

}  // namespace spanreel::ingest
