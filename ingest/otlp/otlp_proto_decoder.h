// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/otlp/otlp_types.h"
#include "model/core/result.h"

namespace spanreel::store {
class AttributeFront;
}

namespace spanreel::ingest {

/// Decodes the body of one Export…ServiceRequest in protobuf. The batch keeps `body`: text points into it, only
/// repaired text is copied. A malformed body is an Error (BadProtobuf or Nesting) with the byte offset of the fault and
/// nothing is kept. Any thread; no recursion over the depth of values. O(bytes).
/// With a front, names and attributes of spans and logs are looked up on the way: their records have `found`, and the batch
/// is for the front's session only.
/// The memory of the records is bounded by the size of the body: beyond that the error is Limit.
[[nodiscard]] Result<DecodedRequest> decodeOtlpProtobuf(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front = nullptr);
/// The same of a part of a body that is a request of its own, with a bound in bytes. Places count from the beginning of `body`.
[[nodiscard]] Result<DecodedRequest> decodeOtlpProtobufWithin(std::size_t memory, Signal signal, std::shared_ptr<const std::string> body, std::string_view part, store::AttributeFront* front);

/// Memory that the records of a request of so many bytes may take where it is received: a few bytes are enough for one.
[[nodiscard]] constexpr std::size_t otlpProtobufMemory(std::size_t bodyBytes) { return bodyBytes * 8 + (std::size_t{4} << 20); }

/// For files: as above, but a fault inside whole lengths costs only what it lies in: the record, or all of its scope or
/// resource where it is theirs; it is told among the losses of `request`. An envelope that is broken keeps the records before
/// its fault. What nothing could be read behind is told in `fault` (its code is None where there was none): the request itself
/// broken or cut short, or want of memory.
struct PartialRequest {
    DecodedRequest request;
    Error fault;
};
[[nodiscard]] PartialRequest decodeOtlpProtobufPartly(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front = nullptr);

}  // namespace spanreel::ingest
