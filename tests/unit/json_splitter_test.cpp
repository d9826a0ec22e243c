// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <functional>

#include "ingest/json/json_splitter.h"
#include "ingest/json/json_value.h"

namespace spanreel::ingest {
namespace {

enum Tag : int { kTop, kList, kItem };
const SplitRule kWholeRule{"", kTop, false, {}};
const SplitRule kOpenRule{"", kTop, true, {{"items", kList, true, {{"*", kItem, false, {}}}}}};
const SplitRule kEitherRule{"", kTop, false, {{"items", kList, true, {{"*", kItem, false, {}}}}}};

/// Writes down what comes, one line each; refuses what does not parse.
struct Recorder : SplitHandler {
    JsonSplitter* splitter = nullptr;
    std::vector<std::string> lines;
    std::vector<std::string> records;  ///< values of tag kItem
    std::size_t bads = 0;
    bool value(const JsonPiece& piece) override {
        if (!JsonDocument::parse(piece.bytes).ok() && piece.openable) return false;
        lines.push_back("value " + std::to_string(piece.tag) + " @" + std::to_string(piece.offset) + " line " + std::to_string(splitter->lineAt(piece.offset)) + " " + std::string(piece.key) + "=" + std::string(piece.bytes));
        if (piece.tag == kItem) records.emplace_back(piece.bytes);
        return true;
    }
    void open(int tag, std::uint64_t offset) override { lines.push_back("open " + std::to_string(tag) + " @" + std::to_string(offset)); }
    void close(int tag) override { lines.push_back("close " + std::to_string(tag)); }
    void bad(const BadStretch& s) override {
        ++bads;
        static const char* kinds[] = {"text", "zeros", "broken", "truncated", "toolong"};
        lines.push_back(std::string(kinds[static_cast<int>(s.kind)]) + " @" + std::to_string(s.offset) + " line " + std::to_string(splitter->lineAt(s.offset)) + (s.inLines ? " of lines" : ""));
    }
};

Recorder run(const SplitRule& rule, std::string_view text, std::size_t chunk = 1u << 20, SplitLimits limits = {}) {
    Recorder recorder;
    JsonSplitter splitter(rule, recorder, limits);
    recorder.splitter = &splitter;
    for (std::size_t i = 0; i < text.size(); i += chunk) splitter.feed(text.substr(i, chunk));
    splitter.finish();
    recorder.splitter = nullptr;
    return recorder;
}

using Lines = std::vector<std::string>;

TEST(JsonSplitter, CutsConcatenatedValues) {
    const auto got = run(kWholeRule, "{\"a\":1}{\"b\":[2]}\n[3] \n{\n \"c\": \"}\\\"{\"\n}\n");
    EXPECT_EQ(got.lines, (Lines{"value 0 @0 line 1 ={\"a\":1}", "value 0 @7 line 1 ={\"b\":[2]}", "value 0 @17 line 2 =[3]", "value 0 @22 line 3 ={\n \"c\": \"}\\\"{\"\n}"}));
}

TEST(JsonSplitter, OpensAlongTheRules) {
    const auto got = run(kOpenRule, R"({"x":7,"items":[{"i":1},[2]],"y":"z"})");
    EXPECT_EQ(got.lines, (Lines{"open 0 @0", "value -1 @5 line 1 x=7", "open 1 @15", "value 2 @16 line 1 ={\"i\":1}", "value 2 @24 line 1 =[2]", "close 1", "value -1 @33 line 1 y=\"z\"", "close 0"}));
}

TEST(JsonSplitter, LargeValuesComeInParts) {
    SplitLimits limits;
    limits.whole = 20;
    std::string items;
    for (int i = 0; i < 50; ++i) items += (i ? "," : "") + std::string("{\"i\":") + std::to_string(i) + "}";
    const std::string text = "{\"items\":[" + items + "]}";
    const auto got = run(kEitherRule, text, 16, limits);
    EXPECT_EQ(got.records.size(), 50u);
    EXPECT_EQ(got.lines.front(), "open 0 @0");
    EXPECT_EQ(got.lines.back(), "close 0");
}

TEST(JsonSplitter, AnyChunkingGivesTheSame) {
    const std::string texts[] = {
        R"({"x":"a\"b\\","items":[{"i":"é{}[]"},[1,[2,{"k":[]}]],3,"s\\\"",true,null,-1.5e3],"y":{}})" "\n\n" R"({"items":[]})",
        "text before\n{\"items\":[{\"a\":1}]}\nsome more text\nand more\n{\"items\":[2]} tail\n",
        "{\"items\":[1]}\n{\"items\":[2\n{\"items\":[3]}\n{\"items\":[\"4]}\n{\"items\":[5]}\n",
        "{\"items\":[1,2,\n{\"a\":\"b\"},\n{\"c\":NaN},\n{\"d\":4}\n]}\n{\"items\":[9]}",
        std::string("{\"items\":[1]}") + std::string(20, '\0'),
        "\xEF\xBB\xBF{\"items\":[\"" + std::string(200, '\\') + "\"]}",
        // A stretch of text, of zeros, and a value over the limit are told where they began, however long ago that was.
        "{\"a\":1} x\nno JSON\nnor this\nnor this\n{\"b\":2}\n",
        "{}\n" + std::string(90, '\0') + "\nx\n{}",
        "\n\n{\"items\":[\n\"" + std::string(100, 'x') + "\",\n\"" + std::string(100, 'y') + "\"\n]\n}\n{\"items\":[\"" + std::string(100, 'z') + "\"",
        // By the quotes of the whole it ends before what is inside it does.
        R"({"a":1":7,"t":[{"k":"n","t":"i","v":"1"},{"k":"b"xx":"y""z","f":1],"p":{"s}})" "\n{\"items\":[2]}\n",
        // Over the limit, and its newline is gone when it ends.
        "{\"items\":[1]}\n{\n\"a\":\"" + std::string(200, 'x') + "\"}\nno JSON\n",
        // Over the limit and without an end, or broken by a line's end.
        "{\"items\":[1,\"" + std::string(100, 'x') + "\n\"]}\n{\"items\":[2]}\n",
        "{\"items\":[1,{\"a\":\"" + std::string(50, 'x') + "\"\n{\"items\":[2]}\n{\"items\":[{\"a\":\"" + std::string(100, 'x'),
    };
    for (const std::string& text : texts) {
        for (const SplitRule* rule : {&kWholeRule, &kOpenRule, &kEitherRule}) {
            for (const SplitLimits limits : {SplitLimits{}, SplitLimits{20, 60}}) {
                const Lines whole = run(*rule, text, 1u << 20, limits).lines;
                for (std::size_t chunk = 1; chunk < 80; ++chunk) EXPECT_EQ(run(*rule, text, chunk, limits).lines, whole) << chunk << " " << text;
            }
        }
    }
}

TEST(JsonSplitter, ACutDocumentKeepsItsWholeRecords) {
    const std::string text = R"({"x":1,"items":[{"i":1,"s":"a\"]}"},{"i":2},{"i":[3,{}]}],"y":2})";
    const auto whole = run(kEitherRule, text);
    ASSERT_EQ(whole.lines.size(), 1u);
    const auto all = run(kOpenRule, text).records;
    ASSERT_EQ(all.size(), 3u);
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        const auto got = run(kEitherRule, std::string_view(text).substr(0, cut), 7);
        EXPECT_EQ(got.bads, 1u) << cut;
        EXPECT_NE(std::find(got.lines.begin(), got.lines.end(), "truncated @" + std::to_string(cut) + " line 1"), got.lines.end()) << cut;
        ASSERT_LE(got.records.size(), all.size());
        for (std::size_t i = 0; i < got.records.size(); ++i) EXPECT_EQ(got.records[i], all[i]);
        const std::size_t ended = static_cast<std::size_t>(cut >= text.find(",{\"i\":2}")) + (cut >= text.find(",{\"i\":[")) + (cut >= text.find("],\"y\""));
        EXPECT_EQ(got.records.size(), ended) << cut;
    }
}

TEST(JsonSplitter, ABrokenLineCostsOnlyItself) {
    const std::string good = "{\"items\":[1]}\n";
    for (const std::string bad : {"{\"items\":[1,", "{\"items\":", "{\"items\":[\"abc", "{\"items\":[{\"a\":1}", "{\"items\":[1]]}", "{\"items\"[1]}", "{\"items\":[1 2]}", "rubbish", "{", "{\"a\":}"}) {
        const auto got = run(kEitherRule, good + good + bad + "\n" + good + good, 5);
        std::size_t values = 0;
        for (const auto& line : got.lines) values += line.ends_with("={\"items\":[1]}");
        EXPECT_EQ(values, 4u) << bad;
        EXPECT_GE(got.bads, 1u) << bad;
        EXPECT_LE(got.bads, 2u) << bad;
        bool third = false;
        for (const auto& line : got.lines) third = third || line.ends_with(" line 3 of lines");
        EXPECT_TRUE(third) << bad;
    }
}

TEST(JsonSplitter, BrokenRecordsAreSkippedInside) {
    const std::string text = R"({"items":[{"i":1},{"i":NaN},{"i":3},{"i" 4},{"i":5}]})";
    const auto got = run(kEitherRule, text);
    // The document does not parse, so its items come one by one; whether an item parses is its reader's business.
    EXPECT_EQ(got.records, (Lines{"{\"i\":1}", "{\"i\":NaN}", "{\"i\":3}", "{\"i\" 4}", "{\"i\":5}"}));
    EXPECT_EQ(got.bads, 0u);
}

TEST(JsonSplitter, TooLongRecordsAreSkipped) {
    SplitLimits limits;
    limits.whole = 100;
    limits.record = 1000;
    const std::string text = "{\"items\":[{\"a\":1},{\"a\":\"" + std::string(5000, 'x') + "\"},{\"a\":3}]}";
    const auto got = run(kEitherRule, text, 64, limits);
    EXPECT_EQ(got.records, (Lines{"{\"a\":1}", "{\"a\":3}"}));
    EXPECT_EQ(got.bads, 1u);
    EXPECT_NE(std::find(got.lines.begin(), got.lines.end(), "toolong @18 line 1"), got.lines.end());
}

TEST(JsonSplitter, ZerosAtTheEndAreOneStretch) {
    const auto got = run(kWholeRule, "{}\n" + std::string(3000, '\0'), 100);
    EXPECT_EQ(got.lines, (Lines{"value 0 @0 line 1 ={}", "zeros @3 line 2"}));
}

TEST(JsonScan, AgreesWithTheReaderAboutTheEnd) {
    // Every prefix length in front of a value moves it through the blocks of 64 bytes.
    const std::string value = R"({"a":"\\\"}{","b":[{"c":"\\"},[],{}],"d":"x\\\\"})";
    for (std::size_t pad = 0; pad < 130; ++pad) {
        const std::string text = "{\"p\":\"" + std::string(pad, '\\') + (pad % 2 ? "\\" : "") + "\",\"v\":" + value + "}  {";
        JsonScan scan;
        scan.start(0);
        ASSERT_EQ(scan.scan(text), JsonScan::Outcome::Done) << pad;
        EXPECT_EQ(scan.end(), text.size() - 3) << pad;
    }
}

}  // namespace
}  // namespace spanreel::ingest
