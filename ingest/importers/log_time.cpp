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

/// How long the ISO time at the beginning of the text is; 0 where there is none.
std::size_t isoLength(std::string_view text) {
    if (!digitsAt(text, 0, 4) || text.size() < 16 || (text[4] != '-' && text[4] != '/') || text[7] != text[4] || !digitsAt(text, 5, 2) || !digitsAt(text, 8, 2)) return 0;
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return 0;
    if (!digitsAt(text, 11, 2) || text[13] != ':' || !digitsAt(text, 14, 2)) return 0;
    std::size_t at = 16;
    if (at < text.size() && text[at] == ':' && digitsAt(text, at + 1, 2)) {
        at += 3;
        if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && isDigit(text[at + 1]))
            for (++at; at < text.size() && isDigit(text[at]);) ++at;
    }
    std::size_t zone = at;
    if (zone < text.size() && (text[zone] == 'Z' || text[zone] == 'z') && (zone + 1 == text.size() || !isLetter(text[zone + 1]))) return zone + 1;
    if (zone < text.size() && text[zone] == ' ' && zone + 1 < text.size() && (text[zone + 1] == '+' || text[zone + 1] == '-')) ++zone;
    if (zone < text.size() && (text[zone] == '+' || text[zone] == '-') && digitsAt(text, zone + 1, 2)) {
        if (digitsAt(text, zone + 1, 4)) return zone + 5;
        if (zone + 3 < text.size() && text[zone + 3] == ':' && digitsAt(text, zone + 4, 2)) return zone + 6;
        if (zone == at) return zone + 3;
    }
    if (text.substr(at).starts_with(" UTC")) return at + 4;
    return at;
}

}  // namespace

std::optional<LogTime> readLogTime(std::string_view text) {
    if (const auto ns = parseTime(text)) return LogTime{*ns, std::nullopt};
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
        if (const auto length = isoLength(begin)) {
            if (const auto ns = parseTime(begin.substr(0, length))) return LogTime{*ns, std::nullopt};
        }
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
        if (const auto length = isoLength(inside))
            if (const auto ns = parseTime(inside.substr(0, length))) return LogTime{*ns, std::nullopt};
    }
    // "<134>1 2003-10-11T22:14:15Z", "INFO 2023-11-14 22:13:20": a time behind one or two short words.
    for (std::size_t blank = line.substr(0, 40).find(' '); blank != std::string_view::npos; blank = line.substr(0, 40).find(' ', blank + 1)) {
        const std::string_view rest = line.substr(blank + 1);
        if (const auto length = isoLength(rest))
            if (const auto ns = parseTime(rest.substr(0, length))) return LogTime{*ns, std::nullopt};
    }
    return std::nullopt;
}

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
    return 0;
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
