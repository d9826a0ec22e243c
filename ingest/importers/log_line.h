// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/importers/log_fields.h"

namespace spanreel::ingest {

/// Reads one line of a log into a record: a JSON object (docker's wrapper is taken off), logfmt, or text in which a time, a
/// level and ids are looked for. A line that fits nothing becomes a raw text row with a warning; nothing is refused.
class LogLineReader {
public:
    /// Adds the record to the batcher. `line` is not blank.
    void read(std::string_view line, RecordBatcher& batcher, ItemNotes& notes);
    /// The unit guessed for bare numbers since the last call, if any.
    [[nodiscard]] std::optional<TimeUnit> takeGuessedUnit() { return std::exchange(m_guessed, std::nullopt); }

private:
    bool readJson(std::string_view line, store::LogRecordData& log, Arena& arena, ItemNotes& notes);
    void readDocker(JsonValue root, store::LogRecordData& log, Arena& arena, ItemNotes& notes);
    bool readPairs(std::string_view line, store::LogRecordData& log, Arena& arena, ItemNotes& notes);
    /// True where something in the text was recognised.
    bool readText(std::string_view line, store::LogRecordData& log, Arena& arena);
    void findIds(std::string_view text, store::LogRecordData& log, Arena& arena);

    JsonDocument m_document, m_inner;
    LogDraft m_draft;
    std::string m_service;
    std::optional<TimeUnit> m_guessed;
};

}  // namespace spanreel::ingest
