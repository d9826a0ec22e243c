// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "ingest/receivers/http_receiver.h"
#include "ingest/receivers/listen_address.h"
#include "model/journal/journal_series.h"
#include "tests/unit/journal_files.h"

namespace spanreel::ingest {
namespace {

/// A socket that talks bytes; a read ends at the peer's end or after 15 s.
class Client {
public:
    explicit Client(std::uint16_t port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        timeval limit{15, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        EXPECT_EQ(::connect(m_fd, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    }
    Client(Client&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() {
        if (m_fd >= 0) ::close(m_fd);
    }
    void send(std::string_view bytes) const { ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    /// Everything until the server closes.
    [[nodiscard]] std::string readAll() const {
        std::string out;
        char chunk[4096];
        for (;;) {
            const auto got = ::recv(m_fd, chunk, sizeof chunk, 0);
            if (got <= 0) return out;
            out.append(chunk, static_cast<std::size_t>(got));
        }
    }
    /// Until `text` has come.
    [[nodiscard]] std::string readUntil(std::string_view text) const {
        std::string out;
        char c = 0;
        while (out.find(text) == std::string::npos && ::recv(m_fd, &c, 1, 0) == 1) out += c;
        return out;
    }

private:
    int m_fd;
};

constexpr const char* kHead = "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
std::string post(std::string_view body, std::string_view more = "") {
    return kHead + std::string(more) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class HttpReceiverTest : public testing::Test {
protected:
    explicit HttpReceiverTest(store::MemoryPolicy memory = {}) : store(std::move(memory)) {}
    void start(HttpLimits limits = {}) {
        origin.health = &health;
        origin.source = store.addSource(store::SourceKind::Receiver, "test");
        receiver = std::make_unique<HttpReceiver>(
            endpoint, pool, origin, [this] { return policy; },
            [this](bool isOrigin, std::string value) {
                const std::lock_guard lock(mutex);
                refusals.emplace_back(isOrigin, std::move(value));
            },
            limits);
        for (int i = 0; i < 10; ++i) {
            port = findFreePort({"127.0.0.1"});
            if (receiver->start({"127.0.0.1"}, port)) return;
        }
        FAIL() << "no port";
    }
    [[nodiscard]] std::string exchange(std::string_view request) const {
        const Client client(port);
        client.send(request);
        return client.readAll();
    }

    store::TraceStore store;
    ReceiverHealth health;
    OtlpEndpoint endpoint{store, nullptr};
    OtlpEndpoint::Origin origin;
    DecodePool pool{2, 64u << 20};
    std::shared_ptr<const OriginPolicy> policy = std::make_shared<const OriginPolicy>(std::vector<std::string>{}, std::vector<std::string>{});
    std::mutex mutex;
    std::vector<std::pair<bool, std::string>> refusals;
    std::unique_ptr<HttpReceiver> receiver;
    std::uint16_t port = 0;
};

TEST_F(HttpReceiverTest, PreflightOfALoopbackPageIsGranted) {
    start();
    const auto answer = exchange(
        "OPTIONS /v1/traces HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n"
        "Access-Control-Request-Headers: content-type,x-api-key\r\nAccess-Control-Request-Private-Network: true\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(answer.rfind("HTTP/1.1 204", 0), 0u) << answer;
    for (const char* line : {"Access-Control-Allow-Origin: http://localhost:3000", "Vary: Origin", "Access-Control-Allow-Methods: POST", "Access-Control-Allow-Headers: content-type,x-api-key",
                             "Access-Control-Allow-Private-Network: true", "X-Content-Type-Options: nosniff"})
        EXPECT_NE(answer.find(line), std::string::npos) << line << "\n" << answer;
}

TEST_F(HttpReceiverTest, RefusalsAreCountedAndTold) {
    start();
    EXPECT_EQ(exchange(post("{}", "Origin: http://evil.example\r\n")).rfind("HTTP/1.1 403", 0), 0u);
    EXPECT_EQ(exchange("POST /v1/traces HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").rfind("HTTP/1.1 403", 0), 0u);
    EXPECT_EQ(health.refusedOrigins.load(), 1u);
    EXPECT_EQ(health.refusedHosts.load(), 1u);
    const std::lock_guard lock(mutex);
    ASSERT_EQ(refusals.size(), 2u);
    EXPECT_EQ(refusals[0], std::make_pair(true, std::string("http://evil.example")));
    EXPECT_EQ(refusals[1], std::make_pair(false, std::string("evil.example")));
}

TEST_F(HttpReceiverTest, ListedOriginIsAllowedWithTheNextRequest) {
    start();
    const auto request = post("{}", "Origin: https://app.example\r\nConnection: close\r\n");
    EXPECT_EQ(exchange(request).rfind("HTTP/1.1 403", 0), 0u);
    const auto listed = std::make_shared<const OriginPolicy>(std::vector<std::string>{}, std::vector<std::string>{"https://app.example"});
    receiver->stop();
    policy = listed;
    receiver.reset();
    start();
    const auto answer = exchange(request);
    EXPECT_EQ(answer.rfind("HTTP/1.1 200", 0), 0u);
    EXPECT_NE(answer.find("Access-Control-Allow-Origin: https://app.example"), std::string::npos);
}

/// The first record takes all the memory there is.
class FullStoreTest : public HttpReceiverTest {
protected:
    FullStoreTest() : HttpReceiverTest({.budget = 1}) {}
};

TEST_F(FullStoreTest, SendersAreToldToComeBackAndNothingIsKept) {
    start();
    const auto request = post(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000a","name":"n"}]}]}]})", "Connection: close\r\n");
    EXPECT_EQ(exchange(request).rfind("HTTP/1.1 200", 0), 0u);
    const auto refused = exchange(request);
    EXPECT_EQ(refused.rfind("HTTP/1.1 503", 0), 0u) << refused;
    EXPECT_NE(refused.find("Retry-After: 15"), std::string::npos) << refused;
    EXPECT_NE(refused.find("memory budget"), std::string::npos) << refused;
    EXPECT_EQ(store.snapshot()->spanCount(), 1u);
    EXPECT_EQ(health.spans.load(), 1u);
    EXPECT_EQ(health.overloaded.load(), 1u);
    store.clear();
    receiver->stop();
    receiver.reset();
    start();
    EXPECT_EQ(exchange(request).rfind("HTTP/1.1 200", 0), 0u);
}

TEST_F(HttpReceiverTest, MayGoAsSoonAsItHasAnswered) {
    for (int round = 0; round < 50; ++round) {
        start();
        EXPECT_EQ(exchange(post("{}", "Connection: close\r\n")).rfind("HTTP/1.1 200", 0), 0u);
        receiver.reset();
    }
}

TEST_F(HttpReceiverTest, HalfHeaderTimesOutWith408) {
    HttpLimits limits;
    limits.headerSeconds = 1;
    start(limits);
    EXPECT_EQ(exchange("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-a: ").rfind("HTTP/1.1 408", 0), 0u);
}

TEST_F(HttpReceiverTest, HalfBodyTimesOutWith408) {
    HttpLimits limits;
    limits.bodySeconds = 1;
    start(limits);
    EXPECT_EQ(exchange(kHead + std::string("Content-Length: 50\r\n\r\n{")).rfind("HTTP/1.1 408", 0), 0u);
    EXPECT_EQ(health.requests.load(), 0u);
}

// Stopped for longer than a body may take, and perhaps its sender too: the time counts anew.
TEST_F(HttpReceiverTest, TheTimeInWhichWeWereStoppedDoesNotCount) {
    HttpLimits limits;
    limits.bodySeconds = 1;
    start(limits);
    const Client client(port);
    client.send(kHead + std::string("Content-Length: 2\r\n\r\n{"));
    const pid_t us = ::getpid(), other = ::fork();
    if (other == 0) {  // in here only calls that a signal handler may make
        ::kill(us, SIGSTOP);
        ::usleep(3'000'000);
        ::kill(us, SIGCONT);
        ::usleep(200'000);
        client.send("}");
        ::_exit(0);
    }
    ::waitpid(other, nullptr, 0);  // a read would be interrupted
    EXPECT_EQ(client.readUntil("{}").rfind("HTTP/1.1 200", 0), 0u);
    EXPECT_EQ(health.requests.load(), 1u);
}

TEST_F(HttpReceiverTest, IdleConnectionIsClosedSilently) {
    HttpLimits limits;
    limits.idleSeconds = 1;
    start(limits);
    const Client client(port);
    client.send(post("{}"));
    EXPECT_EQ(client.readUntil("{}").rfind("HTTP/1.1 200", 0), 0u);
    EXPECT_EQ(client.readAll(), "");
}

TEST_F(HttpReceiverTest, OverTheLimitTheLongestWaitingConnectionGivesWay) {
    HttpLimits limits;
    limits.connections = 4;
    start(limits);
    std::vector<Client> waiting;
    for (int i = 0; i < 4; ++i) {
        waiting.emplace_back(port);
        waiting.back().send(post("{}"));
        EXPECT_NE(waiting.back().readUntil("{}"), "");
    }
    EXPECT_EQ(exchange(post("{}", "Connection: close\r\n")).rfind("HTTP/1.1 200", 0), 0u);
    EXPECT_EQ(waiting[0].readAll(), "");
    waiting[3].send(post("{}"));
    EXPECT_EQ(waiting[3].readUntil("{}").rfind("HTTP/1.1 200", 0), 0u);
}

TEST_F(HttpReceiverTest, PipelinedRequestsAreAnsweredInOrder) {
    start();
    const auto answer = exchange(post("{}") + post("[") + post("{}", "Connection: close\r\n"));
    const auto first = answer.find("HTTP/1.1 200");
    const auto second = answer.find("HTTP/1.1 400");
    const auto third = answer.rfind("HTTP/1.1 200");
    EXPECT_EQ(first, 0u);
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_NE(third, std::string::npos);
}

// Into the store, and byte for byte into the journal.
TEST_F(HttpReceiverTest, LargeBodiesComeWholeWhereverTheyAreCut) {
    const journal::TestFolder folder("bodies");
    auto series = journal::JournalSeries::open({.path = folder.at("journal")});
    ASSERT_TRUE(series);
    endpoint.setJournal(**series);
    start();
    std::uint64_t spans = 0;
    std::vector<std::string> bodies;
    const auto body = [&](std::size_t bytes) {
        std::string out = R"({"resourceSpans":[{"scopeSpans":[{"spans":[)";
        for (bool first = true; out.size() < bytes; first = false)
            out += (first ? R"({"traceId":"0000000000000000000000000000000a","spanId":")" : R"(,{"traceId":"0000000000000000000000000000000a","spanId":")") + SpanId{++spans}.toHex() + R"(","name":"n"})";
        bodies.push_back(out + "]}]}]}");
        return bodies.back();
    };
    // One after the other, longer and shorter than what is read at once; the last in chunks.
    std::string all;
    for (const std::size_t bytes : {800'000u, 10u, 262'144u, 500'000u}) all += post(body(bytes));
    const std::string last = body(300'000);
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", last.size());
    all += kHead + std::string("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n") + size + last + "\r\n0\r\n\r\n";
    const Client client(port);
    std::string answers;
    std::jthread reader([&] { answers = client.readAll(); });
    std::size_t cut = 1;
    for (std::size_t at = 0; at < all.size(); at += cut, cut = cut * 5 % 99'991 + 1) client.send(std::string_view(all).substr(at, cut));
    reader.join();
    std::size_t good = 0;
    for (std::size_t at = 0; (at = answers.find("HTTP/1.1 200", at)) != std::string::npos; ++at) ++good;
    EXPECT_EQ(good, 5u) << answers.substr(0, 2000);
    EXPECT_EQ(store.snapshot()->spanCount(), spans);
    EXPECT_EQ(health.spans.load(), spans);
    receiver->stop();
    const auto content = journal::contentOf(folder.at("journal"));
    EXPECT_EQ(content.damagedBytes, 0u);
    EXPECT_TRUE(content.payloads == bodies) << "a payload differs from what was sent";
}

TEST_F(HttpReceiverTest, FullPoolAnswers503WithRetryAfter) {
    start();
    // A job that holds all of the pool's bytes until it is let go.
    std::promise<void> gate;
    ASSERT_TRUE(pool.post(64u << 20, [opened = gate.get_future().share()] { opened.wait(); }));
    const auto answer = exchange(post("{}", "Connection: close\r\n"));
    gate.set_value();
    EXPECT_EQ(answer.rfind("HTTP/1.1 503", 0), 0u) << answer;
    EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
    EXPECT_EQ(health.overloaded.load(), 1u);
}

// Small requests of the only sender are handled where they come in; with a second one the pool decodes again.
TEST_F(HttpReceiverTest, ALoneSenderDoesNotWaitForThePool) {
    start();
    const auto request = post(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0123456789abcdef0123456789abcdef","spanId":"0123456789abcdef"}]}]}]})");
    const Client first(port), second(port);
    const auto answered = [](const Client& client) { return client.readUntil("\r\n\r\n").find("HTTP/1.1 200") != std::string::npos; };
    std::uint64_t sent = 0;
    const auto sendOften = [&] {
        for (int i = 0; i < 20; ++i, ++sent) {
            first.send(request);
            EXPECT_TRUE(answered(first));
        }
    };
    sendOften();
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(pool.post(1, [opened] { opened.wait(); }));  // both threads busy
    sendOften();
    EXPECT_EQ(health.spans.load(), sent);

    const auto waits = [&](std::size_t more) {  // in the pool
        for (int i = 0; i < 2000 && pool.bytesHeld() <= more; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        EXPECT_GT(pool.bytesHeld(), more);
        return pool.bytesHeld();
    };
    second.send(request);
    const auto ofSecond = waits(2);
    first.send(request);
    waits(ofSecond);
    gate.set_value();
    EXPECT_TRUE(answered(first));
    EXPECT_TRUE(answered(second));
    EXPECT_EQ(health.spans.load(), sent + 2);
}

TEST_F(HttpReceiverTest, StopAnswersWhatWasTakenIn) {
    start();
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(pool.post(1, [opened] { opened.wait(); }));  // both threads busy
    const Client client(port);
    client.send(post("{}"));
    while (pool.bytesHeld() < 3 * (16u << 10)) std::this_thread::yield();  // the request waits in the pool
    std::jthread stopper([this] { receiver->stop(); });
    gate.set_value();
    EXPECT_EQ(client.readAll().rfind("HTTP/1.1 200", 0), 0u);
}

TEST_F(HttpReceiverTest, BodyThatWouldGrowAHundredfoldIsTooLarge) {
    start();
    std::string body = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{}";
    for (int i = 0; i < 300'000; ++i) body += ",{}";
    EXPECT_EQ(exchange(post(body + "]}]}]}", "Connection: close\r\n")).rfind("HTTP/1.1 413", 0), 0u);
    EXPECT_EQ(health.tooLarge.load(), 1u);
    EXPECT_EQ(health.spans.load(), 0u);
}

TEST_F(HttpReceiverTest, ConflictingLengthsAreRefused) {
    start();
    for (const char* lines : {"Content-Length: 2\r\nContent-Length: 3\r\n", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "Content-Length: -1\r\n", "Content-Length: 2x\r\n"})
        EXPECT_EQ(exchange(kHead + std::string(lines) + "\r\n{}").rfind("HTTP/1.1 400", 0), 0u) << lines;
    EXPECT_EQ(health.requests.load(), 0u);
}

}  // namespace
}  // namespace spanreel::ingest
