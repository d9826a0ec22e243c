// SPDX-License-Identifier: GPL-3.0-or-later
// The importer that reads blocks on several threads against the splitter and the tolerant reader alone: same records in the
// same order, same report, whatever the input and however it is cut.
#include <gtest/gtest.h>

#include <random>

#include "canonical_dump.h"
#include "ingest/importers/otlp_json_importer.h"
#include "json_mutator.h"
#include "json_texts.h"
#include "model/store/trace_store.h"

namespace spanreel {
namespace {

using ingest::OtlpJsonImportOptions;

const std::size_t kRounds = std::getenv("SPANREEL_ROUNDS") ? std::strtoul(std::getenv("SPANREEL_ROUNDS"), nullptr, 10) : 60;

struct CollectSink : ingest::BatchSink {
    explicit CollectSink(bool withFronts) : fronts(withFronts) {}
    bool fronts;
    store::TraceStore session;
    store::SourceId source = session.addSource(store::SourceKind::File, "test");
    void accept(store::Batch batch, std::uint64_t group) override { session.append(std::move(batch), source, group); }
    store::TraceStore* store() override { return fronts ? &session : nullptr; }
};

std::string import(std::string_view text, const OtlpJsonImportOptions& options, std::size_t chunk) {
    CollectSink sink(options.fast);
    store::ImportReport report;
    ingest::ImportContext context{sink, report, "f", {}};
    const auto importer = ingest::makeOtlpJsonImporter(options);
    for (std::size_t i = 0; i < text.size(); i += chunk) importer->feed(text.substr(i, chunk), context);
    importer->finish(context);
    std::string out = "kept " + std::to_string(report.kept) + " warned " + std::to_string(report.warned) + " skipped " + std::to_string(report.skipped) + "\n";
    for (const auto& entry : report.entries()) {
        const auto& [code, detail, place] = entry.problem;
        out += std::string(entry.lost ? "lost " : "warned ") + std::to_string(static_cast<int>(code)) + " " + detail + " line " + std::to_string(place.line) + " byte " + std::to_string(place.byte) + " " + place.file + "\n";
    }
    return out + test::canonicalDump(*sink.session.snapshot());
}

/// Many cuts of one input, each against the tolerant reader with the same limit for values that come whole.
void compareImport(const std::string& text, std::mt19937_64& random) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    OtlpJsonImportOptions options;
    options.tempo = below(4) == 0;
    options.wholeBytes = below(3) == 0 ? 16u << 20 : 200 + below(8000);
    options.fast = false;
    const std::string expected = import(text, options, text.size() + 1);
    options.fast = true;
    for (const std::size_t blockBytes : {std::size_t{64}, 100 + below(5000), std::size_t{512 * 1024}}) {
        options.blockBytes = blockBytes;
        options.threads = 1 + static_cast<unsigned>(below(3));
        const std::size_t chunk = below(2) ? text.size() + 1 : 1 + below(3000);
        ASSERT_EQ(import(text, options, chunk), expected) << "blocks of " << blockBytes << ", whole up to " << options.wholeBytes << ", chunks of " << chunk << ", tempo " << options.tempo << "\n" << text;
    }
}

/// Inputs of several requests: lines, one large document, and what goes wrong between them.
std::string several(std::mt19937_64& random, test::JsonMutator& mutate, bool damaged) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const auto& all = test::jsonTexts();
    const std::size_t usual = all.size() - 5;  // requests as exporters write them stand last
    const auto one = [&] {
        std::string text = below(6) == 0 ? all[below(all.size())] : all[usual + below(5)];
        if (text.size() > 20'000) text = all[usual];
        if (damaged && below(12) == 0) text = below(2) ? mutate.bytes(text) : mutate.values(text);
        return text;
    };
    std::string out;
    if (below(2) == 0) {
        for (std::size_t n = 1 + below(12); n > 0; --n) {
            out += one();
            if (damaged && below(15) == 0) out += "text that is no JSON";
            out += below(20) == 0 ? " " : below(20) == 0 ? "\r\n\n" : "\n";
        }
    } else {
        // The elements of several requests in one array.
        const char* const begin = "{\"resourceSpans\":[";
        out = begin;
        for (std::size_t n = 1 + below(12); n > 0; --n) {
            std::string text = all[usual + below(4)];
            if (damaged && below(8) == 0) text = below(2) ? mutate.bytes(text) : mutate.values(text);
            if (text.size() > 22 && text.starts_with(begin)) text = text.substr(18, text.size() - 20);
            if (out.size() > 18) out += ',';
            out += text;
        }
        out += below(4) == 0 ? "],\"x\":1}" : "]}\n";
        if (below(4) == 0) out += one() + "\n" + one();
    }
    return out;
}

TEST(OtlpJsonImportDifferential, FilesAsTheyAre) {
    std::mt19937_64 random(1);
    for (const auto& text : test::jsonTexts()) ASSERT_NO_FATAL_FAILURE(compareImport(text, random));
}

TEST(OtlpJsonImportDifferential, SeveralRequests) {
    std::mt19937_64 random(2);
    test::JsonMutator mutate(2);
    for (std::size_t i = 0; i < kRounds; ++i) ASSERT_NO_FATAL_FAILURE(compareImport(several(random, mutate, false), random));
}

TEST(OtlpJsonImportDifferential, DamagedRequests) {
    std::mt19937_64 random(3);
    test::JsonMutator mutate(3);
    for (std::size_t i = 0; i < kRounds * 4; ++i) {
        std::string text = several(random, mutate, true);
        if (random() % 3 == 0) text.resize(random() % (text.size() + 1));
        ASSERT_NO_FATAL_FAILURE(compareImport(text, random));
    }
}

TEST(OtlpJsonImportDifferential, DamagedFiles) {
    std::mt19937_64 random(4);
    test::JsonMutator mutate(4);
    for (const auto& text : test::jsonTexts()) {
        if (text.size() > 50'000) continue;
        for (std::size_t i = 0; i < kRounds / 15; ++i) ASSERT_NO_FATAL_FAILURE(compareImport(mutate.bytes(text), random));
    }
}

}  // namespace
}  // namespace spanreel
