// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <optional>

#include "app/commands/command.h"
#include "app/commands/load_inputs.h"
#include "app/commands/memory_option.h"
#include "app/commands/output_file.h"
#include "app/problem_text.h"
#include "ingest/otlp/metrics_from_json.h"
#include "model/export/jaeger_json.h"
#include "model/export/zipkin_json.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/encode_proto.h"
#include "model/otlp/metrics_json.h"

namespace spanreel::app {
namespace {

constexpr std::size_t kRecordsPerRequest = 1000;
constexpr std::size_t kBytesPerRequest = 4u << 20;

enum class Target { OtlpJson, OtlpProto, Jaeger, Zipkin };

std::optional<Target> targetNamed(std::string_view name) {
    if (name == "otlp-json") return Target::OtlpJson;
    if (name == "otlp-proto") return Target::OtlpProto;
    if (name == "jaeger") return Target::Jaeger;
    if (name == "zipkin") return Target::Zipkin;
    return std::nullopt;
}

std::optional<Target> targetOfFile(std::string_view path) {
    if (path.ends_with(".gz")) path.remove_suffix(3);
    else if (path.ends_with(".zst")) path.remove_suffix(4);
    for (const std::string_view end : {".json", ".jsonl", ".ndjson"})
        if (path.ends_with(end)) return Target::OtlpJson;
    for (const std::string_view end : {".pb", ".pbd", ".binpb"})
        if (path.ends_with(end)) return Target::OtlpProto;
    return std::nullopt;
}

/// One request a line.
void frame(OutputFile& out, otlp::JsonEncoder& encoder) {
    out.write(encoder.finish());
    out.write("\n");
}
/// One request behind its length in 4 bytes, big-endian.
void frameProto(OutputFile& out, std::string_view request) {
    const auto n = static_cast<std::uint32_t>(request.size());
    const char length[] = {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
    out.write({length, sizeof length});
    out.write(request);
}
void frame(OutputFile& out, otlp::ProtoEncoder& encoder) { frameProto(out, encoder.finish()); }

/// Writes spans, then logs, each in order of arrival, in requests of about a thousand records of one source.
template <class Encoder>
void writeRecords(const store::StoreSnapshot& snapshot, OutputFile& out, otlp::LossCount& losses) {
    Encoder encoder(snapshot);
    std::optional<store::SourceId> source;
    const auto add = [&](const auto& record) {
        const bool full = encoder.records() >= kRecordsPerRequest || encoder.bytes() >= kBytesPerRequest;
        if (encoder.records() > 0 && (full || source != record.source())) frame(out, encoder);
        source = record.source();
        encoder.add(record);
    };
    snapshot.forEachSpan(add);
    if (encoder.records() > 0) frame(out, encoder);
    snapshot.forEachLog(add);
    if (encoder.records() > 0) frame(out, encoder);
    for (const auto& [what, n] : encoder.losses().counts()) losses.add(what, n);
}

void writeMetrics(const store::StoreSnapshot& snapshot, Target target, OutputFile& out, otlp::LossCount& losses) {
    for (std::size_t i = 0; i < snapshot.metricsRecordCount(); ++i) {
        const store::MetricsRecord& record = snapshot.metricsRecord(i);
        const bool isJson = record.encoding == store::Encoding::Json;
        if (target == Target::OtlpJson) {
            out.write(isJson ? otlp::compactJson(record.bytes) : otlp::metricsProtoToJson(record.bytes, losses));
            out.write("\n");
        } else if (!isJson) frameProto(out, record.bytes);
        else if (const auto request = ingest::metricsJsonToProto(record.bytes, losses)) frameProto(out, *request);
        else losses.add("metrics whose JSON cannot be read", record.metricCount);
    }
}

int run(std::span<const std::string> arguments) {
    static constexpr std::string_view kValued[] = {"o", "output", "format", kMemoryOption};
    const Arguments args = parseArguments(arguments, {}, kValued);
    if (!args.error.empty()) return usageError("convert", args.error);
    const auto memory = memoryBudget(args);
    if (!memory) return usageError("convert", kMemoryUsage);
    if (args.files.empty()) return usageError("convert", "no file given");
    const std::string path = args.has("o") ? args.value("o") : args.value("output");
    if (path.empty()) return usageError("convert", "no output given: -o OUT");
    std::optional<Target> target;
    if (args.has("format")) {
        target = targetNamed(args.value("format"));
        if (!target) return usageError("convert", "unknown format '" + args.value("format") + "': otlp-json, otlp-proto, jaeger or zipkin");
    } else {
        target = targetOfFile(path);
        if (!target) return usageError("convert", path == "-" ? "standard output needs --format" : "the name '" + path + "' does not tell the format: --format FORMAT");
    }

    const LoadedInputs loaded = loadInputs(args.files, *memory);
    const auto snapshot = loaded.snapshot();
    if (snapshot->spanCount() + snapshot->logCount() + snapshot->metricCount() == 0 && loaded.status != kExitOk) return loaded.status;

    auto out = OutputFile::open(path, compressionOfName(path));
    if (!out) {
        std::fprintf(stderr, "spanreel: %s\n", problemTextWithPlace(out.error()).c_str());
        return kExitNothingKept;
    }
    OutputFile& file = **out;
    otlp::LossCount losses;
    const auto sink = [&](std::string_view text) { file.write(text); };
    switch (*target) {
        case Target::OtlpJson: writeRecords<otlp::JsonEncoder>(*snapshot, file, losses); break;
        case Target::OtlpProto: writeRecords<otlp::ProtoEncoder>(*snapshot, file, losses); break;
        case Target::Jaeger: exporting::writeJaegerJson(*snapshot, sink, losses); break;
        case Target::Zipkin: exporting::writeZipkinJson(*snapshot, sink, losses); break;
    }
    if (*target == Target::OtlpJson || *target == Target::OtlpProto) writeMetrics(*snapshot, *target, file, losses);
    if (const auto done = file.commit(); !done) {
        std::fprintf(stderr, "spanreel: %s\n", problemTextWithPlace(done.error()).c_str());
        return kExitNothingKept;
    }
    for (const auto& [what, n] : losses.counts())
        std::fprintf(stderr, "spanreel: %s\n", problemTextWithPlace({ProblemCode::NotRepresentable, what + " (" + std::to_string(n) + ")", {path == "-" ? "" : path, -1, -1}}).c_str());
    return std::max<int>(loaded.status, losses.empty() ? kExitOk : kExitSomeLost);
}

}  // namespace

Command convertCommand() {
    return {"convert", "convert FILE\u2026 -o OUT [--format otlp-json|otlp-proto|jaeger|zipkin]", "writes the records of files in another format",
            "  -o OUT           the file to write; '-' is standard output\n"
            "  --format FORMAT  otlp-json (one request a line), otlp-proto (a 4-byte length before each request),\n"
            "                   jaeger or zipkin; else by OUT's name: .json, .jsonl or .pb, .pbd, .binpb\n"
            "  OUT ending in .gz or .zst is compressed. What the format cannot hold is told, with exit status 1.\n",
            run};
}

}  // namespace spanreel::app
