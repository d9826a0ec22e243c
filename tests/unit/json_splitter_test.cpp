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

const SplitRule kNamedItem{"*", kItem, false, {}, {"a", "b"}};
const SplitRule kNamedRule{"", kTop, false, {{"groups", 3, true, {{"*", 4, false, {{"items", kList, true, {kNamedItem}}}, {"name"}}}}}};

/// Writes down what comes, one line each; refuses what does not parse.
struct Recorder : SplitHandler {
    JsonSplitter* splitter = nullptr;
    std::vector<std::string> lines;
    std::vector<std::string> records;  ///< values of tag kItem
    std::size_t bads = 0, refused = 0;
    bool refuseItems = false;
    std::uint64_t badAt = 0;  ///< of the first
    bool value(const JsonPiece& piece) override {
        if (!JsonDocument::parse(piece.bytes).ok() && (piece.openable || refuseItems)) {
            refused += !piece.openable;
            return false;
        }
        lines.push_back("value " + std::to_string(piece.tag) + " @" + std::to_string(piece.offset) + " line " + std::to_string(splitter->lineAt(piece.offset)) + " " + std::string(piece.key) + "=" + std::string(piece.bytes));
        if (piece.tag == kItem) records.emplace_back(piece.bytes);
        return true;
    }
    /// How many of the items came, by themselves or in a value around them.
    [[nodiscard]] std::size_t kept(const std::vector<std::string>& items) const {
        return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&](const std::string& item) {
            return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(item) != std::string::npos; });
        }));
    }
    void open(int tag, std::uint64_t offset) override { lines.push_back("open " + std::to_string(tag) + " @" + std::to_string(offset)); }
    void close(int tag) override { lines.push_back("close " + std::to_string(tag)); }
    void bad(const BadStretch& s) override {
        if (bads++ == 0) badAt = s.offset;
        static const char* kinds[] = {"text", "zeros", "broken", "truncated", "toolong", "comma"};
        lines.push_back(std::string(kinds[static_cast<int>(s.kind)]) + " @" + std::to_string(s.offset) + " line " + std::to_string(splitter->lineAt(s.offset)) + (s.inLines ? " of lines" : ""));
    }
};

Recorder run(const SplitRule& rule, std::string_view text, std::size_t chunk = 1u << 20, SplitLimits limits = {}, bool refuseItems = false) {
    Recorder recorder;
    recorder.refuseItems = refuseItems;
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
        // Over the limit, and not two quotes of a kind.
        "{\"items\":[\"" + std::string(100, 'x') + "\"y,{\"a\":1}]}",
        // Faults behind which it goes on.
        "{\"items\":[{\"a\":1},@{\"a\":2}{\"a\":3},,[{\"a\":4},\"{\"a\":5},{{\"a\":6}],{\"a\":7},\"x\",{\"a\":8}]}@{\"items\":[{\"a\":9,{\"a\":10}]},{\"items\":[]}",
        "{\"items\":[{\"a\":[1},{\"a\":\"b,\"c\":\"d\"},{\"a\":}},{\"a\":2},\"t\":[{}],\"u\":{}},{\"a\":3}]}",
        // By the quotes of the whole it ends before what is inside it does.
        R"({"a":1":7,"t":[{"k":"n","t":"i","v":"1"},{"k":"b"xx":"y""z","f":1],"p":{"s}})" "\n{\"items\":[2]}\n",
        // Over the limit, and its newline is gone when it ends.
        "{\"items\":[1]}\n{\n\"a\":\"" + std::string(200, 'x') + "\"}\nno JSON\n",
        // Over the limit and without an end, or broken by a line's end.
        "{\"items\":[1,\"" + std::string(100, 'x') + "\n\"]}\n{\"items\":[2]}\n",
        "{\"items\":[1,{\"a\":\"" + std::string(50, 'x') + "\"\n{\"items\":[2]}\n{\"items\":[{\"a\":\"" + std::string(100, 'x'),
    };
    for (const std::string& text : texts) {
        for (const SplitRule* rule : {&kWholeRule, &kOpenRule, &kEitherRule, &kNamedRule}) {
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

/// Two groups of ten items in a document; `breakItem` may change the text of an item of the first.
std::string groups(const std::function<std::string(int, std::string)>& breakItem, std::string_view between = ",", std::string_view break10 = ",") {
    std::string text = "{\"groups\":[";
    for (int i = 0; i < 20; ++i) {
        if (i % 10 == 0) text += std::string(i ? "]}," : "") + "{\"name\":\"g\",\"items\":[";
        else text += i == 5 ? break10 : between;
        const std::string n = std::to_string(i);
        text += breakItem(i, "{\"a\":\"" + n + "\",\"b\":[{\"k\":\"}]\\\"\"},{\"k\":{\"x\":1}}],\"c\":{\"d\":" + n + "}}");
    }
    return text + "]}]}";
}
std::string whole(int, std::string item) { return item; }

TEST(JsonSplitter, AStrayByteBetweenElementsCostsNoElement) {
    for (const std::string comma : {",", ",\n", " , "}) {
        const Lines all = run(kNamedRule, groups(whole, comma, comma), 1000, {10, 1u << 20}).records;
        ASSERT_EQ(all.size(), 20u);
        for (const std::string& stray : {std::string(1, '\0'), std::string("@"), std::string("\xFF\xFE"), std::string("{"), std::string("}"), std::string("["), std::string("]"), std::string("\""), std::string(","),
                                        std::string("\\"), std::string("x"), std::string("null"), std::string("0"), std::string("}{"), std::string("],["), std::string("<<<<<<< HEAD\n")}) {
            for (const bool before : {true, false}) {
                const std::string text = groups(whole, comma, before ? stray + comma : comma + stray);
                for (const SplitLimits limits : {SplitLimits{}, SplitLimits{10, 1u << 20}}) {
                    const auto got = run(kNamedRule, text, 64, limits, true);
                    EXPECT_EQ(got.kept(all), all.size()) << stray << (before ? " before " : " behind ") << comma;
                    EXPECT_EQ(got.bads, 1u) << stray << (before ? " before " : " behind ") << comma;
                    const std::size_t at = text.find(all[4]) + all[4].size();
                    EXPECT_GE(got.badAt, at) << stray;
                    EXPECT_LE(got.badAt, text.find(all[5])) << stray;
                }
            }
        }
    }
    // Nor does a comma that is missing.
    EXPECT_EQ(run(kNamedRule, groups(whole, ",", "")).kept(run(kNamedRule, groups(whole), 1000, {10, 1u << 20}).records), 20u);
}

TEST(JsonSplitter, ABrokenElementCostsOnlyItself) {
    const std::string good = groups(whole);
    const Lines all = run(kNamedRule, good, 1000, {10, 1u << 20}).records;
    const std::size_t begin = good.find(all[5]);
    for (std::size_t i = 0; i < all[5].size(); ++i) {
        if (std::string_view("{}[]:,\"").find(good[begin + i]) == std::string_view::npos) continue;
        std::string text = good;
        text.erase(begin + i, 1);
        if (JsonDocument::parse(text).ok()) continue;
        for (const SplitLimits limits : {SplitLimits{}, SplitLimits{10, 1u << 20}}) {
            const auto got = run(kNamedRule, text, 64, limits, true);
            EXPECT_GE(got.bads + got.refused, 1u) << text;
            EXPECT_LE(got.bads + got.refused, 3u) << text;
            EXPECT_GE(got.kept(all), 19u) << text;
        }
    }
}

TEST(JsonSplitter, AnElementThatTakesWhatIsBehindItGivesItBack) {
    // One that has lost its end, longer than a record may be.
    std::string text = "{\"groups\":[{\"name\":\"g\",\"items\":[{\"a\":{\"b\":1}";
    for (int i = 0; i < 100; ++i) text += ",{\"a\":" + std::to_string(i) + "}";
    for (const SplitLimits limits : {SplitLimits{}, SplitLimits{20, 60}}) {
        const auto got = run(kNamedRule, text + "]}]}", 64, limits, true);
        EXPECT_EQ(got.records.size(), 100u);
        EXPECT_EQ(got.bads + got.refused, 1u);
    }
}

TEST(JsonSplitter, ValuesAreFoundBesideEachOther) {
    const std::string value = "{\"items\":[1]}";
    for (const std::string between : {",", "\xEF\xBB\xBF", "\n\xEF\xBB\xBF", "@", " and \n more ", "]}", "{", "\n{\n", "\x1e", "}\n"}) {
        const auto got = run(kEitherRule, value + between + value + between + value, 3);
        std::size_t values = 0;
        for (const auto& line : got.lines) values += line.ends_with("=" + value);
        EXPECT_EQ(values, 3u) << between;
        EXPECT_EQ(got.bads, between == "," ? 1u : between.ends_with("\xBF") ? 0u : 2u) << between;
    }
}

TEST(JsonSplitter, NothingIsReadAgainAndAgain) {
    // Each of these would be looked at to its end from every value, if no more than that were looked at.
    for (const auto& [head, again] : std::vector<std::pair<std::string, std::string>>{{"", "{\"items\":[{}"}, {"", "{\"items\":[1,\n"}, {"{\"groups\":[", "{\"items\":[{\"a\":1,"}, {"{\"groups\":[@", "\"x\"y"},
                                                                                         {"{\"groups\":[@", "[{\"a\":"}, {"", "x{\"it"}, {"", "]"}, {"{\"groups\":[{\"items\":[{\"a\":{]", ",{\"b\":1"}, {"", "{\"groups\":[{\"name\":}],"}}) {
        std::string text = head;
        while (text.size() < 3u << 20) text += again;
        EXPECT_GE(run(kNamedRule, text, 100'000, {1u << 20, 8u << 20}).bads, 1u) << again;
    }
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
