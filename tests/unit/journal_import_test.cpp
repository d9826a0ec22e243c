// SPDX-License-Identifier: GPL-3.0-or-later
// A journal is read by several threads, yet told and put in as by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "ingest/import_file.h"
#include "ingest/importers/journal_importer.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/otlp/encode_proto.h"
#include "tests/unit/canonical_dump.h"
#include "tests/unit/journal_files.h"

namespace spanreel::journal {
namespace {

using ingest::Signal;
using store::Encoding;

/// A request of one span in JSON; number 0 is an id that is warned of.
std::string request(std::uint64_t number) {
    return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":")" +
           SpanId{number}.toHex() + R"(","name":"step )" + std::to_string(number % 9) + R"(","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000001"}]}]}]})";
}

struct Journal {
    std::string bytes;
    std::vector<std::int64_t> starts;  ///< of the frames

    Journal() {
        const auto header = encodeFileHeader("0123456789abcdef", 1);
        bytes.assign(header.data(), header.size());
    }
    void add(std::string_view payload, std::uint8_t encoding = 1, std::uint8_t signal = 0) {
        FrameInfo info;
        info.encoding = encoding;
        info.signal = signal;
        info.sequence = starts.size() + 1;
        starts.push_back(static_cast<std::int64_t>(bytes.size()));
        const auto frame = encodeFrameHeader(info, payload);
        bytes.append(frame.data(), frame.size());
        bytes += payload;
    }
    [[nodiscard]] std::int64_t last() const { return starts.back(); }
};

struct Sink final : ingest::BatchSink {
    void accept(store::Batch batch, std::uint64_t group) override {
        for (const auto& span : batch.spans) spans.push_back(span.spanId.value);
        groups.push_back(group);
        if (spans.size() >= limit) stop.request_stop();
    }
    std::vector<std::uint64_t> spans, groups;
    std::size_t limit = ~std::size_t{0};
    std::stop_source stop;
};

store::ImportReport read(std::string_view bytes, Sink& sink, std::size_t chunk = 1 << 20) {
    store::ImportReport report;
    ingest::ImportContext context{sink, report, "journal", sink.stop.get_token()};
    const auto importer = ingest::journalImporter().create();
    for (std::size_t i = 0; i < bytes.size(); i += chunk) importer->feed(bytes.substr(i, chunk), context);
    importer->finish(context);
    return report;
}

TEST(JournalImport, EverythingIsToldInOrderAndAtItsPlace) {
    Journal journal;
    struct Told {
        ProblemCode code;
        std::int64_t from, to;  ///< its place lies in between
    };
    std::vector<Told> wanted;
    std::vector<std::uint64_t> spans;
    const auto good = [&](int count) {
        for (int i = 0; i < count; ++i) {
            spans.push_back(spans.size() + 1);
            journal.add(request(spans.back()));
        }
    };
    // Noticed by whoever decodes it; what comes next is noticed before it is decoded.
    const auto warned = [&] {
        journal.add(request(0));
        spans.push_back(0);
        wanted.push_back({ProblemCode::ZeroId, journal.last() + static_cast<std::int64_t>(kFrameHeaderSize), static_cast<std::int64_t>(journal.bytes.size())});
    };
    const auto whole = [&](ProblemCode code) { wanted.push_back({code, journal.last(), journal.last()}); };
    good(2000);
    warned();
    journal.add(request(1), 7);
    whole(ProblemCode::BadValue);
    warned();
    journal.add(request(1), 1, 3);
    whole(ProblemCode::BadValue);
    good(3);
    journal.add("[1,2");
    const auto body = journal.last() + static_cast<std::int64_t>(kFrameHeaderSize);
    wanted.push_back({ProblemCode::BadJson, body, body + 4});
    warned();
    journal.add(request(1));
    journal.bytes.back() ^= 1;
    whole(ProblemCode::BadValue);
    good(2000);
    warned();
    journal.add(request(1));
    whole(ProblemCode::FlaggedValue);
    journal.bytes.pop_back();

    for (const std::size_t chunk : {std::size_t{1} << 20, std::size_t{777}}) {
        Sink sink;
        const auto report = read(journal.bytes, sink, chunk);
        EXPECT_EQ(sink.spans, spans);
        ASSERT_EQ(report.entries().size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const auto& problem = report.entries()[i].problem;
            EXPECT_EQ(problem.code, wanted[i].code) << i;
            EXPECT_GE(problem.place.byte, wanted[i].from) << i;
            EXPECT_LE(problem.place.byte, wanted[i].to) << i;
        }
        EXPECT_EQ(report.kept, spans.size());
        EXPECT_EQ(report.warned, 4u);
        EXPECT_EQ(report.skipped, 4u);
        // Every request is a group of its own.
        for (std::size_t i = 0; i < sink.groups.size(); ++i) ASSERT_EQ(sink.groups[i], i + 1);
    }
}

TEST(JournalImport, StoppedItCountsWhatItGave) {
    Journal journal;
    for (std::uint64_t i = 1; i <= 20000; ++i) journal.add(request(i));
    Sink sink;
    sink.limit = 2000;
    const auto report = read(journal.bytes, sink);
    EXPECT_GE(sink.spans.size(), 2000u);
    EXPECT_LT(sink.spans.size(), 2000u + 1000u);  // the block it was in
    EXPECT_EQ(report.kept, sink.spans.size());
    EXPECT_EQ(report.skipped, 0u);
}

TEST(JournalImport, IsKnownByItsFramesWhereItsBeginningIsNot) {
    Journal journal;
    constexpr std::size_t kSpans = 400;
    for (std::uint64_t i = 1; i <= kSpans; ++i) journal.add(request(i));
    const std::string& bytes = journal.bytes;
    ASSERT_GT(bytes.size(), 64u << 10);
    const TestFolder folder("journal-beginning");
    const auto kept = [&](const std::string& content, const char* name) {
        spill(folder.at(name), content);
        store::TraceStore opened;
        const auto report = ingest::importFile(opened, folder.at(name), store::SourceKind::File, nullptr, {}, ingest::Findings::Leave).report;
        EXPECT_EQ(report.format, "spanreel-journal") << name;
        return report.kept;
    };
    const auto behind = [&](std::size_t at) { return static_cast<std::size_t>(std::ranges::count_if(journal.starts, [at](std::int64_t start) { return start >= static_cast<std::int64_t>(at); })); };
    EXPECT_EQ(kept("\n" + bytes, "x"), kSpans);
    EXPECT_EQ(kept(bytes.substr(1), "x"), kSpans);
    EXPECT_EQ(kept(bytes.substr(kFileHeaderSize), "x"), kSpans);
    for (const std::size_t size : {512u, 4096u, 9000u}) {
        EXPECT_EQ(kept(std::string(size, '\0') + bytes.substr(size), "x"), behind(size)) << size;
        EXPECT_EQ(kept(bytes.substr(size), "x"), behind(size)) << size;
    }
    EXPECT_EQ(kept(std::string(200000, '\0') + bytes, "x.spanreel"), kSpans);
}

// By way of the store's fronts and other threads the same records come in as one after the other.
TEST(JournalImport, TheStoreIsTheSameAsOnReceiving) {
    store::TraceStore received, rows;
    const auto source = received.addSource(store::SourceKind::File, "x"), other = rows.addSource(store::SourceKind::File, "x");
    constexpr std::uint64_t kSpans = 2900;
    for (std::uint64_t i = 1; i <= kSpans; ++i) rows.append(std::move(ingest::decodeOtlpJson(Signal::Traces, std::make_shared<const std::string>(request(i)))->batch), other);
    Journal journal;
    std::uint64_t group = 0;
    for (std::uint64_t i = 0; i < 3000; ++i) {  // some of them twice
        const store::RowId row = static_cast<store::RowId>(i % kSpans);
        const bool asJson = i % 3 == 0;
        const auto body = std::make_shared<const std::string>(asJson ? request(row + 1) : otlp::encodeTracesProto(*rows.snapshot(), {&row, 1}));
        journal.add(*body, asJson ? 1 : 0);
        auto decoded = asJson ? ingest::decodeOtlpJson(Signal::Traces, body) : ingest::decodeOtlpProtobuf(Signal::Traces, body);
        ASSERT_TRUE(decoded);
        received.append(std::move(decoded->batch), source, ++group);
    }
    const TestFolder folder("journal-import");
    spill(folder.at("x"), journal.bytes);
    store::TraceStore opened;
    const auto result = ingest::importFile(opened, folder.at("x"), store::SourceKind::File, nullptr, {}, ingest::Findings::Leave);
    EXPECT_EQ(result.report.kept, 3000u);
    EXPECT_EQ(result.report.skipped, 0u);
    EXPECT_TRUE(test::canonicalDump(*opened.snapshot()) == test::canonicalDump(*received.snapshot()));
}

}  // namespace
}  // namespace spanreel::journal
