// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "model/core/arena.h"
#include "model/store/batch.h"
#include "model/store/string_pool.h"

namespace spanreel::store {

/// A row of spans or logs: segment << 16 | index in the segment.
using RowId = std::uint32_t;
constexpr RowId kNoRow = 0xFFFFFFFFu;
constexpr std::uint32_t kSegmentRows = 65536;

/// An attribute as stored: 16 bytes. `bits` is the value, or the StringId of text, bytes or encoded values.
struct StoredAttribute {
    StringId key;
    ValueType type;
    std::uint64_t bits;
};
struct StoredAttributes {
    const StoredAttribute* data = nullptr;
    std::uint32_t count = 0;
};
struct StoredEvent {
    std::uint64_t timeNs;
    StringId name;
    std::uint32_t droppedAttributes;
    StoredAttributes attributes;
    StringId unknown;
};
struct StoredLink {
    TraceId traceId;
    SpanId spanId;
    StringId traceState;
    std::uint32_t droppedAttributes;
    std::uint32_t flags;
    StoredAttributes attributes;
    StringId unknown;
};
/// What most spans do not have; one pointer a row.
struct SpanExtra {
    StringId traceState = 0;
    StringId statusMessage = 0;
    std::uint32_t droppedAttributes = 0;
    std::uint32_t droppedEvents = 0;
    std::uint32_t droppedLinks = 0;
    StringId unknown = 0;
    StringId originalTraceId = 0;
    StringId originalSpanId = 0;
    StringId originalParentId = 0;
};
struct LogExtra {
    StringId eventName = 0;
    std::uint32_t droppedAttributes = 0;
    std::uint32_t flags = 0;
    StringId unknown = 0;
    StringId originalTraceId = 0;
    StringId originalSpanId = 0;
};

/// A column of one segment: room for every row is reserved, and memory is touched only as rows come.
template <class T>
class Column {
public:
    Column() : m_data(std::make_unique_for_overwrite<T[]>(kSegmentRows)) {}
    T& operator[](std::uint32_t i) { return m_data[i]; }
    const T& operator[](std::uint32_t i) const { return m_data[i]; }
    [[nodiscard]] const T* data() const { return m_data.get(); }

private:
    std::unique_ptr<T[]> m_data;
};

/// 64 Ki spans in columns. Open: the one writer appends and publishes `rows` (release); rows never move or change.
/// Sealed when full. Readers look only at rows below the count their snapshot took.
struct SpanSegment {
    explicit SpanSegment(std::uint32_t number) : index(number) {}
    const std::uint32_t index;  ///< number of this segment in the store
    std::atomic<std::uint32_t> rows{0};

    Column<std::uint32_t> trace;  ///< index into the trace table
    Column<std::uint64_t> spanId;
    Column<std::uint64_t> parentId;
    Column<std::uint64_t> startNs;
    Column<std::uint64_t> endNs;
    Column<StringId> name;
    Column<std::uint32_t> resource;
    Column<std::uint32_t> scope;
    Column<std::uint32_t> service;
    Column<std::int32_t> kind;
    Column<std::int32_t> status;
    Column<std::uint32_t> flags;
    Column<std::uint16_t> marks;
    Column<std::uint16_t> source;
    Column<RowId> previousInTrace;
    Column<StoredAttributes> attributes;
    Column<std::uint32_t> eventCount;
    Column<const StoredEvent*> events;
    Column<std::uint32_t> linkCount;
    Column<const StoredLink*> links;
    Column<const SpanExtra*> extra;  ///< null = all defaults

    Arena arena{16 * 1024};
};

/// 64 Ki log records in columns; same rules as SpanSegment.
struct LogSegment {
    explicit LogSegment(std::uint32_t number) : index(number) {}
    const std::uint32_t index;
    std::atomic<std::uint32_t> rows{0};

    Column<std::uint32_t> trace;  ///< index into the trace table, kNone = no usable trace id
    Column<std::uint64_t> spanId;
    Column<std::uint64_t> timeNs;
    Column<std::uint64_t> observedNs;
    Column<std::int32_t> severity;
    Column<StringId> severityText;
    Column<StoredAttribute> body;  ///< key unused
    Column<std::uint32_t> resource;
    Column<std::uint32_t> scope;
    Column<std::uint32_t> service;
    Column<std::uint16_t> marks;
    Column<std::uint16_t> source;
    Column<RowId> previousInTrace;
    Column<StoredAttributes> attributes;
    Column<const LogExtra*> extra;

    Arena arena{16 * 1024};
};

}  // namespace spanreel::store
