// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_targets.h"

#include <algorithm>

#include "model/core/text.h"
#include "tests/fuzz/fuzz_target.h"

namespace spanreel::fuzz {

// The explicit list: one line a target.
const std::vector<FuzzTarget>& fuzzTargets() {
    static const std::vector<FuzzTarget> list = {
        {"otlp-proto", fuzzOtlpProto, "tests/corpus/otlp-proto"},
        {"otlp-json", fuzzOtlpJson, "tests/corpus/otlp-json"},
        {"metrics-json", fuzzMetricsJson, "tests/corpus/otlp-json"},
        {"import-console", [](std::string_view b) { fuzzImporter(b, "otel-console"); }, "tests/corpus/console"},
        {"import-jaeger-json", [](std::string_view b) { fuzzImporter(b, "jaeger-json"); }, "tests/corpus/jaeger-json"},
        {"import-journal", [](std::string_view b) { fuzzImporter(b, "spanreel-journal"); }, ""},
        {"import-logs-json", [](std::string_view b) { fuzzImporter(b, "logs-json"); }, "tests/corpus/logs-json"},
        {"import-logs-logfmt", [](std::string_view b) { fuzzImporter(b, "logs-logfmt"); }, "tests/corpus/logs-logfmt"},
        {"import-logs-text", [](std::string_view b) { fuzzImporter(b, "logs-text"); }, "tests/corpus/logs-text"},
        {"import-otlp-json", [](std::string_view b) { fuzzImporter(b, "otlp-json"); }, "tests/corpus/otlp-json resources/samples/shop.otlp.jsonl"},
        {"import-otlp-proto", [](std::string_view b) { fuzzImporter(b, "otlp-proto"); }, "tests/corpus/otlp-proto"},
        {"import-tempo-json", [](std::string_view b) { fuzzImporter(b, "tempo-json"); }, "tests/corpus/otlp-json"},
        {"import-zipkin-json", [](std::string_view b) { fuzzImporter(b, "zipkin-json"); }, "tests/corpus/zipkin-json"},
        {"json-splitter", fuzzJsonSplitter, "tests/corpus/otlp-json tests/corpus/jaeger-json"},
        {"json-value", fuzzJsonValue, "tests/corpus/otlp-json tests/corpus/logs-json"},
        {"sniff", fuzzSniff, "tests/corpus/console tests/corpus/jaeger-json tests/corpus/logs-json tests/corpus/logs-logfmt tests/corpus/logs-text tests/corpus/otlp-json tests/corpus/zipkin-json"},
        {"inflate", fuzzInflate, ""},
        {"utf16", fuzzUtf16, "tests/corpus/logs-text"},
        {"journal", fuzzJournal, ""},
        {"http-words", fuzzHttpWords, ""},
        {"times", fuzzTimes, "tests/corpus/logs-text"},
        {"logfmt", fuzzLogfmt, "tests/corpus/logs-logfmt"},
        {"inspect", fuzzInspect, "tests/corpus/console"},
        {"texts", fuzzTexts, "tests/corpus/logs-text"},
        {"redact", fuzzRedact, ""},
        {"markdown", fuzzMarkdown, "README.md CHANGELOG.md"},
        {"notes", fuzzNotes, ""},
        {"store", fuzzStore, ""},
        {"forest", fuzzForest, ""},
        {"session", fuzzSession, "resources/samples/shop.otlp.jsonl tests/corpus/otlp-json tests/corpus/jaeger-json tests/corpus/zipkin-json tests/corpus/console"},
    };
    return list;
}

void requireSame(const std::string& have, const std::string& want, const char* what) {
    if (have == want) return;
    const auto at = static_cast<std::size_t>(std::mismatch(have.begin(), have.begin() + static_cast<std::ptrdiff_t>(std::min(have.size(), want.size())), want.begin()).first - have.begin());
    const auto from = at < 100 ? 0 : at - 100;
    throw Broken(std::string(what) + ", from byte " + std::to_string(at) + ":\n" + escapeControls(have.substr(from, 300)) + "\nwanted:\n" + escapeControls(want.substr(from, 300)));
}

std::uint64_t seedOf(std::string_view bytes) {
    std::uint64_t hash = 0xCBF29CE484222325ull;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
    return hash;
}

}  // namespace spanreel::fuzz
