// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/json_records.h"

#include "model/core/text.h"

namespace spanreel::ingest {

Place placeOf(const ImportContext& context, JsonSplitter& splitter, std::uint64_t offset) {
    if (splitter.looksLikeLines()) return {context.file, -1, static_cast<std::int64_t>(splitter.lineAt(offset))};
    return {context.file, static_cast<std::int64_t>(offset), -1};
}

void noteStretch(ImportContext& context, JsonSplitter& splitter, const BadStretch& stretch) {
    Place place{context.file, static_cast<std::int64_t>(stretch.offset), -1};
    if (stretch.inLines || stretch.kind == BadStretch::Kind::Text) place = {context.file, -1, static_cast<std::int64_t>(splitter.lineAt(stretch.offset))};
    switch (stretch.kind) {
        case BadStretch::Kind::Zeros: context.report.warn(ProblemCode::FlaggedValue, stretch.message, std::move(place)); return;
        case BadStretch::Kind::Comma: context.report.remark(ProblemCode::FlaggedValue, stretch.message, std::move(place)); return;
        case BadStretch::Kind::TooLong: context.report.skip(ProblemCode::Limit, stretch.message, std::move(place)); return;
        case BadStretch::Kind::Text: context.report.skip(ProblemCode::UnreadableLine, escapeControls(repairUtf8(stretch.bytes.substr(0, 80))), std::move(place)); return;
        case BadStretch::Kind::Broken:
        case BadStretch::Kind::Truncated: context.report.skip(ProblemCode::BadJson, stretch.message, std::move(place)); return;
    }
}

void noteBadRecord(ImportContext& context, JsonSplitter& splitter, std::uint64_t offset, const JsonError& error) {
    context.report.skip(error.code, error.message, placeOf(context, splitter, offset + error.offset));
}

}  // namespace spanreel::ingest
