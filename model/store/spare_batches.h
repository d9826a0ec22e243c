// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "model/store/batch.h"

namespace spanreel::store {

/// Memory of batches that went into the store, for those to come. Batches are made on one thread and end on another: given back
/// to the heap, their memory is what these threads wait for each other for. What is kept is bounded. Thread-safe.
class SpareBatches {
public:
    /// Kept at most, in bytes.
    static constexpr std::size_t kMostBytes = std::size_t{16} << 20;
    /// A batch with more is not kept: the next one may need little of it. One of 8,192 spans has less.
    static constexpr std::size_t kLargest = std::size_t{8} << 20;

    /// An empty batch, with memory where there is any.
    [[nodiscard]] Batch take();
    /// Forgets what a batch holds and keeps its memory, if there is room.
    void give(Batch batch) noexcept;
    void clear();
    [[nodiscard]] std::size_t bytes() const;

private:
    mutable std::mutex m_mutex;
    std::vector<Batch> m_batches;
    std::size_t m_bytes = 0;
};

}  // namespace spanreel::store
