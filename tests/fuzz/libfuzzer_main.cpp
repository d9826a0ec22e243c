// SPDX-License-Identifier: GPL-3.0-or-later
// The entry libFuzzer calls; one executable a target, named by SPANREEL_FUZZ_TARGET.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const spanreel::fuzz::FuzzTarget* const target = [] {
        for (const auto& one : spanreel::fuzz::fuzzTargets())
            if (std::strcmp(one.name, SPANREEL_FUZZ_TARGET) == 0) return &one;
        std::fprintf(stderr, "no target %s\n", SPANREEL_FUZZ_TARGET);
        std::abort();
    }();
    try {
        target->run({reinterpret_cast<const char*>(data), size});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "BROKEN: %s\n", error.what());
        std::abort();
    }
    return 0;
}
