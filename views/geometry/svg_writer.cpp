// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/geometry/svg_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "model/core/text.h"

namespace spanreel::views::geometry {

namespace {

constexpr const char* kUiFonts = "system-ui,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif";
constexpr const char* kMonoFonts = "ui-monospace,'Noto Sans Mono','DejaVu Sans Mono',monospace";

double fontSize(Face face) { return face == Face::Small ? 11 : 12.5; }

/// Two decimals at most, no trailing zeros.
std::string number(double v) {
    if (!std::isfinite(v)) return "0";
    std::string s = fmt::format("{:.2f}", v);
    while (s.back() == '0') s.pop_back();
    if (s.back() == '.') s.pop_back();
    return s == "-0" ? "0" : s;
}

/// Byte length of the character that begins at i of valid UTF-8.
std::size_t characterLength(std::string_view text, std::size_t i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return std::min(length, text.size() - i);
}

double characterWidth(std::string_view character, Face face) {
    const double em = fontSize(face);
    if (face == Face::Mono) return em * 0.602;
    const auto c = static_cast<unsigned char>(character[0]);
    double w = 0.56;
    if (c < 0x80) {
        static constexpr std::string_view thin = " .,:;'|!ijl()[]/ftr-I", wide = "mwMW@%";
        if (thin.find(static_cast<char>(c)) != std::string_view::npos) w = 0.34;
        else if (wide.find(static_cast<char>(c)) != std::string_view::npos) w = 0.86;
        else if (c >= 'A' && c <= 'Z') w = 0.66;
    } else if (character.size() >= 3 && character != "…" && character != "\u2212" && character != "\u2009") {
        w = 1.0;  // ideographs and signs
    } else if (character == "\u2009") {
        w = 0.2;
    }
    return em * w * (face == Face::UiBold ? 1.07 : 1.0);
}

class Writer {
public:
    Writer(const Picture& picture, const SvgPalette& palette, const SvgOptions& options) : m_picture(picture), m_palette(palette), m_options(options) {}

    std::string write() {
        for (const auto& shape : m_picture.shapes) std::visit([this](const auto& s) { add(s); }, shape);
        std::string out;
        if (m_options.xmlDeclaration) out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        const auto title = escapeXml(m_picture.title);
        out += fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}" font-family="{3}">)", number(m_picture.width),
                           number(m_picture.height), title, kUiFonts);
        out += '\n';
        if (!title.empty()) out += "<title>" + title + "</title>\n";
        if (!m_hatches.empty()) {
            out += "<defs>\n";
            for (const auto& [colour, id] : m_hatches)
                out += fmt::format(R"svg(<pattern id="{}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="{}" stroke-width="3"/></pattern>)svg", id, colour) + '\n';
            out += "</defs>\n";
        }
        if (m_options.background) out += fmt::format(R"(<rect width="{}" height="{}" fill="{}"/>)", number(m_picture.width), number(m_picture.height), m_palette(Ink::of(Tone::Page))) + '\n';
        return out + m_body + "</svg>\n";
    }

private:
    static std::string opacity(const char* property, const Ink& ink) { return ink.opacity >= 0.999 ? std::string() : fmt::format(R"( {}="{}")", property, number(ink.opacity)); }

    void close(const char* element, const std::string& title) {
        if (title.empty()) m_body += "/>\n";
        else m_body += fmt::format("><title>{}</title></{}>\n", escapeXml(title), element);
    }

    std::string hatch(const std::string& colour) {
        auto [it, fresh] = m_hatches.try_emplace(colour);
        if (fresh) it->second = fmt::format("{}-hatch{}", m_options.idPrefix, m_hatches.size());
        return it->second;
    }

    void add(const Box& box) {
        auto& out = m_body;
        const auto colour = m_palette(box.ink);
        const double inset = box.fill == Fill::Outline || box.fill == Fill::Dashed ? box.strokeWidth / 2 : 0;
        out += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}")", number(box.rect.x + inset), number(box.rect.y + inset), number(std::max(0.1, box.rect.width - 2 * inset)),
                           number(std::max(0.1, box.rect.height - 2 * inset)));
        if (box.radius > 0) out += fmt::format(R"( rx="{}")", number(box.radius));
        switch (box.fill) {
        case Fill::Solid: out += fmt::format(R"( fill="{}")", colour) + opacity("fill-opacity", box.ink); break;
        case Fill::Hatch: out += fmt::format(R"svg( fill="url(#{})")svg", hatch(colour)) + opacity("fill-opacity", box.ink); break;
        case Fill::Dashed: out += R"( stroke-dasharray="3 2")"; [[fallthrough]];
        case Fill::Outline: out += fmt::format(R"( fill="none" stroke="{}" stroke-width="{}")", colour, number(box.strokeWidth)) + opacity("stroke-opacity", box.ink); break;
        }
        close("rect", box.title);
    }

    void add(const Stroke& s) {
        m_body += fmt::format(R"(<path d="M{} {}L{} {}" stroke="{}" stroke-width="{}" fill="none")", number(s.x1), number(s.y1), number(s.x2), number(s.y2), m_palette(s.ink), number(s.width));
        m_body += opacity("stroke-opacity", s.ink);
        if (s.dashed) m_body += R"( stroke-dasharray="4 3")";
        close("path", s.title);
    }

    void add(const Mark& m) {
        const double r = m.size / 2;
        const auto colour = m_palette(m.ink);
        std::string d;
        switch (m.kind) {
        case MarkKind::Dot:
            m_body += fmt::format(R"(<circle cx="{}" cy="{}" r="{}" fill="{}")", number(m.x), number(m.y), number(r), colour) + opacity("fill-opacity", m.ink);
            close("circle", m.title);
            return;
        case MarkKind::Cross:
            m_body += fmt::format(R"(<path d="M{0} {1}L{2} {3}M{0} {3}L{2} {1}" stroke="{4}" stroke-width="1.8" fill="none")", number(m.x - r), number(m.y - r), number(m.x + r), number(m.y + r), colour);
            m_body += opacity("stroke-opacity", m.ink);
            close("path", m.title);
            return;
        case MarkKind::Diamond: d = fmt::format("M{0} {1}L{2} {3}L{0} {4}L{5} {3}Z", number(m.x), number(m.y - r), number(m.x + r), number(m.y), number(m.y + r), number(m.x - r)); break;
        case MarkKind::TriangleRight: d = fmt::format("M{0} {1}L{2} {3}L{0} {4}Z", number(m.x - r * 0.6), number(m.y - r), number(m.x + r * 0.7), number(m.y), number(m.y + r)); break;
        case MarkKind::TriangleDown: d = fmt::format("M{0} {1}L{2} {1}L{3} {4}Z", number(m.x - r), number(m.y - r * 0.6), number(m.x + r), number(m.x), number(m.y + r * 0.7)); break;
        case MarkKind::Flag: d = fmt::format("M{0} {1}L{2} {1}L{3} {4}L{2} {5}L{0} {5}Z", number(m.x - r), number(m.y - r), number(m.x + r), number(m.x + r * 0.4), number(m.y), number(m.y + r)); break;
        case MarkKind::Square: d = fmt::format("M{0} {1}H{2}V{3}H{0}Z", number(m.x - r), number(m.y - r), number(m.x + r), number(m.y + r)); break;
        }
        m_body += fmt::format(R"(<path d="{}" fill="{}")", d, colour) + opacity("fill-opacity", m.ink);
        close("path", m.title);
    }

    void add(const Label& label) {
        const auto whole = escapeControls(label.text);
        const auto shown = label.maxWidth > 0 ? elideText(whole, label.maxWidth, label.face, label.elide) : whole;
        m_body += fmt::format(R"(<text x="{}" y="{}" font-size="{}" fill="{}")", number(label.x), number(label.baseline), number(fontSize(label.face)), m_palette(label.ink));
        m_body += opacity("fill-opacity", label.ink);
        if (label.face == Face::UiBold) m_body += R"( font-weight="600")";
        if (label.face == Face::Mono) m_body += fmt::format(R"( font-family="{}")", kMonoFonts);
        if (label.anchor == Anchor::Middle) m_body += R"( text-anchor="middle")";
        if (label.anchor == Anchor::End) m_body += R"( text-anchor="end")";
        if (label.underlined) m_body += R"( text-decoration="underline")";
        m_body += '>' + escapeXml(shown);
        if (shown != whole) m_body += "<title>" + escapeXml(whole) + "</title>";
        m_body += "</text>\n";
    }

    const Picture& m_picture;
    const SvgPalette& m_palette;
    const SvgOptions& m_options;
    std::string m_body;
    std::map<std::string, std::string> m_hatches;
};

}  // namespace

std::string escapeXml(std::string_view raw) {
    const std::string text = repairUtf8(raw);
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = characterLength(text, i);
        const auto c = static_cast<unsigned char>(text[i]);
        const std::string_view character(text.data() + i, length);
        if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '&') out += "&amp;";
        else if (c == '"') out += "&quot;";
        else if (c == '\'') out += "&#39;";
        else if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") out += "\xEF\xBF\xBD";
        else out += character;
        i += length;
    }
    return out;
}

double approximateTextWidth(std::string_view text, Face face) {
    double width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto length = characterLength(text, i);
        width += characterWidth(text.substr(i, length), face);
        i += length;
    }
    return width;
}

std::string elideText(std::string_view text, double maxWidth, Face face, Elide elide) {
    if (elide == Elide::None || approximateTextWidth(text, face) <= maxWidth) return std::string(text);
    const double room = maxWidth - characterWidth("…", face);
    if (room <= 0) return "…";
    const double frontRoom = elide == Elide::Middle ? room / 2 : room;
    std::size_t front = 0;
    double width = 0;
    while (front < text.size()) {
        const auto length = characterLength(text, front);
        const double w = characterWidth(text.substr(front, length), face);
        if (width + w > frontRoom) break;
        width += w;
        front += length;
    }
    std::size_t back = text.size();
    if (elide == Elide::Middle) {
        double rest = room - width;
        while (back > front) {
            std::size_t begin = back - 1;
            while (begin > front && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
            const double w = characterWidth(text.substr(begin, back - begin), face);
            if (w > rest) break;
            rest -= w;
            back = begin;
        }
    }
    return std::string(text.substr(0, front)) + "…" + std::string(text.substr(back));
}

std::string toSvg(const Picture& picture, const SvgPalette& palette, const SvgOptions& options) { return Writer(picture, palette, options).write(); }

}  // namespace spanreel::views::geometry
