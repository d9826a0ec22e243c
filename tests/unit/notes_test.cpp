// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "model/notes/sidecar.h"

namespace {

using namespace spanreel;
using namespace spanreel::notes;
namespace fs = std::filesystem;

Note makeNote(const std::string& id, const std::string& text) {
    Note note;
    note.id = id;
    note.trace = TraceId{1, 2};
    note.text = text;
    note.createdNs = 17;
    note.changedNs = 18;
    return note;
}

class Folder {
public:
    Folder() {
        const char* home = std::getenv("SPANREEL_HOME");
        const auto base = home ? fs::path(home) : fs::temp_directory_path();
        path = base / ("notes-test-" + std::to_string(::getpid()));
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~Folder() {
        std::error_code ignored;
        fs::permissions(path / "locked", fs::perms::owner_all, ignored);
        fs::remove_all(path, ignored);
    }
    fs::path path;
};

void writeText(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
std::string readText(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(NoteBook, UndoAndRedoWalkThroughEveryChange) {
    NoteBook book;
    EXPECT_FALSE(book.canUndo());
    book.add(makeNote("a", "one"));
    auto changed = makeNote("a", "two");
    EXPECT_TRUE(book.update(changed));
    EXPECT_TRUE(book.remove("a"));
    EXPECT_TRUE(book.notes().empty());
    book.undo();
    ASSERT_NE(book.find("a"), nullptr);
    EXPECT_EQ(book.find("a")->text, "two");
    book.undo();
    EXPECT_EQ(book.find("a")->text, "one");
    book.redo();
    EXPECT_EQ(book.find("a")->text, "two");
    book.add(makeNote("b", "new branch"));
    EXPECT_FALSE(book.canRedo());
}

TEST(NoteBook, RevisionGrowsOnlyWithChanges) {
    NoteBook book;
    book.add(makeNote("a", "one"));
    const auto before = book.revision();
    EXPECT_TRUE(book.update(makeNote("a", "one")));
    EXPECT_FALSE(book.update(makeNote("x", "unknown")));
    EXPECT_FALSE(book.remove("x"));
    EXPECT_EQ(book.revision(), before);
    book.undo();
    EXPECT_GT(book.revision(), before);
}

TEST(NoteBook, LoadReplacesKnownIdsAndIsNoStep) {
    NoteBook book;
    book.load({makeNote("a", "one"), makeNote("b", "two")});
    book.load({makeNote("a", "three")});
    ASSERT_EQ(book.notes().size(), 2u);
    EXPECT_EQ(book.find("a")->text, "three");
    EXPECT_FALSE(book.canUndo());
    EXPECT_EQ(book.ofTrace(TraceId{1, 2}).size(), 2u);
    EXPECT_TRUE(book.ofTrace(TraceId{9, 9}).empty());
}

TEST(NotesJson, EveryKindOfTargetReadsBackEqual) {
    auto span = makeNote("span", "quotes \" and \\ and\nlines\tand \x01 and ✓");
    span.span = SpanId{0xFEDCBA9876543210ull};
    span.colour = NoteColour::Purple;
    auto range = makeNote("range", "");
    range.range = TimeRange{1763589600000000001ull, 18446744073709551615ull};
    auto log = makeNote("log", "**bold**");
    log.span = SpanId{7};
    log.logHash = 0xFFFFFFFFFFFFFFFFull;
    log.logTimeNs = 1763589600000000003ull;
    log.colour = NoteColour::Grey;
    const std::vector<Note> all{makeNote("trace", "x"), span, range, log};
    const auto back = fromJson(toJson(all));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->notes, all);
    EXPECT_TRUE(back->unread.empty());
}

TEST(NotesJson, BrokenTextsAreRefusedWithAPlace) {
    EXPECT_EQ(fromJson("{").error().code, ProblemCode::BadJson);
    EXPECT_EQ(fromJson("").error().code, ProblemCode::BadJson);
    EXPECT_EQ(fromJson("[]").error().code, ProblemCode::UnknownFormat);
    EXPECT_EQ(fromJson(R"({"format":"other","version":1,"notes":[]})").error().code, ProblemCode::UnknownFormat);
    EXPECT_EQ(fromJson(R"({"format":"spanreel-notes","version":2,"notes":[]})").error().code, ProblemCode::UnknownFormat);
    EXPECT_EQ(fromJson(R"({"format":"spanreel-notes","version":1,"notes":7})").error().code, ProblemCode::BadValue);
}

TEST(NotesJson, ABadNoteDoesNotKeepTheOthersFromBeingRead) {
    const std::vector<std::string> bad{R"({"id":"a","trace":"zz"})",
                                       R"({"trace":"ab","text":"no id"})",
                                       R"({"id":"b","trace":"ab","span":"not hex"})",
                                       R"({"id":"c","trace":"ab","range":{"from":"1"}})",
                                       R"({"id":"d","trace":"ab","log":{"time":"1"}})",
                                       R"([1,2.5,"three \" \n"])",
                                       "null"};
    const auto read = fromJson(toJson({makeNote("one", "1"), makeNote("two", "2")}, bad));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->notes, (std::vector<Note>{makeNote("one", "1"), makeNote("two", "2")}));
    EXPECT_EQ(read->unread, bad);
}

TEST(NotesJson, TheEndsOfARangeMayBeGivenInEitherOrder) {
    auto note = makeNote("range", "");
    note.range = TimeRange{9, 4};
    const std::string written = toJson({note});
    EXPECT_NE(written.find(R"("range":{"from":"4","to":"9"})"), std::string::npos) << written;
    const auto read = fromJson(R"({"format":"spanreel-notes","version":1,"notes":[{"id":"a","trace":"ab","range":{"from":"9","to":"4"}}]})");
    ASSERT_TRUE(read.has_value() && read->notes.size() == 1);
    EXPECT_EQ(read->notes.front().range, (TimeRange{4, 9}));
}

TEST(NotesJson, NumbersMayBeNumbersToo) {
    const auto read = fromJson(R"({"format":"spanreel-notes","version":1,"notes":[{"id":"a","trace":"ab","text":"t","created":5}]})");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->notes.front().createdNs, 5u);
    EXPECT_EQ(read->notes.front().changedNs, 5u);
}

TEST(Sidecar, LiesBesideTheFileAndLeavesTheFileAlone) {
    const Folder folder;
    const auto data = (folder.path / "trace.json").string();
    writeText(data, "{}");
    const auto home = (folder.path / "home").string();
    const auto written = saveNotes({{makeNote("a", "one")}}, data, home);
    ASSERT_TRUE(written.has_value());
    EXPECT_EQ(*written, data + ".spanreel-notes.json");
    struct stat status {};
    ASSERT_EQ(::stat(written->c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    const auto loaded = loadNotes(data, home);
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->notes.size(), 1u);
    EXPECT_EQ(readText(data), "{}");
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder.path)) ++files;
    EXPECT_EQ(files, 2u) << "no temporary file stays behind";
}

TEST(Sidecar, NoNotesRemoveIt) {
    const Folder folder;
    const auto data = (folder.path / "trace.json").string();
    writeText(data, "{}");
    const auto nothing = saveNotes({}, data, folder.path.string());
    ASSERT_TRUE(nothing.has_value());
    EXPECT_TRUE(nothing->empty());
    ASSERT_TRUE(saveNotes({{makeNote("a", "one")}}, data, folder.path.string()).has_value());
    ASSERT_TRUE(saveNotes({{}, {"a"}}, data, folder.path.string()).has_value());
    EXPECT_FALSE(fs::exists(sidecarPath(data)));
}

TEST(Sidecar, NotesWeCannotReadStayInIt) {
    const Folder folder;
    const auto data = (folder.path / "trace.json").string();
    const std::string bad = R"({"id":"x","trace":"of a later version"})";
    writeText(data, "{}");
    writeText(sidecarPath(data), toJson({makeNote("a", "one")}, {bad}));
    ASSERT_TRUE(saveNotes({{makeNote("a", "two"), makeNote("b", "three")}}, data, folder.path.string()).has_value());
    auto loaded = loadNotes(data, folder.path.string());
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->notes.size(), 2u);
    EXPECT_EQ(loaded->unread, std::vector<std::string>{bad});
    ASSERT_TRUE(saveNotes({{}, {"a", "b"}}, data, folder.path.string()).has_value());
    loaded = loadNotes(data, folder.path.string());
    ASSERT_TRUE(loaded.has_value());
    EXPECT_TRUE(loaded->notes.empty());
    EXPECT_EQ(loaded->unread, std::vector<std::string>{bad});
}

TEST(Sidecar, WhatAnotherWindowWroteStaysInIt) {
    const Folder folder;
    const auto data = (folder.path / "trace.json").string(), home = folder.path.string();
    const auto texts = [&] {
        const auto loaded = loadNotes(data, home);
        std::string out;
        for (const auto& note : loaded->notes) out += note.id + "=" + note.text + " ";
        return out;
    };
    writeText(data, "{}");
    ASSERT_TRUE(saveNotes({{makeNote("a", "1"), makeNote("b", "1")}}, data, home).has_value());
    ASSERT_TRUE(saveNotes({{makeNote("c", "1")}}, data, home).has_value());
    EXPECT_EQ(texts(), "a=1 b=1 c=1 ");
    ASSERT_TRUE(saveNotes({{makeNote("b", "2")}, {"a"}}, data, home).has_value());
    EXPECT_EQ(texts(), "b=2 c=1 ");
    ASSERT_TRUE(saveNotes({{makeNote("b", "1"), makeNote("c", "3"), makeNote("d", "1")}, {}, {"b", "d"}}, data, home).has_value());
    EXPECT_EQ(texts(), "b=2 c=3 ") << "not changed here: as it is in the file, or is not any more";
    ASSERT_TRUE(saveNotes({{}, {"b"}}, data, home).has_value());
    EXPECT_EQ(texts(), "c=3 ");
}

TEST(Sidecar, WritersAtTheSameTimeLoseNothing) {
    const Folder folder;
    const auto path = (folder.path / "notes.json").string();
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 4; ++writer)
        writers.emplace_back([&, writer] {
            for (int i = 0; i < 10; ++i) EXPECT_TRUE(writeNotesFile(path, {{makeNote(std::to_string(writer) + "." + std::to_string(i), "")}}).has_value());
        });
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(readNotesFile(path)->notes.size(), 40u);
}

TEST(Sidecar, WhereItCannotBeWrittenTheFallbackCountsBeforeIt) {
    const Folder folder;
    // There is room for the name of the sidecar, but not for that of the file that is to replace it.
    const auto data = (folder.path / std::string(230, 'n')).string(), home = (folder.path / "home").string();
    writeText(data, "{}");
    writeText(sidecarPath(data), toJson({makeNote("a", "one"), makeNote("b", "one")}));
    const auto written = saveNotes({{makeNote("a", "two"), makeNote("b", "one"), makeNote("c", "one")}, {}, {"b"}}, data, home);
    ASSERT_TRUE(written.has_value());
    EXPECT_EQ(written->rfind(home + "/notes/", 0), 0u);
    const auto texts = [&](const std::string& file) {
        const auto loaded = loadNotes(file, home);
        std::string out;
        for (const auto& note : loaded->notes) out += note.id + "=" + note.text + " ";
        return out;
    };
    EXPECT_EQ(texts(data), "a=two b=one c=one ");
    ASSERT_TRUE(saveNotes({{makeNote("a", "two"), makeNote("b", "one")}, {"c"}, {"a", "b"}}, data, home).has_value());
    EXPECT_EQ(texts(data), "a=two b=one ");
    // Where it can be written again it takes all of them.
    const auto moved = (folder.path / "trace.json").string();
    fs::rename(data, moved);
    ASSERT_TRUE(saveNotes({{makeNote("a", "three"), makeNote("b", "one")}}, moved, home).has_value());
    EXPECT_TRUE(fs::is_empty(home + "/notes"));
    EXPECT_EQ(texts(moved), "a=three b=one ");
}

TEST(Sidecar, WhatWeCannotReadIsNotOverwritten) {
    const Folder folder;
    const auto data = (folder.path / "trace.json").string();
    writeText(data, "{}");
    writeText(sidecarPath(data), "somebody else's");
    const auto loaded = loadNotes(data, folder.path.string());
    ASSERT_FALSE(loaded.has_value());
    EXPECT_EQ(loaded.error().place.file, sidecarPath(data));
    EXPECT_FALSE(saveNotes({{makeNote("a", "one")}}, data, folder.path.string()).has_value());
    EXPECT_FALSE(saveNotes({{}, {"a"}}, data, folder.path.string()).has_value());
    EXPECT_EQ(readText(sidecarPath(data)), "somebody else's");
}

TEST(Sidecar, FolderThatCannotBeWrittenFallsBackToTheDataFolder) {
    const Folder folder;
    // A name so long that the sidecar's suffix does not fit cannot be written beside, for root neither.
    const auto data = (folder.path / (std::string(250, 'n'))).string();
    writeText(data, "content");
    const auto home = (folder.path / "home").string();
    const auto written = saveNotes({{makeNote("a", "one")}}, data, home);
    ASSERT_TRUE(written.has_value());
    EXPECT_EQ(written->rfind(home + "/notes/", 0), 0u);
    // Keyed by content: the file may move.
    const auto moved = (folder.path / std::string(249, 'm')).string();
    fs::rename(data, moved);
    const auto loaded = loadNotes(moved, home);
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->notes.size(), 1u);
    writeText(moved, "other content");
    EXPECT_TRUE(loadNotes(moved, home)->notes.empty());
}

}  // namespace
