// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/metrics_schema.h"

namespace spanreel::otlp {
namespace {

using K = FieldKind;
using M = MetricsMessage;
constexpr bool kMany = true, kOne = false;

constexpr MetricsField sub(std::uint32_t number, std::string_view name, M message, bool repeated = kOne, bool presence = false) {
    return {number, name, K::Message, repeated, message, presence};
}
constexpr MetricsField optional(std::uint32_t number, std::string_view name, K kind) { return {number, name, kind, kOne, M::Count, true}; }

constexpr MetricsField kRequest[] = {sub(1, "resourceMetrics", M::ResourceMetrics, kMany)};
constexpr MetricsField kResourceMetrics[] = {sub(1, "resource", M::Resource), sub(2, "scopeMetrics", M::ScopeMetrics, kMany), {3, "schemaUrl", K::String}};
constexpr MetricsField kScopeMetrics[] = {sub(1, "scope", M::Scope), sub(2, "metrics", M::Metric, kMany), {3, "schemaUrl", K::String}};
constexpr MetricsField kResource[] = {sub(1, "attributes", M::KeyValue, kMany), {2, "droppedAttributesCount", K::Uint32}, sub(3, "entityRefs", M::EntityRef, kMany)};
constexpr MetricsField kScope[] = {{1, "name", K::String}, {2, "version", K::String}, sub(3, "attributes", M::KeyValue, kMany), {4, "droppedAttributesCount", K::Uint32}};
constexpr MetricsField kEntityRef[] = {{1, "schemaUrl", K::String}, {2, "type", K::String}, {3, "idKeys", K::String, kMany}, {4, "descriptionKeys", K::String, kMany}};
constexpr MetricsField kKeyValue[] = {{1, "key", K::String}, sub(2, "value", M::AnyValue)};
constexpr MetricsField kAnyValue[] = {optional(1, "stringValue", K::String), optional(2, "boolValue", K::Bool), optional(3, "intValue", K::Int64),
                                      optional(4, "doubleValue", K::Double), sub(5, "arrayValue", M::ArrayValue), sub(6, "kvlistValue", M::KeyValueList),
                                      optional(7, "bytesValue", K::Bytes)};
constexpr MetricsField kArrayValue[] = {sub(1, "values", M::AnyValue, kMany)};
constexpr MetricsField kKeyValueList[] = {sub(1, "values", M::KeyValue, kMany)};
constexpr MetricsField kMetric[] = {{1, "name", K::String}, {2, "description", K::String}, {3, "unit", K::String}, sub(5, "gauge", M::Gauge), sub(7, "sum", M::Sum),
                                    sub(9, "histogram", M::Histogram), sub(10, "exponentialHistogram", M::ExponentialHistogram), sub(11, "summary", M::Summary),
                                    sub(12, "metadata", M::KeyValue, kMany)};
constexpr MetricsField kGauge[] = {sub(1, "dataPoints", M::NumberDataPoint, kMany)};
constexpr MetricsField kSum[] = {sub(1, "dataPoints", M::NumberDataPoint, kMany), {2, "aggregationTemporality", K::Enum}, {3, "isMonotonic", K::Bool}};
constexpr MetricsField kHistogram[] = {sub(1, "dataPoints", M::HistogramDataPoint, kMany), {2, "aggregationTemporality", K::Enum}};
constexpr MetricsField kExponential[] = {sub(1, "dataPoints", M::ExponentialHistogramDataPoint, kMany), {2, "aggregationTemporality", K::Enum}};
constexpr MetricsField kSummary[] = {sub(1, "dataPoints", M::SummaryDataPoint, kMany)};
constexpr MetricsField kNumberPoint[] = {{2, "startTimeUnixNano", K::Fixed64}, {3, "timeUnixNano", K::Fixed64}, optional(4, "asDouble", K::Double),
                                         sub(5, "exemplars", M::Exemplar, kMany), optional(6, "asInt", K::Sfixed64), sub(7, "attributes", M::KeyValue, kMany),
                                         {8, "flags", K::Uint32}};
constexpr MetricsField kHistogramPoint[] = {{2, "startTimeUnixNano", K::Fixed64}, {3, "timeUnixNano", K::Fixed64}, {4, "count", K::Fixed64}, optional(5, "sum", K::Double),
                                            {6, "bucketCounts", K::Fixed64, kMany}, {7, "explicitBounds", K::Double, kMany}, sub(8, "exemplars", M::Exemplar, kMany),
                                            sub(9, "attributes", M::KeyValue, kMany), {10, "flags", K::Uint32}, optional(11, "min", K::Double), optional(12, "max", K::Double)};
constexpr MetricsField kExponentialPoint[] = {sub(1, "attributes", M::KeyValue, kMany), {2, "startTimeUnixNano", K::Fixed64}, {3, "timeUnixNano", K::Fixed64},
                                              {4, "count", K::Fixed64}, optional(5, "sum", K::Double), {6, "scale", K::Sint32}, {7, "zeroCount", K::Fixed64},
                                              sub(8, "positive", M::Buckets), sub(9, "negative", M::Buckets), {10, "flags", K::Uint32},
                                              sub(11, "exemplars", M::Exemplar, kMany), optional(12, "min", K::Double), optional(13, "max", K::Double),
                                              {14, "zeroThreshold", K::Double}};
constexpr MetricsField kBuckets[] = {{1, "offset", K::Sint32}, {2, "bucketCounts", K::Uint64, kMany}};
constexpr MetricsField kSummaryPoint[] = {{2, "startTimeUnixNano", K::Fixed64}, {3, "timeUnixNano", K::Fixed64}, {4, "count", K::Fixed64}, {5, "sum", K::Double},
                                          sub(6, "quantileValues", M::ValueAtQuantile, kMany), sub(7, "attributes", M::KeyValue, kMany), {8, "flags", K::Uint32}};
constexpr MetricsField kQuantile[] = {{1, "quantile", K::Double}, {2, "value", K::Double}};
constexpr MetricsField kExemplar[] = {{2, "timeUnixNano", K::Fixed64}, optional(3, "asDouble", K::Double), {4, "spanId", K::Id}, {5, "traceId", K::Id},
                                      optional(6, "asInt", K::Sfixed64), sub(7, "filteredAttributes", M::KeyValue, kMany)};

}  // namespace

std::uint32_t wireTypeOf(FieldKind kind) {
    switch (kind) {
        case K::Message:
        case K::String:
        case K::Bytes:
        case K::Id: return 2;
        case K::Fixed64:
        case K::Sfixed64:
        case K::Double: return 1;
        default: return 0;
    }
}

std::span<const MetricsField> metricsFields(MetricsMessage message) {
    switch (message) {
        case M::Request: return kRequest;
        case M::ResourceMetrics: return kResourceMetrics;
        case M::ScopeMetrics: return kScopeMetrics;
        case M::Resource: return kResource;
        case M::Scope: return kScope;
        case M::EntityRef: return kEntityRef;
        case M::KeyValue: return kKeyValue;
        case M::AnyValue: return kAnyValue;
        case M::ArrayValue: return kArrayValue;
        case M::KeyValueList: return kKeyValueList;
        case M::Metric: return kMetric;
        case M::Gauge: return kGauge;
        case M::Sum: return kSum;
        case M::Histogram: return kHistogram;
        case M::ExponentialHistogram: return kExponential;
        case M::Summary: return kSummary;
        case M::NumberDataPoint: return kNumberPoint;
        case M::HistogramDataPoint: return kHistogramPoint;
        case M::ExponentialHistogramDataPoint: return kExponentialPoint;
        case M::Buckets: return kBuckets;
        case M::SummaryDataPoint: return kSummaryPoint;
        case M::ValueAtQuantile: return kQuantile;
        case M::Exemplar: return kExemplar;
        case M::Count: break;
    }
    return {};
}

const MetricsField* findMetricsField(MetricsMessage message, std::uint32_t number) {
    for (const MetricsField& field : metricsFields(message))
        if (field.number == number) return &field;
    return nullptr;
}

const MetricsField* findMetricsField(MetricsMessage message, std::string_view jsonName) {
    for (const MetricsField& field : metricsFields(message))
        if (field.jsonName == jsonName) return &field;
    return nullptr;
}

}  // namespace spanreel::otlp
