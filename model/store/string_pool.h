// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include <absl/container/flat_hash_set.h>

#include "model/core/arena.h"
#include "model/core/stable_vector.h"

namespace spanreel::store {

/// Index of an interned string; 0 is the empty string.
using StringId = std::uint32_t;

/// Append-only interning of byte strings. One writer calls `intern` (the store's writer); any thread may call `view`
/// with an id it learnt from a snapshot. Memory is freed with the pool.
class StringPool {
public:
    StringPool();
    StringPool(const StringPool&) = delete;
    StringPool& operator=(const StringPool&) = delete;

    StringId intern(std::string_view text);
    [[nodiscard]] std::string_view view(StringId id) const { return m_strings[id]; }
    [[nodiscard]] std::size_t size() const { return m_strings.size(); }
    [[nodiscard]] std::size_t bytesReserved() const { return m_arena.bytesReserved(); }

private:
    struct Hash {
        using is_transparent = void;
        const StringPool* pool;
        std::size_t operator()(StringId id) const { return (*this)(pool->view(id)); }
        std::size_t operator()(std::string_view text) const;
    };
    struct Equal {
        using is_transparent = void;
        const StringPool* pool;
        bool operator()(StringId a, StringId b) const { return a == b; }
        bool operator()(StringId a, std::string_view b) const { return pool->view(a) == b; }
        bool operator()(std::string_view a, StringId b) const { return a == pool->view(b); }
    };

    Arena m_arena{4096};
    StableVector<std::string_view> m_strings;
    absl::flat_hash_set<StringId, Hash, Equal> m_index;
};

}  // namespace spanreel::store
