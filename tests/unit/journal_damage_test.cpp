// SPDX-License-Identifier: GPL-3.0-or-later
// A journal that was cut or damaged anywhere: everything before and after the damage is kept, and the counts add up.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ingest/import_file.h"
#include "ingest/importers/journal_importer.h"
#include "model/journal/journal_writer.h"
#include "tests/unit/journal_files.h"

namespace spanreel::journal {
namespace {

/// An OTLP JSON request with one span, whose id is `number`; of any size.
std::string request(std::uint64_t number, std::size_t size) {
    char id[17];
    std::snprintf(id, sizeof id, "%016llx", static_cast<unsigned long long>(number));
    return std::string(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":")") + id +
           R"(","name":")" + std::string(size, 'n') + R"(","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000000001"}]}]}]})";
}

struct Journal {
    std::string bytes;
    std::vector<std::size_t> starts;  ///< of the frames; one more for the end
    [[nodiscard]] std::size_t frames() const { return starts.size() - 1; }
};

Journal build(std::size_t frames, const std::function<std::size_t(std::size_t)>& sizeOf) {
    Journal out;
    const auto header = encodeFileHeader("0123456789abcdef", 1);
    out.bytes.assign(header.data(), header.size());
    for (std::size_t i = 0; i < frames; ++i) {
        out.starts.push_back(out.bytes.size());
        const auto payload = request(i + 1, sizeOf(i));
        FrameInfo info;
        info.encoding = 1;
        info.items = 1;
        info.sequence = i + 1;
        const auto frame = encodeFrameHeader(info, payload);
        out.bytes.append(frame.data(), frame.size());
        out.bytes += payload;
    }
    out.starts.push_back(out.bytes.size());
    return out;
}

class IdSink final : public ingest::BatchSink {
public:
    void accept(store::Batch batch, std::uint64_t) override {
        for (const auto& span : batch.spans) ids.push_back(span.spanId);
    }
    std::vector<SpanId> ids;
};

struct Read {
    std::vector<std::uint64_t> spans;  ///< numbers, as read
    store::ImportReport report;
};

Read read(std::string_view bytes, std::size_t chunk = 1 << 20) {
    Read out;
    IdSink sink;
    ingest::ImportContext context{sink, out.report, "journal", {}};
    const auto importer = ingest::journalImporter().create();
    for (std::size_t i = 0; i < bytes.size(); i += chunk) importer->feed(bytes.substr(i, chunk), context);
    importer->finish(context);
    for (const auto& id : sink.ids) out.spans.push_back(std::stoull(id.toHex(), nullptr, 16));
    return out;
}

/// All frames but those that [from, to) of the original touches are there, in order and once; the report adds up.
void expectKept(const Journal& journal, const Read& got, std::size_t from, std::size_t to, const std::string& what) {
    std::vector<std::uint64_t> wanted;
    for (std::size_t i = 0; i < journal.frames(); ++i)
        if (journal.starts[i + 1] <= from || journal.starts[i] >= to) wanted.push_back(i + 1);
    ASSERT_EQ(got.spans, wanted) << what;
    ASSERT_EQ(got.report.kept, wanted.size()) << what;
    ASSERT_EQ(got.report.read(), got.report.kept + got.report.skipped) << what;
}

TEST(JournalDamage, CutAtEveryByte) {
    const auto journal = build(6, [](std::size_t i) { return i * 11; });
    for (std::size_t cut = 0; cut <= journal.bytes.size(); ++cut) {
        const auto got = read(std::string_view(journal.bytes).substr(0, cut), 61);
        expectKept(journal, got, cut, journal.bytes.size() + 1, "cut at " + std::to_string(cut));
        ASSERT_EQ(got.report.skipped, 0u) << cut;  // what was not finished was never acknowledged
        const bool whole = cut == 0 || std::ranges::find(journal.starts, cut) != journal.starts.end();
        ASSERT_EQ(got.report.count(ProblemCode::FlaggedValue), whole ? 0u : 1u) << cut;
    }
}

TEST(JournalDamage, EveryByteChangedRemovedOrAdded) {
    const auto journal = build(5, [](std::size_t i) { return i * 7; });
    for (std::size_t at = 0; at < journal.bytes.size(); ++at) {
        for (const char flip : {'\x01', '\x80', '\xff'}) {
            auto bytes = journal.bytes;
            bytes[at] = static_cast<char>(bytes[at] ^ flip);
            const auto got = read(bytes, 97);
            expectKept(journal, got, at, at + 1, "flipped at " + std::to_string(at));
            ASSERT_EQ(got.report.skipped, at < kFileHeaderSize ? 0u : 1u) << at;
        }
        auto fewer = journal.bytes;
        fewer.erase(at, 1);
        expectKept(journal, read(fewer, 97), at, at + 1, "removed at " + std::to_string(at));
        auto more = journal.bytes;
        more.insert(at, 1, 'x');
        // Between two frames an added byte harms neither.
        const bool between = std::ranges::find(journal.starts, at) != journal.starts.end();
        expectKept(journal, read(more, 97), at, between ? at : at + 1, "added at " + std::to_string(at));
    }
}

TEST(JournalDamage, AHeaderTooShortHidesNoFrameInAnyChunking) {
    const auto journal = build(2, [](std::size_t i) { return i * 7; });
    for (std::size_t missing = 1; missing <= kFileHeaderSize; ++missing)
        for (std::size_t chunk = 1; chunk <= kFileHeaderSize + 4; ++chunk)
            expectKept(journal, read(std::string_view(journal.bytes).substr(missing), chunk), 0, missing, std::to_string(missing) + " missing, in chunks of " + std::to_string(chunk));
}

TEST(JournalDamage, RandomDamageOfALargeOne) {
    const auto places = [](const store::ImportReport::Entry& entry) { return std::pair(entry.problem.place.byte, entry.problem.detail); };
    std::mt19937_64 random(20240607);
    const auto journal = build(3000, [&](std::size_t) { return random() % 1500; });
    ASSERT_GT(journal.bytes.size(), 2u << 20);
    for (int round = 0; round < 60; ++round) {
        const std::size_t at = random() % journal.bytes.size();
        const std::size_t length = std::min<std::size_t>(1 + random() % (round % 3 == 0 ? 8 : 20000), journal.bytes.size() - at);
        auto bytes = journal.bytes;
        std::string what;
        switch (round % 4) {
            case 0:
                what = "zeroed";
                std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), length, '\0');
                break;
            case 1:
                what = "random bytes";
                for (std::size_t i = at; i < at + length; ++i) bytes[i] = static_cast<char>(~static_cast<unsigned>(bytes[i]) ^ (random() & 1));
                break;
            case 2:
                what = "removed";
                bytes.erase(at, length);
                break;
            case 3:
                what = "added";
                bytes.insert(at, std::string(length, '\xA5'));
                break;
        }
        const auto got = read(bytes);
        const bool between = round % 4 == 3 && std::ranges::find(journal.starts, at) != journal.starts.end();
        expectKept(journal, got, at, between ? at : at + (round % 4 == 3 ? 1 : length), what + " at " + std::to_string(at) + ", " + std::to_string(length));
        ASSERT_LE(got.report.skipped, 2u);
        const auto inPieces = read(bytes, 1 + random() % 5000);
        ASSERT_EQ(inPieces.spans, got.spans) << what;
        ASSERT_TRUE(std::ranges::equal(inPieces.report.entries(), got.report.entries(), {}, places, places)) << what;
    }
}

TEST(JournalDamage, ATailOfZerosLosesNothing) {
    const auto journal = build(4, [](std::size_t i) { return i; });
    const auto got = read(journal.bytes + std::string(5000, '\0'));
    expectKept(journal, got, journal.bytes.size(), journal.bytes.size(), "zeros");
    EXPECT_EQ(got.report.skipped, 1u);
}

// So much is missing from a frame that it seems to go on behind the end: it is no unfinished one, there are frames in it.
TEST(JournalDamage, ALengthBeyondTheEndHidesNoFrame) {
    const auto journal = build(4, [](std::size_t i) { return i == 1 ? std::size_t{5000} : i; });
    auto bytes = journal.bytes;
    bytes.erase(journal.starts[1] + 200, 4500);
    for (const std::size_t chunk : {std::size_t{1} << 20, std::size_t{97}}) {
        const auto got = read(bytes, chunk);
        EXPECT_EQ(got.spans, (std::vector<std::uint64_t>{1, 3, 4}));
        EXPECT_EQ(got.report.skipped, 1u);
        EXPECT_EQ(got.report.count(ProblemCode::FlaggedValue), 0u);
    }
}

// A payload that itself holds a journal: damage in it must not make reading slow, nor lose what follows.
TEST(JournalDamage, ManyHeadersInADamagedPayloadStayLinear) {
    std::string inner;
    FrameInfo info;
    const std::string huge(1 << 20, 'h');
    const auto header = encodeFrameHeader(info, huge);  // sound, but its payload never follows
    while (inner.size() < (8u << 20)) inner.append(header.data(), header.size());
    Journal journal = build(2, [](std::size_t i) { return i; });
    auto bytes = journal.bytes.substr(0, journal.starts[1]);
    const auto outer = encodeFrameHeader(info, inner);
    inner[0] ^= 1;
    bytes.append(outer.data(), outer.size());
    bytes += inner;
    bytes += journal.bytes.substr(journal.starts[1]);
    EXPECT_EQ(read(bytes).spans, (std::vector<std::uint64_t>{1, 2}));
    bytes.erase(journal.starts[1] + 100, 1);  // its length leads astray now
    EXPECT_EQ(read(bytes).spans.front(), 1u);
}

}  // namespace
}  // namespace spanreel::journal
