// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/memory_policy.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <fstream>

#include "model/core/pages.h"

namespace spanreel::store {
namespace {

std::string variable(const char* name) {
    const char* text = std::getenv(name);
    return text ? text : "";
}

ProcessMemory measureProcess() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0, resident = 0, shared = 0;
    if (!(file >> size >> resident >> shared)) return {};
    shared = std::min(resident, shared);
    return {(resident - shared) * pageSize(), shared * pageSize()};
}

/// The number in a file, "no limit" where there is none ("max").
std::uint64_t numberIn(const std::string& path) {
    std::ifstream file(path);
    std::uint64_t value = 0;
    return file >> value ? value : UINT64_MAX;
}

}  // namespace

MemoryPolicy memoryPolicy(std::uint64_t budget) {
    MemoryPolicy policy;
    policy.budget = budget;
    policy.folders = spillFolders();
    policy.process = measureProcess;
    return policy;
}

std::uint64_t defaultMemoryBudget() {
    auto total = static_cast<std::uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L)) * pageSize();
    if (total == 0) total = 4ull << 30;
    std::ifstream groups("/proc/self/cgroup");
    total = std::min(total, controlGroupMemory(groups, "/sys/fs/cgroup"));
    return std::max(total / 4, kLeastMemoryBudget);
}

std::uint64_t controlGroupMemory(std::istream& groups, const std::string& root) {
    std::uint64_t least = UINT64_MAX;
    // Each group's limit holds for the groups in it.
    const auto look = [&least](const std::string& top, std::string group, const char* file) {
        for (;; group.resize(group.rfind('/'))) {
            least = std::min(least, numberIn(top + group + "/" + file));
            if (group.find('/') == group.npos) return;
        }
    };
    look(root, "", "memory.max");  // where the paths below are those of another namespace
    look(root + "/memory", "", "memory.limit_in_bytes");
    for (std::string line; std::getline(groups, line);) {  // "0::/user.slice/x", or "4:memory:/x" of the first version
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (second == line.npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
        if (group.find("..") != group.npos) continue;
        if (controllers.empty()) look(root, group, "memory.max");
        else if (("," + controllers + ",").find(",memory,") != line.npos) look(root + "/memory", group, "memory.limit_in_bytes");
    }
    return least == 0 ? UINT64_MAX : least;
}

std::vector<std::string> spillFolders() {
    std::vector<std::string> out;
    if (const std::string home = variable("SPANREEL_HOME"); !home.empty()) {
        out.push_back(home);
        return out;
    }
    if (const std::string cache = variable("XDG_CACHE_HOME"); cache.starts_with('/')) out.push_back(cache + "/spanreel");
    else if (const std::string home = variable("HOME"); !home.empty()) out.push_back(home + "/.cache/spanreel");
    out.emplace_back("/var/tmp");
    return out;
}

std::string whatIsFull(const MemoryGauge& gauge) {
    return gauge.sessionFull ? "the room of a session" : "the memory budget of " + std::to_string(gauge.budget >> 20) + " MiB";
}

std::optional<std::uint64_t> parseSize(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !(number >= 0) || number > 1e15) return std::nullopt;
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const char letter = unit.empty() ? 'b' : static_cast<char>(std::tolower(static_cast<unsigned char>(unit.front())));
    if (!unit.empty()) unit.remove_prefix(1);
    constexpr std::string_view kUnits = "bkmgt";
    const auto power = kUnits.find(letter);
    const bool known = unit.empty() || (power > 0 && (unit == "b" || unit == "B" || unit == "ib" || unit == "iB" || unit == "IB"));
    if (power == std::string_view::npos || !known) return std::nullopt;
    for (std::size_t i = 0; i < power; ++i) number *= 1024;
    return number < 9e18 ? std::optional(static_cast<std::uint64_t>(number)) : std::nullopt;
}

}  // namespace spanreel::store
