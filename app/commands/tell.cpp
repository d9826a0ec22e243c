// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/tell.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <climits>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

namespace spanreel::app {
namespace {

constexpr std::size_t kMostWaiting = 100;

/// Whether a line of at most PIPE_BUF bytes goes out at once. A pipe that can be written to has room for so much.
bool takesLine() {
    pollfd error{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&error, 1, 0) == 1;  // also where nobody will ever read it: the line is lost then, as any other
}

}  // namespace

void tellServe(std::string_view line) {
    static std::mutex mutex;
    static std::deque<std::string> waiting;
    static std::size_t lost = 0;
    const std::lock_guard lock(mutex);
    if (!line.empty()) {
        std::string whole = fmt::format("spanreel serve: {}", line);
        if (constexpr std::size_t kLongest = PIPE_BUF - 4; whole.size() > kLongest) {
            std::size_t end = kLongest;
            while ((whole[end] & 0xC0) == 0x80) --end;  // not within a character
            whole.resize(end);
            whole += "...";
        }
        whole += '\n';
        if (waiting.size() < kMostWaiting) waiting.push_back(std::move(whole));
        else ++lost;
    }
    for (; !waiting.empty() && takesLine(); waiting.pop_front()) [[maybe_unused]] const auto written = ::write(STDERR_FILENO, waiting.front().data(), waiting.front().size());
    if (lost == 0 || !waiting.empty() || !takesLine()) return;
    const std::string rest = fmt::format("spanreel serve: {} more messages could not be written\n", lost);
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, rest.data(), rest.size());
    lost = 0;
}

}  // namespace spanreel::app
