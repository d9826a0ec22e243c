// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace spanreel::ingest {

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
