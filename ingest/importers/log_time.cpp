// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/log_time.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "ingest/importers/record_tools.h"
#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isHex(char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool digitsAt(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return false;
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(at + count), isDigit);
}

/// "14/Nov/2023:22:13:20 +0000" at the beginning of the text, as web servers write; nothing where it is none.
std::optional<std::uint64_t> readWebServerTime(std::string_view text) {
    static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() < 20 || !digitsAt(text, 0, 2) || text[2] != '/' || text[6] != '/' || !digitsAt(text, 7, 4) || text[11] != ':') return std::nullopt;
    const auto month = static_cast<std::size_t>(std::find(std::begin(kMonths), std::end(kMonths), text.substr(3, 3)) - std::begin(kMonths));
    if (month == 12) return std::nullopt;
    std::string iso(text.substr(7, 4));
    iso += month < 9 ? "-0" : "-";
    iso += std::to_string(month + 1);
    iso.append("-").append(text.substr(0, 2)).append("T").append(text.substr(12, 8));
    std::string_view zone = text.substr(20);
    while (zone.starts_with(' ')) zone.remove_prefix(1);
    if (zone.size() >= 5 && (zone[0] == '+' || zone[0] == '-') && digitsAt(zone, 1, 4)) iso.append(zone.substr(0, 5));
    return parseTime(iso);
}

std::optional<LogTime> readNumber(std::string_view number) {
    double magnitude = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), magnitude);
    if (error != std::errc() || end != number.data() + number.size() || magnitude <= 0) return std::nullopt;
    const TimeUnit unit = guessTimeUnit(magnitude);
    const auto ns = decimalToNs(number, unit);
    if (!ns) return std::nullopt;
    return LogTime{*ns, unit};
}

/// Is what stands before "trace_id" the "dd." of Datadog's names?
bool endsWithDatadog(std::string_view before) {
    if (before.size() < 3 || std::string_view("._-").find(before.back()) == std::string_view::npos || asciiLower(before.substr(before.size() - 3, 2)) != "dd") return false;
    return before.size() == 3 || !(isLetter(before[before.size() - 4]) || isDigit(before[before.size() - 4]));
}

/// The offset of a zone's name that means one zone only; empty for others (IST, CST, BST) and for words.
std::string_view offsetOfZone(std::string_view name) {
    struct Zone {
        std::string_view name, offset;
    };
    static constexpr Zone kZones[] = {{"UTC", "Z"}, {"GMT", "Z"}, {"WET", "Z"}, {"WEST", "+01"}, {"CET", "+01"}, {"CEST", "+02"}, {"EET", "+02"}, {"EEST", "+03"},
                                      {"MSK", "+03"}, {"JST", "+09"}, {"EST", "-05"}, {"EDT", "-04"}, {"MST", "-07"}, {"MDT", "-06"}, {"PST", "-08"}, {"PDT", "-07"}};
    for (const auto& zone : kZones)
        if (name == zone.name) return zone.offset;
    return {};
}

/// How long the word of letters, digits and signs is that begins at the position.
std::size_t wordLength(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && (isLetter(text[end]) || isDigit(text[end]) || text[end] == '-' || text[end] == '+' || text[end] == '_')) ++end;
    return end - at;
}

/// How long the offset at the beginning of the text is ("Z", "+01:00", " +0100", " +01"); 0 where there is none.
std::size_t offsetLength(std::string_view text) {
    if (text.starts_with('Z') || text.starts_with('z')) return text.size() > 1 && isLetter(text[1]) ? 0 : 1;
    const std::size_t sign = text.starts_with(' ') ? 1 : 0;
    if (sign >= text.size() || (text[sign] != '+' && text[sign] != '-') || !digitsAt(text, sign + 1, 2)) return 0;
    const bool colon = sign + 3 < text.size() && text[sign + 3] == ':' && digitsAt(text, sign + 4, 2);
    const std::size_t length = digitsAt(text, sign + 1, 4) ? sign + 5 : colon ? sign + 6 : sign + 3;
    // Behind a blank a number may follow that has nothing to do with the time.
    const bool alone = length >= text.size() || std::string_view(" \t])|,;:\"").find(text[length]) != std::string_view::npos;
    return sign == 0 || (alone && text.substr(sign + 1, 2) <= "14") ? length : 0;
}

/// An ISO time at the beginning of the text, with the half of the day and the zone that may stand behind it.
struct IsoTime {
    std::uint64_t ns = 0;
    std::size_t length = 0;
};
std::optional<IsoTime> readIsoTime(std::string_view text) {
    if (!digitsAt(text, 0, 4) || text.size() < 16 || (text[4] != '-' && text[4] != '/') || text[7] != text[4] || !digitsAt(text, 5, 2) || !digitsAt(text, 8, 2)) return std::nullopt;
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
    if (!digitsAt(text, 11, 2) || text[13] != ':' || !digitsAt(text, 14, 2)) return std::nullopt;
    std::size_t at = 16;
    if (at < text.size() && text[at] == ':' && digitsAt(text, at + 1, 2)) {
        at += 3;
        if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && isDigit(text[at + 1]))
            for (++at; at < text.size() && isDigit(text[at]);) ++at;
    }
    std::string iso(text.substr(0, at));
    // "10:13:20 PM": of a clock of twelve hours.
    const std::size_t half = at + (at < text.size() && text[at] == ' ');
    const std::string_view word = text.substr(half, wordLength(text, half));
    const bool am = word == "AM" || word == "am", pm = word == "PM" || word == "pm";
    const std::string_view hour = std::string_view(iso).substr(11, 2);
    if ((am || pm) && hour >= "01" && hour <= "12") {
        const int of24 = ((hour[0] - '0') * 10 + hour[1] - '0') % 12 + (pm ? 12 : 0);
        iso[11] = static_cast<char>('0' + of24 / 10);
        iso[12] = static_cast<char>('0' + of24 % 10);
        at = half + 2;
    }
    if (const std::size_t offset = offsetLength(text.substr(at))) {
        iso.append(text.substr(at, offset));
        at += offset;
    } else if (at < text.size() && text[at] == ' ') {
        const std::string_view name = text.substr(at + 1, wordLength(text, at + 1));
        if (const auto zone = offsetOfZone(name); !zone.empty()) {
            iso.append(zone);
            at += 1 + name.size();
        }
    }
    const auto ns = parseTime(iso);
    if (!ns) return std::nullopt;
    return IsoTime{*ns, at};
}

}  // namespace

std::optional<LogTime> readLogTime(std::string_view text) {
    if (const auto ns = parseTime(text)) return LogTime{*ns, std::nullopt};
    if (const auto time = readIsoTime(text); time && time->length == text.size()) return LogTime{time->ns, std::nullopt};
    if (const auto ns = readWebServerTime(text)) return LogTime{*ns, std::nullopt};
    if (text.empty() || !isDigit(text[0])) return std::nullopt;
    return readNumber(text);
}

std::optional<LogTime> findLogTime(std::string_view line) {
    std::size_t at = 0;
    while (at < line.size() && at < 4 && (line[at] == '[' || line[at] == '(' || line[at] == ' ' || line[at] == '"')) ++at;
    const std::string_view begin = line.substr(at);
    if (begin.empty()) return std::nullopt;
    if (isDigit(begin[0])) {
        if (const auto time = readIsoTime(begin)) return LogTime{time->ns, std::nullopt};
        std::size_t digits = 0;
        while (digits < begin.size() && isDigit(begin[digits])) ++digits;
        if (digits == 10 || digits == 13 || digits == 16 || digits == 19) {  // s, ms, µs, ns of our days
            std::size_t end = digits;
            if (end + 1 < begin.size() && begin[end] == '.' && isDigit(begin[end + 1]))
                for (++end; end < begin.size() && isDigit(begin[end]);) ++end;
            if (end == begin.size() || begin[end] == ' ' || begin[end] == ']' || begin[end] == '\t' || begin[end] == ':') return readNumber(begin.substr(0, end));
        }
    }
    const std::string_view early = line.substr(0, 160);
    for (std::size_t bracket = early.find('['); bracket != std::string_view::npos; bracket = early.find('[', bracket + 1)) {
        const std::string_view inside = line.substr(bracket + 1);
        if (const auto ns = readWebServerTime(inside)) return LogTime{*ns, std::nullopt};
        if (const auto time = readIsoTime(inside)) return LogTime{time->ns, std::nullopt};
    }
    // "<134>1 2003-10-11T22:14:15Z", "INFO 2023-11-14 22:13:20": a time behind one or two short words.
    for (std::size_t blank = line.substr(0, 40).find(' '); blank != std::string_view::npos; blank = line.substr(0, 40).find(' ', blank + 1)) {
        const std::string_view rest = line.substr(blank + 1);
        if (const auto time = readIsoTime(rest)) return LogTime{time->ns, std::nullopt};
    }
    return std::nullopt;
}

namespace {

/// A level of Go's slog between two named ones ("INFO+2", "ERROR-1"): those names are four apart, as OTLP's are. 0 where it is none.
std::int32_t severityBetween(std::string_view word) {
    constexpr std::uint64_t kMostSteps = 16;  // from ERROR down to the least; "ERROR-404" is no level
    const std::size_t sign = word.find_first_of("+-");
    if (sign == std::string_view::npos) return 0;
    const std::string_view name = word.substr(0, sign);
    if (name != "DEBUG" && name != "INFO" && name != "WARN" && name != "ERROR") return 0;
    const auto steps = readDecimal(word.substr(sign + 1));
    if (!steps || *steps > kMostSteps) return 0;
    const std::int32_t offset = static_cast<std::int32_t>(*steps);
    return std::clamp(severityOfWord(name) + (word[sign] == '+' ? offset : -offset), 1, 24);
}

}  // namespace

std::int32_t severityOfWord(std::string_view word) {
    struct Level {
        std::string_view name;
        std::int32_t severity;
    };
    static constexpr Level kLevels[] = {
        {"trace", 1}, {"verbose", 1}, {"finest", 1}, {"silly", 1}, {"t", 1}, {"finer", 3}, {"debug", 5}, {"dbg", 5}, {"fine", 5}, {"d", 5},
        {"info", 9}, {"information", 9}, {"informational", 9}, {"inf", 9}, {"i", 9}, {"default", 9}, {"notice", 10}, {"warn", 13}, {"warning", 13}, {"wrn", 13}, {"w", 13},
        {"error", 17}, {"err", 17}, {"eror", 17}, {"severe", 17}, {"e", 17}, {"fatal", 21}, {"critical", 21}, {"crit", 21}, {"f", 21}, {"c", 21}, {"panic", 21}, {"dpanic", 21},
        {"alert", 22}, {"emerg", 23}, {"emergency", 23},
    };
    if (word.size() > 13) return 0;
    const std::string lower = asciiLower(word);
    for (const auto& level : kLevels)
        if (lower == level.name) return level.severity;
    return severityBetween(word);
}

std::int32_t severityOfNumber(std::int64_t level) {
    static constexpr std::int32_t kSeverities[] = {1, 5, 9, 13, 17, 21};
    return level >= 10 && level <= 60 ? kSeverities[level / 10 - 1] : 0;
}

std::string_view findLevel(std::string_view line) {
    const std::string_view early = line.substr(0, 120);
    for (std::size_t i = 0; i < early.size();) {
        if (!isLetter(early[i])) {
            // The 'm' that ends a colour is no part of the word behind it.
            if (early[i] == '\x1b') {
                while (i < early.size() && !isLetter(early[i])) ++i;
            }
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < early.size() && (isLetter(early[end]) || isDigit(early[end]) || early[end] == '_')) ++end;
        const std::string_view word = early.substr(i, end - i);
        const bool upper = std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
        const char before = i ? early[i - 1] : '\0', after = end < early.size() ? early[end] : '\0';
        const bool enclosed = (before == '[' && after == ']') || (before == '<' && after == '>') || (before == '|' && after == '|') || after == ':';
        if (word.size() >= 3 && (upper || enclosed || (before == '=' && i >= 6 && early.substr(0, i).ends_with("level="))) && severityOfWord(word)) return word;
        i = end;
    }
    return {};
}

std::optional<std::uint64_t> readDecimal(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.size() > 20 || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

IdInText findIdInText(std::string_view text, std::string_view what) {
    const std::size_t usual = what == "trace" ? 32 : 16;
    for (std::size_t i = 0; i + what.size() + 3 < text.size(); ++i) {
        if ((text[i] | 0x20) != what[0]) continue;
        std::size_t at = i;
        std::size_t matched = 0;
        while (matched < what.size() && at < text.size() && (text[at] | 0x20) == what[matched]) ++at, ++matched;
        if (matched < what.size()) continue;
        if (at < text.size() && (text[at] == '_' || text[at] == '-' || text[at] == ' ' || text[at] == '.')) ++at;
        if (at + 2 > text.size() || (text[at] | 0x20) != 'i' || (text[at + 1] | 0x20) != 'd') continue;
        at += 2;
        std::size_t separators = 0;
        while (at < text.size() && separators < 5 && (text[at] == ' ' || text[at] == ':' || text[at] == '=' || text[at] == '"' || text[at] == '\'' || text[at] == '[' || text[at] == '(' || text[at] == '<')) ++at, ++separators;
        if (separators == 0) continue;
        if (text.substr(at).starts_with("0x")) at += 2;
        std::size_t end = at;
        while (end < text.size() && isHex(text[end])) ++end;
        const std::size_t length = end - at;
        const bool bounded = end == text.size() || !(isLetter(text[end]) || isDigit(text[end]) || text[end] == '_');
        const std::string_view digits = text.substr(at, length);
        if (!bounded || digits.find_first_not_of('0') == std::string_view::npos) continue;
        if (endsWithDatadog(text.substr(0, i)) && readDecimal(digits)) return {digits, true};
        if (length >= 8 && length <= usual) return {digits, false};
    }
    return {};
}

}  // namespace spanreel::ingest
