// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_resync.h"

#include <algorithm>
#include <utility>

#include "ingest/json/json_scan.h"

namespace spanreel::ingest {

namespace {

/// How far a quote's string is looked for before it is believed, and blanks are passed over in looking ahead.
constexpr std::size_t kFarString = 64 * 1024;
constexpr std::size_t kFarBlank = 4096;
constexpr std::size_t kLongestName = 64;

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool mayFollowString(char c) { return c == ',' || c == ':' || c == ']' || c == '}'; }
bool beginsScalar(char c) { return c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n'; }

/// The first byte from `at` on that is no blank. False = it may come yet. 0 = none, or far away.
bool nextByte(std::string_view bytes, std::size_t& at, bool last, char& found) {
    const std::size_t end = std::min(bytes.size(), at + kFarBlank);
    while (at < end && isSpace(bytes[at])) ++at;
    found = at < end ? bytes[at] : '\0';
    return at < end || end < bytes.size() || last;
}

}  // namespace

void JsonResync::start(bool value, bool inObject) {
    m_open.clear();
    m_squares = 0;
    m_before = 0;
    m_value = value;
    m_inObject = inObject;
    m_lost = m_inString = m_mismatch = false;
    m_pass = value ? Pass::Into : Pass::No;
    m_fault = nullptr;
}

void JsonResync::lose() {
    m_lost = true;
    m_value = false;
}

void JsonResync::noteFault(const char* what, std::size_t at) {
    if (m_fault) return;
    m_fault = what;
    m_faultAt = at;
}

void JsonResync::open(char bracket) {
    if (m_open.size() == kDeepest) {
        m_open.clear();
        m_squares = 0;
        m_lost = true;
        m_value = false;
    }
    m_open.push_back({bracket, 0});
    m_squares += bracket == '[';
    m_before = bracket;
}

/// Does an object in the innermost array begin with another name than the first one did?
bool JsonResync::startsOtherwise(std::string_view name) {
    std::uint32_t hash = 2166136261u;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    std::uint32_t& first = m_open.back().first;
    if (first == 0) first = hash | 1;
    return first != (hash | 1) && !name.empty();
}

/// Ends the innermost container of that kind with all inside it. False = there is none.
bool JsonResync::close(char bracket, std::size_t at) {
    const char opener = bracket == ']' ? '[' : '{';
    if (m_open.back().bracket != opener) {
        m_mismatch = true;
        noteFault("a bracket of the wrong kind", at);
    }
    if ((bracket == ']' ? m_squares : m_open.size() - m_squares) == 0) {
        m_open.clear();
        m_squares = 0;
        return false;
    }
    char ended = 0;
    while (ended != opener) {
        ended = m_open.back().bracket;
        m_squares -= ended == '[';
        m_open.pop_back();
    }
    return true;
}

/// What the quote at `at` is; of a string, `end` is behind it and `behind` the byte that follows it, 0 at the very end.
JsonResync::Quote JsonResync::judgeQuote(std::string_view bytes, std::size_t at, bool last, std::size_t& end, char& behind) const {
    const std::size_t far = std::min(bytes.size(), at + kFarString);
    for (end = at + 1; end < far && bytes[end] != '"'; ++end) {
        if (bytes[end] == '\n') return Quote::Stray;  // at the line's end
        if (bytes[end] == '\\') ++end;
    }
    if (end >= far) return far < bytes.size() || bytes.size() - at >= kFarString ? Quote::Long : last ? Quote::Cut : Quote::More;
    std::size_t next = end + 1;
    if (!nextByte(bytes, next, last, behind)) return Quote::More;
    if (behind != 0 && !mayFollowString(behind)) return Quote::Stray;
    ++end;
    return Quote::String;
}

bool JsonResync::openingAt(std::string_view bytes, std::size_t at, bool last, Opening& found) {
    found = {};
    std::size_t next = at + 1;
    if (!nextByte(bytes, next, last, found.follower)) return false;
    if (bytes[at] != '{' || found.follower != '"') return true;
    const auto rest = bytes.substr(next + 1, kLongestName);
    const std::size_t quote = rest.find('"');
    if (quote == rest.npos) return rest.size() == kLongestName || last;
    found.name = rest.substr(0, quote);
    return true;
}

JsonResync::Event JsonResync::next(std::string_view bytes, std::size_t& at, bool last) {
    while (at < bytes.size()) {
        const char c = bytes[at];
        if (m_inString) {
            if (c == '\\' && at + 1 >= bytes.size() && !last) return Event::More;
            m_inString = c != '"' && c != '\n';
            at = std::min(at + (c == '\\' ? 2 : 1), bytes.size());
            if (!m_inString) m_before = '"';
            continue;
        }
        const Pass pass = std::exchange(m_pass, Pass::No);
        switch (c) {
            case ' ': case '\t': case '\r': case '\n': ++at; continue;
            case '"': {
                std::size_t end = 0;
                char behind = 0;
                switch (judgeQuote(bytes, at, last, end, behind)) {
                    case Quote::More: return Event::More;
                    case Quote::Cut: at = bytes.size(); continue;
                    case Quote::Stray:
                        if (bytes[end] == '\n') noteFault("a line ends inside a value", end);
                        else noteFault("a string without an end", at);
                        ++at;
                        continue;
                    case Quote::Long: m_inString = true; ++at; continue;
                    case Quote::String: break;
                }
                if (m_inObject && m_open.empty() && !m_lost && behind == ':' && m_before != ':') return Event::Name;
                at = end;
                m_before = '"';
                continue;
            }
            case '{': case '[': {
                const bool between = m_open.empty();
                m_beginsLine = at > 0 && bytes[at - 1] == '\n' && !mayPrecedeValue(m_before);
                const bool inArray = !between && m_open.back().bracket == '[';
                const bool wrong = m_beginsLine || (!between && (inArray ? !mayPrecedeValue(m_before) : m_before != ':'));
                if (pass == Pass::No && (wrong || (between && m_before != ':') || (inArray && c == '{'))) {
                    if (!openingAt(bytes, at, last, m_opening)) return Event::More;
                    if (!wrong && !between && !startsOtherwise(m_opening.name)) {
                        open(c);
                        ++at;
                        continue;
                    }
                    m_inPlace = between && !m_lost;
                    return Event::Opens;
                }
                if (pass == Pass::Over) m_before = c;
                else open(c);
                ++at;
                continue;
            }
            case '}': case ']':
                if (pass == Pass::No && !m_open.empty() && close(c, at)) {
                    ++at;
                    m_before = c;
                    if (m_value && m_open.empty()) return Event::Ends;
                    continue;
                }
                if (pass == Pass::No && !m_lost) return Event::Closes;
                m_before = c;
                ++at;
                continue;
            case ',': {
                if (m_open.empty() && !m_lost && !m_inObject) {
                    std::size_t next = at + 1;
                    char behind = 0;
                    if (!nextByte(bytes, next, last, behind)) return Event::More;
                    if (beginsScalar(behind)) return at = next, Event::Scalar;
                }
                m_before = c;
                ++at;
                continue;
            }
            case '\\':
                if (at + 1 >= bytes.size() && !last) return Event::More;
                at += at + 1 < bytes.size() && (bytes[at + 1] == '\\' || bytes[at + 1] == '"') ? 2 : 1;
                continue;
            default:
                m_before = c;
                ++at;
        }
    }
    return last ? Event::End : Event::More;
}

}  // namespace spanreel::ingest
