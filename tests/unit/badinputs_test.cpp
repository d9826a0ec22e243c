// SPDX-License-Identifier: GPL-3.0-or-later
// Bad input: good records are kept, what is wrong is said with file and place, nothing crashes.
#include <gtest/gtest.h>

#include <set>

#include "app/problem_text.h"
#include "ingest/import_file.h"
#include "ingest/json/json_value.h"
#include "model/analysis/counts.h"
#include "shared_data.h"

namespace spanreel {
namespace {

const std::set<std::string_view> kImporters = {"any-json", "jaeger-json", "log-jsonl", "log-logfmt", "log-text", "otel-console", "otlp-json", "otlp-proto", "tempo-json", "zipkin-v2"};

/// Where the project's decisions are kinder than the manifest: ids that are not hex, and absent ones, are kept with a warning.
const std::set<std::string_view> kKeptByDecision = {"zk07_bad_ids.json"};

struct Outcome {
    std::uint64_t kept, warned, skipped;
    std::string problems;
    std::size_t count;
};

Outcome importOne(const std::string& path) {
    store::TraceStore store;
    const auto report = ingest::importFile(store, path).report;
    const auto counts = analysis::countSession(store.snapshot());
    EXPECT_EQ(report.kept, counts.spans + counts.logs + counts.metrics);
    EXPECT_LE(report.warned, report.kept);
    Outcome out{report.kept, report.warned, report.skipped, {}, report.entries().size()};
    for (const auto& entry : report.entries()) {
        EXPECT_EQ(entry.problem.place.file, path);
        out.problems += app::problemTextWithPlace(entry.problem) + "\n";
    }
    return out;
}

TEST(BadInputs, OutcomesOfTheManifest) {
    const std::string shared = test::sharedDir();
    if (shared.empty()) GTEST_SKIP() << "no shared data";
    const std::string folder = shared + "/acceptance/badinputs/";
    const std::string text = test::readWhole(folder + "manifest.json");
    const ingest::JsonDocument manifest = ingest::JsonDocument::parse(text);
    ASSERT_TRUE(manifest.ok());
    std::size_t files = 0;
    for (const auto entry : manifest.root()["entries"].items()) {
        std::string_view target = entry["target"].asString();
        if (!target.starts_with("importer:")) continue;
        target.remove_prefix(9);
        target = target.substr(0, target.find_first_of(" +"));
        if (!kImporters.contains(target)) continue;
        ++files;
        const std::string name(entry["file"].asString());
        const std::string_view outcome = entry["outcome"].asString();
        const Outcome got = importOne(folder + name);
        SCOPED_TRACE(name + " should be " + std::string(outcome) + ", kept " + std::to_string(got.kept) + " warned " + std::to_string(got.warned) +
                     " skipped " + std::to_string(got.skipped) + "\n" + got.problems);
        if (kKeptByDecision.contains(name)) {
            EXPECT_EQ(got.skipped, 0u);
            EXPECT_GT(got.warned, 0u);
            continue;
        }
        if (const auto kept = entry["items_kept"].asUint64()) { EXPECT_EQ(got.kept, *kept); }
        if (outcome == "accept") {
            EXPECT_EQ(got.skipped, 0u);
            EXPECT_EQ(got.count, 0u);
        } else if (outcome == "accept_warn") {
            EXPECT_EQ(got.skipped, 0u);
            EXPECT_GT(got.count, 0u);
        } else if (outcome == "partial") {
            EXPECT_GT(got.kept, 0u);
            EXPECT_GT(got.skipped, 0u);
        } else if (outcome == "reject") {
            EXPECT_EQ(got.kept, 0u);
            EXPECT_GT(got.skipped, 0u);
        } else {
            EXPECT_GT(got.skipped, 0u);
        }
        for (const auto word : entry["error_must_contain"].items()) EXPECT_NE(got.problems.find(word.asString()), std::string::npos) << word.asString();
    }
    EXPECT_GT(files, 50u);
}

}  // namespace
}  // namespace spanreel
