// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "ingest/importers/record_tools.h"

namespace spanreel::ingest {

/// A Jaeger span translated, but for its resource: that hangs on the process, which may come after the spans.
struct JaegerSpan {
    store::SpanRecord record;
    std::string_view processId;       ///< in the arena; empty where the span has its process inline
    store::ResourceRecord process;    ///< the inline process (Elasticsearch documents, the UI's own objects)
    bool hasProcess = false;
    OtelTags tags;                    ///< scope found in the tags
};

/// How binary tags are spelt: base64 in the API's JSON, hex in Elasticsearch documents.
enum class JaegerBinary : std::uint8_t { Base64, Hex };

/// Translates one span object. False = it cannot be kept; the reason has been noted as a loss.
[[nodiscard]] bool readJaegerSpan(JsonValue span, JaegerBinary binary, Arena& arena, ItemNotes& notes, JaegerSpan& out);

/// A process object as a resource: service.name first, then its tags.
[[nodiscard]] store::ResourceRecord readJaegerProcess(JsonValue process, JaegerBinary binary, Arena& arena, ItemNotes* notes);

}  // namespace spanreel::ingest
