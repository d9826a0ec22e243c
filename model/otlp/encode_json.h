// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "model/otlp/encode_common.h"
#include "model/otlp/json_text.h"
#include "model/store/snapshot.h"

namespace spanreel::otlp {

/// Writes rows of a snapshot as OTLP JSON requests, in the order they are added: neighbours with equal resource and scope
/// share one envelope. One encoder writes spans only or logs only; `finish` gives the request and begins the next.
/// Unknown protobuf fields have no place in JSON and are counted. O(record); one thread.
class JsonEncoder {
public:
    /// `snapshot` must outlive the encoder.
    explicit JsonEncoder(const store::StoreSnapshot& snapshot, bool pretty = false) : m_ids(snapshot), m_json(pretty) {}

    void add(const store::SpanView& span);
    void add(const store::LogView& log);
    [[nodiscard]] std::size_t records() const { return m_records; }
    [[nodiscard]] std::size_t bytes() const { return m_json.text().size(); }
    [[nodiscard]] std::string finish();
    [[nodiscard]] const LossCount& losses() const { return m_losses; }

private:
    void envelope(const char* top, const char* middle, const char* list, std::uint32_t resourceId, std::uint32_t scopeId, const store::ResourceView& resource,
                  const store::ScopeView& scope);
    void closeScope();
    void closeResource();
    void attributes(const char* name, const store::AttributesView& attributes);
    void lost(std::string_view unknown);

    IdSpelling m_ids;
    JsonWriter m_json;
    LossCount m_losses;
    std::size_t m_records = 0;
    bool m_resourceOpen = false, m_scopeOpen = false, m_begun = false;
    std::uint32_t m_resourceId = store::kNone, m_scopeId = store::kNone;
    std::string m_resourceUrl, m_scopeUrl;
};

/// Writes an AnyValue as OTLP JSON ({"stringValue":"…"}, {} for empty), nested ones by an explicit stack.
void writeAnyValue(JsonWriter& json, const store::Value& value);

/// One record as a whole OTLP JSON request, with its resource and scope: what "copy as JSON" gives.
[[nodiscard]] std::string spanToJson(const store::StoreSnapshot& snapshot, const store::SpanView& span, bool pretty = true);
[[nodiscard]] std::string logToJson(const store::StoreSnapshot& snapshot, const store::LogView& log, bool pretty = true);

}  // namespace spanreel::otlp
