// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/grpc_receiver.h"

#include <grpc/impl/codegen/grpc_types.h>
#include <grpc/support/log.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/byte_buffer.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <new>
#include <string_view>
#include <thread>

#include "opentelemetry/proto/collector/logs/v1/logs_service.grpc.pb.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.grpc.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"

#include "model/journal/journal_format.h"

namespace spanreel::ingest {
namespace {

namespace collector = opentelemetry::proto::collector;

/// Bytes for what is still on its way in, whatever the budget: the library breaks calls off where there is not enough, and senders take
/// that for final.
constexpr std::size_t kMemory = std::size_t{512} << 20;
constexpr auto kLookEvery = std::chrono::seconds(1);  ///< at whether the library still listens

/// Connections that the library could not take; after one it takes none any more.
std::atomic<unsigned> g_untaken{0};

/// The library writes a line for each request with something unusual in it, and waits for whoever reads the error output. What concerns
/// a sender is answered; an assertion of the library that fails ends the program, and its words are the last.
void hear(gpr_log_func_args* line) {
    const std::string_view words(line->message);
    if (words.starts_with("Failed accept")) g_untaken.fetch_add(1, std::memory_order_relaxed);
    if (words.starts_with("assertion failed")) std::fprintf(stderr, "gRPC, %s:%d: %s\n", line->file, line->line, line->message);
}

/// Whether a few connections would find a descriptor.
bool hasDescriptors() {
    std::array<int, 16> some{};
    for (int& one : some) one = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (const int one : some)
        if (one >= 0) ::close(one);
    return some.back() >= 0;
}

struct Sinks {
    OtlpEndpoint& endpoint;
    DecodePool& pool;
    OtlpEndpoint::Origin& origin;
};

bool isGzip(const std::string& bytes) { return bytes.size() >= 2 && static_cast<unsigned char>(bytes[0]) == 0x1f && static_cast<unsigned char>(bytes[1]) == 0x8b; }

grpc::Status statusOf(const ExportAnswer& answer) {
    auto code = grpc::StatusCode::INTERNAL;
    switch (answer.kind) {
        case ExportAnswer::Kind::Ok: return grpc::Status::OK;
        case ExportAnswer::Kind::Malformed: code = grpc::StatusCode::INVALID_ARGUMENT; break;
        case ExportAnswer::Kind::TooLarge: code = grpc::StatusCode::RESOURCE_EXHAUSTED; break;
        case ExportAnswer::Kind::Overloaded: code = grpc::StatusCode::UNAVAILABLE; break;
        case ExportAnswer::Kind::Failed: break;
    }
    const auto message = answer.message.substr(0, 1024);
    return {code, message, encodeStatus(store::Encoding::Protobuf, code, message, answer.retryAfterSeconds)};
}

grpc::ByteBuffer toBuffer(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    return {&slice, 1};
}

/// Answers, or posts what will. Throws std::bad_alloc before either.
void take(Sinks& sinks, Signal signal, grpc::CallbackServerContext* context, grpc::ServerUnaryReactor* reactor, const grpc::ByteBuffer* message, grpc::ByteBuffer* response) {
    std::vector<grpc::Slice> slices;
    if (!message->Dump(&slices).ok()) {
        reactor->Finish({grpc::StatusCode::INTERNAL, "the message could not be read"});
        return;
    }
    auto bytes = sinks.pool.bodies().memory(message->Length());
    journal::RunningChecksum check;  // of each piece while it is in the processor's cache
    for (const auto& slice : slices) {
        const std::string_view piece(reinterpret_cast<const char*>(slice.begin()), slice.size());
        bytes.append(piece);
        check.add(piece);
    }
    slices.clear();
    OtlpEndpoint::Request request;
    request.signal = signal;
    request.body = sinks.pool.bodies().share(std::move(bytes));
    request.gzip = isGzip(*request.body);
    request.check = check.value();
    const auto size = request.body->size();
    *response = toBuffer({});  // now: what is recorded is answered so, where there is no memory for more
    const auto finish = [reactor, response, signal](const ExportAnswer& answer) {
        const bool ok = answer.kind == ExportAnswer::Kind::Ok;
        grpc::Status status(ok ? grpc::StatusCode::OK : grpc::StatusCode::UNAVAILABLE, {});
        try {
            if (ok) *response = toBuffer(encodeResponse(signal, store::Encoding::Protobuf, answer));
            status = statusOf(answer);
        } catch (const std::bad_alloc&) {
        }
        reactor->Finish(std::move(status));
    };
    if (sinks.endpoint.isBrief(request)) {
        finish(sinks.endpoint.handleBrief(request, sinks.origin, sinks.pool));
        return;
    }
    const bool taken = sinks.pool.post(size, [&sinks, context, reactor, finish, request = std::move(request)]() mutable {
        if (context->IsCancelled()) {  // nobody waits for the answer: as if it had never come
            reactor->Finish(grpc::Status::CANCELLED);
            return;
        }
        const auto answer = sinks.endpoint.handle(request, sinks.origin, sinks.pool);
        request.body.reset();
        finish(answer);
    });
    if (!taken) reactor->Finish(statusOf(OtlpEndpoint::overloaded(*sinks.origin.health)));
}

/// The service of one signal with its Export method taken raw.
template <class Service, Signal kSignal>
class RawService final : public Service::template WithRawCallbackMethod_Export<typename Service::Service> {
public:
    explicit RawService(Sinks& sinks) : m_sinks(sinks) {}
    grpc::ServerUnaryReactor* Export(grpc::CallbackServerContext* context, const grpc::ByteBuffer* message, grpc::ByteBuffer* response) override {
        auto* const reactor = context->DefaultReactor();  // a new one with each call
        try {
            take(m_sinks, kSignal, context, reactor, message, response);
        } catch (const std::bad_alloc&) {
            reactor->Finish(statusOf(OtlpEndpoint::overloaded(*m_sinks.origin.health)));
        }
        return reactor;
    }

private:
    Sinks& m_sinks;
};

}  // namespace

struct GrpcReceiver::Private {
    Private(OtlpEndpoint& endpoint, DecodePool& pool, OtlpEndpoint::Origin& origin) : sinks{endpoint, pool, origin} {}
    Sinks sinks;
    RawService<collector::trace::v1::TraceService, Signal::Traces> traces{sinks};
    RawService<collector::logs::v1::LogsService, Signal::Logs> logs{sinks};
    RawService<collector::metrics::v1::MetricsService, Signal::Metrics> metrics{sinks};
    std::unique_ptr<grpc::Server> server;
    std::vector<std::string> addresses;
    unsigned untaken = 0;  ///< of all of them, when it last began to listen
    std::jthread keeper;  ///< has the server while it runs

    Result<void> listen();
    void end();
    void keep(const std::stop_token& stop);
};

GrpcReceiver::GrpcReceiver(OtlpEndpoint& endpoint, DecodePool& pool, OtlpEndpoint::Origin& origin) : m_p(std::make_unique<Private>(endpoint, pool, origin)) {}

GrpcReceiver::~GrpcReceiver() { stop(); }

Result<void> GrpcReceiver::start(const std::vector<std::string>& addresses) {
    gpr_set_log_function(hear);
    m_p->addresses = addresses;
    auto listening = m_p->listen();
    if (listening) m_p->keeper = std::jthread([p = m_p.get()](const std::stop_token& stop) { p->keep(stop); });
    return listening;
}

Result<void> GrpcReceiver::Private::listen() {
    untaken = g_untaken.load(std::memory_order_relaxed);
    grpc::ServerBuilder builder;
    std::vector<int> ports(addresses.size(), 0);
    for (std::size_t i = 0; i < addresses.size(); ++i) builder.AddListeningPort(addresses[i], grpc::InsecureServerCredentials(), &ports[i]);
    grpc::ResourceQuota quota("receivers");
    quota.Resize(kMemory).SetMaxThreads(64);
    builder.SetResourceQuota(quota);
    builder.SetMaxReceiveMessageSize(static_cast<int>(OtlpEndpoint::kMaxRequest));
    builder.AddChannelArgument("grpc.per_message_decompression", 0);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);  // we inflate gzip only
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 100);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 64 * 1024);
    // Clients' keepalive pings, however frequent, must not cost them their connection.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 1000);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
    builder.RegisterService(&traces);
    builder.RegisterService(&logs);
    builder.RegisterService(&metrics);
    server = builder.BuildAndStart();
    if (!server) return fail(ProblemCode::CannotOpen, addresses.empty() ? "gRPC" : addresses.front());
    for (std::size_t i = 0; i < ports.size(); ++i) {
        if (ports[i] != 0) continue;
        end();
        return fail(ProblemCode::CannotOpen, addresses[i]);
    }
    return {};
}

void GrpcReceiver::Private::end() {
    if (!server) return;
    server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
    server->Wait();
    server.reset();
}

/// Listens anew where the library gave up: at the first connection that it could not take, for want of descriptors. Calls under way
/// are answered first.
void GrpcReceiver::Private::keep(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    auto& health = *sinks.origin.health;
    for (;;) {
        wake.wait_for(lock, stop, kLookEvery, [] { return false; });
        if (stop.stop_requested()) return;
        if (server && g_untaken.load(std::memory_order_relaxed) == untaken) continue;
        if (!hasDescriptors()) {
            health.lastError.set("too many open files: new connections are not taken");
            health.deaf.store(true, std::memory_order_relaxed);
            continue;
        }
        try {
            end();
            const auto listening = listen();
            if (!listening) health.lastError.set("cannot listen: " + listening.error().detail);
            health.deaf.store(!listening, std::memory_order_relaxed);
        } catch (const std::exception& error) {  // no memory, or no thread, for the moment
            health.lastError.set(std::string_view(error.what()));
            health.deaf.store(true, std::memory_order_relaxed);
        }
    }
}

void GrpcReceiver::stop() {
    m_p->keeper = {};
    m_p->end();
    m_p->sinks.origin.health->deaf.store(false, std::memory_order_relaxed);  // it need not listen
}

}  // namespace spanreel::ingest
