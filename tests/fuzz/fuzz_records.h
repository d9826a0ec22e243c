// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/store/batch.h"
#include "model/store/import_report.h"
#include "model/store/snapshot.h"

namespace spanreel::fuzz {

/// Every text of every record is UTF-8, every index names something, every nested value can be walked.
void requireSound(const store::Batch& batch);

/// Problems and counts as text; the counts add up and places lie in an input of these bytes.
[[nodiscard]] std::string soundReport(const store::ImportReport& report, std::string_view input);

/// Metric objects in a batch.
[[nodiscard]] std::uint64_t metricsIn(const store::Batch& batch);

/// A store with the batch's records, as a receiver's.
[[nodiscard]] store::SnapshotPtr snapshotOf(store::Batch batch);

}  // namespace spanreel::fuzz
