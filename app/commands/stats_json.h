// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/analysis/counts.h"
#include "model/store/import_report.h"

namespace spanreel::app {

using NamedReport = std::pair<std::string, store::ImportReport>;

/// One line of JSON with the keys of `spanreel stats --json`. `inputs` are files, or the receivers of `serve`.
[[nodiscard]] std::string statsJson(const analysis::Counts& counts, const std::vector<NamedReport>& inputs);

}  // namespace spanreel::app
