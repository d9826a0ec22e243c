// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/sniff.h"

#include <algorithm>

namespace spanreel::ingest {
namespace {

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

bool beginsDocument(std::string_view line) {
    if (!line.starts_with('{') && !line.starts_with('[')) return false;
    const auto next = line.find_first_not_of(" \t\r", 1);
    return next == std::string_view::npos || line.front() == '{' || std::string_view("{[\"]").find(line[next]) != std::string_view::npos;
}

bool endsDocument(std::string_view line) {
    const auto last = line.find_last_not_of(" \t\r");
    return last != std::string_view::npos && (line[last] == '}' || line[last] == ']');
}

KeySniff::KeySniff(std::string_view head) {
    int depth = 0;
    for (std::size_t i = 0; i < head.size(); ++i) {
        const char c = head[i];
        if (m_first == 0 && !isSpace(c)) {
            m_first = c;
            if (!startsLikeJson()) return;
        }
        if (c == '{') ++depth;
        if (c == '}' && depth > 0) --depth;
        if (c != '"') continue;
        std::size_t end = i + 1;
        while (end < head.size() && head[end] != '"') end += head[end] == '\\' ? 2 : 1;
        if (end >= head.size()) return;
        std::size_t after = end + 1;
        while (after < head.size() && isSpace(head[after])) ++after;
        if (after < head.size() && head[after] == ':') m_keys.emplace_back(head.substr(i + 1, end - i - 1), depth);
        i = end;
    }
}

bool KeySniff::has(std::string_view key) const {
    return std::any_of(m_keys.begin(), m_keys.end(), [&](const auto& k) { return k.first == key; });
}

bool KeySniff::hasTop(std::string_view key) const {
    return std::any_of(m_keys.begin(), m_keys.end(), [&](const auto& k) { return k.second == 1 && k.first == key; });
}

std::vector<std::string_view> KeySniff::topKeys() const {
    std::vector<std::string_view> names;
    for (const auto& [name, depth] : m_keys)
        if (depth == 1) names.push_back(name);
    return names;
}

int binaryPercent(std::string_view head) {
    if (head.empty()) return 0;
    std::size_t odd = 0;
    for (std::size_t i = 0; i < head.size();) {
        const auto c = static_cast<unsigned char>(head[i]);
        if (c < 0x80) {
            odd += (c < 0x20 && c != 0 && !(c >= 0x07 && c <= 0x0D) && c != 0x1B) || c == 0x7F;
            ++i;
            continue;
        }
        const std::size_t length = c >= 0xF0 && c <= 0xF4 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
        bool good = length > 1 && c <= 0xF4;
        std::size_t n = 1;
        for (; good && n < length && i + n < head.size(); ++n) good = (static_cast<unsigned char>(head[i + n]) & 0xC0) == 0x80;
        if (!good) ++odd;
        i += good ? n : 1;
    }
    return static_cast<int>(odd * 100 / head.size());
}

}  // namespace spanreel::ingest
