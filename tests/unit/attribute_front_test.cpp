// SPDX-License-Identifier: GPL-3.0-or-later
// A request read with a front and one read without give equal stores, warnings and faults.
#include <gtest/gtest.h>
#include <malloc.h>

#include "model/otlp/encode_proto.h"
#include "model/otlp/proto_writer.h"
#include "tests/unit/both_sessions.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/law.h"

namespace spanreel {
namespace {

using ingest::Signal;
using Body = std::shared_ptr<const std::string>;

void checkBoth(Signal signal, test::BatchShape shape) {
    test::checkLaw(
        [&](test::Draw& draw) {
            test::BothSessions both;
            std::vector<Body> bodies;
            for (int round = 0; round < 8 && !draw.ended(); ++round) {
                // Senders repeat themselves, and some break off or send what is broken.
                if (bodies.empty() || draw.chance(60)) bodies.push_back(test::encoded<otlp::ProtoEncoder>(test::drawBatch(draw, shape)));
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
    test::BothSessions both;
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
        ASSERT_EQ(both.read(Signal::Traces, test::encoded<otlp::ProtoEncoder>(std::move(batch))), "");
        both.append(static_cast<std::size_t>(request) % 3);
    }
    EXPECT_EQ(both.compare(), "");
}

/// Keys that each come once, so many that a front starts anew, while batches it read before wait to be appended; beside them
/// some that come in every span.
TEST(AttributeFront, HoldsWhereItHasMetTooManyKeys) {
    test::BothSessions both;
    int key = 0;
    for (int request = 0; request < 40; ++request) {
        store::Batch batch;
        for (int i = 0; i < 500; ++i) {
            store::SpanRecord span;
            span.traceId = {1, 1 + static_cast<std::uint64_t>(i)};
            span.spanId = {static_cast<std::uint64_t>(key) + 1};
            span.name = "span";
            const auto text = [&](const std::string& s) { return batch.arena.copy(std::string_view(s)); };
            const store::Attribute list[] = {{"service.zone", store::Value::ofString(text("zone " + std::to_string(i % 7)))},
                                             {text("key " + std::to_string(key)), store::Value::ofString(text("value " + std::to_string(key)))},
                                             {"attempt", store::Value::ofInt(i)}};
            ++key;
            span.attributes = batch.arena.copy(std::span<const store::Attribute>(list));
            batch.spans.push_back(span);
        }
        const auto body = test::encoded<otlp::ProtoEncoder>(std::move(batch));
        ASSERT_EQ(both.read(Signal::Traces, body), "");
        both.append(static_cast<std::size_t>(request) % 3);
    }
    EXPECT_EQ(both.compare(), "");
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// What senders choose must not take memory out of proportion: each of these keys once took 4 KiB in every thread.
TEST(AttributeFront, KeysThatComeOnceTakeLittle) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "keys");
    const std::size_t before = ::mallinfo2().uordblks;
    constexpr int kKeys = 60000;
    for (int key = 0; key < kKeys;) {
        store::Batch batch;
        for (int i = 0; i < 1000; ++i, ++key) {
            store::SpanRecord span;
            span.traceId = {1, 1};
            span.spanId = {static_cast<std::uint64_t>(key) + 1};
            const store::Attribute one{batch.arena.copy(std::string_view("key " + std::to_string(key))), store::Value::ofString("value")};
            span.attributes = batch.arena.copy(std::span(&one, 1));
            batch.spans.push_back(span);
        }
        auto read = ingest::decodeOtlpProtobuf(Signal::Traces, test::encoded<otlp::ProtoEncoder>(std::move(batch)), store.lendFront().get());
        store.append(std::move(read->batch), source);
    }
    EXPECT_LT(::mallinfo2().uordblks - before, kKeys * std::size_t{1024});
}
#endif

/// Values, keys and lengths around 32 bytes, where texts are no longer compared in one go, and the end of the body.
TEST(AttributeFront, HoldsAtTheLengthsWhereComparingChanges) {
    test::BothSessions both;
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
            ASSERT_EQ(both.read(Signal::Traces, test::encoded<otlp::ProtoEncoder>(std::move(batch))), "");
        }
        both.append(0);
    }
    EXPECT_EQ(both.compare(), "");
}

/// A request of one span whose resource comes as `parts` say, one letter a field of its envelope: a, b = a Resource of that name, x = one
/// with text that is not UTF-8, f = one with a field nobody knows, s, t = a schema URL, u = a field nobody knows, 1 = the span; < and > = a
/// field nobody knows in the request, before and behind the envelope.
Body requestOf(std::string_view parts) {
    const auto field = [](std::uint32_t number, std::string_view content) {
        otlp::ProtoWriter writer;
        writer.alwaysText(number, content);
        return writer.take();
    };
    const auto resource = [&](std::string_view name, std::string_view more) { return field(1, field(1, field(1, "service.name") + field(2, field(1, name))) + std::string(more)); };
    std::string envelope;
    for (const char part : parts) switch (part) {
            case 'x': envelope += resource("\xFF", {}); break;
            case 'f': envelope += resource("f", field(99, "?")); break;
            case 's':
            case 't': envelope += field(3, std::string(1, part)); break;
            case 'u': envelope += field(98, "!"); break;
            case '1': envelope += field(2, field(2, field(1, std::string(16, 'T')) + field(2, std::string(8, 'S')))); break;
            case '<':
            case '>': break;
            default: envelope += resource(std::string(1, part), {});
        }
    const auto around = [&](char side) { return parts.find(side) == parts.npos ? std::string() : field(97, std::string(1, side)); };
    return std::make_shared<const std::string>(around('<') + field(1, envelope) + around('>'));
}

TEST(AttributeFront, ResourcesThatWereMetAreAsWithoutOne) {
    test::BothSessions both;
    for (int round = 0; round < 3; ++round) {
        for (const std::string_view parts : {"a1", "1a", "as1", "at1", "1sa", "ab1", "aa1", "ba1", "a1b", "au1", "asu1", "x1", "xs1", "f1", "fs1", "a1x", "1", "s1", "u1", "aas1", "aba1", "<a1", "a1>", "<as1>", "a1", "as1"}) {
            for (int twice = 0; twice < 2; ++twice) {
                ASSERT_EQ(both.read(Signal::Traces, requestOf(parts)), "") << parts;
                both.append(static_cast<std::size_t>(round));
            }
        }
        // Cut short.
        const Body whole = requestOf("as1");
        for (std::size_t size = 0; size < whole->size(); ++size) ASSERT_EQ(both.read(Signal::Traces, std::make_shared<const std::string>(whole->substr(0, size))), "") << size;
    }
    EXPECT_EQ(both.compare(), "");
}

TEST(AttributeFront, AResourceIsDecodedOnce) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "s");
    const auto read = [&](std::string_view parts) {
        auto decoded = ingest::decodeOtlpProtobuf(Signal::Traces, requestOf(parts), store.lendFront().get());
        const auto known = decoded->batch.resources.at(0).known;
        store.append(std::move(decoded->batch), source);
        return known;
    };
    EXPECT_EQ(read("as1"), store::kNone);
    EXPECT_EQ(read("as1"), 0u);
    EXPECT_EQ(read("bs1"), store::kNone);
    EXPECT_EQ(read("bs1"), 1u);
    EXPECT_EQ(read("at1"), store::kNone);  // another schema
    EXPECT_EQ(read("xs1"), store::kNone);
    EXPECT_EQ(read("xs1"), store::kNone);  // repaired: it is told each time
    EXPECT_EQ(read("c"), store::kNone);
    EXPECT_EQ(read("c"), store::kNone);  // without records
    // What came to nothing is learnt the next time.
    (void)ingest::decodeOtlpProtobuf(Signal::Traces, requestOf("d1"), store.lendFront().get());
    EXPECT_EQ(read("d1"), store::kNone);
    EXPECT_NE(read("d1"), store::kNone);
    const auto snapshot = store.snapshot();
    EXPECT_EQ(snapshot->span(1).resource().serviceName, "a");
    EXPECT_EQ(snapshot->span(3).resource().serviceName, "b");
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
    const Body body = test::encoded<otlp::ProtoEncoder>(std::move(batch));
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
