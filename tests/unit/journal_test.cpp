// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "model/core/file_handle.h"
#include "model/core/pages.h"
#include "model/journal/direct_write.h"
#include "model/journal/journal_parser.h"
#include "model/journal/journal_writer.h"

namespace {
std::size_t g_directTaken = 0;  ///< bytes of a direct write that reach the file before it fails; 0 = all, and it does not
}  // namespace
/// In place of the C library's.
extern "C" ssize_t write(int fd, const void* bytes, size_t size) {
    const int flags = g_directTaken > 0 ? ::fcntl(fd, F_GETFL) : -1;
    if (flags < 0 || (flags & O_DIRECT) == 0) return ::syscall(SYS_write, fd, bytes, size);
    if (::syscall(SYS_write, fd, bytes, g_directTaken) < 0) return -1;
    errno = EIO;
    return -1;
}

namespace spanreel::journal {
namespace {

namespace fs = std::filesystem;

struct Seen {
    std::vector<FrameInfo> infos;
    std::vector<std::string> payloads;
    std::vector<JournalParser::Damage> damage;
    std::uint64_t damagedBytes = 0;
    bool torn = false;
};

Seen parse(std::string_view bytes, std::size_t chunk) {
    Seen seen;
    JournalParser parser({[&](const JournalParser::Frame& f) {
                              seen.infos.push_back(f.info);
                              seen.payloads.emplace_back(f.payload);
                          },
                          [&](JournalParser::Damage kind, std::uint64_t, std::uint64_t count) {
                              seen.damage.push_back(kind);
                              seen.damagedBytes += count;
                          }});
    for (std::size_t i = 0; i < bytes.size(); i += chunk) parser.feed(bytes.substr(i, chunk));
    parser.finish();
    seen.torn = parser.torn();
    return seen;
}

std::string slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
void spill(const std::string& path, std::string_view bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; }

/// While it lives files of this process grow to so many bytes and no further.
class FilesUpTo {
public:
    explicit FilesUpTo(std::uint64_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &m_before), 0);
        rlimit little = m_before;
        little.rlim_cur = bytes;
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
    }
    FilesUpTo(const FilesUpTo&) = delete;
    FilesUpTo& operator=(const FilesUpTo&) = delete;
    ~FilesUpTo() { EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &m_before), 0); }

private:
    rlimit m_before{};
};

class JournalTest : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::temp_directory_path() / ("spanreel-journal-" + std::to_string(::getpid()) + "-" + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::create_directories(m_folder);
        path = (m_folder / "journal").string();
    }
    void TearDown() override { fs::remove_all(m_folder); }

    /// `count` frames with payloads of growing, odd sizes; some contain the frame magic.
    std::vector<std::string> fill(int count) {
        auto writer = JournalWriter::open(path);
        EXPECT_TRUE(writer);
        std::vector<std::string> payloads;
        for (int i = 0; i < count; ++i) {
            std::string payload(static_cast<std::size_t>(i * 37), static_cast<char>('a' + i % 26));
            if (i % 3 == 0) payload += std::string(kFrameMagic) + "not a frame";
            FrameInfo info;
            info.signal = static_cast<std::uint8_t>(i % 3);
            info.encoding = static_cast<std::uint8_t>(i % 2);
            info.source = static_cast<std::uint32_t>(i);
            info.items = static_cast<std::uint32_t>(i * 10);
            info.receivedUtcNs = 1000u + static_cast<std::uint64_t>(i);
            info.receivedSteadyNs = 7;
            EXPECT_EQ(*(*writer)->append(info, payload), static_cast<std::uint64_t>(i + 1));
            payloads.push_back(std::move(payload));
        }
        return payloads;
    }

    fs::path m_folder;
    std::string path;
};

TEST(RunningChecksum, IsThatOfTheWholeWhereverItIsCut) {
    std::string bytes;
    for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i * i % 251);
    for (const std::size_t piece : {1u, 3u, 64u, 255u, 256u, 1024u, 5000u}) {
        RunningChecksum check;
        EXPECT_EQ(check.value(), checksum(""));
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            check.add(std::string_view(bytes).substr(at, piece));
            ASSERT_EQ(check.value(), checksum(std::string_view(bytes).substr(0, at + piece))) << piece;
        }
    }
}

TEST_F(JournalTest, ReadsBackInAnyChunking) {
    const auto payloads = fill(20);
    const auto bytes = slurp(path);
    for (const std::size_t chunk : {1u, 7u, 55u, 56u, 57u, 4096u, 1u << 20}) {
        const auto seen = parse(bytes, chunk);
        EXPECT_EQ(seen.payloads, payloads) << chunk;
        EXPECT_TRUE(seen.damage.empty());
        ASSERT_EQ(seen.infos.size(), 20u);
        EXPECT_EQ(seen.infos[4].sequence, 5u);
        EXPECT_EQ(seen.infos[4].signal, 1);
        EXPECT_EQ(seen.infos[4].encoding, 0);
        EXPECT_EQ(seen.infos[4].source, 4u);
        EXPECT_EQ(seen.infos[4].items, 40u);
        EXPECT_EQ(seen.infos[4].receivedUtcNs, 1004u);
        EXPECT_EQ(seen.infos[4].receivedSteadyNs, 7u);
    }
}

TEST_F(JournalTest, LayoutIsTheDocumentedOne) {
    fill(1);
    const auto bytes = slurp(path);
    ASSERT_GE(bytes.size(), kFileHeaderSize + kFrameHeaderSize);
    EXPECT_EQ(bytes.substr(0, 8), "SPANREEL");
    EXPECT_EQ(bytes.substr(48, 4), "\xA5SRF");
    EXPECT_EQ(bytes.size(), 48u + 56u + static_cast<unsigned char>(bytes[48 + 8]));
    EXPECT_EQ(bytes[48 + 24], 1);
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
}

// A kill at any byte: all whole frames are read, the rest is told, and a writer goes on behind the last whole one.
TEST_F(JournalTest, EveryCutKeepsWholeFramesAndCanBeContinued) {
    const auto payloads = fill(3);
    const auto bytes = slurp(path);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const auto head = std::string_view(bytes).substr(0, cut);
        const auto before = parse(head, 64);
        spill(path, head);
        if (cut > 0 && cut < 16) {  // so little may be anybody's text
            ASSERT_FALSE(JournalWriter::open(path)) << cut;
            ASSERT_EQ(slurp(path), head);
            continue;
        }
        {
            auto writer = JournalWriter::open(path);
            ASSERT_TRUE(writer) << cut << ": " << writer.error().detail;
            ASSERT_EQ(*(*writer)->append({}, "later"), before.payloads.size() + 1) << cut;
        }
        const auto after = parse(slurp(path), 4096);
        ASSERT_TRUE(after.damage.empty()) << cut;
        ASSERT_EQ(after.payloads.size(), before.payloads.size() + 1) << cut;
        ASSERT_EQ(after.payloads.back(), "later");
        for (std::size_t i = 0; i < before.payloads.size(); ++i) ASSERT_EQ(after.payloads[i], payloads[i]);
    }
}

// One flipped byte anywhere costs at most the frame it lies in.
TEST_F(JournalTest, OneDamagedByteCostsAtMostOneFrame) {
    const auto payloads = fill(6);
    const auto bytes = slurp(path);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
        const auto seen = parse(damaged, 100);
        ASSERT_EQ(seen.payloads.size(), at < kFileHeaderSize ? 6u : 5u) << at;
        ASSERT_FALSE(seen.damage.empty()) << at;
        for (const auto& payload : seen.payloads) ASSERT_NE(std::find(payloads.begin(), payloads.end(), payload), payloads.end());
    }
}

TEST_F(JournalTest, DamagedMiddleIsKeptWhenContinued) {
    fill(6);
    auto bytes = slurp(path);
    bytes[200] = static_cast<char>(bytes[200] ^ 1);
    spill(path, bytes);
    {
        auto writer = JournalWriter::open(path);
        ASSERT_TRUE(writer);
        EXPECT_EQ((*writer)->cutBytes(), 0u);
        ASSERT_EQ(*(*writer)->append({}, "later"), 7u);
    }
    EXPECT_EQ(slurp(path).substr(0, bytes.size()), bytes);
    EXPECT_EQ(parse(slurp(path), 4096).payloads.size(), 6u);
}

TEST_F(JournalTest, RandomBytesNeverBreakTheParser) {
    std::mt19937 random(42);
    for (int round = 0; round < 200; ++round) {
        std::string bytes(random() % 3000, '\0');
        for (auto& c : bytes) c = static_cast<char>(random());
        for (int i = 0; i < 5 && bytes.size() > 60; ++i) bytes.replace(random() % (bytes.size() - 8), 4, kFrameMagic);
        const auto seen = parse(bytes, 1 + random() % 500);
        EXPECT_TRUE(seen.payloads.empty());
        EXPECT_EQ(seen.damagedBytes, bytes.size());
    }
}

TEST_F(JournalTest, RefusesAndLeavesOtherFilesAlone) {
    for (const std::string& text : {std::string("{\"resourceSpans\":[]}\n"), std::string("SPANREEL but not a journal, long enough to hold a header"), std::string("SPAMREEL"), std::string("S"), std::string("SPANREEL notes: call Bob\n")}) {
        spill(path, text);
        const auto writer = JournalWriter::open(path);
        ASSERT_FALSE(writer);
        EXPECT_EQ(writer.error().code, ProblemCode::Usage);
        EXPECT_EQ(slurp(path), text);
    }
}

/// Pages of the file that the kernel keeps in memory, and all it has.
std::pair<std::size_t, std::size_t> pagesInMemory(const std::string& path) {
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto bytes = static_cast<std::size_t>(fs::file_size(path));
    std::vector<unsigned char> pages((bytes + pageSize() - 1) / pageSize());
    void* const at = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.fd, 0);
    EXPECT_NE(at, MAP_FAILED);
    EXPECT_EQ(::mincore(at, bytes, pages.data()), 0);
    ::munmap(at, bytes);
    return {static_cast<std::size_t>(std::count_if(pages.begin(), pages.end(), [](unsigned char page) { return page & 1; })), pages.size()};
}

TEST_F(JournalTest, WhatIsOnTheDiskIsNotKeptInMemoryToo) {
    struct statfs kind {};
    ASSERT_EQ(::statfs(m_folder.c_str(), &kind), 0);
    if (kind.f_type == TMPFS_MAGIC) GTEST_SKIP() << m_folder << " lies in memory";
    auto writer = JournalWriter::open(path);
    ASSERT_TRUE(writer);
    const std::string payload(1'000'000, 'x');
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 5; ++i) ASSERT_TRUE((*writer)->append({}, payload));
        const auto [before, all] = pagesInMemory(path);
        EXPECT_GE(before, 5'000'000 / pageSize());
        ASSERT_TRUE((*writer)->sync());
        EXPECT_LE(pagesInMemory(path).first, all / 10) << "round " << round;
    }
    writer->reset();
    EXPECT_EQ(parse(slurp(path), 1 << 20).infos.size(), 15u);
}

// From here on: large frames whose writer would rather spare the processor, so that their whole pages go past the page cache.

class DirectFrames : public JournalTest {
protected:
    /// Memory for a payload that begins so many bytes behind a page's beginning.
    static std::string_view payload(std::vector<char>& memory, std::size_t inPage, std::size_t size, int seed) {
        memory.resize(size + 2 * pageSize());
        const std::size_t page = (pageSize() - reinterpret_cast<std::uintptr_t>(memory.data()) % pageSize()) % pageSize();
        std::mt19937 random(static_cast<unsigned>(seed));
        for (std::size_t i = 0; i < size; i += 64) memory[page + inPage + i] = static_cast<char>(random());
        return {memory.data() + page + inPage, size};
    }
    /// Payloads of the requests; everything else must be zeros, and nothing damaged.
    static std::vector<std::string> requests(const Seen& seen) {
        std::vector<std::string> out;
        std::uint64_t last = 0;
        for (std::size_t i = 0; i < seen.infos.size(); ++i) {
            if (seen.infos[i].type == FrameType::Filler) {
                EXPECT_EQ(seen.payloads[i], std::string(seen.payloads[i].size(), '\0'));
                continue;
            }
            EXPECT_EQ(seen.infos[i].sequence, ++last);
            out.push_back(seen.payloads[i]);
        }
        EXPECT_EQ(seen.damagedBytes, 0u);
        return out;
    }
    static constexpr std::size_t kLarge = 1024 * 1024;
    DirectWrite direct;
};

TEST_F(DirectFrames, ReadBackWhereverTheyLie) {
    std::vector<std::string> sent;
    {
        auto writer = JournalWriter::open(path);
        ASSERT_TRUE(writer);
        std::vector<char> memory;
        for (const std::size_t size : {kLarge, kLarge + 1, 2 * kLarge - kFrameHeaderSize, 3 * kLarge + 4095})
            for (const std::size_t inPage : {std::size_t{0}, std::size_t{1}, std::size_t{16}, pageSize() - 1}) {
                const int n = static_cast<int>(sent.size());
                for (const auto bytes : {payload(memory, inPage, size, n), std::string_view("small ones between").substr(static_cast<std::size_t>(n) % 7)}) {
                    ASSERT_TRUE((*writer)->append({}, bytes, &direct));
                    sent.emplace_back(bytes);
                    ASSERT_EQ(fs::file_size(path), (*writer)->size());
                }
            }
        struct statfs kind {};
        ASSERT_EQ(::statfs(m_folder.c_str(), &kind), 0);
        const auto [cached, all] = pagesInMemory(path);
        if (kind.f_type == EXT4_SUPER_MAGIC || kind.f_type == XFS_SUPER_MAGIC) {
            EXPECT_LE(cached, all / 50);
        }
        ASSERT_TRUE((*writer)->sync());
    }
    EXPECT_EQ(requests(parse(slurp(path), 1 << 20)), sent);
}

TEST_F(DirectFrames, EveryCutKeepsWholeFramesAndCanBeContinued) {
    std::vector<std::string> sent;
    std::vector<std::uint64_t> ends;
    {
        auto writer = JournalWriter::open(path);
        ASSERT_TRUE(writer);
        std::vector<char> memory;
        for (int i = 0; i < 4; ++i) {
            sent.emplace_back(payload(memory, 16, kLarge + static_cast<std::size_t>(i) * 777, i));
            ASSERT_TRUE((*writer)->append({}, sent.back(), &direct));
            ends.push_back((*writer)->size());
        }
    }
    const std::string whole = slurp(path);
    std::mt19937_64 random(7);
    for (int round = 0; round < 40; ++round) {
        // Also right at the edges of frames, fillers among them.
        const std::uint64_t edge = ends[random() % ends.size()], near = random() % 9000;
        const std::uint64_t cut = round % 2 ? random() % whole.size() : std::min<std::uint64_t>(whole.size(), edge + near - std::min(edge, near / 2 * 2));
        spill(path, std::string_view(whole).substr(0, cut));
        auto kept = sent;
        kept.resize(static_cast<std::size_t>(std::ranges::count_if(ends, [&](std::uint64_t end) { return end <= cut; })));
        auto writer = JournalWriter::open(path);
        ASSERT_TRUE(writer);
        kept.push_back(sent[3]);
        ASSERT_TRUE((*writer)->append({}, kept.back(), &direct));
        writer->reset();
        ASSERT_EQ(requests(parse(slurp(path), 1 << 20)), kept) << "cut at " << cut;
    }
}

TEST_F(DirectFrames, WhatCannotGoPastThePageCacheIsLeftToIt) {
    std::vector<char> memory;
    const auto bytes = payload(memory, 0, 4 * pageSize(), 1);
    spill(path, "x");
    FileHandle file(::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
    ASSERT_GE(file.fd, 0);
    const int flags = ::fcntl(file.fd, F_GETFL);
    EXPECT_TRUE(direct.worthTrying());
    struct statfs kind {};
    ASSERT_EQ(::fstatfs(file.fd, &kind), 0);
    if (kind.f_type != EXT4_SUPER_MAGIC) GTEST_SKIP() << "the file system may take writes that are not whole pages";
    EXPECT_EQ(direct.append(file.fd, bytes), 0u);  // not at a page of the file
    EXPECT_FALSE(direct.worthTrying());
    EXPECT_EQ(::fcntl(file.fd, F_GETFL), flags);
    EXPECT_EQ(fs::file_size(path), 1u);
}

TEST(DirectWrite, SlowDisksAreLeftAloneForLongerAndLonger) {
    DirectWrite direct;
    const auto pauses = [&] {
        std::uint32_t count = 0;
        while (!direct.worthTrying()) ++count;
        return count;
    };
    const auto writes = [&](std::uint64_t ns) {
        for (int i = 0; i < 16; ++i) direct.note(4'000'000, ns);
    };
    writes(3'000'000);
    EXPECT_EQ(pauses(), 0u);
    writes(40'000'000);
    const auto first = pauses();
    EXPECT_GT(first, 100u);
    writes(40'000'000);
    EXPECT_EQ(pauses(), 2 * first);
    for (int i = 0; i < 20; ++i) writes(40'000'000);
    const auto longest = pauses();
    writes(40'000'000);
    EXPECT_EQ(pauses(), longest);
    writes(3'000'000);
    EXPECT_EQ(pauses(), 0u);
    writes(40'000'000);
    EXPECT_EQ(pauses(), first);
}

TEST_F(DirectFrames, ThatDoNotFitLeaveNothingButAFiller) {
    auto writer = JournalWriter::open(path);
    ASSERT_TRUE(writer);
    std::vector<std::string> sent;
    std::vector<char> memory;
    for (const std::uint64_t room : {std::uint64_t{0}, std::uint64_t{3000}, std::uint64_t{9000}, std::uint64_t{kLarge / 2}, std::uint64_t{kLarge - 100}}) {
        const auto bytes = payload(memory, 100, kLarge, static_cast<int>(room));
        {
            const FilesUpTo limit((*writer)->size() + room);
            EXPECT_FALSE((*writer)->append({}, bytes, &direct)) << "room for " << room;
        }
        EXPECT_EQ(fs::file_size(path), (*writer)->size()) << "room for " << room;
        EXPECT_TRUE((*writer)->append({}, bytes, &direct));
        sent.emplace_back(bytes);
    }
    writer->reset();
    EXPECT_EQ(requests(parse(slurp(path), 1 << 20)), sent);
}

// A kernel may write a part of what it is given and then only say that it failed: nothing of that frame may stay.
TEST_F(DirectFrames, ThatFailInPartLeaveNothingButAFiller) {
    auto writer = JournalWriter::open(path);
    ASSERT_TRUE(writer);
    std::vector<std::string> sent;
    std::vector<char> memory;
    for (const std::size_t taken : {pageSize(), kLarge / 2}) {
        const auto bytes = payload(memory, 100, kLarge, static_cast<int>(taken));
        DirectWrite anew;  // one that failed is not tried again soon
        g_directTaken = taken;
        EXPECT_FALSE((*writer)->append({}, bytes, &anew)) << taken << " bytes written";
        EXPECT_FALSE(anew.worthTrying()) << "it was not tried";
        g_directTaken = 0;
        EXPECT_EQ(fs::file_size(path), (*writer)->size()) << taken << " bytes written";
        EXPECT_TRUE((*writer)->append({}, bytes, &anew));
        sent.emplace_back(bytes);
    }
    writer->reset();
    EXPECT_EQ(requests(parse(slurp(path), 1 << 20)), sent);
}

// The kernel takes part of a frame and then no more: nothing of it may stay. Small and large frames are written in other ways.
TEST_F(JournalTest, AFrameThatDoesNotFitLeavesNothing) {
    auto writer = JournalWriter::open(path);
    ASSERT_TRUE(writer);
    std::vector<std::string> payloads;
    for (const std::size_t size : {1000u, 100000u})
        for (const std::uint64_t room : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{kFrameHeaderSize} - 1, std::uint64_t{kFrameHeaderSize}, std::uint64_t{kFrameHeaderSize} + size - 1}) {
            const std::string payload(size, static_cast<char>('a' + payloads.size()));
            const auto end = (*writer)->size();
            {
                const FilesUpTo limit(end + room);
                EXPECT_FALSE((*writer)->append({}, payload)) << size << " bytes, room for " << room;
            }
            EXPECT_EQ(fs::file_size(path), end) << size << " bytes, room for " << room;
            EXPECT_TRUE((*writer)->append({}, payload));
            payloads.push_back(payload);
        }
    const Seen seen = parse(slurp(path), 4096);
    EXPECT_EQ(seen.payloads, payloads);
    EXPECT_EQ(seen.damagedBytes, 0u);
}

TEST_F(JournalTest, OneWriterOnly) {
    const auto first = JournalWriter::open(path);
    ASSERT_TRUE(first);
    const auto second = JournalWriter::open(path);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ProblemCode::CannotWrite);
}

}  // namespace
}  // namespace spanreel::journal
