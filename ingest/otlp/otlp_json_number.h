// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <cmath>
#include <string_view>
#include <type_traits>

#include "ingest/json/json_value.h"

namespace spanreel::ingest {

/// An integer as protobuf's JSON mapping allows: a number or a string of one, also "1e3" or 5.0 where exact.
template <class T>
bool integer(JsonValue value, T& out) {
    const std::string_view text = value.isString() ? value.asString() : value.numberText();
    if (text.empty()) return false;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    if (error == std::errc() && stop == end) return true;
    if (text.find_first_of(".eE") == std::string_view::npos) return text == "-0" ? (out = 0, true) : false;
    double number = 0;
    const auto [stop2, error2] = std::from_chars(text.data(), end, number);
    if (error2 != std::errc() || stop2 != end || number != std::trunc(number) || std::fabs(number) > 9007199254740992.0) return false;
    if (number < 0 && !std::is_signed_v<T>) return false;
    out = static_cast<T>(number);
    return static_cast<double>(out) == number;
}

}  // namespace spanreel::ingest
