// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/importer.h"
#include "ingest/json/json_value.h"
#include "model/core/time_format.h"

namespace spanreel::ingest {

/// Builds batches of records for an importer: starts a new batch about every 1,000 items and interns resources and
/// scopes within each. Call `begin` before building a record, allocate its parts from `arena()`, then `add` it.
/// One thread; owned by the importer. Held batches (mode Hold) stay here until `release`, so that their records can be
/// changed once the rest of the input is known.
class RecordBatcher {
public:
    enum class Mode : std::uint8_t { Stream, Hold };
    static constexpr std::size_t kItemsPerBatch = 1000;

    explicit RecordBatcher(Mode mode = Mode::Stream) : m_mode(mode) {}

    /// Starts a new batch where the last one is full; in Stream mode hands the full one on.
    void begin(ImportContext& context);
    [[nodiscard]] Arena& arena() { return current().arena; }
    /// The index of the resource that `key` stands for in the current batch; `build(Arena&)` makes the ResourceRecord
    /// the first time.
    template <class F>
    std::uint32_t resource(std::string_view key, F&& build) {
        const auto [it, isNew] = m_resources.try_emplace(std::string(key), static_cast<std::uint32_t>(current().resources.size()));
        if (isNew) current().resources.push_back(build(current().arena));
        return it->second;
    }
    /// A scope of that name and version in the current batch; kNone where both are empty.
    std::uint32_t scope(std::string_view name, std::string_view version, std::string_view schemaUrl = {});
    /// The same with attributes, which `attributes(Arena&)` makes the first time; they are told apart by `attributesKey`.
    template <class F>
    std::uint32_t scope(std::string_view name, std::string_view version, std::string_view schemaUrl, std::string_view attributesKey, F&& attributes) {
        std::string key(name);
        key.append(1, '\0').append(version).append(1, '\0').append(schemaUrl).append(1, '\0').append(attributesKey);
        const auto [it, isNew] = m_scopes.try_emplace(std::move(key), static_cast<std::uint32_t>(current().scopes.size()));
        if (isNew) current().scopes.push_back({arena().copy(name), arena().copy(version), attributes(arena()), 0, arena().copy(schemaUrl), {}});
        return it->second;
    }
    void add(store::SpanRecord&& span) { current().spans.push_back(std::move(span)); }
    void add(store::LogRecordData&& log) { current().logs.push_back(std::move(log)); }

    /// All batches not handed on yet, in order.
    [[nodiscard]] std::vector<store::Batch>& held() { return m_batches; }
    /// Hands everything on.
    void release(ImportContext& context);

private:
    store::Batch& current() { return m_batches.back(); }

    Mode m_mode;
    std::vector<store::Batch> m_batches;
    std::unordered_map<std::string, std::uint32_t> m_resources;
    std::unordered_map<std::string, std::uint32_t> m_scopes;
};

/// The problems of one item while it is read; says at the end whether it was kept clean or with warnings.
class ItemNotes {
public:
    ItemNotes(ImportContext& context, Place place) : m_context(context), m_place(std::move(place)) {}
    void warn(ProblemCode code, std::string detail) { warnAt(code, std::move(detail), m_place); }
    void warnAt(ProblemCode code, std::string detail, Place place) {
        m_context.report.warn(code, std::move(detail), std::move(place));
        m_warned = true;
    }
    void keep() {
        ++m_context.report.kept;
        if (m_warned) ++m_context.report.warned;
    }
    void skip(ProblemCode code, std::string detail) { m_context.report.skip(code, std::move(detail), m_place); }
    [[nodiscard]] bool warned() const { return m_warned; }
    [[nodiscard]] const Place& place() const { return m_place; }

private:
    ImportContext& m_context;
    Place m_place;
    bool m_warned = false;
};

/// An id as some tool spells it: "0x" and blanks around it are dropped, hex of any case is the id, shorter hex is padded
/// (ShortId unless of a usual width), other text is hashed and kept as `original` (OddId), zero and absent are invalid.
struct ReadTraceId {
    TraceId id;
    std::string_view original;  ///< in the arena
    std::uint16_t marks = 0;
};
struct ReadSpanId {
    SpanId id;
    std::string_view original;
    std::uint16_t marks = 0;
};
[[nodiscard]] ReadTraceId readTraceId(std::string_view text, Arena& arena, ItemNotes& notes);
[[nodiscard]] ReadSpanId readSpanId(std::string_view text, Arena& arena, ItemNotes& notes);
/// As readSpanId, but absent and zero are simply "no parent".
[[nodiscard]] ReadSpanId readParentId(std::string_view text, Arena& arena, ItemNotes& notes);

/// A decimal number in a unit as nanoseconds, exact, rounded towards zero below 1 ns; negative numbers and other text give
/// nothing, numbers beyond uint64 its largest value.
[[nodiscard]] std::optional<std::uint64_t> decimalToNs(std::string_view number, TimeUnit unit);
/// A number that is a JSON number or a string of one, as its text; empty for anything else.
[[nodiscard]] std::string_view numberText(JsonValue value);

/// start + duration for a duration of any sign, saturating at 0 and the largest uint64.
[[nodiscard]] std::uint64_t addSaturating(std::uint64_t start, std::uint64_t duration);

/// A JSON value as an OTLP value in its natural type: whole numbers are ints (text beyond int64), null is empty, arrays and
/// objects are encoded. `text` lives in the arena. Depth is bounded by the JSON reader's limit.
[[nodiscard]] store::Value plainValue(JsonValue value, Arena& arena);
/// The same of values as OpenTelemetry for Go prints them, {"Type","Value"}: INT64, FLOAT64SLICE, Bytes (base64), Map
/// ([{"Key","Value"}]), Slice, …; what is no such pair is taken as it is.
[[nodiscard]] store::Value goValue(JsonValue value, Arena& arena);
/// The compact JSON text of a value (strings without quotes), for what must become text.
[[nodiscard]] std::string plainText(JsonValue value);
/// The members of an object as attributes in order, in the arena.
[[nodiscard]] store::AttributeSpan plainAttributes(JsonValue object, Arena& arena);

/// The value of a string attribute that holds for OpenTelemetry's own meaning in Jaeger and Zipkin tags
/// (`otel.status_code`, `otel.status_description`, `otel.scope.name`, …): true = taken over, no attribute is needed.
struct OtelTags {
    std::string_view scopeName, scopeVersion;
    bool take(std::string_view key, std::string_view text, store::SpanRecord& span, Arena& arena);
};

/// "client", "SERVER", … as a kind of OTLP; nothing for other words.
[[nodiscard]] std::optional<std::int32_t> spanKindFromWord(std::string_view word);

}  // namespace spanreel::ingest
