// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "model/store/batch.h"
#include "model/store/import_report.h"

namespace spanreel::ingest {

/// Looks at one input's spans as trees and warns about what a person would wonder at: parents that are missing, cycles,
/// spans that are their own parent or start before their parent, ids that occur twice, several roots. Keeps 40 bytes a
/// span, and gives up (silently: these are remarks, not losses) above kMostSpans. Iterative, O(n log n). One thread.
class StructureCheck {
public:
    static constexpr std::size_t kMostSpans = 250000;

    void add(const store::Batch& batch);
    /// Adds the warnings to the report, with `file` as their place.
    void finish(store::ImportReport& report, const std::string& file);

private:
    struct Row {
        TraceId trace;
        std::uint64_t span, parent, startNs;
    };
    std::vector<Row> m_rows;
    bool m_tooMany = false;
};

}  // namespace spanreel::ingest
