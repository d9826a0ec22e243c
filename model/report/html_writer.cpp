// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "model/report/document.h"
#include "model/report/markdown.h"

namespace spanreel::report {

namespace {

constexpr const char* kStyle = R"css(
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif}
main{max-width:1240px;margin:0 auto;padding:24px 20px 60px}
h1{font-size:24px;line-height:1.25;margin:0 0 16px;overflow-wrap:anywhere}
h2{font-size:18px;margin:36px 0 10px;padding-top:12px;border-top:1px solid var(--line)}
h3{font-size:15px;margin:22px 0 6px;overflow-wrap:anywhere}
p{margin:8px 0;overflow-wrap:anywhere}
.quiet{color:var(--quiet)}.error{color:var(--error)}.warning{color:var(--warning)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 18px;margin:8px 0}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.note{border-left:4px solid;background:var(--panel);padding:8px 14px;margin:10px 0;border-radius:0 4px 4px 0}
.note .on{color:var(--quiet);font-size:13px}
.note p:last-child{margin-bottom:2px}
figure{margin:12px 0;overflow-x:auto;border:1px solid var(--line);border-radius:4px;background:var(--page)}
figure svg{display:block;max-width:100%;min-width:860px;height:auto;margin:0 auto}
figcaption{color:var(--quiet);font-size:13px;padding:6px 10px;border-bottom:1px solid var(--line);position:sticky;left:0}
.scroll{overflow-x:auto;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--quiet);white-space:nowrap}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
td{overflow-wrap:anywhere}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
tr.error td{color:var(--error)}
pre{background:var(--panel);padding:10px 12px;border-radius:4px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
pre,code{font-family:ui-monospace,"Noto Sans Mono","DejaVu Sans Mono",monospace;font-size:13px}
a{color:var(--accent)}
footer{margin-top:40px;color:var(--quiet);font-size:13px}
@media print{main{max-width:none;padding:0}figure{overflow:visible}figure svg{min-width:0}}
)css";

/// Only what a colour is made of; anything else would be our own mistake.
bool isColour(const std::string& text) {
    return text.size() == 7 && text[0] == '#' && std::all_of(text.begin() + 1, text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

class Writer {
public:
    explicit Writer(const Document& document) : m_document(document) {}

    std::string write() {
        m_out = "<!DOCTYPE html>\n<html lang=\"" + escapeHtml(m_document.language) + "\">\n<head>\n<meta charset=\"utf-8\">\n";
        m_out += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n";
        m_out += "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";
        m_out += "<meta name=\"generator\" content=\"Spanreel\">\n<title>" + escapeHtml(m_document.title) + "</title>\n<style>\n";
        colours();
        m_out += kStyle;
        m_out += "</style>\n</head>\n<body>\n<main>\n<h1>" + escapeHtml(m_document.title) + "</h1>\n";
        for (const auto& block : m_document.blocks) std::visit([this](const auto& b) { add(b); }, block);
        if (!m_document.footer.empty()) m_out += "<footer><p>" + escapeHtml(m_document.footer) + "</p></footer>\n";
        m_out += "</main>\n</body>\n</html>\n";
        return std::move(m_out);
    }

private:
    void colours() {
        std::string light, dark;
        for (const auto& colour : m_document.colours) {
            if (!isColour(colour.light) || !isColour(colour.dark)) continue;
            light += "--" + colour.name + ":" + colour.light + ";";
            dark += "--" + colour.name + ":" + colour.dark + ";";
        }
        m_out += ":root{" + light + "}\n@media (prefers-color-scheme:dark){:root{" + dark + "}}\n@media print{:root{" + light + "}}";
    }
    void add(const Heading& heading) {
        const char* tag = heading.level <= 2 ? "h2" : "h3";
        m_out += std::string("<") + tag + ">" + escapeHtml(heading.text) + "</" + tag + ">\n";
    }
    void add(const Paragraph& paragraph) {
        static constexpr const char* kClasses[] = {"", " class=\"quiet\"", " class=\"error\"", " class=\"warning\""};
        m_out += std::string("<p") + kClasses[static_cast<std::size_t>(paragraph.emphasis)] + ">" + escapeHtml(paragraph.text) + "</p>\n";
    }
    void add(const Facts& facts) {
        m_out += "<dl>\n";
        for (const auto& [name, value] : facts.entries) m_out += "<dt>" + escapeHtml(name) + "</dt><dd>" + escapeHtml(value) + "</dd>\n";
        m_out += "</dl>\n";
    }
    void add(const NoteBlock& note) {
        m_out += "<div class=\"note\"";
        if (isColour(note.colour)) m_out += " style=\"border-color:" + note.colour + "\"";
        m_out += "><div class=\"on\">" + escapeHtml(note.target) + "</div>\n" + markdownToHtml(note.markdown) + "</div>\n";
    }
    void add(const Picture& picture) { m_out += "<figure><figcaption>" + escapeHtml(picture.title) + "</figcaption>\n" + picture.svg + "</figure>\n"; }
    void add(const Table& table) {
        m_out += "<div class=\"scroll\"><table>\n<thead><tr>";
        for (const auto& column : table.columns) m_out += (column.numeric ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">") + escapeHtml(column.name) + "</th>";
        m_out += "</tr></thead>\n<tbody>\n";
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            m_out += r < table.marked.size() && table.marked[r] ? "<tr class=\"error\">" : "<tr>";
            for (std::size_t c = 0; c < table.rows[r].size(); ++c)
                m_out += (c < table.columns.size() && table.columns[c].numeric ? "<td class=\"n\">" : "<td>") + escapeHtml(table.rows[r][c]) + "</td>";
            m_out += "</tr>\n";
        }
        m_out += "</tbody></table></div>\n";
    }
    void add(const Code& code) { m_out += "<pre>" + escapeHtml(code.text) + "</pre>\n"; }

    const Document& m_document;
    std::string m_out;
};

}  // namespace

std::string writeHtml(const Document& document) { return Writer(document).write(); }

}  // namespace spanreel::report
