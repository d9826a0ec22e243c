// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace spanreel::ingest {

/// Memory of large bodies (requests, blocks of a file), used again for those that follow: where there is much to read the
/// next one comes at once, and fresh memory costs about as much as decoding what comes into it. What is kept is bounded. Thread-safe; what
/// `share` gave out may outlive it.
class BodyMemory {
public:
    /// Kept at most, in bytes.
    static constexpr std::size_t kMost = std::size_t{24} << 20;
    /// Smaller bodies are the heap's business.
    static constexpr std::size_t kLeast = std::size_t{64} << 10;

    BodyMemory();
    /// An empty string with room for `bytes`.
    [[nodiscard]] std::string memory(std::size_t bytes);
    /// A string of so many bytes, of which nobody knows what they are: for whoever writes all of them.
    [[nodiscard]] std::string written(std::size_t bytes);
    /// The same of at most so many bytes, with room for all: no more than the memory held before, so that nothing is spent on
    /// bytes that may never come.
    [[nodiscard]] std::string used(std::size_t bytes);
    /// The body as it goes on; its memory comes back with the last who holds it.
    [[nodiscard]] std::shared_ptr<const std::string> share(std::string body) const;
    /// Frees what is kept.
    void release();
    /// Bytes kept.
    [[nodiscard]] std::size_t kept() const;

private:
    std::string take(std::size_t bytes);
    struct Spare;
    struct Body;
    std::shared_ptr<Spare> m_spare;
};

}  // namespace spanreel::ingest
