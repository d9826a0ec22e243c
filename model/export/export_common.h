// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "model/otlp/encode_common.h"
#include "model/store/snapshot.h"

namespace spanreel::exporting {

/// Takes finished text, piece by piece.
using TextSink = std::function<void(std::string_view)>;

/// Ids of a span in a format whose ids are free text: what it came with where it came in that format and was no hex (or
/// a short trace id), else hex. Halves that share an id were told apart on the way in and stay so.
struct FreeIds {
    std::string trace, span, parent;
};
[[nodiscard]] FreeIds freeIds(const store::SpanView& span, const otlp::IdSpelling& spelling);

/// Counts what no format but OTLP has: parts of a less than a microsecond, dropped counts, unknown fields and the like.
void countCommonLosses(const store::SpanView& span, otlp::LossCount& losses);
/// Counts logs and metrics, for formats of spans.
void countOtherSignals(const store::StoreSnapshot& snapshot, otlp::LossCount& losses);

[[nodiscard]] inline std::int64_t durationMicros(const store::SpanView& span) { return span.durationNs() / 1000; }

}  // namespace spanreel::exporting
