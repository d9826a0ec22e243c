// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "model/core/file_handle.h"

namespace spanreel {

Result<std::string> readFile(const std::string& path, std::size_t most) {
    const auto systemError = [&](ProblemCode code) { return fail(code, std::strerror(errno), Place{path}); };
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (file.fd < 0) return systemError(ProblemCode::CannotOpen);
    struct stat info {};
    if (::fstat(file.fd, &info) != 0) return systemError(ProblemCode::CannotOpen);
    if (!S_ISREG(info.st_mode)) return fail(ProblemCode::CannotOpen, "not a regular file", Place{path});
    std::string bytes;
    std::string block(1 << 16, '\0');
    for (;;) {
        const auto n = ::read(file.fd, block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return systemError(ProblemCode::CannotRead);
        if (n == 0) return bytes;
        bytes.append(block.data(), static_cast<std::size_t>(n));
        if (bytes.size() > most) return fail(ProblemCode::Limit, std::to_string(most >> 20) + " MiB", Place{path});
    }
}

}  // namespace spanreel
