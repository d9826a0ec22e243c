// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/notes/note.h"
#include "model/report/document.h"
#include "model/trace/trace.h"

namespace spanreel::views {

/// What goes into a report.
struct ReportOptions {
    bool redact = true;
    bool timeline = true;
    bool map = true;
    std::vector<notes::Note> notes;          ///< those of the trace are taken
    std::uint64_t writtenNs = 0;             ///< named in the footer; 0 = not
    std::function<void(int percent)> progress;  ///< called from the building thread; may be empty
};

struct BuiltReport {
    report::Document document;
    std::uint64_t redacted = 0;  ///< values taken out
};

/// Builds the report of one trace: facts, notes in order, timeline, service map, critical path, slowest spans, errors with
/// their logs. Lists are bounded and say what they leave out. Blocking (runs `dot`): for the query pool or a command; needs
/// a QCoreApplication. O(n log n). Stopped = an unfinished document.
[[nodiscard]] BuiltReport buildReport(const trace::Trace& trace, const ReportOptions& options, std::stop_token stop = {});

/// The language of the texts above, "en" or "de".
[[nodiscard]] std::string reportLanguage();

}  // namespace spanreel::views
