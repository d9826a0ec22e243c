// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "model/core/stable_vector.h"
#include "model/store/snapshot.h"

namespace spanreel::store {

/// What all snapshots of a session share: append-only tables. Written by the store's writer; a reader touches only
/// elements its snapshot's rows refer to. The trace index alone is guarded by a mutex.
struct StoreData {
    StringPool strings;
    Arena arena{16 * 1024};  ///< attributes of resources and scopes
    StableVector<Resource> resources;
    StableVector<Scope> scopes;
    StableVector<TraceId> traceIds;                    ///< by trace index
    StableVector<StringId> serviceNames;               ///< by ServiceId
    StableVector<std::vector<ServiceId>> serviceSets;  ///< sorted; 0 = the empty set

    mutable std::mutex traceIndexMutex;
    absl::flat_hash_map<TraceId, std::uint32_t, TraceIdHash> traceIndex;
};

inline Value toValue(const StringPool& strings, const StoredAttribute& a) {
    if (a.type >= ValueType::String) return {a.type, 0, strings.view(static_cast<StringId>(a.bits))};
    return {a.type, a.bits, {}};
}

}  // namespace spanreel::store
