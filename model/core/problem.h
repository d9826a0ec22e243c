// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace spanreel {

/// What can be wrong with an input or an operation. Codes travel; sentences are made at the edge
/// (`problemText` in app/), in the user's language, from the code and `Problem::detail`.
enum class ProblemCode : std::uint8_t {
    None,
    // Input as a whole.
    CannotOpen,         ///< detail: the system's reason
    CannotRead,         ///< detail: the system's reason
    CannotWrite,        ///< detail: the system's reason
    Empty,              ///< nothing but white space
    UnknownFormat,      ///< detail: what it looks like, if known ("HTML", "binary", "v1 Zipkin")
    UnsupportedEncoding,///< detail: "UTF-16"
    ApiError,           ///< an API's error reply was saved as a file; detail: its message
    BadCompression,     ///< detail: "gzip: CRC mismatch"
    Limit,              ///< detail: which limit
    // Malformed stretches (skipped).
    BadJson,            ///< detail: what was expected
    BadProtobuf,        ///< detail: what was wrong
    Nesting,            ///< nested deeper than the limit
    BadValue,           ///< detail: "startTimeUnixNano: 18446744073709551616"
    UnreadableLine,     ///< a line that is no record; detail: its beginning
    // Repairs (kept with a warning).
    BadUtf8,            ///< invalid UTF-8 became U+FFFD
    Base64Id,
    EnumName,           ///< detail: the name
    ZeroId,             ///< detail: "trace id is all zero"
    ShortId,            ///< detail: the id
    OddId,              ///< not hex, or too long; detail: the id
    RepeatedKey,        ///< detail: the key
    SnakeCase,          ///< detail: "resource_spans"
    WrongSignal,        ///< detail: what was found
    UnknownEnum,        ///< detail: field and number or name
    UnknownEnumDropped, ///< one without a number to keep; detail: field and value
    MissingProcess,     ///< Jaeger: detail: the process id
    NegativeDuration,
    GuessedTimeUnit,    ///< detail: the unit
    NoTime,             ///< no usable time
    TextLine,           ///< a log line that fits nothing, kept as raw text
    IdFoundInText,
    OldFormat,          ///< detail: its name
    SelfParent,
    Cycle,
    MissingParent,
    SeveralRoots,
    DuplicateSpan,
    BeforeParent,
    FlaggedValue,       ///< any other repair; detail says it
    // Losses on writing.
    NotRepresentable,   ///< detail: what the target format cannot hold
    // Operations.
    NoSuchTrace,        ///< detail: the id
    Usage,              ///< detail: what was wrong with the arguments
    PortInUse,          ///< detail: "127.0.0.1:4317"
    Internal,
    Cancelled,
};

/// Where in an input something is: at most one of byte and line is set (both count as documented).
struct Place {
    std::string file;        ///< empty = not from a file
    std::int64_t byte = -1;  ///< 0-based offset into the (decompressed) bytes, -1 = unknown
    std::int64_t line = -1;  ///< 1-based, -1 = unknown
};

/// A code, its argument and its place. Never a sentence.
struct Problem {
    ProblemCode code = ProblemCode::None;
    std::string detail;
    Place place;
};

using Error = Problem;

}  // namespace spanreel
