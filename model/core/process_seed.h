// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace spanreel {

/// A random number, the same all the time in this process and another in every other, for hashes of tables in memory: so that
/// a sender cannot aim at one place of them. Any thread.
[[nodiscard]] std::uint64_t processSeed();

}  // namespace spanreel
