// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spanreel::ingest {

/// Texts that wait for what stands behind them, compressed: records of one kind take a tenth of their room or less.
/// Owned by an importer, one thread.
class PackedTexts {
public:
    void add(std::uint64_t offset, std::string_view text);
    [[nodiscard]] bool empty() const { return m_blocks.empty() && m_open.empty(); }
    /// Calls `use(offset, text)` for each, in order, and lets them go. `use` returns false to stop.
    template <class F>
    void takeAll(F&& use) {
        close();
        std::string block;
        for (auto& packed : m_blocks) {
            if (!unpack(packed, block)) continue;
            packed.bytes = std::string();
            for (std::string_view rest = block; rest.size() >= kHeader;) {
                const auto [offset, size] = headerOf(rest);
                if (!use(offset, rest.substr(kHeader, size))) return clear();
                rest.remove_prefix(kHeader + size);
            }
        }
        clear();
    }

private:
    static constexpr std::size_t kHeader = 16, kBlock = 1u << 20;
    struct Block {
        std::string bytes;
        std::size_t size;  ///< unpacked; where `bytes` has as many they are not packed
    };
    struct Header {
        std::uint64_t offset, size;
    };
    [[nodiscard]] static Header headerOf(std::string_view text);
    [[nodiscard]] static bool unpack(const Block& packed, std::string& out);
    void close();
    void clear() {
        m_blocks.clear();
        m_open = std::string();
    }
    std::string m_open;
    std::vector<Block> m_blocks;
};

}  // namespace spanreel::ingest
