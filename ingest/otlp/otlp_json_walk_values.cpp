// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens, values and attributes: the lower half of OtlpJsonWalk.
#include <charconv>
#include <utility>

#include "ingest/otlp/otlp_json_text.h"
#include "ingest/otlp/otlp_json_walk.h"

namespace spanreel::ingest {

using json_text::load4;
using json_text::load8;
using json_text::word;
using store::Value;

namespace {

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// The grammar of a JSON number.
bool isNumber(std::string_view text) {
    const char* p = text.data();
    const char* const end = p + text.size();
    const auto digits = [&] {
        const char* const first = p;
        while (p != end && *p >= '0' && *p <= '9') ++p;
        return p != first;
    };
    if (p != end && *p == '-') ++p;
    if (p != end && *p == '0') ++p;
    else if (!digits()) return false;
    if (p != end && *p == '.') {
        ++p;
        if (!digits()) return false;
    }
    if (p != end && (*p == 'e' || *p == 'E')) {
        ++p;
        if (p != end && (*p == '+' || *p == '-')) ++p;
        if (!digits()) return false;
    }
    return p == end;
}

template <class T>
bool parse(std::string_view text, T& out) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && stop == end;
}

/// A whole number of up to 18 digits.
bool wholeNumber(std::string_view text, Value& out) {
    const bool minus = text.starts_with('-');
    std::uint64_t digits = 0;
    if (text.size() > 18 || !json_text::decimal(text.data() + minus, text.size() - minus, digits)) return false;
    out.type = store::ValueType::Int;
    out.bits = minus ? 0 - digits : digits;
    return true;
}

}  // namespace

/// The bytes between the quotes of the string that is the next token.
bool OtlpJsonWalk::rawString(std::string_view& out) {
    if (m_at == m_end) return false;
    const char* const first = m_text + *m_at;
    const char* last = m_text + m_at[1];
    if (*first != '"') return false;
    while (last - first > 1 && isSpace(last[-1])) --last;
    if (last - first < 2 || last[-1] != '"') return false;
    out = {first + 1, static_cast<std::size_t>(last - first - 2)};
    ++m_at;
    return true;
}

/// What a string's bytes stand for.
bool OtlpJsonWalk::plain(std::string_view raw, std::string_view& out) {
    const auto begin = static_cast<std::size_t>(raw.data() - m_text);
    while (*m_slash < begin) ++m_slash;
    if (*m_slash >= begin + raw.size()) {
        out = raw;
        return true;
    }
    if (!m_document.read({raw.data() - 1, raw.size() + 2}) || m_document.repaired()) return false;
    out = m_batch->arena.copy(m_document.root().asString());
    return true;
}

bool OtlpJsonWalk::string(std::string_view& out) {
    std::string_view raw;
    return rawString(raw) && plain(raw, out);
}

/// A member's name with its colon. Escapes in it make it a name that nobody knows.
bool OtlpJsonWalk::key(std::string_view& out) { return rawString(out) && take(':'); }

bool OtlpJsonWalk::number(std::string_view& out) {
    if (m_at == m_end) return false;
    const char* const first = m_text + *m_at;
    const char* last = m_text + m_at[1];
    while (last - first > 1 && isSpace(last[-1])) --last;
    out = {first, static_cast<std::size_t>(last - first)};
    if (!isNumber(out)) return false;
    ++m_at;
    return true;
}

bool OtlpJsonWalk::unsigned64(std::uint64_t& out) {
    std::string_view text;
    if (peek() == '"') return rawString(text) && (text.empty() || json_text::decimal(text.data(), text.size(), out));
    return number(text) && json_text::decimal(text.data(), text.size(), out);
}

bool OtlpJsonWalk::unsigned32(std::uint32_t& out) {
    std::string_view text;
    std::uint64_t wide = 0;
    if (peek() == '"' ? !rawString(text) : !number(text)) return false;
    if (!json_text::decimal(text.data(), text.size(), wide) || wide > 0xFFFFFFFFu) return false;
    out = static_cast<std::uint32_t>(wide);
    return true;
}

bool OtlpJsonWalk::enumeration(std::int32_t last, std::int32_t& out) {
    std::string_view text;
    std::uint64_t wide = 0;
    if (!number(text) || !json_text::decimal(text.data(), text.size(), wide) || wide > static_cast<std::uint64_t>(last)) return false;
    out = static_cast<std::int32_t>(wide);
    return true;
}

bool OtlpJsonWalk::traceId(TraceId& out, bool mayBeEmpty) {
    std::string_view text;
    if (!rawString(text)) return false;
    if (text.empty()) return mayBeEmpty;
    return text.size() == 32 && json_text::hex16(text.data(), out.high) && json_text::hex16(text.data() + 16, out.low) && out.isValid();
}

bool OtlpJsonWalk::spanId(SpanId& out, bool mayBeZero) {
    std::string_view text;
    if (!rawString(text)) return false;
    if (text.empty()) return mayBeZero;
    return text.size() == 16 && json_text::hex16(text.data(), out.value) && (mayBeZero || out.isValid());
}

/// True where so many bytes from the text's first on may be read, as long as the text lives.
bool OtlpJsonWalk::roomy(std::string_view text) const { return text.data() >= m_text && text.data() + store::kShortText <= m_text + m_whole.size(); }

/// The name of a span or event.
bool OtlpJsonWalk::name(std::string_view& out, store::FoundRecord& found) {
    std::string_view text;
    if (!string(text)) return false;
    if (m_front) m_front->findName(m_front->names(), text, m_batch->arena, found, roomy(text));
    else out = text;
    return true;
}

bool OtlpJsonWalk::body(store::LogRecordData& out) {
    if (!value(out.body)) return false;
    if (m_front) m_front->findName(m_front->bodies(), out.body.text, m_batch->arena, out.found, roomy(out.body.text));
    return true;
}

/// The attributes of a record, or of something inside it.
bool OtlpJsonWalk::attributes(store::AttributeSpan& out, store::FoundRecord& found, bool inner) {
    if (!m_front) return attributes(out);
    auto& list = inner ? m_front->innerList() : m_front->list();
    if (!attributes(list)) return false;
    found.attributes = list.finish(m_batch->arena, found.words);
    return true;
}

bool OtlpJsonWalk::attributes(store::AttributeFront::List& list) {
    list.begin();
    if (!take('[')) return false;
    if (take(']')) return true;
    store::Attribute attribute;
    do {
        if (expectedAttribute(list)) [[likely]] continue;
        attribute = {};
        if (!usualAttribute(attribute) && !anyAttribute(attribute)) return false;
        list.add(attribute);
    } while (take(','));
    return take(']');
}

/// Reads an attribute that is expected, written as `usualAttribute` reads it, by comparing all that stands before its value.
/// False where it is another, or something about it is not usual.
bool OtlpJsonWalk::expectedAttribute(store::AttributeFront::List& list) {
    using List = store::AttributeFront::List;
    constexpr int kGuesses = 4;
    const std::uint32_t* const at = m_at;
    if (m_end - at < 14 || *m_slash < at[11]) return false;
    const char* const begin = m_text + at[0];
    const char* const end = m_text + at[11];  // the value object's bracket
    if (end[0] != '}' || end[1] != '}') return false;
    const auto length = static_cast<std::size_t>(end - begin);
    std::uint32_t guess = list.firstGuess();
    for (int i = 0; i < kGuesses && guess; ++i) {
        const List::ExpectedJson& json = list.expectedJson(guess);
        const List::Expected& expected = list.expected(guess);
        if (json.length && length > json.length && json_text::same(begin, json.head, json.length)) {
            const char* const value = begin + json.length;
            Value read;
            switch (expected.type) {
                case store::ValueType::String:
                    if (end[-1] != '"') return false;
                    list.addExpected(guess);
                    list.putText({value, static_cast<std::size_t>(end - 1 - value)}, value + store::kShortText <= m_text + m_whole.size());
                    m_at = at + 13;
                    return true;
                case store::ValueType::Int:
                    if (*value != '"' || end[-1] != '"' || end - value < 3 || !wholeNumber({value + 1, static_cast<std::size_t>(end - value - 2)}, read)) return false;
                    break;
                case store::ValueType::Bool: {
                    const std::string_view word(value, static_cast<std::size_t>(end - value));
                    if (word != "true" && word != "false") return false;
                    read = Value::ofBool(word == "true");
                    break;
                }
                case store::ValueType::Double: {
                    const std::string_view text(value, static_cast<std::size_t>(end - value));
                    double number = 0;
                    if (!isNumber(text) || !parse(text, number)) return false;
                    read = Value::ofDouble(number);
                    break;
                }
                default: return false;
            }
            list.addExpected(guess);
            list.put(read.bits);
            m_at = at + 13;
            return true;
        }
        guess = expected.nextGuess;
    }
    return false;
}

bool OtlpJsonWalk::attributes(store::AttributeSpan& out) {
    if (!take('[')) return false;
    if (take(']')) return true;
    m_attributes.clear();
    do {
        auto& attribute = m_attributes.emplace_back();
        if (usualAttribute(attribute)) continue;
        if (!anyAttribute(attribute)) return false;
    } while (take(','));
    out = m_batch->arena.copy(m_attributes);
    return take(']');
}

/// An attribute written without blanks, its key first, with a value of one of the four plain types, as nearly all are:
/// `{"key":"K","value":{"stringValue":"V"}}`, tokens 0 `{`, 3 K, 4 `,`, 7 `{`, 8 the type, 10 V, 11 `}`, 12 `}`, 13 what
/// follows. The bytes between tell that the tokens are these; strings end before the token that follows them.
bool OtlpJsonWalk::usualAttribute(store::Attribute& out) {
    constexpr std::uint32_t kReadable = 32;  // bytes from a key's end that may be looked at
    const std::uint32_t* const at = m_at;
    if (m_end - at < 14) return false;
    const char* const begin = m_text + at[0];
    const char* const keyEnd = m_text + at[4] - 1;
    if (at[4] + kReadable > m_whole.size()) return false;
    if (load8(begin) != word("{\"key\":\"") || load8(keyEnd) != word("\",\"value") || load4(keyEnd + 8) != word("\":{\"")) return false;
    const char* const type = keyEnd + 12;
    const char* const end = m_text + at[11];  // the value object's bracket
    const std::string_view key(begin + 8, static_cast<std::size_t>(keyEnd - begin - 8));
    if (end[0] != '}' || end[1] != '}') return false;
    if (load8(type) == word("stringVa") && load8(type + 6) == word("Value\":\"") && end[-1] == '"' && end - 1 >= type + 14) {
        const std::string_view text(type + 14, static_cast<std::size_t>(end - type - 15));
        if (*m_slash < at[11]) [[unlikely]] {
            const std::uint32_t* const slash = m_slash;
            if (!plain(key, out.key) || !plain(text, out.value.text)) {
                m_slash = slash;
                return false;
            }
        } else {
            out.key = key;
            out.value.text = text;
        }
        out.value.type = store::ValueType::String;
    } else {
        if (*m_slash < at[11]) [[unlikely]] return false;
        if (load8(type) == word("intValue") && load4(type + 7) == word("e\":\"")) {
            if (end[-1] != '"' || end - 1 <= type + 11 || !wholeNumber({type + 11, static_cast<std::size_t>(end - type - 12)}, out.value)) return false;
        } else if (load8(type) == word("boolValu") && load8(type + 8) == word("e\":true}")) {
            out.value = Value::ofBool(true);
        } else if (load8(type) == word("boolValu") && load8(type + 8) == word("e\":false")) {
            if (end != type + 16) return false;
            out.value = Value::ofBool(false);
        } else {
            return false;
        }
        out.key = key;
    }
    m_at = at + 13;
    return true;
}

/// An attribute in any layout, its members in either order.
bool OtlpJsonWalk::anyAttribute(store::Attribute& out) {
    out = {};
    if (!take('{')) return false;
    bool hasKey = false, hasValue = false;
    do {
        std::string_view name;
        if (!key(name)) return false;
        if (name == "key") {
            if (std::exchange(hasKey, true) || !string(out.key)) return false;
        } else if (name == "value") {
            if (std::exchange(hasValue, true) || !value(out.value)) return false;
        } else {
            return false;
        }
    } while (take(','));
    return hasKey && take('}');
}

bool OtlpJsonWalk::value(Value& out) {
    const std::uint32_t* const at = m_at;
    const std::uint32_t* const slash = m_slash;
    if (usualValue(out)) return true;
    m_at = at;
    m_slash = slash;
    return oddValue(out);
}

bool OtlpJsonWalk::usualValue(Value& out) {
    std::string_view type, text;
    if (!take('{') || !key(type)) return false;
    if (type == "stringValue") {
        if (!string(text)) return false;
        out = Value::ofString(text);
    } else if (type == "intValue") {
        std::int64_t whole = 0;
        if (peek() == '"' ? !rawString(text) : !number(text)) return false;
        if (!parse(text, whole)) return false;
        out = Value::ofInt(whole);
    } else if (type == "doubleValue") {
        double real = 0;
        if (peek() == '"' || !number(text) || !parse(text, real)) return false;
        out = Value::ofDouble(real);
    } else if (type == "boolValue") {
        if (m_at == m_end) return false;
        const char* last = m_text + m_at[1];
        while (last - m_text > *m_at && isSpace(last[-1])) --last;
        text = {m_text + *m_at, static_cast<std::size_t>(last - m_text) - *m_at};
        if (text != "true" && text != "false") return false;
        ++m_at;
        out = Value::ofBool(text == "true");
    } else {
        return false;
    }
    return take('}');
}

/// A value that the tolerant reader takes without a word: an array, a map, bytes, an empty value, NaN.
bool OtlpJsonWalk::oddValue(Value& out) {
    const std::uint32_t* last = nullptr;
    const std::size_t problems = m_log.entries.size();
    if (peek() != '{' || !document(m_at, last)) return false;
    out = {};
    if (!m_records.anyValue(m_document.root(), out) || !m_records.clean() || m_log.entries.size() != problems) return false;
    m_at = last + 1;
    return true;
}

}  // namespace spanreel::ingest
