// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include "views/geometry/picture.h"
#include "views/geometry/svg_writer.h"

class QPainter;

namespace spanreel::views {

/// The colour of a token in a theme.
[[nodiscard]] QColor inkColour(const geometry::Ink& ink, bool dark);
/// The palette of written pictures (SVG, PNG, reports).
[[nodiscard]] geometry::SvgPalette themePalette(bool dark);
/// Paints shapes in order with the theme's fonts. GUI thread (or any thread onto a QImage). O(shapes).
void paintPicture(QPainter& painter, const geometry::Picture& picture, bool dark);

}  // namespace spanreel::views
