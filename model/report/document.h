// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace spanreel::report {

/// Blocks of a report in reading order. All texts are plain (escaped by the writers) except `NoteBlock::markdown` and the
/// SVG of pictures, which our own picture writer made.
struct Heading {
    int level = 2;  ///< 2 or 3; the title is level 1
    std::string text;
};
enum class Emphasis : std::uint8_t { None, Quiet, Error, Warning };
struct Paragraph {
    std::string text;
    Emphasis emphasis = Emphasis::None;
};
/// Names and values, side by side.
struct Facts {
    std::vector<std::pair<std::string, std::string>> entries;
};
struct NoteBlock {
    std::string target;    ///< what it is on, in words
    std::string colour;    ///< "#rrggbb"
    std::string markdown;
};
struct Picture {
    std::string title;
    std::string svg;   ///< an <svg> element, colours as CSS variables of the document
    std::string file;  ///< a whole SVG file, colours written out
    std::string name;  ///< file name part: "timeline"
};
struct Column {
    std::string name;
    bool numeric = false;  ///< right-aligned, tabular
};
struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<bool> marked;  ///< per row: drawn as an error; may be shorter
};
struct Code {
    std::string text;
};
using Block = std::variant<Heading, Paragraph, Facts, NoteBlock, Picture, Table, Code>;

/// A colour the pictures use: a CSS variable with its light and dark value.
struct ColourVariable {
    std::string name;  ///< "text", "s3"
    std::string light, dark;
};

/// A whole report; plain data.
struct Document {
    std::string title;
    std::string language = "en";
    std::vector<ColourVariable> colours;  ///< must hold page, panel, line, text, quiet, accent, error, warning
    std::vector<Block> blocks;
    std::string footer;
    template <class T>
    void add(T block) { blocks.emplace_back(std::move(block)); }
};

/// One self-contained HTML page: inline style, inline SVG, light and dark by the reader's scheme, no script, nothing
/// loaded (and a Content-Security-Policy that forbids it). O(size).
[[nodiscard]] std::string writeHtml(const Document& document);

/// Markdown with its pictures as files of their own.
struct MarkdownReport {
    std::string text;
    std::vector<std::pair<std::string, std::string>> files;  ///< name, SVG
};
/// `baseName`: the pictures are called "<baseName>-<picture>.svg".
[[nodiscard]] MarkdownReport writeMarkdown(const Document& document, const std::string& baseName);

}  // namespace spanreel::report
