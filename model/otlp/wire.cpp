// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/wire.h"

#include <cstddef>

namespace spanreel::otlp {
namespace {

std::uint64_t little(std::string_view bytes, std::size_t n) {
    std::uint64_t value = 0;
    for (std::size_t i = n; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

/// Skips the inside of a group and its end tag, nested groups included. `number` is the group's.
bool skipGroup(std::string_view& rest, std::uint32_t number) {
    std::uint32_t open[100];
    std::size_t depth = 0;
    open[depth++] = number;
    while (depth > 0) {
        std::uint64_t tag = 0, value = 0;
        if (!readVarint(rest, tag)) return false;
        const auto field = static_cast<std::uint32_t>(tag >> 3);
        switch (tag & 7) {
            case 0:
                if (!readVarint(rest, value)) return false;
                break;
            case 1:
                if (rest.size() < 8) return false;
                rest.remove_prefix(8);
                break;
            case 2:
                if (!readVarint(rest, value) || value > rest.size()) return false;
                rest.remove_prefix(value);
                break;
            case 3:
                if (depth == 100) return false;
                open[depth++] = field;
                break;
            case 4:
                if (open[--depth] != field) return false;
                break;
            case 5:
                if (rest.size() < 4) return false;
                rest.remove_prefix(4);
                break;
            default: return false;
        }
    }
    return true;
}

}  // namespace

bool readVarint(std::string_view& rest, std::uint64_t& value) {
    value = 0;
    for (std::size_t i = 0; i < rest.size() && i < 10; ++i) {
        const auto b = static_cast<unsigned char>(rest[i]);
        value |= static_cast<std::uint64_t>(b & 0x7F) << (7 * i);
        if (b < 0x80) {
            rest.remove_prefix(i + 1);
            return true;
        }
    }
    return false;
}

bool WireCursor::next(WireField& field) {
    if (m_rest.empty()) return false;
    const char* const begin = m_rest.data();
    std::uint64_t tag = 0;
    if (!readVarint(m_rest, tag) || tag > 0xFFFFFFFFu || tag < 8) return stop();
    field.number = static_cast<std::uint32_t>(tag >> 3);
    field.type = static_cast<std::uint32_t>(tag & 7);
    field.value = 0;
    field.bytes = {};
    switch (field.type) {
        case 0:
            if (!readVarint(m_rest, field.value)) return stop();
            break;
        case 1:
        case 5: {
            const std::size_t n = field.type == 1 ? 8 : 4;
            if (m_rest.size() < n) return stop();
            field.value = little(m_rest, n);
            m_rest.remove_prefix(n);
            break;
        }
        case 2: {
            std::uint64_t length = 0;
            if (!readVarint(m_rest, length) || length > m_rest.size()) return stop();
            field.bytes = m_rest.substr(0, length);
            m_rest.remove_prefix(length);
            break;
        }
        case 3:
            if (!skipGroup(m_rest, field.number)) return stop();
            break;
        default: return stop();
    }
    field.whole = {begin, static_cast<std::size_t>(m_rest.data() - begin)};
    return true;
}

std::string_view ownUnknown(std::string_view unknown, std::string& scratch) {
    WireCursor cursor(unknown);
    bool wrapped = false;
    scratch.clear();
    for (WireField field; cursor.next(field);) {
        if (field.number >= kFirstWrapped) wrapped = true;
        else scratch.append(field.whole);
    }
    return wrapped ? std::string_view(scratch) : unknown;
}

std::string_view wrappedUnknown(std::string_view unknown, WrappedUnknown number) {
    WireCursor cursor(unknown);
    for (WireField field; cursor.next(field);)
        if (field.is(number, 2)) return field.bytes;
    return {};
}

AttributeUnknown attributeUnknown(std::string_view ownersUnknown, std::size_t index) {
    WireCursor cursor(ownersUnknown);
    for (WireField field; cursor.next(field);) {
        if (!field.is(kWrappedAttribute, 2)) continue;
        AttributeUnknown found;
        std::uint64_t at = 0;
        WireCursor inner(field.bytes);
        for (WireField part; inner.next(part);) {
            if (part.is(1, 0)) at = part.value;
            else if (part.is(2, 2)) found.keyValue = part.bytes;
            else if (part.is(3, 2)) found.anyValue = part.bytes;
        }
        if (at == index) return found;
    }
    return {};
}

}  // namespace spanreel::otlp
