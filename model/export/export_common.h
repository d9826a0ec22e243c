// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "model/otlp/encode_common.h"
#include "model/store/snapshot.h"

namespace spanreel::exporting {

/// Takes finished text, piece by piece.
using TextSink = std::function<void(std::string_view)>;

/// Ids of a span in a format whose ids are free text: what it came with where it came in that format and was no hex (or
/// a short trace id), else hex.
struct FreeIds {
    std::string trace, span, parent;
    bool shared = false;  ///< the server half of a call, with the id of its client half
};
/// Halves of a call that shared an id were told apart on the way in. Zipkin has a word for them and gets the ids they came with.
enum class Halves { Apart, Sharing };
[[nodiscard]] FreeIds freeIds(const store::SpanView& span, const otlp::IdSpelling& spelling, Halves halves);

/// True where readers of Jaeger and Zipkin take a tag of this name and text for a field of the span (its status, scope or trace
/// state): an attribute named so is left out and counted, else it would change the span.
[[nodiscard]] bool isFieldTag(std::string_view key, std::string_view text);
/// What is told of them, and of an attribute `error` on a span that is none: the tag `error` makes one of it for every reader.
inline constexpr std::string_view kFieldTagLoss = "attributes whose name means a field of the span in this format";
inline constexpr std::string_view kErrorTagLoss = "attributes named error on spans that are no error";

/// Attributes of a span's resource but for the one that names its service, which these formats have a field for. Further names,
/// before the last, which counts, would be read as the service: they are left out and counted.
template <class F>
void forEachResourceAttribute(const store::SpanView& span, otlp::LossCount& losses, F&& visit) {
    if (span.resourceId() == store::kNone) return;
    bool named = false;
    for (const auto attribute : span.resource().attributes) {
        if (attribute.key != "service.name" || attribute.value.type != store::ValueType::String) visit(attribute);
        else if (std::exchange(named, true)) losses.add("names of a service but the last");
    }
}

/// Counts what no format but OTLP has: parts of a less than a microsecond, dropped counts, unknown fields and the like; and flags
/// other than those the format holds.
void countCommonLosses(const store::SpanView& span, std::uint32_t flagsHeld, otlp::LossCount& losses);
/// Counts logs and metrics, for formats of spans.
void countOtherSignals(const store::StoreSnapshot& snapshot, otlp::LossCount& losses);

[[nodiscard]] inline std::int64_t durationMicros(const store::SpanView& span) { return span.durationNs() / 1000; }

}  // namespace spanreel::exporting
