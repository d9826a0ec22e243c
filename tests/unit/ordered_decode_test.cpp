// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/ordered_decode.h"

#include <atomic>
#include <set>
#include <stop_token>

#include <gtest/gtest.h>

#include "ingest/importers/otlp_json_importer.h"
#include "ingest/importers/otlp_proto_importer.h"
#include "model/otlp/encode_proto.h"
#include "test_batch.h"

namespace spanreel::ingest {
namespace {

struct Count {
    std::atomic<int> runs{0};
    std::mutex mutex;
    std::set<std::thread::id> threads;
};

struct NumberJob final : OrderedDecode::Job {
    NumberJob(int n, Count& c) : number(n), count(c) {}
    void run() override {
        // Later blocks are often done before earlier ones.
        volatile unsigned work = 0;
        for (int i = 0; i < (7 - number % 7) * 2000; ++i) work = work + 1;
        done = number * 2;
        ++count.runs;
        const std::lock_guard lock(count.mutex);
        count.threads.insert(std::this_thread::get_id());
    }
    int number, done = -1;
    Count& count;
};

struct FailingJob final : OrderedDecode::Job {
    void run() override { throw std::bad_alloc(); }
};

TEST(OrderedDecode, WhatAJobThrowsComesWithItsTurn) {
    for (const unsigned threads : {1u, 2u, 5u}) {
        Count count;
        OrderedDecode decode(threads);
        for (int i = 0; i < 4; ++i) {
            if (i == 2) decode.add(std::make_unique<FailingJob>(), 1000);
            else decode.add(std::make_unique<NumberJob>(i, count), 1000);
        }
        for (int i = 0; i < 4; ++i) {
            if (i == 2) EXPECT_THROW((void)decode.take(true), std::bad_alloc);
            else EXPECT_EQ(static_cast<NumberJob&>(*decode.take(true)).done, i * 2);
        }
        EXPECT_TRUE(decode.empty());
    }
}

TEST(OrderedDecode, ResultsComeInOrderEachOnce) {
    for (const unsigned threads : {1u, 2u, 5u}) {
        Count count;
        std::vector<int> got;
        {
            OrderedDecode decode(threads);
            const auto take = [&](bool all) {
                while (auto job = decode.take(all || decode.full())) {
                    auto& number = static_cast<NumberJob&>(*job);
                    EXPECT_EQ(number.done, number.number * 2);
                    got.push_back(number.number);
                }
            };
            for (int i = 0; i < 500; ++i) {
                decode.add(std::make_unique<NumberJob>(i, count), 1000);
                take(false);
            }
            take(true);
            EXPECT_TRUE(decode.empty());
        }
        ASSERT_EQ(got.size(), 500u);
        for (int i = 0; i < 500; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i);
        EXPECT_EQ(count.runs, 500);
        EXPECT_LE(count.threads.size(), threads);
        EXPECT_TRUE(threads > 1 || count.threads.contains(std::this_thread::get_id()));
    }
}

TEST(OrderedDecode, WhatIsUnderWayIsBounded) {
    Count count;
    OrderedDecode bytes(3), blocks(2), alone(1);
    bytes.add(std::make_unique<NumberJob>(0, count), 100u << 20);
    EXPECT_TRUE(bytes.full());
    EXPECT_TRUE(bytes.take(true));
    EXPECT_FALSE(bytes.full());
    // Few at first, more once the input has shown to be long.
    const auto fill = [&] {
        int added = 0;
        for (; !blocks.full() && added < 100; ++added) blocks.add(std::make_unique<NumberJob>(added, count), 1);
        return added;
    };
    const int first = fill();
    EXPECT_GE(first, 2);
    EXPECT_LT(first, 5);
    for (int i = 0; i < 200; ++i) {
        blocks.add(std::make_unique<NumberJob>(i, count), 1);
        EXPECT_TRUE(blocks.take(true));
    }
    while (blocks.take(true)) continue;
    const int later = fill();
    EXPECT_GT(later, 2 * first);
    EXPECT_LT(later, 20);
    // Without another thread a block is decoded at once.
    EXPECT_FALSE(alone.full());
    alone.add(std::make_unique<NumberJob>(0, count), 1);
    EXPECT_TRUE(alone.full());
}

TEST(OrderedDecode, WhatNobodyBeganIsDropped) {
    Count count;
    {
        OrderedDecode decode(1);
        decode.add(std::make_unique<NumberJob>(0, count), 1);
        decode.add(std::make_unique<NumberJob>(1, count), 1);
        EXPECT_EQ(decode.take(false), nullptr);
    }
    EXPECT_EQ(count.runs, 0);
}

/// Asks the import to stop once it has given so many spans.
struct StoppingSink final : BatchSink {
    void accept(store::Batch batch, std::uint64_t) override {
        spans += batch.spans.size();
        if (spans >= limit) stop.request_stop();
    }
    std::size_t spans = 0, limit = 0;
    std::stop_source stop;
};

std::string spanLine(std::size_t i) {
    return R"({"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[{"traceId":"0000000000000000000000000000000a","spanId":")" + SpanId{i + 1}.toHex() +
           R"(","name":"n","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000001"}]}]}]})" "\n";
}

std::string protoFile(std::size_t requests) {
    store::TraceStore st;
    test::TestBatch batch;
    test::TestBatch::SpanSpec span;
    span.trace = {1, 2};
    span.id = 3;
    span.service = "s";
    span.name = "n";
    batch.span(span);
    batch.into(st);
    const store::RowId row = 0;
    const std::string one = otlp::encodeTracesProto(*st.snapshot(), {&row, 1});
    std::string out;
    for (std::size_t i = 0; i < requests; ++i) {
        for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(one.size() >> shift);
        out += one;
    }
    return out;
}

// A cancelled import counts what it handed on, no more, with blocks still under way.
TEST(OrderedDecode, ACancelledImportCountsWhatItGave) {
    std::string json;
    for (std::size_t i = 0; i < 20000; ++i) json += spanLine(i);
    const std::string proto = protoFile(40000);
    for (const bool isJson : {true, false}) {
        const std::string& text = isJson ? json : proto;
        StoppingSink sink;
        sink.limit = 2000;
        store::ImportReport report;
        ImportContext context{sink, report, "f", sink.stop.get_token()};
        const auto importer = isJson ? makeOtlpJsonImporter({.threads = 3, .blockBytes = 10000}) : otlpProtoImporter().create();
        for (std::size_t i = 0; i < text.size(); i += 300'000) importer->feed(std::string_view(text).substr(i, 300'000), context);
        importer->finish(context);
        EXPECT_GE(sink.spans, 2000u);
        EXPECT_LT(sink.spans, isJson ? 20000u : 40000u) << isJson;
        EXPECT_EQ(report.kept, sink.spans) << isJson;
        EXPECT_EQ(report.skipped, 0u);
    }
}

// Faults of a request come behind what was noticed before it, and all of it at the right place.
TEST(OrderedDecode, AProtobufFileIsReportedInOrder) {
    const std::string good = protoFile(30000), one = protoFile(1);
    std::string broken = one;
    broken[5] = '\x7F';  // a length beyond the message
    const std::string text = good + broken + good + one.substr(0, one.size() - 3);
    StoppingSink sink;
    sink.limit = ~std::size_t{0};
    store::ImportReport report;
    ImportContext context{sink, report, "f", {}};
    const auto importer = otlpProtoImporter().create();
    for (std::size_t i = 0; i < text.size(); i += 100'000) importer->feed(std::string_view(text).substr(i, 100'000), context);
    importer->finish(context);
    EXPECT_EQ(sink.spans, report.kept);
    EXPECT_GE(sink.spans, 60000u);  // the last one is cut behind its span or in it
    ASSERT_EQ(report.entries().size(), 2u);
    const auto first = report.entries()[0].problem.place.byte, second = report.entries()[1].problem.place.byte;
    EXPECT_GE(first, static_cast<std::int64_t>(good.size()));
    EXPECT_LT(first, static_cast<std::int64_t>(good.size() + broken.size()));
    EXPECT_EQ(second, static_cast<std::int64_t>(2 * good.size() + broken.size()));
}

// What is noticed without decoding is told behind what stands before it and is decoded later.
TEST(OrderedDecode, ALossIsToldBehindWhatStandsBeforeIt) {
    const std::string good = protoFile(200), one = protoFile(1);
    std::string warned = one;
    const std::string trace("\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2", 16);
    ASSERT_NE(warned.find(trace), std::string::npos);
    warned.replace(warned.find(trace), 16, 16, '\0');
    const std::string tooLong = std::string("\x05\0\0\0", 4) + std::string(0x05000000, 'x');
    const std::string text = good + warned + tooLong + warned + one.substr(0, 3);
    StoppingSink sink;
    sink.limit = ~std::size_t{0};
    store::ImportReport report;
    ImportContext context{sink, report, "f", {}};
    const auto importer = otlpProtoImporter().create();
    importer->feed(text, context);
    importer->finish(context);
    EXPECT_EQ(report.kept, 202u);
    std::vector<std::pair<ProblemCode, std::size_t>> told, wanted;
    for (const auto& entry : report.entries())
        if (entry.lost) told.emplace_back(entry.problem.code, static_cast<std::size_t>(entry.problem.place.byte));
        else told.emplace_back(ProblemCode::ZeroId, good.size());
    wanted = {{ProblemCode::ZeroId, good.size()}, {ProblemCode::Limit, good.size() + warned.size()}, {ProblemCode::ZeroId, good.size()}, {ProblemCode::BadProtobuf, text.size() - 3}};
    EXPECT_EQ(told, wanted);
}

}  // namespace
}  // namespace spanreel::ingest
