// SPDX-License-Identifier: GPL-3.0-or-later
// What the keeper of the memory budget does with a disk that fails, a session that is cleared and pages that come back.
#include "model/store/memory_keeper.h"

#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <cstdlib>

#include "model/core/pages.h"
#include "model/store/store_data.h"
#include "tests/unit/journal_files.h"

namespace spanreel::store {
namespace {

constexpr std::size_t kMiB = 1u << 20;

class MemoryKeeperTest : public testing::Test {
protected:
    MemoryKeeperTest() {
        policy.budget = 4 * kMiB;
        policy.folders = {std::getenv("SPANREEL_HOME") ? std::getenv("SPANREEL_HOME") : "."};
        policy.keepFree = 0;
    }
    /// Gives it so many packed segments of a MiB.
    void add(MemoryKeeper& keeper, int segments) {
        for (int i = 0; i < segments; ++i) {
            auto pages = std::make_shared<Pages>(kMiB);
            keeper.add(pages, *pages);
        }
        keeper.count(*data, 0, 0, 0);
    }
    /// One round of the store's thread; false where there was nothing to do.
    bool work(MemoryKeeper& keeper) {
        auto taken = keeper.take(data);
        if (taken.pieces.empty()) return false;
        const auto done = keeper.carryOut(taken);
        keeper.settle(std::move(taken), done);
        return true;
    }
    [[nodiscard]] bool hasDisk() const { return SpillFile::create(policy.folders, 0).has_value(); }

    MemoryPolicy policy;
    std::shared_ptr<StoreData> data = std::make_shared<StoreData>();
};

TEST_F(MemoryKeeperTest, ADiskThatFailedIsTriedAgainAfterAWhile) {
    const journal::TestFolder folder("keeper");
    journal::spill(folder.at("file"), "in the way");
    policy.folders = {folder.at("file") + "/folder"};
    policy.tryAgainAfter = std::chrono::milliseconds(0);
    MemoryKeeper keeper(policy);
    EXPECT_FALSE(keeper.wantsTicks());
    add(keeper, 12);
    EXPECT_TRUE(keeper.hasWork());
    EXPECT_TRUE(work(keeper));
    EXPECT_TRUE(keeper.gauge().diskFails);
    const std::string* why = keeper.gauge().whyDiskFails;
    ASSERT_TRUE(why);
    EXPECT_EQ(*why, policy.folders[0] + ": Not a directory");
    EXPECT_TRUE(keeper.gauge().full);
    EXPECT_FALSE(keeper.mustWait());  // for what would not come
    EXPECT_FALSE(keeper.hasWork());
    EXPECT_TRUE(keeper.wantsTicks());
    keeper.tick();
    EXPECT_TRUE(keeper.hasWork());
    EXPECT_TRUE(work(keeper));
    policy.tryAgainAfter = std::chrono::hours(1);
    MemoryKeeper patient(policy);
    add(patient, 12);
    EXPECT_TRUE(work(patient));
    patient.tick();
    EXPECT_FALSE(work(patient));
}

TEST_F(MemoryKeeperTest, WhatMustStayMakesItFull) {
    MemoryKeeper keeper(policy);
    keeper.count(*data, 3 * kMiB, 40 * kMiB, 0);
    EXPECT_FALSE(keeper.gauge().full);  // what is open will be packed
    keeper.count(*data, 5 * kMiB, 0, 0);
    EXPECT_TRUE(keeper.gauge().full);
    EXPECT_FALSE(keeper.mustWait());
    keeper.reset();
    EXPECT_FALSE(keeper.gauge().full);
}

TEST_F(MemoryKeeperTest, WhoeverAppendsWaitsWhileTheDiskLagsBehind) {
    if (!hasDisk()) GTEST_SKIP() << "the folder lies in memory";
    MemoryKeeper keeper(policy);
    add(keeper, 20);
    EXPECT_FALSE(keeper.mustWait());
    add(keeper, 2);
    EXPECT_TRUE(keeper.mustWait());
    while (work(keeper)) {}
    EXPECT_FALSE(keeper.mustWait());
    EXPECT_LE(keeper.gauge().inMemory, policy.budget);
    EXPECT_EQ(keeper.gauge().inMemory + keeper.gauge().onDisk, 22 * kMiB);
}

TEST_F(MemoryKeeperTest, WhatWasTakenOfAClearedSessionCountsNoMore) {
    if (!hasDisk()) GTEST_SKIP() << "the folder lies in memory";
    MemoryKeeper keeper(policy);
    add(keeper, 12);
    auto taken = keeper.take(data);
    ASSERT_FALSE(taken.pieces.empty());
    EXPECT_TRUE(keeper.isWorking());
    const auto done = keeper.carryOut(taken);
    EXPECT_TRUE(done);
    keeper.reset();
    add(keeper, 3);
    keeper.settle(std::move(taken), done);
    EXPECT_FALSE(keeper.isWorking());
    EXPECT_EQ(keeper.gauge().onDisk, 0u);
    EXPECT_EQ(keeper.gauge().inMemory, 3 * kMiB);
}

TEST_F(MemoryKeeperTest, PagesThatCameBackAreLetGoOfOverTheBudgetOnly) {
    if (!hasDisk()) GTEST_SKIP() << "the folder lies in memory";
    ProcessMemory now;
    policy.process = [&] { return now; };
    MemoryKeeper keeper(policy);
    std::vector<std::shared_ptr<const void>> owners;
    add(keeper, 12);
    now = {2 * kMiB, 100 * kMiB};  // the program itself
    EXPECT_TRUE(keeper.comeBack(owners).empty());
    ASSERT_TRUE(work(keeper));
    EXPECT_TRUE(keeper.comeBack(owners).empty());
    now.file += 15 * kMiB;
    EXPECT_TRUE(keeper.comeBack(owners).empty());
    now.file += 2 * kMiB;
    const auto pieces = keeper.comeBack(owners);
    EXPECT_EQ(pieces.size(), keeper.gauge().onDisk / kMiB);
    EXPECT_EQ(owners.size(), pieces.size());
}

TEST_F(MemoryKeeperTest, AFolderInMemoryIsNoDisk) {
    struct statfs info {};
    if (::statfs("/dev/shm", &info) != 0 || info.f_type != TMPFS_MAGIC) GTEST_SKIP() << "there is no file system in memory";
    const auto refused = SpillFile::create({"/dev/shm"}, 0);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("lies in memory"), std::string::npos) << refused.error().detail;
    if (hasDisk()) {
        EXPECT_TRUE(SpillFile::create({"/dev/shm", policy.folders.front()}, 0));
    }
}

}  // namespace
}  // namespace spanreel::store
