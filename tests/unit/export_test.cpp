// SPDX-License-Identifier: GPL-3.0-or-later
// Jaeger and Zipkin JSON written and read again: what they hold comes back, what they cannot hold is told.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "ingest/import_file.h"
#include "model/export/jaeger_json.h"
#include "model/export/zipkin_json.h"
#include "tests/unit/canonical_dump.h"

namespace spanreel {
namespace {

namespace fs = std::filesystem;
using Losses = std::map<std::string, std::uint64_t, std::less<>>;
constexpr auto kJaeger = exporting::writeJaegerJson;
constexpr auto kZipkin = exporting::writeZipkinJson;

class Exports : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(m_folder); }
    void TearDown() override { fs::remove_all(m_folder); }

    /// Reads a file of this text.
    void load(store::TraceStore& store, const std::string& json) {
        const std::string path = (m_folder / "in.json").string();
        std::ofstream(path, std::ios::binary) << json;
        const auto read = ingest::importFile(store, path);
        EXPECT_EQ(read.report.skipped, 0u) << json;
    }
    /// Writes what `in` says and reads that into `again`.
    template <class Writer>
    Losses there(Writer write, const std::string& in) {
        store::TraceStore store;
        load(store, in);
        before = store.snapshot();
        text.clear();
        otlp::LossCount losses;
        write(*before, [&](std::string_view piece) { text += piece; }, losses);
        store::TraceStore read;
        load(read, text);
        again = read.snapshot();
        return losses.counts();
    }

    std::string text;
    store::SnapshotPtr before, again;

private:
    fs::path m_folder = fs::temp_directory_path() / ("spanreel-export-" + std::to_string(::getpid()));
};

/// OTLP JSON of the spans given, of the service "svc"; times and trace id come by themselves.
std::string otlp(std::initializer_list<std::string> spans) {
    std::string list;
    for (const auto& span : spans)
        list += (list.empty() ? "" : ",") + (R"({"traceId":"11111111111111111111111111111111","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000001000000",)" + span + "}");
    return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"svc"}}]},"scopeSpans":[{"spans":[)" + list + "]}]}]}";
}
std::string textAttribute(const std::string& key, const std::string& value) { return R"("attributes":[{"key":")" + key + R"(","value":{"stringValue":")" + value + R"("}}])"; }

TEST_F(Exports, AnAttributeNamedErrorMakesNoErrorOfASpan) {
    const Losses told{{"attributes named error on spans that are no error", 1}};
    for (const int status : {0, 1}) {
        const std::string code = R"("spanId":"2222222222222222","status":{"code":)" + std::to_string(status) + "},";
        EXPECT_EQ(there(kJaeger, otlp({code + textAttribute("error", "TRUE")})), told);
        EXPECT_EQ(again->span(0).status(), status) << text;
        EXPECT_EQ(there(kJaeger, otlp({code + R"("attributes":[{"key":"error","value":{"boolValue":true}}])"})), told);
        EXPECT_EQ(again->span(0).status(), status) << text;
        EXPECT_EQ(there(kZipkin, otlp({code + textAttribute("error", "ClientSideError")})), told);
        EXPECT_EQ(again->span(0).status(), status) << text;
        // What neither takes for an error stays.
        EXPECT_EQ(there(kJaeger, otlp({code + textAttribute("error", "ClientSideError")})), Losses{});
        EXPECT_EQ(test::canonicalDump(*again), test::canonicalDump(*before)) << text;
        EXPECT_EQ(there(kZipkin, otlp({code + textAttribute("error", "false")})), Losses{});
        EXPECT_EQ(test::canonicalDump(*again), test::canonicalDump(*before)) << text;
    }
}

TEST_F(Exports, AnAttributeNamedAsAFieldChangesNoField) {
    const Losses told{{"attributes whose name means a field of the span in this format", 1}};
    for (const auto& [key, value] : {std::pair<std::string, std::string>{"otel.status_code", "ERROR"}, {"otel.status_description", "no"}, {"otel.scope.name", "lib"}, {"w3c.tracestate", "a=b"}}) {
        for (const auto write : {kJaeger, kZipkin}) {
            EXPECT_EQ(there(write, otlp({R"("spanId":"2222222222222222",)" + textAttribute(key, value)})), told) << key;
            const auto span = again->span(0);
            EXPECT_TRUE(span.status() == 0 && span.statusMessage().empty() && span.scopeId() == store::kNone && span.traceState().empty()) << text;
        }
    }
    EXPECT_EQ(there(kJaeger, otlp({R"("spanId":"2222222222222222",)" + textAttribute("span.kind", "server")})), told);
    EXPECT_EQ(again->span(0).kind(), 0) << text;
}

TEST_F(Exports, TheMessageOfAStatusIsNotLost) {
    for (const std::string message : {"upstream 503", "true", "false"}) {
        for (const std::string code : {"0", "1", "2"}) {
            for (const std::string& attribute : {std::string(), "," + textAttribute("error", "timeout")}) {
                if (!attribute.empty() && code != "2") continue;
                const std::string in = otlp({R"("spanId":"2222222222222222","status":{"code":)" + code + R"(,"message":")" + message + "\"}" + attribute});
                for (const auto write : {kJaeger, kZipkin}) {
                    EXPECT_EQ(there(write, in), Losses{});
                    EXPECT_EQ(again->span(0).status(), before->span(0).status()) << text;
                    EXPECT_EQ(again->span(0).statusMessage(), message) << text;
                }
            }
        }
    }
}

TEST_F(Exports, AnErrorThatGetsAMessageIsTold) {
    const std::string code = R"("spanId":"2222222222222222","status":{"code":2},)";
    for (const std::string word : {"true", "FALSE", ""}) {
        EXPECT_EQ(there(kZipkin, otlp({code + textAttribute("error", word)})), Losses{});
        EXPECT_EQ(test::canonicalDump(*again), test::canonicalDump(*before)) << text;
    }
    EXPECT_EQ(there(kZipkin, otlp({code + textAttribute("error", "boom")})), (Losses{{"errors without a message (Zipkin takes their attribute error for it)", 1}}));
    EXPECT_EQ(again->span(0).attributes().text("error"), "boom") << text;
}

TEST_F(Exports, AnErrorOfZipkinsComesBackAsItWas) {
    for (const std::string error : {"boom", "true", ""}) {
        const std::string in = R"([{"traceId":"5982fe77008310cc80f1da5e10147517","id":"bd7a977555f6b982","name":"get","timestamp":1458702548467000,"duration":386000,)"
                               R"("localEndpoint":{"serviceName":"front"},"tags":{"error":")" + error + R"("}}])";
        EXPECT_EQ(there(kZipkin, in), Losses{});
        EXPECT_EQ(again->span(0).status(), 2);
        EXPECT_NE(text.find(R"("tags":{"error":")" + error + "\"}"), std::string::npos) << text;
        EXPECT_EQ(test::canonicalDump(*again), test::canonicalDump(*before)) << text;
    }
}

TEST_F(Exports, FlagsThatAreLostAreTold) {
    const Losses told{{"flags", 1}};
    EXPECT_EQ(there(kJaeger, otlp({R"("spanId":"2222222222222222","flags":1)"})), Losses{});
    EXPECT_EQ(again->span(0).flags(), 1u);
    EXPECT_EQ(there(kJaeger, otlp({R"("spanId":"2222222222222222","flags":257)"})), told);
    EXPECT_EQ(there(kZipkin, otlp({R"("spanId":"2222222222222222","flags":1)"})), told);
    EXPECT_EQ(there(kZipkin, otlp({R"("spanId":"2222222222222222","flags":0)"})), Losses{});
}

TEST_F(Exports, LinksMakeNoParents) {
    const auto linked = [](const std::string& more, const std::string& to) {
        return otlp({R"("spanId":"2222222222222222")" + more + R"(,"links":[{"traceId":"11111111111111111111111111111111","spanId":")" + to + R"("}])", R"("spanId":"4444444444444444")"});
    };
    EXPECT_EQ(there(kJaeger, linked("", "4444444444444444")), (Losses{{"links of a root span into its own trace (Jaeger takes them for its parent)", 1}}));
    EXPECT_FALSE(again->span(0).parentId().isValid()) << text;
    for (const std::string parent : {"", R"(,"parentSpanId":"4444444444444444")"}) {
        EXPECT_EQ(there(kJaeger, linked(parent, "2222222222222222")), (Losses{{"links of a span to itself", 1}}));
        EXPECT_EQ(again->span(0).parentId(), before->span(0).parentId()) << text;
    }
    EXPECT_EQ(there(kJaeger, linked(R"(,"parentSpanId":"4444444444444444")", "4444444444444444")), Losses{});
    EXPECT_EQ(again->span(0).parentId(), before->span(0).parentId()) << text;
    EXPECT_EQ(again->span(0).linkCount(), 1u) << text;
}

TEST_F(Exports, WhatZipkinSaidComesBack) {
    const std::string call = R"({"traceId":"5982fe77008310cc80f1da5e10147517","id":"bd7a977555f6b982","name":"get","kind":"CLIENT","timestamp":1458702548467000,"duration":386000,)"
                             R"("localEndpoint":{"serviceName":"front","ipv4":"10.0.0.1","port":8080},"remoteEndpoint":{"serviceName":"back","ipv4":"10.0.0.2","port":9000},)"
                             R"("annotations":[{"timestamp":1458702548467100,"value":"ws"}],"tags":{"http.path":"/api"},"debug":true})";
    const std::string served = R"({"traceId":"5982fe77008310cc80f1da5e10147517","id":"bd7a977555f6b982","name":"get","kind":"SERVER","timestamp":1458702548467300,"duration":300000,)"
                               R"("localEndpoint":{"serviceName":"back","ipv6":"2001:db8::1"},"remoteEndpoint":{"ipv4":"10.0.0.1"},"tags":{},"shared":true})";
    const std::string asked = R"({"traceId":"5982fe77008310cc80f1da5e10147517","id":"00000000000000aa","parentId":"bd7a977555f6b982","name":"db","kind":"CLIENT","timestamp":1458702548467400,"duration":1000,)"
                              R"("localEndpoint":{"serviceName":"back"},"remoteEndpoint":{"serviceName":"mysql"},"tags":{}})";
    const auto list = [](std::initializer_list<std::string> spans) {
        std::string all;
        for (const auto& span : spans) all += (all.empty() ? "[\n" : ",\n") + span;
        return all + "\n]\n";
    };
    // The halves of a call, and each alone.
    for (const auto& in : {list({call, served, asked}), list({served, asked}), list({call})}) {
        EXPECT_EQ(there(kZipkin, in), Losses{});
        EXPECT_EQ(text, in);
        EXPECT_EQ(test::canonicalDump(*again), test::canonicalDump(*before));
    }
    EXPECT_EQ(there(kZipkin, list({call, served})), Losses{});
    EXPECT_EQ(before->span(1).parentId(), before->span(0).spanId()) << "halves are told apart";
    EXPECT_FALSE(before->span(1).attributes().find("zipkin.shared"));
}

TEST_F(Exports, WhatIsNoAddressStaysATag) {
    EXPECT_EQ(there(kZipkin, otlp({R"("spanId":"2222222222222222","kind":2,"attributes":[{"key":"client.address","value":{"stringValue":"shop.example"}},)"
                                   R"({"key":"server.address","value":{"stringValue":"10.0.0.1"}},{"key":"network.local.address","value":{"stringValue":"/run/socket"}}])"})),
              Losses{});
    EXPECT_EQ(text.find("remoteEndpoint"), std::string::npos) << text;
    EXPECT_EQ(test::canonicalDump(*again), test::canonicalDump(*before)) << text;
    // Of a repeated key the first is the field, the others are lost as those of tags are.
    EXPECT_EQ(there(kZipkin, otlp({R"("spanId":"2222222222222222","attributes":[{"key":"peer.service","value":{"stringValue":"a"}},{"key":"peer.service","value":{"stringValue":"b"}}])"})),
              (Losses{{"repeated keys", 1}}));
    EXPECT_EQ(again->span(0).attributes().text("peer.service"), "a") << text;
}

TEST_F(Exports, OfTwoNamesOfAServiceTheLastIsWritten) {
    std::string in = otlp({R"("spanId":"2222222222222222")"});
    in.insert(in.find(R"({"key":"service.name")"), R"({"key":"service.name","value":{"stringValue":"other"}},)");
    for (const auto write : {kJaeger, kZipkin}) {
        EXPECT_EQ(there(write, in), (Losses{{"names of a service but the last", 1}}));
        EXPECT_EQ(before->span(0).serviceName(), "svc");
        EXPECT_EQ(again->span(0).serviceName(), "svc") << text;
        EXPECT_EQ(again->span(0).resource().attributes.size(), 1u) << text;
    }
}

}  // namespace
}  // namespace spanreel
