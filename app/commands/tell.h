// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace spanreel::app {

/// Writes "spanreel serve: LINE" to the error output without waiting for whoever reads it: a pipe nobody empties, or a terminal
/// that was stopped, must not keep senders waiting. Lines that do not fit wait for the next call, up to a hundred; of more only
/// the number is told. An empty line only writes what waits. Any thread.
void tellServe(std::string_view line);

}  // namespace spanreel::app
