// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/importer.h"

namespace spanreel::ingest {

/// Watches the lines of a log for what looks like the data of a trace format, an object a line or printed over several, so
/// that spans do not become lines of text without a word. Each format is told once. Looking closer costs several times what
/// reading a line does: once `kInVain` documents in a row told nothing new, only every `kInVain`th is looked at. Belongs to one
/// reader.
class TraceWatch {
public:
    struct Sighting {
        const ImporterDescriptor* format;
        Place place;  ///< of its first line
    };

    /// A line that is no log object. What it, or what it ends, looks like.
    [[nodiscard]] std::optional<Sighting> line(std::string_view line, const Place& place);
    /// The end of the input: what the last lines look like, where they did not end.
    [[nodiscard]] std::optional<Sighting> finish() { return judge(); }

private:
    static constexpr unsigned kInVain = 64;

    /// Whether the document that begins is to be looked at.
    [[nodiscard]] bool isWorthALook() { return m_inVain < kInVain || ++m_passed % kInVain == 0; }
    [[nodiscard]] std::optional<Sighting> judge();

    std::string m_begun;  ///< lines since one that begins a document, until it ends or is long enough to be judged
    Place m_place;
    std::vector<const ImporterDescriptor*> m_told;
    unsigned m_inVain = 0;  ///< documents looked at since the last that told something
    unsigned m_passed = 0;  ///< documents since there were too many of them
};

}  // namespace spanreel::ingest
