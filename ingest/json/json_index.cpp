// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_index.h"

#include <algorithm>
#include <cstring>

#include <simdjson.h>

namespace spanreel::ingest {

/// simdjson's first stage. It is public in 3.x but not promised to stay: this file is all that knows it.
struct JsonIndex::Parser {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
    std::size_t room = 0;
};

namespace {
constexpr std::size_t kLeastRoom = 64 * 1024;
constexpr std::size_t kUsualRoom = 4u << 20;
constexpr std::size_t kLongest = 0xFFFFFFFFu - 1024;
}  // namespace

JsonIndex::JsonIndex() = default;
JsonIndex::~JsonIndex() = default;
JsonIndex::JsonIndex(JsonIndex&&) noexcept = default;
JsonIndex& JsonIndex::operator=(JsonIndex&&) noexcept = default;

bool JsonIndex::build(std::string_view text) {
    m_begin = m_end = nullptr;
    if (text.empty() || text.size() > kLongest) return false;
    if (!m_parser) m_parser = std::make_unique<Parser>();
    if (text.size() + kSpare > m_parser->room) {
        const std::size_t room = std::max({kLeastRoom, text.size() + kSpare, std::min(m_parser->room * 2, kUsualRoom)});
        m_parser->stage.reset();
        m_parser->room = 0;
        if (simdjson::get_active_implementation()->create_dom_parser_implementation(room, 1, m_parser->stage)) return false;
        m_parser->room = room;
    }
    auto& stage = *m_parser->stage;
    if (stage.stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), simdjson::stage1_mode::regular)) return false;
    m_begin = stage.structural_indexes.get();
    m_end = m_begin + stage.n_structural_indexes;
    m_slashes.clear();
    const char* const last = text.data() + text.size();
    for (const char* p = text.data(); (p = static_cast<const char*>(std::memchr(p, '\\', static_cast<std::size_t>(last - p)))) != nullptr; ++p)
        m_slashes.push_back(static_cast<std::uint32_t>(p - text.data()));
    m_slashes.push_back(kNone);
    return true;
}

void JsonIndex::trim() {
    if (m_parser && m_parser->room > kUsualRoom) *this = JsonIndex();
}

}  // namespace spanreel::ingest
