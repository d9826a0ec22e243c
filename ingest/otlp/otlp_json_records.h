// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/json/json_value.h"
#include "model/core/problem.h"
#include "model/otlp/proto_writer.h"
#include "model/store/attribute_front.h"
#include "model/store/batch.h"

namespace spanreel::ingest {

/// The dialects of OTLP's JSON. Strict: a value of the wrong type is fatal for the whole request. Tempo: ids in base64 and
/// enum names are its normal form and need no warning.
struct OtlpJsonDialect {
    bool strict = false;
    bool tempo = false;
};

/// Hears what is wrong with records. `byte` counts from the start of the JSON text being decoded.
class OtlpJsonIssues {
public:
    virtual ~OtlpJsonIssues() = default;
    virtual void warn(ProblemCode code, std::string detail, std::size_t byte) = 0;
    /// An item was lost. In the strict dialect the first one is fatal: nothing is decoded after it.
    virtual void skip(ProblemCode code, std::string detail, std::size_t byte) = 0;
    /// An item was kept; `warned` = with at least one repair.
    virtual void kept(bool warned) = 0;
};

/// Translates parsed OTLP JSON objects into records of a batch: the part of decoding that requests, lines and pieces of
/// huge documents share. One thread; owned by a decoder or an importer. Iterative over the depth of values.
class OtlpJsonRecords {
public:
    OtlpJsonRecords(OtlpJsonIssues& issues, OtlpJsonDialect dialect) : m_issues(issues), m_dialect(dialect) {}

    /// Records go to `batch` from now on. Text inside `stable` (bytes that live as long as the batch) is not copied.
    void setTarget(store::Batch& batch, std::string_view stable) {
        m_batch = &batch;
        m_stable = stable;
    }
    /// Looks names and attributes of spans and logs up on the way, null = no longer. Not within a batch.
    void setFront(store::AttributeFront* front) { m_front = front; }
    void setDialect(OtlpJsonDialect dialect) { m_dialect = dialect; }

    /// Elements of resourceSpans and resourceLogs, everything in them.
    void resourceSpans(JsonValue element);
    void resourceLogs(JsonValue element);
    /// Number of Metric objects in an element of resourceMetrics.
    std::uint64_t countMetrics(JsonValue element);

    /// The parts, for documents that come in pieces.
    bool readResource(JsonValue value, store::ResourceRecord& out);
    bool readScope(JsonValue value, store::ScopeRecord& out);
    void span(JsonValue value, std::uint32_t resource, std::uint32_t scope);
    void log(JsonValue value, std::uint32_t resource, std::uint32_t scope);
    bool anyValue(JsonValue any, store::Value& out);
    [[nodiscard]] std::string_view keep(std::string_view text);

    /// The next item counts as warned: something around it was repaired.
    void noteRepairAround() { m_aroundWarned = true; }
    /// A known field of the wrong shape around records: one unreadable stretch.
    void lose(ProblemCode code, std::string detail, std::size_t byte);
    void warn(ProblemCode code, std::string detail, std::size_t byte);
    /// Strict only: a fatal problem has been told.
    [[nodiscard]] bool stopped() const { return m_stopped; }

    /// Nothing that was noticed so far bears on the next item.
    [[nodiscard]] bool clean() const { return !m_warned && !m_aroundWarned && !m_stopped; }
    /// What bears on the next item, to be handed to another reader of the same input.
    struct Pending {
        bool warned = false, around = false;
    };
    [[nodiscard]] Pending pending() const { return {m_warned, m_aroundWarned}; }
    void setPending(Pending pending) {
        m_warned = pending.warned;
        m_aroundWarned = pending.around;
    }
    /// Forgets all that was noticed.
    void reset() {
        m_warned = m_aroundWarned = m_stopped = false;
        m_badDetail.clear();
        m_badByte = 0;
    }

private:
    enum class IdRole : std::uint8_t { Record, Parent, Link, Log };
    struct Picked {
        store::ValueType type = store::ValueType::Empty;
        JsonValue payload;
    };
    template <class Each>
    void groups(JsonValue element, std::string_view arrayName, std::string_view oldName, std::string_view recordName, Each&& each);
    bool bad(std::string_view field, JsonValue value, const char* expected);
    bool text(JsonValue value, std::string_view field, std::string_view& out);
    bool unsigned64(JsonValue value, std::string_view field, std::uint64_t& out);
    bool unsigned32(JsonValue value, std::string_view field, std::uint32_t& out);
    bool enumeration(JsonValue value, std::string_view field, std::string_view prefix, std::string_view names, std::int32_t last, std::int32_t& out);
    bool traceId(JsonValue value, std::string_view field, IdRole role, TraceId& out, std::string_view& original);
    bool spanId(JsonValue value, std::string_view field, IdRole role, SpanId& out, std::string_view& original);
    bool base64Id(std::string_view text, std::string_view field, std::size_t bytes, std::size_t byte);
    bool attributes(JsonValue value, std::string_view field, store::AttributeSpan& out);
    bool pick(JsonValue any, Picked& out);
    bool scalar(const Picked& picked, store::Value& out);
    bool encode(const Picked& picked, std::string_view& out);
    bool events(JsonValue value, std::span<const store::EventRecord>& out);
    bool links(JsonValue value, std::span<const store::LinkRecord>& out);
    bool status(JsonValue value, store::SpanRecord& out);
    bool readSpan(JsonValue value, store::SpanRecord& out);
    bool readLog(JsonValue value, store::LogRecordData& out);
    bool readEntityRefs(JsonValue value, std::string_view& out);
    void snakeCase(std::string_view key, std::size_t byte);
    void finishItem(bool keptItem, std::size_t byte);

    OtlpJsonIssues& m_issues;
    OtlpJsonDialect m_dialect;
    store::Batch* m_batch = nullptr;
    std::string_view m_stable;
    store::AttributeFront* m_front = nullptr;
    otlp::ProtoWriter m_writer;
    std::string m_scratch;
    // The record at hand.
    bool m_warned = false;
    bool m_aroundWarned = false;
    bool m_stopped = false;
    std::uint16_t m_marks = 0;
    ProblemCode m_badCode = ProblemCode::None;  ///< why the record cannot be kept
    std::string m_badDetail;
    std::size_t m_badByte = 0;
};

}  // namespace spanreel::ingest
