// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/geometry/time_axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace spanreel::views::geometry {

namespace {

constexpr double kUs = 1e3, kMs = 1e6, kS = 1e9, kMin = 60e9, kHour = 3600e9, kDay = 86400e9;

/// Room beyond the trace's ends, as a share of the whole.
constexpr double kEndRoom = 0.02;

double roundStep(double least) {
    if (least <= 1) return 1;
    if (least > 5e9) {  // above 5 s people count in minutes, hours and days
        static constexpr std::array<double, 16> steps = {10 * kS,  15 * kS,   30 * kS,   kMin,      2 * kMin,  5 * kMin, 10 * kMin, 15 * kMin,
                                                         30 * kMin, kHour,     2 * kHour, 3 * kHour, 6 * kHour, 12 * kHour, kDay,    2 * kDay};
        for (double s : steps)
            if (s >= least) return s;
        const double days = least / kDay;
        const double power = std::pow(10.0, std::floor(std::log10(days)));
        for (double m : {1.0, 2.0, 5.0, 10.0})
            if (m * power >= days) return m * power * kDay;
        return 10 * power * kDay;
    }
    const double power = std::pow(10.0, std::floor(std::log10(least) + 1e-12));
    for (double m : {1.0, 2.0, 5.0, 10.0})
        if (m * power >= least * (1 - 1e-9)) return m * power;
    return 10 * power;
}

std::string decimal(double value, double step, const char* unit) {
    int digits = 0;
    double s = step;
    while (digits < 9 && (s < 1 - 1e-6 || std::abs(s - std::round(s)) > 1e-6 * s)) {
        s *= 10;
        ++digits;
    }
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f %s", digits, std::abs(value), unit);
    return buffer;
}

}  // namespace

TimeWindow TimeWindow::clamped(double wholeNs) const {
    const double whole = std::max(wholeNs, kShortest);
    const double room = whole * kEndRoom;
    TimeWindow w = *this;
    w.lengthNs = std::clamp(w.lengthNs, kShortest, whole + 2 * room);
    w.fromNs = std::clamp(w.fromNs, -room, whole + room - w.lengthNs);
    return w;
}

TimeWindow TimeWindow::zoomed(double factor, double anchorNs, double wholeNs) const {
    const double whole = std::max(wholeNs, kShortest);
    TimeWindow w = *this;
    w.lengthNs = std::clamp(lengthNs * factor, kShortest, whole * (1 + 2 * kEndRoom));
    w.fromNs = anchorNs - (anchorNs - fromNs) * (w.lengthNs / lengthNs);
    return w.clamped(wholeNs);
}

TimeWindow TimeWindow::moved(double byNs, double wholeNs) const {
    TimeWindow w = *this;
    w.fromNs += byNs;
    return w.clamped(wholeNs);
}

TimeWindow TimeWindow::around(double fromNs, double toNs, double wholeNs) {
    const double length = std::max(toNs - fromNs, kShortest / 1.1);
    return TimeWindow{fromNs - length * 0.05, length * 1.1}.clamped(wholeNs);
}

TimeWindow TimeWindow::whole(double wholeNs) {
    const double whole = std::max(wholeNs, kShortest);
    return {-whole * kEndRoom, whole * (1 + 2 * kEndRoom)};
}

std::string tickLabel(double ns, double stepNs) {
    const double size = std::abs(ns);
    std::string text;
    if (size < 0.5) {
        text = stepNs >= kS ? "0 s" : stepNs >= kMs ? "0 ms" : stepNs >= kUs ? "0 µs" : "0 ns";
        return text;
    }
    if (size >= kMin && stepNs >= kS) {
        const auto total = static_cast<long long>(std::llround(size / kS));
        const long long days = total / 86400, hours = total / 3600 % 24, minutes = total / 60 % 60, seconds = total % 60;
        auto part = [&](long long n, const char* unit) {
            if (n == 0) return;
            if (!text.empty()) text += ' ';
            text += std::to_string(n) + ' ' + unit;
        };
        part(days, "d");
        part(hours, "h");
        part(minutes, "min");
        part(seconds, "s");
    } else if (size >= kS) {
        text = decimal(size / kS, stepNs / kS, "s");
    } else if (size >= kMs) {
        text = decimal(size / kMs, stepNs / kMs, "ms");
    } else if (size >= kUs) {
        text = decimal(size / kUs, stepNs / kUs, "µs");
    } else {
        text = decimal(size, stepNs, "ns");
    }
    return ns < 0 ? "\u2212" + text : text;
}

Ticks timeTicks(const TimeScale& scale, double minSpacing) {
    Ticks out;
    if (scale.width <= 0 || !(scale.window.lengthNs > 0)) return out;
    out.stepNs = roundStep(scale.nsPerPixel() * minSpacing);
    const double first = std::ceil(scale.window.fromNs / out.stepNs) * out.stepNs;
    // Whole offsets stay readable while they have at most five digits more than the step.
    double base = 0;
    if (std::abs(scale.window.toNs()) / out.stepNs > 2e4) {
        const double coarse = out.stepNs * 1e3;
        base = std::floor(scale.window.fromNs / coarse) * coarse;
        double digitsTo = coarse;
        while (digitsTo < base && std::fmod(base, digitsTo * 10) == 0) digitsTo *= 10;
        out.base = tickLabel(base, digitsTo);
    }
    for (double t = first; t <= scale.window.toNs() && out.ticks.size() < 400; t += out.stepNs) {
        const double whole = std::round(t / out.stepNs) * out.stepNs;
        std::string label = out.base.empty() ? tickLabel(whole, out.stepNs) : "+" + tickLabel(whole - base, out.stepNs);
        out.ticks.push_back({whole, std::move(label)});
    }
    return out;
}

}  // namespace spanreel::views::geometry
