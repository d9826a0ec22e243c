// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "model/core/result.h"
#include "model/journal/journal_format.h"

namespace spanreel::journal {

/// Appends frames to one journal file. The only writer of it: holds an exclusive flock. When `append` returns, the frame
/// has been handed to the kernel whole (write(2)): it survives a kill -9 of this process. A thread of its own brings what
/// was appended to the disk within 100 ms, for power cuts. Thread-safe.
class JournalWriter {
public:
    /// Creates the file (mode 0600), or continues a journal of ours after cutting a torn last frame. Any other file is
    /// refused untouched (Usage, detail: the reason); a journal in use by another process too (CannotWrite).
    [[nodiscard]] static Result<std::unique_ptr<JournalWriter>> open(const std::string& path);
    ~JournalWriter();
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;

    /// Writes a frame; `info.sequence` is overwritten. Returns the sequence number. On failure (CannotWrite, detail:
    /// "disk full: PATH") nothing of the frame remains in the file, and a later call may succeed.
    Result<std::uint64_t> append(FrameInfo info, std::string_view payload);

    /// Blocks until everything appended is on the disk itself.
    void sync();

    [[nodiscard]] const std::string& path() const { return m_path; }
    /// Bytes of a torn frame that `open` cut off.
    [[nodiscard]] std::uint64_t cutBytes() const { return m_cut; }
    [[nodiscard]] std::uint64_t nextSequence() const;
    [[nodiscard]] std::uint64_t size() const;

private:
    JournalWriter(std::string path, int fd);
    Result<void> writeAll(std::string_view bytes);
    void syncAlways(std::stop_token stop);

    std::string m_path;
    int m_fd;
    mutable std::mutex m_mutex;
    std::uint64_t m_end = 0;
    std::uint64_t m_next = 1;
    std::uint64_t m_cut = 0;
    std::string m_buffer;
    bool m_dirty = false;  ///< appended since the last sync
    std::condition_variable_any m_wake;
    std::jthread m_syncer;  ///< last: ends first
};

/// A new session folder under SPANREEL_HOME, else $XDG_DATA_HOME/spanreel (else ~/.local/share/spanreel):
/// "sessions/<UTC>-<random>/", mode 0700. Returns its path.
[[nodiscard]] Result<std::string> makeSessionFolder();

}  // namespace spanreel::journal
