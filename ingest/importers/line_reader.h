// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spanreel::ingest {

/// Cuts bytes of any chunking into lines without their newline (LF or CRLF). A line over `kLongest` bytes comes cut and
/// flagged. A last line without a newline comes at `finish`. Memory: one line.
class LineReader {
public:
    static constexpr std::size_t kLongest = 64u << 20;

    /// `visit(std::string_view line, bool cut)`.
    template <class F>
    void feed(std::string_view bytes, F&& visit) {
        while (!bytes.empty()) {
            const std::size_t newline = bytes.find('\n');
            const std::string_view part = bytes.substr(0, newline);
            if (newline == std::string_view::npos) return keep(part);
            if (m_rest.empty() && !m_cut) {
                visit(withoutReturn(part), false);
            } else {
                keep(part);
                end(visit);
            }
            bytes.remove_prefix(newline + 1);
        }
    }
    template <class F>
    void finish(F&& visit) {
        if (!m_rest.empty() || m_cut) end(visit);
    }

private:
    void keep(std::string_view part) {
        const std::size_t room = kLongest - m_rest.size();
        if (part.size() > room) m_cut = true;
        m_rest.append(part.substr(0, room));
    }
    template <class F>
    void end(F&& visit) {
        const std::string line = std::move(m_rest);
        const bool cut = m_cut;
        m_rest.clear();
        m_cut = false;
        visit(withoutReturn(line), cut);
    }
    static std::string_view withoutReturn(std::string_view line) {
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        return line;
    }

    std::string m_rest;
    bool m_cut = false;
};

}  // namespace spanreel::ingest
