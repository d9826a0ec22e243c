// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "ingest/proto/proto_cursor.h"
#include "model/store/batch.h"

/// Fields of a Span that nearly all senders write in the same order, and in the same few bytes: read in one go where they
/// come so, the cursor then stands behind them. Where they do not, nothing happens, and the general reader takes them.
namespace spanreel::ingest {

/// Whether two bytes stand at `at`: a tag, and the byte behind it.
inline bool startsWith(const char* at, std::uint32_t tag, std::uint32_t behind) {
    std::uint16_t found = 0;
    std::memcpy(&found, at, 2);
    return found == (tag | behind << 8);
}

/// Trace id, span id and parent: fields 1, 2 and 4.
inline void usualIds(ProtoCursor& cursor, std::string_view& trace, std::string_view& id, std::string_view& parent) {
    const char* const at = cursor.place();
    if (cursor.end() - at < 28 || !startsWith(at, bytesKey(1), 16) || !startsWith(at + 18, bytesKey(2), 8)) return;
    trace = {at + 2, 16};
    id = {at + 20, 8};
    const bool hasParent = cursor.end() - at >= 38 && startsWith(at + 28, bytesKey(4), 8);
    if (hasParent) parent = {at + 30, 8};
    cursor.goOnAt(at + (hasParent ? 38 : 28));
}

/// Kind and times: fields 6 to 8.
inline void usualTimes(ProtoCursor& cursor, store::SpanRecord& span) {
    const char* const at = cursor.place();
    constexpr char kKind = varintKey(6), kStart = fixed64Key(7), kEnd = fixed64Key(8);
    if (cursor.end() - at < 20 || at[0] != kKind || static_cast<unsigned char>(at[1]) >= 0x80 || at[2] != kStart || at[11] != kEnd) return;
    span.kind = at[1];
    std::memcpy(&span.startNs, at + 3, 8);
    std::memcpy(&span.endNs, at + 12, 8);
    cursor.goOnAt(at + 20);
}

/// A Status with a code and nothing else.
inline bool usualStatus(std::string_view message, store::SpanRecord& span) {
    if (message.size() != 2 || message[0] != static_cast<char>(varintKey(3)) || static_cast<unsigned char>(message[1]) >= 0x80) return false;
    span.status = message[1];
    return true;
}

}  // namespace spanreel::ingest
