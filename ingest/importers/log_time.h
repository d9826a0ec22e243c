// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/core/time_format.h"

namespace spanreel::ingest {

/// A time as logs spell it.
struct LogTime {
    std::uint64_t ns = 0;
    std::optional<TimeUnit> guessed;  ///< the unit, where it was a bare number
};

/// The whole text as a time: ISO 8601 and its relatives, "14/Nov/2023:22:13:20 +0000", or a number since 1970 whose unit is
/// judged by its magnitude. Nothing where it is none (a date that does not exist, a negative number).
[[nodiscard]] std::optional<LogTime> readLogTime(std::string_view text);

/// The time a line begins with (brackets before it allowed), or that stands in brackets early in it as web servers write; with an
/// offset, the name of a zone (where it means one only), "AM" or "PM" behind it. Without a zone it is UTC.
[[nodiscard]] std::optional<LogTime> findLogTime(std::string_view line);

/// OTLP's severity number of a level's name ("warn", "W", "CRITICAL", slog's "INFO+2"), 0 where it is none.
[[nodiscard]] std::int32_t severityOfWord(std::string_view word);
/// Of the numbers pino and bunyan write (10 … 60), 0 where it is none.
[[nodiscard]] std::int32_t severityOfNumber(std::int64_t level);

/// The level a line of text names near its beginning; empty where none.
[[nodiscard]] std::string_view findLevel(std::string_view line);

/// An id as it stands in a text.
struct IdInText {
    std::string_view digits;  ///< hex, empty where none
    bool decimal = false;     ///< they are a decimal number, as Datadog prints ids of 64 bits
};
/// The id that follows "trace_id", "traceID=", "TraceID: ", "dd.trace_id=" …, ("span" for span ids).
[[nodiscard]] IdInText findIdInText(std::string_view text, std::string_view what);

/// At most 20 decimal digits of a number of 64 bits; nothing for all else.
[[nodiscard]] std::optional<std::uint64_t> readDecimal(std::string_view text);

}  // namespace spanreel::ingest
