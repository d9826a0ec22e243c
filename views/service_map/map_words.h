// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "views/service_map/map_picture.h"

namespace spanreel::views {

/// The words of a map in the user's language.
[[nodiscard]] MapWords translatedMapWords();
/// A node or an edge with its neighbours, in whole sentences; plain text.
[[nodiscard]] QString describeNode(const analysis::ServiceMap& map, std::uint32_t node);
[[nodiscard]] QString describeEdge(const analysis::ServiceMap& map, std::uint32_t edge);
[[nodiscard]] QString mapNodeName(const analysis::MapNode& node);

}  // namespace spanreel::views
