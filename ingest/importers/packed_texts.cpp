// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/packed_texts.h"

#include <cstring>
#include <utility>

#include <zstd.h>

namespace spanreel::ingest {

void PackedTexts::add(std::uint64_t offset, std::string_view text) {
    const Header header{offset, text.size()};
    static_assert(sizeof header == kHeader);
    m_open.append(reinterpret_cast<const char*>(&header), kHeader);
    m_open.append(text);
    if (m_open.size() >= kBlock) close();
}

PackedTexts::Header PackedTexts::headerOf(std::string_view text) {
    Header header;
    std::memcpy(&header, text.data(), kHeader);
    return header;
}

/// Packs what has come together.
void PackedTexts::close() {
    if (m_open.empty()) return;
    std::string packed(ZSTD_compressBound(m_open.size()), '\0');
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), m_open.data(), m_open.size(), 1);
    const std::size_t whole = m_open.size();
    if (ZSTD_isError(size) || size >= whole) m_blocks.push_back({std::exchange(m_open, {}), whole});
    else m_blocks.push_back({std::string(packed, 0, size), whole});
    m_open.clear();
}

bool PackedTexts::unpack(const Block& packed, std::string& out) {
    if (packed.bytes.size() == packed.size) {
        out = packed.bytes;
        return true;
    }
    out.resize(packed.size);
    return ZSTD_decompress(out.data(), out.size(), packed.bytes.data(), packed.bytes.size()) == packed.size;
}

}  // namespace spanreel::ingest
