// SPDX-License-Identifier: GPL-3.0-or-later
// Importers of other tools' formats against files with their expected records and problems beside them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "ingest/import_file.h"
#include "ingest/importers/registry.h"
#include "readable_dump.h"
#include "shared_data.h"
#include "tests/unit/collect_sink.h"

namespace spanreel {
namespace {

namespace fs = std::filesystem;

const std::string kCorpus = std::string(SPANREEL_SOURCE_DIR) + "/tests/corpus/";

std::vector<fs::path> filesOf(const std::string& folder) {
    std::vector<fs::path> paths;
    if (!fs::is_directory(folder)) return paths;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() != ".expected") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string readInChunks(std::string_view text, std::size_t chunk) {
    const auto* importer = ingest::chooseImporter(text.substr(0, 4096), text.size() <= 4096);
    if (!importer) return "no importer";
    CollectSink sink;
    store::ImportReport report;
    report.format = importer->name;
    ingest::ImportContext context{sink, report, "f", {}};
    const auto reader = importer->create();
    for (std::size_t i = 0; i < text.size(); i += chunk) reader->feed(text.substr(i, chunk), context);
    reader->finish(context);
    test::ReadableDump dump;
    dump.report(report, "nothing");
    dump.records(*sink.store.snapshot());
    return std::move(dump.text);
}

class Golden : public testing::TestWithParam<const char*> {};

// SPANREEL_UPDATE_GOLDEN=1 writes the expectations anew, to be read before they are kept.
TEST_P(Golden, Files) {
    std::size_t files = 0;
    for (const std::string part : {"/ok/", "/fail/"}) {
        const std::string folder = kCorpus + GetParam() + part;
        for (const auto& path : filesOf(folder)) {
            store::TraceStore store;
            const auto result = ingest::importFile(store, path.string());
            test::ReadableDump dump;
            dump.report(result.report, folder);
            dump.records(*store.snapshot());
            const std::string expected = path.string() + ".expected";
            if (std::getenv("SPANREEL_UPDATE_GOLDEN")) std::ofstream(expected, std::ios::binary) << dump.text;
            EXPECT_EQ(dump.text, test::readWhole(expected)) << path;
            EXPECT_EQ(part == "/ok/", result.report.skipped == 0) << path;
            EXPECT_GT(result.report.kept, 0u) << path;
            ++files;
        }
    }
    EXPECT_GE(files, 1u);
}

TEST_P(Golden, AnyChunkingGivesTheSame) {
    for (const std::string part : {"/ok/", "/fail/"}) {
        for (const auto& path : filesOf(kCorpus + GetParam() + part)) {
            const std::string text = test::readWhole(path.string());
            const std::string whole = readInChunks(text, text.size());
            EXPECT_NE(whole, "no importer") << path;
            for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) EXPECT_EQ(readInChunks(text, chunk), whole) << path << " by " << chunk;
        }
    }
}

// However a file is cut, what was read adds up and nothing hangs or crashes.
TEST_P(Golden, EveryCutIsSurvived) {
    for (const auto& path : filesOf(kCorpus + GetParam() + "/ok/")) {
        const std::string text = test::readWhole(path.string());
        const auto* importer = ingest::chooseImporter(text.substr(0, 4096), text.size() <= 4096);
        ASSERT_NE(importer, nullptr) << path;
        for (std::size_t size = 0; size < text.size(); size += 3) {
            CollectSink sink;
            store::ImportReport report;
            ingest::ImportContext context{sink, report, "f", {}};
            const auto reader = importer->create();
            reader->feed(std::string_view(text).substr(0, size), context);
            reader->finish(context);
            const auto snapshot = sink.store.snapshot();
            EXPECT_EQ(report.kept, snapshot->spanCount() + snapshot->logCount()) << path << " cut at " << size;
            EXPECT_LE(report.warned, report.kept) << path << " cut at " << size;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Formats, Golden, testing::Values("jaeger-json", "zipkin-json", "console", "logs-json", "logs-logfmt", "logs-text"),
                         [](const auto& test) {
                             std::string name = test.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace spanreel
