// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/importers/log_fields.h"
#include "ingest/importers/trace_watch.h"

namespace spanreel::ingest {

/// Reads one line of a log into a record: a JSON object (docker's wrapper is taken off), logfmt, or text in which a time, a
/// level and ids are looked for. A line that fits nothing becomes a raw text row with a warning; nothing is refused.
/// Docker cuts what a program prints after 16 KiB: the parts wait, up to a MiB a stream, until the last makes them one record.
class LogLineReader {
public:
    /// Adds the record to the batcher; the part of one waits. `line` is not blank.
    void read(std::string_view line, RecordBatcher& batcher, ItemNotes& notes);
    /// Adds what still waits for its last part, at the end of the input.
    void finish(RecordBatcher& batcher, ImportContext& context);
    /// The unit guessed for bare numbers since the last call, if any.
    [[nodiscard]] std::optional<TimeUnit> takeGuessedUnit() { return std::exchange(m_guessed, std::nullopt); }

private:
    /// What is there of a record that docker cut; no text = none.
    struct DockerParts {
        std::string entry;  ///< the first as it was written
        std::string text;   ///< of all
        Place place;        ///< of the first
    };
    static constexpr std::size_t kDockerPart = 16u << 10, kLongestParts = 1u << 20;

    void add(std::string_view line, bool fits, store::LogRecordData&& log, RecordBatcher& batcher, ItemNotes& notes);
    bool readJson(std::string_view line, store::LogRecordData& log, Arena& arena, ItemNotes& notes);
    void readDocker(JsonValue root, std::string_view inner, store::LogRecordData& log, Arena& arena, ItemNotes& notes);
    /// The record they make together, which has the time of the first. None are left.
    void readParts(DockerParts& parts, store::LogRecordData& log, Arena& arena, ItemNotes& notes);
    bool readPairs(std::string_view line, store::LogRecordData& log, Arena& arena, ItemNotes& notes);
    /// True where something in the text was recognised.
    bool readText(std::string_view line, store::LogRecordData& log, Arena& arena);
    void findIds(std::string_view text, store::LogRecordData& log, Arena& arena);
    /// A line that is no log object is looked at for the data of a trace format.
    void watch(std::string_view line, ItemNotes& notes);

    JsonDocument m_document, m_inner;
    LogDraft m_draft;
    TraceWatch m_watch;
    DockerParts m_parts[2];  ///< of standard output and standard error
    bool m_waits = false;    ///< the line was a part that is not the last
    std::string m_service;
    std::optional<TimeUnit> m_guessed;
};

}  // namespace spanreel::ingest
