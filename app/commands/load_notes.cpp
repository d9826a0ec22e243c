// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/load_notes.h"

#include <cstdio>

#include "app/problem_text.h"
#include "app/studio/paths.h"
#include "model/core/text.h"
#include "model/notes/sidecar.h"

namespace spanreel::app {

std::vector<notes::Note> loadNotesOf(const std::vector<std::string>& files) {
    std::vector<notes::Note> out;
    for (const auto& file : files) {
        if (file == "-") continue;
        const auto found = notes::loadNotes(file, dataFolder().toStdString());
        if (!found) {
            std::fprintf(stderr, "spanreel: %s\n", problemTextWithPlace(found.error()).c_str());
            continue;
        }
        if (!found->unread.empty()) std::fprintf(stderr, "spanreel: %s: notes that cannot be read: %zu\n", escapeControls(file).c_str(), found->unread.size());
        out.insert(out.end(), found->notes.begin(), found->notes.end());
    }
    return out;
}

}  // namespace spanreel::app
