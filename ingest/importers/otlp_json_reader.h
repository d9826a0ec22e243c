// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "ingest/json/json_value.h"
#include "ingest/otlp/otlp_json_records.h"
#include "ingest/otlp/otlp_json_walk.h"
#include "model/store/batch.h"

namespace spanreel::ingest {

/// Reads whole OTLP JSON texts of a file into batches: by the walk where a text is as exporters write it, else by the
/// tolerant reader. One thread.
class OtlpJsonReader {
public:
    static constexpr std::uint32_t kMaxDepth = 200;

    OtlpJsonReader(OtlpJsonIssues& issues, OtlpJsonDialect dialect) : m_issues(issues), m_records(issues, dialect), m_walk(dialect) {}

    void setDialect(OtlpJsonDialect dialect);
    /// As in OtlpJsonRecords.
    void setFront(store::AttributeFront* front);
    [[nodiscard]] OtlpJsonRecords& records() { return m_records; }
    [[nodiscard]] OtlpJsonWalk& walk() { return m_walk; }
    /// Nothing noticed before bears on the next text, so it may be walked.
    [[nodiscard]] bool mayWalk() const { return m_records.clean(); }
    [[nodiscard]] bool startWalk(std::string_view text, store::Batch& batch) { return m_walk.start(text, batch, m_issues); }

    /// Parses `text`, which lives as long as `batch`, and tells its repairs. False = error() says why it is no JSON.
    bool parse(std::string_view text, store::Batch& batch, std::uint32_t depth = kMaxDepth);
    [[nodiscard]] const JsonError& error() const { return m_document.error(); }
    [[nodiscard]] JsonValue root() const { return m_document.root(); }
    /// Parses without a word about repairs: text that has been told of before.
    bool parseAgain(std::string_view text, store::Batch& batch);

    /// A whole request of the parsed text, or what else stands at the top.
    void request(JsonValue root);
    /// Counts and keeps metrics, as the JSON of a request of their own. `array` is resourceMetrics or one element of it.
    void metrics(JsonValue array);

    void trim();

private:
    OtlpJsonIssues& m_issues;
    OtlpJsonRecords m_records;
    OtlpJsonWalk m_walk;
    JsonDocument m_document;
    store::Batch* m_batch = nullptr;
    std::string_view m_text;
};

}  // namespace spanreel::ingest
