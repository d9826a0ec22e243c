// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

#include "model/core/text.h"
#include "model/journal/journal_parser.h"

namespace spanreel::journal {
namespace {

/// Frames up to this size go out with their header in one write.
constexpr std::size_t kOneWrite = 256 * 1024;

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

JournalWriter::JournalWriter(std::string path, int fd) : m_path(std::move(path)), m_fd(fd) {}

JournalWriter::~JournalWriter() {
    m_syncer.request_stop();
    if (m_syncer.joinable()) m_syncer.join();
    if (m_fd >= 0) ::close(m_fd);
}

Result<std::unique_ptr<JournalWriter>> JournalWriter::open(const std::string& path) {
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
    writer->m_next = found->lastSequence + 1;
    if (writer->m_end == 0) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto header = encodeFileHeader(randomBytes(16), static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()));
        if (auto done = writer->writeAll({header.data(), header.size()}); !done) {
            [[maybe_unused]] const int ignored = ::ftruncate(fd, 0);
            return tl::unexpected<Error>(done.error());
        }
        writer->m_end = kFileHeaderSize;
        // The name of a new file lies in its folder, which has to reach the disk too.
        const auto folder = std::filesystem::path(path).parent_path();
        if (const int at = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); at >= 0) {
            ::fsync(at);
            ::close(at);
        }
    }
    writer->m_syncer = std::jthread([w = writer.get()](std::stop_token stop) { w->syncAlways(std::move(stop)); });
    return writer;
}

// One sync for all that was appended in the last 100 ms; none while nothing comes.
void JournalWriter::syncAlways(std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return m_dirty; })) {
        m_wake.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
        m_dirty = false;
        lock.unlock();
        ::fdatasync(m_fd);
        lock.lock();
    }
}

Result<void> JournalWriter::writeAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::write(m_fd, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return fail(ProblemCode::CannotWrite, reason(errno, m_path));
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
}

Result<std::uint64_t> JournalWriter::append(FrameInfo info, std::string_view payload) {
    if (payload.size() > kMaxPayload) return fail(ProblemCode::Limit, "journal frame");
    const std::lock_guard lock(m_mutex);
    info.sequence = m_next;
    const auto header = encodeFrameHeader(info, payload);
    Result<void> done;
    if (payload.size() <= kOneWrite) {
        m_buffer.assign(header.data(), header.size());
        m_buffer.append(payload);
        done = writeAll(m_buffer);
    } else {
        done = writeAll({header.data(), header.size()});
        if (done) done = writeAll(payload);
    }
    if (!done) {
        // Half a frame must not stay: the next one would be taken for its rest.
        if (::ftruncate(m_fd, static_cast<off_t>(m_end)) != 0) {
            struct stat state {};
            if (::fstat(m_fd, &state) == 0) m_end = static_cast<std::uint64_t>(state.st_size);
        }
        return tl::unexpected<Error>(done.error());
    }
    m_end += header.size() + payload.size();
    if (!m_dirty) {
        m_dirty = true;
        m_wake.notify_one();
    }
    return m_next++;
}

void JournalWriter::sync() { ::fdatasync(m_fd); }

std::uint64_t JournalWriter::nextSequence() const {
    const std::lock_guard lock(m_mutex);
    return m_next;
}

std::uint64_t JournalWriter::size() const {
    const std::lock_guard lock(m_mutex);
    return m_end;
}

Result<std::string> makeSessionFolder() {
    namespace fs = std::filesystem;
    const auto variable = [](const char* name) -> std::string {
        const char* text = std::getenv(name);
        return text ? text : "";
    };
    std::string base = variable("SPANREEL_HOME");
    if (base.empty()) {
        base = variable("XDG_DATA_HOME");
        if (base.empty()) {
            base = variable("HOME");
            if (base.empty()) return fail(ProblemCode::CannotOpen, "neither SPANREEL_HOME, XDG_DATA_HOME nor HOME is set");
            base += "/.local/share";
        }
        base += "/spanreel";
    }
    base += "/sessions";
    const auto previous = ::umask(0077);
    std::error_code error;
    fs::create_directories(base, error);
    ::umask(previous);
    if (error) return fail(ProblemCode::CannotOpen, base + ": " + error.message());
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    for (int attempt = 0; attempt < 10; ++attempt) {
        const std::string path = base + "/" + stamp + "-" + toHex(randomBytes(4));
        if (::mkdir(path.c_str(), 0700) == 0) return path;
        if (errno != EEXIST) return fail(ProblemCode::CannotOpen, reason(errno, path));
    }
    return fail(ProblemCode::CannotOpen, base);
}

}  // namespace spanreel::journal
