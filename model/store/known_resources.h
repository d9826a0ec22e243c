// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/core/process_seed.h"
#include "model/store/text_hash.h"

namespace spanreel::store {

/// A resource by the bytes it came in, and the number the store gave it.
struct KnownResource {
    static constexpr std::uint32_t kNoId = 0xFFFFFFFFu;
    std::string message;    ///< a Resource, encoded
    std::string schemaUrl;  ///< of the envelope around it
    std::atomic<std::uint32_t> id{kNoId};  ///< told by the store's writer
};

/// Resources one thread has met lately: a sender repeats its own in every request, and to decode and compare them costs as much
/// as some spans. Owned by one thread at a time; ids are of one session's data. Takes little more than half a MiB at most.
class KnownResources {
public:
    /// The resource that came in these bytes; null where none is known, or the store has not told its number yet.
    [[nodiscard]] const KnownResource* find(std::string_view message) const {
        const KnownResource* const known = m_places[place(message)].get();
        return known && known->message == message && known->id.load(std::memory_order_relaxed) != KnownResource::kNoId ? known : nullptr;
    }
    /// Remembers one, to be told its number, by several if it comes again before that; null where it is too long. Its meaning must
    /// depend on these bytes alone.
    std::shared_ptr<KnownResource> add(std::string_view message, std::string_view schemaUrl) {
        if (message.size() + schemaUrl.size() > kLongest) return nullptr;
        auto& at = m_places[place(message)];
        if (at && at->message == message && at->schemaUrl == schemaUrl) return at;
        at = std::make_shared<KnownResource>();
        at->message = message;
        at->schemaUrl = schemaUrl;
        return at;
    }

private:
    static constexpr std::size_t kPlaces = 256, kLongest = 2048;
    [[nodiscard]] std::size_t place(std::string_view message) const { return textHash(message, m_seed) % kPlaces; }
    const std::uint64_t m_seed = processSeed();
    std::array<std::shared_ptr<KnownResource>, kPlaces> m_places;  ///< direct-mapped
};

}  // namespace spanreel::store
