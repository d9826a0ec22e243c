// SPDX-License-Identifier: GPL-3.0-or-later
// The reader that walks the bytes against the tolerant one: whatever the input, the outcome is the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "batch_dump.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_json_walk.h"
#include "json_mutator.h"
#include "json_texts.h"

namespace spanreel {
namespace {

/// Damaged texts made of a small one; SPANREEL_ROUNDS=20000 looks longer.
const std::size_t kRounds = std::getenv("SPANREEL_ROUNDS") ? std::strtoul(std::getenv("SPANREEL_ROUNDS"), nullptr, 10) : 400;

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
    EXPECT_GE(test::jsonTexts().size(), 20u);
    for (const auto& text : test::jsonTexts()) ASSERT_NO_FATAL_FAILURE(compareRequest(text));
}

TEST(OtlpJsonDifferential, DamagedRequests) {
    std::uint64_t seed = 1;
    for (const auto& text : test::jsonTexts()) {
        const std::size_t rounds = std::max<std::size_t>(3, std::min<std::size_t>(kRounds, kRounds * 1000 / (text.size() + 1)));
        test::JsonMutator mutate(seed++);
        for (std::size_t i = 0; i < rounds; ++i) ASSERT_NO_FATAL_FAILURE(compareRequest(i % 3 == 0 ? mutate.bytes(text) : mutate.values(text)));
    }
}

// Cut at every byte, and with every byte replaced by a quote and by a bracket.
TEST(OtlpJsonDifferential, EveryByteOfOneRequest) {
    const std::string& text = test::jsonTexts()[test::jsonTexts().size() - 4];
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
        const std::string& text = test::jsonTexts()[test::jsonTexts().size() - fromEnd];
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
