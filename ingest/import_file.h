// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <string>

#include "model/core/result.h"
#include "model/store/trace_store.h"
#include "model/trace/trace.h"

namespace spanreel::ingest {

/// Progress of an import; written by the importing thread, read by any.
struct ImportProgress {
    std::atomic<std::uint64_t> bytesRead{0};   ///< of the file as it lies on disk
    std::atomic<std::uint64_t> bytesTotal{0};  ///< 0 = unknown (a pipe)
    std::atomic<std::uint64_t> items{0};
};

/// Opens, decompresses (.gz, .zst, by content), recognises and reads one file ("-" = standard input) into the store as a
/// source of its own. Blocks; any thread but the GUI's. The report is also in the store under the source. An input that
/// cannot be opened or recognised gives a report with `skipped` 1 and its problem; nothing throws. Where the store's memory
/// budget is used up reading stops, and the rest of the input is one skipped item with the problem Limit.
/// Whether the report also tells what only the assembled traces show (missing parents, cycles, copies). Somebody who
/// reads several files leaves it and asks once, after the last: a parent may stand in another file.
enum class Findings : std::uint8_t { Add, Leave };

struct ImportResult {
    store::SourceTicket source;
    store::ImportReport report;
    trace::TracePtr trace;  ///< of the file, assembled, where all its spans are of one and its findings were asked for
};
ImportResult importFile(store::TraceStore& store, const std::string& path, store::SourceKind kind = store::SourceKind::File,
                        ImportProgress* progress = nullptr, std::stop_token stop = {}, Findings findings = Findings::Add);

}  // namespace spanreel::ingest
