// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "model/core/text.h"
#include "model/report/document.h"
#include "model/report/markdown.h"

namespace spanreel::report {

namespace {

/// A file name for a Markdown link: what could end or break the link becomes percent codes.
std::string linkTarget(std::string_view name) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        const auto b = static_cast<unsigned char>(c);
        const bool safe = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || c == '-' || c == '_' || c == '.';
        if (safe) {
            out += c;
        } else {
            out += '%';
            out += kHex[b >> 4];
            out += kHex[b & 15];
        }
    }
    return out;
}

class Writer {
public:
    Writer(const Document& document, const std::string& baseName) : m_document(document), m_baseName(baseName) {}

    MarkdownReport write() {
        out() += "# " + escapeMarkdown(m_document.title) + "\n";
        for (const auto& block : m_document.blocks) std::visit([this](const auto& b) { add(b); }, block);
        if (!m_document.footer.empty()) out() += "\n---\n\n" + escapeMarkdown(m_document.footer) + "\n";
        return std::move(m_report);
    }

private:
    std::string& out() { return m_report.text; }

    void add(const Heading& heading) { out() += "\n" + std::string(static_cast<std::size_t>(std::clamp(heading.level, 2, 3)), '#') + " " + escapeMarkdown(heading.text) + "\n"; }
    void add(const Paragraph& paragraph) { out() += "\n" + escapeMarkdown(paragraph.text) + "\n"; }
    void add(const Facts& facts) {
        out() += "\n";
        for (const auto& [name, value] : facts.entries) out() += "- **" + escapeMarkdown(name) + "**: " + escapeMarkdown(value) + "\n";
    }
    void add(const NoteBlock& note) {
        out() += "\n> **" + escapeMarkdown(note.target) + "**\n>\n";
        // The user's own Markdown, quoted; raw HTML in it must stay text wherever this file is shown.
        std::string line;
        const auto flush = [&] {
            out() += "> " + line + "\n";
            line.clear();
        };
        for (const char c : escapeControls(repairUtf8(note.markdown), false)) {
            if (c == '\n') flush();
            else if (c == '<') line += "&lt;";
            else if (c == '!') line += "\\!";
            else if (c != '\r') line += c;
        }
        if (!line.empty()) flush();
    }
    void add(const Picture& picture) {
        const std::string name = m_baseName + "-" + picture.name + ".svg";
        m_report.files.emplace_back(name, picture.file);
        out() += "\n![" + escapeMarkdown(picture.title) + "](" + linkTarget(name) + ")\n";
    }
    void add(const Table& table) {
        if (table.columns.empty()) return;
        out() += "\n|";
        for (const auto& column : table.columns) out() += " " + escapeMarkdown(column.name) + " |";
        out() += "\n|";
        for (const auto& column : table.columns) out() += column.numeric ? " ---: |" : " --- |";
        out() += "\n";
        for (const auto& row : table.rows) {
            out() += "|";
            for (const auto& cell : row) out() += " " + escapeMarkdown(cell) + " |";
            out() += "\n";
        }
    }
    void add(const Code& code) {
        const std::string text = escapeControls(repairUtf8(code.text), false);
        std::size_t longest = 0, run = 0;
        for (const char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
        const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
        out() += "\n" + fence + "\n" + text + (text.empty() || text.back() != '\n' ? "\n" : "") + fence + "\n";
    }

    const Document& m_document;
    const std::string& m_baseName;
    MarkdownReport m_report;
};

}  // namespace

MarkdownReport writeMarkdown(const Document& document, const std::string& baseName) { return Writer(document, baseName).write(); }

}  // namespace spanreel::report
