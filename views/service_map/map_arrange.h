// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>

#include "views/service_map/map_layout.h"

namespace spanreel::views {

/// Lays a map out with Graphviz's `dot` in a process of its own (five seconds at most, bounded input and output), or with
/// our own layout where `dot` is missing, too slow or answers nonsense. Blocking: for the query pool or a command.
/// `program` is for tests.
[[nodiscard]] MapLayout arrangeMap(const MapGraph& graph, std::stop_token stop = {}, const std::string& program = "dot");

}  // namespace spanreel::views
