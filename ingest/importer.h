// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "model/store/batch.h"
#include "model/store/import_report.h"

namespace spanreel::store {
class TraceStore;
}

namespace spanreel::ingest {

class InputFile;

/// Takes decoded batches, usually into the store. Called on the importing thread.
class BatchSink {
public:
    virtual ~BatchSink() = default;
    /// `syntheticGroup` separates the synthetic traces of spans without a trace id (one group a request or file).
    virtual void accept(store::Batch batch, std::uint64_t syntheticGroup) = 0;
    /// The store all batches go to, whose fronts decoders may use; null where there is none.
    [[nodiscard]] virtual store::TraceStore* store() { return nullptr; }
};

/// What a reader works with. `file` is the name to put into places.
struct ImportContext {
    BatchSink& sink;
    store::ImportReport& report;
    std::string file;
    std::stop_token stop;  ///< a reader returns early once it is requested
    std::shared_ptr<const InputFile> input{};  ///< where all that is fed are the bytes of a regular file, from its first on
};

/// Reads one input of one format. Bytes come in any chunking, already decompressed; a reader keeps what it could not
/// finish. Emits a batch about every 1,000 items. Never throws on bad input: it reports, keeps the good records, goes on.
/// Times without a zone are UTC.
class Importer {
public:
    virtual ~Importer() = default;
    virtual void feed(std::string_view bytes, ImportContext& context) = 0;
    /// Of the bytes behind those fed so many are not to be fed: it has them read from `ImportContext::input`, on other threads.
    /// Asked after each `feed`, told once.
    [[nodiscard]] virtual std::uint64_t passedOver() { return 0; }
    virtual void finish(ImportContext& context) = 0;
};

/// A format. A new one is one file in importers/ with one `register…` line in importers/registry.cpp.
struct ImporterDescriptor {
    const char* name;              ///< "otlp-json": as stats and reports name it
    const char* title;             ///< "OTLP JSON (file exporter)": as a person reads it
    std::vector<const char*> patterns;  ///< usual file names, for the open dialog only: "*.json"
    int priority;                  ///< breaks ties of `sniff`; higher first, with its reason beside it
    /// How sure the format is, 0..100, from the first bytes (4 KiB, decompressed, BOM removed; up to 1 MiB of JSON that no
    /// format claims by less) and whether that is the whole input.
    int (*sniff)(std::string_view head, bool wholeInput);
    std::unique_ptr<Importer> (*create)();
};

/// All formats, in the order of the explicit list.
[[nodiscard]] const std::vector<ImporterDescriptor>& importers();

}  // namespace spanreel::ingest
