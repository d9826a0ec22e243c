// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/json/json_value.h"
#include "ingest/otlp/otlp_types.h"
#include "model/core/result.h"

namespace spanreel::store {
class AttributeFront;
}

namespace spanreel::ingest {

/// Decodes the body of one Export…ServiceRequest in JSON, as a receiver does: a malformed body (bad JSON, text behind the
/// document, nesting, a value of the wrong type in a known field) is an Error with the byte offset of the fault and
/// nothing is kept. The batch keeps `body`: text points into it where it needs no change. Any thread. O(bytes).
/// With a front, names and attributes of spans and logs are looked up on the way: their records have `found`, and the batch
/// is for the front's session only.
[[nodiscard]] Result<DecodedRequest> decodeOtlpJson(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front = nullptr);

/// The same by the tolerant reader alone, which says what every input means: what the fast one is compared with.
[[nodiscard]] Result<DecodedRequest> decodeOtlpJsonTolerantly(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front = nullptr);

}  // namespace spanreel::ingest
