// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/proto_values.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "model/core/text.h"
#include "model/otlp/proto_writer.h"
#include "model/otlp/wire.h"

namespace spanreel::ingest {

using store::Value;
using store::ValueType;

void UnknownFields::add(std::string_view encoded) {
    if (m_first.empty()) m_first = encoded;
    else if (m_joined.empty() && m_first.data() + m_first.size() == encoded.data()) m_first = {m_first.data(), m_first.size() + encoded.size()};
    else {
        if (m_joined.empty()) m_joined = m_first;
        m_joined += encoded;
    }
}

std::string_view UnknownFields::joined(Arena& arena) const {
    const std::string all = std::string(m_joined.empty() ? m_first : std::string_view(m_joined)) + m_wrapped;
    return arena.copy(std::string_view(all));
}

/// Most text is ASCII and short: eight bytes at a time, the last eight overlapping.
bool isAscii(std::string_view bytes) {
    constexpr std::uint64_t kHigh = 0x8080808080808080ull;
    const char* p = bytes.data();
    const std::size_t n = bytes.size();
    std::uint64_t word = 0;
    if (n == 0) return true;
    if (n < 8) {
        std::memcpy(&word, p, n);
        return (word & kHigh) == 0;
    }
    std::uint64_t any = 0;
    for (std::size_t i = 0; i + 8 <= n; i += 8) {
        std::memcpy(&word, p + i, 8);
        any |= word;
    }
    std::memcpy(&word, p + n - 8, 8);
    return ((any | word) & kHigh) == 0;
}

std::string_view ProtoDecodeState::text(std::string_view bytes, const char* fieldName) {
    if (isAscii(bytes) || isValidUtf8(bytes)) [[likely]] return bytes;
    warn(ProblemCode::BadUtf8, fieldName, bytes.data());
    return arena().copy(std::string_view(repairUtf8(bytes)));
}

void ProtoDecodeState::unknown(const ProtoCursor& cursor, std::uint32_t knownNumbers, UnknownFields& fields, const char* message) {
    if (cursor.clamped()) return;  // cut short: no field that could be written again
    const std::uint32_t number = cursor.number();
    if (number >= otlp::kFirstWrapped) {
        warn(ProblemCode::FlaggedValue, "field " + std::to_string(number) + " of " + message + " is dropped", cursor.begin());
        return;
    }
    if (number < 32 && (knownNumbers >> number & 1))
        warn(ProblemCode::FlaggedValue, "field " + std::to_string(number) + " of " + message + " has wire type " + std::to_string(cursor.key() & 7), cursor.begin());
    fields.add(cursor.whole());
}

bool ProtoValueDecoder::validate(std::string_view encoded, Kind kind, std::size_t depth, bool& badText) {
    std::vector<Frame>& stack = m_stack;
    stack.resize(kMaxProtoDepth + 1);
    std::size_t open = 0;
    stack[open++] = {ProtoCursor(encoded, m_state.fault), kind};
    while (open > 0) {
        Frame& frame = stack[open - 1];
        if (!frame.cursor.next()) {
            if (m_state.fault.any()) return false;
            --open;
            continue;
        }
        if (!frame.cursor.isBytes()) continue;
        const std::uint32_t number = frame.cursor.number();
        std::optional<Kind> inner;
        bool isText = false;
        switch (frame.kind) {
            case Kind::AnyValue:
                if (number == 5) inner = Kind::Array;
                else if (number == 6) inner = Kind::KvList;
                isText = number == 1;
                break;
            case Kind::Array:
                if (number == 1) inner = Kind::AnyValue;
                break;
            case Kind::KvList:
                if (number == 1) inner = Kind::KeyValue;
                break;
            case Kind::KeyValue:
                if (number == 2) inner = Kind::AnyValue;
                isText = number == 1;
                break;
        }
        if (isText && !isValidUtf8(frame.cursor.bytes())) {
            if (!badText) m_state.warn(ProblemCode::BadUtf8, "a value's text", frame.cursor.bytes().data());
            badText = true;
        }
        if (!inner) continue;
        if (depth + open > kMaxProtoDepth) {
            m_state.fault.set(ProblemCode::Nesting, "values", frame.cursor.begin());
            return false;
        }
        stack[open++] = {ProtoCursor(frame.cursor.bytes(), m_state.fault), *inner};
    }
    return true;
}

std::string_view ProtoValueDecoder::repaired(std::string_view encoded, Kind kind) {
    struct Level {
        ProtoCursor cursor;
        Kind kind;
        std::size_t mark;
    };
    std::vector<Level> stack;
    otlp::ProtoWriter writer;
    stack.push_back({ProtoCursor(encoded, m_state.fault), kind, 0});
    while (!stack.empty()) {
        Level& level = stack.back();
        if (!level.cursor.next()) {
            if (level.mark) writer.end(level.mark);
            stack.pop_back();
            continue;
        }
        const ProtoCursor& field = level.cursor;
        const std::uint32_t number = field.number();
        const bool message = field.isBytes() && ((level.kind == Kind::AnyValue && (number == 5 || number == 6)) || (level.kind == Kind::Array && number == 1) ||
                                                 (level.kind == Kind::KvList && number == 1) || (level.kind == Kind::KeyValue && number == 2));
        const bool isText = field.isBytes() && number == 1 && (level.kind == Kind::AnyValue || level.kind == Kind::KeyValue);
        if (message) {
            Kind inner = Kind::AnyValue;
            if (level.kind == Kind::AnyValue) inner = number == 5 ? Kind::Array : Kind::KvList;
            else if (level.kind == Kind::KvList) inner = Kind::KeyValue;
            const std::size_t mark = writer.begin(number);
            stack.push_back({ProtoCursor(field.bytes(), m_state.fault), inner, mark});
        } else if (isText) writer.alwaysText(number, repairUtf8(field.bytes()));
        else writer.raw(field.whole());
    }
    return m_state.arena().copy(std::string_view(writer.bytes()));
}

bool ProtoValueDecoder::container(std::string_view encoded, Kind kind, std::size_t depth, std::string_view& out) {
    bool badText = false;
    if (depth > kMaxProtoDepth) {
        m_state.fault.set(ProblemCode::Nesting, "values", encoded.data());
        return false;
    }
    if (!validate(encoded, kind, depth, badText)) return false;
    out = badText ? repaired(encoded, kind) : encoded;
    return true;
}

bool ProtoValueDecoder::anyValue(std::string_view encoded, std::size_t depth, Value& value, UnknownFields& unknown) {
    ProtoCursor cursor(encoded, m_state.fault);
    while (cursor.next()) {
        switch (cursor.key()) {
            case bytesKey(1): value = Value::ofString(m_state.text(cursor.bytes(), "a value's text")); break;
            case varintKey(2): value = Value::ofBool(cursor.value() != 0); break;
            case varintKey(3): value = Value::ofInt(static_cast<std::int64_t>(cursor.value())); break;
            case fixed64Key(4): value = {ValueType::Double, cursor.value(), {}}; break;
            case bytesKey(5):
            case bytesKey(6): {
                const bool array = cursor.number() == 5;
                const ValueType type = array ? ValueType::Array : ValueType::KvList;
                std::string_view content;
                if (!container(cursor.bytes(), array ? Kind::Array : Kind::KvList, depth + 1, content)) return false;
                // The same member of the oneof again is merged, which for repeated fields is one after the other.
                if (value.type == type && !value.text.empty()) content = m_state.arena().copy(std::string_view(std::string(value.text) + std::string(content)));
                value = {type, 0, content};
                break;
            }
            case bytesKey(7): value = Value::ofBytes(cursor.bytes()); break;
            default: m_state.unknown(cursor, 0b11111110, unknown, "AnyValue");
        }
    }
    return !m_state.fault.any();
}

namespace {

/// Reads a KeyValue as nearly all senders write it: key, then a value of a few bytes with one member, lengths of one byte.
/// The text in it is not looked at. False = anything else, which the general reader takes.
[[gnu::always_inline]] inline bool usualAttribute(std::string_view encoded, store::Attribute& out) {
    const auto* p = reinterpret_cast<const unsigned char*>(encoded.data());
    const std::size_t n = encoded.size();
    if (n < 6 || p[0] != 0x0A || p[1] >= 0x80) return false;
    const std::size_t keyLength = p[1], valueAt = keyLength + 4;
    if (valueAt + 2 > n || p[keyLength + 2] != 0x12 || p[keyLength + 3] != n - valueAt || n - valueAt >= 0x80) return false;
    const std::string_view key = encoded.substr(2, keyLength);
    const unsigned char* v = p + valueAt;
    const std::size_t length = n - valueAt;
    switch (v[0]) {
        case 0x0A: {
            if (v[1] != length - 2) return false;
            out.value = Value::ofString(encoded.substr(valueAt + 2));
            break;
        }
        case 0x18: {
            std::uint64_t number = 0;
            std::size_t i = 1;
            for (; i < length && i < 9; ++i) {
                number |= std::uint64_t{v[i] & 0x7Fu} << (7 * (i - 1));
                if (v[i] < 0x80) break;
            }
            if (i >= 9 || i + 1 != length) return false;  // longer ones are for the general reader
            out.value = {ValueType::Int, number, {}};
            break;
        }
        case 0x10:
            if (length != 2 || v[1] > 1) return false;
            out.value = Value::ofBool(v[1] != 0);
            break;
        case 0x21:
            if (length != 9) return false;
            out.value.type = ValueType::Double;
            std::memcpy(&out.value.bits, v + 1, 8);
            break;
        default: return false;
    }
    out.key = key;
    return true;
}

}  // namespace

bool ProtoValueDecoder::attribute(std::string_view encoded, std::size_t depth, std::vector<store::Attribute>& out, std::size_t firstOfOwner, UnknownFields& ownerUnknown) {
    store::Attribute& usual = out.emplace_back();
    if (usualAttribute(encoded, usual) && isAscii(usual.key) && isAscii(usual.value.text)) [[likely]] return true;
    out.pop_back();
    store::Attribute attribute;
    if (!unusualAttribute(encoded, depth, attribute, out.size() - firstOfOwner, ownerUnknown)) return false;
    out.push_back(attribute);
    return true;
}

/// The value of an expected key: `size` bytes from `v` on, its tag and length included.
[[gnu::always_inline]] inline bool ProtoValueDecoder::expectedValue(const char* v, std::size_t size, ValueType type, std::uint32_t guess, Run& out) {
    const auto length = static_cast<std::uint32_t>(size - 2);  // of the AnyValue
    std::uint32_t head = 0;
    std::memcpy(&head, v, 4);
    if (type == ValueType::String) [[likely]] {
        if (head != (0x000A0012u | length << 8 | (length - 2) << 24)) return false;
        const std::string_view text(v + 4, length - 2);
        if (text.size() <= store::kShortText) [[likely]] {
            const store::ShortText words(text.data(), text.size());
            if (!words.isAscii() && !isValidUtf8(text)) [[unlikely]] return false;
            out.add(guess);
            out.putText(text.data(), words);
            return true;
        }
        if (!isAscii(text) && !isValidUtf8(text)) [[unlikely]] return false;
        out.add(guess);
        out.putText(text);
        return true;
    }
    std::uint64_t bits = 0;
    switch (type) {
        case ValueType::Int: {
            if ((head & 0xFFFFFF) != (0x00180012u | length << 8)) return false;
            std::size_t i = 1;
            for (; i < length && i < 9; ++i) {
                const auto byte = static_cast<unsigned char>(v[2 + i]);
                bits |= std::uint64_t{byte & 0x7Fu} << (7 * (i - 1));
                if (byte < 0x80) break;
            }
            if (i >= 9 || i + 1 != length) return false;
            break;
        }
        case ValueType::Bool:
            if (length != 2 || (head & 0xFEFFFFFF) != 0x00100212u) return false;
            bits = head >> 24;
            break;
        case ValueType::Double:
            if (length != 9 || (head & 0xFFFFFF) != 0x00210912u) return false;
            std::memcpy(&bits, v + 3, 8);
            break;
        default: return false;
    }
    out.add(guess);
    out.put(bits);
    return true;
}

/// Reads one of the attributes that are expected, with next to no branch that depends on its bytes. 32 bytes behind it may be
/// read. False where it is another, or something about it is not usual.
[[gnu::always_inline]] inline bool ProtoValueDecoder::expectedAttribute(const char* encoded, std::size_t size, Run& out) {
    constexpr int kGuesses = 8;
    constexpr std::size_t kMostValue = 2 + 0x7F - 4;  // more than the least: a length of one byte
    std::uint32_t guess = out.firstGuess();
    for (int i = 0; i < kGuesses && guess; ++i) {
        const auto& expected = out.expected(guess);
        if (size - expected.least <= kMostValue && expected.begins(encoded) &&
            expectedValue(encoded + expected.headerLength, size - expected.headerLength, expected.type, guess, out)) [[likely]] return true;
        guess = expected.nextGuess;
    }
    return false;
}

std::size_t ProtoValueDecoder::expectedAttributes(ProtoCursor& cursor, store::AttributeFront::List& out) {
    const char* next = cursor.begin();
    if (!out.expects() || m_state.end - next < static_cast<std::ptrdiff_t>(store::kShortText)) return 0;
    const char* const end = std::min(cursor.end(), m_state.end - store::kShortText);  // all that lies before it may be read freely
    const char tag = *next;
    const char* const begin = next;
    Run run(out);
    while (end - next > 3 && *next == tag) {
        std::size_t size = static_cast<unsigned char>(next[1]);
        const char* field = next + 2;
        if (size >= 0x80) {
            if (static_cast<unsigned char>(next[2]) >= 0x80) break;
            size = (size & 0x7F) | std::size_t{static_cast<unsigned char>(next[2])} << 7;
            ++field;
        }
        if (size > static_cast<std::size_t>(end - field) || !expectedAttribute(field, size, run)) break;
        next = field + size;
    }
    if (next == begin) return 0;
    const std::size_t before = out.size();
    run.end();
    cursor.goOnAt(next);
    return out.size() - before;
}

bool ProtoValueDecoder::attribute(std::string_view encoded, std::size_t depth, store::AttributeFront::List& out, UnknownFields& ownerUnknown) {
    store::Attribute a;
    if (usualAttribute(encoded, a)) [[likely]] {
        if (isAscii(a.key)) [[likely]] {
            out.add(a.key, a.value.type);
            if (a.value.type != ValueType::String) out.put(a.value.bits);
            else out.putText(m_state.text(a.value.text, "a value's text"));
            return true;
        }
    }
    store::Attribute attribute;
    if (!unusualAttribute(encoded, depth, attribute, out.size(), ownerUnknown)) return false;
    out.add(attribute);
    return true;
}

/// Any KeyValue. `index`: its number in the list of its owner.
bool ProtoValueDecoder::unusualAttribute(std::string_view encoded, std::size_t depth, store::Attribute& attribute, std::size_t index, UnknownFields& ownerUnknown) {
    m_keyUnknown.clear();
    m_valueUnknown.clear();
    ProtoCursor cursor(encoded, m_state.fault);
    while (cursor.next()) {
        switch (cursor.key()) {
            case bytesKey(1): attribute.key = m_state.text(cursor.bytes(), "an attribute's key"); break;
            case bytesKey(2):
                if (!anyValue(cursor.bytes(), depth + 1, attribute.value, m_valueUnknown)) return false;
                break;
            default: m_state.unknown(cursor, 0b110, m_keyUnknown, "KeyValue");
        }
    }
    if (m_state.fault.any()) return false;
    if (!m_keyUnknown.empty() || !m_valueUnknown.empty()) [[unlikely]] {
        otlp::ProtoWriter writer;
        const std::size_t mark = writer.begin(otlp::kWrappedAttribute);
        writer.uint(1, index);
        writer.text(2, m_keyUnknown.finish(m_state.arena()));
        writer.text(3, m_valueUnknown.finish(m_state.arena()));
        writer.end(mark);
        ownerUnknown.addWrapped(writer.bytes());
    }
    return true;
}

}  // namespace spanreel::ingest
