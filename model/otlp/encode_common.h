// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/store/snapshot.h"

namespace spanreel::otlp {

/// What a target format could not hold: how often each thing was left out. Not thread-safe.
class LossCount {
public:
    void add(std::string_view what, std::uint64_t n = 1) {
        const auto found = m_counts.find(what);
        if (found != m_counts.end()) found->second += n;
        else m_counts.emplace(what, n);
    }
    [[nodiscard]] bool empty() const { return m_counts.empty(); }
    [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return m_counts; }

private:
    std::map<std::string, std::uint64_t, std::less<>> m_counts;
};

/// Which ids a record is written with: those it came with where it came as OTLP, else the ones it has in the model.
class IdSpelling {
public:
    explicit IdSpelling(const store::StoreSnapshot& snapshot);
    /// For another format: original ids for the sources whose format's name begins so ("jaeger").
    IdSpelling(const store::StoreSnapshot& snapshot, std::string_view formatPrefix);
    /// True where this source's records are written with their original ids.
    [[nodiscard]] bool original(store::SourceId source) const { return source < m_same.size() && m_same[source]; }

    /// Ids as OTLP JSON spells them; empty = absent.
    struct Texts {
        std::string trace, span, parent;
    };
    [[nodiscard]] Texts of(const store::SpanView& span) const;
    [[nodiscard]] Texts of(const store::LogView& log) const;

private:
    std::vector<bool> m_same;
};

/// False where all there is of a resource or scope belongs to its envelope (schema URL, unknown fields): it came without one.
[[nodiscard]] bool isPresent(const store::ResourceView& resource);
[[nodiscard]] bool isPresent(const store::ScopeView& scope);

/// Writes hex as bytes. False where reading them would not give the same text: it is no hex of whole bytes in lower case.
bool hexToBytes(std::string_view hex, std::string& bytes);

}  // namespace spanreel::otlp
