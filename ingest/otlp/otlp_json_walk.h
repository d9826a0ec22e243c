// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/json/json_index.h"
#include "ingest/json/json_value.h"
#include "ingest/otlp/otlp_json_records.h"

namespace spanreel::ingest {

/// Reads OTLP JSON as exporters write it straight from its structural index into a batch, without a tree: well-formed,
/// valid UTF-8, known members once each, values in range. Whatever differs is read by JsonDocument and OtlpJsonRecords,
/// the smallest part around it that they can judge alone (a value, a record, an element of resourceSpans); where a part
/// must be judged with all that stands around it (bad grammar, repeated keys, a missing resource), the walk gives the
/// piece back unread. So the result is theirs for every input. Text is not copied: it must live as long as the batch.
/// With a front, names and attributes of spans and logs are looked up on the way, the expected ones by comparing bytes.
///
/// One thread; reused from text to text. Iterative. O(bytes).
class OtlpJsonWalk {
public:
    explicit OtlpJsonWalk(OtlpJsonDialect dialect) : m_records(m_log, dialect) {}

    enum class Only : std::uint8_t { Any, Spans, Logs };

    void setDialect(OtlpJsonDialect dialect) { m_records.setDialect(dialect); }
    /// As in OtlpJsonRecords.
    void setFront(store::AttributeFront* front);
    /// Begins another text. False = it cannot be walked. `issues` hears of problems and kept items once a piece is done;
    /// bytes count from the start of the text.
    [[nodiscard]] bool start(std::string_view text, store::Batch& batch, OtlpJsonIssues& issues);

    /// Reads the piece that begins at the next token and moves behind it: a request object, or an element of
    /// resourceSpans or resourceLogs, or a record. False = given back: nothing has been read, told or moved.
    [[nodiscard]] bool request(Only only = Only::Any);
    [[nodiscard]] bool resourceSpans();
    [[nodiscard]] bool resourceLogs();
    [[nodiscard]] bool span(std::uint32_t resource, std::uint32_t scope);
    [[nodiscard]] bool log(std::uint32_t resource, std::uint32_t scope);

    /// Where the next token begins, the text's length at the end.
    [[nodiscard]] std::size_t position() const { return *m_at; }
    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    /// Behind the last token taken, where that was a bracket, colon or comma.
    [[nodiscard]] std::size_t behind() const { return m_at != m_index.begin() ? m_at[-1] + std::size_t{1} : 0; }
    /// Moves on to the first token from `position` on.
    void skipTo(std::size_t position) {
        while (m_at != m_end && *m_at < position) ++m_at;
    }
    /// The first byte of the next token, 0 at the end.
    [[nodiscard]] char peek() const { return m_at != m_end ? m_text[*m_at] : '\0'; }
    /// Moves over the next token where it is this bracket, colon or comma.
    bool take(char c) { return peek() == c && (++m_at, true); }
    /// Moves over the next token where it is this string.
    bool takeString(std::string_view text);
    /// Tokens of the text.
    [[nodiscard]] std::size_t tokens() const { return static_cast<std::size_t>(m_end - m_index.begin()); }

    void trim();

private:
    /// What the tolerant readers tell while a piece is not sure to be kept.
    class Log final : public OtlpJsonIssues {
    public:
        struct Entry {
            ProblemCode code{};
            std::string detail;
            std::size_t byte = 0;
            bool lost = false;
        };
        void warn(ProblemCode code, std::string detail, std::size_t byte) override { entries.push_back({code, std::move(detail), base + byte, false}); }
        void skip(ProblemCode code, std::string detail, std::size_t byte) override { entries.push_back({code, std::move(detail), base + byte, true}); }
        void kept(bool withWarning) override {
            ++items;
            warned += withWarning;
        }
        std::vector<Entry> entries;
        std::size_t base = 0;
        std::uint64_t items = 0, warned = 0;
    };
    /// What to go back to.
    struct Mark {
        const std::uint32_t* at;
        const std::uint32_t* slash;
        std::size_t spans, logs, resources, scopes, problems, waiting;
        std::uint64_t items, warned;
    };

    template <class Read>
    bool piece(Read&& read);
    [[nodiscard]] Mark mark() const;
    void backTo(const Mark& mark);
    void commit();
    bool document(const std::uint32_t* first, const std::uint32_t*& last);

    bool element(bool spans);
    bool plainElement(bool spans);
    bool group(bool spans, std::uint32_t resource);
    template <class Head, class SchemaUrl, class Element>
    bool holder(std::string_view headKey, std::string_view arrayKey, Head&& head, SchemaUrl&& schemaUrl, Element&& element);
    bool resource(store::ResourceRecord& out);
    bool plainResource(store::ResourceRecord& out);
    bool scope(store::ScopeRecord& out);
    bool record(bool spans, std::uint32_t resource, std::uint32_t scope);
    bool plainSpan(store::SpanRecord& out);
    bool plainLog(store::LogRecordData& out);
    bool events(std::span<const store::EventRecord>& out);
    bool links(std::span<const store::LinkRecord>& out);
    bool status(store::SpanRecord& out);
    bool body(store::LogRecordData& out);

    bool attributes(store::AttributeSpan& out);
    bool attributes(store::AttributeSpan& out, store::FoundRecord& found, bool inner);
    bool attributes(store::AttributeFront::List& list);
    bool expectedAttribute(store::AttributeFront::List& list);
    bool usualAttribute(store::Attribute& out);
    bool anyAttribute(store::Attribute& out);
    [[nodiscard]] bool roomy(std::string_view text) const;
    bool name(std::string_view& out, store::FoundRecord& found);
    bool value(store::Value& out);
    bool usualValue(store::Value& out);
    bool oddValue(store::Value& out);

    bool key(std::string_view& out);
    bool rawString(std::string_view& out);
    bool string(std::string_view& out);
    bool plain(std::string_view raw, std::string_view& out);
    bool number(std::string_view& out);
    bool unsigned64(std::uint64_t& out);
    bool unsigned32(std::uint32_t& out);
    bool enumeration(std::int32_t last, std::int32_t& out);
    bool traceId(TraceId& out, bool mayBeEmpty);
    bool spanId(SpanId& out, bool mayBeZero);

    Log m_log;
    OtlpJsonRecords m_records;
    OtlpJsonIssues* m_issues = nullptr;
    JsonIndex m_index;
    JsonDocument m_document;
    store::Batch* m_batch = nullptr;
    store::AttributeFront* m_front = nullptr;
    std::string_view m_whole;
    const char* m_text = nullptr;
    const std::uint32_t* m_at = nullptr;   ///< the next token
    const std::uint32_t* m_end = nullptr;
    const std::uint32_t* m_slash = nullptr;  ///< no backslash before this one is still to come
    std::vector<store::Attribute> m_attributes;  ///< of the record, event or link at hand
    std::vector<store::EventRecord> m_events;
    std::vector<store::LinkRecord> m_links;
    std::size_t m_spansBefore = 0;  ///< in the batch when the text began
    double m_spansPerByte = 0;      ///< of the last text, for reserving
};

}  // namespace spanreel::ingest
