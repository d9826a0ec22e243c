// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <thread>

#include "model/journal/journal_series.h"
#include "model/journal/journal_trim.h"
#include "tests/unit/journal_files.h"

namespace {
std::atomic<int> g_syncs{0};
std::atomic<bool> g_syncFails{false};
}  // namespace
/// In place of the C library's.
extern "C" int fdatasync(int fd) {
    ++g_syncs;
    if (g_syncFails) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

namespace spanreel::journal {
namespace {

namespace fs = std::filesystem;

std::string payloadOf(int number) { return "payload " + std::to_string(number) + std::string(200, 'x'); }

class JournalSeriesTest : public testing::Test {
protected:
    JournalSeries::Options options(const std::string& name = "journal.spanreel") {
        JournalSeries::Options out;
        out.path = folder.at(name);
        out.tell = [this](const JournalEvent& event) {
            const std::lock_guard lock(mutex);
            events.push_back(event);
        };
        return out;
    }
    std::vector<std::string> all(const JournalSeries& series) {
        std::vector<std::string> out;
        for (const auto& file : series.files())
            for (auto& payload : contentOf(file.path).payloads) out.push_back(payload);
        return out;
    }

    TestFolder folder{"series"};
    std::mutex mutex;
    std::vector<JournalEvent> events;
};

TEST_F(JournalSeriesTest, RotatesIntoNumberedFilesWithOneSequence) {
    auto wanted = options();
    wanted.rotateAt = 1000;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    std::vector<std::string> payloads;
    for (int i = 0; i < 20; ++i) {
        payloads.push_back(payloadOf(i));
        ASSERT_TRUE((*series)->append({}, payloads.back()));
    }
    const auto files = (*series)->files();
    ASSERT_GE(files.size(), 4u);
    EXPECT_EQ(files[0].path, folder.at("journal.spanreel"));
    EXPECT_EQ(files[1].path, folder.at("journal-000002.spanreel"));
    EXPECT_EQ(all(**series), payloads);
    std::uint64_t next = 1;
    for (const auto& file : files)
        for (const auto sequence : contentOf(file.path).sequences) EXPECT_EQ(sequence, next++);
    EXPECT_EQ(next, 21u);
    EXPECT_EQ(events.size(), files.size() - 1);
    EXPECT_EQ(events[0].kind, JournalEvent::Kind::NewFile);
    EXPECT_EQ((*series)->framesWritten(), 20u);
}

TEST_F(JournalSeriesTest, TrimsTheOldestButNeverTheLast) {
    auto wanted = options();
    wanted.rotateAt = 1000;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE((*series)->append({}, payloadOf(i)));
    const auto nobody = [](const FrameInfo&, std::string_view) { return FrameServices{}; };
    const auto before = (*series)->files();
    const auto total = (*series)->bytes();
    const auto gone = (*series)->trim(before.front().bytes, nobody);
    EXPECT_GT(gone.bytes, 0u);
    EXPECT_FALSE(fs::exists(before.front().path));
    EXPECT_EQ((*series)->files().size() + 1, before.size());
    EXPECT_LE((*series)->bytes(), total - gone.bytes);
    (void)(*series)->trim(total * 10, nobody);
    const auto left = (*series)->files();
    ASSERT_EQ(left.size(), 1u);
    EXPECT_EQ(left.front().path, before.back().path);
    EXPECT_TRUE(fs::exists(left.front().path));
    for (int i = 0; i < 10; ++i) EXPECT_TRUE((*series)->append({}, payloadOf(i)));
    // Names go on: whoever sorts them by number has them in order.
    for (const auto& file : (*series)->files()) {
        EXPECT_GE(file.path, left.front().path);
        EXPECT_NE(file.path, folder.at("journal.spanreel"));
    }
}

TEST_F(JournalSeriesTest, RotationThatCannotBeStaysInTheFile) {
    // The next name would be longer than a name can be.
    auto wanted = options(std::string(240, 'n') + ".spanreel");
    wanted.rotateAt = 1000;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    std::vector<std::string> payloads;
    for (int i = 0; i < 20; ++i) {
        payloads.push_back(payloadOf(i));
        ASSERT_TRUE((*series)->append({}, payloads.back()));
    }
    ASSERT_EQ((*series)->files().size(), 1u);
    EXPECT_EQ(all(**series), payloads);
    EXPECT_TRUE(events.empty());
}

TEST_F(JournalSeriesTest, ANameThatIsTakenIsPassedOver) {
    auto wanted = options();
    wanted.rotateAt = 1000;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    fs::create_directories(folder.at("journal-000002.spanreel"));
    std::vector<std::string> payloads;
    for (int i = 0; i < 20; ++i) {
        payloads.push_back(payloadOf(i));
        ASSERT_TRUE((*series)->append({}, payloads.back()));
    }
    EXPECT_EQ((*series)->files()[1].path, folder.at("journal-000003.spanreel"));
    EXPECT_EQ(all(**series), payloads);
}

// A file removed under us: what was acknowledged is in the new one, in the old place or where `newHome` says.
TEST_F(JournalSeriesTest, ARemovedFileGoesOnElsewhereWithAllThatWasInIt) {
    for (const bool elsewhere : {false, true}) {
        events.clear();
        auto wanted = options(elsewhere ? "second/journal.spanreel" : "first/journal.spanreel");
        fs::create_directories(fs::path(wanted.path).parent_path());
        if (elsewhere)
            wanted.newHome = [this]() -> Result<std::string> {
                fs::create_directories(folder.at("new"));
                return folder.at("new/journal.spanreel");
            };
        auto series = JournalSeries::open(wanted);
        ASSERT_TRUE(series);
        std::vector<std::string> payloads{payloadOf(1), payloadOf(2)};
        for (const auto& payload : payloads) ASSERT_TRUE((*series)->append({}, payload));
        ASSERT_TRUE((*series)->sync());  // on the disk or not: it went with the file
        if (elsewhere) fs::remove_all(fs::path(wanted.path).parent_path());
        else fs::remove(wanted.path);
        payloads.push_back(payloadOf(3));
        const auto receipt = (*series)->append({}, payloads.back());
        ASSERT_TRUE(receipt);
        EXPECT_EQ(receipt->sequence, 3u);
        const auto files = (*series)->files();
        ASSERT_EQ(files.size(), 1u);
        EXPECT_EQ(files[0].path, elsewhere ? folder.at("new/journal.spanreel") : wanted.path);
        EXPECT_EQ(all(**series), payloads);
        const std::lock_guard lock(mutex);
        ASSERT_EQ(events.size(), 1u);
        EXPECT_EQ(events[0].kind, JournalEvent::Kind::Gone);
        EXPECT_EQ(events[0].next, files[0].path);
    }
}

TEST_F(JournalSeriesTest, NowhereToGoOnIsAnErrorToldOnceAndMended) {
    auto wanted = options("gone/journal.spanreel");
    fs::create_directories(folder.at("gone"));
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    ASSERT_TRUE((*series)->append({}, payloadOf(1)));
    fs::remove_all(folder.at("gone"));
    for (int i = 0; i < 3; ++i) {
        const auto refused = (*series)->append({}, payloadOf(2));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ProblemCode::CannotWrite);
    }
    {
        const std::lock_guard lock(mutex);
        ASSERT_EQ(events.size(), 1u);
        EXPECT_EQ(events[0].kind, JournalEvent::Kind::Stuck);
    }
    fs::create_directories(folder.at("gone"));
    ASSERT_TRUE((*series)->append({}, payloadOf(3)));
    EXPECT_EQ(all(**series), (std::vector<std::string>{payloadOf(1), payloadOf(3)}));
    const std::lock_guard lock(mutex);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[1].kind, JournalEvent::Kind::Gone);
}

// Other programs' log rotation copies a file and cuts it to nothing.
TEST_F(JournalSeriesTest, GoesOnInANewFileWhereTheOldOneIsCutShort) {
    auto wanted = options();
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*series)->append({}, payloadOf(i)));
    fs::resize_file(wanted.path, 0);
    for (int i = 3; i < 6; ++i) ASSERT_TRUE((*series)->append({}, payloadOf(i)));
    EXPECT_EQ(all(**series), (std::vector<std::string>{payloadOf(3), payloadOf(4), payloadOf(5)}));
    EXPECT_EQ(fs::file_size(wanted.path), 0u);
    const std::lock_guard lock(mutex);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, JournalEvent::Kind::Cut);
    EXPECT_EQ(events[0].next, folder.at("journal-000002.spanreel"));
}

TEST_F(JournalSeriesTest, LosesNothingWhereAnotherProgramWritesIntoItsFile) {
    auto wanted = options();
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*series)->append({}, payloadOf(i)));
    std::ofstream(wanted.path, std::ios::binary | std::ios::app) << std::string(10'000, 'x');
    ASSERT_TRUE((*series)->append({}, payloadOf(3)));
    {
        const std::lock_guard lock(mutex);
        ASSERT_EQ(events.size(), 1u);
        EXPECT_EQ(events[0].kind, JournalEvent::Kind::Grown);
        EXPECT_EQ(events[0].next, folder.at("journal-000002.spanreel"));
    }
    // A frame that does not fit is taken back, and nothing with it.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlimit little = limit;
    little.rlim_cur = fs::file_size(folder.at("journal-000002.spanreel")) + 100;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
    EXPECT_FALSE((*series)->append({}, std::string(1000, 'y')));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_EQ(all(**series), (std::vector<std::string>{payloadOf(0), payloadOf(1), payloadOf(2), payloadOf(3)}));
}

// One alone may be a copy of somebody's, and all that is left.
TEST_F(JournalSeriesTest, LeavesWhatWasWrittenAnewWhereTheOldOneIsMissing) {
    auto wanted = options();
    {
        auto series = JournalSeries::open(wanted);
        ASSERT_TRUE(series);
        ASSERT_TRUE((*series)->append({}, payloadOf(1)));
    }
    const auto fresh = wanted.path + kFreshEnding;
    fs::rename(wanted.path, fresh);
    ASSERT_TRUE(JournalSeries::open(wanted));
    EXPECT_TRUE(fs::exists(fresh));
    ASSERT_TRUE(JournalSeries::open(wanted));
    EXPECT_FALSE(fs::exists(fresh)) << "now there are both";
}

TEST_F(JournalSeriesTest, WaitsForNoPipe) {
    ASSERT_EQ(::mkfifo(folder.at("journal-000002.spanreel").c_str(), 0600), 0);
    EXPECT_TRUE(JournalSeries::open(options()));
}

TEST_F(JournalSeriesTest, HasOneWriterWhateverFileItIsIn) {
    auto wanted = options();
    wanted.rotateAt = 500;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE((*series)->append({}, payloadOf(i)));
    ASSERT_GE((*series)->files().size(), 3u);
    const auto refused = [&] {
        const auto second = JournalSeries::open(options());
        return !second && second.error().code == ProblemCode::CannotWrite;
    };
    EXPECT_TRUE(refused());
    EXPECT_TRUE(fs::exists(folder.at(".journal.spanreel.lock")));
    fs::remove(wanted.path);  // as trimming does
    EXPECT_TRUE(refused());
    series->reset();
    EXPECT_FALSE(refused());
    EXPECT_FALSE(fs::exists(folder.at(".journal.spanreel.lock")));
}

TEST_F(JournalSeriesTest, IsContinuedInItsLastFile) {
    auto wanted = options();
    wanted.rotateAt = 500;
    std::vector<std::string> payloads;
    const auto add = [&](JournalSeries& series, int count) {
        for (int i = 0; i < count; ++i) {
            payloads.push_back(payloadOf(static_cast<int>(payloads.size())));
            ASSERT_TRUE(series.append({}, payloads.back()));
        }
    };
    add(**JournalSeries::open(wanted), 9);
    // What was left of a file being written anew, and files that only look like ours.
    fs::copy_file(wanted.path, folder.at("journal-000002.spanreel.new"));
    spill(folder.at("journal-000099.spanreel"), "another program's");
    spill(folder.at("journal.spanreel.new"), "another program's");
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    EXPECT_EQ(all(**series), payloads);
    EXPECT_FALSE(fs::exists(folder.at("journal-000002.spanreel.new")));
    EXPECT_TRUE(fs::exists(folder.at("journal.spanreel.new")));
    add(**series, 9);
    EXPECT_EQ(all(**series), payloads);
    std::uint64_t next = 1, bytes = 0;
    for (const auto& file : (*series)->files()) {
        bytes += fs::file_size(file.path);
        for (const auto sequence : contentOf(file.path).sequences) EXPECT_EQ(sequence, next++);
    }
    EXPECT_EQ((*series)->bytes(), bytes);
    EXPECT_EQ(slurp(folder.at("journal-000099.spanreel")), "another program's");
}

TEST_F(JournalSeriesTest, TakesNoMoreThanItMayHold) {
    auto wanted = options();
    wanted.rotateAt = 500;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    (*series)->setMost(2000);
    int taken = 0;
    while (taken < 100 && (*series)->append({}, payloadOf(taken))) ++taken;
    EXPECT_GT(taken, 5);
    EXPECT_LT((*series)->bytes(), 2600u);
    const auto refused = (*series)->append({}, payloadOf(taken));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ProblemCode::CannotWrite);
    EXPECT_FALSE((*series)->trim(600, [](const FrameInfo&, std::string_view) { return FrameServices{{"one", 1}}; }).empty());
    EXPECT_TRUE((*series)->append({}, payloadOf(taken)));
    const std::lock_guard lock(mutex);
    EXPECT_EQ(std::ranges::count(events, JournalEvent::Kind::Stuck, &JournalEvent::kind), 1);
    EXPECT_EQ(std::ranges::count(events, JournalEvent::Kind::Resumed, &JournalEvent::kind), 1);
}

// While the new home cannot be written, no other is asked for: each would leave a folder behind.
TEST_F(JournalSeriesTest, ANewHomeIsAskedForOnce) {
    auto wanted = options("gone/journal.spanreel");
    fs::create_directories(folder.at("gone"));
    std::vector<std::string> homes;
    wanted.newHome = [&]() -> Result<std::string> {
        homes.push_back(folder.at("home-" + std::to_string(homes.size())));
        fs::create_directories(homes.back());
        return homes.back() + "/" + std::string(300, 'n');  // no name can be so long
    };
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    ASSERT_TRUE((*series)->sync());
    fs::remove_all(folder.at("gone"));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE((*series)->append({}, payloadOf(i)));
    EXPECT_EQ(homes.size(), 1u);
    fs::remove_all(homes.front());  // gone too
    for (int i = 0; i < 3; ++i) EXPECT_FALSE((*series)->append({}, payloadOf(i)));
    EXPECT_EQ(homes.size(), 2u);
}

TEST_F(JournalSeriesTest, DurableSettlesFromManyThreads) {
    auto wanted = options();
    wanted.durable = true;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    std::atomic<int> settled{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 25; ++i) {
                    const auto receipt = (*series)->append({}, payloadOf(i));
                    if (receipt && (*series)->settle(*receipt)) ++settled;
                }
            });
    }
    EXPECT_EQ(settled, 200);
    EXPECT_EQ(all(**series).size(), 200u);
}

// Those that meet share one: one more comes in while one is under way.
TEST_F(JournalSeriesTest, DurableSyncsForManyAtOnce) {
    auto wanted = options();
    wanted.durable = true;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    std::vector<JournalSeries::Receipt> receipts;
    for (int i = 0; i < 100; ++i) receipts.push_back(*(*series)->append({}, payloadOf(i)));
    const int before = g_syncs;
    for (const auto& receipt : receipts) EXPECT_TRUE((*series)->settle(receipt));
    EXPECT_LE(g_syncs - before, 3);  // beside the one in the background
}

// A disk that takes nothing more costs nothing of what an earlier run had acknowledged, durable or not.
TEST_F(JournalSeriesTest, WhatWasThereBeforeStaysWhateverTheDiskSays) {
    for (const bool durable : {true, false})
        for (const bool atOnce : {true, false}) {  // the disk fails when the file is opened, or later
            auto wanted = options(std::string(durable ? "durable" : "plain") + (atOnce ? "-at-once.spanreel" : "-later.spanreel"));
            wanted.durable = durable;
            std::vector<std::string> payloads;
            {
                auto series = JournalSeries::open(wanted);
                for (int i = 0; i < 5; ++i) {
                    payloads.push_back(payloadOf(i));
                    const auto receipt = (*series)->append({}, payloads.back());
                    ASSERT_TRUE(receipt && (*series)->settle(*receipt));
                }
            }
            g_syncFails = atOnce;
            auto series = JournalSeries::open(wanted);
            g_syncFails = true;
            ASSERT_TRUE(series);
            const auto receipt = (*series)->append({}, payloadOf(5));
            const bool acknowledged = receipt && (*series)->settle(*receipt);
            EXPECT_FALSE(durable && acknowledged);
            if (acknowledged) payloads.push_back(payloadOf(5));
            EXPECT_EQ(contentOf(wanted.path).payloads.size(), payloads.size());
            g_syncFails = false;
            payloads.push_back(payloadOf(6));
            const auto next = (*series)->append({}, payloads.back());
            ASSERT_TRUE(next && (*series)->settle(*next));
            EXPECT_EQ(all(**series), payloads) << durable << atOnce;
        }
}

// A disk that comes back gets what it had not taken, also where nobody sends any more: a page cache may have dropped it.
TEST_F(JournalSeriesTest, GoesOnWithoutSendersWhereTheDiskComesBack) {
    auto series = JournalSeries::open(options());
    ASSERT_TRUE(series);
    const auto told = [&](std::size_t number, JournalEvent::Kind kind) {
        for (int i = 0; i < 1000; ++i) {
            {
                const std::lock_guard lock(mutex);
                if (events.size() >= number) return events.size() == number && events.back().kind == kind;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    };
    g_syncFails = true;
    ASSERT_TRUE((*series)->append({}, payloadOf(1)));
    EXPECT_TRUE(told(1, JournalEvent::Kind::Stuck));
    g_syncFails = false;
    EXPECT_TRUE(told(2, JournalEvent::Kind::SyncFailed));
    EXPECT_EQ((*series)->files().size(), 2u);
    EXPECT_EQ(all(**series), std::vector<std::string>{payloadOf(1)});
    // While nothing can be mended, it can be closed.
    g_syncFails = true;
    EXPECT_TRUE((*series)->append({}, payloadOf(2)));
    EXPECT_TRUE(told(3, JournalEvent::Kind::Stuck));
    series->reset();
    g_syncFails = false;
}

// What another program leaves of a file it cuts is kept, also where it had not been synced yet.
TEST_F(JournalSeriesTest, KeepsWhatIsLeftOfAFileThatWasCut) {
    for (const bool durable : {true, false}) {
        auto wanted = options(durable ? "durable.spanreel" : "plain.spanreel");
        wanted.durable = durable;
        auto series = JournalSeries::open(wanted);
        ASSERT_TRUE(series);
        g_syncFails = false;
        std::vector<std::string> payloads;
        for (int i = 0; i < 6; ++i) {
            payloads.push_back(payloadOf(i));
            ASSERT_TRUE((*series)->append({}, payloads.back()));
        }
        fs::resize_file(wanted.path, fs::file_size(wanted.path) - 10);
        payloads.back() = payloadOf(7);
        ASSERT_TRUE((*series)->append({}, payloads.back()));
        EXPECT_EQ(all(**series), payloads) << durable;
    }
}

// Where no file could be begun at its time, it is tried again, also when nothing may be written any more until something goes.
TEST_F(JournalSeriesTest, ANewFileThatCouldNotBeIsTriedAgainAtTheBound) {
    auto wanted = options();
    wanted.rotateAt = 500;
    auto series = JournalSeries::open(wanted);
    ASSERT_TRUE(series);
    (*series)->setMost(2000);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{0, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    int taken = 0;
    while (taken < 100 && (*series)->append({}, payloadOf(taken))) ++taken;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_LT(taken, 100);
    EXPECT_EQ((*series)->files().size(), 1u);
    for (int i = 0; i < 200 && (*series)->files().size() == 1; ++i) {
        EXPECT_FALSE((*series)->append({}, payloadOf(taken)));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ((*series)->files().size(), 2u);
    EXPECT_FALSE((*series)->trim(600, [](const FrameInfo&, std::string_view) { return FrameServices{{"one", 1}}; }).empty());
    EXPECT_TRUE((*series)->append({}, payloadOf(taken)));
}

TEST_F(JournalSeriesTest, CopiesSoundFramesOnlyAndKeepsTheirNumbers) {
    {
        auto first = JournalWriter::open(folder.at("first"));
        ASSERT_TRUE(first);
        for (int i = 0; i < 5; ++i) ASSERT_TRUE((*first)->append({}, payloadOf(i)));
    }
    auto bytes = slurp(folder.at("first"));
    const auto frame = kFrameHeaderSize + payloadOf(0).size();
    bytes[kFileHeaderSize + frame + kFrameHeaderSize + 5] ^= 1;  // in the second payload
    spill(folder.at("first"), bytes);
    auto first = JournalWriter::open(folder.at("first"));
    auto second = JournalWriter::open(folder.at("second"), 3);
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    ASSERT_TRUE((*second)->copyFrom(**first, kFileHeaderSize));
    EXPECT_EQ(contentOf(folder.at("second")).sequences, (std::vector<std::uint64_t>{1, 3, 4, 5}));
    EXPECT_EQ((*second)->nextSequence(), 6u);
    (*first)->cutAt(kFileHeaderSize + frame);
    EXPECT_EQ(contentOf(folder.at("first")).sequences, std::vector<std::uint64_t>{1});
}

}  // namespace
}  // namespace spanreel::journal
