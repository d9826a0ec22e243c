// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "ingest/otlp/otlp_types.h"

namespace spanreel::ingest {

/// Judges which signal an Export…ServiceRequest carries by its first records: the three messages are built alike and say
/// it nowhere. Nothing where the records do not tell (none, or all empty).
[[nodiscard]] std::optional<Signal> judgeOtlpSignal(std::string_view request);

/// How a file holds its requests.
enum class ProtoFraming {
    None,      ///< one request (or several, one after the other, which protobuf reads as one)
    Length32,  ///< before each its length in 4 bytes, big-endian: the Collector's file exporter
    Varint,    ///< before each its length as a varint: protobuf's delimited streams
};

/// How much the first bytes of an input look like OTLP in protobuf.
struct ProtoShape {
    ProtoFraming framing = ProtoFraming::None;
    int score = 0;  ///< 0..100
};
[[nodiscard]] ProtoShape judgeProtoShape(std::string_view head, bool wholeInput);

}  // namespace spanreel::ingest
