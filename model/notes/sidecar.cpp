// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/notes/sidecar.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <random>
#include <thread>
#include <unordered_map>

#include "model/core/file_handle.h"
#include "model/core/read_file.h"

namespace spanreel::notes {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestNotesFile = 64u << 20;

tl::unexpected<Error> systemError(ProblemCode code, const std::string& path) { return fail(code, std::strerror(errno), Place{path}); }

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

Result<void> writeAtomically(const std::string& path, const std::string& bytes) {
    std::random_device random;
    const std::string temporary = fmt::format("{}.{:08x}.tmp", path, random());
    {
        const FileHandle file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (file.fd < 0) return systemError(ProblemCode::CannotWrite, path);
        if (!writeWhole(file.fd, bytes) || ::fsync(file.fd) != 0) {
            auto error = systemError(ProblemCode::CannotWrite, path);
            ::unlink(temporary.c_str());
            return error;
        }
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        auto error = systemError(ProblemCode::CannotWrite, path);
        ::unlink(temporary.c_str());
        return error;
    }
    syncFolder(fs::path(path).parent_path().string());
    return {};
}

/// The folder itself, locked against other windows that write notes in it: no file of ours stays in it for that. A file
/// system without such locks, or somebody else who holds one for seconds, does not keep notes from being saved.
FileHandle lockFolder(const std::string& path) {
    constexpr int kTries = 200;
    constexpr auto kPause = std::chrono::milliseconds(10);
    const int fd = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < kTries && fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR); ++i)
        std::this_thread::sleep_for(kPause);
    return FileHandle(fd);
}

/// What a file that held `there` is to hold, where there is a file. New notes come last, in their order; one that has not changed
/// here and is not there any more was removed there.
std::vector<Note> merged(bool isFile, std::vector<Note> there, const NoteChanges& changes) {
    std::erase_if(there, [&](const Note& note) { return changes.removed.contains(note.id); });
    std::unordered_map<std::string, std::size_t> at;
    at.reserve(there.size());
    for (std::size_t i = 0; i < there.size(); ++i) at.emplace(there[i].id, i);
    std::vector<const Note*> fresh;
    for (const Note& note : changes.notes) {
        const bool changed = !isFile || !changes.unchanged.contains(note.id);
        if (const auto known = at.find(note.id); !changed) continue;
        else if (known == at.end()) fresh.push_back(&note);
        else there[known->second] = note;
    }
    for (const Note* note : fresh) there.push_back(*note);
    return there;
}

}  // namespace

std::string sidecarPath(const std::string& dataFile) { return dataFile + ".spanreel-notes.json"; }

bool isStream(const std::string& dataFile) {
    std::error_code failed;
    const auto status = fs::status(dataFile, failed);
    return !failed && fs::exists(status) && !fs::is_regular_file(status);
}

Result<std::string> fallbackPath(const std::string& dataFile, const std::string& dataFolder) {
    const FileHandle file(::open(dataFile.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe would wait for a writer
    if (file.fd < 0) return systemError(ProblemCode::CannotOpen, dataFile);
    struct stat status{};
    if (::fstat(file.fd, &status) != 0) return systemError(ProblemCode::CannotOpen, dataFile);
    if (!S_ISREG(status.st_mode)) return fail(ProblemCode::CannotOpen, "no regular file", Place{dataFile});
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
    XXH3_128bits_reset(state.get());
    std::string block(1 << 20, '\0');
    for (;;) {
        const auto n = ::read(file.fd, block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return systemError(ProblemCode::CannotRead, dataFile);
        if (n == 0) break;
        XXH3_128bits_update(state.get(), block.data(), static_cast<std::size_t>(n));
    }
    const auto hash = XXH3_128bits_digest(state.get());
    return fmt::format("{}/notes/{:016x}{:016x}.json", dataFolder, hash.high64, hash.low64);
}

Result<NotesFile> readNotesFile(const std::string& path) {
    if (!exists(path)) return NotesFile{};
    auto bytes = readFile(path, kLargestNotesFile);
    if (!bytes) return tl::unexpected<Error>(bytes.error());
    auto notes = fromJson(*bytes);
    if (!notes) {
        auto error = notes.error();
        error.place.file = path;
        return tl::unexpected<Error>(std::move(error));
    }
    return notes;
}

Result<std::string> writeNotesFile(const std::string& path, const NoteChanges& changes) {
    if (changes.notes.empty() && !exists(path)) return std::string();
    const FileHandle lock = lockFolder(fs::path(path).parent_path().string());
    // What we cannot read we do not overwrite: it may be a newer version's, or somebody else's file.
    const bool isFile = exists(path);
    const auto known = readNotesFile(path);
    if (!known) return tl::unexpected<Error>(known.error());
    const auto notes = merged(isFile, known->notes, changes);
    if (notes.empty() && known->unread.empty()) {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return systemError(ProblemCode::CannotWrite, path);
    } else if (notes != known->notes) {
        if (const auto written = writeAtomically(path, toJson(notes, known->unread)); !written) return tl::unexpected<Error>(written.error());
    }
    return path;
}

Result<NotesFile> loadNotes(const std::string& dataFile, const std::string& dataFolder) {
    auto beside = readNotesFile(sidecarPath(dataFile));
    if (!beside || !exists(dataFolder + "/notes") || isStream(dataFile)) return beside;
    const auto fallback = fallbackPath(dataFile, dataFolder);
    if (!fallback) return tl::unexpected<Error>(fallback.error());
    auto own = readNotesFile(*fallback);
    if (!own) return own;
    beside->notes = merged(true, std::move(beside->notes), {std::move(own->notes), {}, {}});
    std::ranges::move(own->unread, std::back_inserter(beside->unread));
    return beside;
}

Result<std::string> saveNotes(const NoteChanges& changes, const std::string& dataFile, const std::string& dataFolder) {
    Result<std::string> fallback;  // empty: not looked for
    NotesFile own;
    if (exists(dataFolder + "/notes") && (fallback = fallbackPath(dataFile, dataFolder)))
        if (auto there = readNotesFile(*fallback)) own = std::move(*there);
    NoteChanges besideIt = changes, moved{{}, changes.removed, {}};
    for (const Note& note : own.notes) besideIt.unchanged.erase(note.id);  // as they are in the fallback
    for (const Note& note : changes.notes) moved.removed.insert(note.id);
    const auto written = writeNotesFile(sidecarPath(dataFile), besideIt);
    if (written) {
        if (own.notes.empty()) return written;
        auto there = writeNotesFile(*fallback, moved);  // it would count before what lies beside the file
        return written->empty() ? there : written;
    }
    if (written.error().code != ProblemCode::CannotWrite || changes.notes.empty()) return written;
    if (!fallback || fallback->empty()) fallback = fallbackPath(dataFile, dataFolder);
    if (!fallback) return fallback;
    std::error_code failed;
    const auto folder = fs::path(*fallback).parent_path();
    if (!fs::exists(folder, failed)) {
        fs::create_directories(folder, failed);
        if (failed) return fail(ProblemCode::CannotWrite, failed.message(), Place{folder.string()});
        fs::permissions(folder, fs::perms::owner_all, failed);
    }
    return writeNotesFile(*fallback, changes);
}

}  // namespace spanreel::notes
