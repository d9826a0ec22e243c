// SPDX-License-Identifier: GPL-3.0-or-later
// OTLP protobuf: what is decoded, repaired, refused, and at which byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ingest/importers/otlp_proto_importer.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "ingest/otlp/otlp_proto_shape.h"
#include "ingest/otlp/otlp_signal.h"
#include "model/otlp/proto_writer.h"
#include "model/otlp/value_walk.h"
#include "model/otlp/wire.h"
#include "tests/unit/otlp_proto_bodies.h"

namespace spanreel::ingest {
namespace {

using namespace test;
using otlp::ProtoWriter;
using store::ValueType;

Result<DecodedRequest> decode(const std::string& body, Signal signal = Signal::Traces) { return decodeOtlpProtobuf(signal, std::make_shared<const std::string>(body)); }

bool warned(const DecodedRequest& request, ProblemCode code) {
    for (const auto& warning : request.warnings)
        if (warning.code == code) return true;
    return false;
}

TEST(OtlpProto, PlainSpan) {
    const auto r = decode(request({span(attribute(9, "k", std::string("\x18\x05", 2)))}));
    ASSERT_TRUE(r);
    ASSERT_EQ(r->batch.spans.size(), 1u);
    EXPECT_EQ(r->items, 1u);
    EXPECT_EQ(r->warned, 0u);
    EXPECT_TRUE(r->warnings.empty());
    const auto& s = r->batch.spans[0];
    EXPECT_EQ(s.traceId.toHex(), "0102030405060708090a0b0c0d0e0f10");
    EXPECT_EQ(s.spanId.toHex(), "1112131415161718");
    EXPECT_FALSE(s.parentId.isValid());
    EXPECT_EQ(s.name, "op");
    EXPECT_EQ(s.startNs, kNow);
    EXPECT_EQ(s.endNs, kNow + 5);
    ASSERT_EQ(s.attributes.size(), 1u);
    EXPECT_EQ(s.attributes[0].key, "k");
    EXPECT_EQ(s.attributes[0].value, store::Value::ofInt(5));
    EXPECT_EQ(s.resource, store::kNone);
    EXPECT_EQ(s.scope, store::kNone);
}

TEST(OtlpProto, TextPointsIntoTheBody) {
    const auto body = std::make_shared<const std::string>(request({span()}));
    const auto r = decodeOtlpProtobuf(Signal::Traces, body);
    ASSERT_TRUE(r);
    const char* name = r->batch.spans[0].name.data();
    EXPECT_TRUE(name >= body->data() && name < body->data() + body->size());
}

TEST(OtlpProto, ResourceBehindTheRecordsStillCounts) {
    ProtoWriter w;
    const auto outer = w.begin(1);
    const auto scope = w.begin(2);
    w.alwaysText(2, span());
    w.text(3, "scope-url");
    w.alwaysText(1, field(1, "lib"));
    w.end(scope);
    w.alwaysText(1, attribute(1, "service.name", field(1, "svc")));
    w.text(3, "resource-url");
    w.end(outer);
    const auto r = decode(w.take());
    ASSERT_TRUE(r);
    ASSERT_EQ(r->batch.spans.size(), 1u);
    ASSERT_EQ(r->batch.resources.size(), 1u);
    ASSERT_EQ(r->batch.scopes.size(), 1u);
    EXPECT_EQ(r->batch.resources[0].schemaUrl, "resource-url");
    EXPECT_EQ(r->batch.resources[0].attributes[0].value.text, "svc");
    EXPECT_EQ(r->batch.scopes[0].name, "lib");
    EXPECT_EQ(r->batch.scopes[0].schemaUrl, "scope-url");
}

TEST(OtlpProto, FaultsHaveTheirByte) {
    const struct {
        std::string body;
        std::int64_t byte;
        const char* says;
    } cases[] = {
        {std::string("\x0a\xff\xff\xff\xff\x07" "abc"), 1, "past the end"},
        {std::string("\x0f\x00", 2), 0, "wire type 7"},
        {std::string("\x02\x00", 2), 0, "field number 0"},
        {std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), 1, "varint longer"},
        {std::string("\x08\xff\xff"), 1, "varint cut"},
        {std::string("\x13\x08\x01", 3), 0, "has no end"},
        {std::string("\x13\x1c", 2), 1, "another group's end"},
        {std::string("\x14"), 0, "not begun"},
        {std::string("\x11\x01\x02", 3), 1, "cut short"},
        {std::string("\x13\x12\x05" "ab\x14", 6), 2, "in a group"},
    };
    for (const auto& c : cases) {
        const auto r = decode(c.body);
        ASSERT_FALSE(r) << c.says;
        EXPECT_EQ(r.error().code, ProblemCode::BadProtobuf);
        EXPECT_EQ(r.error().place.byte, c.byte) << c.says;
        EXPECT_NE(r.error().detail.find(c.says), std::string::npos) << r.error().detail;
    }
}

TEST(OtlpProto, EveryCutIsRefusedOrWhole) {
    const std::string body = request({span(), span(attribute(9, "k", nestedArrays(3)))});
    for (std::size_t n = 1; n < body.size(); ++n) EXPECT_FALSE(decode(body.substr(0, n))) << n;
    EXPECT_TRUE(decode(body));
}

TEST(OtlpProto, DepthLimitIsProtobufsOwn) {
    // Request > ResourceSpans > ScopeSpans > Span > KeyValue > AnyValue are 5 levels below the request; a list adds 2.
    EXPECT_TRUE(decode(request({span(attribute(9, "k", nestedArrays(47)))})));
    const auto r = decode(request({span(attribute(9, "k", nestedArrays(48)))}));
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, ProblemCode::Nesting);
    EXPECT_FALSE(decode(request({span(attribute(9, "k", nestedArrays(20000)))})));
}

TEST(OtlpProto, BadUtf8IsRepairedAndCounted) {
    const auto r = decode(request({span(field(5, "a\xff z")), span(attribute(9, "k\xc3", field(5, field(1, field(1, "\xe2\x82")) + field(1, field(1, "fine")))))}));
    ASSERT_TRUE(r);
    EXPECT_EQ(r->items, 2u);
    EXPECT_EQ(r->warned, 2u);
    EXPECT_TRUE(warned(*r, ProblemCode::BadUtf8));
    EXPECT_EQ(r->batch.spans[0].name, "a\xEF\xBF\xBD z");
    const auto& a = r->batch.spans[1].attributes[0];
    EXPECT_EQ(a.key, "k\xEF\xBF\xBD");
    ASSERT_EQ(a.value.type, ValueType::Array);
    std::vector<std::string> texts;
    otlp::forEachArrayElement(a.value.text, [&](const store::Value& v) { texts.emplace_back(v.text); });
    EXPECT_EQ(texts, (std::vector<std::string>{"\xEF\xBF\xBD", "fine"}));
}

TEST(OtlpProto, OddIdsAreKeptAndMarked) {
    const std::string zero16(16, '\0'), zero8(8, '\0');
    const auto r = decode(request({span({}, "", ""), span({}, zero16, zero8), span({}, std::string("\x0a\x0b", 2), kSpan), span({}, kTrace + "x", kSpan + "y"), span(field(4, zero8))}));
    ASSERT_TRUE(r);
    ASSERT_EQ(r->batch.spans.size(), 5u);
    const auto& s = r->batch.spans;
    EXPECT_TRUE(s[0].marks & store::kMarkInvalidTraceId);
    EXPECT_TRUE(s[0].marks & store::kMarkInvalidSpanId);
    EXPECT_EQ(s[0].rare().originalTraceId, "");
    EXPECT_EQ(s[1].rare().originalTraceId, std::string(32, '0'));
    EXPECT_EQ(s[1].rare().originalSpanId, std::string(16, '0'));
    EXPECT_EQ(s[2].traceId.toHex(), "00000000000000000000000000000a0b");
    EXPECT_EQ(s[2].rare().originalTraceId, "0a0b");
    EXPECT_TRUE(s[3].traceId.isValid());
    EXPECT_TRUE(s[3].marks & store::kMarkIdMadeByUs);
    EXPECT_EQ(s[3].rare().originalTraceId.size(), 34u);
    EXPECT_FALSE(s[4].parentId.isValid());
    EXPECT_EQ(s[4].rare().originalParentId, std::string(16, '0'));
    EXPECT_EQ(r->warned, 4u) << "a parent of zeros is no parent, and nothing to warn of";
    EXPECT_TRUE(warned(*r, ProblemCode::ZeroId));
    EXPECT_TRUE(warned(*r, ProblemCode::ShortId));
    EXPECT_TRUE(warned(*r, ProblemCode::OddId));
}

TEST(OtlpProto, UnknownFieldsAndOtherWireTypesAreKept) {
    ProtoWriter w;
    w.alwaysUint(200, 7);
    w.tag(201, 3);
    w.alwaysUint(1, 1);
    w.tag(201, 4);
    const std::string unknown = w.bytes();
    const auto r = decode(request({span(unknown)}));
    ASSERT_TRUE(r);
    EXPECT_EQ(r->batch.spans[0].rare().unknown, unknown);
    EXPECT_EQ(r->warned, 0u);
    w.clear();
    w.alwaysUint(5, 9);  // name as a number
    const auto odd = decode(request({span(w.bytes())}));
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->batch.spans[0].name, "op");
    EXPECT_EQ(odd->batch.spans[0].rare().unknown, w.bytes());
    EXPECT_TRUE(warned(*odd, ProblemCode::FlaggedValue));
}

// Else a file that is read and written again would not be the same the second time.
TEST(OtlpProto, UnknownFieldsOfARecordComeBeforeThoseOfItsAttributesWhereverTheyStood) {
    ProtoWriter own;
    own.alwaysUint(200, 7);
    const std::string odd = attribute(9, "k", field(1, "v") + field(90, "of the value"));
    const auto before = decode(request({span(own.bytes() + odd)})), behind = decode(request({span(odd + own.bytes())}));
    ASSERT_TRUE(before && behind);
    const auto unknown = before->batch.spans[0].rare().unknown;
    EXPECT_GT(unknown.size(), own.bytes().size());
    EXPECT_EQ(unknown.substr(0, own.bytes().size()), own.bytes());
    EXPECT_EQ(behind->batch.spans[0].rare().unknown, unknown);
}

TEST(OtlpProto, LastOfAOneofWinsAndListsMerge) {
    const std::string two = field(1, "text") + std::string("\x18\x05", 2);
    const std::string lists = field(5, field(1, field(1, "a"))) + field(5, field(1, field(1, "b")));
    const auto r = decode(request({span(attribute(9, "k", two) + attribute(9, "l", lists))}));
    ASSERT_TRUE(r);
    EXPECT_EQ(r->batch.spans[0].attributes[0].value, store::Value::ofInt(5));
    EXPECT_EQ(otlp::valueToJson(r->batch.spans[0].attributes[1].value), R"(["a","b"])");
}

TEST(OtlpProto, FieldsInTheUsualOrderOrAnother) {
    const std::string parent("\x21\x22\x23\x24\x25\x26\x27\x28", 8), otherId("\x31\x32\x33\x34\x35\x36\x37\x38", 8);
    const auto number = [](std::uint32_t field, std::uint64_t value) {
        ProtoWriter w;
        w.alwaysUint(field, value);
        return w.take();
    };
    const auto time = [](std::uint32_t field, std::uint64_t value) {
        ProtoWriter w;
        w.fixed64(field, value);
        return w.take();
    };
    const std::vector<std::string> usual{field(1, kTrace), field(2, kSpan), field(4, parent), field(5, "op"), number(6, 3), time(7, kNow), time(8, kNow + 5), field(15, number(3, 2))};
    const auto joined = [](const std::vector<std::string>& fields) {
        std::string out;
        for (const auto& one : fields) out += one;
        return out;
    };
    std::vector<std::string> order = usual;
    std::ranges::sort(order);
    int orders = 0;
    do {
        const auto r = decode(request({joined(order)}));
        ASSERT_TRUE(r);
        const auto& s = r->batch.spans[0];
        EXPECT_EQ(s.traceId.toHex(), "0102030405060708090a0b0c0d0e0f10");
        EXPECT_EQ(s.spanId.toHex(), "1112131415161718");
        EXPECT_EQ(s.parentId.toHex(), "2122232425262728");
        EXPECT_EQ(s.name, "op");
        EXPECT_EQ(s.kind, 3);
        EXPECT_EQ(s.startNs, kNow);
        EXPECT_EQ(s.endNs, kNow + 5);
        EXPECT_EQ(s.status, 2);
        EXPECT_EQ(r->warned, 0u);
    } while (std::ranges::next_permutation(order).found && ++orders < 2000);

    // What comes again behind them counts.
    const auto again = decode(request({joined(usual) + field(2, otherId) + number(6, 300) + time(8, kNow + 9) + field(15, number(3, 1))}));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->batch.spans[0].spanId.toHex(), "3132333435363738");
    EXPECT_EQ(again->batch.spans[0].parentId.toHex(), "2122232425262728");
    EXPECT_EQ(again->batch.spans[0].kind, 300);
    EXPECT_EQ(again->batch.spans[0].endNs, kNow + 9);
    EXPECT_EQ(again->batch.spans[0].status, 1);
    // A span without a parent, one with a kind of two bytes, and one that ends in its times.
    EXPECT_FALSE(decode(request({joined({usual[0], usual[1], usual[3]})}))->batch.spans[0].parentId.isValid());
    EXPECT_EQ(decode(request({joined({usual[0], usual[1], usual[3], number(6, 200), usual[5], usual[6]})}))->batch.spans[0].kind, 200);
    const std::string whole = joined({usual[0], usual[1], usual[2], usual[3], usual[4], usual[5], usual[6]});
    std::size_t read = 0;
    for (std::size_t cut = 0; cut < whole.size(); ++cut) read += decode(request({whole.substr(0, cut)})).has_value();
    EXPECT_EQ(read, 7u) << "only between two fields";
}

TEST(OtlpProto, LogBodiesOfAnyType) {
    const auto log = [](std::string_view body) {
        ProtoWriter w;
        w.fixed64(1, kNow);
        w.alwaysText(5, body);
        return w.take();
    };
    const auto r = decode(request({log(field(1, "")), log(field(7, std::string("\0\xff", 2))), log({}), log(field(6, attribute(1, "k", field(1, "v"))))}), Signal::Logs);
    ASSERT_TRUE(r);
    const auto& logs = r->batch.logs;
    ASSERT_EQ(logs.size(), 4u);
    EXPECT_EQ(logs[0].body, store::Value::ofString(""));
    EXPECT_EQ(logs[1].body.type, ValueType::Bytes);
    EXPECT_EQ(logs[2].body.type, ValueType::Empty);
    EXPECT_EQ(otlp::valueToJson(logs[3].body), R"({"k":"v"})");
    EXPECT_EQ(r->warned, 0u) << "logs need no ids";
}

TEST(OtlpProto, TinySpansCannotTakeAllMemory) {
    // 16 MiB of empty spans would be 8 M rows.
    ProtoWriter scope;
    std::string spans;
    for (int i = 0; i < 8 * 1024 * 1024; ++i) spans += std::string("\x12\x00", 2);
    const auto r = decode(field(1, field(2, spans)));
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, ProblemCode::Limit);
}

TEST(OtlpProto, MetricsAreCountedAndTheirBytesKept) {
    const std::string metric = field(1, "m") + field(5, field(1, attribute(7, "k", field(1, "v"))));
    const std::string body = request({metric, metric});
    const auto r = decode(body, Signal::Metrics);
    ASSERT_TRUE(r);
    EXPECT_EQ(r->items, 2u);
    ASSERT_EQ(r->batch.metrics.size(), 1u);
    EXPECT_EQ(r->batch.metrics[0].bytes, body);
    EXPECT_EQ(r->batch.metrics[0].metricCount, 2u);
    // A fault deep inside is found.
    EXPECT_FALSE(decode(request({field(1, "m") + field(5, field(1, field(7, "\x0a\x7f")))}), Signal::Metrics));
}

TEST(OtlpProtoShape, SignalByContent) {
    EXPECT_EQ(judgeOtlpSignal(request({span()})), Signal::Traces);
    ProtoWriter w;
    w.fixed64(1, kNow);
    w.alwaysText(5, field(1, "body"));
    EXPECT_EQ(judgeOtlpSignal(request({w.bytes()})), Signal::Logs);
    EXPECT_EQ(judgeOtlpSignal(request({field(1, "requests") + field(3, "1") + field(7, field(1, ""))})), Signal::Metrics);
    EXPECT_EQ(judgeOtlpSignal(request({field(1, "requests") + field(5, field(1, std::string("\x19\0\0\0\0\0\0\0\0", 9)))})), Signal::Metrics);
    EXPECT_EQ(judgeOtlpSignal(request({field(5, field(1, "only a body"))})), Signal::Logs);
    EXPECT_EQ(judgeOtlpSignal(request({""})), std::nullopt);
}

// Lengths alone say little: attributes of 16 bytes are no trace ids, names of 16 neither, and a field that is repeated is
// one piece of evidence.
TEST(OtlpProtoShape, SignalWhereLengthsMislead) {
    std::string attributes;
    for (int i = 0; i < 1100; ++i) {
        const std::string key = "item." + std::to_string(i % 90 + 10);
        attributes += attribute(9, key, field(1, "abc"));
        if (i == 9 || i == 13 || i == 1099) {
            EXPECT_EQ(judgeOtlpSignal(request({span() + attributes})), Signal::Traces) << i;
        }
    }
    EXPECT_EQ(attributes.size(), 1100u * (2 + 16));
    EXPECT_EQ(judgeOtlpSignal(request({field(1, std::string(16, '\x01')) + field(2, std::string(8, '\x02'))})), Signal::Traces);
    const std::string point = field(1, std::string("\x19\5\0\0\0\0\0\0\0", 9));
    for (const std::string& name : {std::string("queue.size.items"), std::string("queue.size"), std::string("q")})
        for (const std::string& description : {std::string(), field(2, "requests"), field(2, "how many wait")})
            for (const unsigned kind : {5u, 7u, 9u, 10u, 11u})
                EXPECT_EQ(judgeOtlpSignal(request({field(1, name) + description + field(3, "1") + field(kind, point)})), Signal::Metrics) << name << description << kind;
}

TEST(OtlpProtoShape, TextAndOtherBinariesAreNotTaken) {
    EXPECT_EQ(judgeProtoShape("\n{\"resourceSpans\":[]}", true).score, 0);
    EXPECT_EQ(judgeProtoShape("\n\n\n\n\n\n\n\n\n\n\n\n\n", true).score, 0);
    EXPECT_EQ(judgeProtoShape(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), false).score, 0);
    EXPECT_EQ(judgeProtoShape(std::string("\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", 16), false).score, 0);
    EXPECT_EQ(judgeProtoShape(std::string("PK\x03\x04\x14\0\0\0\x08\0", 10), false).score, 0);
    const std::string body = request({span()});
    EXPECT_GE(judgeProtoShape(body, true).score, 90);
    EXPECT_EQ(judgeProtoShape(body, true).framing, ProtoFraming::None);
    EXPECT_EQ(judgeProtoShape(std::string("\0\0\0", 3) + static_cast<char>(body.size()) + body, true).framing, ProtoFraming::Length32);
    EXPECT_EQ(judgeProtoShape(static_cast<char>(body.size()) + body, true).framing, ProtoFraming::Varint);
}

class Collect final : public BatchSink {
public:
    void accept(store::Batch batch, std::uint64_t) override {
        spans += batch.spans.size();
        logs += batch.logs.size();
        for (const auto& s : batch.spans) unknown.emplace_back(s.resource == store::kNone ? "" : otlp::wrappedUnknown(batch.resources[s.resource].unknown, otlp::kWrappedRequest));
        for (const auto& m : batch.metrics) metrics += m.bytes;
    }
    std::size_t spans = 0, logs = 0;
    std::vector<std::string> unknown;  ///< of the request, by span
    std::string metrics;
};

struct Imported {
    store::ImportReport report;
    std::size_t spans = 0, logs = 0;
    std::vector<std::string> unknown;
    std::string metrics;
};
Imported import(std::string_view bytes, std::size_t chunk) {
    Imported out;
    Collect sink;
    ImportContext context{sink, out.report, "in.pb", {}};
    const auto importer = otlpProtoImporter().create();
    for (std::size_t i = 0; i < bytes.size(); i += chunk) importer->feed(bytes.substr(i, chunk), context);
    importer->finish(context);
    out.spans = sink.spans;
    out.logs = sink.logs;
    out.unknown = std::move(sink.unknown);
    out.metrics = std::move(sink.metrics);
    return out;
}
std::string framed(const std::string& message) {
    const auto n = message.size();
    return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
}

TEST(OtlpProtoImporter, ABadRecordCostsOnlyItself) {
    for (const std::string& broken : brokenFields()) {
        const std::string bad = span(broken), body = request({span(), bad, span()}), many = request(std::vector<std::string>(150, bad));
        for (const std::size_t chunk : {1ul, 100ul, 1000000ul})
            for (const std::string& file : {body + body + many, framed(body + body + many) + body + body + many}) {
                const auto one = import(file, chunk);
                EXPECT_EQ(one.spans, 4u);
                EXPECT_EQ(one.report.kept, 4u);
                EXPECT_EQ(one.report.skipped, 152u);
                EXPECT_EQ(one.report.read(), 156u);
                ASSERT_GE(one.report.entries().size(), 2u);
                const auto end = static_cast<std::int64_t>(file.find(bad) + bad.size());
                EXPECT_GE(one.report.entries()[0].problem.place.byte, end - static_cast<std::int64_t>(broken.size()));
                EXPECT_LE(one.report.entries()[0].problem.place.byte, end);
                EXPECT_GT(one.report.entries()[1].problem.place.byte, end);
            }
    }
}

TEST(OtlpProtoImporter, AnyChunkingGivesTheSame) {
    ProtoWriter w;
    w.fixed64(1, kNow);
    w.alwaysText(5, field(1, "body"));
    const std::string traces = request({span(), span(), span()}), logs = request({w.bytes()});
    const std::string plain = traces + traces, stream = framed(traces) + traces + framed(logs) + logs + framed(traces) + traces;
    for (const std::size_t chunk : {1ul, 7ul, 100ul, 1000000ul}) {
        const auto one = import(plain, chunk);
        EXPECT_EQ(one.spans, 6u) << chunk;
        EXPECT_TRUE(one.report.clean());
        const auto many = import(stream, chunk);
        EXPECT_EQ(many.spans, 6u) << chunk;
        EXPECT_EQ(many.logs, 1u);
        EXPECT_TRUE(many.report.clean());
    }
}

TEST(OtlpProtoImporter, UnknownFieldsOfARequestStayWithTheResourceBeforeThem) {
    const std::string traces = request({span()}), filler = request({span(field(200, std::string(5000, 'x')))});  // longer than what is sniffed
    const std::string group = "\xC3\x0C" + field(1, std::string(100, 'g')) + "\xC4\x0C";                        // field 200
    const std::string bytes = filler + field(20, "of the first") + traces + traces + field(21, "of the third") + group + traces + field(22, "of the last");
    for (std::size_t chunk : {std::size_t{1}, std::size_t{7}, filler.size(), filler.size() + 14, bytes.size() - 13, bytes.size()}) {
        const auto r = import(bytes, chunk);
        EXPECT_EQ(r.unknown, (std::vector<std::string>{field(20, "of the first"), "", field(21, "of the third") + group, field(22, "of the last")})) << chunk;
        EXPECT_TRUE(r.report.clean()) << chunk;
    }
    for (const std::size_t chunk : {1ul, 5000ul, 10000ul}) EXPECT_EQ(import(field(20, "of the first") + filler, chunk).unknown, std::vector<std::string>{field(20, "of the first")}) << chunk;
}

TEST(OtlpProtoImporter, ResourcesWithoutMetricsAreKeptBehindThoseWithSome) {
    const std::string metrics = request({field(1, std::string(5000, 'm')) + field(5, field(1, attribute(7, "k", field(1, "v"))))});
    const std::string bytes = metrics + field(20, "of the first") + field(1, field(20, "no metrics")) + field(21, "of the second") + metrics;
    for (std::size_t chunk : {std::size_t{1}, std::size_t{7}, metrics.size(), metrics.size() + 14, bytes.size()}) {
        const auto r = import(bytes, chunk);
        EXPECT_EQ(r.report.kept, 2u) << chunk;
        EXPECT_TRUE(r.report.clean()) << chunk;
        EXPECT_TRUE(r.metrics == bytes) << chunk;
    }
}

TEST(OtlpProtoImporter, ABadResourceDoesNotSpoilTheNextInAnyChunking) {
    const std::string filler = request({span(field(200, std::string(5000, 'x')))}), bad = request({std::string("\x0a\x7f", 2)});
    const std::string bytes = filler + bad + filler + bad + filler;
    for (const std::size_t chunk : {1ul, 5000ul, 100000ul}) {
        const auto r = import(bytes, chunk);
        EXPECT_EQ(r.spans, 3u) << chunk;
        ASSERT_EQ(r.report.entries().size(), 2u) << chunk;
        EXPECT_EQ(r.report.entries()[1].problem.place.byte - r.report.entries()[0].problem.place.byte, static_cast<std::int64_t>(filler.size() + bad.size()));
    }
}

TEST(OtlpProtoImporter, ACutFrameIsToldAtItsBeginning) {
    const std::string traces = request({span(), span()});
    const std::string stream = framed(traces) + traces + framed(traces) + traces;
    const auto r = import(std::string_view(stream).substr(0, stream.size() - 5), 64);
    EXPECT_EQ(r.spans, 3u) << "the whole span of the cut message is kept";
    EXPECT_EQ(r.report.kept, 3u);
    EXPECT_EQ(r.report.skipped, 1u);
    ASSERT_EQ(r.report.entries().size(), 1u);
    EXPECT_EQ(r.report.entries()[0].problem.place.byte, static_cast<std::int64_t>(traces.size() + 4));
}

TEST(OtlpProtoImporter, ABadMessageDoesNotSpoilTheNext) {
    const std::string traces = request({span()}), bad = request({std::string("\x0a\x7f", 2)});
    const std::string stream = framed(traces) + traces + framed(bad) + bad + framed(traces) + traces;
    const auto r = import(stream, 4096);
    EXPECT_EQ(r.spans, 2u);
    EXPECT_EQ(r.report.skipped, 1u);
    EXPECT_EQ(r.report.read(), 3u);
}

// Resources and scopes take memory too, without any record in them.
TEST(OtlpProto, EnvelopesAreChargedToTheMemoryOfARequest) {
    for (const std::string_view envelope : {std::string_view("\x0A\x02\x0A\x00", 4), std::string_view("\x0A\x04\x12\x02\x0A\x00", 6)}) {
        std::string body;
        for (int i = 0; i < 50000; ++i) body += envelope;
        const auto shared = std::make_shared<const std::string>(std::move(body));
        const auto little = ingest::decodeOtlpProtobufWithin(1u << 20, ingest::Signal::Traces, shared, *shared, nullptr);
        ASSERT_FALSE(little.has_value());
        EXPECT_EQ(little.error().code, ProblemCode::Limit);
        EXPECT_TRUE(ingest::decodeOtlpProtobufWithin(16u << 20, ingest::Signal::Traces, shared, *shared, nullptr).has_value());
    }
}

}  // namespace
}  // namespace spanreel::ingest
