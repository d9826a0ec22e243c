// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/problem_text.h"

#include <array>
#include <cstring>
#include <fmt/format.h>

#include "model/core/text.h"

// Marks a sentence for the translators; the studio looks it up at run time.
#ifndef QT_TRANSLATE_NOOP
#define QT_TRANSLATE_NOOP(context, text) text
#endif

namespace spanreel::app {
namespace {

struct Row {
    ProblemCode code;
    const char* name;
    const char* sentence;  ///< {} = detail
};

// One row a code, in the order of the enumeration.
constexpr Row kRows[] = {
    {ProblemCode::None, "none", QT_TRANSLATE_NOOP("Problem", "no problem")},
    {ProblemCode::CannotOpen, "cannot-open", QT_TRANSLATE_NOOP("Problem", "cannot be opened: {}")},
    {ProblemCode::CannotRead, "cannot-read", QT_TRANSLATE_NOOP("Problem", "cannot be read: {}")},
    {ProblemCode::CannotWrite, "cannot-write", QT_TRANSLATE_NOOP("Problem", "cannot be written: {}")},
    {ProblemCode::Empty, "empty", QT_TRANSLATE_NOOP("Problem", "the input is empty")},
    {ProblemCode::UnknownFormat, "unknown-format", QT_TRANSLATE_NOOP("Problem", "not a format Spanreel reads: {}")},
    {ProblemCode::UnsupportedEncoding, "unsupported-encoding", QT_TRANSLATE_NOOP("Problem", "text encoding not read here: {}")},
    {ProblemCode::ApiError, "api-error", QT_TRANSLATE_NOOP("Problem", "an error reply of an API, not a trace: {}")},
    {ProblemCode::BadCompression, "bad-compression", QT_TRANSLATE_NOOP("Problem", "damaged compression: {}")},
    {ProblemCode::Limit, "limit", QT_TRANSLATE_NOOP("Problem", "over a limit: {}")},
    {ProblemCode::BadJson, "bad-json", QT_TRANSLATE_NOOP("Problem", "malformed JSON: {}")},
    {ProblemCode::BadProtobuf, "bad-protobuf", QT_TRANSLATE_NOOP("Problem", "malformed protobuf: {}")},
    {ProblemCode::Nesting, "nesting", QT_TRANSLATE_NOOP("Problem", "nested too deeply (limit 100): {}")},
    {ProblemCode::BadValue, "bad-value", QT_TRANSLATE_NOOP("Problem", "not a valid value: {}")},
    {ProblemCode::UnreadableLine, "unreadable-line", QT_TRANSLATE_NOOP("Problem", "not a record: {}")},
    {ProblemCode::BadUtf8, "bad-utf8", QT_TRANSLATE_NOOP("Problem", "invalid UTF-8 replaced by U+FFFD: {}")},
    {ProblemCode::Base64Id, "base64-id", QT_TRANSLATE_NOOP("Problem", "id in base64 instead of hex: {}")},
    {ProblemCode::EnumName, "enum-name", QT_TRANSLATE_NOOP("Problem", "enum given by name instead of number: {}")},
    {ProblemCode::ZeroId, "zero-id", QT_TRANSLATE_NOOP("Problem", "id is absent or all zero, the record joins nothing: {}")},
    {ProblemCode::ShortId, "short-id", QT_TRANSLATE_NOOP("Problem", "id of unusual length: {}")},
    {ProblemCode::OddId, "odd-id", QT_TRANSLATE_NOOP("Problem", "id is not hex of the usual length, a stable id stands for it: {}")},
    {ProblemCode::RepeatedKey, "repeated-key", QT_TRANSLATE_NOOP("Problem", "key occurs more than once: {}")},
    {ProblemCode::SnakeCase, "snake-case", QT_TRANSLATE_NOOP("Problem", "snake_case name is not OTLP JSON and was ignored: {}")},
    {ProblemCode::WrongSignal, "wrong-signal", QT_TRANSLATE_NOOP("Problem", "another signal than the name says: {}")},
    {ProblemCode::UnknownEnum, "unknown-enum", QT_TRANSLATE_NOOP("Problem", "unknown enum value kept: {}")},
    {ProblemCode::UnknownEnumDropped, "unknown-enum-dropped", QT_TRANSLATE_NOOP("Problem", "unknown enum value not kept: {}")},
    {ProblemCode::MissingProcess, "missing-process", QT_TRANSLATE_NOOP("Problem", "names a process that is not in the file: {}")},
    {ProblemCode::NegativeDuration, "negative-duration", QT_TRANSLATE_NOOP("Problem", "negative duration: {}")},
    {ProblemCode::GuessedTimeUnit, "guessed-time-unit", QT_TRANSLATE_NOOP("Problem", "time unit guessed from the magnitude: {}")},
    {ProblemCode::NoTime, "no-time", QT_TRANSLATE_NOOP("Problem", "no usable time: {}")},
    {ProblemCode::TextLine, "text-line", QT_TRANSLATE_NOOP("Problem", "kept as a line of text: {}")},
    {ProblemCode::IdFoundInText, "id-found-in-text", QT_TRANSLATE_NOOP("Problem", "id found in the text: {}")},
    {ProblemCode::OldFormat, "old-format", QT_TRANSLATE_NOOP("Problem", "an old format: {}")},
    {ProblemCode::SelfParent, "self-parent", QT_TRANSLATE_NOOP("Problem", "span is its own parent: {}")},
    {ProblemCode::Cycle, "cycle", QT_TRANSLATE_NOOP("Problem", "parents form a cycle, cut at {}")},
    {ProblemCode::MissingParent, "missing-parent", QT_TRANSLATE_NOOP("Problem", "missing parent: {}")},
    {ProblemCode::SeveralRoots, "several-roots", QT_TRANSLATE_NOOP("Problem", "more than one root span: {}")},
    {ProblemCode::DuplicateSpan, "duplicate-span", QT_TRANSLATE_NOOP("Problem", "duplicate span id: {}")},
    {ProblemCode::BeforeParent, "before-parent", QT_TRANSLATE_NOOP("Problem", "starts before its parent: {}")},
    {ProblemCode::FlaggedValue, "flagged-value", QT_TRANSLATE_NOOP("Problem", "kept as it is: {}")},
    {ProblemCode::NotRepresentable, "not-representable", QT_TRANSLATE_NOOP("Problem", "the target format cannot hold: {}")},
    {ProblemCode::NoSuchTrace, "no-such-trace", QT_TRANSLATE_NOOP("Problem", "no trace with the id {}")},
    {ProblemCode::Usage, "usage", QT_TRANSLATE_NOOP("Problem", "wrong arguments: {}")},
    {ProblemCode::PortInUse, "port-in-use", QT_TRANSLATE_NOOP("Problem", "port in use: {}")},
    {ProblemCode::Internal, "internal", QT_TRANSLATE_NOOP("Problem", "internal error: {}")},
    {ProblemCode::Cancelled, "cancelled", QT_TRANSLATE_NOOP("Problem", "cancelled")},
};

constexpr bool rowsAreComplete() {
    std::size_t i = 0;
    for (const Row& row : kRows)
        if (static_cast<std::size_t>(row.code) != i++) return false;
    return i == static_cast<std::size_t>(ProblemCode::Cancelled) + 1;
}
static_assert(rowsAreComplete(), "one row a problem code, in order");

Translate g_translate = nullptr;

constexpr std::size_t kLongestDetail = 200;

}  // namespace

std::string problemCodeName(ProblemCode code) { return kRows[static_cast<std::size_t>(code)].name; }

std::string problemText(const Problem& problem) {
    const char* english = kRows[static_cast<std::size_t>(problem.code)].sentence;
    std::string sentence = g_translate ? g_translate(english) : english;
    std::string detail = escapeControls(repairUtf8(problem.detail));
    if (detail.size() > kLongestDetail) {
        detail.resize(kLongestDetail);
        detail = repairUtf8(detail) + "\u2026";
    }
    const auto at = sentence.find("{}");
    if (at == std::string::npos) return sentence;
    if (detail.empty()) {
        sentence.resize(at);
        while (!sentence.empty() && (sentence.back() == ' ' || sentence.back() == ':')) sentence.pop_back();
        return sentence;
    }
    return sentence.replace(at, 2, detail);
}

std::string problemTextWithPlace(const Problem& problem) {
    std::string where = escapeControls(problem.place.file);
    if (problem.place.line >= 0) where += fmt::format("{}line {}", where.empty() ? "" : ", ", problem.place.line);
    else if (problem.place.byte >= 0) where += fmt::format("{}byte {}", where.empty() ? "" : ", ", problem.place.byte);
    return where.empty() ? problemText(problem) : where + ": " + problemText(problem);
}

void setProblemTranslator(Translate translate) { g_translate = translate; }

}  // namespace spanreel::app
