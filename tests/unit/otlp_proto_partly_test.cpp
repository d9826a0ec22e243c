// SPDX-License-Identifier: GPL-3.0-or-later
// OTLP protobuf of files: what a fault costs, and what not.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/otlp/value_walk.h"
#include "model/otlp/wire.h"
#include "model/store/attribute_front.h"
#include "model/store/trace_store.h"
#include "tests/unit/otlp_proto_bodies.h"

namespace spanreel::ingest {
namespace {

using namespace test;
using otlp::ProtoWriter;

TEST(OtlpProto, PartlyKeepsWholeRecordsBeforeACut) {
    const std::string body = request({span(), span(), span()});
    const std::string cut = body.substr(0, body.size() - 3);
    const auto r = decodeOtlpProtobufPartly(Signal::Traces, std::make_shared<const std::string>(cut));
    EXPECT_EQ(r.request.items, 2u);
    EXPECT_EQ(r.fault.code, ProblemCode::BadProtobuf);
    EXPECT_GE(r.fault.place.byte, 0);
}

TEST(OtlpProto, PartlyKeepsNoUnknownFieldThatIsCut) {
    for (const std::uint32_t level : {1u, 2u}) {  // ResourceSpans, ScopeSpans
        std::string inner = field(2, span());
        if (level == 1) inner = field(2, inner);
        std::string cut = inner + field(200, "whole") + field(201, "cut short");
        if (level == 2) cut = field(2, cut);
        cut = field(1, cut);
        const auto r = decodeOtlpProtobufPartly(Signal::Traces, std::make_shared<const std::string>(cut.substr(0, cut.size() - 4)));
        EXPECT_EQ(r.fault.code, ProblemCode::BadProtobuf);
        ASSERT_EQ(r.request.items, 1u);
        const auto unknown = level == 1 ? r.request.batch.resources.at(0).unknown : r.request.batch.scopes.at(0).unknown;
        EXPECT_EQ(otlp::wrappedUnknown(unknown, otlp::kWrappedEnvelope), field(200, "whole")) << level;
    }
}

TEST(OtlpProto, PartlyABadRecordCostsOnlyItself) {
    store::TraceStore store;
    for (const Signal signal : {Signal::Traces, Signal::Logs})
        for (const std::string& broken : brokenFields())
            for (const bool fronted : {false, true}) {
                const std::uint32_t attributes = signal == Signal::Traces ? 9 : 6;
                const auto record = [&](const std::string& text, std::string_view more = {}) {
                    ProtoWriter w;
                    w.alwaysText(attributes, field(1, "key") + field(2, field(1, text)));
                    w.alwaysUint(200, 7);
                    if (signal == Signal::Traces) w.alwaysText(11, field(2, "event of " + text) + field(3, field(1, "inner") + field(2, field(1, text))));
                    w.raw(more);
                    return w.take();
                };
                const std::string bad = record("lost \xff", broken);
                const std::string body = request({record("first"), bad, record("second"), bad}) + request({bad, record("third")});
                const auto bytes = std::make_shared<const std::string>(body);
                EXPECT_FALSE(decodeOtlpProtobuf(signal, bytes));
                auto r = decodeOtlpProtobufPartly(signal, bytes, fronted ? store.lendFront().get() : nullptr);
                EXPECT_EQ(r.fault.code, ProblemCode::None) << r.fault.detail;
                EXPECT_EQ(r.request.items, 3u);
                EXPECT_EQ(r.request.rejected, 3u);
                ASSERT_EQ(r.request.losses.size(), 3u);
                for (std::size_t end = 0; const auto& loss : r.request.losses) {
                    const std::size_t begin = body.find(bad, end);
                    end = begin + bad.size();
                    EXPECT_GE(loss.place.byte, static_cast<std::int64_t>(end - broken.size()));
                    EXPECT_LE(loss.place.byte, static_cast<std::int64_t>(end));
                }
                for (const auto& warning : r.request.warnings) EXPECT_EQ(warning.detail.find("text"), std::string::npos) << "of what is not kept nothing is told but that";
                if (const auto& pending = r.request.batch.pending) {
                    for (const auto& text : pending->texts) EXPECT_EQ(std::string_view(text.text, text.length).find("lost"), std::string_view::npos);
                }
                std::vector<std::string> kept;
                const auto keep = [&](const auto& row) {
                    std::string text;
                    for (const auto& a : row.attributes()) text += std::string(a.key) + "=" + std::string(a.value.text);
                    EXPECT_FALSE(row.unknown().empty());
                    EXPECT_LT(row.unknown().size(), 8u);
                    if constexpr (requires { row.eventCount(); })
                        for (std::size_t e = 0; e < row.eventCount(); ++e) text += " " + std::string(row.event(e).name);
                    kept.push_back(text);
                };
                store::TraceStore plain;
                store::TraceStore& target = fronted ? store : plain;
                target.append(std::move(r.request.batch), target.addSource(store::SourceKind::File, "f"));
                const auto snapshot = target.snapshot();
                snapshot->forEachSpan(keep);
                snapshot->forEachLog(keep);
                ASSERT_GE(kept.size(), 3u);
                kept.erase(kept.begin(), kept.end() - 3);
                for (std::size_t i = 0; const std::string text : {"first", "second", "third"}) EXPECT_EQ(kept[i++], "key=" + text + (signal == Signal::Traces ? " event of " + text : ""));
            }
}

TEST(OtlpProto, PartlyABadScopeOrResourceCostsNoneBesideIt) {
    const auto partly = [](const std::string& body) { return decodeOtlpProtobufPartly(Signal::Traces, std::make_shared<const std::string>(body)); };
    const std::string good = field(2, span()), broken("\x0a\x7f", 2), noField("\x00\x01", 2);
    // A scope, its envelope behind a span, a resource, its envelope behind a scope.
    const std::string cases[] = {field(2, field(1, broken) + good) + field(2, good + good), field(2, good + noField) + field(2, good), field(1, broken) + field(2, good), field(2, good + good) + noField};
    const std::uint64_t kept[] = {2, 2, 0, 2};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto r = partly(field(1, field(2, good)) + field(1, cases[i]) + field(1, field(2, good)) + field(1, cases[i]));
        EXPECT_EQ(r.request.items, 2 + 2 * kept[i]) << i;
        EXPECT_EQ(r.request.batch.spans.size(), r.request.items);
        EXPECT_EQ(r.request.rejected, 2u) << i;
        EXPECT_EQ(r.fault.code, ProblemCode::None) << i;
    }
    // Each is told, also where they are inside each other; what is cut short once only.
    const std::string all = field(1, field(2, good + field(2, broken) + noField) + field(2, good) + noField) + field(1, field(2, good));
    const auto r = partly(all);
    EXPECT_EQ(r.request.items, 3u);
    EXPECT_EQ(r.request.rejected, 3u);
    const std::string more = field(1, field(2, good + field(2, broken) + good));
    const auto cut = partly(all + more.substr(0, more.size() - 3));
    EXPECT_EQ(cut.request.items, 4u);
    EXPECT_EQ(cut.request.rejected, 4u);
    EXPECT_EQ(cut.fault.code, ProblemCode::BadProtobuf);
    EXPECT_GE(cut.fault.place.byte, static_cast<std::int64_t>(all.size()));
}

}  // namespace
}  // namespace spanreel::ingest
