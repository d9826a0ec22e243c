// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "ingest/importers/shared_ids.h"
#include "model/store/batch.h"

namespace spanreel::ingest {

/// Memory that an importer may hold spans back in until more of the input is known; past it the older ones go on.
constexpr std::size_t kHeldBytes = 64u << 20;

/// Memory of held batches, as far as it grows with them.
[[nodiscard]] std::size_t heldBytes(const std::vector<store::Batch>& batches);

/// Which of the spans stay when a part of them must go on, a quarter at least.
struct HeldChoice {
    std::vector<bool> stays;
    bool wholeTraces = true;  ///< no trace has spans on both sides, as far as it has come. Else one is too long to be held
};
/// Those of traces that have a span in the newer half stay. O(spans).
[[nodiscard]] HeldChoice chooseHeld(const std::vector<store::Batch>& batches, const std::vector<HeldSpan>& spans);

/// A copy whose parts live in `arena`; resource and scope are left out.
[[nodiscard]] store::SpanRecord copySpan(const store::SpanRecord& span, Arena& arena);

}  // namespace spanreel::ingest
