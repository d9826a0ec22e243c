// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <map>
#include <string>
#include <string_view>

#include "model/store/snapshot.h"

namespace spanreel::views {

/// Text from a trace for one line of plain text: control characters and direction overrides shown as escapes.
[[nodiscard]] QString plain(std::string_view text);

/// "12:03:11.482" for today's times, "11-20 12:03:11.482" for this year's, else "2025-11-20 12:03:11.482"; local time, or UTC with a Z. Words for no usable time.
[[nodiscard]] QString dateTimeText(std::uint64_t ns, bool utc);
/// "12:03:11.482": for where the day is told elsewhere; else as dateTimeText().
[[nodiscard]] QString timeOfDayText(std::uint64_t ns, bool utc);
/// "2025-11-20".
[[nodiscard]] QString dayText(std::uint64_t ns, bool utc);
/// Both times are usable and of one day of the zone shown.
[[nodiscard]] bool sameDay(std::uint64_t a, std::uint64_t b, bool utc);
/// All nine digits with the zone's offset.
[[nodiscard]] QString dateTimeTextExact(std::uint64_t ns, bool utc);

/// A sentence made with %n, its number written with thousands as all numbers are.
[[nodiscard]] QString grouped(QString sentence, std::uint64_t n);

/// What a source of records is called: a file by its name, an earlier session by the name it was given (`sessionNames`, by
/// folder), else by when it began.
[[nodiscard]] QString sourceTitle(const store::SourceInfo& source, const std::map<std::string, std::string>& sessionNames);

}  // namespace spanreel::views
