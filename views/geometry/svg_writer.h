// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "views/geometry/picture.h"

namespace spanreel::views::geometry {

/// Says what a token looks like, as "#rrggbb".
using SvgPalette = std::function<std::string(const Ink&)>;

struct SvgOptions {
    bool background = true;      ///< paints the page tone behind everything
    bool xmlDeclaration = true;  ///< false for inline use in HTML
    std::string idPrefix = "s";  ///< of the ids inside, so that several pictures fit one page
};

/// A standalone SVG 1.1 document: no scripts, no references, all text escaped, control characters made visible. O(shapes).
[[nodiscard]] std::string toSvg(const Picture& picture, const SvgPalette& palette, const SvgOptions& options = {});

/// Text for XML content and attributes; characters that XML forbids become U+FFFD.
[[nodiscard]] std::string escapeXml(std::string_view text);

/// Rough width of a line in pixels at the size written pictures use (no font at hand). O(characters).
[[nodiscard]] double approximateTextWidth(std::string_view text, Face face);
/// Cuts a line to about `maxWidth` pixels with "…", never inside a character.
[[nodiscard]] std::string elideText(std::string_view text, double maxWidth, Face face, Elide elide);

}  // namespace spanreel::views::geometry
