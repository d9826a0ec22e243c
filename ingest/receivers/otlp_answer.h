// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/otlp/otlp_types.h"
#include "model/core/problem.h"

namespace spanreel::ingest {

/// What became of an export request; the transports put it into their own words.
struct ExportAnswer {
    enum class Kind : std::uint8_t {
        Ok,         ///< all kept; a message is a warning (partial success with nothing rejected)
        Malformed,  ///< never retry
        TooLarge,   ///< never retry
        Overloaded, ///< come back after `retryAfterSeconds`
        Failed,     ///< a defect of ours
    };
    Kind kind = Kind::Ok;
    std::uint64_t rejected = 0;  ///< with Ok: items that were not kept
    std::string message;         ///< English, plain text, at most a few KiB
    int retryAfterSeconds = 0;
};

/// google.rpc.Code numbers, which OTLP uses in Status and gRPC as its status.
enum RpcCode : int { kRpcInvalidArgument = 3, kRpcDeadlineExceeded = 4, kRpcNotFound = 5, kRpcPermissionDenied = 7, kRpcResourceExhausted = 8, kRpcUnimplemented = 12, kRpcInternal = 13, kRpcUnavailable = 14 };

/// The body of an Export…ServiceResponse. Empty (or "{}") on full success: partial_success is then unset.
[[nodiscard]] std::string encodeResponse(Signal signal, store::Encoding encoding, const ExportAnswer& answer);

/// A google.rpc.Status; `retryAfterSeconds` > 0 adds a RetryInfo.
[[nodiscard]] std::string encodeStatus(store::Encoding encoding, int code, std::string_view message, int retryAfterSeconds = 0);

/// A problem as the sender reads it: English, with the byte where known.
[[nodiscard]] std::string protocolText(const Problem& problem);

}  // namespace spanreel::ingest
