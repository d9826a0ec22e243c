// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "shared_data.h"

namespace spanreel::test {

/// All small JSON texts there are: the corpus of every JSON format, real files of other tools where they are, and requests
/// made here that have what a usual request has.
inline const std::vector<std::string>& jsonTexts() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out;
        std::vector<std::filesystem::path> paths;
        std::vector<std::string> folders{std::string(SPANREEL_SOURCE_DIR) + "/tests/corpus"};
        if (const auto shared = sharedDir(); !shared.empty()) folders.insert(folders.end(), {shared + "/data/otlp-json", shared + "/data/tempo-json", shared + "/data/negative"});
        for (const auto& folder : folders)
            for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
                if (entry.is_regular_file() && entry.path().string().find("json") != std::string::npos && entry.path().extension() != ".expected") paths.push_back(entry.path());
        std::sort(paths.begin(), paths.end());
        for (const auto& path : paths) {
            const std::string text = readWhole(path.string());
            if (text.size() > 300'000) continue;
            out.push_back(text);
            for (std::size_t from = 0; from < text.size();) {
                const std::size_t to = std::min(text.find('\n', from), text.size());
                if (text[from] == '{' && to - from > 20) out.push_back(text.substr(from, to - from));
                from = to + 1;
            }
        }
        const std::string attributes = R"("attributes":[{"key":"s","value":{"stringValue":"v"}},{"key":"i","value":{"intValue":"-42"}},{"key":"j","value":{"intValue":42}},{"key":"b","value":{"boolValue":true}},{"key":"c","value":{"boolValue":false}},{"key":"d","value":{"doubleValue":1.25}},{"key":"e\n","value":{"stringValue":"tab\tquote\""}},{"value":{"stringValue":"é"},"key":"u"},{"key":"a","value":{"arrayValue":{"values":[{"stringValue":"x"}]}}},{"key":"","value":{"stringValue":""}}])";
        const std::string id = R"("traceId":"0123456789abcdefFEDCBA9876543210","spanId":"00000000000000ab")";
        const std::string span = "{" + id + R"(,"parentSpanId":"","flags":257,"name":"GET /a","kind":2,"startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000007",)" + attributes +
                                 R"(,"events":[{"timeUnixNano":"1760000000000000001","name":"e",)" + attributes + R"(}],"links":[{)" + id + R"(,"traceState":"a=b","flags":1}],"status":{"message":"m","code":2},"traceState":"x=y","droppedAttributesCount":1,"droppedEventsCount":2,"droppedLinksCount":3})";
        const std::string early = "{" + id + R"(,"name":"ends before it starts","startTimeUnixNano":"1760000000000000009","endTimeUnixNano":"1760000000000000007"})";
        const std::string wrong = "{" + id + R"(,"name":17})";
        const std::string log = R"({"timeUnixNano":"1760000000000000001","observedTimeUnixNano":"1760000000000000002","severityNumber":9,"severityText":"INFO","body":{"stringValue":"text"},)" + attributes + "," + id + R"(,"eventName":"n"})";
        const std::string resource = R"({"resource":{)" + attributes + R"(,"droppedAttributesCount":4},)", scope = R"([{"scope":{"name":"n","version":"1",)" + attributes + "},";
        for (const auto& spans : {span, span + "," + early + "," + span, span + "," + wrong + "," + span, std::string()})
            out.push_back(R"({"resourceSpans":[)" + resource + R"("scopeSpans":)" + scope + R"("spans":[)" + spans + R"(],"schemaUrl":"s"}],"schemaUrl":"r"},)" + resource + R"("scopeSpans":)" + scope + R"("spans":[)" + span + "]}]}]}");
        out.push_back(R"({"resourceLogs":[)" + resource + R"("scopeLogs":)" + scope + R"("logRecords":[)" + log + "," + log + R"(]}]}]})");
        return out;
    }();
    return all;
}

}  // namespace spanreel::test
