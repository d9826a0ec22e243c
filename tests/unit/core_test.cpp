// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <vector>

#include <unistd.h>

#include "app/commands/command.h"
#include "app/commands/stats_json.h"
#include "app/problem_text.h"
#include "model/core/decimal_mark.h"
#include "model/core/ids.h"
#include "model/core/json_text.h"
#include "model/core/stable_vector.h"
#include "model/core/text.h"
#include "model/core/time_format.h"

using namespace spanreel;

TEST(Ids, HexOfAnyCaseAndLength) {
    EXPECT_EQ(TraceId::fromHex("5B8EFFF798038103D269B633813FC60C")->toHex(), "5b8efff798038103d269b633813fc60c");
    EXPECT_EQ(TraceId::fromHex("1")->toHex(), std::string(31, '0') + "1");
    EXPECT_EQ(TraceId::fromHex("abcdef0123456789a")->high, 0xau);
    EXPECT_EQ(SpanId::fromHex("eee19b7ec3c1b174")->toHex(), "eee19b7ec3c1b174");
    for (const char* bad : {"", "xyz", "0x12", "12 34", "g"}) {
        EXPECT_FALSE(TraceId::fromHex(bad)) << bad;
        EXPECT_FALSE(SpanId::fromHex(bad)) << bad;
    }
    EXPECT_FALSE(SpanId::fromHex("00000000000000001"));
    EXPECT_FALSE(TraceId::fromHex(std::string(33, 'a')));
    unsigned char bytes[16];
    TraceId{0x0102030405060708ull, 9}.toBytes(bytes);
    EXPECT_EQ(bytes[0], 1);
    EXPECT_EQ(bytes[15], 9);
    EXPECT_EQ(TraceId::fromBytes(bytes), (TraceId{0x0102030405060708ull, 9}));
    EXPECT_EQ(TraceId::fromText("trace-1"), TraceId::fromText("trace-1"));
    EXPECT_NE(TraceId::fromText("trace-1"), TraceId::fromText("trace-2"));
}

TEST(Text, RepairsUtf8ByMaximalSubparts) {
    EXPECT_TRUE(isValidUtf8("plain \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80"));
    for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "a\xE2\x82", "\xFF"}) EXPECT_FALSE(isValidUtf8(bad));
    EXPECT_EQ(repairUtf8("a\xE2\x82z"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(repairUtf8("\xF0\x80\x80z"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
    EXPECT_EQ(repairUtf8("fine"), "fine");
}

TEST(Text, Base64BothAlphabets) {
    std::string out;
    EXPECT_EQ(toBase64("any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
    EXPECT_TRUE(fromBase64("YW55IGNhcm5hbCBwbGVhcw", out));
    EXPECT_EQ(out, "any carnal pleas");
    EXPECT_TRUE(fromBase64("-_8=", out));
    EXPECT_EQ(out, "\xFB\xFF");
    EXPECT_FALSE(fromBase64("a", out));
    EXPECT_FALSE(fromBase64("ab*d", out));
}

TEST(Text, ControlsBecomeVisible) {
    EXPECT_EQ(escapeControls("a\x1b[31m\n\xE2\x80\xAE z"), "a\\x1b[31m\\n\\u202e z");
    EXPECT_EQ(escapeControls("a\nb", false), "a\nb");
    EXPECT_EQ(jsonString("a\"\\\n\x01"), "\"a\\\"\\\\\\n\\u0001\"");
    EXPECT_EQ(jsonString("\xC2\x9B 2J \xE2\x80\xAE\xE2\x81\xA6x\xE2\x80\xA8 \xC2\xA0\xE2\x82\xAC \xE2\x80\x8D"), "\"\\u009b 2J \\u202e\\u2066x\\u2028 \xC2\xA0\xE2\x82\xAC \xE2\x80\x8D\"");
    EXPECT_TRUE(containsIgnoreCase("GET /Cart", "cart"));
    EXPECT_FALSE(containsIgnoreCase("GET", "GETS"));
}

TEST(Time, WritesAndReads) {
    EXPECT_EQ(formatUtc(1635000000123456789ull), "2021-10-23T14:40:00.123456789Z");
    EXPECT_EQ(parseTime("2021-10-23T14:40:00.123456789Z"), 1635000000123456789ull);
    const std::uint64_t expected = 1634918641209458162ull;
    for (const char* text : {"2021-10-22 16:04:01.209458162 +0000 UTC", "2021-10-22T16:04:01.209458162", "2021-10-22 18:04:01,209458162+02:00", "2021-10-22 11:04:01.209458162 -0500 EST"})
        EXPECT_EQ(parseTime(text), expected) << text;
    constexpr auto kLast = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(parseTime(formatUtc(kLast)), kLast);
    EXPECT_FALSE(parseTime("2554-07-21T23:34:33.709551616Z"));
    EXPECT_FALSE(parseTime("2554-07-21T23:34:34Z"));
    for (const char* bad : {"", "hello", "2021-13-01T00:00:00Z", "2021-10-22", "2021-10-22T25:00:00Z", "1635000000", "2021-10-22T16:04:01.Z", "2021-10-22T16:04:01 nonsense"}) EXPECT_FALSE(parseTime(bad)) << bad;
}

TEST(Time, ThreeSignificantDigits) {
    EXPECT_EQ(formatDuration(1843201117), "1.84 s");
    EXPECT_EQ(formatDuration(412000000), "412 ms");
    EXPECT_EQ(formatDuration(8030), "8.03 \u00b5s");
    EXPECT_EQ(formatDuration(999999), "1.00 ms");
    EXPECT_EQ(formatDuration(12), "12 ns");
    EXPECT_EQ(formatDuration(0), "0 ns");
    EXPECT_EQ(formatDuration(-1500000), "\u22121.50 ms");
    EXPECT_EQ(formatDuration(192000000000), "3 min 12 s");
    EXPECT_EQ(formatDuration(std::numeric_limits<std::int64_t>::min()).substr(0, 3), "\u2212");
    EXPECT_EQ(formatDurationExact(1843201117), "1.843201117 s");
    EXPECT_EQ(formatDurationExact(1500), "1.5 \u00b5s");
    EXPECT_EQ(formatCount(1204), "1\u2009204");
    EXPECT_EQ(guessTimeUnit(1.6e9), TimeUnit::Seconds);
    EXPECT_EQ(guessTimeUnit(1.6e12), TimeUnit::Milliseconds);
    EXPECT_EQ(guessTimeUnit(1.6e15), TimeUnit::Microseconds);
    EXPECT_EQ(guessTimeUnit(1.6e18), TimeUnit::Nanoseconds);
    EXPECT_EQ(saturatingDifference(0, ~0ull), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(saturatingDifference(~0ull, 0), std::numeric_limits<std::int64_t>::max());
}

TEST(Durations, TheDecimalMarkCanFollowALanguage) {
    setDecimalMark(',');
    EXPECT_EQ(formatDuration(1843201117), "1,84 s");
    EXPECT_EQ(formatDurationExact(1843201117), "1,843201117 s");
    EXPECT_EQ(formatDurationExact(2'000'000'000), "2 s");
    setDecimalMark('.');
    EXPECT_EQ(formatDuration(1843201117), "1.84 s");
}

TEST(StableVector, ElementsNeverMove) {
    StableVector<int> v;
    v.push(0);
    const int* first = &v[0];
    for (int i = 1; i < 100000; ++i) v.push(i);
    EXPECT_EQ(first, &v[0]);
    for (std::size_t i = 0; i < v.size(); ++i) ASSERT_EQ(v[i], static_cast<int>(i));
}

TEST(Problems, TellFileAndPlace) {
    EXPECT_EQ(app::problemTextWithPlace({ProblemCode::BadJson, "expected ','", {"a.json", 725, -1}}), "a.json, byte 725: malformed JSON: expected ','");
    EXPECT_EQ(app::problemTextWithPlace({ProblemCode::UnreadableLine, "x\x1b", {"a.jsonl", -1, 3}}), "a.jsonl, line 3: not a record: x\\x1b");
    EXPECT_EQ(app::problemText({ProblemCode::UnknownFormat, "", {}}), "not a format Spanreel reads");
}

TEST(Stats, TellsRemarksBesideProblems) {
    store::ImportReport report;
    report.format = "logs-json";
    report.kept = 1;
    EXPECT_EQ(app::statsJson({}, {{"a.log", report}}).find("remarks"), std::string::npos);
    report.remark(ProblemCode::GuessedTimeUnit, "ms", {"a.log", -1, 3});
    const auto text = app::statsJson({}, {{"a.log", report}});
    EXPECT_NE(text.find("\"problems\":[],\"remarks\":[{\"code\":"), std::string::npos) << text;
    EXPECT_NE(text.find(",\"line\":3}]}"), std::string::npos) << text;
}

TEST(Stats, NamesOfFilesAreOneLineOfPlainText) {
    const auto file = std::filesystem::temp_directory_path() / ("spanreel\x1b[31m\n-" + std::to_string(::getpid()));
    std::ofstream(file) << "{\"resourceSpans\":[]}";
    testing::internal::CaptureStdout();
    const std::vector<std::string> arguments{file.string()};
    app::statsCommand().run(arguments);
    const auto told = testing::internal::GetCapturedStdout();
    std::filesystem::remove(file);
    EXPECT_NE(told.find("spanreel\\x1b[31m\\n-"), std::string::npos) << told;
    EXPECT_EQ(told.find('\x1b'), std::string::npos);
}

TEST(ImportReport, DetailsAreUtf8WhateverTheInputHeld) {
    store::ImportReport report;
    report.warn(ProblemCode::OddId, "id \xE2\x82", {});
    report.skip(ProblemCode::UnreadableLine, "\xFF", {});
    report.remark(ProblemCode::GuessedTimeUnit, "a\x80", {});
    report.remark(ProblemCode::GuessedTimeUnit, "a\x80", {});
    store::ImportReport sum;
    sum.merge(report);
    for (const auto* told : {&report, &sum}) {
        ASSERT_EQ(told->entries().size(), 2u);
        EXPECT_EQ(told->entries()[0].problem.detail, "id \xEF\xBF\xBD");
        EXPECT_EQ(told->entries()[1].problem.detail, "\xEF\xBF\xBD");
        ASSERT_EQ(told->remarks().size(), 1u);
        EXPECT_EQ(told->remarks()[0].detail, "a\xEF\xBF\xBD");
    }
}
