// SPDX-License-Identifier: GPL-3.0-or-later
// Runs fuzz targets on files, without a fuzzer: every file below corpus/<target>, the targets' seeds, or what is named;
// with --damage N also N damaged copies of each (the same ones every time).
// Usage: fuzz_replay [--list | [--damage N] [TARGET [FILE...]]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/fuzz/fuzz_target.h"
#include "tests/unit/draw.h"

namespace fs = std::filesystem;
using spanreel::fuzz::FuzzTarget;
using spanreel::test::Draw;

namespace {

std::vector<fs::path> filesIn(const fs::path& path) {
    std::vector<fs::path> files;
    if (fs::is_regular_file(path)) files.push_back(path);
    if (fs::is_directory(path))
        for (const auto& entry : fs::recursive_directory_iterator(path))
            if (entry.is_regular_file() && entry.path().extension() != ".expected") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Bytes changed, taken out, put in and moved about, as drawn.
std::string damaged(std::string bytes, Draw& draw) {
    for (std::size_t times = 1 + draw.below(6); times-- > 0 && !bytes.empty();) {
        const std::size_t at = draw.below(bytes.size());
        switch (draw.below(6)) {
            case 0: bytes[at] = static_cast<char>(draw.byte()); break;
            case 1: bytes.erase(at, 1 + draw.below(8)); break;
            case 2: bytes.insert(at, draw.bytes(8)); break;
            case 3: bytes.insert(at, bytes.substr(draw.below(bytes.size()), draw.below(60))); break;
            case 4: bytes[at] = "{}[]\",:\\\n 0"[draw.below(11)]; break;
            default:
                if (draw.chance(20)) bytes.resize(at);
        }
    }
    return bytes;
}

struct Totals {
    std::size_t passed = 0, failed = 0;
};

/// Whether the target's invariants hold. What breaks one is written to `target-broken` in the current folder.
void replay(const FuzzTarget& target, const std::string& bytes, const std::string& name, Totals& totals) {
    try {
        target.run(bytes);
        ++totals.passed;
    } catch (const std::exception& error) {
        const std::string kept = std::string(target.name) + "-broken";
        std::ofstream(kept, std::ios::binary) << bytes;
        std::printf("%s: %s, kept as %s: %s\n", target.name, name.c_str(), fs::absolute(kept).c_str(), error.what());
        ++totals.failed;
    }
}

void replayFile(const FuzzTarget& target, const fs::path& path, std::size_t copies, Totals& totals) {
    constexpr std::size_t kLargest = 20000;  // of what is damaged, as of what the fuzzer makes
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        std::printf("%s: %s cannot be read\n", target.name, path.c_str());
        ++totals.failed;
        return;
    }
    replay(target, bytes, path.string(), totals);
    Draw draw(spanreel::fuzz::seedOf(bytes));
    for (std::size_t i = 0; i < copies; ++i) replay(target, damaged(bytes.substr(0, kLargest), draw), path.string() + ", damaged", totals);
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t copies = 0;
    if (argc > 2 && std::strcmp(argv[1], "--damage") == 0) {
        copies = std::strtoul(argv[2], nullptr, 10);
        argc -= 2;
        argv += 2;
    }
    if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
        for (const auto& target : spanreel::fuzz::fuzzTargets()) std::printf("%s %s\n", target.name, target.seeds);
        return 0;
    }
    const fs::path source = SPANREEL_SOURCE_DIR;
    Totals totals;
    const auto run = [&](const FuzzTarget& target, const fs::path& path) { replayFile(target, path, copies, totals); };
    bool known = argc < 2;
    for (const auto& target : spanreel::fuzz::fuzzTargets()) {
        if (argc > 1 && std::strcmp(argv[1], target.name) != 0) continue;
        known = true;
        for (int i = 2; i < argc; ++i) run(target, argv[i]);
        if (argc > 2) continue;
        for (const auto& file : filesIn(source / "tests/fuzz/corpus" / target.name)) run(target, file);
        std::istringstream seeds(target.seeds);
        for (std::string seed; seeds >> seed;)
            for (const auto& file : filesIn(source / seed)) run(target, file);
    }
    if (!known) std::printf("no target %s\n", argv[1]);
    std::printf("%zu inputs held, %zu did not\n", totals.passed, totals.failed);
    return known && totals.failed == 0 && totals.passed > 0 ? 0 : 1;
}
