// SPDX-License-Identifier: GPL-3.0-or-later
// The reader that walks a structural index against the tolerant one: whatever the input, the outcome is the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "batch_dump.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_json_walk.h"
#include "json_mutator.h"
#include "shared_data.h"

namespace spanreel {
namespace {

namespace fs = std::filesystem;

/// Damaged texts made of a small one; SPANREEL_ROUNDS=20000 looks longer.
const std::size_t kRounds = std::getenv("SPANREEL_ROUNDS") ? std::strtoul(std::getenv("SPANREEL_ROUNDS"), nullptr, 10) : 400;

/// All small JSON texts there are: the corpus of every JSON format, real files of other tools where they are, and requests
/// made here that have what a usual request has.
const std::vector<std::string>& texts() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out;
        std::vector<fs::path> paths;
        std::vector<std::string> folders{std::string(SPANREEL_SOURCE_DIR) + "/tests/corpus"};
        if (const auto shared = test::sharedDir(); !shared.empty()) folders.insert(folders.end(), {shared + "/data/otlp-json", shared + "/data/tempo-json", shared + "/data/negative"});
        for (const auto& folder : folders)
            for (const auto& entry : fs::recursive_directory_iterator(folder))
                if (entry.is_regular_file() && entry.path().string().find("json") != std::string::npos && entry.path().extension() != ".expected") paths.push_back(entry.path());
        std::sort(paths.begin(), paths.end());
        for (const auto& path : paths) {
            const std::string text = test::readWhole(path.string());
            if (text.size() > 300'000) continue;
            out.push_back(text);
            for (std::size_t from = 0; from < text.size();) {
                const std::size_t to = std::min(text.find('\n', from), text.size());
                if (text[from] == '{' && to - from > 20) out.push_back(text.substr(from, to - from));
                from = to + 1;
            }
        }
        const std::string attributes = R"("attributes":[{"key":"s","value":{"stringValue":"v"}},{"key":"i","value":{"intValue":"-42"}},{"key":"j","value":{"intValue":42}},{"key":"b","value":{"boolValue":true}},{"key":"c","value":{"boolValue":false}},{"key":"d","value":{"doubleValue":1.25}},{"key":"e\n","value":{"stringValue":"tab\tquote\""}},{"value":{"stringValue":"é"},"key":"u"},{"key":"a","value":{"arrayValue":{"values":[{"stringValue":"x"}]}}},{"key":"","value":{"stringValue":""}}])";
        const std::string id = R"("traceId":"0123456789abcdefFEDCBA9876543210","spanId":"00000000000000ab")";
        const std::string span = "{" + id + R"(,"parentSpanId":"","flags":257,"name":"GET /a","kind":2,"startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000007",)" + attributes +
                                 R"(,"events":[{"timeUnixNano":"1760000000000000001","name":"e",)" + attributes + R"(}],"links":[{)" + id + R"(,"traceState":"a=b","flags":1}],"status":{"message":"m","code":2},"traceState":"x=y","droppedAttributesCount":1,"droppedEventsCount":2,"droppedLinksCount":3})";
        const std::string early = "{" + id + R"(,"name":"ends before it starts","startTimeUnixNano":"1760000000000000009","endTimeUnixNano":"1760000000000000007"})";
        const std::string wrong = "{" + id + R"(,"name":17})";
        const std::string log = R"({"timeUnixNano":"1760000000000000001","observedTimeUnixNano":"1760000000000000002","severityNumber":9,"severityText":"INFO","body":{"stringValue":"text"},)" + attributes + "," + id + R"(,"eventName":"n"})";
        const std::string resource = R"({"resource":{)" + attributes + R"(,"droppedAttributesCount":4},)", scope = R"([{"scope":{"name":"n","version":"1",)" + attributes + "},";
        for (const auto& spans : {span, span + "," + early + "," + span, span + "," + wrong + "," + span, std::string()})
            out.push_back(R"({"resourceSpans":[)" + resource + R"("scopeSpans":)" + scope + R"("spans":[)" + spans + R"(],"schemaUrl":"s"}],"schemaUrl":"r"},)" + resource + R"("scopeSpans":)" + scope + R"("spans":[)" + span + "]}]}]}");
        out.push_back(R"({"resourceLogs":[)" + resource + R"("scopeLogs":)" + scope + R"("logRecords":[)" + log + "," + log + R"(]}]}]})");
        return out;
    }();
    return all;
}

std::string outcome(const Result<ingest::DecodedRequest>& result) {
    if (!result) return "error " + std::to_string(static_cast<int>(result.error().code)) + " " + result.error().detail + " @" + std::to_string(result.error().place.byte);
    test::BatchDump dump;
    dump.text = "items " + std::to_string(result->items) + " rejected " + std::to_string(result->rejected) + " warned " + std::to_string(result->warned) + "\n";
    for (const auto& warning : result->warnings) dump.text += "warning " + std::to_string(static_cast<int>(warning.code)) + " " + warning.detail + " @" + std::to_string(warning.place.byte) + "\n";
    dump.batch(result->batch);
    return std::move(dump.text);
}

void compareRequest(const std::string& text, std::initializer_list<ingest::Signal> signals = {ingest::Signal::Traces, ingest::Signal::Logs, ingest::Signal::Metrics}) {
    const auto body = std::make_shared<const std::string>(text);
    for (const auto signal : signals)
        ASSERT_EQ(outcome(ingest::decodeOtlpJson(signal, body)), outcome(ingest::decodeOtlpJsonTolerantly(signal, body))) << text;
}

TEST(OtlpJsonDifferential, RequestsOfAllFiles) {
    EXPECT_GE(texts().size(), 20u);
    for (const auto& text : texts()) ASSERT_NO_FATAL_FAILURE(compareRequest(text));
}

TEST(OtlpJsonDifferential, DamagedRequests) {
    std::uint64_t seed = 1;
    for (const auto& text : texts()) {
        const std::size_t rounds = std::max<std::size_t>(3, std::min<std::size_t>(kRounds, kRounds * 1000 / (text.size() + 1)));
        test::JsonMutator mutate(seed++);
        for (std::size_t i = 0; i < rounds; ++i) ASSERT_NO_FATAL_FAILURE(compareRequest(i % 3 == 0 ? mutate.bytes(text) : mutate.values(text)));
    }
}

// Cut at every byte, and with every byte replaced by a quote and by a bracket.
TEST(OtlpJsonDifferential, EveryByteOfOneRequest) {
    const std::string& text = texts()[texts().size() - 4];
    ASSERT_LT(text.size(), 10000u);
    for (std::size_t i = 0; i < text.size(); ++i) {
        ASSERT_NO_FATAL_FAILURE(compareRequest(text.substr(0, i), {ingest::Signal::Traces}));
        for (const char c : {'"', '}', '\\', ' '}) {
            std::string changed = text;
            changed[i] = c;
            ASSERT_NO_FATAL_FAILURE(compareRequest(changed, {ingest::Signal::Traces}));
        }
    }
}

/// Hears nothing but counts.
struct CountIssues : ingest::OtlpJsonIssues {
    void warn(ProblemCode, std::string, std::size_t) override { ++problems; }
    void skip(ProblemCode, std::string, std::size_t) override { ++problems; }
    void kept(bool) override { ++items; }
    std::size_t problems = 0, items = 0;
};

// Usual requests must not fall to the tolerant reader unseen: text is then copied or slow, never wrong.
TEST(OtlpJsonDifferential, UsualRequestsAreWalked) {
    for (const std::size_t fromEnd : {5u, 4u, 3u, 1u}) {
        const std::string& text = texts()[texts().size() - fromEnd];
        store::Batch batch;
        CountIssues issues;
        ingest::OtlpJsonWalk walk({});
        ASSERT_TRUE(walk.start(text, batch, issues)) << text;
        EXPECT_TRUE(walk.request()) << text;
        EXPECT_TRUE(walk.atEnd());
        EXPECT_EQ(issues.items, batch.spans.size() + batch.logs.size());
        EXPECT_EQ(issues.problems, fromEnd == 4 || fromEnd == 3 ? 1u : 0u);
        for (const auto& span : batch.spans) EXPECT_TRUE(span.name.data() > text.data() && span.name.data() < text.data() + text.size());
    }
}

}  // namespace
}  // namespace spanreel
