// SPDX-License-Identifier: GPL-3.0-or-later
// What has no room in memory lies on disk, and nobody who reads it can tell.
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "ingest/import_file.h"
#include "model/core/pages.h"
#include "model/store/memory_policy.h"
#include "model/store/spill_file.h"
#include "tests/unit/draw_batch.h"
#include "tests/unit/journal_files.h"
#include "tests/unit/store_model.h"

namespace {
std::atomic<bool> g_syncFails{false};
}
/// In place of the C library's.
extern "C" int fdatasync(int fd) {
    if (g_syncFails) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

namespace spanreel {
namespace {

using store::MemoryPolicy;
using test::Draw;
using test::StoreModel;

constexpr std::uint64_t kMiB = 1u << 20;

std::string home() { return std::getenv("SPANREEL_HOME") ? std::getenv("SPANREEL_HOME") : "."; }
bool hasDisk() { return store::SpillFile::create({home()}, 0).has_value(); }
#define NEEDS_DISK \
    if (!hasDisk()) GTEST_SKIP() << home() << " lies in memory"

/// Only what the store counts goes by the budget, so that the outcome is the same everywhere.
MemoryPolicy policy(std::uint64_t budget) {
    MemoryPolicy out;
    out.budget = budget;
    out.folders = {home()};
    out.keepFree = 0;
    out.tryAgainAfter = std::chrono::milliseconds(0);
    return out;
}

[[maybe_unused]] store::ProcessMemory processNow() { return store::memoryPolicy(1).process(); }

/// Batches with more than a few segments of spans and one of logs, of which no text is met twice.
void fill(StoreModel& model, store::SourceTicket source, std::uint32_t spans) {
    for (std::uint64_t id = 0; id < spans;) {
        store::Batch batch;
        for (int i = 0; i < 4096 && id < spans; ++i) {
            ++id;
            store::SpanRecord span;
            span.traceId = {1, 1 + id / 30};
            span.spanId = {id};
            span.startNs = id * 1000;
            span.endNs = span.startNs + id % 977;
            span.name = batch.arena.copy("operation " + std::to_string(id % 100));
            const store::Attribute attributes[] = {{"unique", store::Value::ofString(batch.arena.copy("a text that is only here " + std::to_string(id)))}, {"n", store::Value::ofInt(static_cast<std::int64_t>(id))}};
            span.attributes = batch.arena.copy(store::AttributeSpan(attributes));
            batch.spans.push_back(span);
            if (id % 3) continue;
            store::LogRecordData log;
            log.timeNs = id;
            log.traceId = span.traceId;
            log.body = store::Value::ofString(batch.arena.copy("body " + std::to_string(id)));
            batch.logs.push_back(log);
        }
        model.append(std::move(batch), source, 0);
    }
}

TEST(MemoryBudget, KeepsWithinItAndReadsTheSame) {
    NEEDS_DISK;
    store::TraceStore store(policy(24 * kMiB));
    StoreModel model(store);
    model.rememberHashesOnly();
    fill(model, model.addSource(), 24 * store::kSegmentRows + 77);
    store.waitSealed();
    const auto& memory = store.memory();
    EXPECT_GT(memory.onDisk, 10 * kMiB);
    EXPECT_FALSE(memory.diskFails);
    EXPECT_LE(memory.inMemory, std::max<std::uint64_t>(24 * kMiB, memory.fixed + 20 * kMiB));
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

TEST(MemoryBudget, TakesNothingToDiskWithinIt) {
    NEEDS_DISK;
    store::TraceStore store(policy(2048 * kMiB));
    StoreModel model(store);
    model.rememberHashesOnly();
    fill(model, model.addSource(), 8 * store::kSegmentRows);
    store.waitSealed();
    EXPECT_EQ(store.memory().onDisk, 0u);
    EXPECT_GT(store.memory().inMemory, 8 * kMiB);
    EXPECT_FALSE(store.memory().full);
}

// Packing 16 Ki rows of 50 numbers turns 6.5 MB of cells round, in memory that is kept for a second.
TEST(MemoryBudget, WhatPackingTakesCounts) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::File, "wide");
    for (std::uint32_t row = 0; row < store::kSegmentRows;) {
        store::Batch batch;
        for (int i = 0; i < 1024; ++i, ++row) {
            store::SpanRecord span;
            span.traceId = {1, 1};
            span.spanId = {row + 1};
            std::vector<store::Attribute> list;
            for (int a = 0; a < 50; ++a) list.push_back({batch.arena.copy(std::string_view("n" + std::to_string(a))), store::Value::ofInt(static_cast<std::int64_t>(row) % 100)});
            span.attributes = batch.arena.copy(list);
            batch.spans.push_back(span);
        }
        store.append(std::move(batch), source);
    }
    // Whoever still sees the segment unpacked keeps it from being spare.
    const auto unpacked = store.snapshot();
    while (store.snapshot()->spanSegment(0).open) std::this_thread::yield();
    const std::uint64_t packed = store.memory().inMemory;
    store.waitSealed();
    EXPECT_GT(packed - store.memory().inMemory, 6u << 20);
    EXPECT_TRUE(unpacked->spanSegment(0).open);
}

// Readers of old and new snapshots, while segments and texts under them go to disk.
TEST(MemoryBudget, ReadersNoticeNothing) {
    NEEDS_DISK;
    store::TraceStore store(policy(1));
    StoreModel model(store);
    model.rememberHashesOnly();
    const auto source = model.addSource();
    std::vector<store::Batch> batches;
    Draw draw(std::uint64_t{3});
    while (model.spans() < 2 * store::kSegmentRows) {
        batches.push_back(test::drawBatch(draw, {.spans = 9000, .logs = 500}));
        model.expect(batches.back(), source, 0);
    }
    std::atomic<bool> done{false}, good{true};
    std::atomic<int> looks{0};
    const auto read = [&](std::uint64_t seed) {
        Draw pick(seed);
        const auto old = store.snapshot();
        for (bool last = false; !last;) {
            last = done;
            const auto snapshot = store.snapshot();
            for (int k = 0; k < 200 && snapshot->spanCount(); ++k) {
                const auto at = pick.below(snapshot->spanCount());
                if (!model.matches(snapshot->span(static_cast<store::RowId>(at)), at)) good = false;
            }
            ++looks;
        }
    };
    {
        std::jthread first(read, 1), second(read, 2);
        for (auto& batch : batches) store.append(std::move(batch), source, 0);
        store.waitSealed();
        done = true;
    }
    EXPECT_TRUE(good);
    EXPECT_GT(looks, 1);
    EXPECT_GT(store.memory().onDisk, 5 * kMiB);
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

// A disk that takes nothing: everything stays in memory and is right, and the store says that it is full.
TEST(MemoryBudget, ADiskThatFailsLeavesAllInMemory) {
    const journal::TestFolder folder("budget");
    journal::spill(folder.at("file"), "in the way");
    auto bad = policy(4 * kMiB);
    bad.folders = {folder.at("file") + "/folder"};
    store::TraceStore store(bad);
    StoreModel model(store);
    model.rememberHashesOnly();
    fill(model, model.addSource(), 2 * store::kSegmentRows);
    store.waitSealed();
    EXPECT_TRUE(store.memory().diskFails);
    EXPECT_TRUE(store.memory().full);
    EXPECT_EQ(store.memory().onDisk, 0u);
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

// A file that may not grow fails in the middle; once it may, the disk is used again.
TEST(MemoryBudget, ADiskThatRecoversIsUsedAgain) {
    NEEDS_DISK;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit little = before;
    little.rlim_cur = 64 * 1024;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
    store::TraceStore store(policy(1));
    StoreModel model(store);
    model.rememberHashesOnly();
    const auto source = model.addSource();
    fill(model, source, store::kSegmentRows + 5000);
    store.waitSealed();
    EXPECT_TRUE(store.memory().diskFails);
    EXPECT_EQ(store.memory().onDisk, 0u);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    fill(model, source, store::kSegmentRows);
    store.waitSealed();
    EXPECT_FALSE(store.memory().diskFails);
    EXPECT_GT(store.memory().onDisk, 0u);
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

// An import waits for a disk that failed, and goes on when it is there again.
TEST(MemoryBudget, AnImportOutlastsADiskThatFailsForAWhile) {
    NEEDS_DISK;
    const std::string path = home() + "/outlasts-" + std::to_string(::getpid()) + ".jsonl";
    constexpr int kSpans = 8 * store::kSegmentRows;
    {
        std::ofstream file(path);
        for (int i = 1; i <= kSpans; ++i)
            file << R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":")" << SpanId{static_cast<std::uint64_t>(i)}.toHex()
                 << R"(","name":"n","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000001"}]}]}]})" << '\n';
    }
    auto soon = policy(kMiB);
    soon.tryAgainAfter = std::chrono::milliseconds(500);
    store::TraceStore store(soon);
    g_syncFails = true;
    std::jthread mends([&store] {
        for (int i = 0; i < 1000 && !store.memory().full; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        g_syncFails = false;
    });
    const auto report = ingest::importFile(store, path, store::SourceKind::File, nullptr, {}, ingest::Findings::Leave).report;
    std::filesystem::remove(path);
    EXPECT_EQ(report.kept, static_cast<std::uint64_t>(kSpans));
    EXPECT_EQ(report.skipped, 0u);
    EXPECT_GT(store.memory().onDisk, 0u);
}

// What the disk has not surely taken stays in memory.
TEST(MemoryBudget, ADiskThatLosesWhatItWasGivenIsNotTrusted) {
    NEEDS_DISK;
    store::TraceStore store(policy(1));
    StoreModel model(store);
    model.rememberHashesOnly();
    const auto source = model.addSource();
    g_syncFails = true;
    fill(model, source, store::kSegmentRows + 5000);
    store.waitSealed();
    g_syncFails = false;
    EXPECT_TRUE(store.memory().diskFails);
    EXPECT_EQ(store.memory().onDisk, 0u);
    fill(model, source, store::kSegmentRows);
    store.waitSealed();
    EXPECT_FALSE(store.memory().diskFails);
    EXPECT_GT(store.memory().onDisk, 0u);
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

/// Files without a name that the process has open in its home.
std::size_t namelessFiles() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
        count += !gone && target.starts_with(std::filesystem::canonical(home()).string()) && target.ends_with(" (deleted)");
    }
    return count;
}

TEST(MemoryBudget, ClearGivesTheDiskBackWithTheLastReader) {
    NEEDS_DISK;
    ASSERT_EQ(namelessFiles(), 0u);
    store::TraceStore store(policy(1));
    StoreModel model(store);
    model.rememberHashesOnly();
    fill(model, model.addSource(), store::kSegmentRows + 10);
    store.waitSealed();
    EXPECT_EQ(namelessFiles(), 1u);
    store.clear();
    for (int i = 0; i < 1000 && namelessFiles() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(namelessFiles(), 0u);
}

// Clearing gives everything back; snapshots of before stay readable.
TEST(MemoryBudget, ClearBeginsAnew) {
    NEEDS_DISK;
    store::TraceStore store(policy(1));
    StoreModel model(store);
    model.rememberHashesOnly();
    fill(model, model.addSource(), store::kSegmentRows + 10);
    store.waitSealed();
    const auto old = store.snapshot();
    store.clear();
    EXPECT_EQ(store.memory().onDisk, 0u);
    StoreModel again(store);
    again.rememberHashesOnly();
    fill(again, again.addSource(), store::kSegmentRows + 20);
    store.waitSealed();
    EXPECT_GT(store.memory().onDisk, 0u);
    EXPECT_EQ(model.check(*old), "");
    EXPECT_EQ(again.check(*store.snapshot()), "");
}

// Where the whole process is over the budget, what the store counts does not matter.
TEST(MemoryBudget, TheProcessCounts) {
    NEEDS_DISK;
    auto whole = policy(1024 * kMiB);
    whole.process = [] { return store::ProcessMemory{2048 * kMiB, 0}; };
    store::TraceStore store(whole);
    StoreModel model(store);
    model.rememberHashesOnly();
    fill(model, model.addSource(), store::kSegmentRows + 10);
    store.waitSealed();
    EXPECT_GT(store.memory().onDisk, 0u);
    EXPECT_EQ(model.check(*store.snapshot()), "");
}

#ifndef __SANITIZE_THREAD__
TEST(SpillFile, TakesMemoryAwayFromTheProcess) {
    NEEDS_DISK;
    constexpr std::size_t kSize = 64 * kMiB;
    const Pages pages(kSize, true);
    for (std::size_t i = 0; i < kSize; ++i) pages.data()[i] = static_cast<std::byte>(i * 31 >> 5);
    const auto before = processNow();
    auto file = store::SpillFile::create({home()}, 0);
    ASSERT_TRUE(file);
    const store::SpillFile::Piece piece{pages.data(), pages.size()};
    ASSERT_TRUE((*file)->take({&piece, 1}));
    const auto after = processNow();
    EXPECT_LT(after.anonymous + kSize - 4 * kMiB, before.anonymous);
    file->reset();  // the memory keeps the file
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < kSize; ++i) wrong += pages.data()[i] != static_cast<std::byte>(i * 31 >> 5);
    EXPECT_EQ(wrong, 0u);
    const auto read = processNow();
    EXPECT_GT(read.file, after.file + kSize / 2);
    EXPECT_LT(read.anonymous, after.anonymous + kSize / 2);  // it is the file's, not ours
    letGoOf(pages.data(), pages.size());
    EXPECT_LT(processNow().file + kSize / 2, read.file);
    EXPECT_EQ(pages.data()[kSize - 1], static_cast<std::byte>((kSize - 1) * 31 >> 5));
}
#endif

// Nobody finds the file, and nobody but the user could read it.
TEST(SpillFile, HasNoNameAndALockedFolder) {
    const journal::TestFolder folder("spill");
    auto file = store::SpillFile::create({folder.at("not") + "/yet/made"}, 0);
    if (!file) GTEST_SKIP() << "the temporary folder lies in memory";
    EXPECT_TRUE(std::filesystem::is_empty(folder.at("not/yet/made")));
    struct stat info {};
    ASSERT_EQ(::stat(folder.at("not/yet/made").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST(SpillFile, TellsWhatFailedInEachFolder) {
    const auto file = store::SpillFile::create({"/sys/spanreel-nobody-may", "/dev/shm"}, 0);
    ASSERT_FALSE(file);
    const std::string& why = file.error().detail;
    EXPECT_TRUE(why.starts_with("/sys/spanreel-nobody-may: ")) << why;
    EXPECT_EQ(why.find("No such file"), why.npos) << why;
    EXPECT_TRUE(why.ends_with("; /dev/shm is no disk, it lies in memory")) << why;
    EXPECT_EQ(store::SpillFile::create({}, 0).error().detail, "no folder for it");
}

TEST(SpillFile, LeavesTheDiskItsRoom) {
    NEEDS_DISK;
    auto file = store::SpillFile::create({home()}, std::uint64_t{1} << 60);
    ASSERT_TRUE(file);
    const Pages pages(100);
    pages.data()[7] = std::byte{1};
    const store::SpillFile::Piece piece{pages.data(), pages.size()};
    const auto done = (*file)->take({&piece, 1});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().detail, "the disk of " + home() + " is to keep " + std::to_string((std::uint64_t{1} << 60) >> 20) + " MiB free");
    pages.data()[7] = std::byte{2};  // still ours to write
}

TEST(MemoryPolicy, ReadsSizes) {
    using store::parseSize;
    EXPECT_EQ(parseSize("512M"), 512 * kMiB);
    EXPECT_EQ(parseSize("512MiB"), 512 * kMiB);
    EXPECT_EQ(parseSize("2g"), 2048 * kMiB);
    EXPECT_EQ(parseSize("1.5GB"), 1536 * kMiB);
    EXPECT_EQ(parseSize("1000"), 1000u);
    EXPECT_EQ(parseSize("7b"), 7u);
    EXPECT_EQ(parseSize("0"), 0u);
    for (const char* bad : {"", "M", "-1M", "12X", "12MX", "1e99", "nan", "512 M", "5bb"}) EXPECT_FALSE(parseSize(bad)) << bad;
    EXPECT_GE(store::defaultMemoryBudget(), store::kLeastMemoryBudget);
    EXPECT_LE(store::defaultMemoryBudget(), std::max(store::kLeastMemoryBudget, static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * pageSize() / 4));
}

TEST(MemoryBudget, ControlGroupsAndThoseAroundThemLimitIt) {
    const journal::TestFolder folder("groups");
    const auto limit = [&](const std::string& groups) {
        std::istringstream text(groups);
        return store::controlGroupMemory(text, folder.at(""));
    };
    const auto write = [&](const std::string& path, const std::string& text) {
        std::filesystem::create_directories(std::filesystem::path(folder.at(path)).parent_path());
        journal::spill(folder.at(path), text);
    };
    EXPECT_EQ(limit("0::/a.slice/b.scope\n"), UINT64_MAX);
    write("a.slice/b.scope/memory.max", "max\n");
    EXPECT_EQ(limit("0::/a.slice/b.scope\n"), UINT64_MAX);
    write("a.slice/memory.max", "3000000\n");
    EXPECT_EQ(limit("0::/a.slice/b.scope\n"), 3000000u);
    write("a.slice/b.scope/memory.max", "2000000\n");
    EXPECT_EQ(limit("12:pids:/x\n0::/a.slice/b.scope\n"), 2000000u);
    EXPECT_EQ(limit("0::/other\n"), UINT64_MAX);
    EXPECT_EQ(limit("0::/../../a.slice\n"), UINT64_MAX);
    EXPECT_EQ(limit("nonsense\n:\n"), UINT64_MAX);
    write("memory/c/memory.limit_in_bytes", "1000000\n");
    EXPECT_EQ(limit("5:cpu,memory:/c/d\n"), 1000000u);
    write("memory.max", "500000\n");  // all there is to see in a container
    EXPECT_EQ(limit(""), 500000u);
}

// A session holds so much text and no more; it says so before that.
TEST(MemoryBudget, IsFullWhereThereIsNoRoomForText) {
    MemoryPolicy few = policy(0);
    few.mostText = 6 * kMiB;
    store::TraceStore store(few);
    StoreModel model(store);
    const auto source = model.addSource();
    fill(model, source, 20'000);
    EXPECT_FALSE(store.memory().full);
    fill(model, source, 300'000);
    EXPECT_TRUE(store.memory().full);
    EXPECT_TRUE(store.memory().sessionFull);
    EXPECT_EQ(store::whatIsFull(store.memory()), "the room of a session");
    store.clear();
    EXPECT_FALSE(store.memory().full);
}

TEST(MemoryBudget, IsFullWhereRowsCannotBeNumbered) {
    MemoryPolicy few = policy(0);
    few.mostSegments = 2;
    store::TraceStore store(few);
    StoreModel model(store);
    const auto source = model.addSource();
    fill(model, source, 2 * store::kSegmentRows);
    EXPECT_FALSE(store.memory().full);
    fill(model, source, 1);
    EXPECT_TRUE(store.memory().full);
    EXPECT_EQ(store::whatIsFull(store.memory()), "the room of a session");
    store.clear();
    EXPECT_FALSE(store.memory().full);
}

// What is being filled cannot go to disk: spans with very many events end a segment before its rows do.
TEST(MemoryBudget, HoldsForSpansOfManyEvents) {
    NEEDS_DISK;
    store::TraceStore store(policy(64 * kMiB));
    StoreModel model(store);
    const auto source = model.addSource();
    constexpr std::size_t kSpans = 60, kEvents = 100'000;
    const std::vector<store::EventRecord> events(kEvents);
    for (std::uint64_t id = 1; id <= kSpans; ++id) {
        store::Batch batch;
        store::SpanRecord span;
        span.traceId = {1, 1};
        span.spanId = {id};
        span.events = batch.arena.copy(events);
        batch.spans.push_back(span);
        store::LogRecordData log;
        log.body = store::Value::ofInt(static_cast<std::int64_t>(id));
        const std::vector<store::Attribute> many(kEvents, {"n", store::Value::ofInt(1)});
        log.attributes = batch.arena.copy(many);
        batch.logs.push_back(log);
        store.append(std::move(batch), source);
        ASSERT_LT(store.memory().inMemory, 160 * kMiB) << id;
    }
    store.waitSealed();
    EXPECT_LT(store.memory().inMemory, 80 * kMiB);
    EXPECT_FALSE(store.memory().full);
    const auto snapshot = store.snapshot();
    EXPECT_EQ(snapshot->spanCount(), kSpans);
    EXPECT_GT(snapshot->spanSegmentCount(), 5u);
    std::set<std::uint64_t> ids;
    for (std::size_t s = 0; s < snapshot->spanSegmentCount(); ++s)
        for (std::uint32_t i = 0; i < snapshot->spanSegmentRows(s); ++i) {
            const auto span = snapshot->span(store::rowId(static_cast<std::uint32_t>(s), i));
            EXPECT_EQ(span.eventCount(), kEvents);
            ids.insert(span.spanId().value);
        }
    EXPECT_EQ(ids.size(), kSpans);
    EXPECT_EQ(snapshot->logCount(), kSpans);
}

}  // namespace
}  // namespace spanreel
