// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/trace_watch.h"

#include <algorithm>
#include <utility>

#include "ingest/importers/registry.h"
#include "ingest/importers/sniff.h"

namespace spanreel::ingest {

std::optional<TraceWatch::Sighting> TraceWatch::line(std::string_view line, const Place& place) {
    if (m_begun.empty()) {
        if (!beginsDocument(line) || !isWorthALook()) return std::nullopt;
        m_place = place;
    }
    const bool ends = m_begun.empty() ? endsDocument(line) : line.starts_with('}') || line.starts_with(']');
    m_begun.append(line.substr(0, kSniffed)).push_back('\n');
    return ends || m_begun.size() >= kSniffed ? judge() : std::nullopt;
}

std::optional<TraceWatch::Sighting> TraceWatch::judge() {
    const std::string text = std::exchange(m_begun, {});
    const ImporterDescriptor* const format = traceFormatOf(text);
    ++m_inVain;
    if (!format || std::ranges::find(m_told, format) != m_told.end()) return std::nullopt;
    m_told.push_back(format);
    m_inVain = 0;
    return Sighting{format, m_place};
}

}  // namespace spanreel::ingest
