// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "model/core/result.h"
#include "model/journal/direct_write.h"
#include "model/journal/journal_format.h"

namespace spanreel::journal {

/// Appends frames to one journal file. The only writer of it: holds an exclusive flock. When `append` returns, the frame
/// has been handed to the kernel whole (write(2) or writev(2)): it survives a kill -9 of this process; when `sync` returns well, a power
/// cut too. After a failed sync the file takes no more frames: the kernel may have dropped pages it could not write, so a
/// later sync that succeeds proves nothing. Thread-safe.
class JournalWriter {
public:
    /// Creates the file (mode 0600), or continues a journal of ours after cutting a torn last frame; what is in it is brought
    /// to the disk first: where that fails it is as after a failed sync. Any other file is
    /// refused untouched (Usage, detail: the reason); a journal in use by another process too (CannotWrite).
    /// `firstSequence` numbers the first frame of a new file.
    [[nodiscard]] static Result<std::unique_ptr<JournalWriter>> open(const std::string& path, std::uint64_t firstSequence = 1);
    ~JournalWriter();
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;

    /// Writes a frame; `info.sequence` is overwritten. Returns the sequence number. On failure (CannotWrite, detail:
    /// "disk full: PATH") nothing of the frame remains in the file, and a later call may succeed. With `direct` a large frame
    /// may go past the page cache.
    Result<std::uint64_t> append(FrameInfo info, const FramePayload& payload, DirectWrite* direct = nullptr);

    /// Blocks until the frame `sequence` (by default all so far) is on the disk itself. Callers that meet share one
    /// fdatasync.
    Result<void> sync(std::uint64_t sequence = UINT64_MAX);

    /// Appends the frames of `from` that begin at `offset` or later to this file, with the numbers they have. Damaged
    /// ones are left out. Nobody may append to either meanwhile.
    Result<void> copyFrom(const JournalWriter& from, std::uint64_t offset);
    /// Cuts the file off at `offset` where it is longer, as far as the disk allows. For a file that takes no more frames.
    void cutAt(std::uint64_t offset);

    [[nodiscard]] const std::string& path() const { return m_path; }
    /// Bytes of a torn frame that `open` cut off.
    [[nodiscard]] std::uint64_t cutBytes() const { return m_cut; }
    [[nodiscard]] std::uint64_t nextSequence() const;
    [[nodiscard]] std::uint64_t size() const;
    /// End of what is surely on the disk, or was in the file when it was opened.
    [[nodiscard]] std::uint64_t syncedEnd() const;
    /// Why the last sync failed; empty while none has.
    [[nodiscard]] std::string syncFailure() const;
    /// What somebody else did to the file under us: removed it, cut it off somewhere before its end, or wrote behind it.
    enum class State : std::uint8_t { Sound, Gone, Cut, Grown };
    [[nodiscard]] State state() const;

private:
    JournalWriter(std::string path, int fd);
    Result<void> writeAll(std::string_view bytes);
    Result<void> writeBoth(std::string_view first, std::string_view second);
    Result<void> writeDirect(DirectWrite& direct, const FrameHeader& header, std::string_view payload);
    Result<void> writeFrame(const FrameInfo& info, const FramePayload& payload, DirectWrite* direct = nullptr);
    void letGo(std::uint64_t end);

    std::string m_path;
    int m_fd;
    mutable std::mutex m_mutex;
    std::uint64_t m_end = 0;
    std::uint64_t m_next = 1;
    std::uint64_t m_cut = 0;
    std::string m_buffer;
    std::condition_variable m_syncDone;
    std::uint64_t m_keptFrom = 0;  ///< what lies before has been let go by the page cache; of the one who syncs
    bool m_syncing = false;  ///< somebody is in fdatasync, without the mutex
    std::uint64_t m_syncedEnd = 0;
    std::uint64_t m_syncedSequence = 0;
    std::string m_syncFailure;
};

/// Whether there is a regular file that begins like a journal. Nothing else is waited for.
[[nodiscard]] bool isJournal(const std::string& path);

}  // namespace spanreel::journal
