// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/io/input_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spanreel::ingest {

namespace {

constexpr int kLookMs = 50;  ///< how soon who waits for a pipe sees that it is to stop

/// Waits until `descriptor` has bytes or is at its end; false where it was stopped before. Whoever opened a FIFO nobody
/// writes to waits for the first writer.
bool waitForBytes(int descriptor, const std::stop_token& stop) {
    pollfd wait{descriptor, POLLIN, 0};
    while (!stop.stop_requested())
        if (::poll(&wait, 1, kLookMs) > 0) return true;
    return false;
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
    const bool standard = path == "-";
    // A FIFO is open at once and waits in `next`. A file whose holder is first to give it up (a lease) is not: that ends by itself.
    int descriptor = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && errno == EWOULDBLOCK) descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return fail(ProblemCode::CannotOpen, std::strerror(errno));
    InputFile file(descriptor);
    file.m_owned = !standard;
    struct stat info {};
    if (fstat(descriptor, &info) != 0) return fail(ProblemCode::CannotOpen, std::strerror(errno));
    if (S_ISDIR(info.st_mode)) return fail(ProblemCode::CannotOpen, std::strerror(EISDIR));
    file.m_regular = S_ISREG(info.st_mode) && !standard;
    if (file.m_regular) {
        file.m_size = static_cast<std::uint64_t>(info.st_size);
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    return file;
}

InputFile::InputFile(InputFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_owned(other.m_owned), m_regular(other.m_regular), m_size(other.m_size),
      m_position(other.m_position), m_chunk(std::move(other.m_chunk)) {}

InputFile::~InputFile() {
    if (m_owned && m_descriptor >= 0) ::close(m_descriptor);
}

Result<std::string_view> InputFile::next(const std::stop_token& stop) {
    if (m_chunk.size() == 0) m_chunk = Pages(kChunk);
    const std::size_t most = std::exchange(m_passed, false) ? kPeek : kChunk;
    for (;;) {
        if (!m_regular && !waitForBytes(m_descriptor, stop)) return fail(ProblemCode::Cancelled);
        const ssize_t got = m_regular ? ::pread(m_descriptor, m_chunk.data(), most, static_cast<off_t>(m_position)) : ::read(m_descriptor, m_chunk.data(), most);
        if (got >= 0) {
            m_position += static_cast<std::uint64_t>(got);
            return std::string_view(reinterpret_cast<const char*>(m_chunk.data()), static_cast<std::size_t>(got));
        }
        if (errno != EINTR && errno != EAGAIN) return fail(ProblemCode::CannotRead, std::strerror(errno));
    }
}

Result<std::size_t> InputFile::readAt(std::uint64_t offset, std::span<char> to) const {
    std::size_t done = 0;
    while (done < to.size()) {
        const ssize_t got = ::pread(m_descriptor, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
        if (got == 0) break;
        if (got > 0) done += static_cast<std::size_t>(got);
        else if (errno != EINTR) return fail(ProblemCode::CannotRead, std::strerror(errno));
    }
    return done;
}

void InputFile::passOver(std::uint64_t bytes) {
    m_position += bytes;
    m_passed = true;
}

}  // namespace spanreel::ingest
