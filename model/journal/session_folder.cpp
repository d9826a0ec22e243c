// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/session_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <sstream>

#include "model/core/file_handle.h"
#include "model/core/read_file.h"
#include "model/core/text.h"

namespace spanreel::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestKeyValues = 1 << 20;

std::string variable(const char* name) {
    const char* text = std::getenv(name);
    return text ? text : "";
}

tl::unexpected<Error> systemError(ProblemCode code, const std::string& path) { return fail(code, path + ": " + std::strerror(errno)); }

std::string randomHex() {
    unsigned char bytes[4];
    if (::getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
        const auto now = std::chrono::steady_clock::now().time_since_epoch().count() ^ ::getpid();
        std::memcpy(bytes, &now, sizeof bytes);
    }
    return toHex({reinterpret_cast<const char*>(bytes), sizeof bytes});
}

std::string nowNs() { return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count()); }

}  // namespace

Result<std::string> sessionsFolder() {
    std::string base = variable("SPANREEL_HOME");
    if (base.empty()) {
        base = variable("XDG_DATA_HOME");
        if (base.empty() || base.front() != '/') {
            base = variable("HOME");
            if (base.empty()) return fail(ProblemCode::CannotOpen, "neither SPANREEL_HOME, XDG_DATA_HOME nor HOME is set");
            base += "/.local/share";
        }
        base += "/spanreel";
    }
    base += "/sessions";
    // Not by umask, which other threads would feel: made, then closed to others.
    for (auto at = base.find('/', 1);; at = base.find('/', at + 1)) {
        const auto part = base.substr(0, at);
        if (::mkdir(part.c_str(), 0700) == 0) syncFolder(fs::path(part).parent_path().string());
        else if (const int error = errno; error != EEXIST && !fs::is_directory(part)) return fail(ProblemCode::CannotOpen, part + ": " + std::strerror(error));
        if (at == std::string::npos) break;
    }
    return base;
}

Result<std::unique_ptr<SessionFolder>> SessionFolder::create(std::string_view by) {
    const auto base = sessionsFolder();
    if (!base) return tl::unexpected<Error>(base.error());
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    for (int attempt = 0; attempt < 10; ++attempt) {
        const std::string name = std::string(stamp) + "-" + randomHex();
        // Under a name that nobody looks at until it is locked: whoever lists sessions never sees one without its lock.
        const std::string hidden = *base + "/." + name;
        const std::string path = *base + "/" + name;
        if (::mkdir(hidden.c_str(), 0700) != 0) {
            if (errno == EEXIST) continue;
            return systemError(ProblemCode::CannotOpen, *base);
        }
        const int lock = ::open((hidden + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        std::map<std::string, std::string> state{{"created", nowNs()}, {"by", std::string(by)}};
        const auto giveUp = [&](const Error& error) -> Result<std::unique_ptr<SessionFolder>> {
            if (lock >= 0) ::close(lock);
            std::error_code ignored;
            fs::remove_all(hidden, ignored);
            return tl::unexpected<Error>(error);
        };
        if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) != 0) return giveUp(Error{ProblemCode::CannotOpen, hidden + ": " + std::strerror(errno), {}});
        const auto written = writeKeyValues(hidden + "/state", state);
        if (!written) return giveUp(written.error());
        if (::rename(hidden.c_str(), path.c_str()) != 0) return giveUp(Error{ProblemCode::CannotOpen, path + ": " + std::strerror(errno), {}});
        syncFolder(*base);  // the folder's own name; what lies in it is the journal's business
        return std::unique_ptr<SessionFolder>(new SessionFolder(path, lock, std::move(state)));
    }
    return fail(ProblemCode::CannotOpen, *base);
}

SessionFolder::~SessionFolder() {
    if (m_lock >= 0) ::close(m_lock);
}

void SessionFolder::end(const SessionCounts& counts) {
    m_state["ended"] = nowNs();
    m_state["spans"] = std::to_string(counts.spans);
    m_state["logs"] = std::to_string(counts.logs);
    m_state["metrics"] = std::to_string(counts.metrics);
    (void)writeKeyValues(m_path + "/state", m_state);
}

void SessionFolder::discard() {
    std::error_code ignored;
    bool kept = false;
    for (const auto& entry : fs::directory_iterator(m_path, ignored)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("journal") || name == "state") fs::remove(entry.path(), ignored);
        else if (name != "lock") kept = true;
    }
    if (kept) {
        end({});
        return;
    }
    ::unlink((m_path + "/lock").c_str());
    ::rmdir(m_path.c_str());
}

bool isSessionName(std::string_view name) {
    constexpr std::string_view kPattern = "ddddddddTddddddZ-hhhhhhhh";
    return name.size() == kPattern.size() && std::ranges::equal(name, kPattern, [](char c, char wanted) {
               const bool digit = c >= '0' && c <= '9';
               return wanted == 'd' ? digit : wanted == 'h' ? digit || (c >= 'a' && c <= 'f') : c == wanted;
           });
}

Result<KeyValues> readKeyValues(const std::string& path) {
    KeyValues out;
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return out;
    const auto text = readFile(path, kLargestKeyValues);
    if (!text) return tl::unexpected<Error>(text.error());
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals != std::string::npos) out[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return out;
}

Result<void> writeKeyValues(const std::string& path, const KeyValues& values) {
    std::string text;
    for (const auto& [key, value] : values) {
        std::string line = key + "=" + value;
        std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r' || c == '\0'; }, ' ');
        text += line + "\n";
    }
    const std::string temporary = path + "." + randomHex() + ".tmp";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return systemError(ProblemCode::CannotWrite, path);
    const bool whole = writeWhole(fd, text) && ::fsync(fd) == 0;
    ::close(fd);
    if (!whole || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const auto error = systemError(ProblemCode::CannotWrite, path);
        ::unlink(temporary.c_str());
        return error;
    }
    return {};
}

}  // namespace spanreel::journal
