// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_hues.h"

#include <gtest/gtest.h>

#include <barrier>
#include <cmath>
#include <set>
#include <thread>
#include <vector>

namespace spanreel::views {
namespace {

double apart(double a, double b) {
    const double d = std::fmod(std::abs(a - b), 360.0);
    return std::min(d, 360.0 - d);
}

TEST(ServiceHues, ANameKeepsItsHueAndTheSameOrderGivesTheSameHues) {
    ServiceHues one, other;
    std::vector<int> first;
    for (int i = 0; i < 300; ++i) first.push_back(one.slotOf("service-" + std::to_string(i)));
    for (int i = 299; i >= 0; --i) EXPECT_EQ(one.slotOf("service-" + std::to_string(i)), first[static_cast<std::size_t>(i)]);
    for (int i = 0; i < 300; ++i) EXPECT_EQ(other.slotOf("service-" + std::to_string(i)), first[static_cast<std::size_t>(i)]);
}

TEST(ServiceHues, ServicesOfASessionAreToldApart) {
    ServiceHues hues;
    const char* names[] = {"storefront", "cart", "catalog", "checkout", "payment", "inventory", "shipping", "mailer", "search", "auth"};
    std::vector<double> given;
    for (const char* name : names) {
        const double hue = ServiceHues::hueOfSlot(hues.slotOf(name));
        EXPECT_GE(apart(hue, ServiceHues::kErrorHue), 22) << name;
        for (const double before : given) EXPECT_GE(apart(hue, before), 12) << name;
        given.push_back(hue);
    }
}

TEST(ServiceHues, ManyNamesStillGetAHueThatIsNotTheErrors) {
    ServiceHues hues;
    std::set<int> slots;
    for (int i = 0; i < 20'000; ++i) {
        const int slot = hues.slotOf("s" + std::to_string(i));
        ASSERT_GE(slot, 0);
        ASSERT_LT(slot, ServiceHues::kSlots);
        ASSERT_GE(apart(ServiceHues::hueOfSlot(slot), ServiceHues::kErrorHue), 22);
        slots.insert(slot);
    }
    EXPECT_GT(slots.size(), 80u);
}

TEST(ServiceHues, ThreadsAgree) {
    constexpr int kThreads = 4, kNames = 2000;
    ServiceHues hues;
    std::barrier start(kThreads);
    std::vector<std::vector<int>> seen(kThreads, std::vector<int>(kNames));
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            start.arrive_and_wait();
            for (int k = 0; k < kNames; ++k) {
                const int i = t % 2 ? k : kNames - 1 - k;
                seen[static_cast<std::size_t>(t)][static_cast<std::size_t>(i)] = hues.slotOf("service-" + std::to_string(i));
            }
        });
    for (auto& thread : threads) thread.join();
    for (int t = 1; t < kThreads; ++t) EXPECT_EQ(seen[static_cast<std::size_t>(t)], seen[0]);
}

}  // namespace
}  // namespace spanreel::views
