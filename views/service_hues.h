// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spanreel::views {

/// Hues of services, given out when a name is first asked for and then fixed for as long as this lives: the golden angle
/// times a hash of the name, moved off the hue of errors and off hues already taken while any are free. The same names in
/// the same order give the same hues on every machine. Any thread, without a lock: an entry is written once, published by
/// one atomic exchange and never moved, so that painting and the drawing of reports may ask at the same time. Where two
/// threads ask for different new names at once, both may get one hue; a name never gets two. O(1).
class ServiceHues {
public:
    static constexpr int kSlots = 96;
    static constexpr double kErrorHue = 27.0;

    ServiceHues() = default;
    ~ServiceHues();
    ServiceHues(const ServiceHues&) = delete;
    ServiceHues& operator=(const ServiceHues&) = delete;

    /// The slot of a name, 0 to kSlots - 1.
    int slotOf(std::string_view name);
    /// Degrees, 0 to 360.
    [[nodiscard]] static double hueOfSlot(int slot);

private:
    struct Entry {
        std::string name;
        int slot = 0;
        const Entry* next = nullptr;
    };
    static constexpr std::size_t kBuckets = 4096;
    [[nodiscard]] static const Entry* find(const Entry* first, std::string_view name);
    [[nodiscard]] int choose(std::uint64_t hash) const;
    [[nodiscard]] bool taken(int slot) const { return m_taken[static_cast<std::size_t>(slot) / 64].load(std::memory_order_relaxed) >> (slot % 64) & 1; }

    std::array<std::atomic<const Entry*>, kBuckets> m_buckets{};
    std::array<std::atomic<std::uint64_t>, 2> m_taken{};  ///< a bit a slot
    std::atomic<std::uint32_t> m_names{0};
};

}  // namespace spanreel::views
