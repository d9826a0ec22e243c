// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_parser.h"

#include <algorithm>

namespace spanreel::journal {

void JournalParser::feed(std::string_view bytes) {
    if (m_pending.empty()) {
        const auto used = consume(bytes, false);
        m_pending.assign(bytes.substr(used));
    } else {
        m_pending.append(bytes);
        // Wait for the whole frame before looking again: its length is at hand, so a long frame is not scanned per chunk.
        const auto used = consume(m_pending, false);
        m_pending.erase(0, used);
    }
}

void JournalParser::finish() {
    const auto used = consume(m_pending, true);
    m_pending.erase(0, used);
    m_pending.clear();
}

void JournalParser::endDamage(std::uint64_t at) {
    if (!m_inDamage) return;
    m_inDamage = false;
    if (m_handler.damage && at > m_damageStart) m_handler.damage(Damage::Frame, m_damageStart, at - m_damageStart);
}

// Takes whole frames from `bytes` (which begin at m_position) and returns how many bytes it is done with.
std::size_t JournalParser::consume(std::string_view bytes, bool last) {
    std::size_t at = 0;
    const auto leave = [&] {
        m_position += at;
        return at;
    };
    if (!m_headerRead) {
        if (bytes.size() < kFileHeaderSize && !last) return leave();
        m_headerRead = true;
        if (isFileHeader(bytes)) {
            m_headerOk = true;
            at = kFileHeaderSize;
            m_goodEnd = at;
        } else if (!bytes.empty()) {
            if (m_handler.damage) m_handler.damage(Damage::Header, 0, std::min(bytes.size(), kFileHeaderSize));
            m_torn = last && bytes.size() < kFileHeaderSize && kFileMagic.substr(0, bytes.size()) == bytes.substr(0, kFileMagic.size());
            at = std::min(bytes.size(), kFileHeaderSize);
        }
    }
    while (at < bytes.size()) {
        const auto rest = bytes.substr(at);
        if (rest.size() < kFrameHeaderSize) {
            if (!last) return leave();
            const auto probe = std::min<std::size_t>(rest.size(), kFrameMagic.size());
            if (!m_inDamage && rest.substr(0, probe) == kFrameMagic.substr(0, probe)) {
                m_torn = true;
                if (m_handler.damage) m_handler.damage(Damage::TornTail, m_position + at, rest.size());
                at = bytes.size();
                return leave();
            }
        }
        FrameInfo info;
        std::uint32_t length = 0;
        std::uint64_t check = 0;
        if (rest.size() >= kFrameHeaderSize && decodeFrameHeader(rest, info, length, check)) {
            const std::size_t whole = kFrameHeaderSize + length;
            if (rest.size() < whole) {
                if (!last) return leave();
                endDamage(m_position + at);
                m_torn = true;
                m_goodEnd = m_position + at;
                if (m_handler.damage) m_handler.damage(Damage::TornTail, m_position + at, rest.size());
                at = bytes.size();
                return leave();
            }
            endDamage(m_position + at);
            const auto payload = rest.substr(kFrameHeaderSize, length);
            if (checksum(payload) == check) {
                m_lastSequence = std::max(m_lastSequence, info.sequence);
                if (m_handler.frame) m_handler.frame({info, payload, m_position + at});
            } else if (m_handler.damage) {
                m_handler.damage(Damage::Frame, m_position + at, whole);
            }
            at += whole;
            m_goodEnd = m_position + at;
            continue;
        }
        // No frame here: go to the next place that looks like one.
        if (!m_inDamage) {
            m_inDamage = true;
            m_damageStart = m_position + at;
        }
        const auto next = bytes.find(kFrameMagic, at + 1);
        if (next != std::string_view::npos) {
            at = next;
        } else if (last) {
            at = bytes.size();
        } else {
            at = std::max(at + 1, bytes.size() - (kFrameMagic.size() - 1));
            if (bytes.size() - at < kFrameHeaderSize) return leave();
        }
    }
    if (last) endDamage(m_position + at);
    return leave();
}

}  // namespace spanreel::journal
