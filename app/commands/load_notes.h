// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/notes/note.h"

namespace spanreel::app {

/// The notes of a command's files; says on standard error what could not be read.
[[nodiscard]] std::vector<notes::Note> loadNotesOf(const std::vector<std::string>& files);

}  // namespace spanreel::app
