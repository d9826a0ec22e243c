// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace spanreel::fuzz {

/// One thing that reads bytes from outside. `run` takes any bytes and throws `Broken` where an invariant does not hold:
/// under libFuzzer that ends the process and saves the input, in the replay program it fails the file.
struct FuzzTarget {
    const char* name;
    void (*run)(std::string_view bytes);
    const char* seeds;  ///< folders and files below the source tree to start from, separated by blanks
};

/// All targets, in the order of the explicit list.
[[nodiscard]] const std::vector<FuzzTarget>& fuzzTargets();

class Broken : public std::logic_error {
    using std::logic_error::logic_error;
};
inline void require(bool holds, const char* what) {
    if (!holds) throw Broken(what);
}
inline void require(bool holds, const std::string& what) {
    if (!holds) throw Broken(what);
}
/// Two texts that must be equal; tells where they part.
void requireSame(const std::string& have, const std::string& want, const char* what);

/// A number that depends on all bytes: what a target draws its own choices from (chunk sizes), so that files need no
/// header for them.
[[nodiscard]] std::uint64_t seedOf(std::string_view bytes);

}  // namespace spanreel::fuzz
