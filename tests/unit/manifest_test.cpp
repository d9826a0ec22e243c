// SPDX-License-Identifier: GPL-3.0-or-later
// Real files of other tools: every count of their manifest must come out.
#include <gtest/gtest.h>

#include <set>

#include "app/problem_text.h"
#include "ingest/import_file.h"
#include "ingest/json/json_value.h"
#include "model/analysis/counts.h"
#include "shared_data.h"

namespace spanreel {
namespace {

/// Formats of the manifest that have an importer.
const std::set<std::string_view> kFormats = {"otlp-json", "tempo-json", "jaeger-json", "jaeger-es-json", "zipkin-v2-json", "zipkin-v1-json", "otel-console", "logs-json", "logs-logfmt", "logs-text"};

TEST(Manifest, CountsOfRealFiles) {
    const std::string shared = test::sharedDir();
    if (shared.empty()) GTEST_SKIP() << "no shared data";
    const std::string text = test::readWhole(shared + "/data/MANIFEST.json");
    const ingest::JsonDocument manifest = ingest::JsonDocument::parse(text);
    ASSERT_TRUE(manifest.ok());
    std::size_t files = 0;
    for (const auto entry : manifest.root()["files"].items()) {
        const std::string name(entry["file"].asString());
        const std::string_view format = entry["format"].asString();
        SCOPED_TRACE(name);
        store::TraceStore store;
        const auto result = ingest::importFile(store, shared + "/data/" + name);
        const auto counts = analysis::countSession(store.snapshot());
        if (format == "negative") {
            EXPECT_EQ(result.report.kept, 0u);
            EXPECT_GE(result.report.skipped, 1u);
            continue;
        }
        if (!kFormats.contains(format)) continue;
        ++files;
        std::string problems;
        for (const auto& problem : result.report.entries()) problems += "\n  " + app::problemTextWithPlace(problem.problem);
        SCOPED_TRACE(result.report.format + problems);
        const auto check = [&](const char* key, std::uint64_t ours) {
            if (const auto wanted = entry["counts"][key].asUint64()) { EXPECT_EQ(ours, *wanted) << key; }
        };
        check("spans", counts.spans);
        check("traces", counts.traces);
        check("services", counts.services);
        check("errors", counts.errors);
        check("errorTagged", counts.errors);
        check("events", counts.events);
        check("links", counts.links);
        check("logRecords", counts.logs);
        check("lines", counts.logs);
        check("logTraces", counts.logTraces);
        check("metrics", counts.metrics);
        EXPECT_EQ(result.report.kept, counts.spans + counts.logs + counts.metrics);
        EXPECT_LE(result.report.warned, result.report.kept);
        if (format != "otel-console") { EXPECT_EQ(result.report.skipped, 0u); }
    }
    EXPECT_GT(files, 10u);
}

}  // namespace
}  // namespace spanreel
