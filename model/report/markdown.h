// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spanreel::report {

/// Escapes text for HTML content and attribute values; control characters become visible escapes.
[[nodiscard]] std::string escapeHtml(std::string_view text);

/// A small safe part of Markdown as HTML: headings (h3 and below), paragraphs, lists, quotes, fenced code, rules, code,
/// bold, italic, and links to http and https. Raw HTML and pictures are shown as the text they are. The result holds no
/// other tags and loads nothing. O(text) for ordinary text; searches for a closing mark are bounded.
[[nodiscard]] std::string markdownToHtml(std::string_view markdown);

/// Text that Markdown shows as it is: every mark escaped; lines joined by blanks.
[[nodiscard]] std::string escapeMarkdown(std::string_view text);

}  // namespace spanreel::report
