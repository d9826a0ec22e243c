// SPDX-License-Identifier: GPL-3.0-or-later
// Sends OTLP requests to a receiver on this machine as fast as it answers, or at a rate, and prints one line of JSON:
// what was acknowledged, how fast, and how long the answers took.
//
//   otlp_load grpc|http HOST:PORT FILE CLIENTS SECONDS [SPANS-PER-SECOND]
//
// FILE: trace requests in protobuf, a 4-byte big-endian length before each; the first 100 MB of them go round. Every request
// gets trace ids of its own each time: what is received is new, not a copy of what is there.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "ingest/otlp/otlp_proto_decoder.h"

namespace {

using Clock = std::chrono::steady_clock;
double secondsSince(Clock::time_point t) { return std::chrono::duration<double>(Clock::now() - t).count(); }

struct Request {
    std::string bytes;
    std::uint64_t spans = 0;
    std::vector<std::uint32_t> ids;  ///< places of trace and span ids, to make them new
};

/// A field of 8 or 16 bytes whose tag is `1|2|4 << 3 | 2` in a Span: found through the decoder's views, not by parsing again.
void findIds(Request& request, const spanreel::store::Batch& batch) {
    const auto add = [&](std::string_view id) {
        for (std::size_t at = request.bytes.find(id); at != std::string::npos; at = request.bytes.find(id, at + id.size())) request.ids.push_back(static_cast<std::uint32_t>(at));
    };
    std::vector<std::string> traces;
    for (const auto& span : batch.spans) {
        std::string bytes(16, '\0');
        for (int i = 0; i < 8; ++i) {
            bytes[static_cast<std::size_t>(i)] = static_cast<char>(span.traceId.high >> (56 - 8 * i));
            bytes[static_cast<std::size_t>(i) + 8] = static_cast<char>(span.traceId.low >> (56 - 8 * i));
        }
        traces.push_back(std::move(bytes));
    }
    std::sort(traces.begin(), traces.end());
    traces.erase(std::unique(traces.begin(), traces.end()), traces.end());
    for (const auto& trace : traces) add(trace);
}

/// Other trace ids than before, the same ones within a request.
void renew(Request& request, std::uint64_t number) {
    for (const auto at : request.ids) {
        std::uint64_t word = 0;
        std::memcpy(&word, request.bytes.data() + at, 8);
        word ^= (number + 1) * 0x9E3779B97F4A7C15ull;
        std::memcpy(request.bytes.data() + at, &word, 8);
    }
}

std::vector<Request> readRequests(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<Request> out;
    std::size_t total = 0;
    unsigned char head[4];
    while (total < (std::size_t{100} << 20) && file.read(reinterpret_cast<char*>(head), 4)) {
        Request request;
        request.bytes.resize(std::size_t{head[0]} << 24 | std::size_t{head[1]} << 16 | std::size_t{head[2]} << 8 | head[3]);
        if (!file.read(request.bytes.data(), static_cast<std::streamsize>(request.bytes.size()))) break;
        const auto decoded = spanreel::ingest::decodeOtlpProtobuf(spanreel::ingest::Signal::Traces, std::make_shared<const std::string>(request.bytes));
        if (!decoded) break;
        request.spans = decoded->batch.spans.size();
        findIds(request, decoded->batch);
        total += request.bytes.size();
        out.push_back(std::move(request));
    }
    return out;
}

class Client {
public:
    virtual ~Client() = default;
    /// True where the receiver said yes. `meanwhile` is done once the request is on its way.
    virtual bool send(const std::string& body, const std::function<void()>& meanwhile) = 0;
};

class GrpcClient final : public Client {
public:
    GrpcClient(const std::string& address, int number) : m_stub(nullptr) {
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        arguments.SetInt("client", number);
        arguments.SetMaxSendMessageSize(-1);
        m_stub = std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
    }
    bool send(const std::string& body, const std::function<void()>& meanwhile) override {
        const grpc::Slice slice(body.data(), body.size(), grpc::Slice::STATIC_SLICE);
        const grpc::ByteBuffer request(&slice, 1);
        grpc::ByteBuffer answer;
        grpc::ClientContext context;
        auto call = m_stub->PrepareUnaryCall(&context, "/opentelemetry.proto.collector.trace.v1.TraceService/Export", request, &m_queue);
        call->StartCall();
        grpc::Status status;
        call->Finish(&answer, &status, this);
        meanwhile();
        void* tag = nullptr;
        bool ok = false;
        m_queue.Next(&tag, &ok);
        if (!status.ok()) std::fprintf(stderr, "%s\n", status.error_message().c_str());
        return status.ok();
    }

private:
    std::unique_ptr<grpc::GenericStub> m_stub;
    grpc::CompletionQueue m_queue;
};

class HttpClient final : public Client {
public:
    explicit HttpClient(const std::string& address) : m_socket(socket(AF_INET, SOCK_STREAM, 0)) {
        const auto colon = address.rfind(':');
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address.c_str() + colon + 1)));
        to.sin_addr.s_addr = inet_addr(address.substr(0, colon).c_str());
        const int one = 1;
        setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (connect(m_socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) std::perror("connect");
    }
    ~HttpClient() override { close(m_socket); }
    bool send(const std::string& body, const std::function<void()>& meanwhile) override {
        const std::string head = "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
        std::size_t sent = 0;
        while (sent < head.size() + body.size()) {
            iovec parts[2];
            int count = 0;
            if (sent < head.size()) parts[count++] = {const_cast<char*>(head.data()) + sent, head.size() - sent};
            const std::size_t ofBody = sent > head.size() ? sent - head.size() : 0;
            parts[count++] = {const_cast<char*>(body.data()) + ofBody, body.size() - ofBody};
            const auto n = writev(m_socket, parts, count);
            if (n <= 0) return false;
            sent += static_cast<std::size_t>(n);
        }
        meanwhile();
        std::string answer;
        for (;;) {
            char part[4096];
            const auto n = recv(m_socket, part, sizeof part, 0);
            if (n <= 0) return false;
            answer.append(part, static_cast<std::size_t>(n));
            const auto end = answer.find("\r\n\r\n");
            if (end == std::string::npos) continue;
            std::size_t length = 0;
            std::string lower = answer.substr(0, end);
            std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            if (const auto at = lower.find("content-length:"); at != std::string::npos) length = std::strtoull(lower.c_str() + at + 15, nullptr, 10);
            if (answer.size() >= end + 4 + length) return answer.compare(9, 3, "200") == 0;
        }
    }

private:
    int m_socket;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) {
        std::fprintf(stderr, "usage: otlp_load grpc|http HOST:PORT FILE CLIENTS SECONDS [SPANS-PER-SECOND]\n");
        return 2;
    }
    const bool overGrpc = std::strcmp(argv[1], "grpc") == 0;
    const std::string address = argv[2];
    const int clients = std::atoi(argv[4]);
    const double seconds = std::atof(argv[5]), rate = argc > 6 ? std::atof(argv[6]) : 0;
    const auto requests = readRequests(argv[3]);
    if (requests.empty() || clients < 1) return 2;

    std::atomic<std::uint64_t> spans{0}, bytes{0}, refused{0}, offered{0};
    std::mutex mutex;
    std::vector<double> took;
    std::atomic<bool> measuring{false}, going{true};
    const auto begin = Clock::now();
    const auto run = [&](int number) {
        std::unique_ptr<Client> client;
        if (overGrpc) client = std::make_unique<GrpcClient>(address, number);
        else client = std::make_unique<HttpClient>(address);
        // Together the clients send from as much memory as those of the programs that measure the floor.
        std::vector<Request> own;
        for (auto i = static_cast<std::size_t>(number) % requests.size(); i < requests.size(); i += static_cast<std::size_t>(clients)) own.push_back(requests[i]);
        const auto prepare = [&](std::size_t i) { renew(own[i % own.size()], i * 64 + static_cast<std::uint64_t>(number)); };
        const bool ahead = own.size() > 1;  // else the next request is the one on its way
        std::vector<double> times;
        std::uint64_t sent = 0;
        if (ahead) prepare(0);
        for (std::size_t i = 0; going; ++i) {
            Request& request = own[i % own.size()];
            if (rate > 0) {
                const double due = static_cast<double>(sent) / (rate / clients);
                while (going && secondsSince(begin) < due) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            if (!ahead) prepare(i);
            const auto& body = request.bytes;
            sent += request.spans;
            const auto from = Clock::now();
            const bool good = client->send(body, [&] {
                if (ahead) prepare(i + 1);
            });
            if (!measuring) continue;
            times.push_back(secondsSince(from) * 1000);
            offered += request.spans;
            if (good) {
                spans += request.spans;
                bytes += body.size();
            } else ++refused;
        }
        const std::lock_guard lock(mutex);
        took.insert(took.end(), times.begin(), times.end());
    };
    std::vector<std::jthread> threads;
    for (int i = 0; i < clients; ++i) threads.emplace_back(run, i);
    if (rate <= 0) std::this_thread::sleep_for(std::chrono::milliseconds(700));
    measuring = true;
    const auto from = Clock::now();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    const double elapsed = secondsSince(from);
    const std::uint64_t counted = spans, countedBytes = bytes;
    going = false;
    threads.clear();
    std::sort(took.begin(), took.end());
    const auto quantile = [&](double q) { return took.empty() ? 0 : took[std::min(took.size() - 1, static_cast<std::size_t>(q * static_cast<double>(took.size())))]; };
    std::printf("{\"spans\":%llu,\"acknowledged\":%llu,\"offered\":%llu,\"refused\":%llu,\"seconds\":%.3f,\"mspans_per_s\":%.4f,\"mb_per_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}\n",
                static_cast<unsigned long long>(counted), static_cast<unsigned long long>(spans.load()), static_cast<unsigned long long>(offered.load()), static_cast<unsigned long long>(refused.load()), elapsed,
                static_cast<double>(counted) / 1e6 / elapsed, static_cast<double>(countedBytes) / 1e6 / elapsed, quantile(0.5), quantile(0.99), took.empty() ? 0 : took.back());
    return refused == 0 ? 0 : 1;
}
