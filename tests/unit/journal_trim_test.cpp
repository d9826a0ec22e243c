// SPDX-License-Identifier: GPL-3.0-or-later
// Whose data goes when a recording has no more room.
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <span>

#include "ingest/receivers/frame_services.h"
#include "model/journal/journal_series.h"
#include "model/journal/journal_trim.h"
#include "model/journal/session_catalog.h"
#include "tests/unit/journal_files.h"

namespace {
bool g_diskFull = false;
}  // namespace
/// In place of the C library's.
extern "C" ssize_t write(int fd, const void* data, std::size_t size) {
    if (g_diskFull) return errno = ENOSPC, -1;
    return ::syscall(SYS_write, fd, data, size);
}

namespace spanreel::journal {
namespace {

namespace fs = std::filesystem;

/// Payloads "chatty 17 xxx…" or "chatty+quiet 18 xxx…"; the words before the blank are the services.
std::string payloadOf(const std::string& services, int number, std::size_t size = 200) { return services + " " + std::to_string(number) + " " + std::string(size, 'x'); }
FrameServices servicesOf(const FrameInfo&, std::string_view payload) {
    FrameServices out;
    std::string_view names = payload.substr(0, payload.find(' '));
    for (;;) {
        const auto plus = names.find('+');
        out.emplace_back(names.substr(0, plus), 1);
        if (plus == std::string_view::npos) return out;
        names.remove_prefix(plus + 1);
    }
}

class JournalTrimTest : public testing::Test {
protected:
    /// A journal with these payloads, as one that has ended.
    EndedJournal write(const std::string& name, const std::vector<std::string>& payloads) {
        auto writer = JournalWriter::open(folder.at(name), m_sequence);
        EXPECT_TRUE(writer);
        for (const auto& payload : payloads) {
            FrameInfo info;
            info.items = 2;
            info.receivedUtcNs = 1000 + m_sequence;
            EXPECT_TRUE((*writer)->append(info, payload, &m_direct));
            ++m_sequence;
        }
        return {folder.at(name), (*writer)->size(), {}};
    }
    static std::vector<std::string> left(const std::vector<EndedJournal>& files) {
        std::vector<std::string> out;
        for (const auto& file : files) {
            const auto content = contentOf(file.path);
            EXPECT_EQ(content.damagedBytes, 0u);
            EXPECT_EQ(fs::file_size(file.path), file.bytes);
            EXPECT_TRUE(std::ranges::is_sorted(content.sequences));
            out.insert(out.end(), content.payloads.begin(), content.payloads.end());
        }
        return out;
    }

    TestFolder folder{"trim"};
    std::uint64_t m_sequence = 1;
    DirectWrite m_direct;
};

// A filler is nobody's: it has no time and no service, and keeps no file alive.
TEST_F(JournalTrimTest, FillersDoNotCount) {
    std::vector<std::string> payloads;
    for (int i = 0; i < 3; ++i) payloads.push_back(payloadOf("chatty", i, (1u << 20) + static_cast<std::size_t>(i)));
    std::vector<EndedJournal> files{write("part", payloads), write("whole", payloads)};
    const auto bytes = kFileHeaderSize + 3 * kFrameHeaderSize + payloads[0].size() + payloads[1].size() + payloads[2].size();
    for (const EndedJournal& file : files) ASSERT_GT(file.bytes, bytes) << "there is a filler";
    files.erase(files.begin() + 1);
    EXPECT_EQ(trimJournals(files, 1000, servicesOf).spans, 2u);
    EXPECT_EQ(left(files), (std::vector<std::string>{payloads[1], payloads[2]}));
    EXPECT_EQ(files[0].bytes, bytes - kFrameHeaderSize - payloads[0].size());

    files = {{folder.at("whole"), fs::file_size(folder.at("whole")), {}}};
    const Trimmed gone = trimJournals(files, bytes, servicesOf);
    EXPECT_TRUE(files.empty());
    EXPECT_FALSE(fs::exists(folder.at("whole")));
    EXPECT_EQ(gone.spans, 6u);
    EXPECT_EQ(gone.firstUtcNs, 1004u);
    EXPECT_EQ(gone.services.size(), 1u);
}

TEST(OverShare, LevelsTheLargest) {
    using Map = std::map<std::string, std::uint64_t>;
    EXPECT_EQ(overShare({{"a", 100}, {"b", 10}, {"c", 5}}, 50), (Map{{"a", 50}}));
    EXPECT_EQ(overShare({{"a", 100}, {"b", 80}, {"c", 5}}, 60), (Map{{"a", 40}, {"b", 20}}));
    EXPECT_EQ(overShare({{"a", 10}, {"b", 10}}, 10), (Map{{"a", 5}, {"b", 5}}));
    EXPECT_EQ(overShare({{"a", 10}, {"b", 7}}, 1000), (Map{{"a", 10}, {"b", 7}}));
    EXPECT_EQ(overShare({}, 5), Map{});
    // What goes in all is what was asked for, and nobody keeps more than somebody who loses.
    for (std::uint64_t seed = 1; seed < 200; ++seed) {
        Map sizes;
        std::uint64_t state = seed * 7919, total = 0;
        for (int i = 0; i < 6; ++i) {
            state = state * 6364136223846793005ull + 1442695040888963407ull;
            total += sizes[std::string(1, static_cast<char>('a' + i))] = (state >> 40) % 1000;
        }
        const std::uint64_t needed = total * (seed % 10) / 10;
        const Map over = overShare(sizes, needed);
        std::uint64_t sum = 0, level = UINT64_MAX;
        for (const auto& [name, bytes] : over) {
            sum += bytes;
            level = std::min(level, sizes[name] - bytes);
        }
        EXPECT_GE(sum, needed);
        EXPECT_LT(sum, needed + 6);
        for (const auto& [name, bytes] : sizes) {
            if (needed && !over.contains(name)) {
                EXPECT_LE(bytes, level);
            }
        }
    }
}

TEST_F(JournalTrimTest, TheChattyServicePaysAndTheQuietOneStays) {
    std::vector<std::string> first, second, quiet;
    for (int i = 0; i < 100; ++i) {
        first.push_back(payloadOf(i % 10 ? "chatty" : "quiet", i));
        second.push_back(payloadOf(i % 10 ? "chatty" : "quiet", 100 + i));
    }
    std::vector<EndedJournal> files{write("a", first), write("b", second)};
    const auto before = files[0].bytes + files[1].bytes;
    const auto all = left(files);
    const auto gone = trimJournals(files, before / 4, servicesOf);
    EXPECT_GE(gone.bytes, before / 4);
    EXPECT_LT(gone.bytes, before / 4 + 600);
    EXPECT_EQ(files[0].bytes + files[1].bytes + gone.bytes, before);
    ASSERT_EQ(gone.services.size(), 1u);
    EXPECT_EQ(gone.services.begin()->first, "chatty");
    // Exactly the oldest of the chatty one went.
    std::vector<std::string> expected;
    std::size_t dropped = 0;
    const auto kept = left(files);
    for (const auto& payload : all)
        if (payload.starts_with("quiet") || dropped == all.size() - kept.size()) expected.push_back(payload);
        else ++dropped;
    EXPECT_EQ(kept, expected);
    EXPECT_EQ(gone.spans, 2 * dropped);
    EXPECT_EQ(gone.firstUtcNs, 1002u);
    struct stat info {};
    ASSERT_EQ(::stat(files[0].path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    // And again: what was tallied is brought up to date.
    const auto again = trimJournals(files, before / 4, servicesOf);
    EXPECT_GE(again.bytes, before / 4);
    EXPECT_FALSE(again.services.contains("quiet"));
    EXPECT_EQ(std::ranges::count_if(left(files), [](const auto& p) { return p.starts_with("quiet"); }), 20);
}

TEST_F(JournalTrimTest, MixedFramesGoAfterThoseOfOneService) {
    std::vector<std::string> payloads;
    for (int i = 0; i < 30; ++i) payloads.push_back(payloadOf("chatty+quiet", i));
    for (int i = 0; i < 30; ++i) payloads.push_back(payloadOf("chatty", 30 + i));
    std::vector<EndedJournal> files{write("a", payloads)};
    const std::uint64_t frame = payloads[40].size() + kFrameHeaderSize;
    (void)trimJournals(files, 20 * frame, servicesOf);
    auto kept = left(files);
    EXPECT_EQ(std::ranges::count_if(kept, [](const auto& p) { return p.starts_with("chatty+quiet"); }), 30);
    EXPECT_LE(kept.size(), 40u);
    (void)trimJournals(files, 20 * frame, servicesOf);
    kept = left(files);
    EXPECT_LE(kept.size(), 21u);
    EXPECT_GE(kept.size(), 18u);
    // By then those of one service have gone, and of the mixed ones the oldest.
    EXPECT_TRUE(std::ranges::all_of(kept, [](const auto& p) { return p.starts_with("chatty+quiet"); }));
    EXPECT_EQ(kept.back(), payloads[29]);
}

TEST_F(JournalTrimTest, AWholeFileIsRemoved) {
    std::vector<std::string> one, other;
    for (int i = 0; i < 10; ++i) one.push_back(payloadOf("chatty", i)), other.push_back(payloadOf("chatty", 10 + i));
    std::vector<EndedJournal> files{write("a", one), write("b", other)};
    (void)trimJournals(files, files[0].bytes - kFileHeaderSize, servicesOf);
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].path, folder.at("b"));
    EXPECT_FALSE(fs::exists(folder.at("a")));
    EXPECT_EQ(left(files), other);
}

TEST_F(JournalTrimTest, WhatCannotBeWrittenAnewStaysAsItIs) {
    std::vector<std::string> payloads;
    for (int i = 0; i < 100; ++i) payloads.push_back(payloadOf(i % 2 ? "chatty" : "quiet", i, 2000));
    std::vector<EndedJournal> files{write("a", payloads)};
    const auto before = files[0].bytes;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlimit little = limit;
    little.rlim_cur = 16 * 1024;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
    const auto gone = trimJournals(files, before / 2, servicesOf);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_TRUE(gone.empty());
    EXPECT_EQ(files[0].bytes, before);
    EXPECT_EQ(left(files), payloads);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()), 1);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(trimJournals(files, before / 2, servicesOf, stop.get_token()).empty());
    EXPECT_EQ(left(files), payloads);
    std::vector<EndedJournal> missing{{folder.at("nowhere"), 100, {}}};
    EXPECT_TRUE(trimJournals(missing, 50, servicesOf).empty());
}

// Where the disk itself is full nothing can be written anew: then the oldest file goes, though that is more than was asked for.
TEST_F(JournalTrimTest, AFullDiskCostsTheOldestFile) {
    std::vector<std::string> one, other;
    for (int i = 0; i < 10; ++i) one.push_back(payloadOf(i % 2 ? "chatty" : "quiet", i)), other.push_back(payloadOf("chatty", 10 + i));
    std::vector<EndedJournal> files{write("a", one), write("b", other)};
    std::vector<Trimmed> told;
    g_diskFull = true;
    const auto gone = trimJournals(files, files[0].bytes / 4, servicesOf, {}, [&](const Trimmed& part) {
        EXPECT_TRUE(fs::exists(folder.at("a"))) << "it is told before";
        told.push_back(part);
    });
    g_diskFull = false;
    EXPECT_EQ(gone.spans, 20u);
    EXPECT_EQ(gone.services.size(), 2u);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().spans, 20u);
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].path, folder.at("b"));
    EXPECT_EQ(left(files), other);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()), 1);
}

// What nobody can read goes before anything else, and is told; a file that cannot be read at the moment is in nobody's way.
TEST_F(JournalTrimTest, UnreadableStretchesGoFirst) {
    const std::vector<std::string> payloads(20, "chatty " + std::string(500, 'x'));
    std::vector<EndedJournal> files{write("a", payloads), write("b", payloads)};
    for (const auto at : {kFileHeaderSize + 100, kFileHeaderSize + 5'000}) {  // two frames of the newer one
        std::fstream damaged(files[1].path, std::ios::binary | std::ios::in | std::ios::out);
        damaged.seekp(static_cast<std::streamoff>(at));
        damaged.put('\1');
    }
    std::vector<Trimmed> told;
    const auto gone = trimJournals(files, 500, servicesOf, {}, [&](const Trimmed& part) {
        EXPECT_EQ(fs::file_size(files[1].path), files[1].bytes) << "it is told before";
        told.push_back(part);
    });
    EXPECT_EQ(gone.spans, 0u);
    EXPECT_EQ(gone.unread, gone.bytes);
    EXPECT_GT(gone.unread, 1000u);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].unread, gone.unread);
    EXPECT_EQ(left(files).size(), 38u);

    // A file of which nothing can be read goes whole.
    spill(files[0].path, slurp(files[0].path).substr(0, kFileHeaderSize) + std::string(10'000, 'z'));
    files[0] = {files[0].path, kFileHeaderSize + 10'000};
    EXPECT_EQ(trimJournals(files, 5'000, servicesOf).unread, 10'000u);
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(left(files).size(), 18u);

    fs::remove(files[0].path);
    fs::create_directory(files[0].path);  // cannot be read
    files[0].content = {};
    EXPECT_TRUE(trimJournals(files, 5'000, servicesOf).empty());
    EXPECT_TRUE(files.at(0).blocked);
}

// A file that goes whole is read once, to know what is in it; the numbers of what went are those of its frames.
TEST_F(JournalTrimTest, WholeFilesGoWithoutBeingReadAgain) {
    const std::vector<std::string> payloads(20, "chatty:" + std::string(500, 'x'));
    std::vector<EndedJournal> files{write("a", payloads), write("b", payloads), write("c", payloads)};
    std::size_t looked = 0;
    const ServicesOf counting = [&](const FrameInfo& info, std::string_view payload) { return ++looked, servicesOf(info, payload); };
    const std::uint64_t one = files[0].bytes;
    const auto gone = trimJournals(files, 2 * one, counting);
    EXPECT_LE(looked, 80u);  // once each, and the one of which a part goes
    EXPECT_FALSE(fs::exists(folder.at("a")));
    EXPECT_FALSE(fs::exists(folder.at("b")));
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(gone.spans % 2, 0u);
    EXPECT_EQ(gone.spans / 2 + left(files).size(), 60u);
    EXPECT_EQ(gone.firstUtcNs, 1001u);
    EXPECT_GE(gone.bytes, 2 * one);
    EXPECT_LT(gone.bytes, 2 * one + 2000);
    EXPECT_EQ(files[0].content.spans / 2, left(files).size());
    // All of it, were it more than there is.
    const auto rest = trimJournals(files, 100 * one, counting);
    EXPECT_TRUE(files.empty());
    EXPECT_EQ(gone.spans + rest.spans, 2u * 60);
}

// What a file that stays as it is was to lose, the next one loses, and no other service for it.
TEST_F(JournalTrimTest, AFileThatCannotBeWrittenDoesNotCostTheQuiet) {
    std::vector<std::string> first, second;
    for (int i = 0; i < 50; ++i) first.push_back(payloadOf("chatty", i));
    for (int i = 0; i < 8; ++i) first.push_back(payloadOf("large", i, 2000));
    for (int i = 0; i < 5; ++i) second.push_back(payloadOf("quiet", i));
    for (int i = 0; i < 40; ++i) second.push_back(payloadOf("chatty", i));
    std::vector<EndedJournal> files{write("a", first), write("b", second)};
    ASSERT_LT(files[1].bytes, 16u * 1024);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlimit little = limit;
    little.rlim_cur = 16 * 1024;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
    const auto gone = trimJournals(files, 5000, servicesOf);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    EXPECT_GE(gone.bytes, 5000u);
    ASSERT_EQ(gone.services.size(), 1u);
    EXPECT_EQ(gone.services.begin()->first, "chatty");
    const auto kept = left(files);
    EXPECT_EQ(std::ranges::count_if(kept, [](const auto& p) { return p.starts_with("quiet"); }), 5);
    EXPECT_TRUE(std::ranges::equal(first, std::span(kept).first(first.size())));
}

TEST_F(JournalTrimTest, StoppedInTheMiddleOfAFileItIsLeftAsItWas) {
    std::vector<std::string> payloads;
    for (int i = 0; i < 1500; ++i) payloads.push_back(payloadOf("chatty", i, 2000));  // is read in several pieces
    std::vector<EndedJournal> files{write("a", payloads)};
    const auto before = files[0].bytes;
    std::stop_source stop;
    std::size_t looks = 0;
    const auto stopping = [&](const FrameInfo& info, std::string_view payload) {
        if (++looks == payloads.size() + 10) stop.request_stop();  // while it is written anew
        return servicesOf(info, payload);
    };
    EXPECT_TRUE(trimJournals(files, before / 4, stopping, stop.get_token()).empty());
    EXPECT_GT(looks, payloads.size());
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].bytes, before);
    EXPECT_EQ(left(files), payloads);
    EXPECT_FALSE(fs::exists(files[0].path + ".new"));
}

TEST_F(JournalTrimTest, FramesOfRequestsTellTheirServices) {
    const auto resource = [](const char* service, int spans) {
        std::string out = std::string(R"({"resource":{"attributes":[{"key":"service.name","value":{"stringValue":")") + service + R"("}}]},"scopeSpans":[{"spans":[)";
        for (int i = 0; i < spans; ++i) out += std::string(i ? "," : "") + R"({"traceId":"0000000000000000000000000000000a","spanId":"000000000000000b","name":"n"})";
        return out + "]}]}";
    };
    FrameInfo info;
    info.encoding = 1;
    const std::string request = R"({"resourceSpans":[)" + resource("little", 1) + "," + resource("much", 3) + "," + resource("little", 1) + "]}";
    EXPECT_EQ(ingest::servicesOfFrame(info, request), (FrameServices{{"much", 3}, {"little", 2}}));
    info.items = 7;
    EXPECT_EQ(ingest::servicesOfFrame(info, "broken"), (FrameServices{{"", 7}}));
    info.signal = 2;
    EXPECT_EQ(ingest::servicesOfFrame(info, "{}"), (FrameServices{{"", 7}}));
}

TEST_F(JournalTrimTest, ASessionThatIsHeldIsKnown) {
    EXPECT_FALSE(isHeld(folder.path.string()));
    ASSERT_TRUE(writeKeyValues(folder.at("label"), {{"pinned", "1"}}));
    EXPECT_TRUE(isHeld(folder.path.string()));
    ASSERT_TRUE(writeKeyValues(folder.at("label"), {{"pinned", "0"}}));
    EXPECT_FALSE(isHeld(folder.path.string()));
    spill(folder.at("notes.json"), "not to be read");
    EXPECT_TRUE(isHeld(folder.path.string()));
}

}  // namespace
}  // namespace spanreel::journal
