// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spanreel::views::geometry {

/// Colour tokens; the theme (or the palette of a written picture) says what they look like.
enum class Tone : std::uint8_t { Page, Panel, Line, Text, Quiet, Accent, Error, Warning, Ok, Match, Service, NoteYellow, NoteGreen, NoteBlue, NoteRed, NotePurple, NoteGrey };

/// A colour token with its strength. `service` is the name whose colour is meant where the tone is Service.
struct Ink {
    Tone tone = Tone::Text;
    double opacity = 1.0;
    std::string service;
    static Ink of(Tone tone, double opacity = 1.0) { return {tone, opacity, {}}; }
    static Ink ofService(std::string_view name, double opacity = 1.0) { return {Tone::Service, opacity, std::string(name)}; }
    bool operator==(const Ink&) const = default;
};

/// Pixels, y downwards.
struct Rect {
    double x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] double right() const { return x + width; }
    [[nodiscard]] double bottom() const { return y + height; }
    [[nodiscard]] bool contains(double px, double py) const { return px >= x && px < right() && py >= y && py < bottom(); }
    bool operator==(const Rect&) const = default;
};

enum class Fill : std::uint8_t { Solid, Hatch, Outline, Dashed };  ///< Hatch = diagonal lines only (over a solid box: an error)

/// A filled or outlined rectangle. `title` is told on hover in written pictures.
struct Box {
    Rect rect;
    Ink ink;
    double radius = 0;
    Fill fill = Fill::Solid;
    double strokeWidth = 1;
    std::string title;
};
/// A line. `title` as a box's.
struct Stroke {
    double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
    Ink ink;
    double width = 1;
    bool dashed = false;
    std::string title{};
};
/// A small sign of about `size` pixels around its centre.
enum class MarkKind : std::uint8_t { Dot, Cross, Diamond, TriangleRight, TriangleDown, Flag, Square };
struct Mark {
    MarkKind kind = MarkKind::Dot;
    double x = 0, y = 0, size = 6;
    Ink ink;
    std::string title;
};
enum class Anchor : std::uint8_t { Start, Middle, End };
enum class Elide : std::uint8_t { End, Middle, None };
enum class Face : std::uint8_t { Ui, UiBold, Small, Mono };
/// One line of plain text on a baseline, cut to `maxWidth` (0 = not cut). Never markup.
struct Label {
    double x = 0, baseline = 0, maxWidth = 0;
    std::string text;
    Ink ink;
    Anchor anchor = Anchor::Start;
    Elide elide = Elide::End;
    Face face = Face::Ui;
    bool underlined = false;  ///< a search match
};

using Shape = std::variant<Box, Stroke, Mark, Label>;

/// Neutral geometry: shapes in painting order. Plain data; any thread.
struct Picture {
    double width = 0, height = 0;
    std::vector<Shape> shapes;
    std::string title;  ///< what the picture shows, in words (for readers who cannot see it)
    template <class T>
    void add(T shape) { shapes.emplace_back(std::move(shape)); }
};

}  // namespace spanreel::views::geometry
