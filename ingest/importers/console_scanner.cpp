// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/console_scanner.h"

namespace spanreel::ingest {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

void ConsoleScanner::line(std::string_view line) {
    ++m_line;
    std::size_t at = 0;
    if (m_inside && !line.empty() && line[0] == '{') {
        // A brace at the margin begins an object: the one at hand was cut off (by a crash, or by another writer).
        std::size_t next = 1;
        while (next < line.size() && isBlank(line[next])) ++next;
        if (next == line.size() || line[next] == '"') {
            if (m_tooLong) m_handler.tooLong(m_objectLine);
            else m_handler.cut(m_objectLine);
            reset();
        }
    }
    if (m_inside) {
        at = scanObject(line, 0);
        if (m_inside) return;
    }
    while (true) {
        while (at < line.size() && (isBlank(line[at]) || (m_list && (line[at] == ',' || line[at] == ']')))) {
            if (line[at] == ']') m_list = false;
            ++at;
        }
        if (at == line.size()) return;
        if (line[at] == '[') {  // a list of objects?
            std::size_t next = at + 1;
            while (next < line.size() && isBlank(line[next])) ++next;
            if (next == line.size() || line[next] == '{') {
                m_list = true;
                at = next;
                continue;
            }
        }
        if (line[at] != '{') break;
        m_inside = true;
        m_objectLine = m_line;
        at = scanObject(line, at);
        if (m_inside) return;
    }
    m_handler.text(line.substr(at), m_line);
}

/// Goes through a line of the object at hand; returns the position behind the object, or the line's length.
std::size_t ConsoleScanner::scanObject(std::string_view line, std::size_t from) {
    std::size_t i = from;
    bool done = false;
    for (; i < line.size() && !done; ++i) {
        const char c = line[i];
        if (m_quote) {
            if (c == '\\') ++i;
            else if (c == m_quote) m_quote = 0;
            continue;
        }
        if (!m_keySeen && m_depth == 1 && !isBlank(c) && c != '}') {
            m_keySeen = true;
            m_inspected = c != '"';
        }
        if (c == '"' || (m_inspected && (c == '\'' || c == '`'))) m_quote = c;
        else if (c == '/' && m_inspected && i + 1 < line.size() && line[i + 1] == '/') i = line.size() - 1;
        else if (c == '{' || c == '[') ++m_depth;
        else if (c == '}' || c == ']') done = --m_depth == 0;
    }
    if (i > line.size()) i = line.size();
    m_quote = m_quote == '`' ? m_quote : 0;  // only template strings go over lines
    if (!m_tooLong) m_object.append(line.substr(from, i - from)).push_back('\n');
    if (m_object.size() > kLongest) {
        m_tooLong = true;
        m_object.clear();
    }
    if (done) {
        if (m_tooLong) m_handler.tooLong(m_objectLine);
        else m_handler.object(m_object, m_inspected, m_objectLine);
        reset();
    }
    return i;
}

void ConsoleScanner::finish() {
    if (!m_inside) return;
    if (m_tooLong) m_handler.tooLong(m_objectLine);
    else m_handler.cut(m_objectLine);
    reset();
}

void ConsoleScanner::reset() {
    m_object.clear();
    m_inside = m_tooLong = m_keySeen = m_inspected = false;
    m_depth = 0;
    m_quote = 0;
}

}  // namespace spanreel::ingest
