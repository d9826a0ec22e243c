// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <span>

#include "model/core/arena.h"
#include "model/core/large_memory.h"
#include "model/core/pages.h"
#include "model/store/attribute_table.h"
#include "model/store/batch.h"
#include "model/store/packed_column.h"
#include "model/store/string_pool.h"

namespace spanreel::store {

/// Rows of a segment, 16 Ki: what is being filled (3 MB with ten attributes a span) and packed then is still near the processor.
constexpr std::uint32_t kRowBits = 14, kSegmentRows = 1u << kRowBits;
/// A segment ends before its last row where the events, links and attributes of its rows take more than this many bytes: what is
/// being filled cannot go to disk. An ordinary segment's take 1 to 4 MB.
constexpr std::size_t kMostBesideRows = 16u << 20;
/// A row of spans or logs: number of its segment, then its index in the segment.
using RowId = std::uint32_t;
constexpr RowId kNoRow = 0xFFFFFFFFu;
constexpr RowId rowId(std::uint32_t segment, std::uint32_t index) { return segment << kRowBits | index; }
constexpr std::uint32_t segmentOf(RowId row) { return row >> kRowBits; }
constexpr std::uint32_t indexIn(RowId row) { return row & (kSegmentRows - 1); }

struct StoredEvent {
    std::uint64_t timeNs;
    std::uint64_t name;  ///< StringId
    StoredAttributes attributes;
    std::uint32_t droppedAttributes;
    StringId unknown;
};
struct StoredLink {
    TraceId traceId;
    SpanId spanId;
    StoredAttributes attributes;
    StringId traceState;
    std::uint32_t droppedAttributes;
    std::uint32_t flags;
    StringId unknown;
};
/// What most spans do not have.
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
    static constexpr std::size_t kFields = 9;  ///< StringIds and numbers
    bool operator==(const SpanExtra&) const = default;
};
struct LogExtra {
    StringId eventName = 0;
    std::uint32_t droppedAttributes = 0;
    std::uint32_t flags = 0;
    StringId unknown = 0;
    StringId originalTraceId = 0;
    StringId originalSpanId = 0;
    static constexpr std::size_t kFields = 6;
    bool operator==(const LogExtra&) const = default;
};

/// The fields of an extra, all of them 32 bits wide.
template <class Extra>
std::array<std::uint32_t, Extra::kFields> fieldsOf(const Extra& extra) {
    return std::bit_cast<std::array<std::uint32_t, Extra::kFields>>(extra);
}

/// The columns of spans that every row has. `duration` is end - start modulo 2^64, so the end comes back whatever came.
struct SpanColumns {
    PackedColumn trace;  ///< index into the trace table
    PackedColumn spanId, parentId, startNs;
    SplitColumn duration;
    PackedColumn name, resource, scope, service, kind, status, flags, marks, source;
    PackedColumn previousInTrace;  ///< rows back to the trace's row before, 0 = none
};
struct LogColumns {
    PackedColumn trace;  ///< kNone = no usable trace id
    PackedColumn spanId, timeNs, observedNs;
    PackedColumn severity, severityText, bodyType, body, resource, scope, service, marks, source;
    PackedColumn previousInTrace;
};

/// Rows of a sealed segment that hang on some of its spans or logs: `row` is ascending.
template <class Extra>
struct PackedExtras {
    std::uint32_t count = 0;
    PackedColumn row;
    PackedColumn fields[Extra::kFields];
};
struct PackedEvents {
    std::uint32_t count = 0;
    PackedColumn row, time, name, droppedAttributes, unknown;  ///< time counts from the span's start, modulo 2^64
    PackedAttributes attributes;
};
struct PackedLinks {
    std::uint32_t count = 0;
    PackedColumn row, traceHigh, traceLow, spanId, traceState, droppedAttributes, flags, unknown;
    PackedAttributes attributes;
};

/// Arrays of an open segment: room for every row is reserved, and memory is touched only as rows come.
template <class T>
class Column {
public:
    Column() : m_data(makeLargeArray<T>(kSegmentRows, false)) {}
    T& operator[](std::uint32_t i) { return m_data[i]; }
    const T& operator[](std::uint32_t i) const { return m_data[i]; }
    [[nodiscard]] const T* data() const { return m_data.get(); }
    [[nodiscard]] PackedColumn packed() const { return PackedColumn::over(m_data.get()); }
    /// Gives memory of the rows from `row` on back.
    void trim(std::uint32_t row) { forget(m_data.get() + row, (kSegmentRows - row) * sizeof(T)); }

private:
    LargeArray<T> m_data;
};

/// What most spans of an open segment have none of.
struct SpanSide {
    std::span<const StoredEvent> events;
    std::span<const StoredLink> links;
    const SpanExtra* extra = nullptr;  ///< null = all defaults
};

/// What the writer fills of an open segment of spans. Cells and side rows live in the arena.
struct OpenSpans {
    Column<std::uint32_t> trace;
    Column<std::uint64_t> spanId, parentId, startNs, duration;
    Column<std::uint64_t> name;  ///< StringId; wide, as it may be resolved late
    Column<std::uint32_t> resource, scope, service, source;
    Column<std::int32_t> kind, status;
    Column<std::uint32_t> flags;
    Column<std::uint16_t> marks;
    Column<std::uint32_t> previousInTrace;
    Column<StoredAttributes> attributes;
    Column<const SpanSide*> sides;  ///< null = nothing of it
    Arena arena{16 * 1024};
    static constexpr std::size_t kRowBytes = 102;  ///< of the columns
    [[nodiscard]] const SpanSide& side(std::uint32_t row) const {
        static constexpr SpanSide none;
        return sides[row] ? *sides[row] : none;
    }
    [[nodiscard]] const SpanExtra* extra(std::uint32_t row) const { return side(row).extra; }
    /// Gives memory that an earlier segment used, and rows from `row` on do not yet, back. Writer only.
    void trim(std::uint32_t row);
};
struct OpenLogs {
    Column<std::uint32_t> trace;
    Column<std::uint64_t> spanId, timeNs, observedNs;
    Column<std::int32_t> severity;
    Column<StringId> severityText;
    Column<std::uint8_t> bodyType;
    Column<std::uint64_t> body;  ///< bits, or the id of its text among the bodies
    Column<std::uint32_t> resource, scope, service, source;
    Column<std::uint16_t> marks;
    Column<std::uint32_t> previousInTrace;
    Column<StoredAttributes> attributes;
    Column<const LogExtra*> extras;  ///< null = all defaults
    Arena arena{16 * 1024};
    static constexpr std::size_t kRowBytes = 91;  ///< of the columns
    [[nodiscard]] const LogExtra* extra(std::uint32_t row) const { return extras[row]; }
    void trim(std::uint32_t row);
};

/// Memory of segments that were packed, kept for those to come: to get it anew from the kernel costs as much as to fill it.
/// Segments go when their last snapshot does, on any thread; so nothing here locks.
template <class Open>
class SpareMemory {
public:
    SpareMemory() = default;
    SpareMemory(const SpareMemory&) = delete;
    SpareMemory& operator=(const SpareMemory&) = delete;
    ~SpareMemory() { clear(); }

    [[nodiscard]] std::unique_ptr<Open> take() {
        for (auto& place : m_places)
            if (Open* const kept = place.exchange(nullptr)) return std::unique_ptr<Open>(kept);
        return std::make_unique<Open>();
    }
    void give(std::unique_ptr<Open> open) {
        if (open->arena.bytesReserved() > 2 * kMostBesideRows) return;  // of a single huge record: too much to keep
        open->arena.clear();
        for (auto& place : m_places) {
            Open* none = nullptr;
            if (!place.compare_exchange_strong(none, open.get())) continue;
            static_cast<void>(open.release());
            return;
        }
    }
    void clear() {
        for (auto& place : m_places) delete place.exchange(nullptr);
    }
    /// Of what is kept. Only for whoever takes: others may give meanwhile.
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = 0;
        for (const auto& place : m_places)
            if (const Open* const kept = place.load()) sum += kSegmentRows * Open::kRowBytes + kept->arena.bytesReserved();
        return sum;
    }

private:
    std::array<std::atomic<Open*>, 2> m_places{};
};

/// What packing needs beside the segment, kept from one segment to the next.
struct SealScratch {
    BlockPacker block;
    AttributePacker::Scratch attributes;
    [[nodiscard]] std::size_t bytes() const { return block.bytes() + attributes.bytes(); }
};

/// `kSegmentRows` spans in columns, or fewer (`kMostBesideRows`). Open: the one writer appends and publishes `rows` (release); rows never move or change.
/// A full segment is sealed: a packed copy takes its place in later snapshots and never changes. Both are read through
/// the same columns. Readers look only at rows below the count their snapshot took.
struct SpanSegment {
    explicit SpanSegment(std::uint32_t number) : index(number) {}
    ~SpanSegment() {
        if (open && spare) spare->give(std::move(open));
    }
    SpanSegment(const SpanSegment&) = delete;
    SpanSegment& operator=(const SpanSegment&) = delete;
    /// An open segment.
    static std::shared_ptr<SpanSegment> makeOpen(std::uint32_t number, std::shared_ptr<SpareMemory<OpenSpans>> spare);
    /// A packed copy of a full segment. O(rows); any thread.
    static std::shared_ptr<const SpanSegment> seal(const SpanSegment& full, const AttributeTable& table, SealScratch& scratch);

    const std::uint32_t index;  ///< number of this segment in the store
    std::atomic<std::uint32_t> rows{0};
    SpanColumns columns;

    std::shared_ptr<SpareMemory<OpenSpans>> spare;  ///< where the open columns go to
    std::unique_ptr<OpenSpans> open;  ///< null when sealed
    PackedAttributes attributes;      ///< from here on only when sealed
    PackedEvents events;
    PackedLinks links;
    PackedExtras<SpanExtra> extras;
    Pages block;  ///< a file may come to stand behind it

    /// Of memory, but for the block. Open: as filled so far, for the writer.
    [[nodiscard]] std::size_t bytes() const;
};

/// Log records in columns; same rules as SpanSegment.
struct LogSegment {
    explicit LogSegment(std::uint32_t number) : index(number) {}
    ~LogSegment() {
        if (open && spare) spare->give(std::move(open));
    }
    LogSegment(const LogSegment&) = delete;
    LogSegment& operator=(const LogSegment&) = delete;
    static std::shared_ptr<LogSegment> makeOpen(std::uint32_t number, std::shared_ptr<SpareMemory<OpenLogs>> spare);
    static std::shared_ptr<const LogSegment> seal(const LogSegment& full, const AttributeTable& table, SealScratch& scratch);

    const std::uint32_t index;
    std::atomic<std::uint32_t> rows{0};
    LogColumns columns;

    std::shared_ptr<SpareMemory<OpenLogs>> spare;  ///< where the open columns go to
    std::unique_ptr<OpenLogs> open;
    PackedAttributes attributes;
    PackedExtras<LogExtra> extras;
    Pages block;

    [[nodiscard]] std::size_t bytes() const;
};

}  // namespace spanreel::store
