// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/core/problem.h"

namespace spanreel::app {

/// The sentence of a problem without its place, in the user's language (English on the command line).
[[nodiscard]] std::string problemText(const Problem& problem);
/// "file.json, line 3: …" / "file.json, byte 725: …".
[[nodiscard]] std::string problemTextWithPlace(const Problem& problem);

/// "bad-json": how `stats --json` names a code.
[[nodiscard]] std::string problemCodeName(ProblemCode code);

/// Set by the studio to translate the sentences; null = English.
using Translate = std::string (*)(const char* english);
void setProblemTranslator(Translate translate);

}  // namespace spanreel::app
