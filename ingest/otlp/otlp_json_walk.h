// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/json/json_cursor.h"
#include "ingest/json/json_value.h"
#include "ingest/otlp/otlp_json_records.h"
#include "ingest/otlp/otlp_json_text.h"

namespace spanreel::ingest {

/// Reads OTLP JSON as exporters write it straight from its bytes into a batch, without a tree: well-formed,
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
    [[nodiscard]] std::size_t position() {
        m_at.peek();
        return static_cast<std::size_t>(m_at.at() - m_text);
    }
    [[nodiscard]] bool atEnd() { return position() == m_whole.size(); }
    /// Behind the piece or token that was just taken.
    [[nodiscard]] std::size_t behind() const { return static_cast<std::size_t>(m_at.at() - m_text); }
    void moveTo(std::size_t position) { m_at.moveTo(m_text + position); }
    /// Moves over the next token where it is this bracket, colon or comma.
    bool take(char c) { return m_at.take(c); }

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
        JsonCursor at;
        std::size_t spans, logs, resources, scopes, problems, waiting;
        std::uint64_t items, warned;
    };

    /// Which member of an object comes next, guessed from what came behind the same member the last time.
    using MemberGuess = std::array<std::uint8_t, 24>;

    template <class Read>
    bool piece(Read&& read);
    [[nodiscard]] Mark mark() const;
    void backTo(const Mark& mark);
    void commit();
    bool document();

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
    bool expectedText(store::AttributeFront::List& list, std::uint32_t guess, const char* first);
    bool attribute(store::Attribute& out);
    [[nodiscard]] bool roomy(std::string_view text) const;
    bool name(std::string_view& out, store::FoundRecord& found);
    bool value(store::Value& out);
    bool usualValue(store::Value& out);
    bool oddValue(store::Value& out);

    template <std::size_t N, class Read>
    bool members(const json_text::MemberNames<N>& names, MemberGuess& guess, std::uint32_t& met, Read&& read);
    bool key(std::string_view& out);
    bool string(std::string_view& out);
    bool unescape(std::string_view& text);
    bool bareString(std::string_view& out);
    bool unsigned64(std::uint64_t& out);
    bool unsigned32(std::uint32_t& out);
    bool enumeration(std::int32_t last, std::int32_t& out);
    bool traceId(TraceId& out, bool mayBeEmpty);
    bool spanId(SpanId& out, bool mayBeZero);

    Log m_log;
    OtlpJsonRecords m_records;
    OtlpJsonIssues* m_issues = nullptr;
    JsonDocument m_document;
    store::Batch* m_batch = nullptr;
    store::AttributeFront* m_front = nullptr;
    std::string_view m_whole;
    const char* m_text = nullptr;
    JsonCursor m_at;
    MemberGuess m_spanMembers{}, m_logMembers{}, m_eventMembers{}, m_linkMembers{}, m_statusMembers{};
    std::vector<store::Attribute> m_attributes;  ///< of the record, event or link at hand
    std::vector<store::EventRecord> m_events;
    std::vector<store::LinkRecord> m_links;
    std::size_t m_spansBefore = 0;  ///< in the batch when the text began
    double m_spansPerByte = 0;      ///< of the last text, for reserving
};

}  // namespace spanreel::ingest
