// SPDX-License-Identifier: GPL-3.0-or-later
// Logs as programs print them: what is found in their lines.
#include <gtest/gtest.h>

#include "ingest/importers/log_importer.h"
#include "ingest/importers/registry.h"
#include "model/core/time_format.h"
#include "model/otlp/value_walk.h"
#include "model/store/trace_store.h"
#include "tests/unit/collect_sink.h"

namespace spanreel::ingest {
namespace {

/// What was read of a text: a line for each log with its time, severity, ids, body and attributes.
struct Logs {
    std::string text;
    store::ImportReport report;
};

Logs readLogs(std::string_view text) {
    Logs logs;
    CollectSink sink;
    ImportContext context{sink, logs.report, "f", {}};
    const auto* const importer = chooseImporter(text.substr(0, 4096), text.size() <= 4096);
    if (!importer) return logs;
    const auto reader = importer->create();
    reader->feed(text, context);
    reader->finish(context);
    const auto snapshot = sink.store.snapshot();
    EXPECT_EQ(logs.report.kept, snapshot->logCount());
    snapshot->forEachLog([&](const store::LogView& log) {
        logs.text += (log.timeNs() ? formatUtc(log.timeNs()) : "-") + " " + std::to_string(log.severity()) + " " + (log.traceId().isValid() ? log.traceId().toHex() : "-") + " " +
                     (log.spanId().isValid() ? log.spanId().toHex() : "-") + " " + otlp::valueToJson(log.body());
        for (const auto attribute : log.attributes()) logs.text += " " + std::string(attribute.key) + "=" + otlp::valueToJson(attribute.value);
        logs.text += "\n";
    });
    return logs;
}

/// The ids found in a line of text: "trace span".
std::string idsIn(const std::string& words) {
    const std::string read = readLogs("2023-11-14 22:13:20 INFO " + words + "\n").text;
    const std::string before = "2023-11-14T22:13:20.000000000Z 9 ";
    EXPECT_TRUE(read.starts_with(before)) << read;
    return read.substr(before.size(), read.find('"') - before.size() - 1);
}

TEST(LogText, DatadogIdsAreDecimal) {
    EXPECT_EQ(idsIn("[dd.service=shop dd.env=prod dd.trace_id=7337010839542040699 dd.span_id=1234567890123] x"), "000000000000000065d24c7c4418087b 0000011f71fb04cb");
    EXPECT_EQ(idsIn("dd.trace_id=18446744073709551615 dd.span_id=18446744073709551615 x"), "0000000000000000ffffffffffffffff ffffffffffffffff");
    EXPECT_EQ(idsIn("(dd.trace_id: '1234567890123456', dd.span_id: '42')"), "0000000000000000000462d53c8abac0 000000000000002a");
    // Ids of 128 bits are hex, whatever their digits.
    EXPECT_EQ(idsIn("dd.trace_id=65d24c7c441808771234567890123456 dd.span_id=7"), "65d24c7c441808771234567890123456 0000000000000007");
    EXPECT_EQ(idsIn("dd.trace_id=0 dd.span_id=0 x"), "- -");
    EXPECT_EQ(idsIn("trace_id=7337010839542040 span_id=1234567890123456 x"), "00000000000000007337010839542040 1234567890123456");
    EXPECT_EQ(idsIn("odd.trace_id=7337010839542040 x"), "00000000000000007337010839542040 -");
}

constexpr const char* kTrace = "0af7651916cd43dd8448eb211c80319c";

// As Rust's tracing_subscriber and others print for a terminal; the body stays as it was printed.
TEST(LogText, ColoursHideNothing) {
    const std::string line = "\x1b[2m2023-11-14T22:13:20.5Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2mapp\x1b[0m\x1b[2m:\x1b[0m hi \x1b[3mtrace_id\x1b[0m\x1b[2m=\x1b[0m" + std::string(kTrace) +
                             " \x1b[1;38;5;208mspan_id\x1b[m=b7ad6b7169203331";
    const auto logs = readLogs(line + "\n\x1b[32m2023-11-14 22:13:21\x1b[0m \x1b[31mERROR\x1b[0m boom\n\x1b[0m\n\x1b[3\n");
    EXPECT_TRUE(logs.text.starts_with("2023-11-14T22:13:20.500000000Z 9 " + std::string(kTrace) + " b7ad6b7169203331 \"\\u001b[2m2023-11-14T22:13:20.5Z\\u001b[0m")) << logs.text;
    EXPECT_NE(logs.text.find("\n2023-11-14T22:13:21.000000000Z 17 - - \"\\u001b[32m2023-11-14 22:13:21\\u001b[0m \\u001b[31mERROR\\u001b[0m boom\"\n"), std::string::npos) << logs.text;
    EXPECT_EQ(logs.report.kept, 4u);
    // The ids of a message in colours too.
    EXPECT_NE(readLogs("{\"time\":\"2023-11-14T22:13:20Z\",\"level\":\"info\",\"msg\":\"\\u001b[3mtrace_id\\u001b[0m=" + std::string(kTrace) + "\"}\n").text.find(std::string("9 ") + kTrace), std::string::npos);
}

/// The time found in a line of text.
std::string timeIn(const std::string& line) {
    const std::string read = readLogs(line + "\n").text;
    return read.substr(0, read.find(' '));
}

TEST(LogText, ZonesBehindTheTime) {
    for (const char* line : {"2023-11-14 22:13:20 +01 INFO x", "2023-11-14 22:13:20 +0100 INFO x", "2023-11-14 22:13:20 +01:00 INFO x", "2023-11-14 22:13:20+01 x", "2023-11-14 22:13:20 CET [1234] LOG:  x",
                             "2023-11-14 22:13:20 +01", "[2023-11-14 22:13:20 CET] x", "2023-11-14 23:13:20 EET: x", "2023-11-14 21:13:20 UTC x", "2023-11-14 21:13:20 GMT x", "2023-11-14 21:13:20 WET x",
                             "2023-11-14 22:13:20 WEST x", "2023-11-14 23:13:20 CEST x", "2023-11-15 00:13:20 EEST x", "2023-11-15 00:13:20 MSK x", "2023-11-15 06:13:20 JST x", "2023-11-14 16:13:20 EST ERROR x",
                             "2023-11-14 17:13:20 EDT x", "2023-11-14 14:13:20 MST x", "2023-11-14 15:13:20 MDT x", "2023-11-14 13:13:20 PST x", "2023-11-14 14:13:20 PDT x", "2023-11-14 09:13:20 PM x",
                             "2023-11-14 10:13:20 PM CET x", "2023-11-14 10:13:20PM +01:00 x", "2023-11-14 09:13:20 pm x", "INFO 2023-11-14 22:13:20 CET x"})
        EXPECT_EQ(timeIn(line), "2023-11-14T21:13:20.000000000Z") << line;
    EXPECT_EQ(timeIn("2023-11-14 12:00:00.5 AM x"), "2023-11-14T00:00:00.500000000Z");
    EXPECT_EQ(timeIn("2023-11-14 12:00:00 PM x"), "2023-11-14T12:00:00.000000000Z");
    EXPECT_EQ(timeIn("2023-11-14 11:00:00 AM x"), "2023-11-14T11:00:00.000000000Z");
    // The rest is text: no zone, more than a zone, one of several zones, hours that no clock of twelve has.
    for (const char* line : {"2023-11-14 22:13:20 x", "2023-11-14 22:13:20 INFO x", "2023-11-14 22:13:20 FATAL x", "2023-11-14 22:13:20 IST x", "2023-11-14 22:13:20 CETUS x", "2023-11-14 22:13:20 EST-5 x",
                             "2023-11-14 22:13:20 -12.5 degrees", "2023-11-14 22:13:20 +15 points", "2023-11-14 22:13:20 -7 x", "2023-11-14 22:13:20 +12345 x", "2023-11-14 22:13:20 PM x", "2023-11-14 22:13:20 - x",
                             "2023-11-14 22:13:20 +01x", "2023-11-14 22:13:20 Cet x"})
        EXPECT_EQ(timeIn(line), "2023-11-14T22:13:20.000000000Z") << line;
    EXPECT_EQ(readLogs("1970-01-01 00:13:20 CET x\n").report.warned, 1u);  // before 1970
    EXPECT_TRUE(readLogs("{\"timestamp\":\"2023-11-14 22:13:20 CET\",\"msg\":\"x\"}\n").text.starts_with("2023-11-14T21:13:20.000000000Z"));
}

TEST(LogFields, TheFirstUsableTimeCounts) {
    const std::string good = R"("timestamp":"2023-11-14T22:13:20Z","msg":"x"})";
    for (const char* bad : {R"("time":0.02)", R"("time":"22:13:20")", R"("time":"-","time ":"")", R"("time":"")", R"("time":null)", R"("time":-5)", R"("time":"0.02")", R"("time":1e300)", R"("time":{"a":1})"}) {
        const auto logs = readLogs("{" + std::string(bad) + "," + good + "\n");
        EXPECT_TRUE(logs.text.starts_with("2023-11-14T22:13:20.000000000Z 0 - - \"x\"")) << logs.text;
        EXPECT_EQ(logs.text.find("timestamp="), std::string::npos) << logs.text;
        EXPECT_EQ(logs.report.warned, 0u) << bad;
    }
    // What did not become the time is an attribute still.
    EXPECT_NE(readLogs(R"({"time":0.02,)" + good + "\n").text.find(" time=0.02"), std::string::npos);
    // Good ones by rank; bad ones alone are told, and a small number alone is what it was.
    EXPECT_TRUE(readLogs(R"({"ts":1700000001,"@timestamp":"2024-01-01T00:00:00Z","msg":"x"})" "\n").text.starts_with("2023-11-14T22:13:21.000000000Z"));
    EXPECT_EQ(readLogs(R"({"ts":"-","time":"22:13:20","msg":"x"})" "\n").report.warned, 1u);
    EXPECT_TRUE(readLogs(R"({"time":12.5,"ts":"-","msg":"x"})" "\n").text.starts_with("1970-01-01T00:00:12.500000000Z"));
}

/// An entry of docker's json-file.
std::string dockerEntry(const std::string& log, const char* stream, const char* time) { return R"({"log":")" + log + R"(","stream":")" + stream + R"(","time":"2023-11-14T22:13:)" + time + "Z\"}\n"; }

TEST(LogDocker, PartsBecomeOneRecord) {
    constexpr std::size_t kPart = 16384;
    const std::string begin = R"({\"level\":\"error\",\"msg\":\")", end = R"(\",\"trace_id\":\")" + std::string(kTrace) + R"(\"}\n)";
    const std::string first = begin + std::string(kPart - 24, 'a'), middle(kPart, 'b');
    const std::string text = dockerEntry(first, "stdout", "20.5") + dockerEntry("beside\\n", "stderr", "20.6") + dockerEntry(middle, "stdout", "20.7") + dockerEntry("c" + end, "stdout", "20.8") + dockerEntry("next\\n", "stdout", "21");
    const auto logs = readLogs(text);
    EXPECT_EQ(logs.report.kept, 3u);
    EXPECT_EQ(logs.report.skipped, 0u);
    EXPECT_EQ(logs.report.warned, 0u);
    const std::string beside = "2023-11-14T22:13:20.600000000Z 0 - - \"beside\" log.iostream=\"stderr\"\n";
    const std::string whole = "2023-11-14T22:13:20.500000000Z 17 " + std::string(kTrace) + " - \"" + std::string(kPart - 24, 'a') + middle + "c\" log.iostream=\"stdout\"\n";
    EXPECT_EQ(logs.text, beside + whole + "2023-11-14T22:13:21.000000000Z 0 - - \"next\" log.iostream=\"stdout\"\n");
}

// What looks like the data of a trace format is not taken for lines of text without a word.
TEST(LogText, TraceDataAmongTheLinesIsTold) {
    const auto told = [](const std::string& text) {
        std::string out;
        const Logs logs = readLogs(text);
        for (const auto& entry : logs.report.entries())
            if (entry.problem.code == ProblemCode::FlaggedValue) out += entry.problem.detail + ", line " + std::to_string(entry.problem.place.line) + "; ";
        return out;
    };
    const std::string line = "2023-11-14 22:13:20 INFO hi\n", otlp = R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"n"}]}]}]})" "\n";
    std::string many;
    for (int i = 0; i < 300; ++i) many += line;
    EXPECT_EQ(told(many), "");
    EXPECT_EQ(told(many + otlp + otlp + many), "log lines that look like OTLP JSON, line 301; ");
    EXPECT_EQ(told(many + "{\n  \"resourceSpans\": [\n  ]\n}\n" + many), "log lines that look like OTLP JSON, line 301; ");
    EXPECT_EQ(told(many + "{\n  \"resourceSpans\": [\n"), "log lines that look like OTLP JSON, line 301; ");
    EXPECT_EQ(told(many + "{\n  \"resource\": [\n  ]\n}\n[INFO] {\n{\"a\":1}\n"), "");
    EXPECT_EQ(told(dockerEntry("hi\\n", "stdout", "20") + dockerEntry(R"({\"resourceSpans\":[]}\n)", "stdout", "21")), "log lines that look like OTLP JSON, line 2; ");
    std::string printed;
    for (const char* const part : {"{", "    \\\"name\\\": \\\"n\\\",", "    \\\"context\\\": {", "        \\\"trace_id\\\": \\\"0x0af7651916cd43dd8448eb211c80319c\\\",", "        \\\"span_id\\\": \\\"0xb7ad6b7169203331\\\"", "    }", "}"})
        printed += dockerEntry(part + std::string("\\n"), "stdout", "20");
    EXPECT_EQ(told(printed), "log lines that look like OpenTelemetry console exporter output, line 1; ");
}

// Of objects that might be such data, but tell nothing, only some are looked at after a while.
TEST(LogText, TraceDataAmongManyOtherObjectsIsToldAfterAWhile) {
    const std::string plain = R"({"time":"2023-11-14T22:13:20Z","msg":"m"})" "\n", nested = R"({"time":"2023-11-14T22:13:20Z","request":{"method":"GET"}})" "\n";
    const std::string otlp = R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"n"}]}]}]})" "\n";
    // The place, counted from the first that is no plain line.
    const auto told = [&](int others, const std::string& other, int spans) {
        std::string text;
        for (int i = 0; i < 100; ++i) text += plain;
        for (int i = 0; i < others; ++i) text += other;
        for (int i = 0; i < spans; ++i) text += otlp;
        const Logs logs = readLogs(text);
        for (const auto& entry : logs.report.entries())
            if (entry.problem.code == ProblemCode::FlaggedValue) return entry.problem.place.line - 100;
        return std::int64_t{-1};
    };
    EXPECT_EQ(told(63, nested, 1), 64);
    EXPECT_EQ(told(300, plain, 1), 301);
    // Looked at are 64 in a row, then the 128th, the 192nd, the 256th and the 320th.
    EXPECT_EQ(told(300, nested, 1), -1);
    EXPECT_EQ(told(300, nested, 200), 320);
}

TEST(LogDocker, PartsWithoutAnEndAreKept) {
    const std::string part(16384, 'p');
    const auto cut = readLogs(dockerEntry(part, "stderr", "20") + dockerEntry("x\\n", "stdout", "21") + dockerEntry(part, "stdout", "22"));
    EXPECT_EQ(cut.report.kept, 3u);
    EXPECT_NE(cut.text.find("2023-11-14T22:13:20.000000000Z 0 - - \"" + part + "\" log.iostream=\"stderr\"\n"), std::string::npos);
    EXPECT_NE(cut.text.find("2023-11-14T22:13:22.000000000Z 0 - - \"" + part + "\" log.iostream=\"stdout\"\n"), std::string::npos);
    // A last line without a newline, and the entries of those who cut newlines off, are records.
    EXPECT_EQ(readLogs(dockerEntry("one", "stdout", "20") + dockerEntry("two", "stdout", "21")).report.kept, 2u);
    // What never ends is kept a MiB a record.
    std::string endless;
    for (int i = 0; i < 100; ++i) endless += dockerEntry(part, "stdout", "20");
    EXPECT_EQ(readLogs(endless).report.kept, 2u);
}

// What json.dumps of Python writes is no JSON, but a number.
TEST(LogFields, NumbersBeyondJson) {
    const auto logs = readLogs(R"({"time":"2023-11-14T22:13:20Z","level":"info","msg":"x","ratio":NaN,"in":[Infinity,-Infinity],"trace_id":NaN})" "\n");
    EXPECT_EQ(logs.text, "2023-11-14T22:13:20.000000000Z 9 - - \"x\" ratio=\"NaN\" in=[\"Infinity\",\"-Infinity\"] trace_id=\"NaN\"\n");
    EXPECT_EQ(logs.report.warned, 0u);
    EXPECT_TRUE(readLogs(R"({"ts":NaN,"time":"2023-11-14T22:13:20Z","msg":"x"})" "\n").text.starts_with("2023-11-14T22:13:20.000000000Z"));
    const auto docker = readLogs(R"({"log":"{\"msg\":\"x\",\"ratio\":NaN}\n","stream":"stdout","time":"2023-11-14T22:13:20Z"})" "\n");
    EXPECT_NE(docker.text.find("\"x\" ratio=\"NaN\""), std::string::npos) << docker.text;
}

TEST(LogFmt, PairsOfSurrogatesAreOneCharacter) {
    const auto read = [](const std::string& text) { return readLogs("ts=2023-11-14T22:13:20Z level=info msg=\"" + text + "\"\n").text; };
    const std::string before = "2023-11-14T22:13:20.000000000Z 9 - - \"";
    EXPECT_EQ(read(R"(a\ud83d\ude00b)"), before + "a\xF0\x9F\x98\x80" "b\"\n");
    EXPECT_EQ(read(R"(\udbff\udfff)"), before + "\xF4\x8F\xBF\xBF\"\n");
    EXPECT_EQ(read(R"(\ud83dx)"), before + "\xEF\xBF\xBDx\"\n");
    EXPECT_EQ(read(R"(\ude00\ud83d)"), before + "\xEF\xBF\xBD\xEF\xBF\xBD\"\n");
    EXPECT_EQ(read(R"(\ud83d\u0041\ud83d\ud)"), before + "\xEF\xBF\xBD" "A\xEF\xBF\xBD\\\\ud\"\n");
}

// A level of one's own stands between pino's and bunyan's steps; its number is not forgotten.
TEST(LogFields, ANumberBetweenTheStepsIsKept) {
    const auto read = [](const std::string& level) {
        CollectSink sink;
        store::ImportReport report;
        ImportContext context{sink, report, "f", {}};
        const auto reader = logJsonImporter().create();
        reader->feed(R"({"time":"2023-11-14T22:13:20Z","msg":"x",)" + level + "}\n", context);
        reader->finish(context);
        std::string out;
        sink.store.snapshot()->forEachLog([&](const store::LogView& log) { out = std::to_string(log.severity()) + " " + std::string(log.severityText()); });
        return out;
    };
    EXPECT_EQ(read(R"("level":35)"), "9 35");
    EXPECT_EQ(read(R"("level":"35")"), "9 35");
    EXPECT_EQ(read(R"("level":30)"), "9 ");
    EXPECT_EQ(read(R"("severityNumber":10)"), "10 ");
    EXPECT_EQ(read(R"("severityNumber":17)"), "17 ");
}

TEST(LogFields, TheNumberCountsWhereTheTextIsUnknown) {
    const auto read = [](const std::string& fields) { return readLogs(R"({"time":"2023-11-14T22:13:20Z","msg":"x",)" + fields + "}\n").text; };
    const std::string before = "2023-11-14T22:13:20.000000000Z ";
    EXPECT_EQ(read(R"("severityText":"Odd","severityNumber":"17")"), before + "17 - - \"x\"\n");
    EXPECT_EQ(read(R"("severity_text":"Odd","severity_number":17)"), before + "17 - - \"x\"\n");
    EXPECT_EQ(read(R"("severityNumber":"17")"), before + "17 - - \"x\"\n");
    EXPECT_EQ(read(R"("level":"warn","severityNumber":17)"), before + "13 - - \"x\" severityNumber=17\n");
    EXPECT_EQ(read(R"("level":"Odd","severityNumber":"99")"), before + "0 - - \"x\" severityNumber=\"99\"\n");
    EXPECT_EQ(read(R"("level":"30")"), before + "9 - - \"x\"\n");
    EXPECT_EQ(read(R"("severityNumber":"99")"), before + "0 - - \"x\"\n");
}

TEST(LogFields, LevelsBetweenNamedOnes) {
    const auto severity = [](const std::string& level) {
        const std::string text = readLogs(R"({"time":"2023-11-14T22:13:20Z","msg":"x","level":")" + level + "\"}\n").text;
        return text.substr(text.find(' ') + 1, text.find(" - -") - text.find(' ') - 1);
    };
    EXPECT_EQ(severity("DEBUG-4"), "1");
    EXPECT_EQ(severity("DEBUG+1"), "6");
    EXPECT_EQ(severity("INFO+2"), "11");
    EXPECT_EQ(severity("WARN-1"), "12");
    EXPECT_EQ(severity("ERROR+8"), "24");
    EXPECT_EQ(severity("DEBUG+16"), "21");
    EXPECT_EQ(severity("DEBUG-16"), "1");
    // Not steps, but an error's number or what else a program puts there.
    EXPECT_EQ(severity("ERROR-17"), "0");
    EXPECT_EQ(severity("ERROR-404"), "0");
    EXPECT_EQ(severity("DEBUG-999"), "0");
    EXPECT_EQ(severity("INFO+"), "0");
    EXPECT_EQ(severity("INFO+x"), "0");
    EXPECT_EQ(severity("INFO+99999"), "0");
    EXPECT_EQ(severity("I+2"), "0");
}

}  // namespace
}  // namespace spanreel::ingest
