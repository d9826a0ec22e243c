// SPDX-License-Identifier: GPL-3.0-or-later
// Importers: whatever the bytes, what was read adds up, and any chunking gives the same.
#include <algorithm>
#include <memory>
#include <optional>

#include "ingest/importers/registry.h"
#include "tests/fuzz/fuzz_records.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/unit/draw.h"
#include "tests/unit/record_text.h"

namespace spanreel::fuzz {
namespace {

/// Writes down what comes, then lets it go.
struct TextSink final : ingest::BatchSink {
    std::string spans, logs, metrics;
    std::uint64_t items = 0, metricCount = 0;
    std::optional<store::Encoding> encoding;  ///< of the last metrics
    void accept(store::Batch batch, std::uint64_t group) override {
        requireSound(batch);
        for (const auto& s : batch.spans) spans += test::RecordText::of(s, batch) + (s.traceId.isValid() ? "" : " group " + std::to_string(group)) + "\n";
        for (const auto& l : batch.logs) logs += test::RecordText::of(l, batch) + "\n";
        // How many of them came at once is no matter: messages behind each other are one message.
        for (const auto& m : batch.metrics) {
            if (encoding != m.encoding) metrics += "\n" + std::to_string(static_cast<int>(m.encoding)) + ' ';
            metrics += m.bytes;
            encoding = m.encoding;
            metricCount += m.metricCount;
        }
        items += batch.spans.size() + batch.logs.size() + metricsIn(batch);
    }
};

template <class NextChunk>
std::string read(const ingest::ImporterDescriptor& format, std::string_view bytes, NextChunk&& nextChunk) {
    TextSink sink;
    store::ImportReport report;
    ingest::ImportContext context{sink, report, "f", {}};
    const auto reader = format.create();
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = std::min<std::size_t>(bytes.size() - at, nextChunk());
        // A copy that ends with the call: nobody may hold on to it.
        const auto chunk = std::make_unique_for_overwrite<char[]>(size);
        std::copy_n(bytes.data() + at, size, chunk.get());
        reader->feed({chunk.get(), size}, context);
        at += size;
    }
    reader->finish(context);
    const std::string told = soundReport(report, bytes);
    require(sink.items == report.kept, "kept " + std::to_string(report.kept) + ", but " + std::to_string(sink.items) + " came");
    require(report.kept <= bytes.size(), "more items than bytes");
    return told + sink.spans + sink.logs + std::to_string(sink.metricCount) + " metrics" + sink.metrics;
}

}  // namespace

void fuzzImporter(std::string_view bytes, std::string_view name) {
    const auto& formats = ingest::importers();
    const auto format = std::find_if(formats.begin(), formats.end(), [&](const auto& one) { return name == one.name; });
    require(format != formats.end(), "no importer of that name");
    const auto head = bytes.substr(0, 4096);
    const int score = format->sniff(head, head.size() == bytes.size());
    require(score >= 0 && score <= 100, "a score beyond 100");
    const std::string whole = read(*format, bytes, [&] { return bytes.size(); });
    test::Draw draw(seedOf(bytes));
    requireSame(read(*format, bytes, [&] { return 1 + draw.below(draw.chance(50) ? 4 : 200); }), whole, "another chunking, another result");
    if (bytes.size() <= 300) requireSame(read(*format, bytes, [] { return std::size_t{1}; }), whole, "byte by byte another result");
}

}  // namespace spanreel::fuzz
