// SPDX-License-Identifier: GPL-3.0-or-later
// Many records with one span id are told apart by their content hashes: where those of other records were equal, each would be
// compared with all.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/analysis/counts.h"
#include "model/trace/trace.h"
#include "tests/unit/test_batch.h"

namespace spanreel {
namespace {

using store::Attribute;
using store::Value;

/// A span with something in every field, in lists that can be changed.
struct Record {
    std::vector<Attribute> attributes{{"a", Value::ofString("x")}, {"b", Value::ofInt(7)}};
    std::vector<Attribute> eventAttributes{{"e", Value::ofInt(1)}}, linkAttributes{{"l", Value::ofInt(1)}};
    std::vector<store::EventRecord> events{{70, "event", {}, 1, "eu"}, {80, "second", {}, 0, {}}};
    std::vector<store::LinkRecord> links{{{1, 2}, {3}, "ts", {}, 4, 5, "lu"}, {{4, 5}, {6}, {}, {}, 0, 0, {}}};
    store::SpanRare rare{"a=b", "bad", 1, 2, 3, "xx", "T", "S", "P"};
    store::SpanRecord span;

    Record() {
        span.traceId = {0, 1};
        span.spanId = {13};
        span.parentId = {14};
        span.startNs = test::TestBatch::kBase;
        span.endNs = test::TestBatch::kBase + 100;
        span.name = "name";
        span.kind = 2;
        span.status = 2;
        span.flags = 257;
        span.resource = span.scope = 0;
    }
};

/// What makes another record of one, each in another field.
const std::vector<std::pair<std::string, std::function<void(Record&)>>> kChanges{
    {"nothing", [](Record&) {}},
    {"parent", [](Record& r) { r.span.parentId = {15}; }},
    {"start", [](Record& r) { ++r.span.startNs; }},
    {"end", [](Record& r) { ++r.span.endNs; }},
    {"name", [](Record& r) { r.span.name = "other"; }},
    {"kind", [](Record& r) { r.span.kind = 3; }},
    {"status", [](Record& r) { r.span.status = 1; }},
    {"flags", [](Record& r) { ++r.span.flags; }},
    {"resource", [](Record& r) { r.span.resource = 1; }},
    {"no resource", [](Record& r) { r.span.resource = store::kNone; }},
    {"scope", [](Record& r) { r.span.scope = 1; }},
    {"no scope", [](Record& r) { r.span.scope = store::kNone; }},
    {"trace state", [](Record& r) { r.rare.traceState = "a=c"; }},
    {"status message", [](Record& r) { r.rare.statusMessage = "worse"; }},
    {"dropped attributes", [](Record& r) { ++r.rare.droppedAttributes; }},
    {"dropped events", [](Record& r) { ++r.rare.droppedEvents; }},
    {"dropped links", [](Record& r) { ++r.rare.droppedLinks; }},
    {"unknown", [](Record& r) { r.rare.unknown = "xy"; }},
    {"original trace", [](Record& r) { r.rare.originalTraceId = "U"; }},
    {"original span", [](Record& r) { r.rare.originalSpanId = "U"; }},
    {"original parent", [](Record& r) { r.rare.originalParentId = "U"; }},
    {"nothing rare", [](Record& r) { r.rare = {}; }},
    {"attribute's value", [](Record& r) { r.attributes[1].value = Value::ofInt(8); }},
    {"attribute's text", [](Record& r) { r.attributes[0].value = Value::ofString("y"); }},
    {"attribute's type", [](Record& r) { r.attributes[1].value = Value::ofBool(true); }},
    {"attribute's key", [](Record& r) { r.attributes[1].key = "c"; }},
    {"attributes' order", [](Record& r) { std::swap(r.attributes[0], r.attributes[1]); }},
    {"no attributes", [](Record& r) { r.attributes.clear(); }},
    {"event's time", [](Record& r) { ++r.events[0].timeNs; }},
    {"event's name", [](Record& r) { r.events[0].name = "evens"; }},
    {"event's dropped attributes", [](Record& r) { ++r.events[0].droppedAttributes; }},
    {"event's unknown", [](Record& r) { r.events[0].unknown = "ev"; }},
    {"event's attributes", [](Record& r) { r.eventAttributes[0].value = Value::ofInt(2); }},
    {"attribute of the other event", [](Record& r) { r.events[1].attributes = r.eventAttributes, r.eventAttributes.clear(); }},
    {"events' order", [](Record& r) { std::swap(r.events[0], r.events[1]); }},
    {"no events", [](Record& r) { r.events.clear(); }},
    {"link's trace", [](Record& r) { ++r.links[0].traceId.high; }},
    {"link's trace, lower half", [](Record& r) { ++r.links[0].traceId.low; }},
    {"link's span", [](Record& r) { ++r.links[0].spanId.value; }},
    {"link's trace state", [](Record& r) { r.links[0].traceState = "tt"; }},
    {"link's dropped attributes", [](Record& r) { ++r.links[0].droppedAttributes; }},
    {"link's flags", [](Record& r) { ++r.links[0].flags; }},
    {"link's unknown", [](Record& r) { r.links[0].unknown = "lv"; }},
    {"link's attributes", [](Record& r) { r.linkAttributes[0].value = Value::ofInt(2); }},
    {"links' order", [](Record& r) { std::swap(r.links[0], r.links[1]); }},
    {"no links", [](Record& r) { r.links.clear(); }},
    // Where one word after the other is multiplied by a number that is known, and shifted, the second takes back the first.
    {"highest bits of both times", [](Record& r) { r.span.startNs ^= 1ull << 63, r.span.endNs ^= 1ull << 63 | 1ull << 34; }},
    {"highest bits of a link's trace", [](Record& r) { r.links[0].traceId.high ^= 1ull << 63, r.links[0].traceId.low ^= 1ull << 63 | 1ull << 34; }},
};

/// One of every change, `times` each.
store::Batch changed(int times) {
    store::Batch out;
    for (const char* name : {"svc", "other"}) {
        const Attribute service[] = {{"service.name", Value::ofString(name)}};
        store::ResourceRecord resource;
        resource.attributes = out.arena.copy(store::AttributeSpan(service));
        out.resources.push_back(resource);
        store::ScopeRecord scope;
        scope.name = name;
        out.scopes.push_back(scope);
    }
    for (int i = 0; i < times; ++i)
        for (const auto& [name, change] : kChanges) {
            Record r;
            change(r);
            if (!r.events.empty() && !r.eventAttributes.empty()) r.events[0].attributes = out.arena.copy(store::AttributeSpan(r.eventAttributes));
            if (r.events.size() > 1) r.events[1].attributes = out.arena.copy(r.events[1].attributes);
            if (!r.links.empty()) r.links[0].attributes = out.arena.copy(store::AttributeSpan(r.linkAttributes));
            r.span.attributes = out.arena.copy(store::AttributeSpan(r.attributes));
            r.span.events = out.arena.copy(std::span<const store::EventRecord>(r.events));
            r.span.links = out.arena.copy(std::span<const store::LinkRecord>(r.links));
            r.span.rareOrNone = out.arena.array<store::SpanRare>(1).data();
            *r.span.rareOrNone = r.rare;
            out.spans.push_back(r.span);
        }
    return out;
}

/// Rows in a packed segment, among others of their shapes and alone with theirs, and in an open one.
class ContentHash : public ::testing::Test {
protected:
    void SetUp() override {
        const auto source = store.addSource(store::SourceKind::File, "test");
        store.append(changed(1), source);
        test::TestBatch rest;
        for (std::uint64_t i = kChanges.size(); i < store::kSegmentRows; ++i) rest.span({.trace = {0, 2}, .id = i});
        store.append(std::move(rest.batch), source);
        store.append(changed(kFilled), source);
        rest = {};
        for (std::uint64_t i = kFilled * kChanges.size(); i < store::kSegmentRows; ++i) rest.span({.trace = {0, 3}, .id = i});
        store.append(std::move(rest.batch), source);
        store.append(changed(1), source);
        store.waitSealed();
        snapshot = store.snapshot();
        ASSERT_EQ(snapshot->spanSegmentCount(), 3u);
        ASSERT_FALSE(snapshot->spanSegment(0).open);
        ASSERT_FALSE(snapshot->spanSegment(1).open);
        ASSERT_TRUE(snapshot->spanSegment(2).open);
        for (std::uint32_t change = 0; change < kChanges.size(); ++change) {
            auto& rows = copies.emplace_back();
            rows.push_back(store::rowId(0, change));
            for (std::uint32_t i = 0; i < kFilled; ++i) rows.push_back(store::rowId(1, i * static_cast<std::uint32_t>(kChanges.size()) + change));
            rows.push_back(store::rowId(2, change));
        }
    }

    static constexpr int kFilled = 30;  ///< enough for groups of their own
    store::TraceStore store;
    store::SnapshotPtr snapshot;
    std::vector<std::vector<store::RowId>> copies;  ///< rows of each change
};

TEST_F(ContentHash, DiffersWithEveryField) {
    std::set<std::uint64_t> hashes;
    for (std::size_t i = 0; i < kChanges.size(); ++i) {
        const auto s = snapshot->span(copies[i][0]);
        EXPECT_TRUE(i == 0 || !s.sameRecord(snapshot->span(copies[0][0]))) << kChanges[i].first << " is no change";
        EXPECT_TRUE(hashes.insert(s.contentHash()).second) << kChanges[i].first << " makes no other hash";
    }
}

TEST_F(ContentHash, IsTheSameHoweverARecordIsStored) {
    for (std::size_t i = 0; i < kChanges.size(); ++i) {
        const auto first = snapshot->span(copies[i][0]);
        for (const store::RowId row : copies[i]) {
            ASSERT_TRUE(first.sameRecord(snapshot->span(row))) << kChanges[i].first << ", row " << row;
            ASSERT_EQ(first.contentHash(), snapshot->span(row).contentHash()) << kChanges[i].first << ", row " << row;
        }
    }
}

TEST_F(ContentHash, FindsTheCopiesOfEveryRecord) {
    const auto trace = trace::Trace::assemble(snapshot, {0, 1});
    ASSERT_TRUE(trace);
    EXPECT_EQ((*trace)->nodes().size(), kChanges.size());
    for (const auto& node : (*trace)->nodes()) EXPECT_EQ(node.copies, kFilled + 2u);
    EXPECT_EQ((*trace)->duplicateCount(), kChanges.size() * (kFilled + 1));
    EXPECT_EQ(analysis::countSession(snapshot).duplicates, (*trace)->duplicateCount());
}

}  // namespace
}  // namespace spanreel
