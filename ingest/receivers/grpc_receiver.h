// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/receivers/decode_pool.h"
#include "ingest/receivers/otlp_endpoint.h"
#include "model/core/result.h"

namespace spanreel::ingest {

/// OTLP/gRPC: the three collector services, taken as raw bytes. The library's threads only copy the bytes out; inflating
/// and decoding run in the pool. Compressed messages are not inflated by the library (its bound comes too late): one that
/// begins with gzip's magic, which no protobuf message can, is inflated by us within the bound. `endpoint`, `pool` and `origin` must
/// outlive `stop`.
class GrpcReceiver {
public:
    GrpcReceiver(OtlpEndpoint& endpoint, DecodePool& pool, OtlpEndpoint::Origin& origin);
    ~GrpcReceiver();
    GrpcReceiver(const GrpcReceiver&) = delete;
    GrpcReceiver& operator=(const GrpcReceiver&) = delete;

    /// Listens at all addresses ("127.0.0.1:4317", "[::1]:4317").
    [[nodiscard]] Result<void> start(const std::vector<std::string>& addresses);
    /// Ends listening, answers what has been taken in, joins. Blocks.
    void stop();

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::ingest
