// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/report/report_pictures.h"

#include <type_traits>

#include "views/theme.h"
#include "views/timeline/picture_painter.h"

namespace spanreel::views {

using geometry::Ink;
using geometry::Tone;

namespace {
struct Named {
    Tone tone;
    const char* name;
};
constexpr Named kTones[] = {{Tone::Page, "page"},       {Tone::Panel, "panel"},    {Tone::Line, "line"},          {Tone::Text, "text"},          {Tone::Quiet, "quiet"},
                            {Tone::Accent, "accent"},   {Tone::Error, "error"},    {Tone::Warning, "warning"},    {Tone::Ok, "ok"},              {Tone::Match, "match"},
                            {Tone::NoteYellow, "note-yellow"}, {Tone::NoteGreen, "note-green"}, {Tone::NoteBlue, "note-blue"}, {Tone::NoteRed, "note-red"},
                            {Tone::NotePurple, "note-purple"}, {Tone::NoteGrey, "note-grey"}};
std::string hex(const Ink& ink, bool dark) { return themePalette(dark)(ink); }
}  // namespace

ReportColours::ReportColours() {
    for (const auto& [tone, name] : kTones) m_variables.push_back({name, hex(Ink::of(tone), false), hex(Ink::of(tone), true)});
}

std::string ReportColours::variable(const Ink& ink) {
    if (ink.tone != Tone::Service) {
        for (const auto& [tone, name] : kTones)
            if (tone == ink.tone) return std::string("var(--") + name + ")";
        return "var(--text)";
    }
    const auto [it, isNew] = m_services.try_emplace(ink.service);
    if (isNew) {
        it->second = "s" + std::to_string(m_services.size());
        m_variables.push_back({it->second, hex(ink, false), hex(ink, true)});
    }
    return "var(--" + it->second + ")";
}

void redactPicture(geometry::Picture& picture, report::Redactor& redactor) {
    picture.title = redactor.text(picture.title);
    for (auto& shape : picture.shapes)
        std::visit(
            [&](auto& s) {
                using Shape = std::decay_t<decltype(s)>;
                if constexpr (std::is_same_v<Shape, geometry::Label>)
                    s.text = redactor.text(s.text);
                else
                    s.title = redactor.text(s.title);
            },
            shape);
}

report::Picture reportPicture(geometry::Picture picture, const std::string& name, const std::string& title, ReportColours& colours, report::Redactor& redactor) {
    redactPicture(picture, redactor);
    report::Picture out;
    out.title = title;
    out.name = name;
    geometry::SvgOptions inlined;
    inlined.xmlDeclaration = false;
    inlined.idPrefix = name;
    out.svg = geometry::toSvg(picture, [&](const Ink& ink) { return colours.variable(ink); }, inlined);
    out.file = geometry::toSvg(picture, themePalette(false));
    return out;
}

}  // namespace spanreel::views
