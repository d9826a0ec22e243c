// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>

#include "model/trace/trace.h"

namespace spanreel::views {

/// Text of a trace as one line of plain text: control characters visible, at most `limit` bytes read.
[[nodiscard]] QString plainLine(std::string_view text, std::size_t limit = 2000);

[[nodiscard]] QString kindInWords(std::int32_t kind);
[[nodiscard]] QString statusInWords(std::int32_t status);
/// Everything odd about a node and its row (orphan, cycle, clock, copies, repaired …), a sentence each; empty = nothing.
[[nodiscard]] QStringList marksInWords(const trace::Trace& trace, trace::NodeId node);
/// An instant: "22:56:22.123456789 +01:00  2026-11-20" or "… UTC  …"; "no usable time" where there is none.
[[nodiscard]] QString instantInWords(std::uint64_t ns, bool utc, int digits = 9);
/// "+412 ms" from the trace's start.
/// All of a duration, to the nanosecond; from a minute on in the units it is told by elsewhere: "1 min 40.25 s".
[[nodiscard]] QString exactDurationInWords(std::int64_t ns);
[[nodiscard]] QString offsetInWords(std::int64_t offsetNs);
/// "service · name".
[[nodiscard]] QString spanTitle(const store::SpanView& span);

}  // namespace spanreel::views
