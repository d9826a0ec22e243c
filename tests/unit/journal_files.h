// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "model/journal/journal_parser.h"

namespace spanreel::journal {

/// A folder of the test's own, removed with it.
class TestFolder {
public:
    explicit TestFolder(const std::string& name) : path(std::filesystem::temp_directory_path() / ("spanreel-" + name + "-" + std::to_string(::getpid()))) {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~TestFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    [[nodiscard]] std::string at(const std::string& name) const { return (path / name).string(); }

    const std::filesystem::path path;
};

inline std::string slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
inline void spill(const std::string& path, std::string_view bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; }

/// What a journal file holds.
struct JournalContent {
    std::vector<std::string> payloads;
    std::vector<std::uint64_t> sequences;
    std::uint64_t damagedBytes = 0;
};
inline JournalContent contentOf(const std::string& path) {
    JournalContent out;
    JournalParser parser({[&](const JournalParser::Frame& frame) {
                              out.payloads.emplace_back(frame.payload);
                              out.sequences.push_back(frame.info.sequence);
                          },
                          [&](JournalParser::Damage, std::uint64_t, std::uint64_t bytes) { out.damagedBytes += bytes; }});
    parser.feed(slurp(path));
    parser.finish();
    return out;
}

}  // namespace spanreel::journal
