// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_parser.h"

#include <algorithm>

namespace spanreel::journal {
namespace {

/// Bytes from the file's beginning in which a damaged header ends, or the first frame's magic does.
constexpr std::size_t kDamagedHeader = kFileHeaderSize + kFrameMagic.size() - 1;

/// Bytes that may be checked in vain within one damaged stretch, before lengths are trusted again: bytes that somebody
/// chose must not make reading quadratic.
constexpr std::uint64_t kMostWasted = 4ull * kMaxPayload;

/// The beginning of a file header, cut off: enough of it to tell that from any other text.
bool beginsHeader(std::string_view bytes) {
    static const FileHeader kAny = encodeFileHeader({}, 0);
    constexpr std::size_t kFixed = 16;  // magic, version, length
    return bytes.size() >= kFixed && bytes.size() < kFileHeaderSize && bytes.substr(0, kFixed) == std::string_view(kAny.data(), kFixed);
}

/// A frame, the beginning of one, or the end.
bool beginsFrame(std::string_view bytes) {
    FrameInfo info;
    std::uint32_t length = 0;
    std::uint64_t check = 0;
    if (bytes.size() >= kFrameHeaderSize) return decodeFrameHeader(bytes, info, length, check);
    const auto known = std::min(bytes.size(), kFrameMagic.size());
    return bytes.substr(0, known) == kFrameMagic.substr(0, known);
}

/// Where a whole frame lies in `bytes`; npos = nowhere.
std::size_t findFrame(std::string_view bytes) {
    std::uint64_t wasted = 0;
    for (auto at = bytes.find(kFrameMagic); at != std::string_view::npos && wasted <= kMostWasted; at = bytes.find(kFrameMagic, at + 1)) {
        const auto rest = bytes.substr(at);
        FrameInfo info;
        std::uint32_t length = 0;
        std::uint64_t check = 0;
        if (rest.size() < kFrameHeaderSize || !decodeFrameHeader(rest, info, length, check) || rest.size() - kFrameHeaderSize < length) continue;
        if (checksum(rest.substr(kFrameHeaderSize, length)) == check) return at;
        wasted += length;
    }
    return std::string_view::npos;
}

}  // namespace

void JournalParser::feed(std::string_view bytes) {
    // Of a frame that began earlier only what it lacks is put behind it: the frames after it are read where they lie.
    while (!m_pending.empty() && !bytes.empty()) {
        const auto taken = std::min(bytes.size(), missing());
        m_pending.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
        m_pending.erase(0, consume(m_pending, false));
    }
    if (bytes.empty()) return;
    const auto used = consume(bytes, false);
    m_pending.assign(bytes.substr(used));
}

// Bytes until something can be made of what is pending. Everything where it is no frame's sound beginning.
std::size_t JournalParser::missing() const {
    const auto until = [&](std::size_t size) { return m_pending.size() < size ? size - m_pending.size() : std::string_view::npos; };
    if (!m_headerRead) return until(kFileHeaderSize);
    if (m_pending.size() < kFrameHeaderSize) return until(kFrameHeaderSize);
    FrameInfo info;
    std::uint32_t length = 0;
    std::uint64_t check = 0;
    return decodeFrameHeader(m_pending, info, length, check) ? until(kFrameHeaderSize + length) : std::string_view::npos;
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
        const bool sound = isFileHeader(bytes);
        if (!sound && bytes.size() < kDamagedHeader && !last) return leave();
        m_headerRead = true;
        if (sound) {
            m_headerOk = true;
            at = kFileHeaderSize;
            m_goodEnd = at;
        } else if (!bytes.empty()) {
            // Bytes may be missing from it, so that the first frame begins earlier.
            at = std::min({bytes.size(), kFileHeaderSize, bytes.find(kFrameMagic)});
            if (at > 0 && m_handler.damage) m_handler.damage(Damage::Header, 0, at);
            m_torn = last && beginsHeader(bytes);
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
            if (rest.size() < whole && !last) return leave();
            if (rest.size() >= whole && checksum(rest.substr(kFrameHeaderSize, length)) == check) {
                endDamage(m_position + at);
                m_wasted = 0;
                m_lastSequence = std::max(m_lastSequence, info.sequence);
                if (m_handler.frame) m_handler.frame({info, rest.substr(kFrameHeaderSize, length), m_position + at});
                at += whole;
                m_goodEnd = m_position + at;
                continue;
            }
            if (rest.size() < whole && m_frameAhead <= m_position + at) {
                const auto found = findFrame(rest.substr(1));
                m_frameAhead = found == std::string_view::npos ? 0 : m_position + at + 1 + found;
            }
            if (rest.size() < whole && m_frameAhead == 0) {
                endDamage(m_position + at);
                m_torn = true;
                m_goodEnd = m_position + at;
                if (m_handler.damage) m_handler.damage(Damage::TornTail, m_position + at, rest.size());
                at = bytes.size();
                return leave();
            }
            // The header is sound, what follows is not. Where the next frame begins at its end, only the payload is damaged;
            // else bytes are missing or too many, and the next frame is anywhere.
            if (rest.size() >= whole) {
                if (rest.size() < whole + kFrameHeaderSize && !last) return leave();
                if (beginsFrame(rest.substr(whole)) || m_wasted > kMostWasted) {
                    endDamage(m_position + at);
                    if (m_handler.damage) m_handler.damage(Damage::Frame, m_position + at, whole);
                    at += whole;
                    m_goodEnd = m_position + at;
                    continue;
                }
                m_wasted += length;
            }
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
