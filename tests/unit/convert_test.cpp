// SPDX-License-Identifier: GPL-3.0-or-later
// The convert command: there and back is lossless, targets are never left half written, losses are told.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/commands/command.h"
#include "ingest/import_file.h"
#include "ingest/otlp/metrics_from_json.h"
#include "model/otlp/metrics_json.h"
#include "model/otlp/proto_writer.h"
#include "tests/unit/canonical_dump.h"
#include "tests/unit/shared_data.h"

namespace spanreel::app {
namespace {

namespace fs = std::filesystem;

class Convert : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::temp_directory_path() / ("spanreel-convert-" + std::to_string(::getpid()));
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder / name).string(); }
    static int convert(std::vector<std::string> arguments) { return convertCommand().run(arguments); }

    static std::string dump(const std::string& file, bool withUnknown) {
        store::TraceStore store;
        ingest::importFile(store, file);
        return test::canonicalDump(*store.snapshot(), withUnknown);
    }
    /// All metrics of a file as protobuf, one request after the other.
    static std::string metricsOf(const std::string& file) {
        store::TraceStore store;
        ingest::importFile(store, file);
        std::string out;
        const auto snapshot = store.snapshot();
        for (std::size_t i = 0; i < snapshot->metricsRecordCount(); ++i) {
            const store::MetricsRecord& record = snapshot->metricsRecord(i);
            otlp::LossCount losses;
            out += record.encoding == store::Encoding::Protobuf ? record.bytes : ingest::metricsJsonToProto(record.bytes, losses).value_or("unreadable");
            EXPECT_TRUE(losses.empty()) << file;
        }
        return out;
    }

    void thereAndBack(const std::string& file) {
        SCOPED_TRACE(file);
        const std::string proto = path("1.pb"), json = path("2.jsonl"), again = path("3.pb.zst"), packed = path("4.json.gz");
        ASSERT_EQ(convert({file, "-o", proto}), kExitOk);
        ASSERT_EQ(convert({proto, "-o", json}), kExitOk);
        ASSERT_EQ(convert({json, "-o", again}), kExitOk);
        ASSERT_EQ(convert({again, "-o", packed}), kExitOk);
        const std::string want = dump(file, false);
        for (const auto& result : {proto, json, again, packed}) EXPECT_EQ(want, dump(result, false)) << result;
        const std::string metrics = metricsOf(file);
        for (const auto& result : {proto, json, again, packed}) EXPECT_EQ(metrics, metricsOf(result)) << result;
    }

private:
    fs::path m_folder;
};

const std::string kCorpus = std::string(SPANREEL_SOURCE_DIR) + "/tests/corpus/otlp-proto/ok/";

TEST_F(Convert, EveryFieldSurvives) {
    thereAndBack(kCorpus + "every_field.jsonl");
    const std::string dumped = dump(path("1.pb"), false);
    for (const char* part : {"schemaUrl=", "entityRefs=", "state=", "droppedLinks=", "message=", "eventName=", "severityText="}) EXPECT_NE(dumped.find(part), std::string::npos) << part;
}

TEST_F(Convert, SharedOtlpFilesAreLossless) {
    const std::string shared = test::sharedDir();
    if (shared.empty()) GTEST_SKIP() << "no shared test data";
    int files = 0;
    for (const auto& entry : fs::directory_iterator(shared + "/data/otlp-json")) {
        thereAndBack(entry.path().string());
        ++files;
    }
    EXPECT_GT(files, 5);
}

/// A request of one span, with unknown fields at every level.
std::string unknownAtEveryLevel(std::string_view name) {
    otlp::ProtoWriter w;
    const auto resource = w.begin(1);
    const auto scope = w.begin(2);
    const auto span = w.begin(2);
    w.text(1, "0123456789abcdef");
    w.text(2, "01234567");
    w.text(5, name);
    w.fixed64(7, 1700000000000000000ull);
    w.fixed64(8, 1700000000000000001ull);
    w.alwaysUint(300, 5);
    w.end(span);
    w.alwaysText(301, "scope level");
    w.end(scope);
    w.alwaysText(302, "resource level");
    w.end(resource);
    w.alwaysText(303, name);
    return w.bytes();
}

// A resource that comes several times is known by the fields of the request behind it too: they are written behind each group of it.
TEST_F(Convert, UnknownFieldsSurviveProtobufToProtobuf) {
    for (const auto& request : {unknownAtEveryLevel("one"), unknownAtEveryLevel("one") + unknownAtEveryLevel("other") + unknownAtEveryLevel("one")}) {
        std::ofstream(path("in.pb"), std::ios::binary) << request;
        ASSERT_EQ(convert({path("in.pb"), "-o", path("out.pb")}), kExitOk);
        EXPECT_EQ(test::readWhole(path("out.pb")).substr(4), request);
        EXPECT_EQ(dump(path("in.pb"), true), dump(path("out.pb"), true));
        EXPECT_EQ(convert({path("in.pb"), "-o", path("out.json")}), kExitSomeLost) << "JSON cannot hold them";
    }
}

TEST_F(Convert, IdsOfMetricsMayBeInUpperCase) {
    std::ofstream(path("m.json")) << R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[{"asInt":"5","timeUnixNano":"1","exemplars":[)"
                                     R"({"asInt":"1","traceId":"ABABABABABABABABABABABABABABABAB","spanId":"CDCDCDCDCDCDCDCD"}]}]}}]}]}]})";
    EXPECT_EQ(convert({path("m.json"), "-o", path("m.pb")}), kExitOk);
    ASSERT_EQ(convert({path("m.pb"), "-o", path("again.json")}), kExitOk);
    EXPECT_NE(test::readWhole(path("again.json")).find(R"("traceId":"abababababababababababababababab")"), std::string::npos) << test::readWhole(path("again.json"));
}

TEST_F(Convert, JaegerAndZipkinKeepEverySpan) {
    const std::string file = kCorpus + "every_field.jsonl";
    EXPECT_EQ(convert({file, "-o", path("j.json"), "--format", "jaeger"}), kExitSomeLost);
    EXPECT_EQ(convert({file, "-o", path("z.json"), "--format=zipkin"}), kExitSomeLost);
    for (const auto& result : {path("j.json"), path("z.json")}) {
        store::TraceStore store;
        const auto read = ingest::importFile(store, result);
        EXPECT_EQ(store.snapshot()->spanCount(), 5u) << result << " " << read.report.format;
    }
}

TEST_F(Convert, ATargetIsNeverLeftHalfWritten) {
    std::ofstream(path("keep.json")) << "precious";
    EXPECT_EQ(convert({path("absent.json"), "-o", path("keep.json")}), kExitNothingKept);
    EXPECT_EQ(test::readWhole(path("keep.json")), "precious");
    EXPECT_EQ(convert({kCorpus + "every_field.jsonl", "-o", path("no/such/folder.json")}), kExitNothingKept);
    EXPECT_EQ(convert({kCorpus + "every_field.jsonl", "-o", path("keep.json")}), kExitOk);
    EXPECT_NE(test::readWhole(path("keep.json")), "precious");
    for (const auto& entry : fs::directory_iterator(fs::path(path("")).parent_path())) EXPECT_EQ(entry.path().filename(), "keep.json");
}

TEST_F(Convert, SeveralInputsOneOfThemBad) {
    EXPECT_EQ(convert({kCorpus + "every_field.jsonl", path("absent.json"), "-o", path("out.pb")}), kExitNothingKept) << "the highest status wins";
    EXPECT_EQ(dump(path("out.pb"), false), dump(kCorpus + "every_field.jsonl", false));
}

TEST_F(Convert, UsageErrors) {
    const std::string file = kCorpus + "every_field.jsonl";
    EXPECT_EQ(convert({file}), kExitUsage);
    EXPECT_EQ(convert({"-o", path("x.json")}), kExitUsage);
    EXPECT_EQ(convert({file, "-o", path("x.bin")}), kExitUsage);
    EXPECT_EQ(convert({file, "-o", "-"}), kExitUsage);
    EXPECT_EQ(convert({file, "-o", path("x.json"), "--format", "thrift"}), kExitUsage);
    EXPECT_EQ(convert({file, "-o", path("x.json"), "--wat"}), kExitUsage);
}

}  // namespace
}  // namespace spanreel::app
