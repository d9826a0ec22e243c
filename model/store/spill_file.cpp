// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/spill_file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "model/core/pages.h"

namespace spanreel::store {
namespace {

std::string reason(const std::string& folder, int error) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) return "disk full: " + folder;
    return folder + ": " + std::strerror(error);
}

bool isInMemory(const std::string& folder) {
    struct statfs info {};
    return ::statfs(folder.c_str(), &info) == 0 && (info.f_type == TMPFS_MAGIC || info.f_type == RAMFS_MAGIC);
}

/// A file without a name, or -1 and errno.
int openNameless(const std::string& folder) {
    const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
    std::string path = folder + "/.memory-XXXXXX";
    const int named = ::mkostemp(path.data(), O_CLOEXEC);  // mode 0600
    if (named >= 0) ::unlink(path.c_str());
    return named;
}

/// Whether the file system lets a file be mapped.
bool canBeMapped(int fd) {
    if (::ftruncate(fd, static_cast<off_t>(pageSize())) != 0) return false;
    void* const at = ::mmap(nullptr, pageSize(), PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) return false;
    ::munmap(at, pageSize());
    return ::ftruncate(fd, 0) == 0;
}

}  // namespace

Result<std::unique_ptr<SpillFile>> SpillFile::create(const std::vector<std::string>& folders, std::uint64_t keepFree) {
    std::string why;
    const auto addReason = [&why](const std::string& reason) { why += (why.empty() ? "" : "; ") + reason; };
    for (const std::string& folder : folders) {
        std::error_code error;
        if (!std::filesystem::exists(folder, error)) {
            const std::filesystem::path parent = std::filesystem::path(folder).parent_path();
            std::filesystem::create_directories(parent, error);
            if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
                addReason(reason(folder, error ? error.value() : errno));
                continue;
            }
        }
        if (isInMemory(folder)) {
            addReason(folder + " is no disk, it lies in memory");
            continue;
        }
        const int fd = openNameless(folder);
        if (fd < 0) {
            addReason(reason(folder, errno));
            continue;
        }
        if (canBeMapped(fd)) return std::unique_ptr<SpillFile>(new SpillFile(fd, folder, keepFree));
        addReason(reason(folder, errno));
        ::close(fd);
    }
    return fail(ProblemCode::CannotWrite, why.empty() ? "no folder for it" : std::move(why));
}

SpillFile::~SpillFile() { ::close(m_fd); }

Result<void> SpillFile::take(std::span<const Piece> pieces) {
    std::uint64_t total = 0;
    for (const Piece& piece : pieces) total += piece.bytes;
    struct statvfs room {};
    if (::fstatvfs(m_fd, &room) == 0 && static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize < total + m_keepFree)
        return fail(ProblemCode::CannotWrite, "the disk of " + m_folder + " is to keep " + std::to_string(m_keepFree >> 20) + " MiB free");
    const std::uint64_t first = m_end;
    const auto failed = [&](int error) -> Result<void> {
        [[maybe_unused]] const int ignored = ::ftruncate(m_fd, static_cast<off_t>(first));  // nothing maps what lies behind
        m_end = first;
        return fail(ProblemCode::CannotWrite, reason(m_folder, error));
    };
    for (const Piece& piece : pieces) {
        for (std::size_t done = 0; done < piece.bytes;) {
            const auto wrote = ::pwrite(m_fd, piece.data + done, piece.bytes - done, static_cast<off_t>(m_end + done));
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote <= 0) return failed(wrote < 0 ? errno : ENOSPC);
            done += static_cast<std::size_t>(wrote);
        }
        m_end += piece.bytes;
    }
    // Only what the disk has taken may leave memory: its errors come to light here or never.
    while (::fdatasync(m_fd) != 0)
        if (errno != EINTR) return failed(errno);
    std::uint64_t at = first;
    for (const Piece& piece : pieces) {
        // Where the kernel has no room for another mapping, what is mapped stays so; the rest stays in memory.
        if (!mapFileOver(piece.data, piece.bytes, m_fd, at)) return fail(ProblemCode::CannotWrite, reason(m_folder, errno));
        at += piece.bytes;
    }
    return {};
}

}  // namespace spanreel::store
