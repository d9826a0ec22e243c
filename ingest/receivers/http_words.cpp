// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/http_words.h"

#include "model/core/text.h"

namespace spanreel::ingest {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<Signal> signalOfTarget(std::string_view target) {
    if (target.starts_with("http://")) {
        const auto slash = target.find('/', 7);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    target = target.substr(0, target.find('?'));
    if (target == "/v1/traces") return Signal::Traces;
    if (target == "/v1/logs") return Signal::Logs;
    if (target == "/v1/metrics") return Signal::Metrics;
    return {};
}

std::optional<store::Encoding> encodingOfContentType(std::string_view contentType) {
    const auto type = asciiLower(trimmed(contentType.substr(0, contentType.find(';'))));
    if (type == "application/x-protobuf") return store::Encoding::Protobuf;
    if (type == "application/json") return store::Encoding::Json;
    return {};
}

ContentCoding joinContentCoding(ContentCoding before, std::string_view line) {
    ContentCoding out = before;
    while (!line.empty() && out != ContentCoding::Unsupported) {
        const auto comma = line.find(',');
        const auto name = asciiLower(trimmed(line.substr(0, comma)));
        line = comma == std::string_view::npos ? std::string_view{} : line.substr(comma + 1);
        if (name.empty() || name == "identity") continue;
        out = (name == "gzip" || name == "x-gzip") && out == ContentCoding::Identity ? ContentCoding::Gzip : ContentCoding::Unsupported;
    }
    return out;
}

}  // namespace spanreel::ingest
