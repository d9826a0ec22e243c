// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/markdown.h"

#include <algorithm>
#include <vector>

#include "model/core/text.h"

namespace spanreel::report {

namespace {

constexpr int kDeepest = 6;
constexpr std::size_t kFarthest = 4000;  ///< where a closing mark is looked for

bool isPunctuation(char c) { return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~'); }
bool isWord(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && (isBlank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

bool isSafeLink(std::string_view url) {
    const auto lower = asciiLower(url.substr(0, 8));
    if (lower.rfind("http://", 0) != 0 && lower.rfind("https://", 0) != 0) return false;
    return std::none_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>'; });
}

/// Where `mark` closes what begins before `from`; not right after a blank, not escaped.
std::size_t closing(std::string_view text, std::size_t from, std::string_view mark) {
    const auto end = std::min(text.size(), from + kFarthest);
    for (std::size_t i = from; i + mark.size() <= end; ++i) {
        if (text[i] == '\\') {
            ++i;
            continue;
        }
        if (text.substr(i, mark.size()) != mark || i == from || isBlank(text[i - 1])) continue;
        if (mark.size() == 1 && i + 1 < text.size() && text[i + 1] == mark[0]) {  // part of a double mark
            ++i;
            continue;
        }
        if (mark[0] == '_' && i + mark.size() < text.size() && isWord(text[i + mark.size()])) continue;
        return i;
    }
    return std::string_view::npos;
}

void renderInline(std::string& out, std::string_view text, int depth) {
    std::size_t plainFrom = 0;
    const auto flush = [&](std::size_t to) {
        if (to > plainFrom) out += escapeHtml(text.substr(plainFrom, to - plainFrom));
    };
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size() && isPunctuation(text[i + 1])) {
            flush(i);
            out += escapeHtml(text.substr(i + 1, 1));
            i += 2;
            plainFrom = i;
            continue;
        }
        if (c == '\n') {
            flush(i);
            out += "<br>\n";
            plainFrom = ++i;
            continue;
        }
        if (c == '`') {
            const auto end = text.substr(0, std::min(text.size(), i + kFarthest)).find('`', i + 1);
            if (end != std::string_view::npos && end > i + 1) {
                flush(i);
                out += "<code>" + escapeHtml(text.substr(i + 1, end - i - 1)) + "</code>";
                plainFrom = i = end + 1;
                continue;
            }
        }
        if ((c == '*' || c == '_') && depth < kDeepest) {
            const bool isDouble = i + 1 < text.size() && text[i + 1] == c;
            const auto mark = text.substr(i, isDouble ? 2 : 1);
            const auto inner = i + mark.size();
            const bool opens = inner < text.size() && !isBlank(text[inner]) && !(c == '_' && i > 0 && isWord(text[i - 1]));
            const auto end = opens ? closing(text, inner, mark) : std::string_view::npos;
            if (end != std::string_view::npos) {
                flush(i);
                out += isDouble ? "<strong>" : "<em>";
                renderInline(out, text.substr(inner, end - inner), depth + 1);
                out += isDouble ? "</strong>" : "</em>";
                plainFrom = i = end + mark.size();
                continue;
            }
            i = inner;
            continue;
        }
        if (c == '[' && depth < kDeepest) {
            const auto near = text.substr(0, std::min(text.size(), i + kFarthest));
            const auto middle = near.find("](", i + 1);
            const auto end = middle == std::string_view::npos ? middle : near.find(')', middle + 2);
            if (end != std::string_view::npos) {
                const auto url = trimmed(text.substr(middle + 2, end - middle - 2));
                if (isSafeLink(url)) {
                    flush(i);
                    out += "<a href=\"" + escapeHtml(url) + "\" rel=\"noreferrer noopener\">";
                    renderInline(out, text.substr(i + 1, middle - i - 1), kDeepest);
                    out += "</a>";
                    plainFrom = i = end + 1;
                    continue;
                }
            }
        }
        ++i;
    }
    flush(text.size());
}

/// Length of a list mark ("- ", "12. ") at the start of a line, 0 = none.
std::size_t listMark(std::string_view line, bool& ordered) {
    if (line.size() >= 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ') {
        ordered = false;
        return 2;
    }
    std::size_t digits = 0;
    while (digits < line.size() && digits < 9 && line[digits] >= '0' && line[digits] <= '9') ++digits;
    if (digits > 0 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ') {
        ordered = true;
        return digits + 2;
    }
    return 0;
}

/// One pass over the lines, one block open at a time.
class Renderer {
public:
    std::string render(std::string_view text) {
        while (!text.empty()) {
            const auto end = text.find('\n');
            auto line = text.substr(0, end);
            text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
            if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
            take(line);
        }
        close();
        return std::move(m_out);
    }

private:
    enum class Block { None, Paragraph, Bullets, Numbers, Quote, Code };

    void take(std::string_view line) {
        const auto body = trimmed(line);
        if (body.substr(0, 3) == "```") {
            const bool wasCode = m_block == Block::Code;
            close();
            if (!wasCode) open(Block::Code);
            return;
        }
        if (m_block == Block::Code) {
            m_text += line;
            m_text += '\n';
            return;
        }
        if (body.empty()) {
            close();
            return;
        }
        std::size_t hashes = 0;
        while (hashes < body.size() && hashes < 7 && body[hashes] == '#') ++hashes;
        if (hashes > 0 && hashes < 7 && hashes < body.size() && body[hashes] == ' ') {
            close();
            const char level = static_cast<char>('0' + std::min<std::size_t>(6, hashes + 2));
            m_out += std::string("<h") + level + '>';
            renderInline(m_out, trimmed(body.substr(hashes)), 0);
            m_out += std::string("</h") + level + ">\n";
            return;
        }
        if (body.size() >= 3 && body.find_first_not_of("-") == std::string_view::npos) {
            close();
            m_out += "<hr>\n";
            return;
        }
        bool ordered = false;
        if (const auto mark = listMark(body, ordered)) {
            const auto wanted = ordered ? Block::Numbers : Block::Bullets;
            if (m_block != wanted) {
                close();
                open(wanted);
            } else {
                endItem();
            }
            m_text = trimmed(body.substr(mark));
            return;
        }
        if (body[0] == '>') {
            if (m_block != Block::Quote) {
                close();
                open(Block::Quote);
            }
            addLine(trimmed(body.substr(1)));
            return;
        }
        if (m_block == Block::None) open(Block::Paragraph);
        addLine(body);
    }
    void addLine(std::string_view line) {
        if (!m_text.empty()) m_text += '\n';
        m_text += line;
    }
    void open(Block block) {
        m_block = block;
        m_text.clear();
        switch (block) {
            case Block::None: break;
            case Block::Paragraph: m_out += "<p>"; break;
            case Block::Bullets: m_out += "<ul>\n"; break;
            case Block::Numbers: m_out += "<ol>\n"; break;
            case Block::Quote: m_out += "<blockquote>"; break;
            case Block::Code: m_out += "<pre><code>"; break;
        }
    }
    void endItem() {
        m_out += "<li>";
        renderInline(m_out, m_text, 0);
        m_out += "</li>\n";
        m_text.clear();
    }
    void close() {
        switch (m_block) {
            case Block::None: break;
            case Block::Paragraph:
                renderInline(m_out, m_text, 0);
                m_out += "</p>\n";
                break;
            case Block::Bullets:
                endItem();
                m_out += "</ul>\n";
                break;
            case Block::Numbers:
                endItem();
                m_out += "</ol>\n";
                break;
            case Block::Quote:
                renderInline(m_out, m_text, 0);
                m_out += "</blockquote>\n";
                break;
            case Block::Code:
                m_out += escapeHtml(m_text) + "</code></pre>\n";
                break;
        }
        m_block = Block::None;
        m_text.clear();
    }

    std::string m_out, m_text;
    Block m_block = Block::None;
};

}  // namespace

std::string escapeHtml(std::string_view text) {
    const std::string safe = escapeControls(repairUtf8(text), false);
    std::string out;
    out.reserve(safe.size() + safe.size() / 16);
    for (const char c : safe) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string markdownToHtml(std::string_view markdown) { return Renderer().render(markdown); }

std::string escapeMarkdown(std::string_view text) {
    const std::string safe = escapeControls(repairUtf8(text), false);
    std::string out;
    for (const char c : safe) {
        if (c == '\n' || c == '\r' || c == '\t') {
            out += ' ';
            continue;
        }
        if (c == '<') {
            out += "&lt;";
            continue;
        }
        if (c == '&') {
            out += "&amp;";
            continue;
        }
        if (std::string_view("\\`*_{}[]()#+-!|>~").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

}  // namespace spanreel::report
