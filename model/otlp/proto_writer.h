// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace spanreel::otlp {

/// Appends protobuf wire format to a string of its own. Submessages are written in place: `begin` leaves one byte for the
/// length, `end` puts it in and moves the content where the length needs more. Lengths are always shortest form.
/// One thread; the memory is kept by `clear`.
class ProtoWriter {
public:
    [[nodiscard]] const std::string& bytes() const { return m_out; }
    [[nodiscard]] std::string take() { return std::move(m_out); }
    [[nodiscard]] std::size_t size() const { return m_out.size(); }
    void clear() { m_out.clear(); }

    void varint(std::uint64_t value) {
        char buffer[10];
        std::size_t n = 0;
        while (value >= 0x80) {
            buffer[n++] = static_cast<char>(value | 0x80);
            value >>= 7;
        }
        buffer[n++] = static_cast<char>(value);
        m_out.append(buffer, n);
    }
    void tag(std::uint32_t field, std::uint32_t wireType) { varint(std::uint64_t{field} << 3 | wireType); }
    /// Bytes that are already encoded fields.
    void raw(std::string_view encoded) { m_out.append(encoded); }

    // Fields as proto3 writes them: a default value is not written. The `always` forms write it.
    void uint(std::uint32_t field, std::uint64_t value) { if (value) alwaysUint(field, value); }
    void alwaysUint(std::uint32_t field, std::uint64_t value) { tag(field, 0); varint(value); }
    void int32(std::uint32_t field, std::int32_t value) { uint(field, static_cast<std::uint64_t>(std::int64_t{value})); }
    void fixed64(std::uint32_t field, std::uint64_t value) { if (value) alwaysFixed64(field, value); }
    void alwaysFixed64(std::uint32_t field, std::uint64_t value) { tag(field, 1); little(value, 8); }
    void fixed32(std::uint32_t field, std::uint32_t value) { if (value) alwaysFixed32(field, value); }
    void alwaysFixed32(std::uint32_t field, std::uint32_t value) { tag(field, 5); little(value, 4); }
    void text(std::uint32_t field, std::string_view value) { if (!value.empty()) alwaysText(field, value); }
    void alwaysText(std::uint32_t field, std::string_view value) { tag(field, 2); varint(value.size()); m_out.append(value); }

    /// Opens a submessage; hand the result to `end`. Innermost first.
    [[nodiscard]] std::size_t begin(std::uint32_t field) {
        tag(field, 2);
        m_out.push_back('\0');
        return m_out.size();
    }
    void end(std::size_t mark) {
        std::uint64_t length = m_out.size() - mark;
        if (length < 0x80) {
            m_out[mark - 1] = static_cast<char>(length);
            return;
        }
        char buffer[10];
        std::size_t n = 0;
        while (length >= 0x80) {
            buffer[n++] = static_cast<char>(length | 0x80);
            length >>= 7;
        }
        buffer[n++] = static_cast<char>(length);
        const std::size_t content = m_out.size() - mark;
        m_out.resize(m_out.size() + n - 1);
        std::memmove(m_out.data() + mark + n - 1, m_out.data() + mark, content);
        std::memcpy(m_out.data() + mark - 1, buffer, n);
    }
    /// Takes back everything from `size` on.
    void truncate(std::size_t size) { m_out.resize(size); }

private:
    void little(std::uint64_t value, std::size_t n) {
        char buffer[8];
        for (std::size_t i = 0; i < n; ++i) buffer[i] = static_cast<char>(value >> (8 * i));
        m_out.append(buffer, n);
    }
    std::string m_out;
};

}  // namespace spanreel::otlp
