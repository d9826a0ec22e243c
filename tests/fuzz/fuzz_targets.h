// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

// Every target's function; the list is in fuzz_targets.cpp.
namespace spanreel::fuzz {

void fuzzOtlpProto(std::string_view bytes);
void fuzzOtlpJson(std::string_view bytes);
void fuzzMetricsJson(std::string_view bytes);
/// `format` = an importer's name.
void fuzzImporter(std::string_view bytes, std::string_view format);
void fuzzJsonSplitter(std::string_view bytes);
void fuzzJsonValue(std::string_view bytes);
void fuzzSniff(std::string_view bytes);
void fuzzInflate(std::string_view bytes);
void fuzzUtf16(std::string_view bytes);
void fuzzJournal(std::string_view bytes);
void fuzzHttpWords(std::string_view bytes);
void fuzzTimes(std::string_view bytes);
void fuzzLogfmt(std::string_view bytes);
void fuzzInspect(std::string_view bytes);
void fuzzTexts(std::string_view bytes);
void fuzzRedact(std::string_view bytes);
void fuzzMarkdown(std::string_view bytes);
void fuzzNotes(std::string_view bytes);
void fuzzStore(std::string_view bytes);
void fuzzForest(std::string_view bytes);
void fuzzSession(std::string_view bytes);

}  // namespace spanreel::fuzz
