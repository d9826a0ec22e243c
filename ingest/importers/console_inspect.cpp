// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/console_inspect.h"

#include <algorithm>
#include <vector>

namespace spanreel::ingest {
namespace {

bool isQuote(char c) { return c == '\'' || c == '"' || c == '`'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isWord(char c) { return isDigit(c) || isUpper(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '$' || c == '.' || c == '-' || c == '+' || static_cast<unsigned char>(c) >= 0x80; }
int hexDigit(char c) { return isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/// Is the word a number of JSON?
bool isNumber(std::string_view word) {
    std::size_t i = word.starts_with('-') ? 1 : 0;
    const std::size_t whole = i;
    while (i < word.size() && isDigit(word[i])) ++i;
    if (i == whole || (word[whole] == '0' && i > whole + 1)) return false;
    if (i < word.size() && word[i] == '.') {
        const std::size_t fraction = ++i;
        while (i < word.size() && isDigit(word[i])) ++i;
        if (i == fraction) return false;
    }
    if (i < word.size() && (word[i] == 'e' || word[i] == 'E')) {
        ++i;
        if (i < word.size() && (word[i] == '-' || word[i] == '+')) ++i;
        const std::size_t exponent = i;
        while (i < word.size() && isDigit(word[i])) ++i;
        if (i == exponent) return false;
    }
    return i == word.size();
}

class Rewriter {
public:
    explicit Rewriter(std::string_view text) : m_text(text) { m_out.reserve(text.size() + text.size() / 8); }

    std::string run() {
        do {
            skipBlanks();
            if (done()) break;
            const char c = peek();
            if (c == ',') ++m_at;
            else if (!m_frames.empty() && (c == '}' || c == ']')) closeFrame(c);
            else if (m_text.substr(m_at).starts_with("...")) skipElided();
            else if (!m_frames.empty() && m_frames.back().object) member();
            else {
                comma();
                value();
            }
        } while (!m_frames.empty() || m_out.find_first_not_of('\n') == std::string::npos);
        m_out.append(m_text.substr(m_at));  // what follows the value is the reader's to refuse
        return std::move(m_out);
    }

private:
    struct Frame {
        bool object;
        bool first = true;
    };
    [[nodiscard]] bool done() const { return m_at >= m_text.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }

    void skipBlanks() {
        while (!done()) {
            const char c = peek();
            if (c == '\n') m_out.push_back('\n');
            else if (c == '/' && peek(1) == '/') {
                while (!done() && peek() != '\n') ++m_at;
                continue;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return;
            }
            ++m_at;
        }
    }
    void comma() {
        if (m_frames.empty()) return;
        if (!m_frames.back().first) m_out.push_back(',');
        m_frames.back().first = false;
    }
    void open(char c) {
        ++m_at;
        m_out.push_back(c);
        m_frames.push_back({c == '{'});
    }
    void closeFrame(char c) {
        ++m_at;
        m_out.push_back(c);
        m_frames.pop_back();
    }
    /// "... 3 more items" up to its end.
    void skipElided() {
        while (!done() && peek() != '\n' && peek() != ',' && peek() != '}' && peek() != ']') ++m_at;
    }
    void member() {
        comma();
        if (isQuote(peek())) {
            string();
        } else if (peek() == '[') {  // [Symbol(x)], [length]
            const std::size_t begin = m_at;
            while (!done() && peek() != ']' && peek() != '\n') ++m_at;
            if (peek() == ']') ++m_at;
            quote(m_text.substr(begin, m_at - begin));
        } else {
            const std::size_t begin = m_at;
            while (!done() && (isWord(peek()) || peek() == '(' || peek() == ')')) ++m_at;
            if (m_at == begin) ++m_at;
            quote(m_text.substr(begin, m_at - begin));
        }
        skipBlanks();
        m_out.push_back(':');
        if (peek() == ':') ++m_at;
        else if (peek() == '=' && peek(1) == '>') m_at += 2;
        else {
            m_out += "null";  // an element of a Set
            return;
        }
        skipBlanks();
        value();
    }
    void value() {
        while (true) {
            const char c = peek();
            if (isQuote(c)) return string();
            if (c == '{') return open('{');
            if (c == '[' && !isUpper(peek(1))) return open('[');
            if (c == '[' || c == '<') {  // [Object], [Function: x], [Object: null prototype] {, <ref *1> {, <Buffer 00>
                const char closer = c == '[' ? ']' : '>';
                const std::size_t begin = m_at;
                while (!done() && peek() != closer && peek() != '\n') ++m_at;
                if (peek() == closer) ++m_at;
                const std::string_view word = m_text.substr(begin, m_at - begin);
                skipBlanks();
                if (peek() == '{' || peek() == '[') continue;
                if (word.starts_with("<ref")) continue;
                return quote(word);
            }
            if (done() || c == ',' || c == '}' || c == ']') {
                m_out += "null";
                return;
            }
            const std::size_t begin = m_at;
            while (!done() && (isWord(peek()) || peek() == ':')) ++m_at;
            if (peek() == '(') {  // Map(2), Symbol(x)
                while (!done() && peek() != ')' && peek() != '\n') ++m_at;
                if (peek() == ')') ++m_at;
            }
            if (m_at == begin) ++m_at;
            std::string_view word = m_text.substr(begin, m_at - begin);
            std::size_t blanks = 0;
            while (peek(blanks) == ' ') ++blanks;
            if (blanks > 0 && (peek(blanks) == '{' || (peek(blanks) == '[' && !isDigit(word[0])))) {  // a class name
                m_at += blanks;
                continue;
            }
            if (isNumber(word)) return void(m_out.append(word));
            if (word == "undefined" || word == "null" || word == "None") return void(m_out += "null");
            if (word == "true" || word == "True") return void(m_out += "true");
            if (word == "false" || word == "False") return void(m_out += "false");
            if (word.ends_with('n') && isNumber(word.substr(0, word.size() - 1))) return void(m_out.append(word.substr(0, word.size() - 1)));
            while (!done() && peek() != ',' && peek() != '\n' && peek() != '}' && peek() != ']') ++m_at;
            word = m_text.substr(begin, m_at - begin);
            while (!word.empty() && (word.back() == ' ' || word.back() == '\r')) word.remove_suffix(1);
            return quote(word);
        }
    }

    /// A quoted string, with every "+ '…'" behind it.
    void string() {
        m_out.push_back('"');
        std::string newlines;
        while (true) {
            const char quoteChar = peek();
            for (++m_at; !done() && peek() != quoteChar; ++m_at) {
                if (peek() == '\\') escape(newlines);
                else plain(peek(), newlines);
            }
            m_at = std::min(m_at + 1, m_text.size());
            const std::size_t after = m_at;
            std::string between;
            while (!done() && (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r')) {
                if (peek() == '\n') between.push_back('\n');
                ++m_at;
            }
            if (peek() == '+') {
                ++m_at;
                while (!done() && (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r')) {
                    if (peek() == '\n') between.push_back('\n');
                    ++m_at;
                }
                newlines += between;
                if (isQuote(peek())) continue;
                break;
            }
            m_at = after;
            break;
        }
        m_out.push_back('"');
        m_out += newlines;
    }
    void plain(char c, std::string& newlines) {
        static constexpr char kHex[] = "0123456789abcdef";
        if (c == '"') m_out += "\\\"";
        else if (c == '\n') {
            m_out += "\\n";
            newlines.push_back('\n');
        } else if (static_cast<unsigned char>(c) < 0x20) {
            m_out += "\\u00";
            m_out.push_back(kHex[c >> 4]);
            m_out.push_back(kHex[c & 15]);
        } else {
            m_out.push_back(c);
        }
    }
    void escape(std::string& newlines) {
        ++m_at;
        const char c = peek();
        switch (c) {
            case 'n': case 't': case 'r': case 'b': case 'f': case '"': case '\\': case '/':
                m_out.push_back('\\');
                m_out.push_back(c);
                return;
            case 'v': m_out += "\\u000b"; return;
            case '0': m_out += "\\u0000"; return;
            case 'x':
                if (hexDigit(peek(1)) >= 0 && hexDigit(peek(2)) >= 0) {
                    m_out += "\\u00";
                    m_out.append(m_text.substr(m_at + 1, 2));
                    m_at += 2;
                    return;
                }
                break;
            case 'u':
                if (hexDigit(peek(1)) >= 0 && hexDigit(peek(2)) >= 0 && hexDigit(peek(3)) >= 0 && hexDigit(peek(4)) >= 0) {
                    m_out += "\\u";
                    m_out.append(m_text.substr(m_at + 1, 4));
                    m_at += 4;
                    return;
                }
                break;
            default: break;
        }
        if (c == '\n') newlines.push_back(c);  // continues the line, and counts as one
        else if (c != '\0') m_out.push_back(c);
    }
    void quote(std::string_view text) {
        std::string newlines;
        m_out.push_back('"');
        for (const char c : text) {
            if (c == '\\') m_out += "\\\\";
            else plain(c, newlines);
        }
        m_out.push_back('"');
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_out;
    std::vector<Frame> m_frames;
};

}  // namespace

std::string inspectToJson(std::string_view text) { return Rewriter(text).run(); }

}  // namespace spanreel::ingest
