// SPDX-License-Identifier: GPL-3.0-or-later
// Values as text, and rows as OTLP JSON, Jaeger JSON and Zipkin JSON.
#include <gtest/gtest.h>

#include "model/export/jaeger_json.h"
#include "model/export/zipkin_json.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/encode_proto.h"
#include "model/otlp/metrics_json.h"
#include "model/otlp/proto_writer.h"
#include "model/otlp/value_walk.h"
#include "model/store/trace_store.h"

namespace spanreel::otlp {
namespace {

using store::Value;

std::string field(std::uint32_t number, std::string_view bytes) {
    ProtoWriter w;
    w.alwaysText(number, bytes);
    return w.take();
}
std::string anyText(std::string_view text) { return field(1, text); }
std::string entry(std::string_view key, std::string_view anyValue) { return field(1, field(1, key) + field(2, anyValue)); }

TEST(ValueText, Scalars) {
    EXPECT_EQ(valueToDisplayText(Value{}), "");
    EXPECT_EQ(valueToDisplayText(Value::ofString("plain \"text\"\n")), "plain \"text\"\n");
    EXPECT_EQ(valueToDisplayText(Value::ofBool(true)), "true");
    EXPECT_EQ(valueToDisplayText(Value::ofInt(INT64_MIN)), "-9223372036854775808");
    EXPECT_EQ(valueToDisplayText(Value::ofDouble(0.1)), "0.1");
    EXPECT_EQ(valueToDisplayText(Value::ofBytes(std::string_view("\x00\xff", 2))), "0x00ff");
    EXPECT_EQ(valueToJson(Value::ofDouble(std::numeric_limits<double>::infinity())), "\"Infinity\"");
    EXPECT_EQ(valueToJson(Value::ofBytes("hi")), "\"aGk=\"");
    EXPECT_EQ(valueToJson(Value{}), "null");
}

TEST(ValueText, NestedInOrderWithRepeatedKeys) {
    const std::string map = entry("k", anyText("v")) + entry("k", std::string("\x18\x02", 2)) + entry("l", field(5, field(1, anyText("a")) + field(1, "") + field(1, field(5, ""))));
    EXPECT_EQ(valueToJson(Value::ofKvList(map)), R"({"k":"v","k":2,"l":["a",null,[]]})");
    EXPECT_EQ(valueToDisplayText(Value::ofKvList(map)), R"({"k": "v", "k": 2, "l": ["a", null, []]})");
}

TEST(ValueText, LongAndDeepIsCut) {
    EXPECT_EQ(valueToDisplayText(Value::ofString(std::string(20, 'x')), 10), std::string(10, 'x') + "…");
    EXPECT_EQ(valueToDisplayText(Value::ofString("ääääää"), 3), "ä…") << "never inside a character";
    EXPECT_EQ(valueToDisplayText(Value::ofString("exact"), 5), "exact");
    std::string deep;
    for (int i = 0; i < 50; ++i) deep = field(1, field(5, deep));
    const std::string shown = valueToDisplayText(Value::ofArray(deep));
    EXPECT_EQ(shown, std::string(16, '[') + "…" + std::string(16, ']'));
    std::string wide;
    for (int i = 0; i < 10000; ++i) wide += field(1, anyText("element"));
    EXPECT_LE(valueToDisplayText(Value::ofArray(wide), 100).size(), 103u);
}

TEST(ValueText, MalformedEncodingEndsTheWalk) {
    EXPECT_EQ(valueToJson(Value::ofArray("\x0a\x7f")), "[]");
    EXPECT_EQ(valueToJson(Value::ofKvList(std::string("\x0b\x00", 2))), "{}");
}

/// A store with two spans and a log.
struct Session {
    store::TraceStore store;
    store::SnapshotPtr snapshot;
    Session() {
        store::Batch batch;
        static const store::Attribute kResource[] = {{"service.name", Value::ofString("shop")}, {"host.cpus", Value::ofInt(4)}};
        batch.resources.push_back({kResource});
        store::ScopeRecord scope;
        scope.name = "lib";
        batch.scopes.push_back(scope);
        store::SpanRecord span;
        span.traceId = {1, 2};
        span.spanId = {3};
        span.name = "GET /";
        span.kind = 2;
        span.startNs = 1700000000000001000ull;
        span.endNs = 1700000000000005000ull;
        span.status = 2;
        span.set(&store::SpanRare::statusMessage, "no \"luck\"", batch.arena);
        span.resource = span.scope = 0;
        static const store::Attribute kAttributes[] = {{"n", Value::ofInt(5)}, {"s", Value::ofString("x")}};
        span.attributes = kAttributes;
        static const store::Attribute kEventAttributes[] = {{"why", Value::ofString("because")}};
        static const store::EventRecord kEvents[] = {{1700000000000002000ull, "exception", kEventAttributes}};
        span.events = kEvents;
        batch.spans.push_back(span);
        store::SpanRecord child;
        child.traceId = {1, 2};
        child.spanId = {4};
        child.parentId = {3};
        child.name = "child";
        child.startNs = 1700000000000001001ull;
        child.endNs = 1700000000000003000ull;
        static const store::LinkRecord kLinks[] = {{{9, 9}, {8}}};
        child.links = kLinks;
        child.resource = 0;
        batch.spans.push_back(child);
        store::LogRecordData log;
        log.timeNs = 1700000000000002000ull;
        log.traceId = {1, 2};
        log.body = Value::ofInt(7);
        batch.logs.push_back(log);
        store.append(std::move(batch), store.addSource(store::SourceKind::File, "in"));
        snapshot = store.snapshot();
    }
};

TEST(EncodeJson, NeighboursShareTheirEnvelope) {
    const Session s;
    JsonEncoder encoder(*s.snapshot);
    s.snapshot->forEachSpan([&](const store::SpanView& span) { encoder.add(span); });
    EXPECT_EQ(encoder.finish(),
              R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"host.cpus","value":{"intValue":"4"}}]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[)"
              R"({"traceId":"00000000000000010000000000000002","spanId":"0000000000000003","name":"GET /","kind":2,"startTimeUnixNano":"1700000000000001000","endTimeUnixNano":"1700000000000005000",)"
              R"("attributes":[{"key":"n","value":{"intValue":"5"}},{"key":"s","value":{"stringValue":"x"}}],"events":[{"timeUnixNano":"1700000000000002000","name":"exception","attributes":[{"key":"why","value":{"stringValue":"because"}}]}],)"
              R"("status":{"message":"no \"luck\"","code":2}}]},{"spans":[)"
              R"({"traceId":"00000000000000010000000000000002","spanId":"0000000000000004","parentSpanId":"0000000000000003","name":"child","startTimeUnixNano":"1700000000000001001","endTimeUnixNano":"1700000000000003000",)"
              R"("links":[{"traceId":"00000000000000090000000000000009","spanId":"0000000000000008"}]}]}]}]})");
    EXPECT_EQ(encoder.records(), 0u);
}

TEST(EncodeJson, PrettyLogForCopying) {
    const Session s;
    EXPECT_EQ(logToJson(*s.snapshot, s.snapshot->log(0)), R"({
  "resourceLogs": [
    {
      "scopeLogs": [
        {
          "logRecords": [
            {
              "timeUnixNano": "1700000000000002000",
              "body": {
                "intValue": "7"
              },
              "traceId": "00000000000000010000000000000002"
            }
          ]
        }
      ]
    }
  ]
})");
}

TEST(EncodeProto, SpellingsOfIdsThatBytesCannotHoldAreCounted) {
    for (const auto& [spelling, counted] : {std::pair<std::string, bool>{"eeeb1b74", false}, {"EEEB1B74", true}, {"eeeb1b7", true}, {"no hex", true}}) {
        store::TraceStore store;
        const auto source = store.addSource(store::SourceKind::Receiver, "test");
        store::Batch batch;
        auto& span = batch.spans.emplace_back();
        span.traceId = TraceId{1, 2};
        span.spanId = SpanId{0xeeeb1b74};
        span.set(&store::SpanRare::originalSpanId, spelling, batch.arena);
        store.append(std::move(batch), source);
        const auto snapshot = store.snapshot();
        ProtoEncoder encoder(*snapshot);
        snapshot->forEachSpan([&](const store::SpanView& s) { encoder.add(s); });
        const std::string request = encoder.finish();
        EXPECT_EQ(encoder.losses().counts().contains("the original spelling of an id"), counted) << spelling;
        EXPECT_NE(request.find(counted ? field(2, std::string("\0\0\0\0\xee\xeb\x1b\x74", 8)) : field(2, "\xee\xeb\x1b\x74")), std::string::npos) << spelling;
    }
}

TEST(Exports, JaegerHoldsWhatItCanAndCountsTheRest) {
    const Session s;
    std::string out;
    LossCount losses;
    exporting::writeJaegerJson(*s.snapshot, [&](std::string_view text) { out += text; }, losses);
    EXPECT_NE(out.find(R"("traceID":"00000000000000010000000000000002","spanID":"0000000000000003","flags":0,"operationName":"GET /","references":[],"startTime":1700000000000001,"duration":4,)"), std::string::npos) << out;
    EXPECT_NE(out.find(R"({"key":"n","type":"int64","value":5})"), std::string::npos);
    EXPECT_NE(out.find(R"({"key":"span.kind","type":"string","value":"server"})"), std::string::npos);
    EXPECT_NE(out.find(R"({"key":"error","type":"bool","value":true})"), std::string::npos);
    EXPECT_NE(out.find(R"("refType":"CHILD_OF","traceID":"00000000000000010000000000000002","spanID":"0000000000000003")"), std::string::npos);
    EXPECT_NE(out.find(R"("processes":{"p1":{"serviceName":"shop","tags":[{"key":"host.cpus","type":"int64","value":4}]}})"), std::string::npos);
    EXPECT_EQ(losses.counts().at("log records"), 1u);
    EXPECT_EQ(losses.counts().at("times finer than a microsecond"), 1u);
    EXPECT_EQ(losses.counts().size(), 2u);
}

TEST(Exports, ZipkinCountsTypesLinksAndResources) {
    const Session s;
    std::string out;
    LossCount losses;
    exporting::writeZipkinJson(*s.snapshot, [&](std::string_view text) { out += text; }, losses);
    EXPECT_NE(out.find(R"("traceId":"00000000000000010000000000000002","id":"0000000000000003","name":"GET /","kind":"SERVER","timestamp":1700000000000001,"duration":4,"localEndpoint":{"serviceName":"shop"})"), std::string::npos) << out;
    EXPECT_NE(out.find(R"("n":"5")"), std::string::npos);
    EXPECT_NE(out.find(R"("error":"no \"luck\"")"), std::string::npos);
    EXPECT_EQ(losses.counts().at("links"), 1u);
    EXPECT_EQ(losses.counts().at("log records"), 1u);
    EXPECT_TRUE(losses.counts().contains("types of attributes other than string"));
}

TEST(MetricsJson, UnknownFieldsAreCounted) {
    LossCount losses;
    EXPECT_EQ(metricsProtoToJson(field(1, field(2, field(2, field(1, "m") + field(99, "new")))), losses), R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m"}]}]}]})");
    EXPECT_EQ(losses.counts().at("unknown protobuf fields"), 1u);
}

TEST(MetricsJson, CompactingLeavesStringsAlone) { EXPECT_EQ(compactJson("{ \"a b\" :\n[ 1, \"x \\\" y\" ] }\n"), R"({"a b":[1,"x \" y"]})"); }

TEST(MetricsJson, CompactingRepairsText) { EXPECT_EQ(compactJson("{ \"m\xff\": 1 }"), "{\"m\xEF\xBF\xBD\":1}"); }

}  // namespace
}  // namespace spanreel::otlp
