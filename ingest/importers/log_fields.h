// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/importers/record_tools.h"

namespace spanreel::ingest {

/// What a field of a log record stands for, judged by its name under its usual spellings.
enum class LogRole : std::uint8_t { None, Time, Level, Message, TraceId, SpanId, TraceParent, Flags, Service };

/// The role of a name. `rank` orders names of one role: the lowest wins ("msg" before "event").
struct LogField {
    LogRole role = LogRole::None;
    int rank = 0;
};
[[nodiscard]] LogField logField(std::string_view name);

/// A log record while it is put together from named fields: the best field of each role takes its place, all others are
/// attributes in order. Reused for every record; `start` forgets the last one. Texts live in the arena or in the line.
class LogDraft {
public:
    void start(Arena& arena);
    /// A field with its value; objects that loggers nest their context in ("dd", "fields", "resource") are also looked into.
    void field(std::string_view name, JsonValue value);
    void field(std::string_view name, std::string_view text);
    /// An attribute whatever its name.
    void attribute(std::string_view name, store::Value value) { m_fields.push_back({name, value, {}, {}, false}); }

    /// Fills `log` from the fields: time, level, body, ids, attributes. Warns of times and ids that cannot be read; of an
    /// absent time it does not.
    void settle(store::LogRecordData& log, ItemNotes& notes);
    [[nodiscard]] std::string_view service() const { return m_service; }
    /// The unit guessed for a time that is a bare number.
    [[nodiscard]] std::optional<TimeUnit> guessedUnit() const { return m_guessed; }
    /// A field said a time, but none that can be used.
    [[nodiscard]] bool hadBadTime() const { return m_badTime; }

private:
    struct Field {
        std::string_view name;
        store::Value value;
        std::string_view number;  ///< a number as written
        LogField role;
        bool inside;  ///< a member of an object that is a field itself
        bool taken = false;
    };
    /// The field of that role with the lowest rank above `above`.
    [[nodiscard]] Field* best(LogRole role, int above = -1);
    void takeTime(store::LogRecordData& log, ItemNotes& notes);
    void takeLevel(store::LogRecordData& log);
    /// The severity that a field tells by a number: OTLP's where it is called so, else pino's; 0 where none.
    [[nodiscard]] static std::int32_t numberedLevel(const Field& field);
    void takeIds(store::LogRecordData& log, ItemNotes& notes);

    Arena* m_arena = nullptr;
    std::vector<Field> m_fields;
    std::string_view m_service;
    std::optional<TimeUnit> m_guessed;
    bool m_badTime = false;
};

/// Splits logfmt into fields. False = a quote is still open at the end of the line (the rest was its value).
[[nodiscard]] bool readLogfmt(std::string_view line, Arena& arena, LogDraft& draft);
/// Does the line consist of key=value pairs, with at least one name every logger knows?
[[nodiscard]] bool looksLikeLogfmt(std::string_view line);

/// A trace or span id, or a traceparent, as loggers print it: words for "none" and all-zero ids are absent (the latter with a
/// warning). `decimal`: digits only are a decimal number, as Datadog prints.
void readLogTraceId(std::string_view text, bool decimal, Arena& arena, ItemNotes& notes, store::LogRecordData& log);
void readLogSpanId(std::string_view text, bool decimal, Arena& arena, ItemNotes& notes, store::LogRecordData& log);

}  // namespace spanreel::ingest
