// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_cursor.h"

#include "model/core/text.h"

namespace spanreel::ingest {

char JsonCursor::skipBlanks() {
    while (m_p != m_end && (*m_p == ' ' || *m_p == '\n' || *m_p == '\r' || *m_p == '\t')) ++m_p;
    return m_p != m_end ? *m_p : '\0';
}

/// Any string, with its opening quote at hand.
bool JsonCursor::longString(std::string_view& raw, bool& escaped) {
    const char* const first = m_p + 1;
    const char* p = first;
    bool high = false, slash = false;
    for (;;) {
        while (static_cast<std::size_t>(m_end - p) >= kLook) {
            const std::uint32_t odd = oddBytes(p);
            if (odd) {
                p += __builtin_ctz(odd);
                break;
            }
            p += kLook;
        }
        if (p == m_end) return false;
        const auto c = static_cast<unsigned char>(*p);
        if (c == '"') break;
        if (c < 0x20) return false;
        if (c == '\\') {
            // What may be escaped is judged when it is unescaped.
            slash = true;
            if (++p == m_end) return false;
        }
        high = high || static_cast<unsigned char>(*p) >= 0x80;
        ++p;
    }
    raw = {first, static_cast<std::size_t>(p - first)};
    if (high && !isValidUtf8(raw)) return false;
    escaped = slash;
    m_p = p + 1;
    return true;
}

bool JsonCursor::number(std::string_view& text) {
    peek();
    const char* p = m_p;
    const auto digits = [&] {
        const char* const first = p;
        while (p != m_end && *p >= '0' && *p <= '9') ++p;
        return p != first;
    };
    if (p != m_end && *p == '-') ++p;
    if (p != m_end && *p == '0') ++p;
    else if (!digits()) return false;
    if (p != m_end && *p == '.') {
        ++p;
        if (!digits()) return false;
    }
    if (p != m_end && (*p == 'e' || *p == 'E')) {
        ++p;
        if (p != m_end && (*p == '+' || *p == '-')) ++p;
        if (!digits()) return false;
    }
    text = {m_p, static_cast<std::size_t>(p - m_p)};
    m_p = p;
    return true;
}

}  // namespace spanreel::ingest
