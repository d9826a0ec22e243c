// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "model/query/scan.h"
#include "model/store/snapshot.h"

namespace spanreel::query {

/// What a span must be. Absent = anything. All conditions hold together.
struct SpanFilter {
    std::optional<store::ServiceId> service;
    std::optional<std::int64_t> longerThanNs;  ///< duration > this; a negative duration is an end before the start
    std::optional<std::int32_t> status;
    std::string nameContains;      ///< empty = any name
    bool nameIgnoresCase = false;  ///< of ASCII letters
    struct AttributeEquals {
        std::string key;
        store::Value value;
    };
    std::optional<AttributeEquals> attribute;  ///< some attribute with this key has this value, type included
};

/// Service with its spans' figures; durations in ns, negative ones count as they are.
struct ServiceFigures {
    store::ServiceId service = 0;
    std::uint64_t spans = 0;
    double meanNs = 0;
    std::int64_t p99Ns = 0;  ///< nearest rank: the smallest duration that 99 % of the spans do not exceed
};

/// Questions over all spans of a snapshot, answered column by column: O(rows) over a few bytes a row, segments shared
/// among the machine's cores. Every answer equals the one a plain loop over SpanView gives. Any thread but the GUI's. A
/// stopped question gives what it has.
class SpanQuery {
public:
    explicit SpanQuery(store::SnapshotPtr snapshot, std::stop_token stop = {}, unsigned threads = 0);

    [[nodiscard]] std::uint64_t count(const SpanFilter& filter) const;
    /// Rows in order of arrival.
    [[nodiscard]] std::vector<store::RowId> rows(const SpanFilter& filter) const;
    /// The `most` longest, longest first; equal ones by arrival.
    [[nodiscard]] std::vector<store::RowId> longest(const SpanFilter& filter, std::size_t most) const;
    /// By service id; services without spans are left out.
    [[nodiscard]] std::vector<ServiceFigures> byService() const;
    /// Spans by start: bucket i counts starts within [fromNs + i * widthNs, fromNs + (i + 1) * widthNs). Others do not count.
    [[nodiscard]] std::vector<std::uint64_t> histogram(const SpanFilter& filter, std::uint64_t fromNs, std::uint64_t widthNs, std::size_t buckets) const;

private:
    struct Prepared;
    [[nodiscard]] Prepared prepare(const SpanFilter& filter) const;
    bool mask(const Prepared& filter, std::size_t segment, RowMask& out) const;
    [[nodiscard]] std::int64_t durationOf(std::size_t segment, std::uint32_t row) const;
    void keepAttribute(const Prepared& filter, std::size_t segment, RowMask& out) const;
    template <class F>
    void forEachSegment(F&& visit) const;

    store::SnapshotPtr m_snapshot;
    std::stop_token m_stop;
    unsigned m_threads;
};

}  // namespace spanreel::query
