// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace spanreel::ingest {

/// Where the tokens of a JSON text stand: the offset of each bracket, colon and comma outside strings and of the first byte
/// of each string, number and literal, in order. Made at gigabytes a second; says nothing about grammar. Reuse one index
/// for many texts: memory is kept. One thread at a time. Texts below 4 GiB.
class JsonIndex {
public:
    JsonIndex();
    ~JsonIndex();
    JsonIndex(JsonIndex&&) noexcept;
    JsonIndex& operator=(JsonIndex&&) noexcept;

    /// False where there are no tokens, a string has no end or a control character in it, or the text is no valid UTF-8.
    [[nodiscard]] bool build(std::string_view text);

    /// The tokens' offsets. `end()` may be read: it is the text's length; what stands up to kSpare behind it may be read
    /// too and means nothing.
    static constexpr std::size_t kSpare = 16;
    [[nodiscard]] const std::uint32_t* begin() const { return m_begin; }
    [[nodiscard]] const std::uint32_t* end() const { return m_end; }
    /// The offsets of all backslashes, closed by kNone.
    static constexpr std::uint32_t kNone = 0xFFFFFFFFu;
    [[nodiscard]] const std::uint32_t* slashes() const { return m_slashes.data(); }

    /// Gives memory back where the last text was unusually long.
    void trim();

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
    const std::uint32_t* m_begin = nullptr;
    const std::uint32_t* m_end = nullptr;
    std::vector<std::uint32_t> m_slashes;
};

}  // namespace spanreel::ingest
