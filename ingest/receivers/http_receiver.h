// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/receivers/decode_pool.h"
#include "ingest/receivers/origin_policy.h"
#include "ingest/receivers/otlp_endpoint.h"
#include "model/core/result.h"

namespace spanreel::ingest {

/// How long and how much an HTTP connection may take. The defaults are what is shipped; tests shorten them.
struct HttpLimits {
    int headerSeconds = 10;
    int bodySeconds = 60;
    int idleSeconds = 60;
    int writeSeconds = 30;
    std::size_t connections = 256;
    std::uint32_t headerBytes = 64 * 1024;
    /// Of all bodies that are being read together.
    std::size_t bodyBytes = 512u * 1024 * 1024;
};

/// OTLP/HTTP: HTTP/1.x with /v1/traces, /v1/logs and /v1/metrics, as one thread with a coroutine a connection; decoding
/// runs in the pool. Construction starts nothing. `endpoint`, `pool` and `origin` must outlive `stop`.
class HttpReceiver {
public:
    using PolicySource = std::function<std::shared_ptr<const OriginPolicy>()>;
    /// Told about refusals: whether by Origin, and its value. Called on the receiver's thread.
    using RefusalSink = std::function<void(bool isOrigin, std::string value)>;

    HttpReceiver(OtlpEndpoint& endpoint, DecodePool& pool, OtlpEndpoint::Origin& origin, PolicySource policy, RefusalSink refused, HttpLimits limits = {});
    ~HttpReceiver();
    HttpReceiver(const HttpReceiver&) = delete;
    HttpReceiver& operator=(const HttpReceiver&) = delete;

    /// Listens on all of `ips` at `port` (not 0).
    [[nodiscard]] Result<void> start(const std::vector<std::string>& ips, std::uint16_t port);
    /// Ends listening, answers the requests whose bodies have been read, closes, joins. Blocks.
    void stop();

private:
    struct Private;
    std::shared_ptr<Private> m_p;
};

}  // namespace spanreel::ingest
