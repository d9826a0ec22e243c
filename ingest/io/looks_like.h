// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/core/problem.h"

namespace spanreel::ingest {

/// UTF-16 by its byte order mark or by the zero bytes beside a JSON bracket.
[[nodiscard]] bool looksLikeUtf16(std::string_view head);
/// UTF-16 whose first character is a bracket: JSON in an encoding that JSON may not have.
[[nodiscard]] bool looksLikeUtf16Json(std::string_view head);

/// An error reply of an API that was saved in place of data ({"data":null,"errors":[{"msg":…}]} and its like): its message.
[[nodiscard]] std::optional<std::string> apiErrorMessage(std::string_view whole);

/// Why an input that no importer claims cannot be read: what it looks like. `head` = its first bytes.
[[nodiscard]] Problem explainUnknown(std::string_view head, bool wholeInput);

}  // namespace spanreel::ingest
