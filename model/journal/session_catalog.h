// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/journal/journal_trim.h"
#include "model/journal/session_folder.h"

namespace spanreel::journal {

/// A session on disk, as it was when looked at.
struct SessionEntry {
    enum class State : std::uint8_t {
        Open,    ///< somebody writes it now
        Ended,   ///< closed as it should be
        CutOff,  ///< the program that wrote it was killed or crashed
    };
    std::string id;  ///< the folder's name
    std::string folder;
    std::string name;  ///< the user's; may be empty
    std::string by;    ///< "window", "serve", or empty
    State state = State::CutOff;
    std::uint64_t createdUtcNs = 0;
    std::uint64_t lastUtcNs = 0;  ///< last change of a journal
    std::uint64_t bytes = 0;      ///< of all journals
    SessionCounts counts;
    bool pinned = false;
    bool noted = false;              ///< the user wrote notes on it
    bool unclear = false;            ///< not all of it could be looked at: it stays
    bool foreign = false;            ///< somebody put something else into its folder: it stays
    std::vector<std::string> files;  ///< journals, oldest first
};

// All of this touches the disk: for worker threads. `base` is what `sessionsFolder` returns.

/// All sessions, newest first. A folder without a journal is one only where it has a session's name. Those cut off are counted once (frame headers only) and the result kept in their folder.
[[nodiscard]] std::vector<SessionEntry> listSessions(const std::string& base, const std::stop_token& stop = {});
[[nodiscard]] Result<void> nameSession(const SessionEntry& session, const std::string& name);
[[nodiscard]] Result<void> pinSession(const SessionEntry& session, bool pinned);
/// Removes a session with all that is in its folder; refused while somebody writes it.
[[nodiscard]] Result<void> removeSession(const SessionEntry& session);

/// Whether the user holds on to it now: pinned, or with notes (or either cannot be read).
[[nodiscard]] bool isHeld(const std::string& folder);
/// Notes in "removed.log" beside the sessions what is about to go of one while it is being written.
void noteTrimmed(const std::string& folder, const Trimmed& gone, std::uint64_t nowUtcNs);

struct SweepPolicy {
    std::uint64_t maxBytes = 10ull << 30;
    std::uint64_t maxAgeNs = 7ull * 24 * 3600 * 1'000'000'000;
    std::string apart;      ///< the folder of a session whose size does not count
    bool isUsers = true;    ///< set by the user, to be remembered; else as `knownPolicy` returned it
};
struct Swept {
    std::vector<SessionEntry> removed;  ///< for age first, then for room
    std::uint64_t bytesLeft = 0;
    bool overBudget = false;  ///< what is left may not go
};
/// What sessions were last swept by: the user's settings, for a program that does not know them. Defaults where nobody has yet, no bound where that cannot be read.
[[nodiscard]] SweepPolicy knownPolicy(const std::string& base);
/// Removes sessions that are neither pinned nor noted nor open, all of which could be looked at, and to which nobody added anything: those that ended longer ago than `maxAgeNs`, then, oldest
/// first, until all fit into `maxBytes`. Notes what went in "removed.log". Where the clock jumped, or nobody looked for
/// longer than the age, nothing goes for its age before another day has passed. Stopped, it removes no more.
Swept sweepSessions(const std::string& base, const SweepPolicy& policy, std::uint64_t nowUtcNs, const std::stop_token& stop = {});

}  // namespace spanreel::journal
