// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/session_catalog.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <tuple>

#include "model/core/file_handle.h"
#include "model/core/time_format.h"
#include "model/journal/journal_parser.h"
#include "model/journal/journal_trim.h"
#include "model/notes/sidecar.h"

namespace spanreel::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDayNs = 24ull * 3600 * 1'000'000'000;
constexpr std::uint64_t kHourNs = kDayNs / 24;

/// What is being removed has this before its name.
constexpr std::string_view kGoing = ".gone-";

std::uint64_t numberOf(const KeyValues& values, const std::string& key) {
    const auto found = values.find(key);
    std::uint64_t value = 0;
    if (found != values.end()) std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return value;
}

/// 1 for "journal.spanreel", n for "journal-00000n.spanreel"; 0 = no journal.
unsigned journalNumber(const std::string& name) {
    if (name == "journal.spanreel" || name == "journal") return 1;
    constexpr std::string_view kHead = "journal-", kTail = ".spanreel";
    if (!name.starts_with(kHead) || !name.ends_with(kTail) || name.size() <= kHead.size() + kTail.size()) return 0;
    unsigned number = 0;
    const char* end = name.data() + name.size() - kTail.size();
    const auto [at, error] = std::from_chars(name.data() + kHead.size(), end, number);
    return error == std::errc() && at == end ? number : 0;
}

/// Whether a session's folder may have a file of this name: see FORMAT.md.
bool isOurs(const std::string& name) {
    const auto begins = [&](std::string_view head) { return name.starts_with(head); };
    if (name == "lock" || name == "state" || name == "label" || name == "notes.json" || journalNumber(name) != 0) return true;
    if (name.ends_with(kFreshEnding)) return journalNumber(fs::path(name).stem().string()) != 0;
    if (name.ends_with(".lock")) return begins(".journal");
    return name.ends_with(".tmp") && (begins("state.") || begins("label.") || begins("notes.json."));
}

void add(SessionCounts& counts, const FrameInfo& info) {
    if (info.type != FrameType::OtlpRequest) return;
    (info.signal == 0 ? counts.spans : info.signal == 1 ? counts.logs : counts.metrics) += info.items;
}

/// Hops from header to header. False where one is damaged: `counts` is then of no use.
bool countByHeaders(int fd, SessionCounts& counts, const std::stop_token& stop) {
    std::array<char, kFrameHeaderSize> bytes{};
    struct stat info {};
    if (::fstat(fd, &info) != 0) return false;
    const auto size = static_cast<std::uint64_t>(info.st_size);
    for (std::uint64_t at = kFileHeaderSize; at + kFrameHeaderSize <= size && !stop.stop_requested();) {
        if (::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(at)) != static_cast<ssize_t>(bytes.size())) return false;
        FrameInfo frame;
        std::uint32_t length = 0;
        std::uint64_t check = 0;
        if (!decodeFrameHeader({bytes.data(), bytes.size()}, frame, length, check)) return false;
        at += kFrameHeaderSize + length;
        if (at <= size) add(counts, frame);
    }
    return true;
}

void countWhole(int fd, SessionCounts& counts, const std::stop_token& stop) {
    JournalParser parser({[&](const JournalParser::Frame& frame) { add(counts, frame.info); }, {}});
    std::vector<char> chunk(1 << 20);
    for (off_t at = 0; !stop.stop_requested();) {
        const auto got = ::pread(fd, chunk.data(), chunk.size(), at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        parser.feed({chunk.data(), static_cast<std::size_t>(got)});
        at += got;
    }
    parser.finish();
}

SessionCounts countSession(const std::vector<std::string>& files, const std::stop_token& stop) {
    SessionCounts total;
    for (const auto& path : files) {
        const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (file.fd < 0) continue;
        SessionCounts counts;
        if (!countByHeaders(file.fd, counts, stop)) {
            counts = {};
            countWhole(file.fd, counts, stop);
        }
        total.spans += counts.spans;
        total.logs += counts.logs;
        total.metrics += counts.metrics;
    }
    return total;
}

/// Takes the lock of a session, shared (to look) or exclusive (to remove); -1 where somebody writes it.
int tryLock(const std::string& folder, int how) {
    const std::string path = folder + "/lock";
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);  // a read-only disk
    if (fd < 0) return -1;
    if (::flock(fd, how | LOCK_NB) == 0) return fd;
    ::close(fd);
    return -1;
}

/// No frame was ever written, and nobody put anything else there.
bool isEmpty(const SessionEntry& session) { return !session.unclear && !session.foreign && session.bytes <= session.files.size() * kFileHeaderSize; }

SessionEntry look(const fs::path& folder, const std::stop_token& stop) {
    SessionEntry out;
    out.folder = folder.string();
    out.id = folder.filename().string();
    std::vector<std::pair<unsigned, std::string>> journals;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const auto& entry = *entries;
        const std::string name = entry.path().filename().string();
        struct stat info {};
        if (::lstat(entry.path().c_str(), &info) != 0) {
            if (errno != ENOENT) out.unclear = true;  // else it went meanwhile
            continue;
        }
        if (!S_ISREG(info.st_mode) || !isOurs(name)) {
            out.foreign = true;
            continue;
        }
        const unsigned number = journalNumber(name);
        if (number == 0) continue;
        journals.emplace_back(number, entry.path().string());
        out.bytes += static_cast<std::uint64_t>(info.st_size);
        out.lastUtcNs = std::max(out.lastUtcNs, static_cast<std::uint64_t>(info.st_mtim.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(info.st_mtim.tv_nsec));
    }
    if (error) out.unclear = true;
    std::ranges::sort(journals);
    for (auto& [number, path] : journals) out.files.push_back(std::move(path));
    const FileHandle lock(tryLock(out.folder, LOCK_SH));
    const auto readState = readKeyValues(out.folder + "/state"), readLabel = readKeyValues(out.folder + "/label");
    if (!readState || !readLabel) out.unclear = true;
    auto state = readState.value_or(KeyValues());
    const auto label = readLabel.value_or(KeyValues());
    out.by = state["by"];
    out.createdUtcNs = numberOf(state, "created");
    if (out.createdUtcNs == 0) out.createdUtcNs = out.lastUtcNs;
    if (out.lastUtcNs == 0) out.lastUtcNs = std::max(out.createdUtcNs, numberOf(state, "ended"));
    if (const auto name = label.find("name"); name != label.end()) out.name = name->second;
    out.pinned = numberOf(label, "pinned") != 0;
    const auto notes = notes::readNotesFile(out.folder + "/notes.json");
    out.noted = !notes || !notes->notes.empty() || !notes->unread.empty();  // what we cannot read may be worth something
    out.state = lock.fd < 0 ? SessionEntry::State::Open : state.contains("ended") ? SessionEntry::State::Ended : SessionEntry::State::CutOff;
    if (out.state != SessionEntry::State::Open && state.contains("spans")) {
        out.counts = {numberOf(state, "spans"), numberOf(state, "logs"), numberOf(state, "metrics")};
    } else {
        out.counts = countSession(out.files, stop);
        if (out.state == SessionEntry::State::CutOff && readState && !stop.stop_requested()) {
            state["spans"] = std::to_string(out.counts.spans);
            state["logs"] = std::to_string(out.counts.logs);
            state["metrics"] = std::to_string(out.counts.metrics);
            (void)writeKeyValues(out.folder + "/state", state);  // on a full disk it is counted again
        }
    }
    return out;
}

Result<void> setLabel(const SessionEntry& session, const std::string& key, const std::string& value) {
    auto label = readKeyValues(session.folder + "/label");
    if (!label) return tl::unexpected<Error>(label.error());
    (*label)[key] = value;
    return writeKeyValues(session.folder + "/label", *label);
}

/// Appends a line to a log; a line that cannot be written is not worth a word.
void appendLine(const std::string& path, const std::string& line) {
    const FileHandle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (file.fd >= 0) [[maybe_unused]] const auto written = ::write(file.fd, line.data(), line.size());
}

/// Whether sessions may go for their age now: see `sweepSessions`. Remembers when it was asked.
bool clockIsTrusted(const std::string& base, const SweepPolicy& policy, std::uint64_t now) {
    const std::string path = base + "/swept";
    const auto before = readKeyValues(path);
    if (!before) return false;
    auto known = *before;
    const auto last = numberOf(known, "last");
    auto since = numberOf(known, "since");  // begin of the day that has to pass
    if (last == 0 || now > last + policy.maxAgeNs || now + kHourNs < last || now < since) since = now;
    known["last"] = std::to_string(now);
    known["since"] = std::to_string(since);
    if (policy.isUsers) known["mostBytes"] = std::to_string(policy.maxBytes);
    return writeKeyValues(path, known).has_value() && now >= since + kDayNs;
}

/// What trimming had begun to write where the program was killed: nobody goes on with it.
void dropUnfinished(const std::string& folder) {
    const FileHandle lock(tryLock(folder, LOCK_EX));
    if (lock.fd < 0) return;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto path = entry.path();
        if (path.extension() == kFreshEnding && journalNumber(path.stem().string()) != 0) dropFresh((path.parent_path() / path.stem()).string());
    }
}

/// What a killed program left hidden: half removed, it goes; half made, it goes too, unless there is something in it.
void finishHidden(const std::string& base, std::uint64_t nowUtcNs) {
    std::error_code error, ignored;
    for (const auto& entry : fs::directory_iterator(base, error)) {
        const fs::path& path = entry.path();
        const std::string name = path.filename().string();
        const bool going = name.starts_with(kGoing), made = name.starts_with('.') && isSessionName(std::string_view(name).substr(1));
        struct stat info {};
        if (!(going || made) || ::lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) continue;
        if (static_cast<std::uint64_t>(info.st_mtim.tv_sec) * 1'000'000'000u + kHourNs > nowUtcNs) continue;
        const FileHandle lock(tryLock(path.string(), LOCK_EX));
        if (lock.fd < 0) continue;
        if (going || isEmpty(look(path, {}))) fs::remove_all(path, ignored);
        else fs::rename(path, path.parent_path() / name.substr(1), ignored);  // its name had not reached the disk
    }
}

}  // namespace

std::vector<SessionEntry> listSessions(const std::string& base, const std::stop_token& stop) {
    std::vector<SessionEntry> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(base, error)) {
        if (stop.stop_requested()) break;
        if (entry.path().filename().string().starts_with('.') || entry.is_symlink(error) || !entry.is_directory(error)) continue;
        auto session = look(entry.path(), stop);
        if (!session.files.empty() || isSessionName(session.id)) out.push_back(std::move(session));
    }
    std::ranges::sort(out, [](const auto& a, const auto& b) { return std::tie(a.createdUtcNs, a.id) > std::tie(b.createdUtcNs, b.id); });
    return out;
}

Result<void> nameSession(const SessionEntry& session, const std::string& name) { return setLabel(session, "name", name); }
Result<void> pinSession(const SessionEntry& session, bool pinned) { return setLabel(session, "pinned", pinned ? "1" : "0"); }

Result<void> removeSession(const SessionEntry& session) {
    const FileHandle lock(tryLock(session.folder, LOCK_EX));
    if (lock.fd < 0) return fail(ProblemCode::CannotWrite, session.folder + " is in use by another program");
    // Out of sight first: nobody ever sees half of it.
    const fs::path folder(session.folder);
    const fs::path hidden = folder.parent_path() / (std::string(kGoing) + folder.filename().string());
    std::error_code error;
    fs::rename(folder, hidden, error);
    if (error) return fail(ProblemCode::CannotWrite, session.folder + ": " + error.message());
    fs::remove_all(hidden, error);
    if (error) return fail(ProblemCode::CannotWrite, hidden.string() + ": " + error.message());
    return {};
}

bool isHeld(const std::string& folder) {
    const auto notes = notes::readNotesFile(folder + "/notes.json");
    const auto label = readKeyValues(folder + "/label");
    return !label || numberOf(*label, "pinned") != 0 || !notes || !notes->notes.empty() || !notes->unread.empty();
}

void noteTrimmed(const std::string& folder, const Trimmed& gone, std::uint64_t nowUtcNs) {
    const fs::path path(folder);
    std::string line = formatUtc(nowUtcNs) + " " + path.filename().string() + " " + std::to_string(gone.bytes) + " bytes";
    if (gone.firstUtcNs) line += ", " + std::to_string(gone.spans) + " spans, " + std::to_string(gone.logs) + " log records, received " + formatUtc(gone.firstUtcNs) + " to " + formatUtc(gone.lastUtcNs);
    if (gone.unread) line += ", " + std::to_string(gone.unread) + " of them unreadable";
    appendLine((path.parent_path() / "removed.log").string(), line + ": no room for them\n");
}

SweepPolicy knownPolicy(const std::string& base) {
    SweepPolicy policy;
    policy.isUsers = false;
    const auto swept = readKeyValues(base + "/swept");
    if (!swept) policy.maxBytes = UINT64_MAX;  // it may say anything
    else if (const auto bytes = numberOf(*swept, "mostBytes")) policy.maxBytes = bytes;
    return policy;
}

Swept sweepSessions(const std::string& base, const SweepPolicy& policy, std::uint64_t nowUtcNs, const std::stop_token& stop) {
    Swept swept;
    finishHidden(base, nowUtcNs);
    auto sessions = listSessions(base, stop);
    if (stop.stop_requested()) return swept;
    for (const auto& session : sessions)
        if (session.state != SessionEntry::State::Open) dropUnfinished(session.folder);
    for (const auto& session : sessions)
        if (session.folder != policy.apart) swept.bytesLeft += session.bytes;
    const auto mayGo = [](const SessionEntry& s) { return s.state != SessionEntry::State::Open && !s.pinned && !s.noted && !s.unclear && !s.foreign; };
    const auto go = [&](const SessionEntry& session, const char* why) {
        if (stop.stop_requested() || isHeld(session.folder) || !removeSession(session)) return;  // as it is now
        swept.bytesLeft -= session.bytes;
        if (isEmpty(session)) return;  // nothing was in it: not worth a word
        swept.removed.push_back(session);
        appendLine(base + "/removed.log", formatUtc(nowUtcNs) + " " + session.id + " " + std::to_string(session.bytes) + " bytes, " + std::to_string(session.counts.spans) + " spans, " +
                                              std::to_string(session.counts.logs) + " log records: " + why + "\n");
    };
    std::error_code ignored;
    const bool trusted = clockIsTrusted(base, policy, nowUtcNs);
    std::ranges::reverse(sessions);  // oldest first
    for (const auto& session : sessions) {
        if (!mayGo(session)) continue;
        if (isEmpty(session)) go(session, "empty");
        else if (trusted && nowUtcNs > session.lastUtcNs + policy.maxAgeNs) go(session, "older than it is kept");
    }
    for (const auto& session : sessions)
        if (swept.bytesLeft > policy.maxBytes && mayGo(session) && fs::exists(session.folder, ignored)) go(session, "no room for it");
    swept.overBudget = swept.bytesLeft > policy.maxBytes;
    return swept;
}

}  // namespace spanreel::journal
