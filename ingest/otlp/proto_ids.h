// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/otlp/proto_values.h"
#include "model/core/ids.h"
#include "model/core/text.h"
#include "model/store/batch.h"

/// Ids as OTLP's protobuf has them, in bytes. Nearly all have the length they should have.
namespace spanreel::ingest {

constexpr std::string_view kZeroTraceId = "00000000000000000000000000000000", kZeroSpanId = kZeroTraceId.substr(16);

/// `bytes` as it came, empty = absent. Sets mark and original where it is no plain id; `what` names it in warnings.
inline TraceId traceId(ProtoDecodeState& state, std::string_view bytes, std::uint16_t& marks, std::string_view& original, const char* at) {
    if (bytes.size() == 16) [[likely]] {
        const TraceId id = TraceId::fromBytes(reinterpret_cast<const unsigned char*>(bytes.data()));
        if (id.isValid()) return id;
        original = kZeroTraceId;
        state.warn(ProblemCode::ZeroId, "trace id is all zero", at);
    } else if (bytes.empty()) return {};
    else {
        const std::string hex = toHex(bytes);
        original = state.arena().copy(std::string_view(hex));
        state.warn(bytes.size() < 16 ? ProblemCode::ShortId : ProblemCode::OddId, "trace id " + hex.substr(0, 64), at);
        if (bytes.size() < 16) return TraceId::fromHex(hex).value_or(TraceId{});
        marks |= store::kMarkIdMadeByUs;
        return TraceId::fromText(hex);
    }
    return {};
}
inline SpanId spanId(ProtoDecodeState& state, std::string_view bytes, const char* what, std::uint16_t& marks, std::string_view& original, const char* at, bool zeroIsOdd) {
    if (bytes.size() == 8) [[likely]] {
        const SpanId id = SpanId::fromBytes(reinterpret_cast<const unsigned char*>(bytes.data()));
        if (id.isValid()) return id;
        original = kZeroSpanId;
        if (zeroIsOdd) state.warn(ProblemCode::ZeroId, std::string(what) + " is all zero", at);
    } else if (bytes.empty()) return {};
    else {
        const std::string hex = toHex(bytes);
        original = state.arena().copy(std::string_view(hex));
        state.warn(bytes.size() < 8 ? ProblemCode::ShortId : ProblemCode::OddId, std::string(what) + " " + hex.substr(0, 64), at);
        if (bytes.size() < 8) return SpanId::fromHex(hex).value_or(SpanId{});
        marks |= store::kMarkIdMadeByUs;
        return SpanId::fromText(hex);
    }
    return {};
}

}  // namespace spanreel::ingest
