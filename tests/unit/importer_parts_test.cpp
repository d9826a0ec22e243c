// SPDX-License-Identifier: GPL-3.0-or-later
// The small parts importers are made of: times, ids, levels, printed objects, recognition of formats.
#include <gtest/gtest.h>

#include "ingest/importers/console_inspect.h"
#include "ingest/importers/log_fields.h"
#include "ingest/importers/log_time.h"
#include "ingest/importers/record_tools.h"
#include "ingest/importers/registry.h"
#include "ingest/importers/shared_ids.h"

namespace spanreel::ingest {
namespace {

constexpr std::uint64_t kMost = ~std::uint64_t{0};

TEST(DecimalToNs, IsExact) {
    EXPECT_EQ(decimalToNs("1700000000.123456789", TimeUnit::Seconds), 1700000000123456789u);
    EXPECT_EQ(decimalToNs("1700000000.1234567899", TimeUnit::Seconds), 1700000000123456789u);
    EXPECT_EQ(decimalToNs("2801.5", TimeUnit::Microseconds), 2801500u);
    EXPECT_EQ(decimalToNs("1.7e9", TimeUnit::Seconds), 1700000000000000000u);
    EXPECT_EQ(decimalToNs("17e-1", TimeUnit::Nanoseconds), 1u);
    EXPECT_EQ(decimalToNs("0", TimeUnit::Seconds), 0u);
    EXPECT_EQ(decimalToNs("00000000000000000000000000000000000000000000000012", TimeUnit::Nanoseconds), 12u);
    EXPECT_EQ(decimalToNs("0.00000000000000000000000000000000000000000000000000000001e56", TimeUnit::Nanoseconds), 1u);
    EXPECT_EQ(decimalToNs("18446744073709551615", TimeUnit::Nanoseconds), kMost);
}

TEST(DecimalToNs, SaturatesAndRefuses) {
    EXPECT_EQ(decimalToNs("9223372036854775808", TimeUnit::Microseconds), kMost);
    EXPECT_EQ(decimalToNs("1e400", TimeUnit::Seconds), kMost);
    EXPECT_EQ(decimalToNs("1e99999999999", TimeUnit::Seconds), kMost);
    EXPECT_EQ(decimalToNs("1e-99999999999", TimeUnit::Seconds), 0u);
    for (const char* bad : {"", "-1", "x", "1.2.3", "1e", "1ex", "0x10", " 1", "."}) EXPECT_FALSE(decimalToNs(bad, TimeUnit::Seconds)) << bad;
}

TEST(GoValues, AreWhatTheyWere) {
    Arena arena;
    const auto differs = [&](std::string_view printed, std::string_view plain) {
        const auto pair = JsonDocument::parse(printed), value = JsonDocument::parse(plain);
        EXPECT_TRUE(pair.ok() && value.ok()) << printed;
        return goValue(pair.root(), arena) != plainValue(value.root(), arena);
    };
    EXPECT_FALSE(differs(R"({"Type":"FLOAT64","Value":1})", "1.0"));
    EXPECT_FALSE(differs(R"({"Type":"FLOAT64SLICE","Value":[1,2.5]})", "[1.0,2.5]"));
    EXPECT_FALSE(differs(R"({"Type":"INT64SLICE","Value":[1,-2]})", "[1,-2]"));
    EXPECT_FALSE(differs(R"({"Type":"Map","Value":[{"Key":"a","Value":{"Type":"Slice","Value":[{"Type":"Float64","Value":1}]}}]})", R"({"a":[1.0]})"));
    EXPECT_FALSE(differs(R"({"Type":"Map","Value":[]})", "{}"));
    EXPECT_FALSE(differs(R"({"Type":"Empty","Value":null})", "null"));
    EXPECT_FALSE(differs(R"({"Type":"STRING","Value":""})", R"("")"));
    // What they are not stays as it is.
    EXPECT_FALSE(differs(R"({"Type":"Map","Value":[1]})", "[1]"));
    EXPECT_FALSE(differs(R"({"Type":"Bytes","Value":"?"})", R"("?")"));
    EXPECT_FALSE(differs(R"({"Type":"a","Value":1,"more":2})", R"({"Type":"a","Value":1,"more":2})"));
    const auto bytes = JsonDocument::parse(R"({"Type":"Bytes","Value":"AAE="})");
    EXPECT_EQ(goValue(bytes.root(), arena), store::Value::ofBytes(std::string_view("\0\1", 2)));
}

TEST(LogTimes, SpellingsOfOneInstant) {
    for (const char* text : {"2023-11-14T22:13:20Z", "2023-11-14 22:13:20", "2023-11-14T23:13:20+01:00", "14/Nov/2023:22:13:20 +0000", "14/Nov/2023:23:13:20 +0100", "1700000000", "1700000000000",
                             "1700000000000000", "1700000000000000000", "1700000000.000"}) {
        const auto time = readLogTime(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(time->ns, 1700000000000000000u) << text;
    }
    for (const char* text : {"", "x", "2023-02-30T00:00:00Z", "-1", "14/Foo/2023:22:13:20 +0000", "0"}) EXPECT_FALSE(readLogTime(text)) << text;
}

TEST(LogTimes, FoundInLines) {
    for (const char* line : {"2023-11-14 22:13:20 x", "[2023-11-14 22:13:20] x", "2023/11/14 22:13:20 x", "10.0.0.1 - - [14/Nov/2023:22:13:20 +0000] x", "1700000000 x", "INFO 2023-11-14 22:13:20 x",
                             "2023-11-14T22:13:20Z stdout F x"}) {
        const auto time = findLogTime(line);
        ASSERT_TRUE(time) << line;
        EXPECT_EQ(time->ns, 1700000000000000000u) << line;
    }
    for (const char* line : {"", "x", "12 monkeys", "17000000001 is too long", "at 2023", "[info] x"}) EXPECT_FALSE(findLogTime(line)) << line;
}

TEST(LogLevels, FoundInLines) {
    EXPECT_EQ(findLevel("16:42:22.382 INFO  t.s.Travel"), "INFO");
    EXPECT_EQ(findLevel("2023/11/14 22:13:20 [error] 12#0"), "error");
    EXPECT_EQ(findLevel("warning: careful"), "warning");
    EXPECT_EQ(findLevel("\x1b[31mERROR\x1b[0m boom"), "ERROR");
    EXPECT_EQ(findLevel("no error here"), "");
    EXPECT_EQ(findLevel("INFORMATIONS"), "");
    EXPECT_EQ(severityOfWord("Warning"), 13);
    EXPECT_EQ(severityOfWord("nothing"), 0);
    EXPECT_EQ(severityOfNumber(30), 9);
    EXPECT_EQ(severityOfNumber(3), 0);
}

TEST(IdsInText, Forms) {
    const std::string id = "0102030405060708090a0b0c0d0e0f10";
    for (const std::string before : {"trace_id=", "TraceID: ", "traceId\":\"", "trace-id [", "trace id = 0x", "TRACE_ID:'"}) EXPECT_EQ(findIdInText("x " + before + id + " y", "trace").digits, id) << before;
    EXPECT_EQ(findIdInText("span_id=0102030405060708", "span").digits, "0102030405060708");
    EXPECT_EQ(findIdInText("trace_id=" + id + "0", "trace").digits, "");
    EXPECT_EQ(findIdInText("trace_id=" + id + "g", "trace").digits, "");
    EXPECT_EQ(findIdInText("trace_id=00000000000000000000000000000000", "trace").digits, "");
    EXPECT_EQ(findIdInText("trace " + id, "trace").digits, "");
    EXPECT_EQ(findIdInText("trace_id", "trace").digits, "");
}

TEST(LogFields, NamesAndRanks) {
    EXPECT_EQ(logField("trace_id").role, LogRole::TraceId);
    EXPECT_EQ(logField("dd.trace_id").role, LogRole::TraceId);
    EXPECT_EQ(logField("otelTraceID").role, LogRole::TraceId);
    EXPECT_EQ(logField("trace.id").role, LogRole::TraceId);
    EXPECT_EQ(logField("Span-Id").role, LogRole::SpanId);
    EXPECT_EQ(logField("@timestamp").role, LogRole::Time);
    EXPECT_EQ(logField("user").role, LogRole::None);
    EXPECT_LT(logField("msg").rank, logField("event").rank);
}

TEST(Inspect, BecomesJson) {
    EXPECT_EQ(inspectToJson("{ a: 1, 'b c': 'x', d: undefined }"), R"({"a":1,"b c":"x","d":null})");
    EXPECT_EQ(inspectToJson("{\n  a: 'one\\n' +\n    'two'\n}"), "{\n\"a\":\"one\\ntwo\"\n\n}");
    EXPECT_EQ(inspectToJson("{\n  a: 'one\\\ntwo'\n}"), "{\n\"a\":\"onetwo\"\n\n}");
    EXPECT_EQ(inspectToJson("{ a: [ 1, [Array], 'x' ], b: [Object] }"), R"({"a":[1,"[Array]","x"],"b":"[Object]"})");
    EXPECT_EQ(inspectToJson("[Object: null prototype] { a: -0 }"), R"({"a":-0})");
    EXPECT_EQ(inspectToJson("{ a: <ref *1> { self: [Circular *1] } }"), R"({"a":{"self":"[Circular *1]"}})");
    EXPECT_EQ(inspectToJson("{ a: [ 1, 2, ... 98 more items ], [Symbol(x)]: true }"), R"({"a":[1,2],"[Symbol(x)]":true})");
    EXPECT_EQ(inspectToJson("{'a': True, 'b': None}"), R"({"a":true,"b":null})");
    EXPECT_EQ(inspectToJson(R"({ a: 'it\'s "q" \x41\u00e9' })"), "{\"a\":\"it's \\\"q\\\" \\u0041\\u00e9\"}");
    EXPECT_EQ(inspectToJson(""), "");
}

// Whatever the text, the rewriting ends and stays in proportion.
TEST(Inspect, SurvivesAnything) {
    const std::string alphabet = "{}[]<>:,'\"`\\+/. \n=>aZ0n(";
    std::uint64_t seed = 42;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (int i = 0; i < 24; ++i) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text.push_back(alphabet[(seed >> 33) % alphabet.size()]);
        }
        EXPECT_LE(inspectToJson(text).size(), text.size() * 8 + 16) << text;
    }
}

// A call graph: web's client half and api's server half share b1; a child of each service.
TEST(SharedIds, HalvesAndChildren) {
    std::vector<store::Batch> batches(1);
    const auto span = [&](std::uint64_t id, std::uint64_t parent, store::SpanKind kind) {
        store::SpanRecord record;
        record.traceId = {1, 2};
        record.spanId = {id};
        record.parentId = {parent};
        record.kind = static_cast<std::int32_t>(kind);
        batches[0].spans.push_back(record);
    };
    span(0xb1, 0xa1, store::SpanKind::Client);
    span(0xb1, 0xa1, store::SpanKind::Server);
    span(0xc1, 0xb1, store::SpanKind::Internal);
    span(0xc2, 0xb1, store::SpanKind::Internal);
    span(0xd1, 0xb1, store::SpanKind::Internal);
    const std::vector<HeldSpan> held = {{0, 0, "web"}, {0, 1, "api"}, {0, 2, "api"}, {0, 3, "web"}, {0, 4, "third"}};
    EXPECT_EQ(splitSharedIds(batches, held), std::vector<std::uint32_t>{1});
    const auto& spans = batches[0].spans;
    EXPECT_EQ(spans[0].spanId.value, 0xb1u);
    EXPECT_EQ(spans[0].parentId.value, 0xa1u);
    EXPECT_NE(spans[1].spanId.value, 0xb1u);
    EXPECT_EQ(spans[1].parentId.value, 0xb1u);
    EXPECT_EQ(spans[1].rare().originalSpanId, "00000000000000b1");
    EXPECT_EQ(spans[1].rare().originalParentId, "00000000000000a1");
    EXPECT_TRUE(spans[1].marks & store::kMarkIdMadeByUs);
    EXPECT_EQ(spans[2].parentId, spans[1].spanId);
    EXPECT_EQ(spans[3].parentId.value, 0xb1u);
    EXPECT_EQ(spans[4].parentId, spans[1].spanId);
}

TEST(SharedIds, OneHalfAloneStays) {
    std::vector<store::Batch> batches(1);
    store::SpanRecord server;
    server.traceId = {1, 2};
    server.spanId = {0xb1};
    server.parentId = {0xa1};
    server.kind = static_cast<std::int32_t>(store::SpanKind::Server);
    batches[0].spans = {server, server};
    EXPECT_TRUE(splitSharedIds(batches, {{0, 0, "api", true}, {0, 1, "api", true}}).empty());
    EXPECT_EQ(batches[0].spans[0].spanId.value, 0xb1u);
    EXPECT_EQ(batches[0].spans[0].parentId.value, 0xa1u);
}

std::string chosen(std::string_view head) {
    const auto* importer = chooseImporter(head, true);
    return importer ? importer->name : "none";
}

TEST(Recognition, ByContent) {
    EXPECT_EQ(chosen(R"({"data":[{"traceID":"a","spans":[{"traceID":"a","spanID":"b","operationName":"x"}]}]})"), "jaeger-json");
    EXPECT_EQ(chosen(R"([{"traceId":"a","id":"b","name":"x","timestamp":1}])"), "zipkin-json");
    EXPECT_EQ(chosen(R"({"traceId":"a","spanId":"b","name":"x","timestamp":1,"duration":2})"), "otel-console");
    EXPECT_EQ(chosen(R"({"traceId":"a","spanId":"b","name":"x","time":1,"duration":2,"msg":"served","level":30})"), "logs-json");
    EXPECT_EQ(chosen("INFO x\n{\n    \"name\": \"x\",\n    \"context\": {\n        \"trace_id\": \"0x01\",\n        \"span_id\": \"0x02\"\n"), "otel-console");
    EXPECT_EQ(chosen("{\n  traceId: '01',\n  name: 'x',\n  timestamp: 1,\n"), "otel-console");
    EXPECT_EQ(chosen("{\"msg\":\"x\"}\n{\"msg\":\"y\"}\n"), "logs-json");
    EXPECT_EQ(chosen("level=info msg=x\n"), "logs-logfmt");
    EXPECT_EQ(chosen("2023-11-14 22:13:20 INFO x\n"), "logs-text");
    EXPECT_EQ(chosen("[2023-11-14 22:13:20] x\n"), "logs-text");
    EXPECT_EQ(chosen("just words\n"), "logs-text");
}

TEST(Recognition, RefusesOthers) {
    EXPECT_EQ(chosen(R"([{"parent":"a","child":"b","callCount":3}])"), "none");
    EXPECT_EQ(chosen("{\"metadata\":{}}\n{\"transaction\":{\"message\":\"x\"}}\n"), "none");
    EXPECT_EQ(chosen("{\n  \"message\": \"pretty\"\n}\n"), "none");
    EXPECT_EQ(chosen("<!DOCTYPE html><html></html>"), "none");
    EXPECT_EQ(chosen("[]"), "none");
    EXPECT_EQ(chosen(std::string_view("\x7f" "ELF\x02\x01\x01\0", 8)), "none");
}

}  // namespace
}  // namespace spanreel::ingest
