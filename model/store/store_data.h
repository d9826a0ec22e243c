// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/core/arena.h"
#include "model/core/stable_vector.h"
#include "model/store/attribute_table.h"
#include "model/store/snapshot.h"
#include "model/store/spare_batches.h"
#include "model/store/text_pool.h"
#include "model/store/trace_index.h"

namespace spanreel::store {

/// One of the services a trace has beside a full set of `serviceSets`, and the one before it.
struct MoreService {
    ServiceId service = 0;
    std::uint32_t before = 0;  ///< 0 = none
    std::uint32_t count = 0;   ///< of the list as far as this one
};

/// What all snapshots of a session share: append-only tables. Written by the store's writer; a reader touches only
/// elements its snapshot's rows refer to.
struct StoreData {
    TextPool text;
    StringPool strings{text};  ///< names and rare texts
    StringPool bodies{text};   ///< of logs
    AttributeTable attributes{text};
    Arena arena{16 * 1024};  ///< attributes of resources and scopes
    StableVector<Resource> resources;
    StableVector<Scope> scopes;
    TraceIndex traces;
    StableVector<StringId> serviceNames;               ///< by ServiceId
    StableVector<std::vector<ServiceId>> serviceSets;  ///< of services from 64 on, sorted; 0 = the empty set
    StableVector<MoreService> moreServices;            ///< lists of single traces; 0 = the empty list
    StableVector<MetricsRecord> metrics;
    SpareBatches spareBatches;  ///< nothing of readers': from the writer, for those who decode
};

}  // namespace spanreel::store
