// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/otlp_json_number.h"

#include <cmath>
#include <utility>

namespace spanreel::ingest {

std::optional<std::uint64_t> wholeNumber(std::string_view text) {
    constexpr std::int64_t kFar = std::int64_t{1} << 60;  // more than there are digits
    std::int64_t power = 0;
    if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view exponent = text.substr(e + 1);
        if (exponent.starts_with('+')) exponent.remove_prefix(1);
        const auto [stop, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
        if (error == std::errc::invalid_argument || stop != exponent.data() + exponent.size()) return std::nullopt;
        if (error != std::errc() || power > kFar || power < -kFar) power = exponent.starts_with('-') ? -kFar : kFar;
        text = text.substr(0, e);
    }
    std::uint64_t value = 0;
    const auto shift = [&](std::int64_t by) {
        for (; by > 0; --by)
            if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return false;
        return true;
    };
    bool any = false, point = false;
    std::int64_t zeros = 0;  // behind the digits in `value`
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return std::nullopt;
        any = true;
        power -= point;
        if (c == '0') zeros += value != 0;
        else if (!shift(std::exchange(zeros, 0) + 1) || __builtin_add_overflow(value, static_cast<std::uint64_t>(c - '0'), &value)) return std::nullopt;
    }
    if (!any) return std::nullopt;
    if (value == 0) return 0;
    power += zeros;
    if (power < 0 || !shift(power)) return std::nullopt;
    return value;
}

bool real(JsonValue value, double& out) {
    const std::string_view text = value.isString() ? value.asString() : value.numberText();
    if (text == "NaN") out = std::numeric_limits<double>::quiet_NaN();
    else if (text == "Infinity") out = std::numeric_limits<double>::infinity();
    else if (text == "-Infinity") out = -std::numeric_limits<double>::infinity();
    else {
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, out);
        if (error == std::errc::invalid_argument || stop != end) return false;
        if (error == std::errc()) return true;
        // Beyond a double: what is too small rounds to the nearest, what is too large is none. Whatever the locale's decimal mark.
        long double wide = 0;
        if (std::from_chars(text.data(), end, wide).ec != std::errc() && text.find("e-") == std::string_view::npos && text.find("E-") == std::string_view::npos) return false;
        out = static_cast<double>(wide);
        return std::isfinite(out);
    }
    return true;
}

}  // namespace spanreel::ingest
