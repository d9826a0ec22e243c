// SPDX-License-Identifier: GPL-3.0-or-later
// A request read with a front and one read without give equal stores, warnings and faults.
#include <gtest/gtest.h>

#include <deque>

#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/otlp/encode_proto.h"
#include "model/store/attribute_front.h"
#include "model/store/trace_store.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/law.h"
#include "tests/unit/record_text.h"

namespace spanreel {
namespace {

using ingest::Signal;
using Body = std::shared_ptr<const std::string>;

/// A session read plainly, and the same one read with fronts, some batches of which are appended late.
class Both {
public:
    /// What differs in what the two told of a body, "" where nothing does.
    std::string read(Signal signal, const Body& body) {
        auto plain = ingest::decodeOtlpProtobufPartly(signal, body);
        auto found = ingest::decodeOtlpProtobufPartly(signal, body, m_fronted.lendFront().get());
        if (found.request.items != plain.request.items || found.request.warned != plain.request.warned) return "items differ";
        if (found.fault.code != plain.fault.code || found.fault.detail != plain.fault.detail || found.fault.place.byte != plain.fault.place.byte) return "faults differ";
        if (found.request.warnings.size() != plain.request.warnings.size()) return "numbers of warnings differ";
        for (std::size_t i = 0; i < plain.request.warnings.size(); ++i) {
            const auto &a = plain.request.warnings[i], &b = found.request.warnings[i];
            if (a.code != b.code || a.detail != b.detail || a.place.byte != b.place.byte) return "warnings differ: " + a.detail + " | " + b.detail;
        }
        m_plain.append(std::move(plain.request.batch), m_source);
        m_late.push_back(std::move(found.request.batch));
        return {};
    }
    /// Appends what waits, but for the newest `keep`.
    void append(std::size_t keep) {
        for (; m_late.size() > keep; m_late.pop_front()) m_fronted.append(std::move(m_late.front()), m_frontedSource);
    }
    std::string compare() {
        append(0);
        const auto a = m_plain.snapshot(), b = m_fronted.snapshot();
        std::vector<std::string> want, have;
        a->forEachSpan([&](const store::SpanView& s) { want.push_back(test::RecordText::of(s)); });
        b->forEachSpan([&](const store::SpanView& s) { have.push_back(test::RecordText::of(s)); });
        a->forEachLog([&](const store::LogView& l) { want.push_back(test::RecordText::of(l)); });
        b->forEachLog([&](const store::LogView& l) { have.push_back(test::RecordText::of(l)); });
        for (std::size_t i = 0; i < std::max(want.size(), have.size()); ++i) {
            if (i >= want.size() || i >= have.size()) return "numbers of records differ";
            if (want[i] != have[i]) return "record " + std::to_string(i) + " differs: " + escapeControls(want[i]) + "\n  is " + escapeControls(have[i]);
        }
        return {};
    }
    store::TraceStore& fronted() { return m_fronted; }

private:
    store::TraceStore m_plain, m_fronted;
    store::SourceId m_source = m_plain.addSource(store::SourceKind::Receiver, "plain"), m_frontedSource = m_fronted.addSource(store::SourceKind::Receiver, "fronted");
    std::deque<store::Batch> m_late;
};

Body encoded(store::Batch batch) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "law");
    store.append(std::move(batch), source);
    const auto snapshot = store.snapshot();
    otlp::ProtoEncoder encoder(*snapshot);
    snapshot->forEachSpan([&](const store::SpanView& span) { encoder.add(span); });
    snapshot->forEachLog([&](const store::LogView& log) { encoder.add(log); });
    return std::make_shared<const std::string>(encoder.finish());
}

void checkBoth(Signal signal, test::BatchShape shape) {
    test::checkLaw(
        [&](test::Draw& draw) {
            Both both;
            std::vector<Body> bodies;
            for (int round = 0; round < 8 && !draw.ended(); ++round) {
                // Senders repeat themselves, and some break off or send what is broken.
                if (bodies.empty() || draw.chance(60)) bodies.push_back(encoded(test::drawBatch(draw, shape)));
                std::string bytes = *bodies[draw.below(bodies.size())];
                if (!bytes.empty() && draw.chance(15)) bytes.resize(draw.below(bytes.size()));
                for (std::size_t n = draw.chance(25) ? 1 + draw.below(3) : 0; n-- > 0 && !bytes.empty();) bytes[draw.below(bytes.size())] = static_cast<char>(draw.byte());
                if (auto wrong = both.read(signal, std::make_shared<const std::string>(std::move(bytes))); !wrong.empty()) return wrong;
                both.append(draw.below(3));
            }
            return both.compare();
        },
        800, 3000);
}

TEST(AttributeFront, SpansAreAsWithoutOne) { checkBoth(Signal::Traces, {.spans = 6, .logs = 0, .wire = true}); }
TEST(AttributeFront, LogsAreAsWithoutOne) { checkBoth(Signal::Logs, {.spans = 0, .logs = 6, .wire = true}); }

/// Spans whose attributes come in any order, so many that the front's trie is full, and of values of every number of bytes
/// from few to very many different ones.
TEST(AttributeFront, HoldsWhereItsTrieAndItsCachesAreFull) {
    Both both;
    test::Draw draw(std::uint64_t{7});
    for (int request = 0; request < 30; ++request) {
        store::Batch batch;
        for (int i = 0; i < 150; ++i) {
            store::SpanRecord span;
            span.traceId = {1, 1 + draw.below(50)};
            span.spanId = {draw.bits() | 1};
            span.name = batch.arena.copy(std::string_view("name " + std::to_string(draw.below(2000))));
            std::vector<store::Attribute> list;
            for (std::size_t n = draw.below(i % 50 == 0 ? 600 : 12); n-- > 0;) {
                const std::size_t key = draw.below(40);
                const std::string text = std::string(draw.below(36), 'k') + std::to_string(draw.below(std::size_t{1} << draw.below(16)));
                list.push_back({batch.arena.copy(std::string_view(std::string(key, 'a') + std::to_string(key))),
                                key % 5 == 0 ? store::Value::ofInt(static_cast<std::int64_t>(draw.number())) : store::Value::ofString(batch.arena.copy(std::string_view(text)))});
            }
            span.attributes = batch.arena.copy(list);
            batch.spans.push_back(span);
        }
        ASSERT_EQ(both.read(Signal::Traces, encoded(std::move(batch))), "");
        both.append(static_cast<std::size_t>(request) % 3);
    }
    EXPECT_EQ(both.compare(), "");
}

/// Values, keys and lengths around 32 bytes, where texts are no longer compared in one go, and the end of the body.
TEST(AttributeFront, HoldsAtTheLengthsWhereComparingChanges) {
    Both both;
    for (int round = 0; round < 3; ++round) {
        for (std::size_t length = 0; length < 140; ++length) {
            store::Batch batch;
            store::SpanRecord span;
            span.traceId = {1, 1};
            span.spanId = {length + 1};
            const std::string a(length, 'a'), b = a + "b", other = length ? std::string(length - 1, 'a') + "\xC3\xBC" : "";
            std::vector<store::Attribute> list;
            for (const auto& key : {a, b})
                for (const auto& text : {a, b, other}) list.push_back({batch.arena.copy(std::string_view(key)), store::Value::ofString(batch.arena.copy(std::string_view(text)))});
            span.name = list.back().value.text;
            span.attributes = batch.arena.copy(list);
            batch.spans.push_back(span);
            ASSERT_EQ(both.read(Signal::Traces, encoded(std::move(batch))), "");
        }
        both.append(0);
    }
    EXPECT_EQ(both.compare(), "");
}

// The ids of a front are those of one session: what was read before it was cleared does not come into the next.
TEST(AttributeFront, WhatWasReadBeforeAClearIsNotAppendedAfterIt) {
    test::Draw draw(std::uint64_t{3});
    store::Batch batch;
    store::SpanRecord span;
    span.traceId = {1, 1};
    span.spanId = {1};
    span.name = "name";
    batch.spans.push_back(span);
    const Body body = encoded(std::move(batch));
    store::TraceStore store;
    auto source = store.addSource(store::SourceKind::Receiver, "before");
    auto front = store.lendFront();
    auto before = ingest::decodeOtlpProtobuf(Signal::Traces, body, front.get());
    ASSERT_TRUE(before.has_value());
    store.clear();
    source = store.addSource(store::SourceKind::Receiver, "after");
    store.append(std::move(before->batch), source);
    EXPECT_EQ(store.snapshot()->spanCount(), 0u);
    auto after = ingest::decodeOtlpProtobuf(Signal::Traces, body, store.lendFront().get());
    store.append(std::move(after->batch), source);
    ASSERT_EQ(store.snapshot()->spanCount(), 1u);
    EXPECT_EQ(store.snapshot()->span(0).name(), "name");
}

}  // namespace
}  // namespace spanreel
