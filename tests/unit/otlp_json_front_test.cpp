// SPDX-License-Identifier: GPL-3.0-or-later
// JSON read with a front and by the walk, and read without one by the tolerant reader alone, give equal sessions.
#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/otlp/otlp_json_walk.h"
#include "model/otlp/encode_json.h"
#include "tests/unit/both_sessions.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/json_mutator.h"
#include "tests/unit/json_texts.h"
#include "tests/unit/law.h"

namespace spanreel {
namespace {

using ingest::Signal;
using Body = std::shared_ptr<const std::string>;

Body bodyOf(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

/// Exactly as long as its text, so that the address sanitizer hears of a byte read behind it.
void readTwice(test::BothSessions& both, const std::string& text) {
    for (int i = 0; i < 2; ++i)
        for (const Signal signal : {Signal::Traces, Signal::Logs}) {
            ASSERT_EQ(both.readJson(signal, bodyOf(text)), "") << text;
            ASSERT_EQ(both.compare(), "") << text;
        }
}

TEST(OtlpJsonFront, AllFilesAreAsWithoutOne) {
    test::BothSessions both;
    for (const auto& text : test::jsonTexts()) ASSERT_NO_FATAL_FAILURE(readTwice(both, text));
}

TEST(OtlpJsonFront, DamagedFilesAreAsWithoutOne) {
    std::uint64_t seed = 1;
    for (const auto& text : test::jsonTexts()) {
        if (text.size() > 20'000) continue;
        test::BothSessions both;
        test::JsonMutator mutate(seed++);
        ASSERT_NO_FATAL_FAILURE(readTwice(both, text));
        for (int i = 0; i < 60; ++i) ASSERT_NO_FATAL_FAILURE(readTwice(both, i % 3 == 0 ? mutate.bytes(text) : mutate.values(text)));
    }
}

/// What stands for a key, with its quotes: as exporters write it, and as they do not.
const std::vector<std::string>& keys() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out = {R"("k")", R"("http.route")", R"("\u006b")", R"("ké")", R"("")", R"("k ")", R"("k{}[]:,")", R"("k\"")", R"("k\\")", R"("k\n")", R"("k\ud83d\ude42")", R"("k\ud83d")",
                                        "\"k\x7F\"", "\"k\xC3\"", R"("k","value":{"stringValue":"x"},"key":"k")", R"("k"")", "7", "null"};
        for (std::size_t n : {30u, 31u, 32u, 45u, 61u, 62u, 63u, 64u, 65u, 80u, 200u}) out.push_back('"' + std::string(n, 'x') + '"');
        return out;
    }();
    return all;
}

/// What stands for a value.
const std::vector<std::string>& values() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out = {
            R"({"stringValue":"v"})", R"({"stringValue":""})", R"({"stringValue":"a\nb"})", R"({"stringValue":"\""})", R"({"stringValue":"\\"})", R"({"stringValue":"\ud83d\ude42"})", R"({"stringValue":"\ud83d"})",
            R"({"stringValue":"\u0000"})", R"({"stringValue":"}}],{\"key\":"})", R"({"stringValue":"}}"})", R"({"stringValue":"é漢🙂"})", "{\"stringValue\":\"\xC3\"}", "{\"stringValue\":\"\x01\"}", R"({"stringValue":7})", R"({"stringValue":null})",
            R"({"stringValue":"v" })", R"({ "stringValue":"v"})", R"({"stringValue" :"v"})", R"({"stringValue": "v"})", R"({"stringValue":"v","stringValue":"w"})", R"({"stringValue":"v","intValue":"1"})", R"({"stringValue":"v","x":{}})",
            R"({"stringvalue":"v"})", R"({"stringValu\u0065":"v"})", R"({"intValue":"42"})", R"({"intValue":42})", R"({"intValue":"-42"})", R"({"intValue":-42})", R"({"intValue":"-0"})", R"({"intValue":-0})", R"({"intValue":"007"})",
            R"({"intValue":007})", R"({"intValue":"+5"})", R"({"intValue":" 5"})", R"({"intValue":""})", R"({"intValue":"-"})", R"({"intValue":"5.0"})", R"({"intValue":1e3})", R"({"intValue":"123456789012345678"})",
            R"({"intValue":"1234567890123456789"})", R"({"intValue":"9223372036854775807"})", R"({"intValue":"-9223372036854775808"})", R"({"intValue":"9223372036854775808"})", R"({"intValue": "5"})", R"({"intValue":5 })", R"({"intValue":"5x"})",
            R"({"intValue":"5\u0030"})", R"({"boolValue":true})", R"({"boolValue":false})", R"({"boolValue":true })", R"({"boolValue": true})", R"({"boolValue":"true"})", R"({"boolValue":1})", R"({"boolValue":truex})", R"({"boolValue":falsetrue})",
            R"({"doubleValue":1.5})", R"({"doubleValue":-0.0})", R"({"doubleValue":1e400})", R"({"doubleValue":1e-400})", R"({"doubleValue":01})", R"({"doubleValue":1.})", R"({"doubleValue":5})", R"({"doubleValue":"1.5"})", R"({"doubleValue":"NaN"})",
            R"({"doubleValue":NaN})", R"({"doubleValue":1.5 })", R"({"doubleValue":0.1000000000000000055511151231257827021181583404541015625})", R"({"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"1"}]}})", R"({"kvlistValue":{"values":[{"key":"a","value":{}}]}})",
            R"({"bytesValue":"AAE="})", R"({})", "null", "7", "[]",
        };
        for (const std::size_t n : {1u, 15u, 16u, 17u, 31u, 32u, 33u, 64u, 1000u}) out.push_back("{\"stringValue\":\"" + std::string(n, 'v') + "\"}");
        return out;
    }();
    return all;
}

std::string attribute(test::Draw& draw, const std::string& key, const std::string& value) {
    switch (draw.below(24)) {
        case 0: return "{\"value\":" + value + ",\"key\":" + key + "}";
        case 1: return "{ \"key\":" + key + ",\"value\":" + value + "}";
        case 2: return "{\"key\":" + key + ",\"value\":" + value + " }";
        case 3: return "{\"key\" :" + key + " , \"value\":\n" + value + "}";
        case 4: return "{\"key\":" + key + ",\"value\":" + value + ",\"x\":1}";
        case 5: return "{\"key\":" + key + "}";
        default: return "{\"key\":" + key + ",\"value\":" + value + "}";
    }
}

/// A list of attributes; every third is the usual one that a front expects by then.
std::string attributes(test::Draw& draw) {
    std::string out = "[";
    for (std::size_t n = draw.below(5); n-- > 0;) {
        if (out.size() > 1) out += draw.chance(4) ? " ," : ",";
        const bool usual = draw.chance(33);
        out += attribute(draw, keys()[draw.below(usual || draw.chance(50) ? 2 : keys().size())], values()[usual ? 0 : draw.below(values().size())]);
    }
    return out + "]";
}

std::string text(test::Draw& draw) {
    static const std::string kNames[] = {R"("name")", R"("name")", R"("")", R"("n\u0061me")", R"("a\"b")", R"("\ud83d\ude42 é")", "\"\xFF\"", "null", "7", R"("a name of more than thirty-two bytes, that is")"};
    return kNames[draw.below(std::size(kNames))];
}

std::string event(test::Draw& draw) { return "{\"timeUnixNano\":\"1760000000000000001\",\"name\":" + text(draw) + ",\"attributes\":" + attributes(draw) + "}"; }

std::string record(test::Draw& draw, bool span) {
    const std::string id = draw.chance(95) ? R"("traceId":"0123456789abcdefFEDCBA9876543210","spanId":"00000000000000ab")" : R"("traceId":"abc","spanId":"0x1")";
    std::vector<std::string> parts{id};
    if (span) {
        parts.push_back(R"("startTimeUnixNano":"1760000000000000000","endTimeUnixNano":1760000000000000007)");
        parts.push_back("\"name\":" + text(draw));
        if (draw.chance(40)) parts.push_back("\"events\":[" + event(draw) + (draw.chance(30) ? "," + event(draw) : "") + "]");
        if (draw.chance(20)) parts.push_back("\"links\":[{" + id + ",\"attributes\":" + attributes(draw) + "}]");
        if (draw.chance(5)) parts.push_back("\"kind\":\"SPAN_KIND_CLIENT\"");
    } else {
        parts.push_back(R"("timeUnixNano":"1760000000000000000")");
        parts.push_back("\"body\":" + values()[draw.chance(40) ? 0 : draw.below(values().size())]);
    }
    parts.push_back("\"attributes\":" + attributes(draw));
    if (draw.chance(3)) parts.push_back("\"attributes\":" + attributes(draw));
    if (draw.chance(3)) parts.push_back(R"("flags":"x")");
    if (draw.chance(30)) std::swap(parts[draw.below(parts.size())], parts[draw.below(parts.size())]);
    std::string out = "{";
    for (const auto& part : parts) (out.size() > 1 ? out += draw.chance(3) ? ", " : "," : out) += part;
    return out + "}";
}

std::string request(test::Draw& draw, bool spans) {
    std::string records;
    for (std::size_t n = 1 + draw.below(3); n-- > 0;) (records.empty() ? records : records += ",") += record(draw, spans);
    return std::string(spans ? R"({"resourceSpans":[{"resource":{"attributes":)" : R"({"resourceLogs":[{"resource":{"attributes":)") + (draw.chance(90) ? "[]" : attributes(draw)) + (spans ? R"(},"scopeSpans":[{"scope":{},"spans":[)" : R"(},"scopeLogs":[{"scope":{},"logRecords":[)") +
           records + "]}]}]}";
}

void checkHostile(Signal signal) {
    test::Draw draw(std::uint64_t{11});
    for (int session = 0; session < 30; ++session) {
        test::BothSessions both;
        for (int i = 0; i < 200; ++i) {
            const std::string text = request(draw, signal == Signal::Traces);
            ASSERT_EQ(both.readJson(signal, bodyOf(text)), "") << text;
            both.append(draw.below(3));
            if (draw.chance(30)) {
                ASSERT_EQ(both.compare(), "") << text;
            }
        }
        ASSERT_EQ(both.compare(), "");
    }
}

TEST(OtlpJsonFront, HostileSpansAreAsWithoutOne) { checkHostile(Signal::Traces); }
TEST(OtlpJsonFront, HostileLogsAreAsWithoutOne) { checkHostile(Signal::Logs); }

std::string spanOf(const std::string& key, const std::string& value, const std::string& name = "n") {
    return R"({"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[{"traceId":"0123456789abcdefFEDCBA9876543210","spanId":"00000000000000ab","name":")" + name +
           R"(","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000007","attributes":[{"key":)" + key + ",\"value\":" + value + "}]}]}]}]}" + std::string(200, ' ');  // near its end a text is read more carefully
}

// Every value behind every key, alone and after the front has met both in their usual form.
TEST(OtlpJsonFront, EveryValueBehindEveryKey) {
    test::BothSessions both;
    const std::string usual[] = {R"({"stringValue":"v"})", R"({"intValue":"42"})", R"({"boolValue":true})", R"({"doubleValue":1.5})"};
    for (const auto& key : keys())
        for (const auto& known : usual)
            for (const auto& value : values()) {
                ASSERT_EQ(both.readJson(Signal::Traces, bodyOf(spanOf(key, known))), "");
                const std::string text = spanOf(key, value);
                ASSERT_EQ(both.readJson(Signal::Traces, bodyOf(text)), "") << text;
            }
    EXPECT_EQ(both.compare(), "");
}

// Texts of every length, with every odd thing at every place in them.
TEST(OtlpJsonFront, TextsOfEveryLengthWithEveryOddThing) {
    test::BothSessions both;
    for (const std::string& odd : std::initializer_list<std::string>{"", "\x01", "\x1F", "\x7F", "\xC3", "\xC3\xA9", "\xF0\x9F\x99\x82", "\\n", "\\\"", "\\\\", "\\u00e9", "\\ud83d", "\\x", "\\", "\"", "}", "\n"})
        for (std::size_t length = 0; length < 70; length += length < 34 ? 1 : 9)
            for (std::size_t at = 0; at <= (odd.empty() ? 0 : length); at += length < 34 ? 1 : 7) {
                std::string text = std::string(length, 'v').insert(at, odd);
                if (odd == "\\n") text += "\xC3\xA9";
                const std::string body = spanOf(R"("k")", "{\"stringValue\":\"" + text + "\"}", text);
                ASSERT_EQ(both.readJson(Signal::Traces, bodyOf(body)), "") << body;
            }
    EXPECT_EQ(both.compare(), "");
}

// Whole numbers of every length, with other bytes at every place in them, and times and ids of every length.
TEST(OtlpJsonFront, NumbersOfEveryLength) {
    test::BothSessions both;
    const std::string digits = "12345678901234567890123456789012345";
    for (std::size_t length = 0; length < 22; ++length)
        for (const std::string& sign : std::initializer_list<std::string>{"", "-", "+", "0", "-0", "--"}) {
            for (const std::string& value : {"{\"intValue\":\"" + sign + digits.substr(0, length) + "\"}", "{\"intValue\":" + sign + digits.substr(0, length) + "}"})
                ASSERT_EQ(both.readJson(Signal::Traces, bodyOf(spanOf(R"("k")", value))), "") << value;
            for (std::size_t at = 0; at < length; ++at)
                for (const char odd : {'/', ':', 'a', ' ', '-', '\x80', '\xF5', '"', '.'}) {
                    std::string number = sign + digits.substr(0, length);
                    number[at] = odd;
                    ASSERT_EQ(both.readJson(Signal::Traces, bodyOf(spanOf(R"("k")", "{\"intValue\":\"" + number + "\"}"))), "") << number;
                }
        }
    const std::string usual = spanOf(R"("k")", R"({"intValue":"1"})");
    for (const std::string& what : std::initializer_list<std::string>{"0123456789abcdefFEDCBA9876543210", "00000000000000ab", "1760000000000000000"})
        for (std::size_t length = 0; length < 36; ++length) {
            std::string body = usual;
            body.replace(body.find(what), what.size(), digits, 0, length);
            ASSERT_EQ(both.readJson(Signal::Traces, bodyOf(body)), "") << body;
            for (std::size_t at = 0; length == 1 && at < what.size(); ++at)
                for (const char odd : {'g', '@', '`', '/', ':', '"', '\xB0', 'F'}) {
                    std::string changed = usual;
                    changed[usual.find(what) + at] = odd;
                    ASSERT_EQ(both.readJson(Signal::Traces, bodyOf(changed)), "") << changed;
                }
        }
    EXPECT_EQ(both.compare(), "");
}

void checkLawOf(Signal signal, test::BatchShape shape) {
    test::checkLaw(
        [&](test::Draw& draw) {
            test::BothSessions both;
            std::vector<Body> bodies;
            for (int round = 0; round < 6 && !draw.ended(); ++round) {
                if (bodies.empty() || draw.chance(60)) bodies.push_back(test::encoded<otlp::JsonEncoder>(test::drawBatch(draw, shape)));
                std::string bytes = *bodies[draw.below(bodies.size())];
                if (!bytes.empty() && draw.chance(10)) bytes.resize(draw.below(bytes.size()));
                for (std::size_t n = draw.chance(25) ? 1 + draw.below(2) : 0; n-- > 0 && !bytes.empty();) bytes[draw.below(bytes.size())] = "{}[]:,\"\\ 0a"[draw.below(11)];
                if (auto wrong = both.readJson(signal, bodyOf(std::move(bytes))); !wrong.empty()) return wrong;
                both.append(draw.below(3));
            }
            return both.compare();
        },
        500, 3000);
}

TEST(OtlpJsonFront, RandomSpansAreAsWithoutOne) { checkLawOf(Signal::Traces, {.spans = 5, .logs = 0, .wire = true, .json = true}); }
TEST(OtlpJsonFront, RandomLogsAreAsWithoutOne) { checkLawOf(Signal::Logs, {.spans = 0, .logs = 5, .wire = true, .json = true}); }

// Whole texts that a front has met are found as they are read, and nothing is left for the writer.
TEST(OtlpJsonFront, WhatWasMetBeforeDoesNotWait) {
    const auto& text = test::jsonTexts()[test::jsonTexts().size() - 5];
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "front");
    std::size_t waited[4] = {};
    for (auto& count : waited) {
        auto read = ingest::decodeOtlpJson(Signal::Traces, bodyOf(text), store.lendFront().get());
        ASSERT_TRUE(read.has_value());
        ASSERT_TRUE(read->batch.pending);
        count = read->batch.pending->texts.size();
        EXPECT_TRUE(read->batch.spans.at(0).attributes.empty());
        EXPECT_GT(read->batch.spans.at(0).found.words, 0u);
        store.append(std::move(read->batch), source);
    }
    EXPECT_GT(waited[0], 5u);
    EXPECT_EQ(waited[3], 0u);
}

/// Hears nothing.
struct NoIssues final : ingest::OtlpJsonIssues {
    void warn(ProblemCode, std::string, std::size_t) override {}
    void skip(ProblemCode, std::string, std::size_t) override {}
    void kept(bool) override {}
};

// A span that is read in vain, then again by the tolerant reader, which keeps it or not, leaves no more behind than it has.
TEST(OtlpJsonFront, WhatIsReadInVainDoesNotWait) {
    const std::string id = R"("traceId":"0123456789abcdefFEDCBA9876543210","spanId":"00000000000000ab","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000007")";
    const std::string texts = R"("name":"n","attributes":[{"key":"k","value":{"stringValue":"v"}}],"events":[{"timeUnixNano":"1","name":"e","attributes":[{"key":"k","value":{"stringValue":"w"}}]}])";
    const std::string usual = "{" + id + "," + texts + "}", odd = "{" + id + "," + texts + R"(,"unknown":1})", lost = "{" + id + "," + texts + R"(,"kind":[]})";
    const auto waiting = [](const std::string& spans) {
        store::TraceStore store;
        auto front = store.lendFront();
        ingest::OtlpJsonWalk walk({});
        store::Batch batch;
        NoIssues issues;
        const std::string text = R"({"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[)" + spans + "]}]}]}";
        walk.setFront(front.get());
        EXPECT_TRUE(walk.start(text, batch, issues) && walk.request()) << text;
        return front.get()->waiting();
    };
    EXPECT_EQ(waiting(usual), 4u);
    EXPECT_EQ(waiting(odd), 4u);
    EXPECT_EQ(waiting(usual + "," + lost + "," + usual), 8u);
}

}  // namespace
}  // namespace spanreel
