// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "ingest/importer.h"
#include "ingest/json/json_splitter.h"
#include "ingest/json/json_value.h"

namespace spanreel::ingest {

/// What importers of JSON records share: the place of a byte, and the words for what could not be read.
/// The line is named where the input is one value a line, the byte otherwise.
[[nodiscard]] Place placeOf(const ImportContext& context, JsonSplitter& splitter, std::uint64_t offset);
/// Notes a stretch the splitter could not cut: a loss, or (zero bytes at the end) a remark on the input.
void noteStretch(ImportContext& context, JsonSplitter& splitter, const BadStretch& stretch);
/// Notes a record whose JSON cannot be read as a loss.
void noteBadRecord(ImportContext& context, JsonSplitter& splitter, std::uint64_t offset, const JsonError& error);
/// Warns about what the reader repaired in a record.
template <class Notes>
void noteRepairs(const JsonDocument& document, Notes& notes) {
    if (document.hadRepeatedKey()) notes.warn(ProblemCode::RepeatedKey, std::string(document.repeatedKey()));
    if (document.hadBadUtf8() || document.hadLoneSurrogate()) notes.warn(ProblemCode::BadUtf8, document.hadBadUtf8() ? "" : "lone surrogate");
}

}  // namespace spanreel::ingest
