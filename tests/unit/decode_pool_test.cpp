// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/byte_gate.h"
#include "ingest/receivers/decode_pool.h"
#include "model/core/pages.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace spanreel::ingest {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20;

TEST(BodyMemory, GivesTheMemoryOfABodyToTheNext) {
    BodyMemory bodies;
    std::string first = bodies.memory(kMega);
    first.append(kMega, 'a');
    const char* const at = first.data();
    auto shared = bodies.share(std::move(first));
    auto copy = shared;
    EXPECT_EQ(copy->size(), kMega);
    shared.reset();
    EXPECT_EQ(bodies.kept(), 0u) << "somebody still reads it";
    EXPECT_EQ(copy->front(), 'a');

    copy.reset();
    EXPECT_GE(bodies.kept(), kMega);
    std::string second = bodies.memory(kMega / 2);
    EXPECT_EQ(second.data(), at);
    EXPECT_TRUE(second.empty());
    EXPECT_EQ(bodies.kept(), 0u);
}

TEST(BodyMemory, TakesNoneThatIsTooShort) {
    BodyMemory bodies;
    (void)bodies.share(bodies.memory(kMega));
    const std::size_t kept = bodies.kept();
    std::string large = bodies.memory(3 * kMega);
    EXPECT_GE(large.capacity(), 3 * kMega);
    EXPECT_EQ(bodies.kept(), kept);
}

TEST(BodyMemory, KeepsNoMoreThanItMay) {
    BodyMemory bodies;
    std::vector<std::shared_ptr<const std::string>> many;
    for (int i = 0; i < 40; ++i) many.push_back(bodies.share(bodies.memory(kMega)));
    many.clear();
    EXPECT_LE(bodies.kept(), BodyMemory::kMost);
    EXPECT_GE(bodies.kept(), BodyMemory::kMost - 2 * kMega);
    (void)bodies.share(bodies.memory(BodyMemory::kMost + kMega));
    EXPECT_LE(bodies.kept(), BodyMemory::kMost);
    bodies.release();
    EXPECT_EQ(bodies.kept(), 0u);
    (void)bodies.share(std::string("small"));
    EXPECT_EQ(bodies.kept(), 0u);
}

/// What the kernel was told of the mapping around an address, as /proc/self/smaps has it.
std::string adviceOf(const char* at) {
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        unsigned long long begin = 0, end = 0;
        if (std::sscanf(line.c_str(), "%llx-%llx ", &begin, &end) == 2) inside = begin <= reinterpret_cast<std::uintptr_t>(at) && reinterpret_cast<std::uintptr_t>(at) < end;
        if (inside && line.starts_with("VmFlags:")) return line + " ";
    }
    return {};
}

TEST(BodyMemory, AsksForHugePagesForLargeBodiesOnly) {
    if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) GTEST_SKIP() << "this kernel has none";
    BodyMemory bodies;
    const std::string large = bodies.memory(7 * kMega);
    EXPECT_EQ((large.capacity() + pageSize()) % (2 * kMega), 0u) << "no page is begun that is not used";
    EXPECT_LE(large.capacity(), 8 * kMega);
    EXPECT_NE(adviceOf(large.data() + large.capacity() / 2).find(" hg "), std::string::npos);
    const std::string small = bodies.memory(kMega);
    EXPECT_LE(small.capacity(), kMega + BodyMemory::kLeast);
}

TEST(BodyMemory, BodiesMayStayLongerThanTheirHome) {
    std::shared_ptr<const std::string> body;
    {
        BodyMemory bodies;
        body = bodies.share(bodies.memory(kMega).append("still here"));
    }
    EXPECT_EQ(*body, "still here");
}

TEST(DecodePool, FreesTheMemoryOfBodiesWhenThereIsNothingToDo) {
    DecodePool pool(2, 64 * kMega);
    (void)pool.bodies().share(pool.bodies().memory(kMega));
    EXPECT_GE(pool.bodies().kept(), kMega);
    for (int i = 0; i < 1000 && pool.bodies().kept() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(pool.bodies().kept(), 0u);
    std::promise<void> ran;
    ASSERT_TRUE(pool.post(1, [&] { ran.set_value(); }));
    EXPECT_EQ(ran.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready) << "and goes on";
}

TEST(DecodePool, FreesTheMemoryOfBodiesThatOthersHandledToo) {
    DecodePool pool(2, 64 * kMega);
    const auto handleOne = [&] { pool.runHere([&] { (void)pool.bodies().share(pool.bodies().memory(kMega)); }); };
    for (int round = 0; round < 2; ++round) {  // the second time all threads sleep
        handleOne();
        EXPECT_GE(pool.bodies().kept(), kMega);
        for (int i = 0; i < 1000 && pool.bodies().kept() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        EXPECT_EQ(pool.bodies().kept(), 0u);
        std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    }
    std::promise<void> ran;
    ASSERT_TRUE(pool.post(1, [&] { ran.set_value(); }));
    EXPECT_EQ(ran.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready) << "and goes on";
}

TEST(ByteGate, LetsInWhatFitsAndWhatIsLargerAlone) {
    ByteGate gate(100);
    std::atomic<std::size_t> inside{0};
    std::atomic<int> alone{0};
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < 8; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 300; ++i) {
                    const std::size_t bytes = t == 0 ? 250 : 10 + t * 5;
                    auto pass = gate.enter(bytes);
                    const std::size_t now = inside += bytes;
                    EXPECT_TRUE(now <= 100 || now == 250) << now;
                    alone += now == 250;
                    std::this_thread::yield();
                    inside -= bytes;
                }
            });
    }
    EXPECT_EQ(alone, 300);
    EXPECT_EQ(gate.held(), 0u);
    auto first = gate.enter(60);
    first = {};
    EXPECT_EQ(gate.held(), 0u);
}

TEST(ByteGate, SmallOnesDoNotOvertakeALargeOne) {
    ByteGate gate(100);
    auto first = gate.enter(60);
    std::atomic<bool> large{false}, small{false};
    std::jthread one([&] {
        const auto pass = gate.enter(250);
        large = true;
        EXPECT_FALSE(small);
    });
    while (gate.waiting() < 1) std::this_thread::yield();
    std::jthread other([&] {
        const auto pass = gate.enter(10);
        small = true;
        EXPECT_TRUE(large);
    });
    while (gate.waiting() < 2 && !small) std::this_thread::yield();
    EXPECT_FALSE(small);
    first = {};
}

TEST(DecodePool, RefusesWhatIsTooMuchAndRunsWhatItTook) {
    std::promise<void> go;
    auto gate = go.get_future().share();
    int ran = 0;
    {
        DecodePool pool(1, 100'000);
        ASSERT_TRUE(pool.post(1'000'000, [&, gate] { gate.wait(), ++ran; })) << "alone, however large";
        EXPECT_FALSE(pool.post(1, [&] { ++ran; }));
        EXPECT_EQ(pool.bytesHeld(), 1'000'000u);
        go.set_value();
        while (pool.bytesHeld() > 0) std::this_thread::yield();
        EXPECT_TRUE(pool.post(100'000, [&] { ++ran; }));
    }
    EXPECT_EQ(ran, 2);
}

// A call of a few bytes holds thousands in the library that took it.
TEST(DecodePool, SmallJobsAreBoundedToo) {
    std::promise<void> go;
    auto gate = go.get_future().share();
    DecodePool pool(1, 1 << 20);
    int taken = 0;
    while (taken < 1000 && pool.post(1, [gate] { gate.wait(); })) ++taken;
    EXPECT_EQ(taken, 64);
    go.set_value();
}

}  // namespace
}  // namespace spanreel::ingest
