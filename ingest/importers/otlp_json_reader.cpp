// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/otlp_json_reader.h"

#include <string>

#include "ingest/json/json_scan.h"

namespace spanreel::ingest {

void OtlpJsonReader::setDialect(OtlpJsonDialect dialect) {
    m_records.setDialect(dialect);
    m_walk.setDialect(dialect);
}

void OtlpJsonReader::setFront(store::AttributeFront* front) {
    m_records.setFront(front);
    m_walk.setFront(front);
}

bool OtlpJsonReader::parseAgain(std::string_view text, store::Batch& batch) {
    m_batch = &batch;
    m_text = text;
    m_records.setTarget(batch, text);
    JsonOptions options;
    options.maxDepth = 1u << 26;
    return m_document.read(text, options);
}

bool OtlpJsonReader::parse(std::string_view text, store::Batch& batch, std::uint32_t depth) {
    m_batch = &batch;
    m_text = text;
    m_records.setTarget(batch, text);
    JsonOptions options;
    options.maxDepth = depth;
    if (!m_document.read(text, options)) return false;
    if (!m_document.repaired()) return true;
    const std::size_t at = m_document.firstRepair();
    if (m_document.hadRepeatedKey()) m_records.warn(ProblemCode::RepeatedKey, std::string(m_document.repeatedKey()), at);
    if (m_document.hadBadUtf8()) m_records.warn(ProblemCode::BadUtf8, {}, at);
    if (m_document.hadLoneSurrogate()) m_records.warn(ProblemCode::BadUtf8, "lone surrogate", at);
    m_records.noteRepairAround();
    return true;
}

void OtlpJsonReader::request(JsonValue root) {
    if (root.isArray()) {
        for (const JsonValue element : root.items()) {
            if (element.isObject()) request(element);
            else m_records.lose(ProblemCode::BadValue, "expected an object at the top", element.byteOffset());
        }
        return;
    }
    bool known = root.size() == 0;
    for (const auto [key, member] : root.members()) {
        if (key == "trace" && member.isObject()) {
            known = true;
            if (member.find("trace").isNull()) request(member);
            continue;
        }
        const bool spans = key == "resourceSpans" || key == "batches", logs = key == "resourceLogs", isMetrics = key == "resourceMetrics";
        if (spans || logs || isMetrics) {
            known = true;
            if (member.isNull()) continue;
            if (!member.isArray()) {
                m_records.lose(ProblemCode::BadValue, std::string(key) + ": an array is wanted", member.byteOffset());
                continue;
            }
            if (isMetrics) metrics(member);
            else for (const JsonValue element : member.items()) spans ? m_records.resourceSpans(element) : m_records.resourceLogs(element);
        } else if (key == "resource_spans" || key == "resource_logs" || key == "resource_metrics") {
            known = true;
            m_records.warn(ProblemCode::SnakeCase, std::string(key), member.byteOffset());
        }
    }
    if (known) return;
    if (root.find("scopeSpans")) m_records.resourceSpans(root);
    else if (root.find("scopeLogs")) m_records.resourceLogs(root);
    else if (root.find("traces").isArray()) m_records.lose(ProblemCode::UnknownFormat, "a search reply of Tempo, not a trace", root.byteOffset());
    else m_records.lose(ProblemCode::UnreadableLine, "no OTLP in this object", root.byteOffset());
}

void OtlpJsonReader::metrics(JsonValue array) {
    std::uint64_t count = 0;
    if (array.isArray()) for (const JsonValue element : array.items()) count += m_records.countMetrics(element);
    else count = m_records.countMetrics(array);
    if (count == 0) return;
    JsonScan scan;
    scan.start(array.byteOffset());
    scan.scan(m_text);
    const std::string_view raw = m_text.substr(array.byteOffset(), scan.end() - array.byteOffset());
    std::string bytes = array.isArray() ? "{\"resourceMetrics\":" : "{\"resourceMetrics\":[";
    bytes += raw;
    bytes += array.isArray() ? "}" : "]}";
    m_batch->metrics.push_back({store::Encoding::Json, std::move(bytes), count});
}

void OtlpJsonReader::trim() {
    m_walk.trim();
    m_document.trim();
}

}  // namespace spanreel::ingest
