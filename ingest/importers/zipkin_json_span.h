// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "ingest/importers/record_tools.h"

namespace spanreel::ingest {

/// A Zipkin span translated, but for its resource.
struct ZipkinSpan {
    store::SpanRecord record;
    std::string_view service;  ///< localEndpoint.serviceName, in the arena
    bool shared = false;  ///< said so; it is the last attribute too
    OtelTags tags;
};

/// Is the object a span of Zipkin's first format (cs/sr/ss/cr annotations, binaryAnnotations)?
[[nodiscard]] bool isZipkinV1(JsonValue span);
/// Translates a span of version 2. False = it cannot be kept; the reason has been noted as a loss.
[[nodiscard]] bool readZipkinV2Span(JsonValue span, Arena& arena, ItemNotes& notes, ZipkinSpan& out);
/// The same for version 1.
[[nodiscard]] bool readZipkinV1Span(JsonValue span, Arena& arena, ItemNotes& notes, ZipkinSpan& out);

/// Takes "shared" off the attributes of a half that was given an id of its own: it shares none any more.
void dropSharedAttribute(store::SpanRecord& span);

}  // namespace spanreel::ingest
