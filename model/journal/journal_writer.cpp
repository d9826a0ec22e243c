// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <vector>

#include "model/core/file_handle.h"
#include "model/core/pages.h"
#include "model/journal/journal_parser.h"

namespace spanreel::journal {
namespace {

/// Smaller frames are put together with their header: that is less than a second piece costs.
constexpr std::size_t kOneWrite = 16 * 1024;
/// So much goes to the kernel in one call: for larger ones its file system may take large pages, which are seldom those that were
/// in use a moment ago, and writing into pages nobody has touched is several times slower.
constexpr std::size_t kAtOnce = 256 * 1024;

/// Frames from here on may go past the page cache.
constexpr std::size_t kDirectFrom = 1024 * 1024;

std::string randomBytes(std::size_t count) {
    std::string out(count, '\0');
    if (::getrandom(out.data(), count, 0) != static_cast<ssize_t>(count)) {
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
        for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<char>((now >> (i % 8 * 8)) ^ (::getpid() >> (i % 3 * 8)) ^ static_cast<long>(i * 37));
    }
    return out;
}

std::string reason(int error, const std::string& path) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) return "disk full: " + path;
    return path + ": " + std::strerror(error);
}

/// fdatasync; an error number, 0 = done.
int syncWhole(int fd) {
    while (::fdatasync(fd) != 0)
        if (errno != EINTR) return errno;
    return 0;
}

struct Scan {
    bool ours = false;
    bool torn = false;
    std::uint64_t goodEnd = 0;
    std::uint64_t lastSequence = 0;
};

Result<Scan> scan(int fd, const std::string& path) {
    JournalParser parser({});
    std::vector<char> chunk(1 << 20);
    std::uint64_t total = 0;
    for (;;) {
        const auto got = ::read(fd, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(ProblemCode::CannotRead, reason(errno, path));
        if (got == 0) break;
        const std::string_view bytes(chunk.data(), static_cast<std::size_t>(got));
        // A file that is not ours must not be read to its end.
        if (total == 0 && bytes.size() >= kFileMagic.size() && bytes.substr(0, kFileMagic.size()) != kFileMagic) return Scan{};
        total += bytes.size();
        parser.feed(bytes);
        if (total >= kFileHeaderSize && !parser.headerOk()) return Scan{};
    }
    parser.finish();
    if (!parser.headerOk()) return Scan{parser.torn(), parser.torn(), 0, 0};
    return Scan{true, parser.torn(), parser.goodEnd(), parser.lastSequence()};
}

}  // namespace

bool isJournal(const std::string& path) {
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat info {};
    std::array<char, kFileMagic.size()> head{};
    return file.fd >= 0 && ::fstat(file.fd, &info) == 0 && S_ISREG(info.st_mode) && ::read(file.fd, head.data(), head.size()) == static_cast<ssize_t>(head.size()) &&
           std::string_view(head.data(), head.size()) == kFileMagic;
}

JournalWriter::JournalWriter(std::string path, int fd) : m_path(std::move(path)), m_fd(fd) {}

JournalWriter::~JournalWriter() {
    if (m_fd >= 0) ::close(m_fd);
}

Result<std::unique_ptr<JournalWriter>> JournalWriter::open(const std::string& path, std::uint64_t firstSequence) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0) return fail(ProblemCode::CannotOpen, reason(errno, path));
    std::unique_ptr<JournalWriter> writer(new JournalWriter(path, fd));
    struct stat info {};
    if (::fstat(fd, &info) != 0) return fail(ProblemCode::CannotOpen, reason(errno, path));
    if (!S_ISREG(info.st_mode)) return fail(ProblemCode::Usage, path + " is not a regular file");
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return fail(ProblemCode::CannotWrite, path + " is in use by another program");
    auto found = info.st_size > 0 ? scan(fd, path) : Result<Scan>(Scan{});
    if (!found) return tl::unexpected<Error>(found.error());
    if (info.st_size > 0 && !found->ours) return fail(ProblemCode::Usage, path + " is not a Spanreel journal");
    if (found->torn) {
        if (::ftruncate(fd, static_cast<off_t>(found->goodEnd)) != 0) return fail(ProblemCode::CannotWrite, reason(errno, path));
        writer->m_cut = static_cast<std::uint64_t>(info.st_size) - found->goodEnd;
    }
    writer->m_end = found->torn ? found->goodEnd : static_cast<std::uint64_t>(info.st_size);
    writer->m_next = std::max(found->lastSequence + 1, firstSequence);
    if (writer->m_end == 0) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto header = encodeFileHeader(randomBytes(16), static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()));
        if (auto done = writer->writeAll({header.data(), header.size()}); !done) {
            [[maybe_unused]] const int ignored = ::ftruncate(fd, 0);
            return tl::unexpected<Error>(done.error());
        }
        writer->m_end = kFileHeaderSize;
        // The name of a new file lies in its folder, which has to reach the disk too.
        syncFolder(std::filesystem::path(path).parent_path().string());
    }
    // What was there was acknowledged by somebody else: it stays where it is, whatever the disk says from now on.
    if (const int error = info.st_size > 0 ? syncWhole(fd) : 0; error != 0) writer->m_syncFailure = reason(error, path);
    writer->m_syncedEnd = writer->m_end;
    return writer;
}

Result<void> JournalWriter::writeAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::write(m_fd, bytes.data(), std::min(bytes.size(), kAtOnce));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return fail(ProblemCode::CannotWrite, reason(errno, m_path));
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
}

/// Writes two pieces, one behind the other, in one call if the kernel takes them so.
Result<void> JournalWriter::writeBoth(std::string_view first, std::string_view second) {
    const iovec parts[] = {{const_cast<char*>(first.data()), first.size()}, {const_cast<char*>(second.data()), std::min(second.size(), kAtOnce)}};
    const auto wrote = ::writev(m_fd, parts, 2);
    if (wrote < 0 && errno != EINTR) return fail(ProblemCode::CannotWrite, reason(errno, m_path));
    const std::size_t done = wrote < 0 ? 0 : static_cast<std::size_t>(wrote), ofFirst = std::min(done, first.size());
    if (auto rest = writeAll(first.substr(ofFirst)); !rest) return rest;
    return writeAll(second.substr(done - ofFirst));
}

/// Writes the payload's whole pages past the page cache. A filler goes before the frame where it is needed for them to be
/// whole pages of the file too; it counts as written, whatever becomes of the frame.
Result<void> JournalWriter::writeDirect(DirectWrite& direct, const FrameHeader& header, std::string_view payload) {
    const std::size_t page = pageSize(), inPage = reinterpret_cast<std::uintptr_t>(payload.data()) % page;
    std::size_t gap = (inPage + page - (m_end + header.size()) % page) % page;
    if (gap > 0 && gap < header.size()) gap += page;
    m_buffer.clear();
    if (gap > 0) {
        FrameInfo filler;
        filler.type = FrameType::Filler;
        const std::string zeros(gap - header.size(), '\0');
        const auto before = encodeFrameHeader(filler, zeros);
        m_buffer.assign(before.data(), before.size()) += zeros;
        if (auto done = writeAll(m_buffer); !done) return done;
        m_end += gap;
    }
    const std::size_t toPage = (page - inPage) % page;
    m_buffer.assign(header.data(), header.size());
    m_buffer += payload.substr(0, toPage);
    if (auto done = writeAll(m_buffer); !done) return done;
    payload.remove_prefix(toPage);
    const std::size_t done = direct.append(m_fd, payload);
    // A kernel may have written a part before it failed, and not say so.
    struct stat state {};
    if (::fstat(m_fd, &state) != 0 || static_cast<std::uint64_t>(state.st_size) > m_end + m_buffer.size() + done) return fail(ProblemCode::CannotWrite, m_path + " was written in part");
    return writeAll(payload.substr(done));
}

Result<void> JournalWriter::writeFrame(const FrameInfo& info, const FramePayload& payload, DirectWrite* direct) {
    const auto header = encodeFrameHeader(info, payload);
    Result<void> done;
    if (direct && payload.bytes.size() >= kDirectFrom && direct->worthTrying()) {
        // Where it is aligned depends on where the file really ends. Whoever changed that is looked at before the next frame.
        struct stat state {};
        if (::fstat(m_fd, &state) != 0 || static_cast<std::uint64_t>(state.st_size) != m_end) return fail(ProblemCode::CannotWrite, m_path + " is being written by another program");
        done = writeDirect(*direct, header, payload.bytes);
    } else if (payload.bytes.size() <= kOneWrite) {
        m_buffer.assign(header.data(), header.size());
        m_buffer.append(payload.bytes);
        done = writeAll(m_buffer);
    } else {
        done = writeBoth({header.data(), header.size()}, payload.bytes);
    }
    if (!done) {
        // Half a frame must not stay: the next one would be taken for its rest.
        if (::ftruncate(m_fd, static_cast<off_t>(m_end)) != 0) {
            struct stat state {};
            if (::fstat(m_fd, &state) == 0) m_end = static_cast<std::uint64_t>(state.st_size);
        }
        return done;
    }
    m_end += header.size() + payload.bytes.size();
    m_next = std::max(m_next, info.sequence + 1);
    return {};
}

Result<std::uint64_t> JournalWriter::append(FrameInfo info, const FramePayload& payload, DirectWrite* direct) {
    if (payload.bytes.size() > kMaxPayload) return fail(ProblemCode::Limit, "journal frame");
    const std::lock_guard lock(m_mutex);
    if (!m_syncFailure.empty()) return fail(ProblemCode::CannotWrite, m_syncFailure);
    info.sequence = m_next;
    if (auto done = writeFrame(info, payload, direct); !done) return tl::unexpected<Error>(done.error());
    return info.sequence;
}

Result<void> JournalWriter::sync(std::uint64_t sequence) {
    std::unique_lock lock(m_mutex);
    sequence = std::min(sequence, m_next - 1);
    while (m_syncing && m_syncedSequence < sequence) m_syncDone.wait(lock);
    if (m_syncedSequence >= sequence) return {};
    if (!m_syncFailure.empty()) return fail(ProblemCode::CannotWrite, m_syncFailure);
    const auto covered = m_next - 1;
    const auto end = m_end;
    m_syncing = true;
    lock.unlock();
    const int error = syncWhole(m_fd);
    if (error == 0) letGo(end);
    lock.lock();
    m_syncing = false;
    if (error == 0) {
        m_syncedSequence = covered;
        m_syncedEnd = end;
    } else {
        m_syncFailure = reason(error, m_path);
    }
    m_syncDone.notify_all();
    if (error != 0) return fail(ProblemCode::CannotWrite, m_syncFailure);
    return {};
}

/// The page cache need not keep what nobody will read soon: it would push out what others read, and writing goes several
/// times faster into pages that were in use a moment ago. By the one who syncs, without the mutex.
void JournalWriter::letGo(std::uint64_t end) {
    [[maybe_unused]] const int ignored = ::posix_fadvise(m_fd, static_cast<off_t>(m_keptFrom), static_cast<off_t>(end - m_keptFrom), POSIX_FADV_DONTNEED);
    m_keptFrom = end - end % pageSize();  // one that is not full yet comes with the next
}

Result<void> JournalWriter::copyFrom(const JournalWriter& from, std::uint64_t offset) {
    const std::lock_guard lock(m_mutex);
    Result<void> done;
    JournalParser parser({[&](const JournalParser::Frame& frame) {
                              if (done && frame.info.type != FrameType::Filler) done = writeFrame(frame.info, frame.payload);
                          },
                          {}});
    const auto header = encodeFileHeader({}, 0);
    parser.feed({header.data(), header.size()});
    std::vector<char> chunk(1 << 20);
    for (std::uint64_t at = std::max<std::uint64_t>(offset, kFileHeaderSize); done;) {
        const auto got = ::pread(from.m_fd, chunk.data(), chunk.size(), static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(ProblemCode::CannotRead, reason(errno, from.m_path));
        if (got == 0) break;
        at += static_cast<std::uint64_t>(got);
        parser.feed({chunk.data(), static_cast<std::size_t>(got)});
    }
    if (done) parser.finish();
    return done;
}

void JournalWriter::cutAt(std::uint64_t offset) {
    const std::lock_guard lock(m_mutex);
    struct stat state {};
    if (::fstat(m_fd, &state) != 0 || static_cast<std::uint64_t>(state.st_size) <= offset) return;
    if (offset < m_end && ::ftruncate(m_fd, static_cast<off_t>(offset)) == 0) m_end = offset;
}

std::uint64_t JournalWriter::nextSequence() const {
    const std::lock_guard lock(m_mutex);
    return m_next;
}

std::uint64_t JournalWriter::size() const {
    const std::lock_guard lock(m_mutex);
    return m_end;
}

std::uint64_t JournalWriter::syncedEnd() const {
    const std::lock_guard lock(m_mutex);
    return m_syncedEnd;
}

std::string JournalWriter::syncFailure() const {
    const std::lock_guard lock(m_mutex);
    return m_syncFailure;
}

JournalWriter::State JournalWriter::state() const {
    const std::lock_guard lock(m_mutex);
    struct stat state {};
    if (::fstat(m_fd, &state) != 0 || state.st_nlink == 0) return State::Gone;
    const auto size = static_cast<std::uint64_t>(state.st_size);
    return size < m_end ? State::Cut : size > m_end ? State::Grown : State::Sound;
}

}  // namespace spanreel::journal
