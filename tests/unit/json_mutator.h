// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ingest/json/json_value.h"

namespace spanreel::test {

/// Damages and rewrites JSON texts, always in the same way for a seed: as bytes (cut, swapped, inserted, repeated) and as
/// values (members reordered, repeated, dropped and renamed, blanks and escapes put in, scalars replaced by odd ones).
class JsonMutator {
public:
    explicit JsonMutator(std::uint64_t seed) : m_random(seed) {}

    std::string bytes(std::string text) {
        for (std::size_t n = 1 + below(2); n > 0 && !text.empty(); --n) {
            const std::size_t at = below(text.size()), other = below(text.size());
            switch (below(8)) {
                case 0: text.resize(at); break;
                case 1: std::swap(text[at], text[other]); break;
                case 2: text.insert(at, pick(kPieces)); break;
                case 3: text.erase(at, 1 + below(4)); break;
                case 4: text.insert(at, text.substr(other, below(60))); break;
                case 5: text[at] = static_cast<char>(m_random()); break;
                case 6: text.replace(at, 1, pick(kPieces)); break;
                default: text[at] = "{}[]:,\"\\ 0"[below(10)]; break;
            }
        }
        return text;
    }

    std::string values(const std::string& text) {
        const auto document = ingest::JsonDocument::parse(text);
        if (!document.ok()) return bytes(text);
        m_blanks = below(4) == 0;
        m_escapes = below(4) == 0;
        m_oneIn = 1 + below(300);
        std::string out;
        write(document.root(), out);
        return out;
    }

private:
    static const inline std::vector<std::string> kPieces = {"\"", "\\", "\\u0041", "\\ud83d\\ude42", "\\ud83d", "\\n", "\n", "\t", " ", "\x01", "\xFF", "\xC3\xA9", "{", "}", "[", "]", ",", ":", "null", "0", "1e3", "\"a\":1,", "//", std::string(1, '\0'), "\xEF\xBB\xBF"};
    static const inline std::vector<std::string> kScalars = {
        "null", "true", "false", "0", "-0", "1", "007", "-1", "5.0", "1e3", "1e400", "2.5", "4294967295", "4294967296", "18446744073709551615", "18446744073709551616", "99999999999999999999",
        "\"\"", "\"0\"", "\"007\"", "\"-7\"", "\"1e3\"", "\"+5\"", "\"NaN\"", "\"-Infinity\"", "\"9223372036854775808\"", "\"-9223372036854775808\"", "\"1234567890123456789\"", "\"18446744073709551615\"", "\"18446744073709551616\"",
        "\"00000000000000000000000000000000\"", "\"0000000000000000\"", "\"ABCDEFabcdef0123\"", "\"0123456789abcdef0123456789ABCDEF\"", "\"0123456789abcdeg0123456789ABCDEF\"", "\"abc\"", "\"AAECAwQFBgc=\"",
        "\"\\u0041\\n\"", "\"\\ud83d\\ude42\"", "\"\\ud83d\"", "\"\\u0000\"", "\"\\/\\\"\\\\\"", "\"\xC3\xA9\"", "\"\xC3\"", "\"a }}] ,{\"", "[]", "{}", "[null]", "{\"values\":[]}", "{\"stringValue\":\"x\"}",
        "{\"stringValue\":\"x\",\"intValue\":\"1\"}", "{\"stringValue\":\"x\",\"stringValue\":\"y\"}", "{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"},{}]}}", "{\"kvlistValue\":{\"values\":[{\"key\":\"k\"}]}}", "{\"bytesValue\":\"AAE=\"}",
        "{\"doubleValue\":1.5}", "{\"doubleValue\":\"1.5\"}", "{\"doubleValue\":\"NaN\"}", "{\"doubleValue\":1e999}", "{\"doubleValue\":01}", "{\"intValue\":7}", "{\"intValue\":\"1.0\"}", "{\"intValue\":\"\"}", "{\"boolValue\":true}", "{\"boolValue\":1}", "{\"intValue\":\"-5\"}",
    };
    static const inline std::vector<std::string> kNames = {"name", "traceId", "spanId", "kind", "flags", "attributes", "key", "value", "schemaUrl", "scope", "resource", "resourceSpans", "resourceLogs", "scopeSpans", "span_id", "trace_id", "unknown",
        "droppedAttributesCount", "droppedEventsCount", "droppedLinksCount", "traceState", "events", "links", "status", "entityRefs", "body", "eventName", "stringValue", "intValue", "parentSpanId", "instrumentationLibrarySpans"};

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(m_random() % n); }
    const std::string& pick(const std::vector<std::string>& list) { return list[below(list.size())]; }
    bool rarely() { return below(m_oneIn * 4) == 0; }
    void blank(std::string& out) {
        if (m_blanks && below(3) == 0) out += " \t\r"[below(3)];
    }

    void string(std::string_view text, std::string& out) {
        out += '"';
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\' || byte < 0x20 || (m_escapes && byte < 0x80 && below(20) == 0)) {
                const char* const hex = "0123456789abcdef";
                (out += "\\u00") += hex[byte >> 4];
                out += hex[byte & 15];
            } else {
                out += c;
            }
        }
        out += '"';
    }

    // The texts are shallow: recursion is fine here.
    void write(ingest::JsonValue value, std::string& out) {
        using ingest::JsonType;
        if (rarely()) {
            out += pick(kScalars);
            return;
        }
        switch (value.type()) {
            case JsonType::Null: out += "null"; break;
            case JsonType::False: out += "false"; break;
            case JsonType::True: out += "true"; break;
            case JsonType::Number: out += value.numberText(); break;
            case JsonType::String: string(value.asString(), out); break;
            case JsonType::Array: {
                out += '[';
                bool first = true;
                for (const auto item : value.items()) {
                    if (!std::exchange(first, false)) out += ',';
                    blank(out);
                    write(item, out);
                    blank(out);
                }
                out += ']';
                break;
            }
            case JsonType::Object: {
                std::vector<std::pair<std::string, ingest::JsonValue>> members;
                for (const auto [key, member] : value.members()) {
                    if (rarely()) continue;
                    members.emplace_back(rarely() ? pick(kNames) : std::string(key), member);
                    if (rarely()) members.emplace_back(std::string(key), member);
                    if (rarely()) members.emplace_back(pick(kNames), member);
                }
                if (rarely()) std::shuffle(members.begin(), members.end(), m_random);
                out += '{';
                bool first = true;
                for (const auto& [key, member] : members) {
                    if (!std::exchange(first, false)) out += ',';
                    blank(out);
                    string(key, out);
                    blank(out);
                    out += ':';
                    blank(out);
                    write(member, out);
                    blank(out);
                }
                out += '}';
                break;
            }
        }
    }

    std::mt19937_64 m_random;
    bool m_blanks = false, m_escapes = false;
    std::size_t m_oneIn = 1;
};

}  // namespace spanreel::test
