// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/otlp_endpoint.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/unit/gzip.h"

namespace spanreel::ingest {
namespace {

using test::gzip;

class OtlpEndpointTest : public testing::Test {
protected:
    ExportAnswer handle(std::string body, bool compressed, store::Encoding encoding = store::Encoding::Protobuf) {
        m_origin.health = &m_health;
        return m_endpoint.handle({Signal::Traces, encoding, compressed, std::make_shared<const std::string>(std::move(body))}, m_origin);
    }
    /// A request of so many spans without anything in them.
    static std::string emptySpans(std::size_t count) {
        std::string spans;
        for (std::size_t i = 0; i < count; ++i) spans += std::string("\x12\x00", 2);
        return field(field(spans, '\x12'), '\x0a');
    }
    static std::string field(const std::string& content, char tag) {
        std::string out(1, tag);
        for (std::size_t n = content.size();; n >>= 7) {
            out += static_cast<char>(n > 127 ? (n & 127) | 128 : n);
            if (n <= 127) return out + content;
        }
    }

    store::TraceStore m_store{store::memoryPolicy(64u << 20)};
    OtlpEndpoint m_endpoint{m_store, nullptr};
    ReceiverHealth m_health;
    OtlpEndpoint::Origin m_origin{0, m_store.addSource(store::SourceKind::Receiver, "test"), nullptr, {}, 0};
};

// A compressed body says how long its last member is: what is before it comes too, and where it says too little as well.
TEST_F(OtlpEndpointTest, InflatesWhateverTheBodySaysOfItsSize) {
    const std::string body = emptySpans(300);
    for (const std::size_t cut : {std::size_t{1}, body.size() / 2, body.size() - 1}) {
        EXPECT_EQ(handle(gzip(body.substr(0, cut)) + gzip(body.substr(cut)), true).kind, ExportAnswer::Kind::Ok) << cut;
    }
    const std::string json = R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":")" + std::string(3u << 20, 'n') + R"("}]}]}]})";
    EXPECT_EQ(handle(gzip(json.substr(0, json.size() - 2)) + gzip(json.substr(json.size() - 2)), true, store::Encoding::Json).kind, ExportAnswer::Kind::Ok);
    EXPECT_EQ(m_store.snapshot()->spanCount(), 3u * 300 + 1);
}

TEST_F(OtlpEndpointTest, ASmallBodyMayNotAskForMuchMemory) {
    EXPECT_EQ(handle(emptySpans(10'000), false).kind, ExportAnswer::Kind::Ok);
    EXPECT_EQ(handle(emptySpans(100'000), false).kind, ExportAnswer::Kind::TooLarge);
    EXPECT_EQ(handle(gzip(emptySpans(10'000'000)), true).kind, ExportAnswer::Kind::TooLarge);
    EXPECT_EQ(m_health.tooLarge, 2u);
    EXPECT_EQ(m_store.snapshot()->spanCount(), 10'000u);
}

// Somebody looks for why their sender was refused, not for what was kept with a remark since.
TEST_F(OtlpEndpointTest, WhyTheLastWasRefusedStaysKnown) {
    EXPECT_EQ(handle("{\"bad", false, store::Encoding::Json).kind, ExportAnswer::Kind::Malformed);
    const std::string why = m_health.lastError.get();
    EXPECT_NE(why, "");
    const auto kept = handle(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00","name":"x"}]}]}]})", false, store::Encoding::Json);
    EXPECT_EQ(kept.kind, ExportAnswer::Kind::Ok);
    EXPECT_NE(kept.message, "");
    EXPECT_EQ(m_health.lastError.get(), why);
}

}  // namespace
}  // namespace spanreel::ingest
