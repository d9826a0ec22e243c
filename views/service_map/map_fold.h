// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/analysis/service_map.h"

namespace spanreel::views {

/// More lines than this in one picture cannot be told apart.
constexpr std::size_t kReadableEdges = 60;

/// What a folded map leaves out.
struct FoldedAway {
    std::uint64_t edges = 0;
    std::uint64_t calls = 0;
};

/// Takes the least of the edges out of a map that has more than `most`: what stays is, for each node, the edge most calls
/// come in by (else the one most go out by), so that nothing stands alone, then the busiest; those with errors go before
/// those without. All nodes stay, in their places. Deterministic; O(edges log edges).
FoldedAway foldEdges(analysis::ServiceMap& map, std::size_t most = kReadableEdges);

}  // namespace spanreel::views
