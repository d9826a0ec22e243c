// SPDX-License-Identifier: GPL-3.0-or-later
// Our decoder and encoder against libprotobuf's, on random messages and on damaged ones.
#include <bit>
#include <random>
#include <string>
#include <vector>

#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>

#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/otlp/encode_proto.h"
#include "model/store/trace_store.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"

namespace spanreel {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Traces = opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
using Logs = opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) { return static_cast<std::size_t>(random() % n); }

std::string randomText(Random& random) {
    static const std::string kTexts[] = {"", "a", "service.name", "GET /cart/{id}", "ü – 漢 🙂", std::string("nul\0inside", 10), "\x1b[31m", std::string(300, 'x')};
    return kTexts[below(random, std::size(kTexts))];
}
std::string randomBytes(Random& random, std::size_t n) {
    std::string out(n, '\0');
    for (auto& c : out) c = static_cast<char>(random());
    if (n) out[0] |= 1;
    return out;
}
std::uint64_t randomNumber(Random& random) {
    static const std::uint64_t kNumbers[] = {0, 1, 127, 128, 1700000000000000000ull, 0x7FFFFFFFFFFFFFFFull, 0x8000000000000000ull, 0xFFFFFFFFFFFFFFFFull, 0x7FF8000000000001ull};
    return kNumbers[below(random, std::size(kNumbers))];
}

void addUnknown(Random& random, Message& message) {
    auto* fields = message.GetReflection()->MutableUnknownFields(&message);
    const int number = 100 + static_cast<int>(below(random, 1000));
    switch (below(random, 5)) {
        case 0: fields->AddVarint(number, randomNumber(random)); break;
        case 1: fields->AddFixed32(number, static_cast<std::uint32_t>(random())); break;
        case 2: fields->AddFixed64(number, random()); break;
        case 3: fields->AddLengthDelimited(number, randomBytes(random, below(random, 20))); break;
        default: fields->AddGroup(number)->AddVarint(7, 9);
    }
}

/// Fills any message. What OTLP does not tell apart (an absent message and an empty one) is always written one way.
void fill(Random& random, Message& message, int depth) {
    const auto* type = message.GetDescriptor();
    const auto* reflect = message.GetReflection();
    if (type->name() == "AnyValue") {
        const std::size_t pick = below(random, depth > 12 ? 6 : 8);
        if (pick < 7) {
            const FieldDescriptor* f = type->FindFieldByNumber(static_cast<int>(pick == 4 ? 7 : pick == 5 ? 1 : pick == 6 ? 5 : pick == 7 ? 6 : pick + 1));
            if (f->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) fill(random, *reflect->MutableMessage(&message, f), depth + 1);
            else if (f->number() == 1) reflect->SetString(&message, f, randomText(random));
            else if (f->number() == 7) reflect->SetString(&message, f, randomBytes(random, below(random, 9)));
            else if (f->number() == 2) reflect->SetBool(&message, f, random() & 1);
            else if (f->number() == 3) reflect->SetInt64(&message, f, static_cast<std::int64_t>(randomNumber(random)));
            else reflect->SetDouble(&message, f, std::bit_cast<double>(randomNumber(random)));
        } else fill(random, *reflect->MutableMessage(&message, type->FindFieldByNumber(6)), depth + 1);
        if (below(random, 20) == 0) addUnknown(random, message);
        return;
    }
    for (int i = 0; i < type->field_count(); ++i) {
        const FieldDescriptor* f = type->field(i);
        const std::string& name = f->name();
        if (f->is_repeated()) {
            const bool needed = name == "resource_spans" || name == "scope_spans" || name == "spans" || name == "resource_logs" || name == "scope_logs" || name == "log_records";
            const std::size_t n = needed ? 1 + below(random, 3) : below(random, 4) == 0 ? 1 + below(random, 3) : 0;
            for (std::size_t k = 0; k < n; ++k) {
                if (f->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) fill(random, *reflect->AddMessage(&message, f), depth + 1);
                else if (f->cpp_type() == FieldDescriptor::CPPTYPE_STRING) reflect->AddString(&message, f, randomText(random));
            }
            continue;
        }
        switch (f->cpp_type()) {
            case FieldDescriptor::CPPTYPE_MESSAGE: {
                if (name == "status" || name == "body") {
                    if (random() & 1) break;
                    Message* sub = reflect->MutableMessage(&message, f);
                    fill(random, *sub, depth + 1);
                    if (sub->ByteSizeLong() == 0) reflect->ClearField(&message, f);
                } else fill(random, *reflect->MutableMessage(&message, f), depth + 1);
                break;
            }
            case FieldDescriptor::CPPTYPE_STRING:
                if (name == "trace_id") reflect->SetString(&message, f, randomBytes(random, 16));
                else if (name == "span_id") reflect->SetString(&message, f, randomBytes(random, 8));
                else if (name == "parent_span_id") reflect->SetString(&message, f, randomBytes(random, random() & 1 ? 8 : 0));
                else reflect->SetString(&message, f, randomText(random));
                break;
            case FieldDescriptor::CPPTYPE_UINT32: reflect->SetUInt32(&message, f, static_cast<std::uint32_t>(randomNumber(random))); break;
            case FieldDescriptor::CPPTYPE_UINT64: reflect->SetUInt64(&message, f, randomNumber(random)); break;
            case FieldDescriptor::CPPTYPE_ENUM: reflect->SetEnumValue(&message, f, static_cast<int>(below(random, 30)) - 2); break;
            default: break;
        }
    }
    if (below(random, 6) == 0) addUnknown(random, message);
}

template <class M>
std::string bytesOf(const M& message) { return message.SerializeAsString(); }
std::string unknownOf(const Message& message) {
    std::string out;
    message.GetReflection()->GetUnknownFields(message).SerializeToString(&out);
    return out;
}

/// Every record with its envelopes, as libprotobuf writes them: grouping apart, all there is.
std::vector<std::string> flatten(const Traces& request) {
    std::vector<std::string> out{unknownOf(request)};
    for (const auto& r : request.resource_spans())
        for (const auto& s : r.scope_spans())
            for (const auto& span : s.spans())
                out.push_back(bytesOf(r.resource()) + "|" + r.schema_url() + "|" + unknownOf(r) + "|" + bytesOf(s.scope()) + "|" + s.schema_url() + "|" + unknownOf(s) + "|" + bytesOf(span));
    return out;
}
std::vector<std::string> flatten(const Logs& request) {
    std::vector<std::string> out{unknownOf(request)};
    for (const auto& r : request.resource_logs())
        for (const auto& s : r.scope_logs())
            for (const auto& log : s.log_records())
                out.push_back(bytesOf(r.resource()) + "|" + r.schema_url() + "|" + unknownOf(r) + "|" + bytesOf(s.scope()) + "|" + s.schema_url() + "|" + unknownOf(s) + "|" + bytesOf(log));
    return out;
}

template <class Request>
void roundTrips(ingest::Signal signal) {
    Random random(20261120);
    for (int round = 0; round < 400; ++round) {
        Request original;
        fill(random, original, 0);
        auto decoded = ingest::decodeOtlpProtobuf(signal, std::make_shared<const std::string>(original.SerializeAsString()));
        ASSERT_TRUE(decoded) << round << " " << decoded.error().detail;
        store::TraceStore store;
        const auto source = store.addSource(store::SourceKind::Receiver, "test");
        store.append(std::move(decoded->batch), source);
        const auto snapshot = store.snapshot();
        otlp::ProtoEncoder encoder(*snapshot);
        snapshot->forEachSpan([&](const store::SpanView& span) { encoder.add(span); });
        snapshot->forEachLog([&](const store::LogView& log) { encoder.add(log); });
        Request back;
        ASSERT_TRUE(back.ParseFromString(encoder.finish())) << round;
        const auto want = flatten(original), have = flatten(back);
        ASSERT_EQ(want.size(), have.size()) << round;
        for (std::size_t i = 0; i < want.size(); ++i) ASSERT_EQ(want[i], have[i]) << "round " << round << ", record " << i;
        EXPECT_TRUE(encoder.losses().empty());
    }
}

TEST(OtlpProtoDifferential, TracesReadAndWrittenEqualLibprotobufs) { roundTrips<Traces>(ingest::Signal::Traces); }
TEST(OtlpProtoDifferential, LogsReadAndWrittenEqualLibprotobufs) { roundTrips<Logs>(ingest::Signal::Logs); }

template <class Request>
void damaged(ingest::Signal signal) {
    google::protobuf::SetLogHandler(nullptr);  // it tells each text that is no UTF-8
    Random random(77);
    std::size_t accepted = 0, refused = 0;
    for (int round = 0; round < 60; ++round) {
        Request original;
        fill(random, original, 0);
        const std::string good = original.SerializeAsString();
        for (int variant = 0; variant < 100; ++variant) {
            std::string bytes = good;
            for (std::size_t times = 1 + (variant % 3 == 0 ? below(random, 4) : 0); times-- > 0 && !bytes.empty();) {
                const std::size_t at = below(random, bytes.size());
                switch (below(random, 7)) {
                    case 0: bytes.resize(at); break;
                    case 1: bytes[at] = static_cast<char>(random()); break;
                    case 2: bytes.insert(at, 1, static_cast<char>(random())); break;
                    case 3: bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(random, 8)); break;
                    case 4: bytes.insert(at, bytes.substr(below(random, bytes.size()), below(random, 40))); break;  // a stretch from elsewhere
                    case 5: bytes += good; break;  // two requests, one after the other
                    default: bytes.erase(at, 1 + below(random, 3));
                }
            }
            Request parsed;
            const bool theirs = parsed.ParseFromString(bytes);
            const auto ours = ingest::decodeOtlpProtobuf(signal, std::make_shared<const std::string>(bytes));
            (ours ? accepted : refused) += 1;
            // libprotobuf cuts a tag of more than 32 bits to 32, where we refuse it.
            const bool wideTag = !ours && ours.error().detail == "tag out of range";
            if (theirs && !wideTag) ASSERT_TRUE(ours) << ours.error().detail << " at " << ours.error().place.byte << ", round " << round << "." << variant;
            else if (ours) {
                // libprotobuf refuses text that is no UTF-8, where we repair it.
                bool text = false;
                for (const auto& warning : ours->warnings) text |= warning.code == ProblemCode::BadUtf8;
                ASSERT_TRUE(text || ours->warnings.size() >= ingest::DecodedRequest::kMaxWarnings) << "round " << round << "." << variant;
            } else {
                ASSERT_GE(ours.error().place.byte, 0);
                ASSERT_LE(ours.error().place.byte, static_cast<std::int64_t>(bytes.size()));
            }
        }
    }
    EXPECT_GT(accepted, 100u);
    EXPECT_GT(refused, 100u);
}

TEST(OtlpProtoDifferential, DamagedTracesAreJudgedAlike) { damaged<Traces>(ingest::Signal::Traces); }
TEST(OtlpProtoDifferential, DamagedLogsAreJudgedAlike) { damaged<Logs>(ingest::Signal::Logs); }

}  // namespace
}  // namespace spanreel
