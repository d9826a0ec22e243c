// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_trim.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <optional>

#include "model/core/file_handle.h"
#include "model/journal/journal_parser.h"
#include "model/journal/journal_writer.h"

namespace spanreel::journal {
namespace {

/// Rounds over the files, each less choosy about what may go.
enum class Round : std::uint8_t { Unread, OnlyOverShare, MostlyOverShare, Anything };

/// Calls `visit(frame)` for every whole frame; how many bytes are of none. Nothing where the file cannot be read to its end.
template <class F>
std::optional<std::uint64_t> forEachFrame(const std::string& path, const std::stop_token& stop, F&& visit) {
    std::uint64_t unread = 0;
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (file.fd < 0) return {};
    JournalParser parser({[&](const JournalParser::Frame& frame) {
                              if (frame.info.type != FrameType::Filler) visit(frame);  // of no use where the file is written anew
                          },
                          [&](JournalParser::Damage damage, std::uint64_t, std::uint64_t bytes) { unread += damage == JournalParser::Damage::Header ? 0 : bytes; }});  // a header stays as it is
    std::vector<char> chunk(1 << 20);
    while (!stop.stop_requested()) {
        const auto got = ::read(file.fd, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return {};
        if (got == 0) {
            parser.finish();
            return unread;
        }
        parser.feed({chunk.data(), static_cast<std::size_t>(got)});
    }
    return {};
}

/// Bytes of a frame by service, in proportion to their records.
std::vector<std::pair<std::string, std::uint64_t>> sharesOf(const JournalParser::Frame& frame, const ServicesOf& servicesOf) {
    const std::uint64_t bytes = kFrameHeaderSize + frame.payload.size();
    FrameServices services = servicesOf(frame.info, frame.payload);
    std::uint64_t records = 0;
    for (const auto& [name, count] : services) records += count;
    if (records == 0) return {{services.empty() ? std::string() : services.front().first, bytes}};
    for (auto& [name, count] : services) count = static_cast<std::uint64_t>(static_cast<double>(bytes) * static_cast<double>(count) / static_cast<double>(records));
    return services;
}

/// Whether it is this process, or the machine, that has no room: that passes, and tells nothing of the file.
bool wantsRoom(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

/// Whether it is the disk that has no room.
bool isFull(int error) { return error == ENOSPC || error == EDQUOT; }

/// One run of `trimJournals`.
class Trim {
public:
    Trim(std::uint64_t needed, const ServicesOf& servicesOf, const std::stop_token& stop, const Going& going) : m_needed(needed), m_servicesOf(servicesOf), m_stop(stop), m_going(going) {}

    Trimmed run(std::vector<EndedJournal>& files) {
        std::map<std::string, std::uint64_t> total;
        for (EndedJournal& file : files) {
            if (file.content.empty()) look(file);
            for (const auto& [name, bytes] : file.content.services) total[name] += bytes;
        }
        visitFiles(files, Round::Unread);
        m_over = overShare(total, m_needed - std::min(m_needed, m_gone.bytes));
        for (const Round round : {Round::OnlyOverShare, Round::MostlyOverShare, Round::Anything}) visitFiles(files, round);
        std::erase_if(files, [](const EndedJournal& file) { return file.bytes == 0; });
        return std::move(m_gone);
    }

private:
    void visitFiles(std::vector<EndedJournal>& files, Round round) {
        for (EndedJournal& file : files) {
            if (file.bytes == 0 || m_gone.bytes >= m_needed || m_stop.stop_requested() || !touches(file, round)) continue;
            // On a full disk there is no room to make room in: at last a file goes whole, though a part of it would do.
            if (goesWhole(file, round) || (isFull(trim(file, round)) && round == Round::Anything && !file.content.empty())) removeWhole(file);
        }
    }
    void look(EndedJournal& file) const {
        errno = 0;
        const auto unread = forEachFrame(file.path, m_stop, [&](const JournalParser::Frame& frame) { count(file.content, frame, sharesOf(frame, m_servicesOf)); });
        if (unread) countUnread(file.content, *unread);
        else file.content = {};  // whose the rest is, nobody knows
        file.blocked = !unread && !m_stop.stop_requested() && !wantsRoom(errno);
        if (!unread && ::access(file.path.c_str(), F_OK) != 0 && errno == ENOENT) file.bytes = 0;  // somebody else made room
    }
    static void count(Trimmed& into, const JournalParser::Frame& frame, const std::vector<std::pair<std::string, std::uint64_t>>& shares) {
        const FrameInfo& info = frame.info;
        into.bytes += kFrameHeaderSize + frame.payload.size();
        (info.signal == 0 ? into.spans : info.signal == 1 ? into.logs : into.metrics) += info.items;
        if (into.firstUtcNs == 0 || info.receivedUtcNs < into.firstUtcNs) into.firstUtcNs = info.receivedUtcNs;
        into.lastUtcNs = std::max(into.lastUtcNs, info.receivedUtcNs);
        for (const auto& [name, bytes] : shares) into.services[name] += bytes;
    }
    static void countUnread(Trimmed& into, std::uint64_t bytes) {
        into.bytes += bytes;
        into.unread += bytes;
    }
    /// Where all of a file may go, it need not be read.
    [[nodiscard]] bool goesWhole(const EndedJournal& file, Round round) const {
        if (round == Round::Unread) return file.content.unread == file.content.bytes;
        return !file.content.empty() && m_gone.bytes + file.content.bytes <= m_needed &&
               (round == Round::Anything || std::ranges::all_of(file.content.services, [&](const auto& service) { return over(service.first) >= service.second; }));
    }
    /// Lets `what` go by `remove`, and tells of it.
    template <class F>
    bool goes(EndedJournal& file, const Trimmed& what, F&& remove) const {
        const bool before = !file.blocked;
        if (before && m_going) m_going(what);
        file.blocked = !remove();
        if (!file.blocked && !before && m_going) m_going(what);
        return !file.blocked;
    }
    void removeWhole(EndedJournal& file) {
        if (!goes(file, file.content, [&] { return ::unlink(file.path.c_str()) == 0 || errno == ENOENT; })) return;
        for (const auto& [name, bytes] : file.content.services)
            if (const auto found = m_over.find(name); found != m_over.end()) found->second -= std::min(found->second, bytes);
        m_gone.merge(file.content);
        file = {file.path};
    }
    [[nodiscard]] std::uint64_t over(const std::string& service) const {
        const auto found = m_over.find(service);
        return found == m_over.end() ? 0 : found->second;
    }
    [[nodiscard]] bool touches(const EndedJournal& file, Round round) const {
        if (round == Round::Unread) return file.content.unread > 0;
        return round == Round::Anything || std::ranges::any_of(file.content.services, [&](const auto& service) { return over(service.first) > 0; });
    }
    [[nodiscard]] bool mayGo(const std::vector<std::pair<std::string, std::uint64_t>>& shares, Round round) const {
        if (round == Round::Unread || m_gone.bytes + m_pending.bytes >= m_needed) return false;
        const auto isOver = [&](const auto& share) { return over(share.first) > 0; };
        if (round == Round::OnlyOverShare) return std::ranges::all_of(shares, isOver);
        if (round == Round::Anything) return true;
        return isOver(*std::ranges::max_element(shares, {}, [](const auto& share) { return share.second; }));
    }
    void take(const JournalParser::Frame& frame, const std::vector<std::pair<std::string, std::uint64_t>>& shares) {
        count(m_pending, frame, shares);
        for (const auto& [name, bytes] : shares)
            if (const auto found = m_over.find(name); found != m_over.end()) found->second -= std::min(found->second, bytes);
    }

    /// Writes the file anew without what goes. The system's error where the disk did not take that, else 0.
    int trim(EndedJournal& file, Round round) {
        const auto overBefore = m_over;
        const std::string fresh = file.path + kFreshEnding;
        const FileHandle out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
        int failed = out.fd < 0 ? errno : 0;
        const auto put = [&](std::string_view bytes) {
            if (failed == 0 && !writeWhole(out.fd, bytes)) failed = errno;
        };
        const auto giveUp = [&] {
            ::unlink(fresh.c_str());
            m_over = overBefore;
            m_pending = {};
            return failed;
        };
        std::array<char, kFileHeaderSize> header{};
        {
            const FileHandle in(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
            if (in.fd < 0 || ::read(in.fd, header.data(), header.size()) != static_cast<ssize_t>(header.size())) return giveUp();
        }
        put({header.data(), header.size()});
        EndedJournal left{file.path, kFileHeaderSize, {}};
        const auto unread = forEachFrame(file.path, m_stop, [&](const JournalParser::Frame& frame) {
            if (failed) return;
            const auto shares = sharesOf(frame, m_servicesOf);
            if (mayGo(shares, round)) return take(frame, shares);
            const auto head = encodeFrameHeader(frame.info, frame.payload);
            put({head.data(), head.size()});
            put(frame.payload);
            left.bytes += head.size() + frame.payload.size();
            count(left.content, frame, shares);
        });
        if (unread && (round == Round::Unread || m_pending.bytes > 0)) countUnread(m_pending, *unread);  // it goes with the rest
        if (failed || !unread || m_pending.bytes == 0) return giveUp();
        if (left.content.empty()) {
            ::unlink(fresh.c_str());
            if (!goes(file, m_pending, [&] { return ::unlink(file.path.c_str()) == 0 || errno == ENOENT; })) return giveUp();
            left.bytes = 0;
        } else if (::fsync(out.fd) != 0) {
            failed = errno;
            return giveUp();
        } else if (!goes(file, m_pending, [&] { return std::rename(fresh.c_str(), file.path.c_str()) == 0; })) {
            return giveUp();
        }
        file = std::move(left);
        m_gone.merge(m_pending);
        m_pending = {};
        return 0;
    }

    const std::uint64_t m_needed;
    const ServicesOf& m_servicesOf;
    const std::stop_token& m_stop;
    const Going& m_going;
    std::map<std::string, std::uint64_t> m_over;  ///< what each service has still to lose
    Trimmed m_gone, m_pending;                    ///< done, and of the file at hand
};

}  // namespace

void Trimmed::merge(const Trimmed& other) {
    bytes += other.bytes;
    spans += other.spans;
    logs += other.logs;
    metrics += other.metrics;
    unread += other.unread;
    if (other.firstUtcNs && (firstUtcNs == 0 || other.firstUtcNs < firstUtcNs)) firstUtcNs = other.firstUtcNs;
    lastUtcNs = std::max(lastUtcNs, other.lastUtcNs);
    for (const auto& [name, count] : other.services) services[name] += count;
}

std::map<std::string, std::uint64_t> overShare(const std::map<std::string, std::uint64_t>& bytes, std::uint64_t needed) {
    std::vector<std::uint64_t> sizes;
    for (const auto& [name, size] : bytes) sizes.push_back(size);
    std::ranges::sort(sizes, std::greater<>());
    // The level sinks from the largest: with k services above it, it lies at (their sum - needed) / k.
    std::uint64_t level = 0, sum = 0;
    for (std::size_t k = 0; k < sizes.size(); ++k) {
        sum += sizes[k];
        const std::uint64_t next = k + 1 < sizes.size() ? sizes[k + 1] : 0;
        if (sum - next * (k + 1) < needed && k + 1 < sizes.size()) continue;
        level = sum > needed ? (sum - needed) / (k + 1) : 0;
        break;
    }
    std::map<std::string, std::uint64_t> out;
    for (const auto& [name, size] : bytes)
        if (size > level) out[name] = size - level;
    return out;
}

void dropFresh(const std::string& path) {
    const std::string fresh = path + kFreshEnding;
    std::error_code error;
    const bool ours = isJournal(fresh) || (std::filesystem::is_regular_file(fresh, error) && std::filesystem::file_size(fresh, error) == 0);
    if (ours && isJournal(path)) ::unlink(fresh.c_str());
}

Trimmed trimJournals(std::vector<EndedJournal>& files, std::uint64_t needed, const ServicesOf& servicesOf, const std::stop_token& stop, const Going& going) {
    return Trim(needed, servicesOf, stop, going).run(files);
}

}  // namespace spanreel::journal
