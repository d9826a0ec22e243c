// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_splitter.h"

#include <algorithm>

namespace spanreel::ingest {

namespace {

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool beginsValue(char c) { return c == '{' || c == '[' || c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n'; }

const SplitRule* childOf(const SplitRule* rule, std::string_view key) {
    if (!rule) return nullptr;
    for (const auto& child : rule->children)
        if (child.key == key) return &child;
    return nullptr;
}

constexpr std::size_t kTextHead = 200;
constexpr std::size_t kLongestKey = 1u << 20;

}  // namespace

JsonSplitter::JsonSplitter(const SplitRule& rule, SplitHandler& handler, SplitLimits limits) : m_rule(&rule), m_handler(handler), m_limits(limits) {}

void JsonSplitter::feed(std::string_view bytes) {
    dropConsumed();
    m_buffer.append(bytes);
    while (step()) {}
}

void JsonSplitter::finish() {
    m_eof = true;
    while (step()) {}
    flushText();
    if (m_zeroFrom != kNowhere) tell(BadStretch::Kind::Zeros, m_zeroFrom, bytesFed(), "zero bytes at the end");
    m_zeroFrom = kNowhere;
}

void JsonSplitter::markLine(std::uint64_t offset) {
    m_markLine = lineAt(offset);
    m_markOffset = offset;
}

std::uint64_t JsonSplitter::lineAt(std::uint64_t offset) {
    if (offset == m_markOffset) return m_markLine;
    if (offset < m_lineOffset) {
        m_lineOffset = m_base;
        m_line = m_baseLine;
    }
    if (offset <= m_lineOffset) return m_line;
    const auto to = std::min<std::uint64_t>(offset, bytesFed());
    m_line += countNewlines(std::string_view(m_buffer).substr(m_lineOffset - m_base, to - m_lineOffset));
    m_lineOffset = to;
    return m_line;
}

const SplitRule* JsonSplitter::idleRule() const {
    if (m_pos != m_buffer.size() || m_scanning || m_resync || m_eof || m_lineLimit != npos || m_textFrom != kNowhere || m_zeroFrom != kNowhere) return nullptr;
    if (m_frames.empty()) return m_rule;
    const Frame& array = m_frames.back();
    const bool between = m_frames.size() == 2 && !array.object && array.end == npos && m_frames.front().end == npos && m_state == State::Value && !m_first;
    return between ? array.rule : nullptr;
}

void JsonSplitter::passOver(const Stretch& stretch) {
    m_baseLine = m_line = lineAt(bytesFed()) + stretch.newlines;
    m_base = m_lineOffset = bytesFed() + stretch.bytes;
    m_buffer.clear();
    m_pos = 0;
    m_lineValues += stretch.lineValues;
    m_otherValues = m_otherValues || stretch.otherValues;
}

void JsonSplitter::enter(std::string_view key) {
    m_frames.push_back({m_rule, true, npos, npos});
    m_frames.push_back({childOf(m_rule, key), false, npos, npos});
    m_first = false;
    expectElement(true);
}

void JsonSplitter::dropConsumed() {
    std::size_t keep = m_scanning && !m_discarding ? static_cast<std::size_t>(m_valueOffset - m_base) : m_pos;
    // One byte before stays: a line's end tells that the next one begins a line.
    keep = keep > 0 ? keep - 1 : 0;
    if (keep == 0) return;
    m_baseLine = lineAt(m_base + keep);
    if (m_scanning) m_scan.shift(std::string_view(m_buffer).substr(0, keep));
    m_buffer.erase(0, keep);
    m_base += keep;
    m_pos -= keep;
    for (auto& frame : m_frames) {
        if (frame.end != npos) frame.end -= keep;
        if (frame.limit != npos) frame.limit -= keep;
    }
    if (m_lineLimit != npos) m_lineLimit -= keep;
}

void JsonSplitter::skipSpace(std::size_t end) {
    while (m_pos < end && isSpace(m_buffer[m_pos])) ++m_pos;
}

bool JsonSplitter::canOpen(const SplitRule* rule, std::size_t at) const {
    if (!rule || rule->children.empty()) return false;
    const char c = m_buffer[at];
    const bool forArray = rule->children.front().key == "*";
    if (c == '[') return childOf(rule, "*") != nullptr;
    return c == '{' && (!forArray || rule->children.size() > 1);
}

bool JsonSplitter::step() {
    if (m_scanning) return scanOn();
    return m_frames.empty() ? stepTop() : stepInside();
}

bool JsonSplitter::stepTop() {
    const std::size_t end = dataEnd();
    if (m_base == 0 && m_pos == 0 && !m_buffer.empty() && m_buffer[0] == '\xEF') {
        if (m_buffer.size() < 3 && !m_eof) return false;
        if (m_buffer.starts_with("\xEF\xBB\xBF")) m_pos = 3;
    }
    if (m_resync) {
        const std::size_t newline = m_buffer.find('\n', m_pos);
        if (newline == std::string::npos || newline + 1 >= m_buffer.size()) {
            m_pos = newline == std::string::npos || m_eof ? m_buffer.size() : newline;
            return false;
        }
        m_pos = newline + 1;
        m_resync = m_buffer[m_pos] != '{' && m_buffer[m_pos] != '[';
        return true;
    }
    skipSpace(end);
    if (m_pos >= end) {
        if (m_lineLimit == npos) return false;
        m_lineLimit = npos;
        return true;
    }
    const char c = m_buffer[m_pos];
    if (c != '{' && c != '[') return stepText();
    if (m_zeroFrom != kNowhere) {
        tell(BadStretch::Kind::Text, m_zeroFrom, m_base + m_pos, "zero bytes between values");
        m_zeroFrom = kNowhere;
    }
    flushText();
    beginValue(m_rule);
    return true;
}

/// A line, or a run of zero bytes, that begins no value.
bool JsonSplitter::stepText() {
    const std::size_t end = dataEnd();
    if (m_buffer[m_pos] == '\0' && m_textFrom == kNowhere) {
        if (m_zeroFrom == kNowhere) markLine(m_zeroFrom = m_base + m_pos);
        while (m_pos < end && m_buffer[m_pos] == '\0') ++m_pos;
        return true;
    }
    const std::size_t newline = std::min(m_buffer.find('\n', m_pos), end);
    if (newline == end && !isLast() && end - m_pos < kLongestKey) return false;
    if (m_textFrom == kNowhere) {
        if (m_zeroFrom == kNowhere) markLine(m_base + m_pos);
        m_textFrom = m_markOffset;
        m_zeroFrom = kNowhere;
        m_textHead.assign(m_buffer, m_pos, std::min(newline - m_pos, kTextHead));
    }
    m_pos = newline;
    return true;
}

void JsonSplitter::flushText() {
    if (m_textFrom == kNowhere) return;
    const auto from = m_textFrom;
    m_textFrom = kNowhere;
    tell(BadStretch::Kind::Text, from, m_base + m_pos, "text that is no JSON", m_textHead);
}

bool JsonSplitter::stepInside() {
    const std::size_t end = dataEnd();
    skipSpace(end);
    if (m_pos >= end) {
        if (!isLast()) return false;
        breakOff("the text ends early", true);
        return true;
    }
    const Frame& frame = m_frames.back();
    const char c = m_buffer[m_pos];
    const char closer = frame.object ? '}' : ']';
    switch (m_state) {
        case State::Key:
            if (m_first && c == closer) return closeValue(), true;
            if (c != '"') return breakOff("expected a member's name", false), true;
            return readKey();
        case State::Colon:
            if (c != ':') return breakOff("expected ':'", false), true;
            ++m_pos;
            m_state = State::Value;
            return true;
        case State::Value:
            if (m_first && !frame.object && c == closer) return closeValue(), true;
            if (!beginsValue(c)) return breakOff("expected a value", false), true;
            m_first = false;
            if (!frame.object) m_key.clear();
            beginValue(childOf(frame.rule, frame.object ? std::string_view(m_key) : std::string_view("*")));
            return true;
        case State::AfterValue:
            if (c == closer) return closeValue(), true;
            if (c != ',') return breakOff(frame.object ? "expected ',' or '}'" : "expected ',' or ']'", false), true;
            ++m_pos;
            m_first = false;
            m_state = frame.object ? State::Key : State::Value;
            return true;
    }
    return false;
}

bool JsonSplitter::readKey() {
    const std::size_t end = dataEnd();
    for (std::size_t i = m_pos + 1; i < end; ++i) {
        if (m_buffer[i] == '\\') {
            ++i;
        } else if (m_buffer[i] == '"') {
            m_key.assign(m_buffer, m_pos + 1, i - m_pos - 1);
            m_pos = i + 1;
            m_state = State::Colon;
            m_first = false;
            return true;
        } else if (m_buffer[i] == '\n') {
            m_pos = i;
            breakOff("control character in a string", false);
            return true;
        }
    }
    if (end - m_pos > kLongestKey) return breakOff("a member's name is too long", false), true;
    if (!isLast()) return false;
    m_pos = end;
    breakOff("the text ends early", true);
    return true;
}

void JsonSplitter::beginValue(const SplitRule* rule) {
    if (rule && rule->alwaysOpen && canOpen(rule, m_pos)) {
        openValue(rule, npos);
        return;
    }
    m_scan.start(m_pos);
    m_scanRule = rule;
    m_scanning = true;
    m_discarding = false;
    m_valueOffset = m_base + m_pos;
}

bool JsonSplitter::scanOn() {
    // A value that may come in parts is judged by as much of it as may come whole, however the bytes arrive.
    const auto begin = static_cast<std::size_t>(m_valueOffset - m_base);
    const bool openable = !m_discarding && canOpen(m_scanRule, begin);
    const std::size_t end = openable ? std::min(dataEnd(), begin + m_limits.whole) : dataEnd();
    const auto outcome = m_broken ? JsonScan::Outcome::Broken : m_scan.scan(std::string_view(m_buffer).substr(0, end));
    if (outcome == JsonScan::Outcome::Done) {
        valueDone();
        return true;
    }
    if (outcome == JsonScan::Outcome::Broken) {
        // What begins the next line tells what kind of input this is.
        m_broken = m_scan.end() + 1 >= m_buffer.size() && !m_eof;
        if (m_broken) return false;
        valueBroken(false);
        return true;
    }
    if (end < dataEnd()) {
        m_scanning = false;
        m_pos = begin;
        openValue(m_scanRule, npos);
        return true;
    }
    if (isLast()) {
        valueBroken(true);
        return true;
    }
    if (m_discarding) {
        m_pos = end;
    } else if (!openable && m_base + end - m_valueOffset > m_limits.record) {
        m_discarding = true;
        markLine(m_valueOffset);
        m_pos = end;
    }
    return false;
}

void JsonSplitter::valueDone() {
    m_scanning = false;
    m_pos = m_scan.end();
    const std::uint64_t size = m_base + m_pos - m_valueOffset;
    if (m_frames.empty()) {
        if (m_scan.firstNewline() == JsonScan::npos) ++m_lineValues;
        else m_otherValues = true;
    }
    m_state = State::AfterValue;
    const auto begin = static_cast<std::size_t>(m_valueOffset - m_base);
    const bool openable = !m_discarding && canOpen(m_scanRule, begin);
    if (m_discarding || (size > m_limits.record && !openable)) {
        tell(BadStretch::Kind::TooLong, m_valueOffset, m_base + m_pos, "a record is over 64 MiB");
        return;
    }
    const JsonPiece piece{std::string_view(m_buffer).substr(begin, m_pos - begin), m_valueOffset, m_scanRule ? m_scanRule->tag : JsonPiece::kMember, m_key, openable};
    if (m_handler.value(piece) || !openable) return;
    const std::size_t end = m_pos;
    m_pos = begin;
    openValue(m_scanRule, end);
}

/// The value being scanned has no end.
void JsonSplitter::valueBroken(bool truncated) {
    m_scanning = false;
    const std::size_t end = dataEnd();
    const auto begin = m_discarding ? npos : static_cast<std::size_t>(m_valueOffset - m_base);
    // Over the limit it is told as such, also where all of it came at once. The newline that broke it counts.
    if (!m_discarding && !canOpen(m_scanRule, begin)) m_discarding = (truncated ? end : m_scan.end() + 1) - begin > m_limits.record;
    if (m_discarding) {
        tell(BadStretch::Kind::TooLong, m_valueOffset, m_base + m_scan.end(), "a record is over 64 MiB");
        m_pos = m_scan.end();
        closeFrames(0);
        m_resync = !truncated;
        return;
    }
    if (!m_frames.empty()) {
        m_pos = truncated ? end : m_scan.end();
        if (canOpen(m_scanRule, begin)) {
            m_pos = begin;
            openValue(m_scanRule, npos);
        } else {
            breakOff(truncated ? "the text ends early" : "a line ends inside a value", truncated);
        }
        return;
    }
    // Was this one line of many? Then only its own line is lost.
    const std::size_t newline = m_scan.firstNewline();
    if (m_lineLimit == npos && newline != JsonScan::npos && newline + 1 < end && m_buffer[newline + 1] == '{') {
        std::size_t last = newline;
        while (last > begin && isSpace(m_buffer[last - 1])) --last;
        const bool wrong = (!truncated && m_scan.end() == newline) || !mayPrecedeValue(m_buffer[last - 1]);
        if (wrong || m_lineValues > 0) {
            m_lineLimit = newline;
            truncated = true;
        }
    }
    m_pos = begin;
    if (canOpen(m_rule, begin)) {
        openValue(m_rule, npos);
        return;
    }
    m_pos = m_lineLimit != npos ? m_lineLimit : truncated ? end : m_scan.end();
    breakOff(truncated ? "the text ends early" : "a line ends inside a value", truncated);
}

void JsonSplitter::openValue(const SplitRule* rule, std::size_t end) {
    const std::uint64_t offset = m_base + m_pos;
    const bool object = m_buffer[m_pos] == '{';
    m_frames.push_back({rule, object, end, end != npos || m_frames.empty() ? end : m_frames.back().limit});
    ++m_pos;
    m_first = true;
    m_state = object ? State::Key : State::Value;
    m_handler.open(rule->tag, offset);
}

void JsonSplitter::closeValue() {
    ++m_pos;
    closeFrames(m_frames.size() - 1);
    m_state = State::AfterValue;
}

void JsonSplitter::closeFrames(std::size_t keep) {
    while (m_frames.size() > keep) {
        const int tag = m_frames.back().rule->tag;
        m_frames.pop_back();
        m_handler.close(tag);
    }
}

/// A grammar error or an early end at m_pos: tells it, and goes on behind the innermost value whose end is known, else
/// behind the broken line, else at the next line that begins a value.
void JsonSplitter::breakOff(const char* message, bool truncated) {
    tell(truncated ? BadStretch::Kind::Truncated : BadStretch::Kind::Broken, m_base + m_pos, m_base + m_pos, message);
    std::size_t known = m_frames.size();
    while (known > 0 && m_frames[known - 1].end == npos) --known;
    if (known > 0) {
        m_pos = m_frames[known - 1].end;
        closeFrames(known - 1);
        m_state = State::AfterValue;
        return;
    }
    closeFrames(0);
    if (m_lineLimit != npos) {
        m_pos = m_lineLimit;
        m_lineLimit = npos;
    } else {
        m_resync = !truncated;
    }
}

void JsonSplitter::tell(BadStretch::Kind kind, std::uint64_t offset, std::uint64_t end, const char* message, std::string_view bytes) {
    m_handler.bad({kind, offset, end, message, bytes, m_lineLimit != npos || looksLikeLines()});
}

}  // namespace spanreel::ingest
