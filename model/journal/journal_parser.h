// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "model/journal/journal_format.h"

namespace spanreel::journal {

/// Reads a journal from bytes in any chunking. Damage never ends it: the damaged stretch is told and reading goes on at
/// the next frame that checks. Linear in the bytes. Keeps at most one frame. Not thread-safe.
class JournalParser {
public:
    struct Frame {
        FrameInfo info;
        std::string_view payload;  ///< valid during the call
        std::uint64_t offset = 0;  ///< of the frame's header in the file
    };
    enum class Damage : std::uint8_t { Header, Frame, TornTail };
    struct Handler {
        std::function<void(const Frame&)> frame;
        /// `bytes` bytes from `offset` on could not be read.
        std::function<void(Damage, std::uint64_t offset, std::uint64_t bytes)> damage;
    };

    explicit JournalParser(Handler handler) : m_handler(std::move(handler)) {}

    void feed(std::string_view bytes);
    /// After the last byte: tells a torn tail.
    void finish();

    /// End of the last whole frame (or of the file header); where a torn tail begins, if there is one.
    [[nodiscard]] std::uint64_t goodEnd() const { return m_goodEnd; }
    /// After `finish`: the file ends inside a frame whose beginning is sound, or inside a header.
    [[nodiscard]] bool torn() const { return m_torn; }
    [[nodiscard]] std::uint64_t lastSequence() const { return m_lastSequence; }
    [[nodiscard]] bool headerOk() const { return m_headerOk; }

private:
    std::size_t consume(std::string_view bytes, bool last);
    [[nodiscard]] std::size_t missing() const;
    void endDamage(std::uint64_t at);

    Handler m_handler;
    std::string m_pending;
    std::uint64_t m_position = 0;  ///< file offset of m_pending's first byte
    std::uint64_t m_goodEnd = 0;
    std::uint64_t m_damageStart = 0;
    std::uint64_t m_lastSequence = 0;
    std::uint64_t m_frameAhead = 0;  ///< at the end of the file: a whole frame that was found ahead; 0 = none
    std::uint64_t m_wasted = 0;  ///< bytes of payloads that did not check, in this stretch
    bool m_inDamage = false;
    bool m_headerRead = false;
    bool m_headerOk = false;
    bool m_torn = false;
};

}  // namespace spanreel::journal
