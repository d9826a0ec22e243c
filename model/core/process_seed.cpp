// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/process_seed.h"

#include <random>

namespace spanreel {

std::uint64_t processSeed() {
    static const std::uint64_t seed = [] {
        std::random_device device;
        return std::uint64_t{device()} << 32 | device();
    }();
    return seed;
}

}  // namespace spanreel
