// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/batch.h"

#include <algorithm>

namespace spanreel::store {

bool EventRecord::operator==(const EventRecord& o) const {
    return timeNs == o.timeNs && name == o.name && std::ranges::equal(attributes, o.attributes) && droppedAttributes == o.droppedAttributes && unknown == o.unknown;
}

bool LinkRecord::operator==(const LinkRecord& o) const {
    return traceId == o.traceId && spanId == o.spanId && traceState == o.traceState && std::ranges::equal(attributes, o.attributes) &&
           droppedAttributes == o.droppedAttributes && flags == o.flags && unknown == o.unknown;
}

void Batch::clear() {
    resources.clear();
    scopes.clear();
    spans.clear();
    logs.clear();
    metrics.clear();
    keep.clear();
    pending.reset();
    arena.clear();
}

std::size_t Batch::bytes() const {
    const auto of = [](const auto&... records) { return ((records.capacity() * sizeof records[0]) + ...); };
    return sizeof *this + arena.bytesReserved() + of(resources, scopes, spans, logs, metrics, keep);
}

}  // namespace spanreel::store
