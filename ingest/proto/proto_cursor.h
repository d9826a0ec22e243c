// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

// The one place that includes protozero. Its assertions would abort in debug builds and misread in release: they throw.
#define protozero_assert(condition) \
    do { if (!(condition)) throw std::logic_error("protozero: " #condition); } while (false)
#include <protozero/types.hpp>
#include <protozero/varint.hpp>

#include "model/core/problem.h"

namespace spanreel::ingest {

/// What protobuf's own readers allow: messages and groups inside each other, the request itself not counted.
constexpr std::size_t kMaxProtoDepth = 100;

/// The first thing that was wrong with a message. Shared by all cursors on one body.
struct ProtoFault {
    ProblemCode code = ProblemCode::None;
    std::string detail;
    const char* at = nullptr;

    [[nodiscard]] bool any() const { return code != ProblemCode::None; }
    void set(ProblemCode newCode, std::string newDetail, const char* place) {
        if (any()) return;
        code = newCode;
        detail = std::move(newDetail);
        at = place;
    }
};

/// A field's number and wire type in one number, to switch on.
constexpr std::uint32_t protoKey(std::uint32_t number, protozero::pbf_wire_type type) { return protozero::tag_and_type(number, type); }
constexpr std::uint32_t varintKey(std::uint32_t number) { return protoKey(number, protozero::pbf_wire_type::varint); }
constexpr std::uint32_t fixed64Key(std::uint32_t number) { return protoKey(number, protozero::pbf_wire_type::fixed64); }
constexpr std::uint32_t fixed32Key(std::uint32_t number) { return protoKey(number, protozero::pbf_wire_type::fixed32); }
constexpr std::uint32_t bytesKey(std::uint32_t number) { return protoKey(number, protozero::pbf_wire_type::length_delimited); }

/// Steps over the fields of one message, every read bounds-checked, on protozero's varints and types. Dispatch on
/// `key()`: a known number with another wire type is then another key. What protozero's reader does not do is done
/// here: groups are skipped with their matching ends, and every fault has its place. After a fault the walk ends, and the
/// fault tells. Cheap to copy; allocates nothing; no recursion.
class ProtoCursor {
public:
    /// `clamp`: a field that reaches past the end is cut there and handed out as the last one (`clamped()`), beside the
    /// fault: for files cut short, whose whole inner records are kept.
    ProtoCursor() = default;
    ProtoCursor(std::string_view message, ProtoFault& fault, bool clamp = false)
        : m_next(message.data()), m_end(message.data() + message.size()), m_fault(&fault), m_clamp(clamp) {}

    /// Reads the next field. False at the end and after a fault. Inlined: four fifths of decoding is here.
    [[gnu::always_inline]] bool next() {
        if (m_next == m_end) return false;
        m_begin = m_next;
        std::uint64_t tag = 0;
        if (!readVarint(tag)) return false;
        if (tag - 8 > 0xFFFFFFFFull - 8) [[unlikely]] return badTag(tag);
        m_key = static_cast<std::uint32_t>(tag);
        switch (tag & 7) {
            case 0: return readVarint(m_value);
            case 1: return readFixed(8);
            case 2: {
                const char* const at = m_next;
                std::uint64_t length = 0;
                if (!readVarint(length)) return false;
                if (length > static_cast<std::uint64_t>(m_end - m_next)) [[unlikely]] return tooLong(length, at);
                m_bytes = {m_next, static_cast<std::size_t>(length)};
                m_next += length;
                return true;
            }
            case 5: return readFixed(4);
            default: return oddWireType();
        }
    }

    [[nodiscard]] std::uint32_t key() const { return m_key; }
    [[nodiscard]] std::uint32_t number() const { return m_key >> 3; }
    [[nodiscard]] bool isBytes() const { return (m_key & 7) == 2; }
    [[nodiscard]] std::uint64_t value() const { return m_value; }       ///< of varint, fixed64, fixed32
    [[nodiscard]] std::string_view bytes() const { return m_bytes; }    ///< of a length-delimited field
    [[nodiscard]] std::string_view whole() const { return {m_begin, static_cast<std::size_t>(m_next - m_begin)}; }  ///< with its tag
    [[nodiscard]] bool clamped() const { return m_clamped; }
    [[nodiscard]] const char* begin() const { return m_begin; }         ///< where the field's tag lies
    [[nodiscard]] const char* end() const { return m_end; }             ///< of the message
    [[nodiscard]] const char* place() const { return m_next; }          ///< where the next field begins
    /// Goes on at a field that somebody read up to.
    void goOnAt(const char* field) { m_next = field; }

    /// Asks for memory as far ahead as fields are read, for a walk that steps over them and would wait for the first byte of each.
    /// Inlined: g++ takes a function that does nothing else for one that does nothing.
    [[gnu::always_inline]] void askAhead() const {
        constexpr std::ptrdiff_t kAhead = 2048, kLine = 64;
        const std::ptrdiff_t end = std::min(kAhead + std::min(m_next - m_begin, kAhead), m_end - m_begin);
        for (std::ptrdiff_t at = kAhead; at < end; at += kLine) __builtin_prefetch(m_begin + at);
    }

private:
    [[gnu::noinline, gnu::cold]] bool stop(std::string detail, const char* at) {
        m_fault->set(ProblemCode::BadProtobuf, std::move(detail), at);
        m_next = m_end;
        return false;
    }
    [[gnu::noinline, gnu::cold]] bool badTag(std::uint64_t tag) { return stop(tag < 8 ? "field number 0" : "tag out of range", m_begin); }
    [[gnu::noinline, gnu::cold]] bool tooLong(std::uint64_t length, const char* at) {
        const char* const content = m_next;
        stop("length " + std::to_string(length) + " reaches past the end", at);
        if (!m_clamp) return false;
        m_bytes = {content, static_cast<std::size_t>(m_end - content)};
        m_clamped = true;
        return true;
    }
    [[gnu::noinline]] bool oddWireType() {
        if ((m_key & 7) == 3) return skipGroup();
        if ((m_key & 7) == 4) return stop("end of a group that was not begun", m_begin);
        return stop("wire type " + std::to_string(m_key & 7), m_begin);
    }
    [[gnu::always_inline]] bool readVarint(std::uint64_t& value) {
        if (m_next != m_end && static_cast<unsigned char>(*m_next) < 0x80) [[likely]] {
            value = static_cast<unsigned char>(*m_next++);
            return true;
        }
        if (m_end - m_next > 1 && static_cast<unsigned char>(m_next[1]) < 0x80) {
            value = (static_cast<unsigned char>(m_next[0]) & 0x7Fu) | static_cast<std::uint64_t>(m_next[1]) << 7;
            m_next += 2;
            return true;
        }
        return readLongVarint(value);
    }
    [[gnu::noinline]] bool readLongVarint(std::uint64_t& value) {
        const char* const at = m_next;
        try {
            value = protozero::decode_varint(&m_next, m_end);
            return true;
        } catch (const protozero::varint_too_long_exception&) {
            return stop("varint longer than 10 bytes", at);
        } catch (const protozero::exception&) {
            // Near the end of its input protozero does not count a varint's bytes.
            return m_end - at >= 10 ? stop("varint longer than 10 bytes", at) : stop("varint cut short", at);
        }
    }
    [[gnu::always_inline]] bool readFixed(std::size_t n) {
        if (static_cast<std::size_t>(m_end - m_next) < n) [[unlikely]] return stop("number cut short", m_next);
        m_value = 0;
        if (n == 8) std::memcpy(&m_value, m_next, 8);
        else {
            std::uint32_t narrow = 0;
            std::memcpy(&narrow, m_next, 4);
            m_value = narrow;
        }
        m_next += n;
        return true;
    }
    bool skipGroup() {
        std::uint32_t open[kMaxProtoDepth];
        std::size_t depth = 0;
        const char* const groupBegin = m_begin;
        open[depth++] = m_key >> 3;
        while (depth > 0) {
            if (m_next == m_end) return stop("group " + std::to_string(open[depth - 1]) + " has no end", groupBegin);
            const char* const at = m_next;
            std::uint64_t tag = 0, value = 0;
            if (!readVarint(tag)) return false;
            if (tag < 8 || tag > 0xFFFFFFFFu) return stop("field number 0 in a group", at);
            const auto field = static_cast<std::uint32_t>(tag >> 3);
            switch (tag & 7) {
                case 0:
                    if (!readVarint(value)) return false;
                    break;
                case 1:
                    if (!readFixed(8)) return false;
                    break;
                case 2: {
                    const char* const lengthAt = m_next;
                    if (!readVarint(value)) return false;
                    if (value > static_cast<std::uint64_t>(m_end - m_next))
                        return stop("length " + std::to_string(value) + " reaches past the end, in a group", lengthAt);
                    m_next += value;
                    break;
                }
                case 3:
                    if (depth == kMaxProtoDepth) {
                        m_fault->set(ProblemCode::Nesting, "groups", at);
                        m_next = m_end;
                        return false;
                    }
                    open[depth++] = field;
                    break;
                case 4:
                    if (open[--depth] != field) return stop("group " + std::to_string(open[depth]) + " has another group's end", at);
                    break;
                case 5:
                    if (!readFixed(4)) return false;
                    break;
                default: return stop("wire type " + std::to_string(tag & 7) + " in a group", at);
            }
        }
        return true;
    }

    const char* m_next = nullptr;
    const char* m_end = nullptr;
    const char* m_begin = nullptr;
    ProtoFault* m_fault = nullptr;
    std::uint64_t m_value = 0;
    std::string_view m_bytes;
    std::uint32_t m_key = 0;
    bool m_clamp = false;
    bool m_clamped = false;
};

}  // namespace spanreel::ingest
