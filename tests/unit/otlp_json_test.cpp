// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <tuple>

#include "ingest/import_file.h"
#include "ingest/importers/otlp_json_importer.h"
#include "ingest/json/json_text.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "readable_dump.h"
#include "shared_data.h"
#include "tests/unit/collect_sink.h"

namespace spanreel {
namespace {

namespace fs = std::filesystem;

const std::string kCorpus = std::string(SPANREEL_SOURCE_DIR) + "/tests/corpus/otlp-json/";

// Each input has its expected records and problems beside it. SPANREEL_UPDATE_GOLDEN=1 writes them anew, to be read
// before they are kept.
TEST(OtlpJson, GoldenFiles) {
    std::size_t files = 0;
    for (const std::string folder : {"ok/", "fail/"}) {
        std::vector<fs::path> paths;
        for (const auto& entry : fs::directory_iterator(kCorpus + folder))
            if (entry.path().extension() != ".expected") paths.push_back(entry.path());
        std::sort(paths.begin(), paths.end());
        for (const auto& path : paths) {
            store::TraceStore store;
            const auto result = ingest::importFile(store, path.string());
            test::ReadableDump dump;
            dump.report(result.report, kCorpus + folder);
            dump.records(*store.snapshot());
            const std::string expected = path.string() + ".expected";
            if (std::getenv("SPANREEL_UPDATE_GOLDEN")) std::ofstream(expected, std::ios::binary) << dump.text;
            EXPECT_EQ(dump.text, test::readWhole(expected)) << path;
            EXPECT_EQ(folder == "ok/", result.report.skipped == 0) << path;
            EXPECT_GT(result.report.kept, 0u) << path;
            ++files;
        }
    }
    EXPECT_GE(files, 7u);
}

struct Read {
    std::string records;
    store::ImportReport report;
};

Read readInChunks(std::string_view text, std::size_t chunk) {
    CollectSink sink;
    Read out;
    ingest::ImportContext context{sink, out.report, "f", {}};
    const auto importer = ingest::otlpJsonImporter().create();
    for (std::size_t i = 0; i < text.size(); i += chunk) importer->feed(text.substr(i, chunk), context);
    importer->finish(context);
    test::ReadableDump dump;
    dump.records(*sink.store.snapshot());
    out.records = std::move(dump.text);
    return out;
}

TEST(OtlpJson, AnyChunkingGivesTheSame) {
    for (const char* name : {"ok/every_field.json", "ok/late_resource.json", "ok/lines.jsonl", "fail/broken_lines.jsonl", "fail/wrong_values.json", "fail/cut.json"}) {
        const std::string text = test::readWhole(kCorpus + name);
        const Read whole = readInChunks(text, text.size());
        for (const std::size_t chunk : {1, 2, 3, 7, 61, 64, 65, 500}) {
            const Read parts = readInChunks(text, chunk);
            EXPECT_EQ(parts.records, whole.records) << name << ' ' << chunk;
            EXPECT_EQ(parts.report.kept, whole.report.kept);
            EXPECT_EQ(parts.report.skipped, whole.report.skipped);
        }
    }
}

// A document that cannot be read whole is read in parts: the records must be the same, resources and scopes included.
TEST(OtlpJson, PartsGiveTheSameRecordsAsTheWhole) {
    const std::string span = R"({"traceId":"0000000000000000000000000000000a","spanId":"00000000000000ff","name":"n","startTimeUnixNano":"1","endTimeUnixNano":"2"})";
    const std::string resource = R"("resource":{"attributes":[{"key":"service.name","value":{"stringValue":"é\n"}}]})", scope = R"("scope":{"name":"s"})";
    const std::string log = R"({"body":{"stringValue":"b"}})";
    for (const int order : {0, 1, 2, 3}) {
        const auto document = [&](const std::string& broken) {
            const std::string spans = "\"spans\":[" + span + "," + span + broken + "]", logs = "\"logRecords\":[" + log + broken + "]";
            const auto group = [&](const std::string& records, const std::string& who) { return order & 1 ? "{" + records + "," + who + ",\"schemaUrl\":\"u\"}" : "{" + who + "," + records + "}"; };
            const auto owner = [&](const std::string& name, const std::string& groups) { return order & 2 ? "{\"" + name + "\":[" + groups + "],\"schemaUrl\":\"v\"," + resource + "}" : "{" + resource + ",\"" + name + "\":[" + groups + "]}"; };
            return "{\"resourceSpans\":[" + owner("scopeSpans", group(spans, scope)) + "],\"resourceLogs\":[" + owner("scopeLogs", group(logs, scope)) + "]}";
        };
        const Read whole = readInChunks(document(""), 1 << 20);
        EXPECT_EQ(whole.report.kept, 3u);
        EXPECT_EQ(whole.report.skipped, 0u);
        const Read parts = readInChunks(document(",{\"name\":NaN}"), 1 << 20);
        EXPECT_EQ(parts.report.kept, 3u);
        EXPECT_EQ(parts.report.skipped, 2u);
        EXPECT_EQ(parts.records, whole.records) << order;
    }
}

// Records of a resource too large to be held wait for the schema URL behind them; 64 Ki of them go on without it.
TEST(OtlpJson, AHugeResourceGoesOnInBatches) {
    std::string text = R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"huge"}}]},"scopeSpans":[{"scope":{"name":"s"},"spans":[)";
    const std::size_t count = 150000;
    for (std::size_t i = 1; i <= count; ++i)
        text += (i > 1 ? "," : "") + std::string(R"({"traceId":"0000000000000000000000000000000b","spanId":")") + SpanId{i}.toHex() + R"(","name":"n","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000001"})";
    text += R"(]}],"schemaUrl":"late"}]})";
    CollectSink sink;
    store::ImportReport report;
    ingest::ImportContext context{sink, report, "f", {}};
    const auto importer = ingest::otlpJsonImporter().create();
    for (std::size_t i = 0; i < text.size(); i += 1 << 20) importer->feed(std::string_view(text).substr(i, 1 << 20), context);
    importer->finish(context);
    EXPECT_EQ(report.kept, count);
    EXPECT_EQ(report.skipped, 0u);
    EXPECT_EQ(report.count(ProblemCode::FlaggedValue), 1u);
    const auto snapshot = sink.store.snapshot();
    ASSERT_EQ(snapshot->spanCount(), count);
    std::size_t named = 0;
    snapshot->forEachSpan([&](const store::SpanView& s) { named += s.serviceName() == "huge" && s.scope().name == "s"; });
    EXPECT_EQ(named, count);
}

Result<ingest::DecodedRequest> decode(ingest::Signal signal, std::string body) { return ingest::decodeOtlpJson(signal, std::make_shared<const std::string>(std::move(body))); }

TEST(OtlpJsonRequest, KeepsGoodOnes) {
    auto traces = decode(ingest::Signal::Traces, test::readWhole(kCorpus + "ok/every_field.json"));
    ASSERT_TRUE(traces.has_value());
    EXPECT_EQ(traces->items, 1u);
    EXPECT_EQ(traces->rejected, 0u);
    ASSERT_EQ(traces->batch.spans.size(), 1u);
    EXPECT_EQ(traces->batch.spans[0].name, "pay \"now\" \xE2\x82\xAC");
    EXPECT_EQ(traces->warnings.size(), 2u);  // logs and metrics have paths of their own
    EXPECT_EQ(traces->warnings[0].code, ProblemCode::WrongSignal);

    auto metrics = decode(ingest::Signal::Metrics, R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a"},{"name":"b"}]}]}]})");
    ASSERT_TRUE(metrics.has_value());
    EXPECT_EQ(metrics->items, 2u);
    ASSERT_EQ(metrics->batch.metrics.size(), 1u);
    EXPECT_EQ(metrics->batch.metrics[0].metricCount, 2u);

    for (const char* empty : {"{}", R"({"resourceSpans":[]})", R"({"resourceSpans":null})", R"({"resourceSpans":[{}]})", R"({"resourceSpans":[{"resource":null,"scopeSpans":[{"scope":null,"spans":null}]}]})"}) {
        auto none = decode(ingest::Signal::Traces, empty);
        ASSERT_TRUE(none.has_value()) << empty;
        EXPECT_EQ(none->items, 0u);
    }
}

TEST(OtlpJsonRequest, OfRepeatedMembersTheLastCountsWholly) {
    const auto decoded = decode(ingest::Signal::Traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)"
                                                        R"("traceId":"","spanId":"odd","name":"n","kind":"no kind","status":{"code":2},"links":[{}],)"
                                                        R"("traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"000000000000000a","name":null,"kind":3,"status":{"message":"m"},"links":null,)"
                                                        R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000001"}]}]}]})");
    ASSERT_TRUE(decoded.has_value());
    ASSERT_EQ(decoded->batch.spans.size(), 1u);
    const auto& span = decoded->batch.spans[0];
    EXPECT_EQ(span.traceId.toHex(), "0102030405060708090a0b0c0d0e0f10");
    EXPECT_EQ(span.spanId.toHex(), "000000000000000a");
    EXPECT_EQ(span.rare().originalSpanId, "");
    EXPECT_EQ(span.marks, store::kMarkNone);
    EXPECT_EQ(span.name, "");
    EXPECT_EQ(span.kind, 3);
    EXPECT_EQ(span.status, 0);
    EXPECT_EQ(span.rare().statusMessage, "m");
    EXPECT_TRUE(span.links.empty());
    ASSERT_EQ(decoded->warnings.size(), 1u);
    EXPECT_EQ(decoded->warnings[0].code, ProblemCode::RepeatedKey);
}

TEST(OtlpJsonRequest, IdsOfZerosAreKeptAsWritten) {
    const std::string zero32(32, '0'), zero16(16, '0');
    const auto decoded = decode(ingest::Signal::Traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":")" + zero32 + R"(","spanId":")" + zero16 + R"(","parentSpanId":")" + zero16 +
                                                        R"("},{"traceId":"00","spanId":"0"},{"traceId":"AAAAAAAAAAAAAAAAAAAAAA==","spanId":"AAAAAAAAAAA="},{"traceId":"","spanId":null}]}]}]})");
    ASSERT_TRUE(decoded.has_value());
    const auto& spans = decoded->batch.spans;
    ASSERT_EQ(spans.size(), 4u);
    for (const auto& span : spans) {
        EXPECT_FALSE(span.traceId.isValid() || span.spanId.isValid() || span.parentId.isValid());
        EXPECT_EQ(span.marks, store::kMarkInvalidTraceId | store::kMarkInvalidSpanId);
    }
    EXPECT_EQ(spans[0].rare().originalTraceId, zero32);
    EXPECT_EQ(spans[0].rare().originalSpanId, zero16);
    EXPECT_EQ(spans[0].rare().originalParentId, zero16);
    EXPECT_EQ(spans[1].rare().originalTraceId, "00");
    EXPECT_EQ(spans[1].rare().originalSpanId, "0");
    EXPECT_EQ(spans[2].rare().originalTraceId, zero32) << "as in protobuf";
    EXPECT_EQ(spans[2].rare().originalSpanId, zero16);
    EXPECT_EQ(spans[3].rare().originalTraceId, "");
    EXPECT_EQ(spans[3].rare().originalSpanId, "");
}

TEST(OtlpJsonRequest, RefusesMalformedOnesWithThePlace) {
    const std::string begin = R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000a",)";
    const std::string end = "}]}]}]}";
    struct Case {
        std::string body;
        ProblemCode code;
        std::size_t byte;
    };
    for (const auto& c : {
             Case{"", ProblemCode::Empty, 0},
             {begin.substr(0, 40), ProblemCode::BadJson, 40},
             {"{} x", ProblemCode::BadJson, 3},
             {"[]", ProblemCode::BadJson, 0},
             {"7", ProblemCode::BadJson, 0},
             {R"({"resourceSpans":{}})", ProblemCode::BadValue, 17},
             {begin + "\"name\":17" + end, ProblemCode::BadValue, begin.size() + 7},
             {begin + "\"kind\":1e400" + end, ProblemCode::BadValue, begin.size() + 7},
             {begin + "\"startTimeUnixNano\":\"18446744073709551616\"" + end, ProblemCode::BadValue, begin.size() + 20},
             {begin + "\"attributes\":[{\"key\":\"k\",\"value\":{\"doubleValue\":\"much\"}}]" + end, ProblemCode::BadValue, begin.size() + 48},
             {begin + "\"name\":NaN" + end, ProblemCode::BadJson, begin.size() + 7},
             {std::string(300, '['), ProblemCode::Nesting, 200},
         }) {
        const auto result = decode(ingest::Signal::Traces, c.body);
        ASSERT_FALSE(result.has_value()) << c.body;
        EXPECT_EQ(result.error().code, c.code) << c.body;
        EXPECT_EQ(result.error().place.byte, static_cast<std::int64_t>(c.byte)) << c.body;
    }
}

TEST(OtlpJsonRequest, IntegersAreExactHoweverTheyAreWritten) {
    const auto times = [](const std::string& start, const std::string& end) {
        return decode(ingest::Signal::Traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000a","startTimeUnixNano":)" + start +
                                                  R"(,"endTimeUnixNano":)" + end + "}]}]}]}");
    };
    struct Case {
        std::string text;
        std::uint64_t number;
    };
    for (const auto& [text, number] : {Case{"1.7e18", 1700000000000000000u},
                                       {"1.700000001e18", 1700000001000000000u},
                                       {"1.700000000000000001E+18", 1700000000000000001u},
                                       {"1700000000000000001.000", 1700000000000000001u},
                                       {"17000000000000000010e-1", 1700000000000000001u},
                                       {"1.8446744073709551615e19", 18446744073709551615u},
                                       {"9007199254740993.0", 9007199254740993u},
                                       {"5.0", 5},
                                       {"0." + std::string(300, '0') + "12e302", 12},
                                       {"12" + std::string(300, '0') + "e-300", 12},
                                       {"0e99999999999999999999", 0},
                                       {"-0.0", 0}}) {
        const auto read = times(text, '"' + text + '"');
        ASSERT_TRUE(read.has_value()) << text;
        EXPECT_EQ(read->batch.spans.at(0).startNs, number) << text;
        EXPECT_EQ(read->batch.spans.at(0).endNs, number) << text;
    }
    for (const std::string text : {"1.5", "1.8446744073709551616e19", "1e20", "1e99999999999999999999", "1e-1", "-1e3", "17000000000000000015e-1"}) {
        EXPECT_FALSE(times(text, "5").has_value()) << text;
        EXPECT_FALSE(times("5", '"' + text + '"').has_value()) << text;
    }
    for (const char* const text : {"1e", "e5", ".", "1.2.3", "1e5 ", "+1e5", "1e+", "1e5.0"}) EXPECT_FALSE(times("5", '"' + std::string(text) + '"').has_value()) << text;
}

TEST(OtlpJsonRequest, NumbersThatNothingHoldsAreBadValues) {
    const auto value = [](const std::string& any) {
        return decode(ingest::Signal::Traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"op","attributes":[{"key":"k","value":)" + any + "}]}]}]}]}");
    };
    for (const std::string text : {"1e400", "-2.5e400", "1e5000"})
        for (const std::string& written : {text, '"' + text + '"'}) {
            const auto read = value(R"({"doubleValue":)" + written + "}");
            ASSERT_FALSE(read.has_value()) << written;
            EXPECT_EQ(read.error().code, ProblemCode::BadValue);
        }
    for (const std::string text : {"1e-400", "1e-5000", "1.5", "1e308"})
        for (const std::string& written : {text, '"' + text + '"'}) {
            const auto read = value(R"({"doubleValue":)" + written + "}");
            ASSERT_TRUE(read.has_value()) << written;
            EXPECT_EQ(read->batch.spans.at(0).attributes[0].value, store::Value::ofDouble(std::strtod(text.c_str(), nullptr))) << written;
        }
    EXPECT_EQ(value(R"({"doubleValue":"-Infinity"})")->batch.spans.at(0).attributes[0].value, store::Value::ofDouble(-INFINITY));
    EXPECT_EQ(value(R"({"intValue":"-9.223372036854775808e18"})")->batch.spans.at(0).attributes[0].value, store::Value::ofInt(INT64_MIN));
    EXPECT_FALSE(value(R"({"intValue":9.223372036854775808e18})").has_value());
}

TEST(OtlpJsonRequest, AnUnknownEnumIsKeptByItsNumberOnly) {
    for (const auto& [kind, kept, code] : {std::tuple("77", 77, ProblemCode::UnknownEnum), {"\"SPAN_KIND_FUTURE\"", 0, ProblemCode::UnknownEnumDropped}}) {
        const auto read = decode(ingest::Signal::Traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000a","startTimeUnixNano":"5","endTimeUnixNano":"5","kind":)" +
                                                             std::string(kind) + "}]}]}]}");
        ASSERT_TRUE(read.has_value()) << kind;
        EXPECT_EQ(read->batch.spans.at(0).kind, kept);
        ASSERT_FALSE(read->warnings.empty());
        EXPECT_EQ(read->warnings[0].code, code) << kind;
    }
}

TEST(OtlpJsonRequest, NestingHasALimit) {
    const auto body = [](std::size_t levels) {
        std::string open, close;
        for (std::size_t i = 0; i < levels; ++i) open += R"({"arrayValue":{"values":[)", close += "]}}";
        return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"k","value":)" + open + close + "}]}]}]}]}";
    };
    EXPECT_TRUE(decode(ingest::Signal::Traces, body(40)).has_value());
    for (const std::size_t levels : {60, 1000, 100000}) {
        const auto deep = decode(ingest::Signal::Traces, body(levels));
        ASSERT_FALSE(deep.has_value());
        EXPECT_EQ(deep.error().code, ProblemCode::Nesting);
    }
    const Read file = readInChunks(body(100000), 1 << 20);
    EXPECT_EQ(file.report.kept, 1u);
    EXPECT_EQ(file.report.count(ProblemCode::Nesting), 1u);
    // What lies deeper is kept as text.
    const std::string leaf = R"({"arrayValue":{"values":[{"arrayValue":{"values":[{"stringValue":"a\"b"},{"doubleValue":1.50},{"boolValue":true},{"x":[null,{}]}]}}]}})";
    std::string deep = body(48);
    deep.insert(deep.find("[]") + 1, leaf);
    const Read read = readInChunks(deep, 1 << 20);
    EXPECT_EQ(read.report.kept, 1u);
    EXPECT_EQ(read.report.skipped, 0u);
    EXPECT_EQ(read.report.count(ProblemCode::Nesting), 1u);
    EXPECT_NE(read.records.find("1.50"), std::string::npos) << read.records;
}

TEST(JsonText, WritesWhatWasRead) {
    for (const std::string text : {R"({"a":[1,-2.50e3,"x\"y\\",{}],"b":{"c":[],"d":null},"e":[true,false,[[]]]})", R"("t")", "[]", "7"}) EXPECT_EQ(ingest::jsonText(ingest::JsonDocument::parse(text).root()), text);
    EXPECT_EQ(ingest::jsonText(ingest::JsonDocument::parse(R"( { "a" : 1 , "a" : 2 } )").root()), R"({"a":2})");
}

}  // namespace
}  // namespace spanreel
