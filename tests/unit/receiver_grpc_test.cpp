// SPDX-License-Identifier: GPL-3.0-or-later
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>

#include "ingest/receivers/listen_address.h"
#include "ingest/receivers/receiver_set.h"
#include "ingest/receivers/grpc_receiver.h"
#include "model/journal/journal_series.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "tests/unit/journal_files.h"

namespace spanreel::ingest {
namespace {

namespace v1 = opentelemetry::proto::collector::trace::v1;

v1::ExportTraceServiceRequest requestOf(int spans, bool zeroTrace = false) {
    v1::ExportTraceServiceRequest request;
    auto* scope = request.add_resource_spans()->add_scope_spans();
    for (int i = 0; i < spans; ++i) {
        auto* span = scope->add_spans();
        span->set_trace_id(std::string(16, zeroTrace ? '\0' : 'T'));
        span->set_span_id(std::string(7, 's') + static_cast<char>('A' + i));
        span->set_name("op");
        span->set_start_time_unix_nano(1700000000000000000u);
        span->set_end_time_unix_nano(1700000000000000001u);
    }
    return request;
}

/// A receiver with its own pool, and a client of the official library.
class GrpcReceiverTest : public testing::Test {
protected:
    explicit GrpcReceiverTest(store::MemoryPolicy memory = {}, journal::JournalSeries* journal = nullptr) : store(memory), endpoint(store, journal) {}
    void SetUp() override {
        origin.health = &health;
        origin.source = store.addSource(store::SourceKind::Receiver, "test");
        for (int i = 0; i < 10; ++i) {
            address = ListenAddress{"127.0.0.1", findFreePort({"127.0.0.1"})}.text();
            if (receiver.start({address})) break;
        }
        stub = v1::TraceService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    }
    grpc::Status send(const v1::ExportTraceServiceRequest& request, v1::ExportTraceServiceResponse& response, bool gzip = false) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
        if (gzip) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
        return stub->Export(&context, request, &response);
    }

    store::TraceStore store;
    ReceiverHealth health;
    OtlpEndpoint endpoint;
    OtlpEndpoint::Origin origin;
    DecodePool pool{2, 64u << 20};
    GrpcReceiver receiver{endpoint, pool, origin};
    std::string address;
    std::unique_ptr<v1::TraceService::Stub> stub;
};

TEST_F(GrpcReceiverTest, FullSuccessLeavesPartialSuccessUnset) {
    for (const bool gzip : {false, true}) {
        v1::ExportTraceServiceResponse response;
        ASSERT_TRUE(send(requestOf(3), response, gzip).ok());
        EXPECT_FALSE(response.has_partial_success());
    }
    EXPECT_EQ(health.spans.load(), 6u);
    EXPECT_EQ(store.snapshot()->sources().size(), 1u);
}

TEST_F(GrpcReceiverTest, OneThatIsStoppedIsNotDeaf) {
    health.deaf = true;  // as where it had no descriptors
    receiver.stop();
    EXPECT_FALSE(health.deaf) << "it need not listen, and listens when it is started next";
}

// A message of many pieces, and one that came compressed.
TEST_F(GrpcReceiverTest, TheJournalHoldsWhatWasSentInflated) {
    const journal::TestFolder folder("grpc-pieces");
    auto series = journal::JournalSeries::open({.path = folder.at("journal")});
    ASSERT_TRUE(series);
    endpoint.setJournal(**series);
    auto request = requestOf(3);
    request.mutable_resource_spans(0)->mutable_scope_spans(0)->mutable_spans(0)->set_name(std::string(600'000, 'n'));
    for (const bool gzip : {false, true}) {
        v1::ExportTraceServiceResponse response;
        ASSERT_TRUE(send(request, response, gzip).ok());
    }
    receiver.stop();
    const auto content = journal::contentOf(folder.at("journal"));
    EXPECT_EQ(content.damagedBytes, 0u);
    ASSERT_EQ(content.payloads.size(), 2u);
    for (const auto& payload : content.payloads) EXPECT_TRUE(payload == request.SerializeAsString());
}

TEST_F(GrpcReceiverTest, WarningsComeAsPartialSuccessWithNothingRejected) {
    v1::ExportTraceServiceResponse response;
    ASSERT_TRUE(send(requestOf(2, true), response).ok());
    ASSERT_TRUE(response.has_partial_success());
    EXPECT_EQ(response.partial_success().rejected_spans(), 0);
    EXPECT_NE(response.partial_success().error_message().find("2 spans"), std::string::npos) << response.partial_success().error_message();
}

TEST_F(GrpcReceiverTest, FullPoolIsUnavailableWithRetryInfo) {
    std::promise<void> gate;
    ASSERT_TRUE(pool.post(64u << 20, [opened = gate.get_future().share()] { opened.wait(); }));
    v1::ExportTraceServiceResponse response;
    const auto status = send(requestOf(1), response);
    gate.set_value();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    // google.rpc.Status, whose details hold a RetryInfo of one second: Any{1: type, 2: RetryInfo{1: Duration{1: 1}}}
    const auto details = status.error_details();
    EXPECT_NE(details.find("type.googleapis.com/google.rpc.RetryInfo"), std::string::npos);
    EXPECT_NE(details.find(std::string("\x12\x04\x0a\x02\x08\x01", 6)), std::string::npos);
    EXPECT_EQ(health.spans.load(), 0u);
    EXPECT_EQ(health.overloaded.load(), 1u);
}

struct Recording {
    journal::TestFolder folder{"grpc-full-store"};
    std::unique_ptr<journal::JournalSeries> journal = std::move(*journal::JournalSeries::open({.path = folder.at("journal.spanreel")}));
};

/// The first record takes all the memory there is.
class FullStoreTest : Recording, public GrpcReceiverTest {
protected:
    FullStoreTest() : GrpcReceiverTest({.budget = 1}, journal.get()) {}
    [[nodiscard]] std::uint64_t framesWritten() const { return journal->framesWritten(); }
};

TEST_F(FullStoreTest, SendersAreToldToComeBackAndNothingIsKept) {
    v1::ExportTraceServiceResponse response;
    ASSERT_TRUE(send(requestOf(1), response).ok());
    ASSERT_EQ(framesWritten(), 1u);
    for (const bool gzip : {false, true}) {
        const auto status = send(requestOf(2), response, gzip);
        EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
        EXPECT_NE(status.error_message().find("memory budget"), std::string::npos) << status.error_message();
        // A RetryInfo of 15 seconds, written as above.
        EXPECT_NE(status.error_details().find("type.googleapis.com/google.rpc.RetryInfo"), std::string::npos);
        EXPECT_NE(status.error_details().find(std::string("\x12\x04\x0a\x02\x08\x0f", 6)), std::string::npos);
    }
    // Sent again later, it must not be there twice.
    EXPECT_EQ(framesWritten(), 1u);
    EXPECT_EQ(store.snapshot()->spanCount(), 1u);
    EXPECT_EQ(health.spans.load(), 1u);
    EXPECT_EQ(health.requests.load(), 3u);
    EXPECT_EQ(health.overloaded.load(), 2u);
    store.clear();
    EXPECT_TRUE(send(requestOf(2), response).ok());
    EXPECT_EQ(framesWritten(), 2u);
}

TEST_F(GrpcReceiverTest, OverTheLimitIsResourceExhausted) {
    auto request = requestOf(1);
    request.mutable_resource_spans(0)->set_schema_url(std::string(65u << 20, 'x'));
    v1::ExportTraceServiceResponse response;
    EXPECT_EQ(send(request, response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_EQ(send(request, response, true).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(send(requestOf(1), response).ok());
}

TEST(ReceiverSet, TellsWhoHoldsAPortAndWhatIsFree) {
    store::TraceStore store;
    ReceiverSet first(store, nullptr);
    ReceiverConfig any;
    any.grpc.port = any.http.port = 0;
    const auto started = first.start(any);
    ASSERT_TRUE(started.ok());
    EXPECT_TRUE(first.listening(Protocol::Grpc));
    EXPECT_EQ(started.grpc, first.addresses(Protocol::Grpc));

    ReceiverSet second(store, nullptr);
    ReceiverConfig taken = any;
    const auto portOf = [](const std::string& text) { return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1))); };
    taken.grpc.port = portOf(started.grpc.front());
    const auto result = second.start(taken);
    ASSERT_EQ(result.conflicts.size(), 1u);
    EXPECT_EQ(result.conflicts[0].protocol, Protocol::Grpc);
    EXPECT_EQ(result.conflicts[0].address, started.grpc.front());
    EXPECT_NE(result.conflicts[0].holder.find("(pid " + std::to_string(::getpid()) + ")"), std::string::npos) << result.conflicts[0].holder;
    EXPECT_NE(result.conflicts[0].nextFreePort, 0);
    EXPECT_NE(result.conflicts[0].nextFreePort, taken.grpc.port);
    EXPECT_FALSE(second.listening(Protocol::Grpc));
    EXPECT_TRUE(second.listening(Protocol::Http));  // the other one starts all the same

    first.stop();
    EXPECT_FALSE(first.listening(Protocol::Grpc));
    EXPECT_TRUE(second.start(taken).ok());  // again, now that it is free
    EXPECT_TRUE(second.listening(Protocol::Grpc));
}

TEST(ReceiverSet, OffersEachReceiverAPortOfItsOwn) {
    store::TraceStore store;
    ReceiverSet first(store, nullptr), second(store, nullptr);
    const auto started = first.start({{true, "127.0.0.1", 0}, {true, "127.0.0.1", 0}, {}, {}});
    ASSERT_TRUE(started.ok());
    const auto portOf = [](const std::string& text) { return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1))); };
    const auto grpc = portOf(started.grpc.front());
    // Both want the port that is taken: each is offered another one.
    auto result = second.start({{true, "127.0.0.1", grpc}, {true, "127.0.0.1", grpc}, {}, {}});
    ASSERT_EQ(result.conflicts.size(), 2u);
    const auto offered = result.conflicts[0].nextFreePort;
    EXPECT_NE(offered, 0);
    EXPECT_NE(result.conflicts[1].nextFreePort, 0);
    EXPECT_NE(offered, result.conflicts[1].nextFreePort);
    // What one is offered is never what the other is about to take.
    result = second.start({{true, "127.0.0.1", grpc}, {true, "127.0.0.1", offered}, {}, {}});
    ASSERT_GE(result.conflicts.size(), 1u);
    EXPECT_NE(result.conflicts[0].nextFreePort, offered);
}

TEST(ReceiverSet, KnowsWhatOthersCanReach) {
    for (const char* host : {"", "localhost", "127.0.0.1", "::1", "[::1]"}) EXPECT_FALSE(isBeyondLoopback({true, host, 1})) << host;
    for (const char* host : {"0.0.0.0", "[::]", "192.168.0.2", "box"}) EXPECT_TRUE(isBeyondLoopback({true, host, 1})) << host;
}

}  // namespace
}  // namespace spanreel::ingest
