// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "model/core/result.h"

namespace spanreel {

/// A small regular file whole. Errors name it: CannotOpen (also for what is no regular file, which is not waited for),
/// CannotRead, Limit where it has more than `most` bytes (whole MiB). Blocking.
[[nodiscard]] Result<std::string> readFile(const std::string& path, std::size_t most);

}  // namespace spanreel
