// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/string_pool.h"

#include <xxhash.h>

namespace spanreel::store {

std::size_t StringPool::Hash::operator()(std::string_view text) const { return XXH3_64bits(text.data(), text.size()); }

StringPool::StringPool() : m_index(0, Hash{this}, Equal{this}) { m_strings.push({}); }

StringId StringPool::intern(std::string_view text) {
    if (text.empty()) return 0;
    if (const auto it = m_index.find(text); it != m_index.end()) return *it;
    const auto id = static_cast<StringId>(m_strings.push(m_arena.copy(text)));
    m_index.insert(id);
    return id;
}

}  // namespace spanreel::store
