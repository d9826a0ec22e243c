// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/notes/note.h"
#include "model/trace/trace.h"
#include "views/geometry/picture.h"

namespace spanreel::views::geometry {

/// The words of a written picture; views and reports give translated ones.
struct TimelineWords {
    std::function<std::string(std::size_t shown, std::size_t total)> leftOut;  ///< "Shows 400 of 12,000 spans …"
};

struct TimelinePictureOptions {
    double width = 1200;
    std::size_t maxRows = 400;       ///< beyond it spans are left out, errors and the critical path last, with a stated count
    std::vector<notes::Note> notes;  ///< of this trace; shown as flags and shaded ranges
    TimelineWords words;
};

/// A timeline of a whole trace for reports and `render`: axis, rows, bars, critical path, errors, events, logs, notes, and a
/// line that says what is left out. Pure; O(n log n) in the spans; any thread.
[[nodiscard]] Picture timelinePicture(const trace::Trace& trace, const TimelinePictureOptions& options = {});

}  // namespace spanreel::views::geometry
