// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>

namespace spanreel {

/// A file descriptor that closes itself; a negative one is none.
struct FileHandle {
    explicit FileHandle(int descriptor) : fd(descriptor) {}
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    ~FileHandle() {
        if (fd >= 0) ::close(fd);
    }
    int fd;
};

/// Writes all of it; false = `errno` tells why not. Blocking.
[[nodiscard]] bool writeWhole(int fd, std::string_view bytes);

/// Brings the names in a folder ("" = the current one) to the disk, as far as its file system does that. Blocking.
void syncFolder(const std::string& path);

}  // namespace spanreel
