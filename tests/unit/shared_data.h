// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace spanreel::test {

/// The folder of shared test data: SPANREEL_SHARED, else "shared" beside the source tree; empty where there is none.
inline std::string sharedDir() {
    const char* set = std::getenv("SPANREEL_SHARED");
    const std::filesystem::path path = set && *set ? std::filesystem::path(set) : std::filesystem::path(SPANREEL_SOURCE_DIR).parent_path() / "shared";
    return std::filesystem::is_directory(path) ? path.string() : std::string();
}

inline std::string readWhole(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

}  // namespace spanreel::test
