// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "model/core/problem.h"
#include "model/store/batch.h"

namespace spanreel::ingest {

/// OTLP's three signals, each with a request message and a path of its own.
enum class Signal : std::uint8_t { Traces, Logs, Metrics };

/// One OTLP request, decoded. `warnings` holds at most kMaxWarnings samples; the counters are exact.
/// An *item* is a span, a log record or a Metric object. `items` counts those kept in `batch`, `rejected` those lost,
/// `warned` those kept with at least one repair (<= items).
struct DecodedRequest {
    static constexpr std::size_t kMaxWarnings = 100;

    store::Batch batch;
    std::vector<Problem> warnings;  ///< repairs; byte places count from the start of the request's body
    std::vector<Problem> losses;    ///< why items were rejected, same limit
    std::uint64_t items = 0;
    std::uint64_t rejected = 0;
    std::uint64_t warned = 0;

    /// Notes a repair, up to the limit of samples.
    void warn(ProblemCode code, std::string detail, std::int64_t byte) {
        if (warnings.size() < kMaxWarnings) warnings.push_back({code, std::move(detail), {{}, byte, -1}});
    }
    /// Counts a lost item and notes why, up to the limit of samples.
    void reject(ProblemCode code, std::string detail, std::int64_t byte) {
        ++rejected;
        if (losses.size() < kMaxWarnings) losses.push_back({code, std::move(detail), {{}, byte, -1}});
    }
};

}  // namespace spanreel::ingest
