// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace spanreel {

/// The mark that `formatDuration` and `formatDurationExact` write before decimals: '.', or ',' where the window speaks so.
/// One for the process, set once at its start; any thread reads it.
void setDecimalMark(char mark);

}  // namespace spanreel
