// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

namespace spanreel::journal {
namespace {

std::string lockFileOf(const std::string& path) {
    const std::filesystem::path first(path);
    return (first.parent_path() / ("." + first.filename().string() + ".lock")).string();
}

/// True where `fd` is the file that now has this name.
bool isNamed(int fd, const std::string& file) {
    struct stat open {}, named {};
    return ::fstat(fd, &open) == 0 && ::lstat(file.c_str(), &named) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

}  // namespace

JournalLock::JournalLock(JournalLock&& other) noexcept : m_file(std::move(other.m_file)), m_fd(std::exchange(other.m_fd, -1)) {}
JournalLock& JournalLock::operator=(JournalLock&& other) noexcept {
    std::swap(m_file, other.m_file);
    std::swap(m_fd, other.m_fd);
    return *this;
}

JournalLock::~JournalLock() {
    if (m_fd < 0) return;
    if (isNamed(m_fd, m_file)) ::unlink(m_file.c_str());  // still held: nobody else can have it
    ::close(m_fd);
}

Result<JournalLock> JournalLock::take(const std::string& path) {
    JournalLock lock;
    lock.m_file = lockFileOf(path);
    for (;;) {
        lock.m_fd = ::open(lock.m_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        if (lock.m_fd < 0) return lock;
        if (::flock(lock.m_fd, LOCK_EX | LOCK_NB) != 0) {
            ::close(std::exchange(lock.m_fd, -1));
            return fail(ProblemCode::CannotWrite, path + " is in use by another program");
        }
        if (isNamed(lock.m_fd, lock.m_file)) return lock;
        ::close(std::exchange(lock.m_fd, -1));  // its owner removed it meanwhile
    }
}

bool JournalLock::holds(const std::string& path) const { return m_fd >= 0 && m_file == lockFileOf(path) && isNamed(m_fd, m_file); }

}  // namespace spanreel::journal
