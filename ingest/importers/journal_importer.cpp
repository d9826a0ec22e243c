// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/journal_importer.h"

#include <memory>
#include <string>

#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/journal/journal_parser.h"
#include "model/store/trace_store.h"

namespace spanreel::ingest {
namespace {

/// Decodes the frames of a journal as the receiver did. A frame is a synthetic group of its own, as a request was.
class JournalImporter final : public Importer {
public:
    JournalImporter()
        : m_parser({[this](const journal::JournalParser::Frame& frame) { take(frame); },
                    [this](journal::JournalParser::Damage kind, std::uint64_t offset, std::uint64_t bytes) { damaged(kind, offset, bytes); }}) {}

    void feed(std::string_view bytes, ImportContext& context) override {
        if (context.stop.stop_requested()) return;
        m_context = &context;
        m_parser.feed(bytes);
    }
    void finish(ImportContext& context) override {
        m_context = &context;
        if (!context.stop.stop_requested()) m_parser.finish();
    }

private:
    [[nodiscard]] Place at(std::uint64_t offset) const { return {m_context->file, static_cast<std::int64_t>(offset), -1}; }

    void damaged(journal::JournalParser::Damage kind, std::uint64_t offset, std::uint64_t bytes) {
        const std::string size = std::to_string(bytes) + " bytes";
        switch (kind) {
            // What the writer had not finished was never acknowledged: nothing is lost.
            case journal::JournalParser::Damage::TornTail: m_context->report.warn(ProblemCode::FlaggedValue, "unfinished last record, " + size, at(offset)); break;
            case journal::JournalParser::Damage::Header: m_context->report.warn(ProblemCode::FlaggedValue, "damaged file header", at(offset)); break;
            case journal::JournalParser::Damage::Frame: m_context->report.skip(ProblemCode::BadValue, "damaged stretch of the journal, " + size, at(offset)); break;
        }
    }

    [[nodiscard]] Result<DecodedRequest> decodeProtobuf(Signal signal, std::shared_ptr<const std::string> bytes) {
        store::TraceStore* const target = m_context->sink.store();
        return target ? decodeOtlpProtobuf(signal, std::move(bytes), target->lendFront().get()) : decodeOtlpProtobuf(signal, std::move(bytes));
    }

    void take(const journal::JournalParser::Frame& frame) {
        if (frame.info.type != journal::FrameType::OtlpRequest || m_context->stop.stop_requested()) return;
        auto& report = m_context->report;
        const auto body = frame.offset + journal::kFrameHeaderSize;
        if (frame.info.signal > static_cast<std::uint8_t>(Signal::Metrics) || frame.info.encoding > static_cast<std::uint8_t>(store::Encoding::Json)) {
            report.skip(ProblemCode::BadValue, "unknown signal or encoding in the journal", at(frame.offset));
            return;
        }
        const auto signal = static_cast<Signal>(frame.info.signal);
        const bool json = static_cast<store::Encoding>(frame.info.encoding) == store::Encoding::Json;
        auto bytes = std::make_shared<const std::string>(frame.payload);
        auto decoded = json ? decodeOtlpJson(signal, std::move(bytes)) : decodeProtobuf(signal, std::move(bytes));
        const auto placed = [&](const Problem& problem) { return at(body + static_cast<std::uint64_t>(problem.place.byte > 0 ? problem.place.byte : 0)); };
        if (!decoded) {
            report.skip(decoded.error().code, decoded.error().detail, placed(decoded.error()));
            return;
        }
        report.kept += decoded->items;
        report.warned += decoded->warned;
        for (const auto& problem : decoded->warnings) report.warn(problem.code, problem.detail, placed(problem));
        const auto skippedBefore = report.skipped;
        for (const auto& problem : decoded->losses) report.skip(problem.code, problem.detail, placed(problem));
        report.skipped = skippedBefore + decoded->rejected;
        if (!decoded->batch.empty()) m_context->sink.accept(std::move(decoded->batch), ++m_group);
    }

    ImportContext* m_context = nullptr;
    journal::JournalParser m_parser;
    std::uint64_t m_group = 0;
};

int sniff(std::string_view head, bool) {
    if (head.starts_with(journal::kFileMagic)) return 100;
    return head.size() > journal::kFileHeaderSize && head.substr(journal::kFileHeaderSize).starts_with(journal::kFrameMagic) ? 90 : 0;
}

std::unique_ptr<Importer> create() { return std::make_unique<JournalImporter>(); }

}  // namespace

ImporterDescriptor journalImporter() {
    // First of all: its magic is no other format's beginning.
    return {"spanreel-journal", "Spanreel journal", {"*.spanreel-journal", "journal*"}, 100, sniff, create};
}

}  // namespace spanreel::ingest
