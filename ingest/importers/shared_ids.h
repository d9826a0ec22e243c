// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/store/batch.h"

namespace spanreel::ingest {

/// A span in a held batch, with what the split needs to know beside the record.
struct HeldSpan {
    std::uint32_t batch = 0;
    std::uint32_t index = 0;
    std::string_view service;  ///< of its resource, in the batch's arena
    bool shared = false;       ///< the sender said that it shares its id with its caller
    bool warned = false;
};

/// Client and server halves of one call that share a span id (Zipkin's way, also found in Jaeger) become two spans: the
/// server half gets an id derived from the shared one and the client half as its parent; children hang on the half of
/// their own service, else on the server half. Only where both halves are among `spans`. Originals are kept and
/// kMarkIdMadeByUs is set. Returns the indices of the server halves that were given an id. O(spans).
std::vector<std::uint32_t> splitSharedIds(std::vector<store::Batch>& batches, const std::vector<HeldSpan>& spans);

/// Whether a trace id of 64 bits is one of 128 bits without its upper half: both are one trace then.
[[nodiscard]] inline bool isHalfOf(const TraceId& half, const TraceId& whole) { return half.high == 0 && half.low != 0 && whole.high != 0 && half.low == whole.low; }

namespace detail {
class LongTraceIds {
public:
    LongTraceIds(const std::vector<store::Batch>& batches, const std::vector<HeldSpan>& spans);
    /// True where the span's trace id was replaced, or that of a link of it.
    bool join(store::Batch& batch, store::SpanRecord& span) const;

private:
    [[nodiscard]] const TraceId* find(const TraceId& half) const;
    std::vector<TraceId> m_ids;  ///< 128-bit ids by their low half
};
}  // namespace detail

/// A 64-bit trace id, of a span or of a link, becomes the 128-bit one with an equal low half, where `spans` has one. Calls
/// `onJoined(HeldSpan&)` for each span changed. O((spans + links) log traces).
template <class F>
void joinShortTraceIds(std::vector<store::Batch>& batches, std::vector<HeldSpan>& spans, F&& onJoined) {
    const detail::LongTraceIds ids(batches, spans);
    for (auto& held : spans) {
        auto& batch = batches[held.batch];
        if (ids.join(batch, batch.spans[held.index])) onJoined(held);
    }
}

}  // namespace spanreel::ingest
