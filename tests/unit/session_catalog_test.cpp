// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>

#include "model/journal/journal_series.h"
#include "model/journal/session_catalog.h"
#include "model/notes/sidecar.h"
#include "tests/unit/journal_files.h"

namespace spanreel::journal {
namespace {

namespace fs = std::filesystem;
using State = SessionEntry::State;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kDay = 24 * 3600 * kSecond;
const SweepPolicy kPolicy{};

class SessionCatalogTest : public testing::Test {
protected:
    void SetUp() override {
        ::setenv("SPANREEL_HOME", home.path.c_str(), 1);
        base = home.at("sessions");
    }

    /// A session with `requests` requests of 7 spans and one of 2 logs; `ends` as it should, or is cut off.
    std::string make(int requests, bool ends, std::size_t payload = 100) {
        auto folder = SessionFolder::create("serve");
        EXPECT_TRUE(folder);
        const std::string path = (*folder)->path();
        {
            JournalSeries::Options options;
            options.path = (*folder)->journalPath();
            options.rotateAt = 1000;
            auto series = JournalSeries::open(options);
            EXPECT_TRUE(series);
            FrameInfo info;
            info.items = 7;
            for (int i = 0; i < requests; ++i) EXPECT_TRUE((*series)->append(info, std::string(payload, 'p')));
            info.signal = 1;
            info.items = 2;
            if (requests > 0) {
                EXPECT_TRUE((*series)->append(info, "log"));
            }
        }
        if (ends) (*folder)->end({static_cast<std::uint64_t>(requests) * 7, 2, 0});
        return path;
    }
    void age(const std::string& folder, std::uint64_t days, std::uint64_t now) {
        const timespec when{static_cast<time_t>((now - days * kDay) / kSecond), 0};
        const timespec both[2] = {when, when};
        for (const auto& entry : fs::directory_iterator(folder)) ::utimensat(AT_FDCWD, entry.path().c_str(), both, 0);
        auto state = *readKeyValues(folder + "/state");
        state["created"] = std::to_string(now - days * kDay);
        ASSERT_TRUE(writeKeyValues(folder + "/state", state));
    }
    std::uint64_t now() { return static_cast<std::uint64_t>(std::time(nullptr)) * kSecond; }
    /// A clock that has been looked at lately, so that age counts.
    void trustClock(std::uint64_t when) { ASSERT_TRUE(writeKeyValues(base + "/swept", {{"last", std::to_string(when - kSecond)}, {"since", std::to_string(when - 2 * kDay)}})); }
    std::vector<std::string> left() {
        std::vector<std::string> out;
        for (const auto& s : listSessions(base)) out.push_back(s.folder);
        return out;
    }
    void note(const std::string& folder) {
        notes::Note note;
        note.id = "n1";
        note.text = "look here";
        ASSERT_TRUE(notes::writeNotesFile(folder + "/notes.json", {{note}}));
    }

    TestFolder home{"catalog"};
    std::string base;
};

TEST_F(SessionCatalogTest, DiscardingLeavesNotes) {
    for (const bool noted : {true, false}) {
        auto folder = SessionFolder::create("window");
        ASSERT_TRUE(folder);
        const std::string path = (*folder)->path();
        spill((*folder)->journalPath(), "");
        if (noted) note(path);
        (*folder)->discard();
        EXPECT_EQ(fs::exists(path), noted);
        folder->reset();
        if (!noted) continue;
        EXPECT_EQ(notes::readNotesFile(path + "/notes.json")->notes.size(), 1u);
        EXPECT_FALSE(fs::exists(path + "/journal.spanreel"));
        ASSERT_EQ(listSessions(base).size(), 1u);
        EXPECT_EQ(listSessions(base).front().state, State::Ended);
        ASSERT_TRUE(removeSession(listSessions(base).front()));
    }
}

// On a full disk a small file is the old one or the new one, never half of it.
TEST_F(SessionCatalogTest, ALabelThatCannotBeWrittenStaysAsItWas) {
    const std::map<std::string, std::string> before{{"name", "mine"}, {"pinned", "1"}};
    ASSERT_TRUE(writeKeyValues(home.at("label"), before));
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlimit little = limit;
    little.rlim_cur = 100;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
    EXPECT_FALSE(writeKeyValues(home.at("label"), {{"name", std::string(200, 'n')}, {"pinned", "0"}}));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_EQ(*readKeyValues(home.at("label")), before);
    EXPECT_EQ(std::distance(fs::directory_iterator(home.path), fs::directory_iterator()), 1);
}

TEST_F(SessionCatalogTest, WhyAFolderCannotBeMadeIsTold) {
    ::setenv("SPANREEL_HOME", "/sys/spanreel-nobody-may", 1);
    const auto folder = SessionFolder::create("window");
    ASSERT_FALSE(folder);
    EXPECT_TRUE(folder.error().detail.starts_with("/sys/spanreel-nobody-may: ")) << folder.error().detail;
    EXPECT_EQ(folder.error().detail.find("No such file"), std::string::npos) << folder.error().detail;
}

TEST_F(SessionCatalogTest, FoldersArePrivateLockedAndDistinct) {
    const auto one = SessionFolder::create("window");
    const auto two = SessionFolder::create("window");
    ASSERT_TRUE(one);
    ASSERT_TRUE(two);
    EXPECT_NE((*one)->path(), (*two)->path());
    EXPECT_EQ((*one)->path().rfind(base + "/", 0), 0u);
    struct stat info {};
    ASSERT_EQ(::stat((*one)->path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
    for (const char* name : {"/lock", "/state"}) {
        ASSERT_EQ(::stat(((*one)->path() + name).c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
    }
    const auto listed = listSessions(base);
    ASSERT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].state, State::Open);
    EXPECT_FALSE(removeSession(listed[0]));
    EXPECT_TRUE(fs::exists(listed[0].folder));
    (*two)->discard();
    EXPECT_FALSE(fs::exists((*two)->path()));
}

TEST_F(SessionCatalogTest, ListsWithCountsAndStates) {
    const auto ended = make(3, true);
    const auto cut = make(12, false);
    for (int round = 0; round < 2; ++round) {  // counted, then as remembered
        const auto listed = listSessions(base);
        ASSERT_EQ(listed.size(), 2u);
        const auto& c = listed[0].folder == cut ? listed[0] : listed[1];
        const auto& e = listed[0].folder == cut ? listed[1] : listed[0];
        EXPECT_EQ(c.state, State::CutOff);
        EXPECT_EQ(c.counts, (SessionCounts{84, 2, 0}));
        EXPECT_GT(c.files.size(), 1u);
        EXPECT_EQ(fs::path(c.files[0]).filename(), "journal.spanreel");
        EXPECT_EQ(fs::path(c.files[1]).filename(), "journal-000002.spanreel");
        EXPECT_EQ(c.by, "serve");
        EXPECT_EQ(e.state, State::Ended);
        EXPECT_EQ(e.counts, (SessionCounts{21, 2, 0}));
        std::uint64_t bytes = 0;
        for (const auto& file : c.files) bytes += fs::file_size(file);
        EXPECT_EQ(c.bytes, bytes);
    }
}

TEST_F(SessionCatalogTest, CountsADamagedJournalByItsWholeFrames) {
    const auto folder = make(5, false);
    auto bytes = slurp(folder + "/journal.spanreel");
    bytes[kFileHeaderSize + 10] ^= 1;  // the first frame's header
    spill(folder + "/journal.spanreel", bytes);
    EXPECT_EQ(listSessions(base)[0].counts, (SessionCounts{28, 2, 0}));
}

TEST_F(SessionCatalogTest, NamesAndPinsSurvive) {
    make(1, true);
    auto session = listSessions(base)[0];
    ASSERT_TRUE(nameSession(session, "Bug 17:\ncart = 0 € <b>"));
    ASSERT_TRUE(pinSession(session, true));
    session = listSessions(base)[0];
    EXPECT_EQ(session.name, "Bug 17: cart = 0 € <b>");
    EXPECT_TRUE(session.pinned);
    ASSERT_TRUE(pinSession(session, false));
    EXPECT_FALSE(listSessions(base)[0].pinned);
    EXPECT_FALSE(listSessions(base)[0].name.empty());
}

TEST_F(SessionCatalogTest, OldSessionsGoUnlessPinnedNotedOrOpen) {
    const auto when = now();
    const auto old = make(1, true), oldCut = make(1, false), pinned = make(1, true), noted = make(1, true), young = make(1, true);
    note(noted);
    for (const auto& session : listSessions(base))
        if (session.folder == pinned) {
            ASSERT_TRUE(pinSession(session, true));
        }
    for (const auto& folder : {old, oldCut, pinned, noted}) age(folder, 8, when);
    age(young, 6, when);
    const auto open = SessionFolder::create("window");
    ASSERT_TRUE(open);
    age((*open)->path(), 9, when);
    trustClock(when);
    const auto swept = sweepSessions(base, kPolicy, when);
    ASSERT_EQ(swept.removed.size(), 2u);
    EXPECT_FALSE(fs::exists(old));
    EXPECT_FALSE(fs::exists(oldCut));
    for (const auto& folder : {pinned, noted, young, (*open)->path()}) EXPECT_TRUE(fs::exists(folder)) << folder;
    EXPECT_FALSE(swept.overBudget);
    const auto log = slurp(base + "/removed.log");
    EXPECT_NE(log.find(fs::path(old).filename().string()), std::string::npos);
    EXPECT_NE(log.find("7 spans"), std::string::npos);
    struct stat info {};
    ASSERT_EQ(::stat((base + "/removed.log").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(SessionCatalogTest, AStoppedSweepRemovesNothing) {
    const auto when = now();
    const auto old = make(1, true);
    age(old, 8, when);
    trustClock(when);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(sweepSessions(base, {1, kPolicy.maxAgeNs}, when, stop.get_token()).removed.empty());
    EXPECT_TRUE(fs::exists(old));
}

TEST_F(SessionCatalogTest, PastTheBudgetTheOldestGoFirst) {
    const auto when = now();
    std::vector<std::string> folders;
    for (int i = 0; i < 5; ++i) {
        folders.push_back(make(10, true, 1000));
        age(folders.back(), static_cast<std::uint64_t>(5 - i), when);
    }
    note(folders[0]);
    trustClock(when);
    const auto each = listSessions(base)[0].bytes;
    auto swept = sweepSessions(base, {each * 3, kPolicy.maxAgeNs}, when);
    ASSERT_EQ(swept.removed.size(), 2u);
    EXPECT_EQ(swept.removed[0].folder, folders[1]);
    EXPECT_EQ(swept.removed[1].folder, folders[2]);
    EXPECT_EQ(swept.bytesLeft, each * 3);
    EXPECT_EQ(left(), (std::vector<std::string>{folders[4], folders[3], folders[0]}));
    swept = sweepSessions(base, {1, kPolicy.maxAgeNs}, when);
    EXPECT_TRUE(swept.overBudget);
    EXPECT_EQ(left(), std::vector<std::string>{folders[0]});
}

// A clock that jumped a year ahead must not cost a week's sessions: nothing goes for its age before a day has passed.
TEST_F(SessionCatalogTest, AJumpingClockRemovesNothing) {
    const auto when = now();
    const auto folder = make(1, true);
    age(folder, 1, when);
    trustClock(when);
    EXPECT_TRUE(sweepSessions(base, kPolicy, when).removed.empty());
    const auto ahead = when + 365 * kDay;
    EXPECT_TRUE(sweepSessions(base, kPolicy, ahead).removed.empty());
    EXPECT_TRUE(sweepSessions(base, kPolicy, ahead + kDay / 2).removed.empty());
    EXPECT_TRUE(sweepSessions(base, kPolicy, when + kSecond).removed.empty());  // and back
    EXPECT_TRUE(sweepSessions(base, kPolicy, when + 2 * kDay).removed.empty());
    EXPECT_TRUE(fs::exists(folder));
    // A week of which every day was seen.
    for (std::uint64_t day = 3; day < 9; ++day) (void)sweepSessions(base, kPolicy, when + day * kDay);
    EXPECT_FALSE(fs::exists(folder));
}

TEST_F(SessionCatalogTest, WhatAKilledProgramLeftGoes) {
    const auto when = now();
    const auto empty = make(0, false);
    const auto hidden = base + "/.20200101T000000Z-00000000";
    fs::create_directories(hidden);
    spill(hidden + "/lock", "");
    fs::create_directory_symlink(home.path, base + "/link");
    const timespec past[2] = {{static_cast<time_t>(when / kSecond) - 7200, 0}, {static_cast<time_t>(when / kSecond) - 7200, 0}};
    ::utimensat(AT_FDCWD, hidden.c_str(), past, 0);
    const auto kept = make(5, true);
    for (const char* name : {"/journal-2.spanreel", "/journal.spanreel.new", "/journal-2.spanreel.new", "/notes.new"}) spill(kept + name, slurp(kept + "/journal.spanreel"));
    const auto swept = sweepSessions(base, kPolicy, when);
    EXPECT_TRUE(swept.removed.empty());  // nothing was in them
    EXPECT_FALSE(fs::exists(empty));
    EXPECT_FALSE(fs::exists(hidden));
    EXPECT_TRUE(fs::exists(base + "/link"));
    EXPECT_EQ(left().size(), 1u);
    EXPECT_FALSE(fs::exists(kept + "/journal.spanreel.new") || fs::exists(kept + "/journal-2.spanreel.new"));
    EXPECT_TRUE(fs::exists(kept + "/journal.spanreel") && fs::exists(kept + "/notes.new"));
}

TEST_F(SessionCatalogTest, WhatIsNotASessionsStays) {
    const auto ours = make(0, true), gone = make(1, true), renamed = make(1, true), linked = make(1, true), joined = make(1, true);
    spill(joined + "/analysis.txt", "mine");
    fs::create_directories(base + "/backup/old");
    spill(base + "/backup/old/important.txt", "mine");
    fs::create_directories(base + "/.git");
    spill(base + "/.git/HEAD", "mine");
    fs::rename(renamed + "/journal.spanreel", renamed + "/checkout-bug.spanreel");
    fs::rename(linked + "/journal.spanreel", home.at("elsewhere"));
    fs::create_symlink(home.at("elsewhere"), linked + "/journal.spanreel");
    trustClock(now());
    for (const auto& folder : {ours, gone, renamed, linked, joined}) age(folder, 8, now());
    const timespec past[2] = {{1, 0}, {1, 0}};
    ::utimensat(AT_FDCWD, (base + "/.git").c_str(), past, 0);

    const auto swept = sweepSessions(base, kPolicy, now());
    ASSERT_EQ(swept.removed.size(), 1u);
    EXPECT_EQ(swept.removed.front().folder, gone);
    EXPECT_FALSE(fs::exists(ours)) << "nothing was in it";
    EXPECT_TRUE(fs::exists(base + "/backup/old/important.txt"));
    EXPECT_TRUE(fs::exists(base + "/.git/HEAD"));
    EXPECT_TRUE(fs::exists(renamed + "/checkout-bug.spanreel"));
    EXPECT_TRUE(fs::exists(joined + "/analysis.txt")) << "beside a journal";
    EXPECT_TRUE(fs::is_symlink(linked + "/journal.spanreel"));
    for (const auto& session : listSessions(base)) EXPECT_NE(session.id, "backup");
}

// A label that cannot be read may say that the session is pinned, and a state when it began.
TEST_F(SessionCatalogTest, WhatCannotBeReadIsHeldAndStaysAsItIs) {
    for (const char* name : {"/label", "/state"}) {
        const auto folder = make(1, true);
        age(folder, 8, now());
        trustClock(now());
        fs::remove(folder + name);
        ASSERT_EQ(::mkfifo((folder + name).c_str(), 0600), 0);  // nobody waits for what comes out of it either
        EXPECT_TRUE(sweepSessions(base, {0, 1, {}, true}, now()).removed.empty()) << name;
        ASSERT_EQ(left(), std::vector{folder});
        EXPECT_TRUE(fs::is_fifo(folder + name)) << name;
        EXPECT_EQ(isHeld(folder), name == std::string("/label"));
        if (isHeld(folder)) {
            EXPECT_FALSE(nameSession(listSessions(base).front(), "mine"));
        }
        ASSERT_TRUE(removeSession(listSessions(base).front()));
    }
}

// The power went before the name of a new session had reached the disk.
TEST_F(SessionCatalogTest, AHiddenSessionWithRecordsComesBack) {
    const auto folder = make(1, true);
    const auto hidden = base + "/." + fs::path(folder).filename().string();
    fs::rename(folder, hidden);
    const timespec past[2] = {{1, 0}, {1, 0}};
    ::utimensat(AT_FDCWD, hidden.c_str(), past, 0);
    sweepSessions(base, kPolicy, now());
    EXPECT_EQ(left(), std::vector{folder});
}

}  // namespace
}  // namespace spanreel::journal
