// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/output_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spanreel::app {
namespace {

constexpr std::size_t kBuffered = 256 * 1024;

}  // namespace

ingest::Compression compressionOfName(std::string_view path) {
    if (path.ends_with(".gz")) return ingest::Compression::Gzip;
    if (path.ends_with(".zst")) return ingest::Compression::Zstd;
    return ingest::Compression::None;
}

Result<std::unique_ptr<OutputFile>> OutputFile::open(const std::string& path, ingest::Compression compression) {
    std::unique_ptr<OutputFile> file(new OutputFile);
    file->m_path = path;
    file->m_deflater = ingest::Deflater::create(compression);
    const auto cannot = [&] { return fail(ProblemCode::CannotWrite, std::strerror(errno), {path, -1, -1}); };
    if (path == "-") {
        file->m_fd = STDOUT_FILENO;
        return file;
    }
    struct stat info {};
    const bool exists = ::stat(path.c_str(), &info) == 0;
    if (exists && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return cannot();
    }
    if (exists && !S_ISREG(info.st_mode)) {
        file->m_fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        return file->m_fd < 0 ? Result<std::unique_ptr<OutputFile>>(cannot()) : std::move(file);
    }
    // A link stays one: what it points to is replaced.
    std::error_code ignored;
    if (std::filesystem::is_symlink(path, ignored)) {
        const auto target = std::filesystem::canonical(path, ignored);
        if (!ignored) file->m_path = target.string();
    }
    if (exists && ::access(file->m_path.c_str(), W_OK) != 0) return cannot();
    file->m_temporary = file->m_path + ".XXXXXX";
    file->m_fd = ::mkostemp(file->m_temporary.data(), O_CLOEXEC);
    if (file->m_fd < 0) {
        file->m_temporary.clear();
        return cannot();
    }
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(file->m_fd, exists ? info.st_mode & 07777 : 0666 & ~mask);
    return file;
}

OutputFile::~OutputFile() {
    if (m_fd >= 0 && m_fd != STDOUT_FILENO) ::close(m_fd);
    if (!m_temporary.empty()) ::unlink(m_temporary.c_str());
}

void OutputFile::put(std::string_view bytes) {
    while (!bytes.empty() && !failed()) {
        const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) m_error = {ProblemCode::CannotWrite, std::strerror(errno), {m_path, -1, -1}};
        else bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void OutputFile::write(std::string_view bytes) {
    if (failed()) return;
    const auto done = m_deflater->feed(bytes, [&](std::string_view out) {
        m_buffer.append(out);
        if (m_buffer.size() < kBuffered) return;
        put(m_buffer);
        m_buffer.clear();
    });
    if (!done) m_error = done.error();
}

Result<void> OutputFile::commit() {
    if (!failed())
        if (const auto done = m_deflater->finish([&](std::string_view out) { m_buffer.append(out); }); !done) m_error = done.error();
    put(m_buffer);
    m_buffer.clear();
    if (!failed() && !m_temporary.empty()) {
        if (::close(m_fd) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0) m_error = {ProblemCode::CannotWrite, std::strerror(errno), {m_path, -1, -1}};
        else m_temporary.clear();
        m_fd = -1;
    }
    if (failed()) return tl::unexpected<Error>(m_error);
    return {};
}

}  // namespace spanreel::app
