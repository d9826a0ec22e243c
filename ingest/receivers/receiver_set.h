// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/receivers/receiver_health.h"
#include "model/core/problem.h"
#include "model/store/trace_store.h"

namespace spanreel::journal {
class JournalSeries;
}

namespace spanreel::ingest {

enum class Protocol : std::uint8_t { Grpc, Http };

/// Where a receiver listens. An empty host (or "localhost") means 127.0.0.1 and ::1, on the same port; where the machine
/// has no IPv6, 127.0.0.1 alone. Port 0 = any free one.
struct ListenAt {
    bool enabled = true;
    std::string host;
    std::uint16_t port = 0;
};

struct ReceiverConfig {
    ListenAt grpc{true, {}, 4317};
    ListenAt http{true, {}, 4318};
    std::vector<std::string> allowedHosts;    ///< beside loopback names, IP literals and this machine's names
    std::vector<std::string> allowedOrigins;  ///< beside loopback ones: "https://app.example:8443"
};

/// A port somebody else holds, and what can be done about it.
struct PortConflict {
    Protocol protocol = Protocol::Grpc;
    std::string address;             ///< "127.0.0.1:4317"
    std::string holder;              ///< "otelcol (pid 1234)", empty where /proc does not tell
    /// Free on all wanted addresses a moment ago, and neither wanted by nor offered to the other receiver; 0 = none found.
    std::uint16_t nextFreePort = 0;
};

/// What `start` brought about. One receiver's conflict does not keep the other from starting.
struct StartResult {
    std::vector<std::string> grpc;  ///< "127.0.0.1:4317", "[::1]:4317"; empty = not listening
    std::vector<std::string> http;
    std::vector<PortConflict> conflicts;
    std::vector<Problem> problems;  ///< any other reason a receiver does not listen
    [[nodiscard]] bool ok() const { return conflicts.empty() && problems.empty(); }
};

/// A page or a Host name that was refused, to be shown and allowed by one click.
struct Refusal {
    bool isOrigin = false;  ///< else a Host name
    std::string value;
    std::uint64_t count = 0;
};

/// The OTLP receivers of a session: gRPC and HTTP, over one decoder, one journal and one store. `start` and `stop`
/// block (ports, threads joining): never on the GUI thread. The other functions are quick on any thread. `store` and `journal` must outlive `stop`. Destruction stops.
class ReceiverSet {
public:
    /// `journal` may be null: nothing received is then kept on disk.
    ReceiverSet(store::TraceStore& store, journal::JournalSeries* journal);
    ~ReceiverSet();
    ReceiverSet(const ReceiverSet&) = delete;
    ReceiverSet& operator=(const ReceiverSet&) = delete;

    /// A journal for a set that was made without one, from the next request on.
    void setJournal(journal::JournalSeries& journal);

    /// Starts the receivers that are wanted and not yet listening; call again to retry or to add one.
    StartResult start(const ReceiverConfig& config);
    /// Ends listening, answers what has been taken in, joins all threads. Sources in the store become finished.
    void stop();

    [[nodiscard]] bool listening(Protocol protocol) const;
    /// Addresses as in StartResult.
    [[nodiscard]] std::vector<std::string> addresses(Protocol protocol) const;
    /// Lives as long as the set; read without a lock.
    [[nodiscard]] const ReceiverHealth& health(Protocol protocol) const;

    /// Refused origins and hosts, newest last, at most 50.
    [[nodiscard]] std::vector<Refusal> refusals() const;
    /// Takes effect with the next request.
    void allowOrigin(const std::string& origin);
    void allowHost(const std::string& host);

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

/// True where other machines can reach that host: to be asked for by a switch, and shown.
[[nodiscard]] bool isBeyondLoopback(const ListenAt& at);

/// "http://127.0.0.1:4318": the value of OTEL_EXPORTER_OTLP_ENDPOINT for a receiver.
[[nodiscard]] std::string endpointUrl(std::uint16_t port);

}  // namespace spanreel::ingest
