// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace spanreel::otlp {

/// The messages an ExportMetricsServiceRequest is made of.
enum class MetricsMessage : std::uint8_t {
    Request, ResourceMetrics, ScopeMetrics, Resource, Scope, EntityRef, KeyValue, AnyValue, ArrayValue, KeyValueList,
    Metric, Gauge, Sum, Histogram, ExponentialHistogram, Summary,
    NumberDataPoint, HistogramDataPoint, ExponentialHistogramDataPoint, Buckets, SummaryDataPoint, ValueAtQuantile, Exemplar,
    Count
};

/// How a field is encoded, in protobuf and in OTLP's JSON.
enum class FieldKind : std::uint8_t {
    Message,
    String,
    Bytes,     ///< base64 in JSON
    Id,        ///< bytes, hex in JSON
    Bool,
    Enum,      ///< varint; a number in JSON
    Uint32,    ///< varint; a number
    Uint64,    ///< varint; a string
    Int64,     ///< varint; a string
    Sint32,    ///< zigzag varint; a number
    Fixed64,   ///< a string
    Sfixed64,  ///< a string
    Double,
};

struct MetricsField {
    std::uint32_t number;
    std::string_view jsonName;
    FieldKind kind;
    bool repeated = false;
    MetricsMessage message = MetricsMessage::Count;  ///< of FieldKind::Message
    bool presence = false;                           ///< optional or in a oneof: a default value is written too
};

/// The wire type a field of this kind has (2 for messages, text, bytes; repeated numbers are packed as 2 or come singly).
[[nodiscard]] std::uint32_t wireTypeOf(FieldKind kind);

/// Fields of a message, in ascending order of number.
[[nodiscard]] std::span<const MetricsField> metricsFields(MetricsMessage message);
/// The field with this number, null where there is none.
[[nodiscard]] const MetricsField* findMetricsField(MetricsMessage message, std::uint32_t number);
/// The field with this JSON name, null where there is none.
[[nodiscard]] const MetricsField* findMetricsField(MetricsMessage message, std::string_view jsonName);

}  // namespace spanreel::otlp
