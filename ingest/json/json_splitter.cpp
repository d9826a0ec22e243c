// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_splitter.h"

#include <algorithm>
#include <optional>

namespace spanreel::ingest {

namespace {

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool beginsValue(char c) { return c == '{' || c == '[' || c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n'; }

constexpr std::size_t kTextHead = 200;
constexpr std::size_t kLongestKey = 1u << 20;

}  // namespace

const SplitRule* JsonSplitter::childOf(const SplitRule* rule, std::string_view key) {
    if (!rule) return nullptr;
    for (const auto& child : rule->children)
        if (child.key == key) return &child;
    return nullptr;
}

bool JsonSplitter::knows(const SplitRule* rule, std::string_view name) {
    if (!rule || name.empty()) return false;
    return childOf(rule, name) || std::find(rule->names.begin(), rule->names.end(), name) != rule->names.end();
}

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
    if (m_pos != m_buffer.size() || m_scanning || m_walking || m_damaged || m_direct || m_resync || m_eof || m_lineLimit != npos || m_textFrom != kNowhere || m_zeroFrom != kNowhere) return nullptr;
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
    const bool held = m_scanning ? !m_discarding : m_walking && m_walkKind == Walk::Careful && m_base + m_pos - m_valueOffset <= std::max(m_limits.record, m_limits.whole);
    std::size_t keep = held ? static_cast<std::size_t>(m_valueOffset - m_base) : m_pos;
    // One byte before stays: a line's end tells that the next one begins a line.
    keep = keep > 0 ? keep - 1 : 0;
    if (keep == 0) return;
    m_baseLine = lineAt(m_base + keep);
    if (m_scanning) m_scan.shift(std::string_view(m_buffer).substr(0, keep));
    m_buffer.erase(0, keep);
    m_base += keep;
    m_pos -= keep;
    if (m_lineOffset < m_base) {
        m_lineOffset = m_base;
        m_line = m_baseLine;
    }
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
    if (m_walking) return stepWalk();
    return m_frames.empty() ? stepTop() : stepInside();
}

bool JsonSplitter::stepTop() {
    const std::size_t end = dataEnd();
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
    if (m_textWaits) return stepText();
    const char c = m_buffer[m_pos];
    if (c == '\xEF' && m_textFrom == kNowhere) {
        const auto mark = std::string_view(m_buffer).substr(m_pos, std::min<std::size_t>(3, end - m_pos));
        if (mark.size() < 3 && !isLast()) return false;
        if (mark == "\xEF\xBB\xBF") return m_pos += 3, true;
    }
    if (c == ',' && m_zeroFrom == kNowhere) {
        if (!m_commaTold && m_textFrom == kNowhere) {
            m_commaTold = true;
            tell(BadStretch::Kind::Comma, m_base + m_pos, m_base + m_pos + 1, "commas between values");
        }
        return ++m_pos, true;
    }
    if (c != '{' && c != '[') return stepText();
    if (c == '{' && !(m_pos + 1 < end && m_buffer[m_pos + 1] == '"')) {
        JsonResync::Opening opening;
        if (!JsonResync::openingAt(std::string_view(m_buffer).substr(0, end), m_pos, isLast(), opening)) return false;
        if (opening.follower == '{' || opening.follower == '[') return stepText();  // a bracket too many
    }
    if (m_zeroFrom != kNowhere) {
        tell(BadStretch::Kind::Text, m_zeroFrom, m_base + m_pos, "zero bytes between values");
        m_zeroFrom = kNowhere;
    }
    flushText();
    countAbandoned();
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
    if (!m_textWaits && (m_buffer[m_pos] == ']' || m_buffer[m_pos] == '}')) {
        // Stray closing brackets end nothing but themselves.
        if (m_textFrom == kNowhere) beginText(1);
        m_pos = std::min(m_buffer.find_first_not_of("]}, \t\r", m_pos), end);
        return true;
    }
    const std::size_t newline = std::min(m_buffer.find('\n', m_pos), end);
    if (newline == end && !isLast() && end - m_pos < kLongestKey) return false;
    std::size_t from = m_pos;
    if (m_textFrom == kNowhere) beginText(newline - m_pos);
    if (!m_textWaits) ++from;
    m_pos = endOfText(from, newline, m_textWaits);
    const std::uint64_t size = m_base + m_pos - m_textFrom;
    if (!m_textWaits && size < m_textHead.size()) m_textHead.resize(size);
    return !m_textWaits;
}

void JsonSplitter::beginText(std::size_t size) {
    if (m_zeroFrom == kNowhere) markLine(m_base + m_pos);
    m_textFrom = m_markOffset;
    m_zeroFrom = kNowhere;
    m_textHead.assign(m_buffer, m_pos, std::min(size, kTextHead));
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
            if (c != '"') return fault("expected a member's name"), true;
            return readKey();
        case State::Colon:
            if (c != ':') return fault("expected ':'"), true;
            ++m_pos;
            m_state = State::Value;
            return true;
        case State::Value:
            if (m_first && !frame.object && c == closer) return closeValue(), true;
            if (!frame.object && (c == '{' || c == '[')) return stepElement();
            if (!beginsValue(c)) return fault("expected a value"), true;
            m_first = false;
            if (!frame.object) m_key.clear();
            beginValue(childOf(frame.rule, frame.object ? std::string_view(m_key) : std::string_view("*")));
            return true;
        case State::AfterValue:
            if (c == closer) return closeValue(), true;
            if (c != ',') return fault(frame.object ? "expected ',' or '}'" : "expected ',' or ']'"), true;
            ++m_pos;
            m_first = false;
            m_state = frame.object ? State::Key : State::Value;
            return true;
    }
    return false;
}

/// An object or array where an element of an array may begin.
bool JsonSplitter::stepElement() {
    const Frame& array = m_frames.back();
    const SplitRule* const rule = childOf(array.rule, "*");
    const auto bytes = std::string_view(m_buffer).substr(0, dataEnd());
    const bool object = m_buffer[m_pos] == '{';
    if (object ? m_damaged || m_refused || m_pos + 1 >= bytes.size() || bytes[m_pos + 1] != '"' : rule && !canOpen(rule, m_pos)) {
        JsonResync::Opening opening;
        if (!JsonResync::openingAt(bytes, m_pos, isLast(), opening)) return false;
        const char next = opening.follower;
        // A bracket too many.
        if (object ? next == '{' || next == '[' || next == ']' || next == ',' || next == ':' : next == '{') return fault(object ? "expected a member's name" : "expected an object"), true;
        if ((m_damaged || m_refused) && isElsewhere(opening.name)) return true;
    }
    m_first = false;
    m_key.clear();
    beginValue(rule);
    return true;
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
            m_first = m_quiet = false;
            m_closed = nullptr;
            return true;
        } else if (m_buffer[i] == '\n') {
            m_pos = i;
            fault("control character in a string");
            return true;
        }
    }
    if (end - m_pos > kLongestKey) return fault("a member's name is too long"), true;
    if (!isLast()) return false;
    m_pos = end;
    breakOff("the text ends early", true);
    return true;
}

void JsonSplitter::beginValue(const SplitRule* rule) {
    m_quiet = false;
    if (rule && rule->alwaysOpen && canOpen(rule, m_pos)) {
        openValue(rule, npos);
        return;
    }
    m_scanRule = rule;
    if (m_frames.empty()) m_key.clear();
    const bool container = m_buffer[m_pos] == '{' || m_buffer[m_pos] == '[';
    if (container && (m_damaged || (m_direct && (!m_frames.empty() || canOpen(rule, m_pos))))) {
        startWalk(Walk::Careful, m_pos, true);
        return;
    }
    m_scan.start(m_pos);
    m_scanning = true;
    m_ended = false;
    m_discarding = false;
    m_valueOffset = m_base + m_pos;
}

bool JsonSplitter::scanOn() {
    // A value that may come in parts is judged by as much of it as may come whole, however the bytes arrive.
    const auto begin = static_cast<std::size_t>(m_valueOffset - m_base);
    const bool openable = !m_discarding && canOpen(m_scanRule, begin);
    const std::size_t end = openable ? std::min(dataEnd(), begin + m_limits.whole) : dataEnd();
    const auto outcome = m_broken ? JsonScan::Outcome::Broken : m_ended ? JsonScan::Outcome::Done : m_scan.scan(std::string_view(m_buffer).substr(0, end));
    if (outcome == JsonScan::Outcome::Done) {
        m_ended = false;
        const bool element = !m_discarding && !m_frames.empty() && !m_frames.back().object && m_scan.end() - begin <= m_limits.record;
        if (element && m_buffer[begin] == '"') return stringDone();
        valueDone();
        return true;
    }
    if (outcome == JsonScan::Outcome::Broken) {
        // What begins the next line tells what kind of input this is.
        m_broken = !m_eof && (m_scan.end() + 1 >= m_buffer.size() || !lineBeginsValue(m_scan.firstNewline()));
        if (m_broken) return false;
        valueBroken(false);
        return true;
    }
    if (end < dataEnd()) {
        m_scanning = false;
        m_pos = begin;
        m_scannedTo = std::max(m_scannedTo, m_base + end);
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
        if (!m_frames.empty() && m_scan.isContainer()) {
            m_scannedTo = std::max(m_scannedTo, m_base + end);
            return startWalk(Walk::Broken, begin, true), true;
        }
        m_discarding = true;
        markLine(m_valueOffset);
        m_pos = end;
    }
    return false;
}

/// A string in an array: what follows it tells whether its quotes are two of a kind.
bool JsonSplitter::stringDone() {
    std::size_t next = m_scan.end();
    while (next < dataEnd() && isSpace(m_buffer[next])) ++next;
    if (next >= dataEnd() && !isLast()) {
        m_ended = true;
        return false;
    }
    if (next >= dataEnd() || m_buffer[next] == ',' || m_buffer[next] == ']') return valueDone(), true;
    const bool name = m_buffer[next] == ':';
    m_pos = static_cast<std::size_t>(m_valueOffset - m_base);
    m_scanning = false;
    fault(name ? "a member's name in an array" : "a string without an end");
    return true;
}

void JsonSplitter::valueDone() {
    m_scanning = false;
    m_pos = m_scan.end();
    if (m_frames.empty()) {
        if (m_scan.firstNewline() == JsonScan::npos) ++m_lineValues;
        else m_otherValues = true;
    }
    m_state = State::AfterValue;
    handOver();
}

/// The value from m_valueOffset to m_pos.
void JsonSplitter::handOver() {
    const std::uint64_t size = m_base + m_pos - m_valueOffset;
    const auto begin = static_cast<std::size_t>(m_valueOffset - m_base);
    const bool openable = !m_discarding && canOpen(m_scanRule, begin);
    const bool inContainer = !m_frames.empty() && !m_discarding && (m_buffer[begin] == '{' || m_buffer[begin] == '[');
    if (m_discarding || (size > m_limits.record && !openable)) {
        if (inContainer) return startWalk(Walk::Broken, begin, true);
        tell(BadStretch::Kind::TooLong, m_valueOffset, m_base + m_pos, "a record is over 64 MiB");
        return;
    }
    const std::size_t end = m_pos;
    const JsonPiece piece{std::string_view(m_buffer).substr(begin, end - begin), m_valueOffset, m_scanRule ? m_scanRule->tag : JsonPiece::kMember, m_key, openable};
    if (m_handler.value(piece)) return;
    m_scannedTo = std::max(m_scannedTo, m_base + end);
    if (openable) {
        m_pos = begin;
        openValue(m_scanRule, end);
    } else if (inContainer && !m_damaged) {
        m_refused = true;
        startWalk(Walk::Refused, begin, true);
    }
}

/// By the name of its first member, is the object behind the newline one of the top level? Nothing where that cannot be
/// told yet.
std::optional<bool> JsonSplitter::lineBeginsValue(std::size_t newline) const {
    if (!m_frames.empty() || newline >= m_buffer.size() || newline + 1 >= m_buffer.size() || m_buffer[newline + 1] != '{') return true;
    JsonResync::Opening opening;
    if (!JsonResync::openingAt(m_buffer, newline + 1, m_eof, opening)) return std::nullopt;
    const bool named = !m_rule->names.empty() || std::any_of(m_rule->children.begin(), m_rule->children.end(), [](const SplitRule& child) { return child.key != "*"; });
    return !named || opening.name.empty() || knows(m_rule, opening.name);
}

/// The value being scanned has no end.
void JsonSplitter::valueBroken(bool truncated) {
    m_scanning = false;
    const std::size_t end = dataEnd();
    const auto begin = m_discarding ? npos : static_cast<std::size_t>(m_valueOffset - m_base);
    m_scannedTo = std::max(m_scannedTo, m_base + (truncated ? end : m_scan.end()));
    if (!m_frames.empty() && !m_discarding && (canOpen(m_scanRule, begin) || m_scan.isContainer())) {
        if (!canOpen(m_scanRule, begin)) return startWalk(Walk::Broken, begin, true);
        m_pos = begin;
        return openValue(m_scanRule, npos);
    }
    // Over the limit it is told as such, also where all of it came at once. The newline that broke it counts.
    if (!m_discarding && !canOpen(m_scanRule, begin)) m_discarding = (truncated ? end : m_scan.end() + 1) - begin > m_limits.record;
    if (m_discarding) {
        tell(BadStretch::Kind::TooLong, m_valueOffset, m_base + m_scan.end(), "a record is over 64 MiB");
        m_pos = m_scan.end();
        if (!m_frames.empty() && !truncated) {
            setDamaged();
            return startWalk(Walk::Told, m_pos, false);
        }
        closeFrames(0);
        m_resync = !truncated;
        return;
    }
    if (!m_frames.empty()) {
        m_pos = truncated ? end : m_scan.end();
        if (truncated) return breakOff("the text ends early", true);
        tell(BadStretch::Kind::Broken, m_base + m_pos, m_base + m_pos, "a line ends inside a value");
        setDamaged();
        return startWalk(Walk::Told, begin, false);
    }
    // Was this one line of many? Then only its own line is lost.
    const std::size_t newline = m_scan.firstNewline();
    if (m_lineLimit == npos && newline != JsonScan::npos && newline + 1 < end && m_buffer[newline + 1] == '{') {
        std::size_t last = newline;
        while (last > begin && isSpace(m_buffer[last - 1])) --last;
        const bool wrong = (!truncated && m_scan.end() == newline) || !mayPrecedeValue(m_buffer[last - 1]);
        if (m_lineValues > 0 || (wrong && lineBeginsValue(newline).value_or(true))) {
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
    m_closed = nullptr;
    m_state = object ? State::Key : State::Value;
    m_handler.open(rule->tag, offset);
}

void JsonSplitter::closeValue() {
    ++m_pos;
    const Frame closed = m_frames.back();
    closeFrames(m_frames.size() - 1);
    m_closed = closed.object ? nullptr : closed.rule;
    m_state = State::AfterValue;
}

void JsonSplitter::closeFrames(std::size_t keep) {
    while (m_frames.size() > keep) {
        const int tag = m_frames.back().rule->tag;
        m_frames.pop_back();
        m_handler.close(tag);
    }
    m_closed = nullptr;
    if (m_frames.empty()) m_damaged = m_refused = false;
}

void JsonSplitter::tell(BadStretch::Kind kind, std::uint64_t offset, std::uint64_t end, const char* message, std::string_view bytes) {
    m_handler.bad({kind, offset, end, message, bytes, m_lineLimit != npos || looksLikeLines()});
}

}  // namespace spanreel::ingest
