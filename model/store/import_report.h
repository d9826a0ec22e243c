// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/core/problem.h"
#include "model/core/text.h"

namespace spanreel::store {

/// What became of one input. One *item* is a span, log, metric, or an unreadable stretch; `read() == kept + skipped`,
/// `warned <= kept`. An input that could not even be opened has no items, yet it is lost. Keeps the first problems of each code as samples and counts the rest. Not thread-safe.
class ImportReport {
public:
    static constexpr std::size_t kSamplesPerCode = 20;

    struct Entry {
        Problem problem;
        bool lost = false;  ///< true = an item was skipped, or the whole input
    };

    std::string format;  ///< the importer's name, for example "otlp-json"
    std::uint64_t kept = 0;
    std::uint64_t warned = 0;
    std::uint64_t skipped = 0;

    [[nodiscard]] std::uint64_t read() const { return kept + skipped; }
    /// Something of the input is not there.
    [[nodiscard]] bool lossy() const { return skipped > 0 || m_unopened; }
    [[nodiscard]] bool unopened() const { return m_unopened; }
    [[nodiscard]] bool clean() const { return skipped == 0 && warned == 0 && m_entries.empty(); }

    /// Notes a repair on an item that is kept. Call `countWarned` once per item, however many warnings it has.
    void warn(ProblemCode code, std::string detail, Place place) { note(code, std::move(detail), std::move(place), false); }
    /// Notes and counts an item (or unreadable stretch) that is lost.
    void skip(ProblemCode code, std::string detail, Place place) {
        ++skipped;
        note(code, std::move(detail), std::move(place), true);
    }
    /// Notes that the input could not be opened: an error of its own, not an item.
    void cannotOpen(std::string detail, Place place) {
        m_unopened = true;
        note(ProblemCode::CannotOpen, std::move(detail), std::move(place), true);
    }
    /// Tells something about the input that is neither a repair nor a loss, for example the unit a bare time was taken in.
    /// Once a code and detail; never counted.
    void remark(ProblemCode code, std::string detail, Place place) {
        detail = shown(std::move(detail));
        for (const auto& known : m_remarks)
            if (known.code == code && known.detail == detail) return;
        if (m_remarks.size() < kSamplesPerCode) m_remarks.push_back({code, std::move(detail), std::move(place)});
    }
    [[nodiscard]] const std::vector<Problem>& remarks() const { return m_remarks; }
    /// Problems in order of appearance, at most kSamplesPerCode a code.
    [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
    /// How often a code was noted, samples or not.
    [[nodiscard]] std::uint64_t count(ProblemCode code) const { return m_counts.size() > static_cast<std::size_t>(code) ? m_counts[static_cast<std::size_t>(code)] : 0; }

    void merge(const ImportReport& other) {
        kept += other.kept;
        warned += other.warned;
        skipped += other.skipped;
        m_unopened |= other.m_unopened;
        for (const auto& e : other.m_entries) note(e.problem.code, e.problem.detail, e.problem.place, e.lost);
        for (const auto& r : other.m_remarks) remark(r.code, r.detail, r.place);
        for (std::size_t i = 0; i < other.m_counts.size(); ++i) {
            std::uint64_t sampled = 0;
            for (const auto& e : other.m_entries) sampled += static_cast<std::size_t>(e.problem.code) == i;
            if (other.m_counts[i] > sampled) m_counts[i] += other.m_counts[i] - sampled;
        }
    }

private:
    void note(ProblemCode code, std::string detail, Place place, bool lost) {
        const auto index = static_cast<std::size_t>(code);
        if (m_counts.size() <= index) m_counts.resize(index + 1);
        if (++m_counts[index] <= kSamplesPerCode) m_entries.push_back({{code, shown(std::move(detail)), std::move(place)}, lost});
    }
    /// A detail may hold text of the input, cut anywhere: it is UTF-8 from here on.
    static std::string shown(std::string detail) { return isValidUtf8(detail) ? std::move(detail) : repairUtf8(detail); }

    std::vector<Entry> m_entries;
    std::vector<std::uint64_t> m_counts;
    std::vector<Problem> m_remarks;
    bool m_unopened = false;
};

}  // namespace spanreel::store
