// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/studio_timing.h"

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>
#include <unistd.h>

#include "app/studio/main_window.h"
#include "views/context.h"

namespace spanreel::app {

namespace {

constexpr int kPulseMs = 20;
constexpr qint64 kStallMs = 100;

/// Milliseconds since the kernel started this process.
long long sinceProcessStartMs() {
    std::ifstream stat("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    const auto name = text.rfind(')');
    if (name == std::string::npos) return -1;
    std::istringstream fields(text.substr(name + 2));
    std::string field;
    for (int i = 3; i <= 22 && fields >> field; ++i) {}
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double started = std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
    return static_cast<long long>((static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 - started) * 1000);
}

}  // namespace

StudioTiming::StudioTiming(MainWindow& window) : QObject(&window), m_window(window) {
    m_pulse.setInterval(kPulseMs);
    connect(&m_pulse, &QTimer::timeout, this, [this] {
        const qint64 took = m_beat.restart() - kPulseMs;
        if (took > kStallMs) std::fprintf(stderr, "the window stood still for %lld ms\n", static_cast<long long>(took));
    });
    // After what is queued now: the window is shown and takes input.
    QTimer::singleShot(0, this, [this] {
        std::fprintf(stderr, "window usable: %lld ms since process start\n", sinceProcessStartMs());
        m_beat.start();
        m_pulse.start();
    });
}

StudioTiming::~StudioTiming() {
    std::uint64_t spans = 0;
    for (const auto& source : m_window.context().snapshot()->sources())
        if (source.kind == store::SourceKind::Receiver) spans += source.spans;
    std::fprintf(stderr, "spans received: %llu\n", static_cast<unsigned long long>(spans));
}

void StudioTiming::framePainted() {
    if (std::exchange(m_first, false)) std::fprintf(stderr, "first timeline frame: %lld ms since process start\n", sinceProcessStartMs());
    if (m_opening.isValid()) std::fprintf(stderr, "timeline frame after opening: %lld ms\n", static_cast<long long>(m_opening.elapsed()));
    m_opening.invalidate();
}

}  // namespace spanreel::app
