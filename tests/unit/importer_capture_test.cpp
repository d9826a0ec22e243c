// SPDX-License-Identifier: GPL-3.0-or-later
// What real clients printed or sent, against the list of spans they say they made.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "ingest/import_file.h"
#include "ingest/json/json_value.h"
#include "model/core/time_format.h"
#include "shared_data.h"

namespace spanreel {
namespace {

struct Truth {
    std::string parent, name, service, scope;
    std::int64_t kind = 0, status = 0;
    std::uint64_t start = 0, end = 0, attributes = 0, events = 0, links = 0;
};

std::uint64_t hrTime(ingest::JsonValue pair) {
    std::uint64_t parts[2] = {0, 0};
    std::size_t n = 0;
    for (const auto item : pair.items())
        if (n < 2) parts[n++] = item.asUint64().value_or(0);
    return parts[0] * 1000000000u + parts[1];
}

std::map<std::string, Truth> readTruth(const std::string& path) {
    std::map<std::string, Truth> truth;
    std::istringstream lines(test::readWhole(path));
    for (std::string line; std::getline(lines, line);) {
        const auto document = ingest::JsonDocument::parse(line);
        const auto root = document.root();
        if (!root.isObject()) continue;
        Truth t;
        t.parent = root["parentSpanId"].asString();
        t.name = root["name"].asString();
        t.service = root["service"].asString();
        t.scope = root["scope"].asString();
        t.kind = root["kind"].asInt64().value_or(0);
        t.status = root["status"].asInt64().value_or(0);
        t.start = hrTime(root["start"]);
        t.end = hrTime(root["end"]);
        t.attributes = root["nAttrs"].asUint64().value_or(0);
        t.events = root["nEvents"].asUint64().value_or(0);
        t.links = root["nLinks"].asUint64().value_or(0);
        truth[std::string(root["traceId"].asString()) + "/" + std::string(root["spanId"].asString())] = t;
    }
    return truth;
}

std::uint64_t apart(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

TEST(Captures, JavaScriptConsoleEqualsItsTruth) {
    const std::string shared = test::sharedDir();
    if (shared.empty()) GTEST_SKIP() << "no shared data";
    const std::string folder = shared + "/captures/otel-js-console/";
    auto truth = readTruth(folder + "truth.jsonl");
    ASSERT_GT(truth.size(), 100u);
    store::TraceStore store;
    for (const char* name : {"gateway", "orders", "payments", "inventory"}) {
        const auto result = ingest::importFile(store, folder + name + ".console.txt");
        EXPECT_EQ(result.report.skipped, 0u) << name;
    }
    std::size_t found = 0;
    store.snapshot()->forEachSpan([&](const store::SpanView& span) {
        const std::string key = span.traceId().toHex() + "/" + span.spanId().toHex();
        const auto it = truth.find(key);
        if (it == truth.end()) {
            ADD_FAILURE() << "not made by the client: " << key;
            return;
        }
        const Truth& t = it->second;
        ++found;
        SCOPED_TRACE(key + " " + t.name);
        EXPECT_EQ(span.parentId().isValid() ? span.parentId().toHex() : std::string(), t.parent);
        EXPECT_EQ(span.name(), t.name);
        EXPECT_EQ(span.kind(), t.kind + 1);  // the SDK counts kinds from INTERNAL = 0
        EXPECT_EQ(span.status(), t.status);
        EXPECT_EQ(span.serviceName(), t.service);
        EXPECT_EQ(span.scope().name, t.scope);
        // The exporter prints microseconds, the length with a fraction.
        EXPECT_LE(apart(span.startNs(), t.start), 1000u);
        EXPECT_LE(apart(span.endNs() - span.startNs(), t.end - t.start), 1u);
        EXPECT_EQ(span.attributes().size(), t.attributes);
        EXPECT_EQ(span.eventCount(), t.events);
        EXPECT_EQ(span.linkCount(), t.links);
    });
    EXPECT_EQ(found, truth.size());
}

// The Zipkin exporter sent every span of its truth, in several bodies.
TEST(Captures, ZipkinBodiesEqualTheirTruth) {
    const std::string shared = test::sharedDir();
    if (shared.empty()) GTEST_SKIP() << "no shared data";
    const std::string folder = shared + "/captures/otel-js-zipkin/";
    const auto truth = readTruth(folder + "truth.jsonl");
    std::vector<std::string> bodies;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".body") bodies.push_back(entry.path().string());
    std::sort(bodies.begin(), bodies.end());
    ASSERT_FALSE(bodies.empty());
    store::TraceStore store;
    for (const auto& body : bodies) EXPECT_EQ(ingest::importFile(store, body).report.skipped, 0u) << body;
    std::size_t found = 0;
    store.snapshot()->forEachSpan([&](const store::SpanView& span) {
        const std::string key = span.traceId().toHex() + "/" + span.spanId().toHex();
        const auto it = truth.find(key);
        if (it == truth.end()) {
            ADD_FAILURE() << "not made by the client: " << key;
            return;
        }
        const Truth& t = it->second;
        ++found;
        SCOPED_TRACE(key + " " + t.name);
        EXPECT_EQ(span.parentId().isValid() ? span.parentId().toHex() : std::string(), t.parent);
        EXPECT_EQ(span.name(), t.name);
        EXPECT_EQ(span.kind(), t.kind == 0 ? 0 : t.kind + 1);  // Zipkin has no INTERNAL
        EXPECT_EQ(span.status() == 2, t.status == 2);
        EXPECT_EQ(span.serviceName(), t.service);
        EXPECT_LE(apart(span.startNs(), t.start), 1000u);
        EXPECT_EQ(span.eventCount(), t.events);
    });
    EXPECT_GT(found, 100u);
}

// Every line pino wrote carries the ids of a span of the truth.
TEST(Captures, PinoLogsJoinTheirSpans) {
    const std::string shared = test::sharedDir();
    if (shared.empty()) GTEST_SKIP() << "no shared data";
    const std::string folder = shared + "/captures/pino-logs/";
    store::TraceStore store;
    for (const char* name : {"gateway", "orders", "payments"}) EXPECT_EQ(ingest::importFile(store, folder + name + ".pino.jsonl").report.warned, 0u) << name;
    std::size_t logs = 0;
    store.snapshot()->forEachLog([&](const store::LogView& log) {
        ++logs;
        EXPECT_TRUE(log.traceId().isValid());
        EXPECT_TRUE(log.spanId().isValid());
        EXPECT_GT(log.severity(), 0);
        EXPECT_TRUE(isUsableTime(log.timeNs()));
        EXPECT_EQ(log.flags(), 1u);
    });
    EXPECT_EQ(logs, 44u);
}

}  // namespace
}  // namespace spanreel
