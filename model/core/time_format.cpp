// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/time_format.h"

#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "model/core/decimal_mark.h"

namespace spanreel {
namespace {

constexpr std::uint64_t kSecond = 1000000000ull;
std::atomic<char> decimalMark{'.'};

/// The number's point as the mark in force; there is at most one.
std::string marked(std::string number) {
    if (const auto point = number.find('.'); point != std::string::npos) number[point] = decimalMark.load(std::memory_order_relaxed);
    return number;
}

// Days since 1970-01-01 of a proleptic Gregorian date, and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::int64_t daysFromCivil(std::int64_t y, unsigned m, unsigned d) {
    y -= m <= 2;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const auto yearOfEra = static_cast<unsigned>(y - era * 400);
    const unsigned dayOfYear = (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
    const unsigned dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + static_cast<std::int64_t>(dayOfEra) - 719468;
}

struct Civil {
    std::int64_t year;
    unsigned month, day;
};
Civil civilFromDays(std::int64_t z) {
    z += 719468;
    const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const auto dayOfEra = static_cast<unsigned>(z - era * 146097);
    const unsigned yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const unsigned dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const unsigned mp = (5 * dayOfYear + 2) / 153;
    const unsigned month = mp < 10 ? mp + 3 : mp - 9;
    return {static_cast<std::int64_t>(yearOfEra) + era * 400 + (month <= 2), month, dayOfYear - (153 * mp + 2) / 5 + 1};
}

/// A small cursor over the text of a time.
struct Scanner {
    std::string_view text;
    std::size_t at = 0;
    [[nodiscard]] bool done() const { return at >= text.size(); }
    [[nodiscard]] char peek() const { return done() ? '\0' : text[at]; }
    bool take(char c) {
        if (peek() != c) return false;
        ++at;
        return true;
    }
    /// Exactly `count` digits.
    std::optional<unsigned> digits(unsigned count) {
        if (at + count > text.size()) return std::nullopt;
        unsigned v = 0;
        for (unsigned i = 0; i < count; ++i) {
            const char c = text[at + i];
            if (c < '0' || c > '9') return std::nullopt;
            v = v * 10 + static_cast<unsigned>(c - '0');
        }
        at += count;
        return v;
    }
    void blanks() {
        while (peek() == ' ') ++at;
    }
};

/// "Z", "UTC", "GMT", "+01:00", "+0100", "+01", optionally followed by a zone name; seconds east of UTC. False = not a zone.
bool readZone(Scanner& s, std::int64_t& offset) {
    offset = 0;
    if (s.done()) return true;
    if (s.take('Z') || s.take('z')) return s.done();
    const char sign = s.peek();
    if (sign == '+' || sign == '-') {
        ++s.at;
        const auto hours = s.digits(2);
        if (!hours || *hours > 14) return false;
        s.take(':');
        const auto minutes = s.digits(2);
        offset = (static_cast<std::int64_t>(*hours) * 60 + minutes.value_or(0)) * 60 * (sign == '-' ? -1 : 1);
        s.blanks();
    }
    // A zone name may follow an offset ("+0000 UTC") or stand alone ("UTC", "GMT").
    const std::string_view rest = s.text.substr(s.at);
    if (rest.empty() || rest == "UTC" || rest == "GMT") return true;
    if (sign != '+' && sign != '-') return false;
    for (const char c : rest)
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '-' || (c >= '0' && c <= '9') || c == '=' || c == '.' || c == ' ')) return false;
    return true;
}

}  // namespace

std::string formatUtc(std::uint64_t ns) {
    const std::uint64_t seconds = ns / kSecond;
    const auto date = civilFromDays(static_cast<std::int64_t>(seconds / 86400));
    const std::uint64_t ofDay = seconds % 86400;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", date.year, date.month, date.day, ofDay / 3600, ofDay / 60 % 60, ofDay % 60, ns % kSecond);
}

void setDecimalMark(char mark) { decimalMark.store(mark, std::memory_order_relaxed); }

std::string formatDuration(std::int64_t ns) {
    const bool negative = ns < 0;
    const std::uint64_t n = negative ? ~static_cast<std::uint64_t>(ns) + 1 : static_cast<std::uint64_t>(ns);
    const std::string sign = negative ? "\u2212" : "";
    if (n < 1000) return fmt::format("{}{} ns", sign, n);
    if (n >= 60 * kSecond) {
        const std::uint64_t s = (n + kSecond / 2) / kSecond;
        if (s >= 86400) return fmt::format("{}{} d {} h", sign, s / 86400, s / 3600 % 24);
        if (s >= 3600) return fmt::format("{}{} h {} min", sign, s / 3600, s / 60 % 60);
        return fmt::format("{}{} min {} s", sign, s / 60, s % 60);
    }
    double value = static_cast<double>(n);
    const char* const units[] = {"ns", "\u00b5s", "ms", "s"};
    int unit = 0;
    while (unit < 3 && value >= 999.5) {
        value /= 1000;
        ++unit;
    }
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return marked(fmt::format("{}{:.{}f} {}", sign, value, decimals, units[unit]));
}

std::string formatDurationExact(std::int64_t ns) {
    const bool negative = ns < 0;
    const std::uint64_t n = negative ? ~static_cast<std::uint64_t>(ns) + 1 : static_cast<std::uint64_t>(ns);
    const std::string sign = negative ? "\u2212" : "";
    const auto fixed = [&](std::uint64_t unit, int digits, const char* name) {
        std::string text = fmt::format("{}{}.{:0{}}", sign, n / unit, n % unit, digits);
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
        return marked(text) + " " + name;
    };
    if (n < 1000) return fmt::format("{}{} ns", sign, n);
    if (n < 1000000) return fixed(1000, 3, "\u00b5s");
    if (n < kSecond) return fixed(1000000, 6, "ms");
    return fixed(kSecond, 9, "s");
}

std::string formatCount(std::uint64_t n) {
    std::string digits = std::to_string(n), out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i && (digits.size() - i) % 3 == 0) out += "\u2009";
        out += digits[i];
    }
    return out;
}

std::optional<std::uint64_t> parseTime(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    Scanner s{text};
    const auto year = s.digits(4);
    if (!year) return std::nullopt;
    const char separator = s.peek();
    if (separator != '-' && separator != '/') return std::nullopt;
    ++s.at;
    const auto month = s.digits(2);
    if (!month || *month < 1 || *month > 12 || !s.take(separator)) return std::nullopt;
    const auto day = s.digits(2);
    static constexpr unsigned kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!day || *day < 1 || *day > kDays[*month - 1]) return std::nullopt;
    if (!s.take('T') && !s.take('t') && !s.take(' ')) return std::nullopt;
    s.blanks();
    const auto hour = s.digits(2);
    if (!hour || *hour > 23 || !s.take(':')) return std::nullopt;
    const auto minute = s.digits(2);
    if (!minute || *minute > 59) return std::nullopt;
    unsigned second = 0;
    std::uint64_t fraction = 0;
    if (s.take(':')) {
        const auto value = s.digits(2);
        if (!value || *value > 60) return std::nullopt;  // 60 = leap second, becomes the next second
        second = *value;
        if (s.take('.') || s.take(',')) {
            std::uint64_t scale = kSecond;
            if (s.peek() < '0' || s.peek() > '9') return std::nullopt;
            while (s.peek() >= '0' && s.peek() <= '9') {
                scale /= 10;
                fraction += scale * static_cast<std::uint64_t>(s.peek() - '0');
                ++s.at;
            }
        }
    }
    s.blanks();
    std::int64_t zone = 0;
    if (!readZone(s, zone)) return std::nullopt;
    const std::int64_t seconds = daysFromCivil(*year, *month, *day) * 86400 + *hour * 3600 + *minute * 60 + second - zone;
    if (seconds < 0 || static_cast<std::uint64_t>(seconds) > (std::numeric_limits<std::uint64_t>::max() - fraction) / kSecond) return std::nullopt;
    return static_cast<std::uint64_t>(seconds) * kSecond + fraction;
}

TimeUnit guessTimeUnit(double number) {
    const double n = std::fabs(number);
    if (n < 1e11) return TimeUnit::Seconds;
    if (n < 1e14) return TimeUnit::Milliseconds;
    if (n < 1e17) return TimeUnit::Microseconds;
    return TimeUnit::Nanoseconds;
}

const char* timeUnitName(TimeUnit unit) {
    switch (unit) {
        case TimeUnit::Seconds: return "s";
        case TimeUnit::Milliseconds: return "ms";
        case TimeUnit::Microseconds: return "us";
        case TimeUnit::Nanoseconds: break;
    }
    return "ns";
}

std::int64_t saturatingDifference(std::uint64_t a, std::uint64_t b) {
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (a >= b) return a - b > kMax ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(a - b);
    return b - a > kMax ? std::numeric_limits<std::int64_t>::min() : -static_cast<std::int64_t>(b - a);
}

}  // namespace spanreel
