// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/otlp_endpoint.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "ingest/otlp/otlp_proto_decoder.h"
#include "ingest/receivers/decode_halves.h"
#include "ingest/receivers/decode_pool.h"
#include "model/journal/journal_series.h"
#include "model/otlp/encode_proto.h"
#include "tests/unit/both_sessions.h"
#include "tests/unit/canonical_dump.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/gzip.h"
#include "tests/unit/journal_files.h"

namespace spanreel::ingest {
namespace {

using test::gzip;

class OtlpEndpointTest : public testing::Test {
protected:
    ExportAnswer handle(std::string body, bool compressed, store::Encoding encoding = store::Encoding::Protobuf) {
        m_origin.health = &m_health;
        return m_endpoint.handle({Signal::Traces, encoding, compressed, std::make_shared<const std::string>(std::move(body))}, m_origin, m_pool);
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
    DecodePool m_pool{2, 64u << 20};
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

/// Requests after each other, which are one: hundreds of groups with everything that may be in them.
std::string largeRequest(std::uint64_t seed) {
    test::Draw draw(seed);
    test::BatchShape shape;
    shape.wire = true;
    shape.spans = 40;
    shape.logs = 0;
    std::string out;
    const std::string unknown = "\x48\x05";  // belongs to the group before it
    while (out.size() < 700'000) out += *test::encoded<otlp::ProtoEncoder>(test::drawBatch(draw, shape)) + unknown;
    return out;
}

// Two threads decode a large request, one half each: that must not be seen in what is kept of it.
TEST_F(OtlpEndpointTest, ALargeRequestInHalvesIsTheSameRequest) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        const auto body = std::make_shared<const std::string>(largeRequest(seed));
        const auto whole = decodeOtlpProtobuf(Signal::Traces, body);
        ASSERT_TRUE(whole);
        store::TraceStore both[2];
        auto halves = decodeHalves(Signal::Traces, body, 256u << 20, both[1], m_pool);
        ASSERT_TRUE(halves);
        EXPECT_GT(halves->request.batch.spans.size(), 100u);
        EXPECT_GT(halves->rest.spans.size(), 100u);
        EXPECT_EQ(test::difference(*whole, {}, halves->request, {}), "");

        const auto sources = std::to_array({both[0].addSource(store::SourceKind::Receiver, "test"), both[1].addSource(store::SourceKind::Receiver, "test")});
        both[0].append(std::move(decodeOtlpProtobuf(Signal::Traces, body)->batch), sources[0], 1);
        OtlpEndpoint endpoint(both[1], nullptr);
        m_origin = {0, sources[1], &m_health, {}, 0};
        halves.reset();
        // It is halved for whoever sends one request after the other.
        for (int i = 0; i < 8; ++i) EXPECT_EQ(endpoint.handle({Signal::Traces, store::Encoding::Protobuf, false, std::make_shared<const std::string>()}, m_origin, m_pool).kind, ExportAnswer::Kind::Ok);
        EXPECT_EQ(endpoint.handle({Signal::Traces, store::Encoding::Protobuf, false, body}, m_origin, m_pool).kind, ExportAnswer::Kind::Ok);
        EXPECT_TRUE(test::canonicalDump(*both[0].snapshot()) == test::canonicalDump(*both[1].snapshot())) << "seed " << seed;
        EXPECT_EQ(both[0].snapshot()->traceCount(), both[1].snapshot()->traceCount());
    }
}

// Whoever receives may handle a request itself only where nothing of it is likely to take long.
TEST_F(OtlpEndpointTest, OnlySmallRequestsOfOneSenderAreBrief) {
    const auto request = [](std::size_t bytes, bool compressed) {
        return OtlpEndpoint::Request{Signal::Traces, store::Encoding::Protobuf, compressed, std::make_shared<const std::string>(bytes, 'x')};
    };
    EXPECT_FALSE(m_endpoint.isBrief(request(1000, false))) << "nobody knows yet who else sends";
    const auto sendOften = [&](OtlpEndpoint& endpoint) {
        m_origin.health = &m_health;
        for (int i = 0; i < 20; ++i) (void)endpoint.handle({Signal::Traces, store::Encoding::Protobuf, false, std::make_shared<const std::string>()}, m_origin, m_pool);
    };
    sendOften(m_endpoint);
    EXPECT_TRUE(m_endpoint.isBrief(request(1000, false)));
    EXPECT_FALSE(m_endpoint.isBrief(request(1000, true))) << "who knows how much it is";
    EXPECT_FALSE(m_endpoint.isBrief(request(1u << 20, false)));

    const journal::TestFolder folder("brief");
    for (const bool durable : {false, true}) {
        journal::JournalSeries::Options options;
        options.path = folder.at(durable ? "durable" : "plain");
        options.durable = durable;
        auto series = journal::JournalSeries::open(std::move(options));
        ASSERT_TRUE(series);
        OtlpEndpoint endpoint(m_store, series->get());
        sendOften(endpoint);
        EXPECT_EQ(endpoint.isBrief(request(1000, false)), !durable) << "the disk takes its time";
    }

    store::TraceStore tight(store::memoryPolicy(1000));
    OtlpEndpoint endpoint(tight, nullptr);
    OtlpEndpoint::Origin origin{0, tight.addSource(store::SourceKind::Receiver, "test"), &m_health, {}, 0};
    ASSERT_EQ(endpoint.handle({Signal::Traces, store::Encoding::Protobuf, false, std::make_shared<const std::string>(emptySpans(1))}, origin, m_pool).kind, ExportAnswer::Kind::Ok);
    ASSERT_GT(tight.memory().inMemory, tight.memory().budget);
    sendOften(endpoint);
    EXPECT_FALSE(endpoint.isBrief(request(1000, false))) << "rows may have to go to the disk";
}

// Whoever receives must not wait behind another request, nor twice for a slow disk.
TEST_F(OtlpEndpointTest, NothingIsBriefBesideAnotherRequestOrSoonAfterASlowOne) {
    const auto isBrief = [this] { return m_endpoint.isBrief({Signal::Traces, store::Encoding::Protobuf, false, std::make_shared<const std::string>(1000, 'x')}); };
    for (int i = 0; i < 20; ++i) (void)handle({}, false);
    EXPECT_TRUE(isBrief());
    std::promise<void> gate, inside;
    m_store.setListener([&, first = true]() mutable {
        if (!std::exchange(first, false)) return;
        inside.set_value();
        gate.get_future().wait();
    });
    std::jthread other([this] { EXPECT_EQ(handle(emptySpans(1), false).kind, ExportAnswer::Kind::Ok); });
    inside.get_future().wait();
    EXPECT_FALSE(isBrief()) << "another is being handled";
    gate.set_value();
    other.join();
    EXPECT_TRUE(isBrief());

    m_store.setListener([] { std::this_thread::sleep_for(std::chrono::milliseconds(50)); });
    const OtlpEndpoint::Request slow{Signal::Traces, store::Encoding::Protobuf, false, std::make_shared<const std::string>(emptySpans(1))};
    EXPECT_EQ(m_endpoint.handleBrief(slow, m_origin, m_pool).kind, ExportAnswer::Kind::Ok);
    m_store.setListener({});
    EXPECT_FALSE(isBrief()) << "it took long";
    for (int i = 0; i < 1000 && !isBrief(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(isBrief());
    EXPECT_EQ(m_store.snapshot()->spanCount(), 2u);
}

TEST_F(OtlpEndpointTest, PlacesInTheSecondHalfCountFromTheBeginning) {
    const auto group = [](const std::string& traceId) {
        std::string span = field(traceId, '\x0a') + field("12345678", '\x12') + field(std::string(1000, 'n'), '\x2a') + "\x39" + "12345678" + "\x41" + "12345678";
        return field(field(field(span, '\x12'), '\x12'), '\x0a');
    };
    std::string bytes;
    for (int i = 0; i < 1000; ++i) bytes += group(i == 700 ? "ab" : "1234567890123456");
    const auto body = std::make_shared<const std::string>(std::move(bytes));
    const auto whole = decodeOtlpProtobuf(Signal::Traces, body);
    ASSERT_TRUE(whole);
    ASSERT_EQ(whole->warnings.size(), 1u);
    const auto halves = decodeHalves(Signal::Traces, body, 256u << 20, m_store, m_pool);
    ASSERT_TRUE(halves);
    EXPECT_EQ(test::difference(*whole, {}, halves->request, {}), "");
}

// What stands before the first group goes with it.
TEST_F(OtlpEndpointTest, ARequestIsNotCutBeforeItsFirstGroup) {
    const auto body = std::make_shared<const std::string>(field(std::string(600'000, 'u'), '\x4a') + *test::encoded<otlp::ProtoEncoder>([] {
        store::Batch batch;
        batch.spans.emplace_back().traceId = {1, 2};
        batch.spans[0].name = batch.arena.copy(std::string_view(std::string(500'000, 'n')));
        return batch;
    }()));
    EXPECT_FALSE(decodeHalves(Signal::Traces, body, 256u << 20, m_store, m_pool));
}

TEST_F(OtlpEndpointTest, AFaultInEitherHalfIsToldAsThatOfTheWhole) {
    const std::string sound = largeRequest(4);
    for (const std::size_t part : {1, 3}) {
        // In the middle of a group: a byte that is no field's beginning.
        std::string body = sound;
        for (std::size_t at = sound.size() / 4 * part; at < sound.size(); ++at) {
            body[at] = '\x0f';
            if (!decodeOtlpProtobuf(Signal::Traces, std::make_shared<const std::string>(body))) break;
            body[at] = sound[at];
        }
        const auto whole = decodeOtlpProtobuf(Signal::Traces, std::make_shared<const std::string>(body));
        ASSERT_FALSE(whole);
        EXPECT_FALSE(decodeHalves(Signal::Traces, std::make_shared<const std::string>(body), 256u << 20, m_store, m_pool));
        const auto answer = handle(body, false);
        EXPECT_EQ(answer.kind, ExportAnswer::Kind::Malformed);
        EXPECT_EQ(answer.message, protocolText(whole.error()));
    }
    EXPECT_EQ(m_store.snapshot()->spanCount(), 0u);
}

// Where nobody is free to take the other half, nobody waits.
TEST_F(OtlpEndpointTest, HalvesWaitForNoThreadThatIsBusy) {
    const auto body = std::make_shared<const std::string>(largeRequest(5));
    std::promise<void> go;
    const std::shared_future<void> gone = go.get_future();
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(m_pool.post(1, [gone] { gone.wait(); }));
    EXPECT_TRUE(decodeHalves(Signal::Traces, body, 256u << 20, m_store, m_pool));
    go.set_value();
}

}  // namespace
}  // namespace spanreel::ingest
