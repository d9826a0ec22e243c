// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/io/body_memory.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "model/core/pages.h"

namespace spanreel::ingest {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

/// Bodies of about the same size fit each other's memory. Larger ones take, with what the heap puts before them, as much as
/// whole huge pages: a mapping of that size begins at a multiple of theirs (Linux since 6.7), and elsewhere most of it is whole.
std::size_t roomFor(std::size_t bytes) {
    const auto whole = [](std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; };
    if (bytes < BodyMemory::kLeast) return bytes;
    if (bytes < kHugePage) return whole(bytes, BodyMemory::kLeast);
    return whole(bytes + pageSize(), kHugePage) - pageSize();
}

}  // namespace

struct BodyMemory::Spare {
    void put(std::string body) {
        const std::size_t bytes = body.capacity();
        if (bytes < kLeast || bytes > kMost) return;
        std::vector<std::string> freed;  // without the lock
        const std::lock_guard lock(mutex);
        while (held + bytes > kMost) {  // the oldest goes
            held -= bodies.front().capacity();
            freed.push_back(std::move(bodies.front()));
            bodies.erase(bodies.begin());
        }
        held += bytes;
        bodies.push_back(std::move(body));
    }

    std::mutex mutex;
    std::vector<std::string> bodies;
    std::size_t held = 0;
};

struct BodyMemory::Body {
    Body(std::string bytes, std::shared_ptr<Spare> home) : text(std::move(bytes)), spare(std::move(home)) {}
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;
    ~Body() { spare->put(std::move(text)); }

    std::string text;
    std::shared_ptr<Spare> spare;
};

BodyMemory::BodyMemory() : m_spare(std::make_shared<Spare>()) {}

/// With room, and with what an earlier body left there.
std::string BodyMemory::take(std::size_t bytes) {
    std::string out;
    {
        const std::lock_guard lock(m_spare->mutex);
        auto& bodies = m_spare->bodies;
        // The one used last is the likeliest to be in the cache.
        const auto found = std::find_if(bodies.rbegin(), bodies.rend(), [&](const std::string& body) { return body.capacity() >= bytes; });
        if (bytes >= kLeast && found != bodies.rend()) {
            out = std::move(*found);
            m_spare->held -= out.capacity();
            bodies.erase(std::next(found).base());
        }
    }
    if (out.capacity() < bytes) {
        out.reserve(roomFor(bytes));
        if (out.capacity() >= kHugePage) askForHugePages(out.data(), out.capacity());
    }
    return out;
}

std::string BodyMemory::memory(std::size_t bytes) {
    std::string out = take(bytes);
    out.clear();
    return out;
}

std::string BodyMemory::used(std::size_t bytes) {
    std::string out = take(bytes);
    if (out.size() > bytes) out.resize(bytes);
    return out;
}

std::string BodyMemory::written(std::size_t bytes) {
    std::string out = take(bytes);
    out.resize(bytes);  // writes no more than the last body did not
    return out;
}

std::shared_ptr<const std::string> BodyMemory::share(std::string body) const {
    if (body.capacity() < kLeast) return std::make_shared<const std::string>(std::move(body));
    const auto owner = std::make_shared<Body>(std::move(body), m_spare);
    return {owner, &owner->text};
}

void BodyMemory::release() {
    std::vector<std::string> freed;
    const std::lock_guard lock(m_spare->mutex);
    freed.swap(m_spare->bodies);
    m_spare->held = 0;
}

std::size_t BodyMemory::kept() const {
    const std::lock_guard lock(m_spare->mutex);
    return m_spare->held;
}

}  // namespace spanreel::ingest
