// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/spare_batches.h"

#include <new>
#include <utility>

namespace spanreel::store {

Batch SpareBatches::take() {
    const std::lock_guard lock(m_mutex);
    if (m_batches.empty()) return {};
    Batch out = std::move(m_batches.back());
    m_batches.pop_back();
    m_bytes -= out.bytes();
    return out;
}

void SpareBatches::give(Batch batch) noexcept {
    batch.clear();
    const std::size_t bytes = batch.bytes();
    if (bytes > kLargest) return;
    const std::lock_guard lock(m_mutex);
    if (m_bytes + bytes > kMostBytes) return;
    try {
        m_batches.push_back(std::move(batch));
    } catch (const std::bad_alloc&) {
        return;
    }
    m_bytes += bytes;
}

void SpareBatches::clear() {
    std::vector<Batch> gone;
    const std::lock_guard lock(m_mutex);
    gone.swap(m_batches);
    m_bytes = 0;
}

std::size_t SpareBatches::bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

}  // namespace spanreel::store
