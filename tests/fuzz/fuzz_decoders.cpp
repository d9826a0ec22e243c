// SPDX-License-Identifier: GPL-3.0-or-later
// The decoders of requests: what they accept is written and read again as the same, what they refuse has its place.
#include <algorithm>

#include "ingest/json/json_value.h"
#include "ingest/otlp/metrics_from_json.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "ingest/otlp/otlp_signal.h"
#include "model/core/text.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/encode_proto.h"
#include "model/otlp/metrics_json.h"
#include "model/store/trace_store.h"
#include "tests/fuzz/fuzz_records.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/unit/canonical_dump.h"

namespace spanreel::fuzz {
namespace {

using ingest::DecodedRequest;
using ingest::Signal;

constexpr Signal kSignals[] = {Signal::Traces, Signal::Logs, Signal::Metrics};

std::shared_ptr<const std::string> bodyOf(std::string_view bytes) { return std::make_shared<const std::string>(bytes); }

void requirePlace(const Problem& problem, std::size_t size) {
    require(problem.code != ProblemCode::None, "a problem without a code");
    require(problem.place.byte >= 0 && problem.place.byte <= static_cast<std::int64_t>(size), "a problem outside the body, byte " + std::to_string(problem.place.byte));
    require(isValidUtf8(problem.detail), "a detail that is no UTF-8: code " + std::to_string(static_cast<int>(problem.code)) + " \"" + escapeControls(repairUtf8(problem.detail)) + "\"");
}

void requireSoundRequest(const DecodedRequest& r, std::size_t size) {
    require(r.items == r.batch.spans.size() + r.batch.logs.size() + metricsIn(r.batch), "items are not the records");
    require(r.warned <= r.items, "more items warned than kept");
    require(r.warnings.size() <= DecodedRequest::kMaxWarnings && r.losses.size() <= DecodedRequest::kMaxWarnings, "too many samples");
    require(r.warned == 0 || !r.warnings.empty(), "warned without a warning");
    require((r.rejected == 0) == r.losses.empty(), "rejected without a loss");
    // An empty record is two bytes; what comes out is bounded by what goes in.
    require(r.batch.spans.size() + r.batch.logs.size() <= size, "more records than bytes");
    require(r.batch.arena.bytesReserved() <= 64 * size + (std::size_t{1} << 21), "memory far beyond the input");
    for (const auto& p : r.warnings) requirePlace(p, size);
    for (const auto& p : r.losses) requirePlace(p, size);
    requireSound(r.batch);
}

std::string dumpOf(DecodedRequest&& request, store::SnapshotPtr* keep = nullptr) {
    const auto snapshot = snapshotOf(std::move(request.batch));
    if (keep) *keep = snapshot;
    return test::canonicalDump(*snapshot);
}

template <class Encoder>
std::string encoded(const store::StoreSnapshot& snapshot, bool* lossless = nullptr) {
    Encoder encoder(snapshot);
    snapshot.forEachSpan([&](const store::SpanView& span) { encoder.add(span); });
    snapshot.forEachLog([&](const store::LogView& log) { encoder.add(log); });
    std::string out = encoder.finish();
    if (lossless) *lossless = encoder.losses().empty();
    return out;
}

/// Writing what was read, in both encodings, and reading it again gives the same records.
void requireRoundTrips(Signal signal, DecodedRequest&& request) {
    if (signal == Signal::Metrics || request.items == 0) return;
    store::SnapshotPtr snapshot;
    const std::string first = dumpOf(std::move(request), &snapshot);
    bool lossless = false;
    const std::string proto = encoded<otlp::ProtoEncoder>(*snapshot, &lossless);
    auto again = ingest::decodeOtlpProtobuf(signal, bodyOf(proto));
    require(again.has_value(), again ? "" : "our protobuf is refused: " + again.error().detail);
    require(again->rejected == 0, "records of our protobuf are rejected");
    if (lossless) requireSame(dumpOf(std::move(*again)), first, "protobuf written and read differs");
    const std::string json = encoded<otlp::JsonEncoder>(*snapshot, &lossless);
    again = ingest::decodeOtlpJson(signal, bodyOf(json));
    require(again.has_value(), again ? "" : "our JSON is refused: " + again.error().detail);
    require(again->rejected == 0, "records of our JSON are rejected");
    if (lossless) requireSame(test::canonicalDump(*snapshotOf(std::move(again->batch)), false), test::canonicalDump(*snapshot, false), "JSON written and read differs");
}

/// Metrics go from protobuf to JSON and back without a change from the second time on.
void requireMetricsRoundTrip(std::string_view proto) {
    otlp::LossCount losses;
    const std::string json = otlp::metricsProtoToJson(proto, losses);
    require(ingest::JsonDocument::parse(json).ok(), "metrics become no JSON");
    otlp::LossCount none;
    const auto back = ingest::metricsJsonToProto(json, none);
    require(back.has_value(), "our metrics JSON is refused");
    for (const auto& [what, n] : none.counts()) require(n == 0, "our metrics JSON is not read whole: " + what);
    otlp::LossCount again;
    requireSame(otlp::metricsProtoToJson(*back, again), json, "metrics JSON written and read differs");
    require(again.empty(), "our own metrics cannot be written");
}

/// What a session holds that was sent a body twice, read with a front or not; the second time a front knows it.
template <class Decode>
std::string dumpOfTwo(Decode&& decode, Signal signal, std::string_view bytes, bool withFront) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "fuzz");
    for (int i = 0; i < 2; ++i) {
        auto request = decode(signal, bodyOf(bytes), withFront ? store.lendFront().get() : nullptr);
        require(request.has_value(), "refused the second time");
        store.append(std::move(request->batch), source);
    }
    return test::canonicalDump(*store.snapshot());
}

Result<DecodedRequest> decodePartly(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front) {
    return ingest::decodeOtlpProtobufPartly(signal, std::move(body), front).request;
}

}  // namespace

void fuzzOtlpProto(std::string_view bytes) {
    static_cast<void>(ingest::judgeOtlpSignal(bytes));
    for (const Signal signal : kSignals) {
        auto whole = ingest::decodeOtlpProtobuf(signal, bodyOf(bytes));
        auto part = ingest::decodeOtlpProtobufPartly(signal, bodyOf(bytes));
        requireSoundRequest(part.request, bytes.size());
        auto& told = part.request.losses;
        if (part.fault.code != ProblemCode::None) told.push_back(part.fault);
        require(whole.has_value() == told.empty(), "read whole and in part disagree");
        if (!whole) {
            requirePlace(whole.error(), bytes.size());
            const bool same = std::any_of(told.begin(), told.end(), [&](const Problem& p) { return p.code == whole.error().code && p.place.byte == whole.error().place.byte; });
            require(same || told.size() >= DecodedRequest::kMaxWarnings, "a fault that is not told of a file");
            if (part.request.rejected > 0) requireSame(dumpOfTwo(&decodePartly, signal, bytes, true), dumpOfTwo(&decodePartly, signal, bytes, false), "read in part with a front differs");
            requireRoundTrips(signal, std::move(part.request));
            continue;
        }
        requireSoundRequest(*whole, bytes.size());
        requireSame(dumpOf(std::move(part.request)), dumpOf(DecodedRequest(std::move(*ingest::decodeOtlpProtobuf(signal, bodyOf(bytes))))), "read whole and in part differ");
        requireSame(dumpOfTwo(&ingest::decodeOtlpProtobuf, signal, bytes, true), dumpOfTwo(&ingest::decodeOtlpProtobuf, signal, bytes, false), "read with a front differs");
        if (signal == Signal::Metrics) requireMetricsRoundTrip(bytes);
        requireRoundTrips(signal, std::move(*whole));
    }
}

void fuzzOtlpJson(std::string_view bytes) {
    for (const Signal signal : kSignals) {
        auto request = ingest::decodeOtlpJson(signal, bodyOf(bytes));
        if (!request) {
            requirePlace(request.error(), bytes.size());
            continue;
        }
        requireSoundRequest(*request, bytes.size());
        requireSame(dumpOfTwo(&ingest::decodeOtlpJson, signal, bytes, true), dumpOfTwo(&ingest::decodeOtlpJsonTolerantly, signal, bytes, false), "JSON read with a front differs");
        requireRoundTrips(signal, std::move(*request));
    }
}

void fuzzMetricsJson(std::string_view bytes) {
    otlp::LossCount losses;
    const auto proto = ingest::metricsJsonToProto(bytes, losses);
    const bool isJson = ingest::JsonDocument::parse(bytes).ok();
    if (!proto) return;
    require(isJson, "metrics out of what is no JSON");
    require(proto->size() <= 16 * bytes.size() + 64, "metrics far longer than their JSON");
    auto decoded = ingest::decodeOtlpProtobuf(Signal::Metrics, bodyOf(*proto));
    require(decoded.has_value(), decoded ? "" : "metrics from JSON are no protobuf: " + decoded.error().detail);
    requireMetricsRoundTrip(*proto);
    const std::string compact = otlp::compactJson(bytes);
    require(compact.size() <= bytes.size(), "compact JSON is longer");
    require(ingest::JsonDocument::parse(compact).ok(), "compact JSON is no JSON");
}

}  // namespace spanreel::fuzz
