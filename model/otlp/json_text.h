// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/core/json_text.h"

namespace spanreel::otlp {

/// Appends JSON to a string of its own, compact or indented by two blanks. Keys and values alternate as called; commas
/// and colons come by themselves. Numbers of 64 bits go out as strings, as protobuf's JSON mapping wants.
class JsonWriter {
public:
    explicit JsonWriter(bool pretty = false) : m_pretty(pretty) {}
    [[nodiscard]] const std::string& text() const { return m_out; }
    [[nodiscard]] std::string take() { return std::move(m_out); }
    void clear() { m_out.clear(); m_depth = 0; m_first = true; m_afterKey = false; }

    void beginObject() { open('{'); }
    void endObject() { close('}'); }
    void beginArray() { open('['); }
    void endArray() { close(']'); }
    /// The next value's name.
    void key(std::string_view name) {
        separate();
        appendJsonString(m_out, name);
        m_out += m_pretty ? ": " : ":";
        m_afterKey = true;
    }
    void string(std::string_view value) { separate(); appendJsonString(m_out, value); }
    /// Text without anything to escape, quoted: ids, numbers of 64 bits.
    void quoted(std::string_view plain) { separate(); m_out += '"'; m_out += plain; m_out += '"'; }
    /// Text that is JSON already: numbers, true, false, null.
    void raw(std::string_view json) { separate(); m_out += json; }
    void boolean(bool value) { raw(value ? "true" : "false"); }
    void number(std::int64_t value) { raw(std::to_string(value)); }
    void unsignedNumber(std::uint64_t value) { raw(std::to_string(value)); }
    void number64(std::int64_t value) { quoted(std::to_string(value)); }
    void unsigned64(std::uint64_t value) { quoted(std::to_string(value)); }
    /// A double: a number, or "NaN", "Infinity", "-Infinity" as strings.
    void real(double value);

private:
    void separate() {
        if (m_afterKey) {
            m_afterKey = false;
            return;
        }
        if (!m_first) m_out += ',';
        m_first = false;
        if (m_pretty && m_depth > 0) newline();
    }
    void open(char bracket) {
        separate();
        m_out += bracket;
        ++m_depth;
        m_first = true;
    }
    void close(char bracket) {
        --m_depth;
        if (m_pretty && !m_first) newline();
        m_out += bracket;
        m_first = false;
    }
    void newline() {
        m_out += '\n';
        m_out.append(m_depth * 2, ' ');
    }

    std::string m_out;
    std::size_t m_depth = 0;
    bool m_pretty;
    bool m_first = true;
    bool m_afterKey = false;
};

}  // namespace spanreel::otlp
