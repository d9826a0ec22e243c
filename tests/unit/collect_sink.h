// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "ingest/importer.h"
#include "model/store/trace_store.h"

namespace spanreel {

/// Puts what an importer reads into a store.
struct CollectSink final : ingest::BatchSink {
    store::TraceStore store;
    store::SourceId source = store.addSource(store::SourceKind::File, "test");
    void accept(store::Batch batch, std::uint64_t group) override { store.append(std::move(batch), source, group); }
};

}  // namespace spanreel
