// SPDX-License-Identifier: GPL-3.0-or-later
// What the splitter does where its input is no JSON.
#include <algorithm>

#include "ingest/json/json_splitter.h"

namespace spanreel::ingest {

namespace {

/// Bytes that may be scanned in vain at the top level, beside as many as there were.
constexpr std::uint64_t kMayBeAbandoned = 64u << 20;

}  // namespace

/// A grammar error at m_pos, in an open value. One that follows another at once is told with it.
void JsonSplitter::fault(const char* message) {
    if (!m_quiet) tell(BadStretch::Kind::Broken, m_base + m_pos, m_base + m_pos, message);
    m_quiet = true;
    setDamaged();
    startWalk(Walk::Told, m_pos, false);
}

/// The ends of what is open were found by its brackets, which are not to be trusted any more.
void JsonSplitter::setDamaged() {
    m_damaged = !m_frames.empty();
    for (auto& frame : m_frames) frame.end = frame.limit = npos;
}

void JsonSplitter::startWalk(Walk walk, std::size_t from, bool value) {
    m_scanning = false;
    m_walking = true;
    m_walkKind = walk;
    m_pos = from;
    m_faultOffset = kNowhere;
    m_valueOffset = m_base + from;
    m_discarding = false;
    m_walkOpenable = walk == Walk::Careful && canOpen(m_scanRule, from);
    m_walk.start(value, !value && m_frames.back().object);
    if (walk == Walk::Broken || walk == Walk::Careful) markLine(m_valueOffset);
}

bool JsonSplitter::stepWalk() {
    if (m_walkOpenable) return stepOpenable();
    const auto event = m_walk.next(std::string_view(m_buffer).substr(0, dataEnd()), m_pos, isLast());
    if (m_walk.fault() && m_faultOffset == kNowhere) {
        markLine(m_faultOffset = m_base + m_walk.faultAt());
        setDamaged();
        if (event == JsonResync::Event::End) return true;
    }
    switch (event) {
        case JsonResync::Event::More: return false;
        case JsonResync::Event::Ends: endOfWalkedValue(); break;
        case JsonResync::Event::Opens: opensWhileWalking(); break;
        case JsonResync::Event::Closes: closesWhileWalking(); break;
        case JsonResync::Event::Scalar:
            m_walking = false;
            m_state = State::Value;
            m_first = false;
            break;
        case JsonResync::Event::Name:
            m_walking = false;
            m_state = State::Key;
            break;
        case JsonResync::Event::End:
            m_walking = false;
            if (m_walkKind == Walk::Broken || m_walkKind == Walk::Careful) {
                if (!m_walk.fault() && m_base + m_pos - m_valueOffset <= m_limits.record) tell(BadStretch::Kind::Truncated, m_base + m_pos, m_base + m_pos, "the text ends early");
                else tellWalked(nullptr, m_valueOffset);
            }
            leave(true);
            break;
    }
    return true;
}

/// Through a value that may come in parts: so it does where anything is odd in it.
bool JsonSplitter::stepOpenable() {
    const auto begin = static_cast<std::size_t>(m_valueOffset - m_base);
    const std::size_t most = begin + m_limits.whole + 1, end = std::min(dataEnd(), most);
    const auto event = m_walk.next(std::string_view(m_buffer).substr(0, end), m_pos, end == dataEnd() && isLast());
    if (event == JsonResync::Event::More && end < most && !m_walk.fault()) return false;
    m_walking = false;
    if (event == JsonResync::Event::Ends && !m_walk.fault() && m_pos - begin <= m_limits.whole) {
        m_state = State::AfterValue;
        handOver();
    } else {
        m_pos = begin;
        openValue(m_scanRule, npos);
    }
    return true;
}

/// Tells what is wrong with the value gone through, unless that is known. `otherwise`: where nothing else was seen.
void JsonSplitter::tellWalked(const char* otherwise, std::uint64_t offset) {
    if (m_walkKind != Walk::Broken && m_walkKind != Walk::Careful) return;
    if (m_walk.fault()) tell(BadStretch::Kind::Broken, m_faultOffset, m_faultOffset, m_walk.fault());
    else if (m_base + m_pos - m_valueOffset > m_limits.record) tell(BadStretch::Kind::TooLong, m_valueOffset, m_base + m_pos, "a record is over 64 MiB");
    else if (otherwise) tell(BadStretch::Kind::Broken, offset, offset, otherwise);
}

/// Only then can it be told by them where an element begins, when brackets do not tell.
bool JsonSplitter::elementsHaveNames() const {
    const SplitRule* const element = m_frames.back().object ? nullptr : childOf(m_frames.back().rule, "*");
    return element && !element->names.empty();
}

void JsonSplitter::endOfWalkedValue() {
    // By a bracket of another kind, which may be one inside: the names of what follows tell.
    if (m_walk.mismatch() && elementsHaveNames()) return m_walk.lose();
    m_walking = false;
    m_state = State::AfterValue;
    if (m_walkKind == Walk::Careful && !m_walk.fault() && m_base + m_pos - m_valueOffset <= m_limits.record) return handOver();
    tellWalked("a line ends inside a value", m_valueOffset);
}

/// The innermost array whose elements have such a member; the number of frames where there is none.
std::size_t JsonSplitter::arrayThatKnows(std::string_view name) const {
    for (std::size_t i = m_frames.size(); i-- > 0;)
        if (!m_frames[i].object && knows(childOf(m_frames[i].rule, "*"), name)) return i;
    return m_frames.size();
}

/// Where reading goes on at the bracket that the walk stopped at.
JsonSplitter::Going JsonSplitter::whereTo(const JsonResync::Opening& opening) const {
    using Where = Going::Where;
    const Frame& inner = m_frames.back();
    const std::size_t last = m_frames.size() - 1;
    const bool inArray = !inner.object;
    if (m_buffer[m_pos] == '[') {
        if (opening.follower != '{' && opening.follower != '[' && opening.follower != ']') return {};
        if (inArray && m_walk.inPlace() && canOpen(childOf(inner.rule, "*"), m_pos)) return {Where::Element, last};
        return m_walk.beginsLine() && canOpen(m_rule, m_pos) ? Going{Where::Top} : Going{};
    }
    if (opening.follower == '}') return inArray && m_walk.inPlace() ? Going{Where::Element, last} : Going{};
    if (opening.follower != '"') return {};
    const SplitRule* const closed = inArray || !m_closed ? nullptr : childOf(m_closed, "*");
    if (knows(closed, opening.name)) return {Where::Again};
    if (const std::size_t known = arrayThatKnows(opening.name); known <= last) return {Where::Element, known};
    if (knows(m_rule, opening.name)) return {Where::Top};
    // An element with other names.
    if (m_walk.beginsLine() && (m_lineValues > 0 || !inArray)) return {Where::Top};
    if (!m_walk.inPlace() && !(m_walk.beginsLine() && inArray)) return {};
    if (inArray) return {Where::Element, last};
    return closed && closed->names.empty() ? Going{Where::Again} : Going{};
}

void JsonSplitter::opensWhileWalking() {
    const auto& opening = m_walk.opening();
    const Going going = whereTo(opening);
    if (going.where != Going::Where::Nowhere) {
        tellWalked("a value without an end", m_base + m_pos);
        setDamaged();
        return goOn(going);
    }
    const bool array = m_buffer[m_pos] == '[';
    // One that begins nothing is a bracket too many.
    constexpr std::string_view kElements = "[]\"-0123456789tfn";
    const bool stray = array ? m_walk.inPlace() && kElements.find(opening.follower) == kElements.npos : opening.follower != '"' && opening.follower != '}';
    if (stray) m_walk.passOver();
    else m_walk.pass();
}

void JsonSplitter::closesWhileWalking() {
    const Frame& inner = m_frames.back();
    const bool square = m_buffer[m_pos] == ']';
    if (square == inner.object) {
        // Of a container around this one: in an array an object's end is more likely to be one too many.
        const bool around = square && m_frames.size() > 1 && !m_frames[m_frames.size() - 2].object;
        if (!around) return m_walk.passOver();
        tellWalked("a value without an end", m_base + m_pos);
        m_walking = false;
        closeFrames(m_frames.size() - 1);
        m_state = State::AfterValue;
        return;
    }
    // Whose end is it, where a record has lost a bracket?
    if (square && m_walk.mismatch() && elementsHaveNames()) return m_walk.lose();
    tellWalked("a value without an end", m_base + m_pos);
    m_walking = false;
    closeValue();
}

/// Behind a fault, at an object in an array. By the name of its first member, is it an element of another array? Of one
/// around this one, which has lost its end; or of one that belongs inside its elements, where a record without its own end
/// took that of its array. Then the frames are made right.
bool JsonSplitter::isElsewhere(std::string_view name) {
    const SplitRule* const own = childOf(m_frames.back().rule, "*");
    if (name.empty() || knows(own, name)) return false;
    if (const std::size_t known = arrayThatKnows(name); known < m_frames.size()) {
        goOn({Going::Where::Element, known});
        return true;
    }
    if (!own || (m_frames.size() < 3 && !m_damaged)) return false;
    for (const SplitRule& array : own->children) {
        if (array.key == "*" || !knows(childOf(&array, "*"), name)) continue;
        for (const SplitRule* rule : {own, &array}) {
            m_frames.push_back({rule, rule == own, npos, npos});
            m_handler.open(rule->tag, m_base + m_pos);
        }
        setDamaged();
        return true;
    }
    return false;
}

void JsonSplitter::goOn(const Going& going) {
    m_walking = false;
    switch (going.where) {
        case Going::Where::Nowhere: break;
        case Going::Where::Top: closeFrames(0); break;
        case Going::Where::Element: closeFrames(going.frame + 1); break;
        case Going::Where::Again:
            m_frames.push_back({m_closed, false, npos, npos});
            m_closed = nullptr;
            m_handler.open(m_frames.back().rule->tag, m_base + m_pos);
            break;
    }
    m_state = State::Value;
    m_first = false;
}

/// An early end at m_pos, or a grammar error in a value that cannot be opened: tells it and leaves what is open.
void JsonSplitter::breakOff(const char* message, bool truncated) {
    tell(truncated ? BadStretch::Kind::Truncated : BadStretch::Kind::Broken, m_base + m_pos, m_base + m_pos, message);
    leave(truncated);
}

/// Goes on behind the innermost value whose end is known, else behind the broken line, else at the next line that begins a
/// value.
void JsonSplitter::leave(bool truncated) {
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

/// At the top level, before a value: what was scanned beyond this place has been scanned in vain. Where that comes to too
/// much, values are gone through with more care, which costs more and stops at the first fault.
void JsonSplitter::countAbandoned() {
    const std::uint64_t at = m_base + m_pos;
    if (m_scannedTo > at) m_abandoned += m_scannedTo - at;
    m_scannedTo = 0;
    m_direct = m_direct || m_abandoned > at + kMayBeAbandoned;
}

/// Where the text between top-level values ends, looked for from `from` on: at `end`, or where a value begins by its name.
/// `more`: whether it does there cannot be told yet.
std::size_t JsonSplitter::endOfText(std::size_t from, std::size_t end, bool& more) const {
    const auto bytes = std::string_view(m_buffer).substr(0, dataEnd());
    more = false;
    for (std::size_t at = bytes.find('{', from); at < end; at = bytes.find('{', at + 1)) {
        JsonResync::Opening opening;
        more = !JsonResync::openingAt(bytes, at, isLast(), opening);
        if (more || knows(m_rule, opening.name)) return at;
    }
    return end;
}

}  // namespace spanreel::ingest
