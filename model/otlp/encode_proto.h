// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "model/otlp/encode_common.h"
#include "model/otlp/proto_writer.h"
#include "model/store/snapshot.h"

namespace spanreel::otlp {

/// Writes rows of a snapshot as OTLP protobuf requests, in the order they are added: neighbours with equal resource and
/// scope share one envelope. One encoder writes spans only or logs only; `finish` gives the request and begins the next.
/// Everything the model holds is written, unknown fields too. O(record); one thread.
class ProtoEncoder {
public:
    /// `snapshot` must outlive the encoder.
    explicit ProtoEncoder(const store::StoreSnapshot& snapshot) : m_ids(snapshot) {}

    void add(const store::SpanView& span);
    void add(const store::LogView& log);
    /// Records since the last `finish`.
    [[nodiscard]] std::size_t records() const { return m_records; }
    [[nodiscard]] std::size_t bytes() const { return m_writer.size(); }
    [[nodiscard]] std::string finish();
    [[nodiscard]] const LossCount& losses() const { return m_losses; }

private:
    void envelope(std::uint32_t resourceId, std::uint32_t scopeId, const store::ResourceView& resource, const store::ScopeView& scope);
    void closeScope();
    void closeResource();
    void attribute(std::uint32_t field, const store::Attribute& attribute, std::string_view ownersUnknown, std::size_t index);
    void attributes(std::uint32_t field, const store::AttributesView& attributes, std::string_view ownersUnknown);
    void value(const store::Value& value);
    void unknown(std::string_view fields);
    void id(std::uint32_t field, std::string_view text, std::string_view fallback);

    IdSpelling m_ids;
    ProtoWriter m_writer;
    LossCount m_losses;
    std::size_t m_records = 0;
    std::size_t m_resourceMark = 0, m_scopeMark = 0;  ///< 0 = none open
    std::uint32_t m_resourceId = store::kNone, m_scopeId = store::kNone;
    std::string m_resourceUrl, m_scopeUrl, m_resourceUnknown, m_scopeUnknown, m_requestUnknown;
    std::string m_scratch, m_idBytes;
};

/// One request with these spans, in this order.
[[nodiscard]] std::string encodeTracesProto(const store::StoreSnapshot& snapshot, std::span<const store::RowId> rows);
[[nodiscard]] std::string encodeLogsProto(const store::StoreSnapshot& snapshot, std::span<const store::RowId> rows);

}  // namespace spanreel::otlp
