// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/registry.h"

#include <algorithm>

#include "ingest/importers/console_importer.h"
#include "ingest/importers/jaeger_json_importer.h"
#include "ingest/importers/journal_importer.h"
#include "ingest/importers/log_importer.h"
#include "ingest/importers/otlp_json_importer.h"
#include "ingest/importers/otlp_proto_importer.h"
#include "ingest/importers/zipkin_json_importer.h"

namespace spanreel::ingest {

// The explicit list: one line a format.
const std::vector<ImporterDescriptor>& importers() {
    static const std::vector<ImporterDescriptor> list = {
        consoleImporter(),
        jaegerJsonImporter(),
        journalImporter(),
        logJsonImporter(),
        logLogfmtImporter(),
        logTextImporter(),
        otlpJsonImporter(),
        otlpProtoImporter(),
        tempoJsonImporter(),
        zipkinJsonImporter(),
    };
    return list;
}

const ImporterDescriptor* chooseImporter(std::string_view head, bool wholeInput) {
    const ImporterDescriptor* best = nullptr;
    int bestScore = 0;
    for (const auto& importer : importers()) {
        const int score = importer.sniff(head, wholeInput);
        if (score <= 0 || score < bestScore || (score == bestScore && best && importer.priority <= best->priority)) continue;
        best = &importer;
        bestScore = score;
    }
    return best;
}

const ImporterDescriptor* importerNamed(std::string_view name) {
    const auto& all = importers();
    const auto found = std::ranges::find(all, name, &ImporterDescriptor::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace spanreel::ingest
