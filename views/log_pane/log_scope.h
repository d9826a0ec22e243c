// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace spanreel::views {

/// Which logs the log pane lists.
enum class LogScope {
    Trace,     ///< all logs of the selected trace
    Span,      ///< those of the selected span
    Subtree,   ///< those of the selected span and its descendants
    Range,     ///< those within the selected time range
    Session,   ///< all logs of the session
    Unjoined,  ///< those of the session that name no trace
};

}  // namespace spanreel::views
