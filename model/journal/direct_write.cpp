// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/direct_write.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "model/core/pages.h"

namespace spanreel::journal {
namespace {

/// A disk that takes longer is slow: there the page cache takes what comes in bursts. Judged by so many writes together.
constexpr std::uint64_t kNsPerByte = 2;
constexpr std::uint32_t kJudged = 16;
/// Writes left alone once the disk was slow; twice as many each time it is still so.
constexpr std::uint32_t kPause = 256, kLongestPause = 16384;

}  // namespace

bool DirectWrite::worthTrying() {
    if (m_left == 0) return true;
    --m_left;
    return false;
}

void DirectWrite::note(std::size_t bytes, std::uint64_t ns) {
    m_bytes += bytes;
    m_ns += ns;
    if (++m_writes < kJudged) return;
    m_left = m_pause = m_ns > m_bytes * kNsPerByte ? std::clamp(2 * m_pause, kPause, kLongestPause) : 0;
    m_bytes = m_ns = m_writes = 0;
}

std::size_t DirectWrite::append(int fd, std::string_view bytes) {
    std::size_t left = bytes.size() - bytes.size() % pageSize();
    const int flags = left > 0 ? ::fcntl(fd, F_GETFL) : -1;
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_DIRECT) != 0) {
        m_left = kLongestPause;
        return 0;
    }
    const auto begun = std::chrono::steady_clock::now();
    const char* at = bytes.data();
    ssize_t wrote = 0;
    do {
        wrote = ::write(fd, at, left);
        if (wrote > 0) at += wrote, left -= static_cast<std::size_t>(wrote);
    } while (left > 0 && (wrote > 0 ? static_cast<std::size_t>(wrote) % pageSize() == 0 : wrote < 0 && errno == EINTR));
    ::fcntl(fd, F_SETFL, flags);
    if (wrote < 0) m_left = kLongestPause;
    else note(static_cast<std::size_t>(at - bytes.data()), static_cast<std::uint64_t>(std::chrono::nanoseconds(std::chrono::steady_clock::now() - begun).count()));
    return static_cast<std::size_t>(at - bytes.data());
}

}  // namespace spanreel::journal
