// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

namespace spanreel::test {

/// Makes choices out of bytes: a fuzzer's input, a list that a law shrinks, or an endless stream from a seed. Where the
/// bytes have ended every choice is the first one, so fewer and smaller bytes make simpler data. Plain data; one thread.
class Draw {
public:
    explicit Draw(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}
    explicit Draw(std::string_view bytes) : m_bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) {}
    /// Endless (splitmix64).
    explicit Draw(std::uint64_t seed) : m_state(seed), m_endless(true) {}

    [[nodiscard]] bool ended() const { return !m_endless && m_at >= m_bytes.size(); }

    std::uint8_t byte() {
        if (!m_endless) return m_at < m_bytes.size() ? m_bytes[m_at++] : std::uint8_t{0};
        if (m_left == 0) {
            std::uint64_t z = m_state += 0x9E3779B97F4A7C15ull;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
            m_block = z ^ (z >> 31);
            m_left = 8;
        }
        const auto out = static_cast<std::uint8_t>(m_block);
        m_block >>= 8;
        --m_left;
        return out;
    }
    std::uint64_t bits(int bytes = 8) {
        std::uint64_t out = 0;
        while (bytes-- > 0) out = out << 8 | byte();
        return out;
    }
    /// 0 .. n-1.
    std::size_t below(std::size_t n) { return n <= 1 ? 0 : static_cast<std::size_t>(bits(n <= 256 ? 1 : n <= 65536 ? 2 : 5) % n); }
    /// True in about this many of 100 cases; false where the bytes have ended.
    bool chance(unsigned percent) { return byte() * 100u >= (100u - percent) * 256u; }

    /// Numbers at the edges more often than others.
    std::uint64_t number() {
        static constexpr std::uint64_t kEdges[] = {0, 1, 127, 128, 255, 256, 1000000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1700000000000000000ull, 7258118400000000000ull,
                                                   0x7FFFFFFFFFFFFFFFull, 0x8000000000000000ull, 0xFFFFFFFFFFFFFFFFull, 0x7FF8000000000000ull, 0x3FF0000000000000ull};
        const std::size_t pick = below(std::size(kEdges) + 3);
        return pick < std::size(kEdges) ? kEdges[pick] : bits(static_cast<int>(1 + below(8)));
    }
    std::uint32_t number32() { return static_cast<std::uint32_t>(number()); }

    /// Any bytes, fewer than `n`.
    std::string bytes(std::size_t n) {
        std::string out(below(n), '\0');
        for (auto& c : out) c = static_cast<char>(byte());
        return out;
    }
    /// Well-formed UTF-8 of the kinds that break things: few distinct words, escapes, quotes, zero bytes, long ones.
    std::string text() {
        static const std::string kWords[] = {"", "a", "b", "service.name", "http.route", "GET /cart/{id}", "\xC3\xBC \xE2\x80\x93 \xE6\xBC\xA2 \xF0\x9F\x99\x82", std::string("nul\0inside", 10),
                                             "\x1b[31m", "quote\" back\\ slash/", "line\nbreak\r\n", "\xEF\xBF\xBD", "\xE2\x80\xAE", std::string(300, 'x')};
        const std::size_t pick = below(std::size(kWords) + 4);
        if (pick < std::size(kWords)) return kWords[pick];
        std::string out(below(pick == std::size(kWords) ? 40 : 5), 'a');
        for (auto& c : out) c = static_cast<char>(0x20 + byte() % 0x5F);
        return out;
    }

private:
    std::span<const std::uint8_t> m_bytes;
    std::size_t m_at = 0;
    std::uint64_t m_state = 0, m_block = 0;
    int m_left = 0;
    bool m_endless = false;
};

}  // namespace spanreel::test
