// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/journal/journal_format.h"

namespace spanreel::journal {

/// Who sent what lies in a frame: services and their records. The journal does not look into payloads, so whoever trims
/// brings a reader. A frame it cannot read has one part without a name.
using FrameServices = std::vector<std::pair<std::string, std::uint64_t>>;
using ServicesOf = std::function<FrameServices(const FrameInfo& info, std::string_view payload)>;

/// Ending of the name of a file that is being written anew.
constexpr const char* kFreshEnding = ".new";

/// Frames and what is in them; of those that went from the disk, or of a file.
struct Trimmed {
    std::uint64_t bytes = 0, spans = 0, logs = 0, metrics = 0;
    std::uint64_t unread = 0;                     ///< of the bytes, those that nobody can read any more
    std::uint64_t firstUtcNs = 0, lastUtcNs = 0;  ///< when it had been received
    std::map<std::string, std::uint64_t> services;  ///< bytes; a frame of several is shared out by their records
    [[nodiscard]] bool empty() const { return bytes == 0; }
    void merge(const Trimmed& other);
};

/// A journal that nobody writes any more. `content` is empty until it was looked into.
struct EndedJournal {
    std::string path;
    std::uint64_t bytes = 0;
    Trimmed content{};
    bool blocked = false;  ///< it cannot be read or removed at the moment, so nothing of it can go
};

/// Told of what is about to go of a file, just before (of one that could not go the last time, after): whoever is killed in
/// between has said too much, not too little.
using Going = std::function<void(const Trimmed&)>;

/// Frees about `needed` bytes of `files` (oldest first): first what nobody can read, then fairly: every service may keep as much as any other, and what one
/// does not need is the others'. So what goes is of the services that take most, the oldest first; of the others nothing
/// goes, whatever its age. Frames that also hold records of services within their share go only when there is nothing
/// else, and whole frames of any age and kind at last.
///
/// A file all of which goes is removed; another is written anew without what goes and takes the old one's name: whoever is
/// killed in between leaves one or the other. A file is read once to know what is in it, and again only where a part of it
/// goes. Files that are gone, or cannot be written anew, are left as they are; but where the disk is full and so nothing else can
/// go, the oldest file goes whole, though that is more than `needed`.
/// Blocks for as long as it takes to read them. `files` is brought up to date.
[[nodiscard]] Trimmed trimJournals(std::vector<EndedJournal>& files, std::uint64_t needed, const ServicesOf& servicesOf, const std::stop_token& stop = {}, const Going& going = {});

/// Removes what a killed process left of `path`, which it was writing anew; alone that may be all there is, and stays.
void dropFresh(const std::string& path);

/// How many bytes each service is to lose so that `needed` bytes go in all: what it has beyond the level that does it.
[[nodiscard]] std::map<std::string, std::uint64_t> overShare(const std::map<std::string, std::uint64_t>& bytes, std::uint64_t needed);

}  // namespace spanreel::journal
