// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/shared_ids.h"

#include <algorithm>
#include <string>

#include <absl/container/flat_hash_map.h>

namespace spanreel::ingest {
namespace {

using store::SpanKind;
using store::SpanRare;
using store::SpanRecord;

struct Key {
    TraceId trace;
    SpanId span;
    bool operator==(const Key&) const = default;
    template <class H>
    friend H AbslHashValue(H h, const Key& key) { return H::combine(std::move(h), key.trace.high, key.trace.low, key.span.value); }
};

bool isServerHalf(const SpanRecord& span, const HeldSpan& held) {
    if (span.kind == static_cast<std::int32_t>(SpanKind::Server)) return true;
    return held.shared && span.kind != static_cast<std::int32_t>(SpanKind::Client);
}

/// One id and those who have it: chained through `next`, the newest first.
struct Group {
    std::uint32_t last = store::kNone;
    bool server = false, client = false;
};

struct ServerHalf {
    std::string_view service;
    SpanId id;
};

}  // namespace

std::vector<std::uint32_t> splitSharedIds(std::vector<store::Batch>& batches, const std::vector<HeldSpan>& spans) {
    const auto record = [&](const HeldSpan& held) -> SpanRecord& { return batches[held.batch].spans[held.index]; };
    absl::flat_hash_map<Key, Group> groups;
    groups.reserve(spans.size());
    std::vector<std::uint32_t> next(spans.size(), store::kNone);
    for (std::uint32_t i = 0; i < spans.size(); ++i) {
        const SpanRecord& span = record(spans[i]);
        if (!span.traceId.isValid() || !span.spanId.isValid()) continue;
        Group& group = groups[{span.traceId, span.spanId}];
        next[i] = group.last;
        group.last = i;
        if (isServerHalf(span, spans[i])) group.server = true;
        else if (span.kind == static_cast<std::int32_t>(SpanKind::Client)) group.client = true;
    }
    absl::flat_hash_map<Key, std::vector<ServerHalf>> split;
    for (const auto& [key, group] : groups) {
        if (!group.server || !group.client) continue;
        auto& halves = split[key];
        for (std::uint32_t i = group.last; i != store::kNone; i = next[i]) {
            if (!isServerHalf(record(spans[i]), spans[i])) continue;
            const auto same = [&](const ServerHalf& half) { return half.service == spans[i].service; };
            if (std::any_of(halves.begin(), halves.end(), same)) continue;
            std::string seed = key.span.toHex() + " server half of " + key.trace.toHex() + " in ";
            seed.append(spans[i].service);
            halves.push_back({spans[i].service, SpanId::fromText(seed)});
        }
        std::sort(halves.begin(), halves.end(), [](const ServerHalf& a, const ServerHalf& b) { return a.service < b.service; });
    }
    std::vector<std::uint32_t> given;
    if (split.empty()) return given;
    for (std::uint32_t s = 0; s < spans.size(); ++s) {
        const HeldSpan& held = spans[s];
        SpanRecord& span = record(held);
        Arena& arena = batches[held.batch].arena;
        const SpanId ownId = span.spanId;
        if (const auto own = split.find({span.traceId, ownId}); own != split.end() && isServerHalf(span, held)) {
            const auto half = std::find_if(own->second.begin(), own->second.end(), [&](const ServerHalf& h) { return h.service == held.service; });
            if (half == own->second.end()) continue;
            if (span.rare().originalSpanId.empty()) span.set(&SpanRare::originalSpanId, arena.copy(std::string_view(ownId.toHex())), arena);
            if (span.rare().originalParentId.empty() && span.parentId.isValid()) span.set(&SpanRare::originalParentId, arena.copy(std::string_view(span.parentId.toHex())), arena);
            span.spanId = half->id;
            span.parentId = ownId;
            span.marks |= store::kMarkIdMadeByUs;
            given.push_back(s);
            continue;
        }
        if (!span.parentId.isValid() || span.parentId == ownId) continue;
        const auto parent = split.find({span.traceId, span.parentId});
        if (parent == split.end()) continue;
        // The half of its own service: a server half where one fits, the client half where only that fits, else the first server half.
        const auto half = std::find_if(parent->second.begin(), parent->second.end(), [&](const ServerHalf& h) { return h.service == held.service; });
        bool onClient = false;
        if (half == parent->second.end()) {
            const auto group = groups.find({span.traceId, span.parentId});
            for (std::uint32_t i = group->second.last; i != store::kNone && !onClient; i = next[i])
                onClient = record(spans[i]).kind == static_cast<std::int32_t>(SpanKind::Client) && spans[i].service == held.service;
        }
        if (onClient) continue;
        if (span.rare().originalParentId.empty()) span.set(&SpanRare::originalParentId, arena.copy(std::string_view(span.parentId.toHex())), arena);
        span.parentId = half == parent->second.end() ? parent->second.front().id : half->id;
    }
    return given;
}

namespace detail {

LongTraceIds::LongTraceIds(const std::vector<store::Batch>& batches, const std::vector<HeldSpan>& spans) {
    for (const auto& held : spans) {
        const TraceId id = batches[held.batch].spans[held.index].traceId;
        if (id.high != 0 && (m_ids.empty() || m_ids.back() != id)) m_ids.push_back(id);
    }
    std::sort(m_ids.begin(), m_ids.end(), [](const TraceId& a, const TraceId& b) { return a.low != b.low ? a.low < b.low : a.high < b.high; });
    m_ids.erase(std::unique(m_ids.begin(), m_ids.end()), m_ids.end());
}

/// The 128-bit id, null where there is none.
const TraceId* LongTraceIds::find(const TraceId& half) const {
    if (half.high != 0) return nullptr;
    const auto found = std::lower_bound(m_ids.begin(), m_ids.end(), half.low, [](const TraceId& a, std::uint64_t low) { return a.low < low; });
    return found != m_ids.end() && isHalfOf(half, *found) ? &*found : nullptr;
}

bool LongTraceIds::join(store::Batch& batch, SpanRecord& span) const {
    bool joined = false;
    if (std::any_of(span.links.begin(), span.links.end(), [&](const store::LinkRecord& link) { return find(link.traceId); })) {
        const auto links = batch.arena.array<store::LinkRecord>(span.links.size());
        std::copy(span.links.begin(), span.links.end(), links.begin());
        for (auto& link : links)
            if (const TraceId* const whole = find(link.traceId)) link.traceId = *whole;
        span.links = links;
        span.marks |= store::kMarkRepaired;
        joined = true;
    }
    const TraceId* const found = find(span.traceId);
    if (!found) return joined;
    if (span.rare().originalTraceId.empty()) span.set(&SpanRare::originalTraceId, batch.arena.copy(std::string_view(span.traceId.toHex()).substr(16)), batch.arena);
    span.traceId = *found;
    span.marks |= store::kMarkRepaired;
    return true;
}

}  // namespace detail
}  // namespace spanreel::ingest
