// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spanreel {

/// Times are uint64 nanoseconds since 1970-01-01T00:00:00Z as received. 0 and everything after the year 2200 are
/// "no usable time": listed, but off the axis and out of statistics.
constexpr std::uint64_t kLatestUsableNs = 7258118400ull * 1000000000ull;  // 2200-01-01T00:00:00Z
[[nodiscard]] constexpr bool isUsableTime(std::uint64_t ns) { return ns != 0 && ns < kLatestUsableNs; }

/// "2026-11-20T21:56:22.123456789Z"; always 9 digits.
[[nodiscard]] std::string formatUtc(std::uint64_t ns);

/// Three significant digits with a unit: "1.84 s", "412 ms", "8.03 µs", "12 ns", "3 min 12 s"; negative values with U+2212.
[[nodiscard]] std::string formatDuration(std::int64_t ns);

/// The whole value: "1.843201117 s"; exact to the nanosecond.
[[nodiscard]] std::string formatDurationExact(std::int64_t ns);

/// Thin-space thousands: "1 204".
[[nodiscard]] std::string formatCount(std::uint64_t n);

/// RFC 3339 / ISO 8601 and the usual log spellings ("2021-10-22 16:04:01.209458162 +0000 UTC", with 'T' or blank, comma or dot
/// fraction, 'Z', "+01:00", "+0000", optional zone name). Without a zone it is UTC. Nothing where the text is not a time.
[[nodiscard]] std::optional<std::uint64_t> parseTime(std::string_view text);

enum class TimeUnit : std::uint8_t { Seconds, Milliseconds, Microseconds, Nanoseconds };

/// Judges a number without a unit by its magnitude, as a time since 1970 (seconds < 1e11 <= ms < 1e14 <= us < 1e17 <= ns).
[[nodiscard]] TimeUnit guessTimeUnit(double number);
[[nodiscard]] const char* timeUnitName(TimeUnit unit);  ///< "s", "ms", "us", "ns"

/// a - b in nanoseconds, saturating at the ends of int64.
[[nodiscard]] std::int64_t saturatingDifference(std::uint64_t a, std::uint64_t b);

}  // namespace spanreel
