// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/utf16.h"

namespace spanreel::ingest {
namespace {

void append(std::uint32_t code, std::string& out) {
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
        return;
    }
    if (code < 0x800) {
        out.push_back(static_cast<char>(0xC0 | code >> 6));
    } else {
        if (code < 0x10000) {
            out.push_back(static_cast<char>(0xE0 | code >> 12));
        } else {
            out.push_back(static_cast<char>(0xF0 | code >> 18));
            out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
        }
        out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    }
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
}

}  // namespace

void Utf16Decoder::convert(std::string_view bytes, std::string& out) {
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (m_half < 0) {
            m_half = byte;
            continue;
        }
        const auto first = static_cast<std::uint32_t>(m_half);
        const std::uint32_t unit = m_state == State::Little ? first | static_cast<std::uint32_t>(byte) << 8 : first << 8 | byte;
        m_half = -1;
        if (unit >= 0xDC00 && unit < 0xE000 && m_high) {
            append(0x10000 + ((m_high - 0xD800) << 10) + (unit - 0xDC00), out);
            m_high = 0;
            continue;
        }
        if (m_high) append(0xFFFD, out);
        m_high = 0;
        if (unit >= 0xD800 && unit < 0xDC00) m_high = unit;
        else if (unit >= 0xDC00 && unit < 0xE000) append(0xFFFD, out);
        else if (unit != 0xFEFF) append(unit, out);
    }
}

}  // namespace spanreel::ingest
