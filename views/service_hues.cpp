// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_hues.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace spanreel::views {

namespace {

constexpr double kGoldenAngle = 137.50776405;

double distance(double a, double b) {
    const double d = std::abs(a - b);
    return std::min(d, 360.0 - d);
}

std::uint64_t hashOf(std::string_view name) {
    std::uint64_t hash = 1469598103934665603ull;  // FNV-1a, the same on every machine
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return hash ^ hash >> 32;
}

}  // namespace

double ServiceHues::hueOfSlot(int slot) {
    static const auto kHues = [] {
        std::array<double, kSlots> all{};
        for (int i = 0; i < kSlots; ++i) all[static_cast<std::size_t>(i)] = std::fmod(i * kGoldenAngle, 360.0);
        return all;
    }();
    return kHues[static_cast<std::size_t>(slot)];
}

ServiceHues::~ServiceHues() {
    for (auto& bucket : m_buckets)
        for (const Entry* entry = bucket.load(std::memory_order_acquire); entry;) delete std::exchange(entry, entry->next);
}

const ServiceHues::Entry* ServiceHues::find(const Entry* first, std::string_view name) {
    for (; first; first = first->next)
        if (first->name == name) return first;
    return nullptr;
}

int ServiceHues::slotOf(std::string_view name) {
    const std::uint64_t hash = hashOf(name);
    auto& bucket = m_buckets[hash % kBuckets];
    const Entry* first = bucket.load(std::memory_order_acquire);
    if (const auto* known = find(first, name)) return known->slot;
    auto entry = std::make_unique<Entry>(Entry{std::string(name), choose(hash), first});
    while (!bucket.compare_exchange_weak(first, entry.get(), std::memory_order_acq_rel, std::memory_order_acquire)) {
        if (const auto* known = find(first, name)) return known->slot;  // another thread was quicker
        entry->next = first;
    }
    const int slot = entry.release()->slot;
    m_taken[static_cast<std::size_t>(slot) / 64].fetch_or(std::uint64_t{1} << (slot % 64), std::memory_order_relaxed);
    m_names.fetch_add(1, std::memory_order_relaxed);
    return slot;
}

/// The first hue in the order of the name's hash that has enough room around it, else the one with the most room.
int ServiceHues::choose(std::uint64_t hash) const {
    const double apart = std::min(26.0, 150.0 / static_cast<double>(m_names.load(std::memory_order_relaxed) + 1));
    int best = 0;
    double bestRoom = -1;
    for (std::uint64_t i = 0; i < kSlots; ++i) {
        const int slot = static_cast<int>((hash + i) % kSlots);
        const double hue = hueOfSlot(slot);
        if (distance(hue, kErrorHue) < 22) continue;
        double room = 360;
        for (int other = 0; other < kSlots && room > 0; ++other)
            if (taken(other)) room = std::min(room, distance(hue, hueOfSlot(other)));
        if (room >= apart) return slot;
        if (room > bestRoom) {
            bestRoom = room;
            best = slot;
        }
    }
    return best;
}

}  // namespace spanreel::views
