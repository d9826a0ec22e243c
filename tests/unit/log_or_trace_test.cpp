// SPDX-License-Identifier: GPL-3.0-or-later
// Whether lines that have both are a log in which data of a trace format lies, or such data behind lines of a log.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "ingest/import_file.h"

namespace spanreel::ingest {
namespace {

namespace fs = std::filesystem;

const std::string kText = "2023-11-14T22:13:20Z INFO request handled\n";

const std::string kJson = R"({"time":"2023-11-14T22:13:20Z","level":"info","msg":"request handled"})" "\n";

/// A request on one line; about 180 bytes a span.
std::string otlp(int spans) {
    std::string list;
    for (int i = 0; i < spans; ++i) {
        const std::string id = std::to_string(1000 + i);
        list += (i ? "," : "") + (R"({"traceId":"0000000000000000000000000000)" + id) + R"(","spanId":"000000000000)" + id + R"(","name":"n","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000001"})";
    }
    return R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + list + "]}]}]}\n";
}

std::string times(int n, const std::string& text) {
    std::string out;
    for (int i = 0; i < n; ++i) out += text;
    return out;
}

/// "FORMAT KEPT SKIPPED", and " told" where data of a trace format was seen among the lines of a log.
std::string outcome(const std::string& text) {
    const fs::path path = fs::temp_directory_path() / ("spanreel-log-or-trace-" + std::to_string(getpid()));
    std::ofstream(path, std::ios::binary) << text;
    store::TraceStore store;
    const auto report = importFile(store, path.string(), store::SourceKind::File).report;
    fs::remove(path);
    return report.format + " " + std::to_string(report.kept) + " " + std::to_string(report.skipped) + (report.count(ProblemCode::FlaggedValue) > 0 ? " told" : "");
}

// However long the line of the trace format is, and wherever it lies.
TEST(LogOrTrace, ALineInALogDoesNotTakeItOver) {
    for (const int spans : {1, 20, 60, 1000, 2500}) {
        EXPECT_EQ(outcome(times(10, kText) + otlp(spans) + times(2000, kText)), "logs-text 2011 0 told") << spans;
        EXPECT_EQ(outcome(times(10, kText) + otlp(spans) + otlp(spans) + times(2000, kText)), "logs-text 2012 0 told") << spans;
        EXPECT_EQ(outcome(times(97, kText) + otlp(spans) + times(2000, kText)), "logs-text 2098 0 told") << spans;
    }
    // What lies within a long line is no line of its own, and what begins with a brace may be text.
    EXPECT_EQ(outcome(times(10, kText) + std::string(4097, 'x') + otlp(20) + times(2000, kText)), "logs-text 2011 0");
    EXPECT_EQ(outcome(kText + "{worker-1} INFO ready\n" + times(3, kText) + otlp(1) + times(2000, kText)), "logs-text 2006 0 told");
}

// As a request over HTTP is with its header and its answer.
TEST(LogOrTrace, ALongLineThatIsMostOfAnInputIsNoLog) {
    const std::string header = times(8, "Content-Type: application/json\r\n");
    EXPECT_EQ(outcome(header + otlp(60) + header), "otlp-json 60 2");
    EXPECT_EQ(outcome(header + otlp(1) + header), "logs-text 17 0 told");
    EXPECT_EQ(outcome(times(10, kText) + otlp(60) + times(400, kText)), "logs-text 411 0 told");
}

TEST(LogOrTrace, ManyLinesOfATraceFormatAreNoLog) {
    for (const int spans : {1, 20, 60, 1000}) {
        const std::string kept = std::to_string(20 * spans);
        EXPECT_EQ(outcome(times(10, kText) + times(20, otlp(spans))), "otlp-json " + kept + " 1") << spans;
        EXPECT_EQ(outcome(times(20, kText + otlp(spans))), "otlp-json " + kept + " 20") << spans;
    }
}

// Lines of a log that are JSON themselves are a log as those of text are.
TEST(LogOrTrace, ALineInALogOfJsonDoesNotTakeItOver) {
    for (const int spans : {1, 20, 60, 1000}) {
        EXPECT_EQ(outcome(times(10, kJson) + otlp(spans) + times(2000, kJson)), "logs-json 2011 0 told") << spans;
        EXPECT_EQ(outcome(kJson + otlp(spans) + times(2000, kJson)), "logs-json 2002 0 told") << spans;
    }
    const std::string zipkin = R"({"traceId":"000000000000000a","id":"000000000000000b","name":"n","timestamp":1760000000000000,"localEndpoint":{"serviceName":"s"}})" "\n";
    EXPECT_EQ(outcome(times(10, kJson) + zipkin + times(2000, kJson)), "logs-json 2011 0 told");
    const std::string docker = R"({"log":"request handled\n","stream":"stdout","time":"2023-11-14T22:13:20Z"})" "\n";
    EXPECT_EQ(outcome(times(10, docker) + otlp(1) + times(2000, docker)), "logs-json 2011 0 told");
}

TEST(LogOrTrace, DataBehindALogOfJsonIsRead) {
    EXPECT_EQ(outcome(kJson + otlp(3)), "otlp-json 3 1");
    EXPECT_EQ(outcome(times(20, kJson + otlp(60))), "otlp-json 1200 20");
    EXPECT_EQ(outcome(times(10, kJson) + times(20, otlp(1))), "otlp-json 20 10");
    // Printed over several lines among those of a log, as programs do that log to the same console.
    const std::string printed = R"({
    "name": "n",
    "context": {
        "trace_id": "0x0af7651916cd43dd8448eb211c80319c",
        "span_id": "0xb7ad6b7169203331"
    },
    "start_time": "2025-01-01T00:00:00Z",
    "end_time": "2025-01-01T00:00:01Z"
}
)";
    EXPECT_EQ(outcome(times(10, kJson) + printed + times(2000, kJson)), "otel-console 1 2010");
}

TEST(LogOrTrace, RequestsOfAllSignalsAreNoLog) {
    const std::string logs = R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1760000000000000000","severityText":"INFO","body":{"stringValue":"level and message"}}]}]}]})" "\n";
    const std::string metrics = R"({"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[{"asInt":"1"}]}}]}]}]})" "\n";
    EXPECT_EQ(outcome(times(50, logs + otlp(1))).substr(0, 13), "otlp-json 100");
    EXPECT_EQ(outcome(times(200, logs) + otlp(1)).substr(0, 13), "otlp-json 201");
    EXPECT_EQ(outcome(times(200, metrics) + otlp(1)).substr(0, 13), "otlp-json 201");
}

}  // namespace
}  // namespace spanreel::ingest
