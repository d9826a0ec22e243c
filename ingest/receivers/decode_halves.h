// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "ingest/otlp/otlp_types.h"

namespace spanreel::store {
class TraceStore;
}

namespace spanreel::ingest {

class DecodePool;

/// A request whose second half lies in a batch of its own, which belongs behind the first one; places in problems count from the
/// beginning of the whole.
struct DecodedHalves {
    DecodedRequest request;  ///< counts and problems are of both
    store::Batch rest;
};

/// Decodes a large request in protobuf on this thread and one of the pool's. Nothing where it is not worth it, where it cannot be
/// cut in the middle, and where it is not sound or takes more than `memory` bytes: whoever decodes it as a whole says why.
/// Any thread; never waits for a job that has not begun. Throws std::bad_alloc.
[[nodiscard]] std::optional<DecodedHalves> decodeHalves(Signal signal, const std::shared_ptr<const std::string>& body, std::size_t memory, store::TraceStore& store, DecodePool& pool);

}  // namespace spanreel::ingest
