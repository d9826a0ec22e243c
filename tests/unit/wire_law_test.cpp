// SPDX-License-Identifier: GPL-3.0-or-later
// decode(encode(x)) = x: random records with every field, written as OTLP protobuf and JSON and read again.
#include <gtest/gtest.h>

#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/core/text.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/encode_proto.h"
#include "model/store/trace_store.h"
#include "tests/unit/canonical_dump.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/law.h"

namespace spanreel {
namespace {

store::SnapshotPtr snapshotOf(store::Batch batch) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "law");
    store.append(std::move(batch), source);
    return store.snapshot();
}

/// What a snapshot holds, one record after the other; envelopes without content are no envelopes.
std::string dump(const store::StoreSnapshot& snapshot, bool withUnknown) { return test::canonicalDump(snapshot, withUnknown); }

template <class Encoder, class Decode>
std::string roundTrip(store::Batch batch, bool withUnknown, Decode&& decode) {
    const auto snapshot = snapshotOf(std::move(batch));
    Encoder encoder(*snapshot);
    snapshot->forEachSpan([&](const store::SpanView& span) { encoder.add(span); });
    snapshot->forEachLog([&](const store::LogView& log) { encoder.add(log); });
    if (snapshot->spanCount() + snapshot->logCount() == 0) return {};
    if (encoder.records() != snapshot->spanCount() + snapshot->logCount()) return "not every record was written";
    const auto body = std::make_shared<const std::string>(encoder.finish());
    if (!encoder.losses().empty()) return "losses: " + encoder.losses().counts().begin()->first;
    auto request = decode(body);
    if (!request) return "refused: " + request.error().detail + " at " + std::to_string(request.error().place.byte);
    if (request->rejected) return "rejected: " + request->losses.at(0).detail;
    const auto have = dump(*snapshotOf(std::move(request->batch)), withUnknown), want = dump(*snapshot, withUnknown);
    return have == want ? std::string() : "read\n" + have + "\nwritten\n" + want + "\nas " + escapeControls(*body);
}

void checkBoth(ingest::Signal signal, std::size_t spans, std::size_t logs) {
    const test::BatchShape proto{.spans = spans, .logs = logs, .wire = true}, json{.spans = spans, .logs = logs, .wire = true, .json = true};
    test::checkLaw([&](test::Draw& draw) {
        return roundTrip<otlp::ProtoEncoder>(test::drawBatch(draw, proto), true, [&](const auto& body) { return ingest::decodeOtlpProtobuf(signal, body); });
    }, 500, 2000);
    test::checkLaw([&](test::Draw& draw) {
        return roundTrip<otlp::JsonEncoder>(test::drawBatch(draw, json), false, [&](const auto& body) { return ingest::decodeOtlpJson(signal, body); });
    }, 500, 2000);
}

TEST(WireLaw, SpansReadBackEqual) { checkBoth(ingest::Signal::Traces, 6, 0); }
TEST(WireLaw, LogsReadBackEqual) { checkBoth(ingest::Signal::Logs, 0, 6); }

}  // namespace
}  // namespace spanreel
