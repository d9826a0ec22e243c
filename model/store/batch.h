// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/core/arena.h"
#include "model/core/ids.h"
#include "model/store/stored_attributes.h"
#include "model/store/value.h"

namespace spanreel::store {

struct PendingTexts;
struct KnownResource;

/// OTLP's numbers. Other numbers are legal input (open enums) and kept.
enum class SpanKind : std::int32_t { Unspecified = 0, Internal = 1, Server = 2, Client = 3, Producer = 4, Consumer = 5 };
enum class StatusCode : std::int32_t { Unset = 0, Ok = 1, Error = 2 };

/// What we did to or noticed on a record as it came in; one bit each.
enum RowMark : std::uint16_t {
    kMarkNone = 0,
    kMarkIdMadeByUs = 1 << 0,      ///< span id or trace id derived by us (not hex, shared halves)
    kMarkInvalidTraceId = 1 << 1,  ///< zero or absent: lives in a synthetic trace
    kMarkInvalidSpanId = 1 << 2,   ///< zero or absent: never joined, never a parent
    kMarkRepaired = 1 << 3,        ///< invalid UTF-8 or another repair
    kMarkIdFromText = 1 << 4,      ///< log: ids found in the body text
    kMarkRawLine = 1 << 5,         ///< log: a line that fits nothing, kept as text
};

/// An event on a span. `timeNs` since 1970 UTC.
struct EventRecord {
    std::uint64_t timeNs = 0;
    std::string_view name;
    AttributeSpan attributes;
    std::uint32_t droppedAttributes = 0;
    std::string_view unknown;  ///< unknown protobuf fields, as encoded
    FoundRecord found{};       ///< in batches read with a front, in place of name and attributes
    bool operator==(const EventRecord&) const;
};

struct LinkRecord {
    TraceId traceId;
    SpanId spanId;
    std::string_view traceState;
    AttributeSpan attributes;
    std::uint32_t droppedAttributes = 0;
    std::uint32_t flags = 0;
    std::string_view unknown;
    FoundRecord found{};  ///< in batches read with a front, in place of the attributes
    bool operator==(const LinkRecord&) const;
};

/// Who emitted: OTLP Resource with its envelope's schema URL. Equal content is interned to an equal id.
struct ResourceRecord {
    AttributeSpan attributes;
    std::uint32_t droppedAttributes = 0;
    std::string_view schemaUrl;
    std::string_view entityRefs;  ///< repeated EntityRef fields of Resource (number 3), encoded with their tags
    std::string_view unknown;     ///< other unknown fields of Resource, encoded with their tags
    std::uint32_t known = 0xFFFFFFFFu;       ///< in batches read with a front: its number in the store, in place of all else, where the front knew it
    std::shared_ptr<KnownResource> learn{};  ///< is told its number
};

struct ScopeRecord {
    std::string_view name;
    std::string_view version;
    AttributeSpan attributes;
    std::uint32_t droppedAttributes = 0;
    std::string_view schemaUrl;
    std::string_view unknown;
};

constexpr std::uint32_t kNone = 0xFFFFFFFFu;

/// What few spans have.
struct SpanRare {
    std::string_view traceState;
    std::string_view statusMessage;
    std::uint32_t droppedAttributes = 0;
    std::uint32_t droppedEvents = 0;
    std::uint32_t droppedLinks = 0;
    std::string_view unknown;          ///< unknown protobuf fields of Span, encoded with their tags
    std::string_view originalTraceId;  ///< only where the text was not the plain hex of the trace id
    std::string_view originalSpanId;   ///< the same of the span id
    std::string_view originalParentId;
    bool operator==(const SpanRare&) const = default;
};

/// One span as it came in, translated to OTLP's terms. All views live in the batch's arena or in bytes the batch keeps. Small:
/// a request of thousands is written by one thread and read by another.
struct SpanRecord {
    TraceId traceId;
    SpanId spanId;
    SpanId parentId;
    std::uint64_t startNs = 0;  ///< since 1970 UTC, as received
    std::uint64_t endNs = 0;    ///< may be before the start: kept and marked
    std::string_view name;
    std::int32_t kind = 0;
    std::int32_t status = 0;
    std::uint32_t flags = 0;
    std::uint16_t marks = kMarkNone;
    std::uint32_t resource = kNone;  ///< index into Batch::resources, kNone = none
    std::uint32_t scope = kNone;     ///< index into Batch::scopes, kNone = none
    AttributeSpan attributes;
    std::span<const EventRecord> events;
    std::span<const LinkRecord> links;
    SpanRare* rareOrNone = nullptr;  ///< in the batch's arena; copies of the record share it
    FoundRecord found;               ///< in batches read with a front, in place of name and attributes

    [[nodiscard]] const SpanRare& rare() const { return rareOrNone ? *rareOrNone : kNothingRare; }
    /// Sets what is rare; `arena` is the batch's.
    template <class T>
    void set(T SpanRare::*field, const std::type_identity_t<T>& value, Arena& arena) {
        if (!rareOrNone) {
            if (value == T{}) return;
            rareOrNone = new (arena.allocate(sizeof(SpanRare), alignof(SpanRare))) SpanRare;
        }
        rareOrNone->*field = value;
    }
    /// The same by `read`, which is given a place to put the value, as it was so far, and tells whether it has.
    template <class T, class Read>
    bool read(T SpanRare::*field, Arena& arena, Read read) {
        T value = rare().*field;
        if (!read(value)) return false;
        set(field, value, arena);
        return true;
    }

private:
    static constexpr SpanRare kNothingRare{};
};

/// One log record. `body` may be of any type.
struct LogRecordData {
    std::uint64_t timeNs = 0;
    std::uint64_t observedNs = 0;
    TraceId traceId;
    SpanId spanId;
    std::int32_t severity = 0;  ///< OTLP severity number, 0 = unspecified
    std::string_view severityText;
    Value body;
    AttributeSpan attributes;
    std::string_view eventName;
    std::uint32_t droppedAttributes = 0;
    std::uint32_t flags = 0;
    std::uint16_t marks = kMarkNone;
    std::uint32_t resource = kNone;
    std::uint32_t scope = kNone;
    std::string_view unknown;
    std::string_view originalTraceId;
    std::string_view originalSpanId;
    FoundRecord found;  ///< in batches read with a front, in place of the attributes and the body's text
};

enum class Encoding : std::uint8_t { Protobuf, Json };

/// A metrics request, kept as the bytes it came in until metrics have a model of their own.
struct MetricsRecord {
    Encoding encoding = Encoding::Protobuf;
    std::string bytes;             ///< a whole ExportMetricsServiceRequest
    std::uint64_t metricCount = 0; ///< Metric objects in it
};

/// One request or one chunk of a file, decoded. Moved, never shared. Records refer to memory in `arena`
/// or in `keep` (original bytes that views point into).
struct Batch {
    Batch() : arena(16 * 1024) {}
    Batch(Batch&&) = default;
    Batch& operator=(Batch&&) = default;

    Arena arena;
    std::vector<std::shared_ptr<const std::string>> keep;
    std::vector<ResourceRecord> resources;
    std::vector<ScopeRecord> scopes;
    std::vector<SpanRecord> spans;
    std::vector<LogRecordData> logs;
    std::vector<MetricsRecord> metrics;
    std::shared_ptr<PendingTexts> pending;  ///< set in batches read with a front: its spans and logs have `found`

    [[nodiscard]] bool empty() const { return spans.empty() && logs.empty() && metrics.empty(); }
    /// Forgets everything, and keeps the memory for what comes.
    void clear();
    /// Of memory, but for what it keeps of others. Never 0.
    [[nodiscard]] std::size_t bytes() const;
};

}  // namespace spanreel::store
