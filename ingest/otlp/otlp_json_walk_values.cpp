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

template <class T>
bool parse(std::string_view text, T& out) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && stop == end;
}

}  // namespace

/// What a string's bytes stand for.
bool OtlpJsonWalk::string(std::string_view& out) {
    bool escaped = false;
    return m_at.string(out, escaped) && (!escaped || unescape(out));
}

bool OtlpJsonWalk::unescape(std::string_view& text) {
    if (!m_document.read({text.data() - 1, text.size() + 2}) || m_document.repaired()) return false;
    text = m_batch->arena.copy(m_document.root().asString());
    return true;
}

/// A string without escapes.
bool OtlpJsonWalk::bareString(std::string_view& out) {
    bool escaped = false;
    return m_at.string(out, escaped) && !escaped;
}

/// A member's name with its colon. With escapes in it it is a name that nobody knows.
bool OtlpJsonWalk::key(std::string_view& out) { return bareString(out) && take(':'); }

bool OtlpJsonWalk::unsigned64(std::uint64_t& out) {
    // Times of our age, quoted.
    constexpr std::size_t kDigits = 19;
    const char* const p = m_at.at();
    if (m_at.left() > kDigits + 2 && p[0] == '"' && p[kDigits + 1] == '"' && json_text::decimal(p + 1, kDigits, out)) [[likely]] {
        m_at.moveTo(p + kDigits + 2);
        return true;
    }
    std::string_view text;
    if (m_at.peek() == '"') return bareString(text) && (text.empty() || json_text::decimal(text.data(), text.size(), out));
    return m_at.number(text) && json_text::decimal(text.data(), text.size(), out);
}

bool OtlpJsonWalk::unsigned32(std::uint32_t& out) {
    std::string_view text;
    std::uint64_t wide = 0;
    if (m_at.peek() == '"' ? !bareString(text) : !m_at.number(text)) return false;
    if (!json_text::decimal(text.data(), text.size(), wide) || wide > 0xFFFFFFFFu) return false;
    out = static_cast<std::uint32_t>(wide);
    return true;
}

bool OtlpJsonWalk::enumeration(std::int32_t last, std::int32_t& out) {
    std::string_view text;
    std::uint64_t wide = 0;
    if (!m_at.number(text) || !json_text::decimal(text.data(), text.size(), wide) || wide > static_cast<std::uint64_t>(last)) return false;
    out = static_cast<std::int32_t>(wide);
    return true;
}

bool OtlpJsonWalk::traceId(TraceId& out, bool mayBeEmpty) {
    constexpr std::size_t kDigits = 32;
    const char* const p = m_at.at();
    if (m_at.left() > kDigits + 2 && p[0] == '"' && p[kDigits + 1] == '"' && json_text::hex16(p + 1, out.high) && json_text::hex16(p + 17, out.low)) [[likely]] {
        m_at.moveTo(p + kDigits + 2);
        return out.isValid();
    }
    std::string_view text;
    if (!bareString(text)) return false;
    if (text.empty()) return mayBeEmpty;
    return text.size() == kDigits && json_text::hex16(text.data(), out.high) && json_text::hex16(text.data() + 16, out.low) && out.isValid();
}

bool OtlpJsonWalk::spanId(SpanId& out, bool mayBeZero) {
    constexpr std::size_t kDigits = 16;
    const char* const p = m_at.at();
    if (m_at.left() > kDigits + 2 && p[0] == '"' && p[kDigits + 1] == '"' && json_text::hex16(p + 1, out.value)) [[likely]] {
        m_at.moveTo(p + kDigits + 2);
        return mayBeZero || out.isValid();
    }
    std::string_view text;
    if (!bareString(text)) return false;
    if (text.empty()) return mayBeZero;
    return text.size() == kDigits && json_text::hex16(text.data(), out.value) && (mayBeZero || out.isValid());
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
    store::Attribute any;
    do {
        if (expectedAttribute(list)) [[likely]] continue;
        if (!attribute(any)) return false;
        list.add(any);
    } while (take(','));
    return take(']');
}

/// Reads an attribute that is expected, written without blanks, its key first, by comparing all that stands before its
/// value. False where it is another, or something about it is not usual.
[[gnu::always_inline]] inline bool OtlpJsonWalk::expectedAttribute(store::AttributeFront::List& list) {
    using List = store::AttributeFront::List;
    constexpr int kGuesses = 8;
    constexpr std::size_t kReadable = List::ExpectedJson::kMost + JsonCursor::kLook + 8;  // from the attribute's first byte on
    const char* const begin = m_at.at();
    if (m_at.left() < kReadable) return false;
    std::uint32_t guess = list.firstGuess();
    for (int i = 0; i < kGuesses && guess; ++i) {
        const List::ExpectedJson& json = list.expectedJson(guess);
        const List::Expected& expected = list.expected(guess);
        if (!json.length || !json_text::same(begin, json.head, json.length)) {
            guess = expected.nextGuess;
            continue;
        }
        const char* const value = begin + json.length;
        std::uint64_t bits = 0;
        switch (expected.type) {
            case store::ValueType::String: return expectedText(list, guess, value);
            case store::ValueType::Int: {
                const char* const end = json_text::quotedNumber(value, bits);
                if (!end || end[0] != '}' || end[1] != '}') return false;
                m_at.moveTo(end + 2);
                break;
            }
            case store::ValueType::Bool:
                if (load8(value - 1) == word(":false}}")) m_at.moveTo(value + 7);
                else if (load4(value) == word("true") && value[4] == '}' && value[5] == '}') m_at.moveTo(value + 6), bits = 1;
                else return false;
                break;
            case store::ValueType::Double: {
                m_at.moveTo(value);
                std::string_view text;
                double number = 0;
                if (!m_at.number(text) || !parse(text, number) || !m_at.takeText("}}")) {
                    m_at.moveTo(begin);
                    return false;
                }
                bits = Value::ofDouble(number).bits;
                break;
            }
            default: return false;
        }
        list.addExpected(guess);
        list.put(bits);
        return true;
    }
    return false;
}

/// The text that begins behind its quote at `first`, 40 bytes from there on being readable, as the value of a guess that was
/// right so far.
[[gnu::always_inline]] inline bool OtlpJsonWalk::expectedText(store::AttributeFront::List& list, std::uint32_t guess, const char* first) {
    if (const std::uint32_t odd = JsonCursor::oddBytes(first)) [[likely]] {
        const auto length = static_cast<std::size_t>(__builtin_ctz(odd));
        if ((load4(first + length) & json_text::kThreeBytes) == (word("\"}} ") & json_text::kThreeBytes)) [[likely]] {
            list.addExpected(guess);
            list.putText({first, length}, true);
            m_at.moveTo(first + length + 3);
            return true;
        }
    }
    const JsonCursor before = m_at;
    std::string_view text;
    m_at.moveTo(first - 1);
    if (!string(text) || !m_at.takeText("}}")) {
        m_at = before;
        return false;
    }
    list.addExpected(guess);
    list.putText(text, roomy(text));
    return true;
}

bool OtlpJsonWalk::attributes(store::AttributeSpan& out) {
    if (!take('[')) return false;
    if (take(']')) return true;
    m_attributes.clear();
    do {
        if (!attribute(m_attributes.emplace_back())) return false;
    } while (take(','));
    out = m_batch->arena.copy(m_attributes);
    return take(']');
}

/// An attribute in any layout, its members in either order.
bool OtlpJsonWalk::attribute(store::Attribute& out) {
    out = {};
    bool hasKey = false, hasValue = false;
    if (m_at.takeText("{\"key\":")) {
        if (!string(out.key)) return false;
        hasKey = true;
        if (m_at.takeText(",\"value\":")) {
            if (!value(out.value)) return false;
            hasValue = true;
        }
        if (take('}')) return true;
        if (!take(',')) return false;
    } else if (!take('{')) {
        return false;
    }
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
    const JsonCursor before = m_at;
    if (usualValue(out)) return true;
    m_at = before;
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
        if (m_at.peek() == '"' ? !bareString(text) : !m_at.number(text)) return false;
        if (!parse(text, whole)) return false;
        out = Value::ofInt(whole);
    } else if (type == "doubleValue") {
        double real = 0;
        if (!m_at.number(text) || !parse(text, real)) return false;
        out = Value::ofDouble(real);
    } else if (type == "boolValue") {
        const bool isTrue = m_at.takeWord("true");
        if (!isTrue && !m_at.takeWord("false")) return false;
        out = Value::ofBool(isTrue);
    } else {
        return false;
    }
    return take('}');
}

/// A value that the tolerant reader takes without a word: an array, a map, bytes, an empty value, NaN.
bool OtlpJsonWalk::oddValue(Value& out) {
    const std::size_t problems = m_log.entries.size();
    if (!document()) return false;
    out = {};
    return m_records.anyValue(m_document.root(), out) && m_records.clean() && m_log.entries.size() == problems;
}

}  // namespace spanreel::ingest
