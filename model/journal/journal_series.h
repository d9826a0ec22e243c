// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "model/core/result.h"
#include "model/journal/journal_lock.h"
#include "model/journal/journal_trim.h"
#include "model/journal/journal_writer.h"

namespace spanreel::journal {

/// What befell a journal, to be told to the user.
struct JournalEvent {
    enum class Kind : std::uint8_t {
        NewFile,     ///< the file was long enough; writing goes on in `next`
        SyncFailed,  ///< the disk did not take `path`; writing goes on in `next`
        Gone,        ///< `path` was removed; writing goes on in `next`, which has all that was in it
        Cut,         ///< somebody else cut `path` short, and what was there is lost; writing goes on in `next`
        Grown,       ///< somebody else wrote behind what is in `path`, which is passed over; writing goes on in `next`
        Stuck,       ///< nothing can be written, or no new file be made: nothing is acknowledged until that changes
        Resumed,     ///< it has changed
    };
    Kind kind = Kind::NewFile;
    std::string path;
    std::string next;    ///< empty with Stuck and Resumed
    std::string reason;  ///< the system's
};

/// What a writer of frames would rather spare.
enum class Spare : std::uint8_t {
    Time,       ///< until the frame is written
    Processor,  ///< which has other work: large frames may go past the page cache
};

/// The journal of a session: files that follow each other, the last of which is written. A file ends when it is long
/// enough, when a sync of it failed, or when it was removed; what was acknowledged goes with it to the next. A thread of
/// its own brings what was appended to the disk within 100 ms. Thread-safe.
class JournalSeries {
public:
    struct Options {
        std::string path;            ///< of the first file; an existing series of ours is continued, in its last file
        bool durable = false;        ///< `settle` waits for the disk
        std::uint64_t rotateAt = 0;  ///< bytes after which a new file begins; 0 = never
        /// Where to go on when the file was removed under us: the path of a new first file. None = the same path. Asked
        /// once a removal: where nothing can be written there yet, it is tried again.
        std::function<Result<std::string>()> newHome;
        /// Called on any thread, without a lock of ours.
        std::function<void(const JournalEvent&)> tell;
    };
    /// A frame that was written; what `settle` needs.
    struct Receipt {
        std::shared_ptr<JournalWriter> file;
        std::uint64_t sequence = 0;
    };

    /// Errors as of JournalWriter::open.
    /// CannotWrite also where another process writes any file of the series.
    [[nodiscard]] static Result<std::unique_ptr<JournalSeries>> open(Options options);
    /// Syncs what is left.
    ~JournalSeries();
    JournalSeries(const JournalSeries&) = delete;
    JournalSeries& operator=(const JournalSeries&) = delete;

    /// Writes a frame; `info.sequence` is overwritten. On failure (CannotWrite, detail: "disk full: PATH") nothing of it
    /// stays, and a later call may succeed.
    [[nodiscard]] Result<Receipt> append(const FrameInfo& info, const FramePayload& payload, Spare spare = Spare::Time);
    /// Durable: blocks until the frame is on the disk itself, an error where that failed: it then must not be
    /// acknowledged. Not durable: returns at once.
    [[nodiscard]] Result<void> settle(const Receipt& receipt);
    [[nodiscard]] bool durable() const { return m_options.durable; }
    /// Blocks until everything appended is on the disk itself.
    Result<void> sync();

    struct File {
        std::string path;
        std::uint64_t bytes = 0;
    };
    /// Oldest first; the last is being written.
    [[nodiscard]] std::vector<File> files() const;
    /// Bytes of all files but the blocked ones.
    [[nodiscard]] std::uint64_t bytes() const;
    /// Bytes of ended files that trimming could not read or remove the last time.
    [[nodiscard]] std::uint64_t blockedBytes() const;
    /// Frees about `bytes` of the files that have ended, fairly among services: see `trimJournals`. The file being written
    /// stays. Blocks; appending goes on meanwhile. One call at a time.
    [[nodiscard]] Trimmed trim(std::uint64_t bytes, const ServicesOf& servicesOf, const std::stop_token& stop = {}, const Going& going = {});
    /// Goes on in the next file where the present one is long enough, as the next `append` would, so that it can be trimmed.
    void endLongFile();
    /// No frame is taken (CannotWrite, as on a full disk) while the files have `bytes` or more; 0 = no bound, as at first.
    void setMost(std::uint64_t bytes) { m_most.store(bytes, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t framesWritten() const;
    /// Bytes of a torn frame that `open` cut off.
    [[nodiscard]] std::uint64_t cutBytes() const { return m_cut; }

private:
    explicit JournalSeries(Options options) : m_options(std::move(options)) {}
    void rotateIfLong(std::vector<JournalEvent>& events);
    void syncAlways(const std::stop_token& stop);
    Result<void> mend(std::vector<JournalEvent>& events);
    Result<std::shared_ptr<JournalWriter>> makeNext(const std::string& first, bool newPlace);
    void tell(const std::vector<JournalEvent>& events) const;
    [[nodiscard]] std::uint64_t bytesOfAll() const;

    const Options m_options;
    JournalLock m_lock;
    mutable std::mutex m_mutex;
    std::shared_ptr<JournalWriter> m_writer;
    DirectWrite m_direct;  ///< what is known of the disk, whichever file is written
    std::vector<EndedJournal> m_ended;  ///< files before it
    std::string m_first;           ///< names of later files are made of it
    std::string m_newFirst;        ///< the same where the file was removed, until it can be written there
    unsigned m_number = 1;         ///< of the file being written
    std::chrono::steady_clock::time_point m_rotateAgain;  ///< not before, where a new file could not be made
    std::atomic<std::uint64_t> m_most{0};
    std::uint64_t m_frames = 0;
    std::uint64_t m_cut = 0;
    bool m_toldStuck = false;
    bool m_dirty = false;  ///< appended since the last sync, or a failed one could not be mended
    std::condition_variable_any m_wake;
    std::jthread m_syncer;  ///< last: ends first
};

}  // namespace spanreel::journal
