// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>

#include "ingest/json/json_value.h"

namespace spanreel::ingest {
namespace {

JsonError errorOf(std::string_view text, JsonOptions options = {}) {
    const JsonDocument document = JsonDocument::parse(text, options);
    EXPECT_FALSE(document.ok()) << text;
    EXPECT_TRUE(document.root().isNull());
    return document.error();
}

TEST(JsonValue, ReadsEveryType) {
    const std::string text = R"( {"n":null,"t":true,"f":false,"i":-12,"big":18446744073709551615,"d":1.5e3,"s":"x","a":[1,[2],{}],"o":{"k":"v"}} )";
    const JsonDocument document = JsonDocument::parse(text);
    ASSERT_TRUE(document.ok()) << document.error().message;
    const JsonValue root = document.root();
    EXPECT_EQ(root.size(), 9u);
    EXPECT_TRUE(root["n"].exists() && root["n"].isNull());
    EXPECT_FALSE(root["missing"].exists());
    EXPECT_TRUE(root["t"].asBool());
    EXPECT_TRUE(root["f"].isBool() && !root["f"].asBool());
    EXPECT_EQ(root["i"].asInt64(), -12);
    EXPECT_FALSE(root["i"].asUint64());
    EXPECT_EQ(root["big"].asUint64(), 18446744073709551615ull);
    EXPECT_FALSE(root["big"].asInt64());
    EXPECT_FALSE(root["d"].isInt());
    EXPECT_DOUBLE_EQ(root["d"].asDouble(), 1500);
    EXPECT_EQ(root["d"].numberText(), "1.5e3");
    EXPECT_EQ(root["s"].asString(), "x");
    std::vector<std::size_t> sizes;
    for (const JsonValue item : root["a"].items()) sizes.push_back(item.size());
    EXPECT_EQ(sizes, (std::vector<std::size_t>{0, 1, 0}));
    EXPECT_EQ(root["o"]["k"].asString(), "v");
    EXPECT_EQ(root["o"].byteOffset(), text.find("{\"k\""));
    EXPECT_EQ(document.consumed(), text.size() - 1);
    EXPECT_FALSE(document.repaired());
}

TEST(JsonValue, Unescapes) {
    const JsonDocument document = JsonDocument::parse(R"(["\"\\\/\b\f\n\r\t", "\u0041\u00e9\u20ac\ud83d\ude00", "caf)" "\xC3\xA9" R"("])");
    ASSERT_TRUE(document.ok());
    std::vector<std::string> texts;
    for (const JsonValue item : document.root().items()) texts.emplace_back(item.asString());
    EXPECT_EQ(texts, (std::vector<std::string>{"\"\\/\b\f\n\r\t", "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "caf\xC3\xA9"}));
    EXPECT_FALSE(document.repaired());
}

TEST(JsonValue, RepairsAndFlags) {
    {
        const JsonDocument document = JsonDocument::parse(R"(["ok","\ud800A","\udc00"])");
        ASSERT_TRUE(document.ok());
        EXPECT_TRUE(document.hadLoneSurrogate());
        EXPECT_FALSE(document.hadBadUtf8());
        EXPECT_EQ(document.firstRepair(), 7u);
        auto item = document.root().items().begin();
        ++item;
        EXPECT_EQ((*item).asString(), "\xEF\xBF\xBD" "A");
    }
    {
        const JsonDocument document = JsonDocument::parse("{\"k\":\"a\xFF\xC3\"}");
        ASSERT_TRUE(document.ok());
        EXPECT_TRUE(document.hadBadUtf8());
        EXPECT_EQ(document.root()["k"].asString(), "a\xEF\xBF\xBD\xEF\xBF\xBD");
    }
    {
        const JsonDocument document = JsonDocument::parse("\xEF\xBB\xBF{}");
        EXPECT_TRUE(document.ok() && document.hadBom());
    }
    {
        const JsonDocument document = JsonDocument::parse(R"({"a":1,"b":2,"a":3})");
        ASSERT_TRUE(document.ok());
        EXPECT_EQ(document.repeatedKey(), "a");
        EXPECT_EQ(document.root()["a"].asInt64(), 3);
    }
    // Of a repeated key the last member alone comes, in its place.
    for (const std::size_t others : {0u, 100u}) {
        std::string text = R"({"a":{"x":1},"b":2,"a":[3],)", wanted = "ba";
        for (std::size_t i = 0; i < others; ++i) {
            text += "\"" + std::to_string(i) + "\":0,";
            wanted.insert(wanted.size() - 1, std::to_string(i));
        }
        text += R"("a":4})";
        const JsonDocument document = JsonDocument::parse(text);
        ASSERT_TRUE(document.ok());
        std::string keys;
        for (const auto [key, value] : document.root().members()) {
            keys += key;
            EXPECT_EQ(value.asInt64(), key == "a" ? 4 : key == "b" ? 2 : 0);
        }
        EXPECT_EQ(keys, wanted);
        EXPECT_EQ(document.root().size(), others + 2);
    }
    {
        std::string text = "{";
        for (int i = 0; i < 1000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
        const JsonDocument once = JsonDocument::parse(text + "\"last\":1}");
        EXPECT_TRUE(once.ok() && !once.hadRepeatedKey());
        const JsonDocument twice = JsonDocument::parse(text + "\"k7\":1}");
        EXPECT_TRUE(twice.ok());
        EXPECT_EQ(twice.repeatedKey(), "k7");
    }
}

TEST(JsonValue, SaysWhereItIsBroken) {
    struct Case {
        const char* text;
        std::size_t offset;
        bool atEnd;
    };
    for (const auto& c : {Case{"", 0, true}, {"{", 1, true}, {"{\"a\"", 4, true}, {"{\"a\":", 5, true}, {"[1,", 3, true}, {"[1", 2, true}, {"\"abc", 4, true}, {"tru", 3, true},
                          {"[-", 2, true}, {"[1.", 3, true}, {"{\"a\":NaN}", 5, false}, {"[Infinity]", 1, false}, {"[1 2]", 3, false}, {"{a:1}", 1, false}, {"[1,]", 3, false},
                          {"{\"a\":1,}", 7, false}, {"{} x", 3, false}, {"[01]", 2, false}, {"[+1]", 1, false}, {"[\"\\x\"]", 2, false}, {"[\"\\u12g4\"]", 2, false}, {"[\"a\nb\"]", 3, false},
                          {"]", 0, false}, {"[}", 1, false}, {"{\"a\":1]", 6, false}}) {
        const JsonError error = errorOf(c.text);
        EXPECT_EQ(error.code, ProblemCode::BadJson) << c.text;
        EXPECT_EQ(error.offset, c.offset) << c.text;
        EXPECT_EQ(error.atEnd, c.atEnd) << c.text;
    }
}

TEST(JsonValue, NumbersThatAreNotFiniteWhereAllowed) {
    const std::string text = R"([NaN,Infinity,-Infinity,{"a":NaN},-1])";
    EXPECT_EQ(errorOf(text).offset, 1u);
    EXPECT_EQ(errorOf("[-Infinity]").offset, 2u);
    const JsonDocument document = JsonDocument::parse(text, {.allowNonFinite = true});
    ASSERT_TRUE(document.ok());
    std::vector<double> numbers;
    for (const JsonValue item : document.root().items()) numbers.push_back(item.isNumber() ? item.asDouble() : item["a"].asDouble());
    ASSERT_EQ(numbers.size(), 5u);
    EXPECT_TRUE(std::isnan(numbers[0]) && std::isnan(numbers[3]));
    EXPECT_EQ(numbers[1], HUGE_VAL);
    EXPECT_EQ(numbers[2], -HUGE_VAL);
    EXPECT_EQ(numbers[4], -1);
    for (const JsonValue item : document.root().items()) EXPECT_EQ(item.isInt(), item.numberText() == "-1");
    EXPECT_FALSE((*document.root().items().begin()).asInt64());
    for (const char* wrong : {"[nan]", "[+Infinity]", "[Inf]", "[-NaN]", "[NaNs]", "[Infinity1]", "{NaN:1}", "[-I", "[Na"}) errorOf(wrong, {.allowNonFinite = true});
}

TEST(JsonValue, LimitsDepthWithoutRecursion) {
    const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
    EXPECT_TRUE(JsonDocument::parse(nested(100)).ok());
    const JsonError error = errorOf(nested(101));
    EXPECT_EQ(error.code, ProblemCode::Nesting);
    EXPECT_EQ(error.offset, 100u);
    JsonOptions deep;
    deep.maxDepth = 2'000'000;
    EXPECT_TRUE(JsonDocument::parse(nested(1'000'000), deep).ok());
}

TEST(JsonValue, LimitsTheNumberOfValues) {
    JsonOptions options;
    options.maxValues = 4;
    EXPECT_TRUE(JsonDocument::parse("[1,2,3]", options).ok());
    const JsonError error = errorOf("[1,2,3,4]", options);
    EXPECT_EQ(error.code, ProblemCode::Limit);
    EXPECT_EQ(error.offset, 7u);
}

TEST(JsonValue, LongStringsAtEveryAlignment) {
    for (std::size_t length = 0; length < 70; ++length) {
        for (std::size_t special = 0; special <= length; ++special) {
            std::string text(length, 'a');
            if (special < length) text[special] = '\x01';
            const std::string json = "[\"" + text + "\"]";
            const JsonDocument document = JsonDocument::parse(json);
            EXPECT_EQ(document.ok(), special == length) << length << ' ' << special;
            if (document.ok()) {
                EXPECT_EQ((*document.root().items().begin()).asString(), text);
            } else {
                EXPECT_EQ(document.error().offset, special + 2);
            }
        }
    }
}

TEST(JsonValue, IsReusedAndLeavesTrailingTextToTheCaller) {
    JsonDocument document;
    JsonOptions options;
    options.allowTrailing = true;
    const std::string_view text = "{\"a\":\"\\n1\"} {\"b\":2}";
    ASSERT_TRUE(document.read(text, options));
    EXPECT_EQ(document.root()["a"].asString(), "\n1");
    ASSERT_TRUE(document.read(text.substr(document.consumed()), options));
    EXPECT_EQ(document.root()["b"].asInt64(), 2);
    EXPECT_FALSE(document.read("[", options));
    EXPECT_TRUE(document.read("[]", options));
    EXPECT_EQ(document.root().size(), 0u);
}

TEST(JsonValue, NumbersAtTheEdges) {
    const JsonDocument document = JsonDocument::parse("[1e400,-1e400,1e-400,9223372036854775808,-9223372036854775808,-0,0.1]");
    ASSERT_TRUE(document.ok());
    std::vector<JsonValue> v;
    for (const JsonValue item : document.root().items()) v.push_back(item);
    EXPECT_TRUE(std::isinf(v[0].asDouble()) && v[0].asDouble() > 0);
    EXPECT_TRUE(std::isinf(v[1].asDouble()) && v[1].asDouble() < 0);
    EXPECT_EQ(v[2].asDouble(), 0);
    EXPECT_FALSE(v[3].asInt64());
    EXPECT_EQ(v[4].asInt64(), INT64_MIN);
    EXPECT_EQ(v[5].asUint64(), 0u);
    EXPECT_EQ(v[6].asDouble(), 0.1);
}

}  // namespace
}  // namespace spanreel::ingest
