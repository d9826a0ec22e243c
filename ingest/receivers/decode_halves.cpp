// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/decode_halves.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <iterator>
#include <string_view>
#include <utility>

#include "ingest/otlp/otlp_proto_decoder.h"
#include "ingest/proto/proto_cursor.h"
#include "ingest/receivers/decode_pool.h"
#include "model/store/trace_store.h"

namespace spanreel::ingest {
namespace {

/// Bytes from which on handing a half over takes less time than it saves.
constexpr std::size_t kWorthHalving = 512 * 1024;

/// Where a request of traces or logs can be cut into two that mean the same one after the other: where a ResourceSpans or
/// ResourceLogs begins, the first in the second half, and not the first of all: what is before that belongs to it. 0 = nowhere.
std::size_t middleOf(std::string_view body) {
    ProtoFault fault;
    bool first = true;
    for (ProtoCursor cursor(body, fault); cursor.next();) {
        if (cursor.key() != bytesKey(1)) continue;
        const auto at = static_cast<std::size_t>(cursor.whole().data() - body.data());
        if (at >= body.size() / 2) return first ? 0 : at;
        first = false;
    }
    return 0;
}

/// The half that another thread may take.
struct Half {
    std::atomic<bool> taken{false};
    std::promise<Result<DecodedRequest>> decoded;
};

void move(std::vector<Problem>& from, std::vector<Problem>& to) {
    const auto room = static_cast<std::ptrdiff_t>(DecodedRequest::kMaxWarnings - std::min(to.size(), DecodedRequest::kMaxWarnings));
    std::move(from.begin(), from.begin() + std::min(std::ssize(from), room), std::back_inserter(to));
}

}  // namespace

std::optional<DecodedHalves> decodeHalves(Signal signal, const std::shared_ptr<const std::string>& body, std::size_t memory, store::TraceStore& store, DecodePool& pool) {
    if (signal == Signal::Metrics || body->size() < kWorthHalving) return {};
    const std::string_view whole = *body;
    const std::size_t middle = middleOf(whole);
    if (middle < whole.size() / 4 || middle > whole.size() / 4 * 3) return {};
    const auto decode = [signal, body, memory, &store](std::string_view part) {
        auto front = store.lendFront();
        return decodeOtlpProtobufWithin(memory / 2, signal, body, part, front.get());
    };
    auto half = std::make_shared<Half>();
    auto fromHelper = half->decoded.get_future();
    const bool posted = pool.post(0, [half, decode, rest = whole.substr(middle)] {
        if (half->taken.exchange(true)) return;
        Result<DecodedRequest> decoded = fail(ProblemCode::Limit);
        try {
            decoded = decode(rest);
        } catch (const std::exception&) {  // the whole is decoded then, and says why
        }
        half->decoded.set_value(std::move(decoded));
    });
    if (!posted) return {};
    const auto decodeFirst = [&] {
        try {
            return decode(whole.substr(0, middle));
        } catch (...) {
            half->taken = true;  // nobody needs it any more
            throw;
        }
    };
    auto first = decodeFirst();
    const bool helped = half->taken.exchange(true);
    if (!helped && !first) return {};
    auto second = helped ? fromHelper.get() : decode(whole.substr(middle));
    if (!first || !second) return {};
    DecodedHalves out{std::move(*first), std::move(second->batch)};
    out.request.items += second->items;
    out.request.rejected += second->rejected;
    out.request.warned += second->warned;
    move(second->warnings, out.request.warnings);
    move(second->losses, out.request.losses);
    return out;
}

}  // namespace spanreel::ingest
