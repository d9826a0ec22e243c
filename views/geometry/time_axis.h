// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spanreel::views::geometry {

/// What stretch of a trace is in view, as offsets from its start in nanoseconds. Doubles hold whole nanoseconds exactly up
/// to 104 days; beyond that a trace is drawn to the microsecond.
struct TimeWindow {
    static constexpr double kShortest = 20;  ///< ns: the deepest zoom

    double fromNs = 0;
    double lengthNs = 1;

    [[nodiscard]] double toNs() const { return fromNs + lengthNs; }
    bool operator==(const TimeWindow&) const = default;

    /// The same instant stays at `anchorNs`'s place; `factor` < 1 zooms in. The result lies within the whole (see clamped).
    [[nodiscard]] TimeWindow zoomed(double factor, double anchorNs, double wholeNs) const;
    [[nodiscard]] TimeWindow moved(double byNs, double wholeNs) const;
    /// Fits `from..to` with a margin of 5 % on both sides.
    [[nodiscard]] static TimeWindow around(double fromNs, double toNs, double wholeNs);
    /// The whole trace with a little room at its ends.
    [[nodiscard]] static TimeWindow whole(double wholeNs);
    [[nodiscard]] TimeWindow clamped(double wholeNs) const;
};

/// Maps instants to pixels: `x` and `width` are where the window is drawn.
struct TimeScale {
    TimeWindow window;
    double x = 0;
    double width = 1;
    [[nodiscard]] double toX(double ns) const { return x + (ns - window.fromNs) / window.lengthNs * width; }
    [[nodiscard]] double toNs(double px) const { return window.fromNs + (px - x) / width * window.lengthNs; }
    [[nodiscard]] double nsPerPixel() const { return window.lengthNs / width; }
};

struct Tick {
    double ns = 0;
    std::string label;
};
/// Ticks of an axis. Where the window is so deep that whole offsets would not fit, labels are relative: `base` says to what.
struct Ticks {
    double stepNs = 1;
    std::vector<Tick> ticks;
    std::string base;  ///< "1.84 s": labels then read "+200 ns"; empty = labels are whole offsets
};
/// Ticks at round instants (1-2-5 steps; minutes and hours divide by 60) at least `minSpacing` pixels apart. O(ticks).
[[nodiscard]] Ticks timeTicks(const TimeScale& scale, double minSpacing = 90);

/// "412 ms" for an instant on an axis of this step: as many decimals as the step needs, no more.
[[nodiscard]] std::string tickLabel(double ns, double stepNs);

}  // namespace spanreel::views::geometry
