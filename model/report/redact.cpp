// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/report/redact.h"

#include <algorithm>
#include <array>
#include <vector>

#include "model/core/text.h"
#include "model/otlp/value_walk.h"

namespace spanreel::report {

namespace {

struct Found {
    std::size_t from, to;
};
using FoundList = std::vector<Found>;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isAlnum(char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isTokenChar(char c) { return isAlnum(c) || c == '-' || c == '_' || c == '.' || c == '~' || c == '+' || c == '/' || c == '='; }
bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Lower case without separators: "X-Api-Key" and "x_api.key" are both "xapikey".
std::string squeezed(std::string_view key) {
    std::string out;
    for (const char c : key)
        if (isAlnum(c)) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// "Bearer abc", "Basic abc", …: the part after the scheme.
void findSchemes(std::string_view text, const std::string& lower, FoundList& found) {
    for (const std::string_view scheme : {"bearer ", "basic ", "digest ", "negotiate ", "apikey ", "hmac "})
        for (std::size_t at = 0; (at = lower.find(scheme, at)) != std::string::npos; at += scheme.size()) {
            if (at > 0 && isAlnum(text[at - 1])) continue;
            std::size_t from = at + scheme.size();
            while (from < text.size() && text[from] == ' ') ++from;
            std::size_t to = from;
            while (to < text.size() && isTokenChar(text[to])) ++to;
            // Ordinary words follow "basic" too: a credential is longer or holds what words do not.
            const auto token = text.substr(from, to - from);
            const bool odd = std::any_of(token.begin(), token.end(), [](char c) { return isDigit(c) || c == '=' || c == '_' || c == '/' || c == '+'; });
            if (token.size() >= 20 || (token.size() >= 6 && (odd || scheme == "bearer "))) found.push_back({from, to});
        }
}

/// scheme://user:password@host: all of "user:password", or a lone user name of token length.
void findUrlCredentials(std::string_view text, FoundList& found) {
    for (std::size_t at = 0; (at = text.find("://", at)) != std::string_view::npos;) {
        at += 3;
        std::size_t end = at;
        std::size_t sign = std::string_view::npos;
        while (end < text.size() && !isBlank(text[end]) && text[end] != '/' && text[end] != '?' && text[end] != '#' && text[end] != '"' && text[end] != '<') {
            if (text[end] == '@') sign = end;
            ++end;
        }
        if (sign == std::string_view::npos) continue;
        const auto user = text.substr(at, sign - at);
        if (user.find(':') != std::string_view::npos || user.size() >= 16) found.push_back({at, sign});
    }
}

void findWebTokens(std::string_view text, FoundList& found) {
    const auto isPart = [](char c) { return isAlnum(c) || c == '-' || c == '_'; };
    for (std::size_t at = 0, to = 0; (at = text.find("eyJ", at)) != std::string_view::npos; at = to) {
        std::size_t dots = 0;
        to = at;
        while (to < text.size() && (isPart(text[to]) || (text[to] == '.' && dots < 4))) dots += text[to++] == '.';
        if (dots >= 1 && to - at >= 20) found.push_back({at, to});
    }
}

struct Prefix {
    std::string_view text;
    std::size_t least;  ///< characters after it
};
/// How keys of well-known services begin.
constexpr std::array kPrefixes{Prefix{"AKIA", 16},  Prefix{"ASIA", 16},       Prefix{"ghp_", 20},    Prefix{"gho_", 20},    Prefix{"ghu_", 20},     Prefix{"ghs_", 20},
                               Prefix{"ghr_", 20},  Prefix{"github_pat_", 20}, Prefix{"glpat-", 16},  Prefix{"xoxa-", 10},   Prefix{"xoxb-", 10},    Prefix{"xoxp-", 10},
                               Prefix{"xoxr-", 10}, Prefix{"xoxs-", 10},      Prefix{"sk_live_", 10}, Prefix{"sk_test_", 10}, Prefix{"rk_live_", 10}, Prefix{"pk_live_", 10},
                               Prefix{"AIza", 30},  Prefix{"npm_", 30},       Prefix{"SG.", 30},     Prefix{"ya29.", 20},   Prefix{"sk-", 20},      Prefix{"dop_v1_", 30},
                               Prefix{"hvs.", 20},  Prefix{"whsec_", 16}};
void findServiceKeys(std::string_view text, FoundList& found) {
    for (const auto& prefix : kPrefixes)
        for (std::size_t at = 0, to = 0; (at = text.find(prefix.text, at)) != std::string_view::npos; at = to) {
            to = at + prefix.text.size();
            if (at > 0 && (isAlnum(text[at - 1]) || text[at - 1] == '_')) continue;
            while (to < text.size() && (isAlnum(text[to]) || text[to] == '_' || text[to] == '-' || text[to] == '.')) ++to;
            if (to - at >= prefix.text.size() + prefix.least) found.push_back({at, to});
        }
}

void findPrivateKeys(std::string_view text, FoundList& found) {
    for (std::size_t at = 0; (at = text.find("-----BEGIN ", at)) != std::string_view::npos;) {
        const auto head = text.find("PRIVATE KEY", at);
        if (head == std::string_view::npos || head - at > 60) {
            at += 5;
            continue;
        }
        const auto end = text.find("-----END ", head);
        const auto last = end == std::string_view::npos ? end : text.find("-----", end + 9);
        const auto to = last == std::string_view::npos ? text.size() : last + 5;
        found.push_back({at, to});
        at = to;
    }
}

/// 13 to 19 digits with blanks or dashes between groups that pass the check digit of payment cards.
void findCardNumbers(std::string_view text, FoundList& found) {
    for (std::size_t at = 0; at < text.size();) {
        if (!isDigit(text[at]) || (at > 0 && (isAlnum(text[at - 1]) || text[at - 1] == '.'))) {
            ++at;
            continue;
        }
        std::string digits;
        std::size_t to = at, end = at;
        bool grouped = false;
        while (to < text.size() && digits.size() < 20) {
            if (isDigit(text[to])) {
                digits += text[to++];
                end = to;
            } else if ((text[to] == ' ' || text[to] == '-') && to + 1 < text.size() && isDigit(text[to + 1])) {
                grouped = true;
                ++to;
            } else {
                break;
            }
        }
        const bool followed = end < text.size() && (isAlnum(text[end]) || text[end] == '.');
        // Plain 19-digit numbers are nanosecond times and ids far more often than cards.
        const bool length = digits.size() >= 13 && digits.size() <= (grouped ? 19u : 16u);
        if (length && !followed && digits[0] >= '2' && digits[0] <= '6') {
            int sum = 0;
            for (std::size_t i = 0; i < digits.size(); ++i) {
                int d = digits[digits.size() - 1 - i] - '0';
                if (i % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
                sum += d;
            }
            if (sum % 10 == 0) found.push_back({at, end});
        }
        at = std::max(end, at + 1);
    }
}

/// `key=value`, `key: value`, `"key":"value"` where the key is a secret's.
void findKeyedValues(std::string_view text, FoundList& found) {
    const auto isKeyChar = [](char c) { return isAlnum(c) || c == '-' || c == '_' || c == '.'; };
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '=' && text[at] != ':') continue;
        std::size_t keyEnd = at;
        while (keyEnd > 0 && (text[keyEnd - 1] == ' ' || text[keyEnd - 1] == '"' || text[keyEnd - 1] == '\'' || text[keyEnd - 1] == '\\')) --keyEnd;
        std::size_t keyFrom = keyEnd;
        while (keyFrom > 0 && keyEnd - keyFrom < 80 && isKeyChar(text[keyFrom - 1])) --keyFrom;
        if (keyFrom == keyEnd || !isSecretKey(text.substr(keyFrom, keyEnd - keyFrom))) continue;
        std::size_t from = at + 1;
        while (from < text.size() && (text[from] == ' ' || text[from] == '\\')) ++from;
        char quote = 0;
        const bool escaped = from > at + 1 && text[from - 1] == '\\';  // JSON inside a JSON string
        if (from < text.size() && (text[from] == '"' || text[from] == '\'')) quote = text[from++];
        std::size_t to = from;
        if (quote) {
            while (to < text.size() && text[to] != quote) {
                if (text[to] == '\\' && escaped && to + 1 < text.size() && text[to + 1] == quote) break;
                to += text[to] == '\\' ? 2 : 1;
            }
            to = std::min(to, text.size());
        } else {
            const bool header = squeezed(text.substr(keyFrom, keyEnd - keyFrom)).find("cookie") != std::string::npos || text[at] == ':';
            while (to < text.size() && text[to] != '&' && text[to] != '\n' && text[to] != '"' && text[to] != '}' && text[to] != ']' && text[to] != ')' && text[to] != ',' &&
                   (header || (!isBlank(text[to]) && text[to] != ';')))
                ++to;
            while (to > from && isBlank(text[to - 1])) --to;
        }
        if (to > from && text.substr(from, to - from) != kRedacted) {
            found.push_back({from, to});
            at = to - 1;
        }
    }
}

/// Numbers under a secret's word are counts ("llm.usage.total_tokens", "--max-tokens"), but for passwords, cards and the like.
bool mayCount(std::string_view key) {
    const auto plain = squeezed(key);
    static constexpr std::string_view kWords[] = {"pass", "card", "pin", "secret", "cvv", "otp"};
    return std::none_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

/// Words of secrets' keys: those that may stand anywhere in one, those that are its last word or all of it, those that are all of it.
constexpr std::string_view kWithin[] = {"authorization", "cookie",     "password",  "passwd",     "passphrase", "passcode",   "secret",     "token",    "apikey",
                                        "privatekey",    "accesskey",  "credential", "signature", "sessionid",  "sessionkey", "cardnumber", "creditcard", "awskey",
                                        "encryptionkey", "signingkey", "csrf",       "xsrf",      "bearer",     "clientkey",  "authkey"};
constexpr std::string_view kLast[] = {"pwd", "pass", "auth", "pin", "card", "pem", "sid", "jwt", "sig"};
constexpr std::string_view kWhole[] = {"otp", "cvv"};

template <std::size_t n>
bool isAmong(const std::string_view (&words)[n], std::string_view text) {
    return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

/// An option of a secret: as a key is, but that words of `kWithin` end where a word of the name does ("dbpassword", "apiKeyFile", but
/// not "tokenizer"); and what begins with "no" takes no value.
bool isSecretOption(std::string_view name) {
    std::string plain;  // all words so far
    std::size_t last = 0;
    const auto endsSecret = [&] {
        const auto singular = std::string_view(plain).substr(0, plain.size() - plain.ends_with('s'));
        return std::any_of(std::begin(kWithin), std::end(kWithin), [&](std::string_view word) { return singular.ends_with(word); });
    };
    const auto isCapital = [](char c) { return c >= 'A' && c <= 'Z'; };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (!isAlnum(name[i])) continue;
        if (i > 0 && (!isAlnum(name[i - 1]) || (isCapital(name[i]) && !isCapital(name[i - 1])))) {  // a word begins
            if (plain == "no") return false;
            if (endsSecret()) return true;
            last = plain.size();
        }
        plain += squeezed(name.substr(i, 1));
    }
    return endsSecret() || isAmong(kLast, std::string_view(plain).substr(last)) || isAmong(kLast, plain) || isAmong(kWhole, plain);
}

/// Where a quoted text ends whose quote has so many backslashes before it: 1 in JSON inside a JSON string, 3 in one inside that.
std::size_t endOfQuoted(std::string_view text, std::size_t from, char quote, std::size_t slashes) {
    std::size_t run = 0;  // of backslashes before `at`
    for (std::size_t at = from; at < text.size(); ++at) {
        if (text[at] == quote && run % (2 * slashes + 2) == slashes) return at - slashes;
        run = text[at] == '\\' ? run + 1 : 0;
    }
    return text.size();
}

/// The word behind an option whose name is a secret's: `--password hunter2`, `["--password", "hunter2"]`, and as lists are printed
/// without quotes, `[db, --password, hunter2]` and `[db --password hunter2]`.
void findOptionValues(std::string_view text, FoundList& found) {
    const auto isQuote = [](char c) { return c == '"' || c == '\''; };
    const auto isOneOf = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
    const auto skip = [&](std::size_t at, auto&& is) {
        while (at < text.size() && is(text[at])) ++at;
        return at;
    };
    const auto isSlash = [](char c) { return c == '\\'; };
    std::size_t brackets = 0;  // that are open
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (isOneOf(text[at], "[({")) ++brackets;
        if (isOneOf(text[at], "])}") && brackets > 0) --brackets;
        if (text[at] != '-' || (at > 0 && !isBlank(text[at - 1]) && !isOneOf(text[at - 1], "\"'`[({,"))) continue;
        const std::size_t name = text.substr(at).starts_with("--") ? at + 2 : at + 1;
        std::size_t end = name;
        while (end < text.size() && end - name < 80 && (isAlnum(text[end]) || text[end] == '-' || text[end] == '_' || text[end] == '.')) ++end;
        const auto key = text.substr(name, end - name);
        if (!isSecretOption(key)) continue;
        const std::size_t close = skip(end, isSlash);
        const bool quoted = at > 0 && isQuote(text[at - 1]) && close < text.size() && text[close] == text[at - 1];
        std::size_t before = at;
        while (before > 0 && isBlank(text[before - 1])) --before;
        const bool listed = brackets > 0 && before > 0 && isOneOf(text[before - 1], "[({,");
        std::size_t from = skip(quoted ? close + 1 : end, isBlank);
        if ((quoted || (listed && from == end)) && from < text.size() && text[from] == ',') from = skip(from + 1, isBlank);
        else if (!quoted && from == end) continue;
        const std::size_t open = skip(from, isSlash);
        std::size_t to = from;
        if (open < text.size() && isQuote(text[open])) {
            const std::size_t slashes = open - from;
            from = open + 1;
            if (text.substr(from).starts_with("--")) continue;
            to = endOfQuoted(text, from, text[open], slashes);
        } else {
            while (to < text.size() && !isBlank(text[to]) && text[to] != '"' && !(quoted && (text[to] == ',' || text[to] == ']'))) ++to;
            while (to > from && isOneOf(text[to - 1], brackets > 0 ? "'`\\,])}" : "'`\\")) --to;  // what closes around the option
        }
        const auto value = text.substr(from, to - from);
        const bool number = std::all_of(value.begin(), value.end(), isDigit);
        if (value.starts_with("--") || value == kRedacted || (number && (value.empty() || mayCount(key)))) continue;
        found.push_back({from, to});
        at = to - 1;
    }
}

}  // namespace

bool isSecretKey(std::string_view key) {
    const auto plain = squeezed(key);
    if (plain.empty()) return false;
    if (std::any_of(std::begin(kWithin), std::end(kWithin), [&](std::string_view word) { return plain.find(word) != std::string::npos; })) return true;
    const auto dot = key.find_last_of("._-");
    return isAmong(kLast, squeezed(dot == std::string_view::npos ? key : key.substr(dot + 1))) || isAmong(kLast, plain) || isAmong(kWhole, plain);
}

std::string Redactor::text(std::string_view text) {
    if (!m_on || text.size() < 4) return std::string(text);
    FoundList found;
    findPrivateKeys(text, found);
    findSchemes(text, asciiLower(text), found);
    findUrlCredentials(text, found);
    findWebTokens(text, found);
    findServiceKeys(text, found);
    findCardNumbers(text, found);
    findKeyedValues(text, found);
    findOptionValues(text, found);
    if (found.empty()) return std::string(text);
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.from < b.from; });
    std::string out;
    std::size_t done = 0;
    for (std::size_t i = 0; i < found.size();) {
        const auto from = found[i].from;
        auto to = found[i].to;
        while (++i < found.size() && found[i].from < to) to = std::max(to, found[i].to);
        out += text.substr(done, from - done);
        out += kRedacted;
        ++m_count;
        done = to;
    }
    out += text.substr(done);
    return out;
}

std::string Redactor::value(std::string_view key, const store::Value& value) {
    constexpr std::size_t kMostBytes = 4096;
    using store::ValueType;
    if (m_on && isSecretKey(key) && value.type != ValueType::Empty) {
        const bool number = value.type == ValueType::Int || value.type == ValueType::Double || value.type == ValueType::Bool;
        const bool counts = number && mayCount(key);
        if (!counts) {
            ++m_count;
            return std::string(kRedacted);
        }
    }
    // Searched whole, then cut: a secret must not survive because the cut took its end away.
    std::string shown = text(otlp::valueToDisplayText(value, 1 << 20));
    if (shown.size() <= kMostBytes) return shown;
    std::size_t cut = kMostBytes;
    while (cut > 0 && (static_cast<unsigned char>(shown[cut]) & 0xC0) == 0x80) --cut;
    return shown.substr(0, cut) + "…";
}

}  // namespace spanreel::report
