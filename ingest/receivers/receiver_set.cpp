// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/receiver_set.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>

#include "ingest/receivers/grpc_receiver.h"
#include "ingest/receivers/http_receiver.h"
#include "ingest/receivers/listen_address.h"
#include "model/journal/journal_series.h"

namespace spanreel::ingest {
namespace {

/// Memory for HTTP requests that are still on their way in, and for all that wait to be decoded: a part of the budget for records,
/// within these. The least takes a request of any size.
constexpr std::size_t kLeastBytes = 128u << 20, kMostOnTheWay = 512u << 20, kMostWaiting = 256u << 20;

std::size_t partOf(const store::TraceStore& store, std::size_t most) {
    const std::uint64_t budget = store.memory().budget;
    return budget ? static_cast<std::size_t>(std::clamp<std::uint64_t>(budget / 4, kLeastBytes, most)) : most;
}
constexpr std::size_t kMaxRefusals = 50;

/// Requests that wait for a durable journal share one sync, so many may wait; else as many as can work, and one that waits
/// for the disk.
std::size_t poolThreads(const journal::JournalSeries* journal) {
    return std::max<std::size_t>(journal && journal->durable() ? 32 : 2, std::thread::hardware_concurrency() + 1);
}

const char* titleOf(Protocol protocol) { return protocol == Protocol::Grpc ? "OTLP/gRPC" : "OTLP/HTTP"; }

}  // namespace

struct ReceiverSet::Private {
    Private(store::TraceStore& s, journal::JournalSeries* journal)
        : store(s), endpoint(s, journal), pool(poolThreads(journal), partOf(s, kMostWaiting)) {
        for (std::size_t i = 0; i < 2; ++i) {
            origins[i].journalSource = static_cast<std::uint32_t>(i);
            origins[i].health = &healths[i];
        }
        makePolicy();
    }

    void makePolicy() { policy = std::make_shared<const OriginPolicy>(hosts, allowedOrigins); }
    std::shared_ptr<const OriginPolicy> currentPolicy() {
        const std::lock_guard lock(policyMutex);
        return policy;
    }
    void noteRefusal(bool isOrigin, std::string value);
    void startOne(Protocol protocol, const ListenAt& at, std::uint16_t otherPort, StartResult& result);

    store::TraceStore& store;
    std::array<ReceiverHealth, 2> healths;
    std::array<OtlpEndpoint::Origin, 2> origins;
    OtlpEndpoint endpoint;
    DecodePool pool;  ///< after the endpoint: its threads end first

    std::mutex policyMutex;  ///< held for a copy only
    std::shared_ptr<const OriginPolicy> policy;
    std::vector<std::string> hosts, allowedOrigins;
    std::vector<Refusal> refusals;

    mutable std::mutex stateMutex;  ///< of `addresses`
    std::array<std::vector<std::string>, 2> addresses;
    std::mutex startMutex;  ///< serialises start and stop; guards what follows
    std::array<std::string, 2> sourceAddresses;
    std::unique_ptr<GrpcReceiver> grpc;
    std::unique_ptr<HttpReceiver> http;
};

void ReceiverSet::Private::noteRefusal(bool isOrigin, std::string value) {
    value.resize(std::min<std::size_t>(value.size(), 300));
    const std::lock_guard lock(policyMutex);
    for (auto& refusal : refusals) {
        if (refusal.isOrigin == isOrigin && refusal.value == value) {
            ++refusal.count;
            return;
        }
    }
    if (refusals.size() == kMaxRefusals) refusals.erase(refusals.begin());
    refusals.push_back({isOrigin, std::move(value), 1});
}

/// `otherPort` = the one the other receiver wants: never offered to this one.
void ReceiverSet::Private::startOne(Protocol protocol, const ListenAt& at, std::uint16_t otherPort, StartResult& result) {
    const auto index = static_cast<std::size_t>(protocol);
    auto ips = resolveListenHost(at.host);
    if (!ips) {
        result.problems.push_back(ips.error());
        return;
    }
    Error last;
    for (int attempt = 0; attempt < 5; ++attempt) {
        const std::uint16_t port = at.port != 0 ? at.port : findFreePort(*ips);
        std::string blocked = ListenAddress{ips->front(), port}.text();
        if (const int error = probePort(*ips, port, &blocked); error != 0 || port == 0) {
            if (at.port == 0) continue;
            if (error == EADDRINUSE) {
                std::vector<std::uint16_t> spoken{otherPort};
                for (const auto& conflict : result.conflicts) spoken.push_back(conflict.nextFreePort);
                result.conflicts.push_back({protocol, blocked, portHolder(port), findFreePort(*ips, port, spoken)});
            }
            else result.problems.push_back({ProblemCode::CannotOpen, blocked + ": " + std::strerror(error), {}});
            return;
        }
        std::vector<std::string> texts;
        for (const auto& ip : *ips) texts.push_back(ListenAddress{ip, port}.text());
        auto& origin = origins[index];
        if (sourceAddresses[index] != texts.front()) {  // a new address is a new source
            sourceAddresses[index] = texts.front();
            origin.report = {};
            origin.report.format = protocol == Protocol::Grpc ? "otlp-grpc" : "otlp-http";
            origin.source = store.addSource(store::SourceKind::Receiver, std::string(titleOf(protocol)) + " " + texts.front());
        }
        store.updateSource(origin.source, origin.report, false);
        Result<void> started;
        if (protocol == Protocol::Grpc) {
            grpc = std::make_unique<GrpcReceiver>(endpoint, pool, origin);
            started = grpc->start(texts);
            if (!started) grpc.reset();
        } else {
            HttpLimits limits;
            limits.bodyBytes = partOf(store, kMostOnTheWay);
            http = std::make_unique<HttpReceiver>(
                endpoint, pool, origin, [this] { return currentPolicy(); }, [this](bool isOrigin, std::string value) { noteRefusal(isOrigin, std::move(value)); }, limits);
            started = http->start(*ips, port);
            if (!started) http.reset();
        }
        if (started) {
            const std::lock_guard lock(stateMutex);
            addresses[index] = texts;
            return;
        }
        last = started.error();
        if (at.port != 0) break;
    }
    result.problems.push_back(last.code == ProblemCode::None ? Error{ProblemCode::CannotOpen, std::string(titleOf(protocol)) + ": no free port", {}} : last);
}

ReceiverSet::ReceiverSet(store::TraceStore& store, journal::JournalSeries* journal) : m_p(std::make_unique<Private>(store, journal)) {}

ReceiverSet::~ReceiverSet() { stop(); }

void ReceiverSet::setJournal(journal::JournalSeries& journal) { m_p->endpoint.setJournal(journal); }

StartResult ReceiverSet::start(const ReceiverConfig& config) {
    const std::lock_guard lock(m_p->startMutex);
    {
        const std::lock_guard policyLock(m_p->policyMutex);
        const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
            for (const auto& text : from)
                if (std::ranges::find(to, text) == to.end()) to.push_back(text);
        };
        add(m_p->hosts, config.allowedHosts);
        add(m_p->allowedOrigins, config.allowedOrigins);
        m_p->makePolicy();
    }
    StartResult result;
    if (config.grpc.enabled && !m_p->grpc) m_p->startOne(Protocol::Grpc, config.grpc, config.http.enabled ? config.http.port : 0, result);
    if (config.http.enabled && !m_p->http) m_p->startOne(Protocol::Http, config.http, config.grpc.enabled ? config.grpc.port : 0, result);
    result.grpc = addresses(Protocol::Grpc);
    result.http = addresses(Protocol::Http);
    return result;
}

void ReceiverSet::stop() {
    const std::lock_guard lock(m_p->startMutex);
    if (m_p->http) m_p->http->stop();
    if (m_p->grpc) m_p->grpc->stop();
    m_p->http.reset();
    m_p->grpc.reset();
    for (auto& origin : m_p->origins)
        if (!origin.report.format.empty()) m_p->endpoint.finishSource(origin);
    const std::lock_guard stateLock(m_p->stateMutex);
    for (auto& list : m_p->addresses) list.clear();
}

bool ReceiverSet::listening(Protocol protocol) const { return !addresses(protocol).empty(); }

std::vector<std::string> ReceiverSet::addresses(Protocol protocol) const {
    const std::lock_guard lock(m_p->stateMutex);
    return m_p->addresses[static_cast<std::size_t>(protocol)];
}

const ReceiverHealth& ReceiverSet::health(Protocol protocol) const { return m_p->healths[static_cast<std::size_t>(protocol)]; }

std::vector<Refusal> ReceiverSet::refusals() const {
    const std::lock_guard lock(m_p->policyMutex);
    return m_p->refusals;
}

void ReceiverSet::allowOrigin(const std::string& origin) {
    const std::lock_guard lock(m_p->policyMutex);
    m_p->allowedOrigins.push_back(origin);
    m_p->makePolicy();
    std::erase_if(m_p->refusals, [&](const Refusal& r) { return r.isOrigin && r.value == origin; });
}

void ReceiverSet::allowHost(const std::string& host) {
    const std::lock_guard lock(m_p->policyMutex);
    m_p->hosts.push_back(host);
    m_p->makePolicy();
    std::erase_if(m_p->refusals, [&](const Refusal& r) { return !r.isOrigin && r.value == host; });
}

bool isBeyondLoopback(const ListenAt& at) {
    return !(at.host.empty() || at.host == "localhost" || at.host == "::1" || at.host == "[::1]" || at.host.starts_with("127."));
}

std::string endpointUrl(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace spanreel::ingest
