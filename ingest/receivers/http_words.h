// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ingest/otlp/otlp_types.h"

namespace spanreel::ingest {

/// Text without blanks and tabs around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The signal of a request's target: a path with or without a query, or an absolute URL as proxies send it.
[[nodiscard]] std::optional<Signal> signalOfTarget(std::string_view target);

/// What a Content-Type says of the body; parameters do not matter.
[[nodiscard]] std::optional<store::Encoding> encodingOfContentType(std::string_view contentType);

enum class ContentCoding : std::uint8_t { Identity, Gzip, Unsupported };

/// What the Content-Encoding lines up to and with `line` say together: at most one gzip, any number of identities.
[[nodiscard]] ContentCoding joinContentCoding(ContentCoding before, std::string_view line);

}  // namespace spanreel::ingest
