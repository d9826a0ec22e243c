// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spanreel::ingest {

/// Turns UTF-16 with a byte order mark into UTF-8, in any chunking; unpaired surrogates become U+FFFD.
class Utf16Decoder {
public:
    /// Looks at the first bytes of the input (call with each chunk): true where the input is UTF-16.
    bool begin(std::string_view bytes) {
        if (m_state == State::Unknown && !bytes.empty()) m_state = bytes.starts_with("\xFF\xFE") ? State::Little : bytes.starts_with("\xFE\xFF") ? State::Big : State::Not;
        return active();
    }
    [[nodiscard]] bool active() const { return m_state == State::Little || m_state == State::Big; }
    void convert(std::string_view bytes, std::string& out);

private:
    enum class State : std::uint8_t { Unknown, Not, Little, Big };
    State m_state = State::Unknown;
    int m_half = -1;              ///< first byte of a unit that was cut
    std::uint32_t m_high = 0;     ///< a leading surrogate that waits for its other half
};

}  // namespace spanreel::ingest
