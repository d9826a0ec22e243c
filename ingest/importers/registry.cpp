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

namespace {

struct Choice {
    const ImporterDescriptor* importer = nullptr;
    int score = 0;
};

Choice choose(std::string_view head, bool wholeInput, bool logs) {
    Choice best;
    for (const auto& importer : importers()) {
        if (!logs && readsLogs(importer)) continue;
        const int score = importer.sniff(head, wholeInput);
        if (score <= 0 || score < best.score || (score == best.score && best.importer && importer.priority <= best.importer->priority)) continue;
        best = {&importer, score};
    }
    return best;
}

}  // namespace

const ImporterDescriptor* chooseImporter(std::string_view head, bool wholeInput) { return choose(head, wholeInput, true).importer; }

bool readsLogs(const ImporterDescriptor& importer) { return std::string_view(importer.name).starts_with("logs-"); }

const ImporterDescriptor* traceFormatOf(std::string_view json) {
    constexpr int kSure = 80;  // names that no other JSON has together
    const auto [importer, score] = choose(json, false, false);
    return score >= kSure && logJsonImporter().sniff(json, false) == 0 ? importer : nullptr;
}

const ImporterDescriptor* importerNamed(std::string_view name) {
    const auto& all = importers();
    const auto found = std::ranges::find(all, name, &ImporterDescriptor::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace spanreel::ingest
