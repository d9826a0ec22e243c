// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spanreel::ingest {

/// Rewrites what Node's util.inspect (or Python's repr) prints for a plain object into JSON: bare and single-quoted keys,
/// 'a' + 'b' over lines, template strings, undefined, class names before braces, [Object], Map entries, comments and
/// "... 2 more items". What has no value in JSON becomes text. The result is not checked; its reader does. Newlines are
/// kept one for one, so that a line of the result is a line of the input. Iterative. O(bytes).
[[nodiscard]] std::string inspectToJson(std::string_view text);

}  // namespace spanreel::ingest
