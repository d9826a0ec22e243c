// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/file_handle.h"

#include <fcntl.h>

#include <cerrno>
#include <cstddef>

namespace spanreel {

bool writeWhole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::write(fd, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

void syncFolder(const std::string& path) {
    const FileHandle folder(::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.fd >= 0) ::fsync(folder.fd);
}

}  // namespace spanreel
