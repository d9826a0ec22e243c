// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/journal_importer.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/importers/ordered_decode.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/journal/journal_parser.h"
#include "model/store/trace_store.h"

namespace spanreel::ingest {
namespace {

/// Frames that stand one after the other in a journal, decoded together on any thread.
class FrameBlock final : public OrderedDecode::Job {
public:
    struct Request {
        std::shared_ptr<const std::string> body;
        std::uint64_t offset = 0;  ///< of the body in the file
        Signal signal = Signal::Traces;
        store::Encoding encoding = store::Encoding::Protobuf;
        Result<DecodedRequest> result{};
    };
    explicit FrameBlock(store::TraceStore* target) : m_target(target) {}
    void run() override {
        std::optional<store::TraceStore::LentFront> front;
        if (m_target) front.emplace(m_target->lendFront());
        for (auto& request : requests) {
            const auto decode = request.encoding == store::Encoding::Json ? decodeOtlpJson : decodeOtlpProtobuf;
            request.result = decode(request.signal, std::move(request.body), front ? front->get() : nullptr);
        }
    }
    std::vector<Request> requests;
    std::size_t bytes = 0;

private:
    store::TraceStore* m_target;
};

/// Decodes the frames of a journal as the receiver did. A frame is a synthetic group of its own, as a request was.
/// Blocks of frames are decoded on several threads and put in in their order.
/// Memory: one frame, at most 64 MiB, plus the blocks under way.
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
        if (context.stop.stop_requested()) return;
        m_parser.finish();
        takeBlocks(true);
    }

private:
    [[nodiscard]] Place at(std::uint64_t offset) const { return {m_context->file, static_cast<std::int64_t>(offset), -1}; }

    /// Tells damage, behind what is known of the frames before it.
    void damaged(journal::JournalParser::Damage kind, std::uint64_t offset, std::uint64_t bytes) {
        takeBlocks(true);
        const std::string size = std::to_string(bytes) + " bytes";
        switch (kind) {
            // What the writer had not finished was never acknowledged: nothing is lost.
            case journal::JournalParser::Damage::TornTail: m_context->report.warn(ProblemCode::FlaggedValue, "unfinished last record, " + size, at(offset)); break;
            case journal::JournalParser::Damage::Header: m_context->report.warn(ProblemCode::FlaggedValue, "damaged file header", at(offset)); break;
            case journal::JournalParser::Damage::Frame: m_context->report.skip(ProblemCode::BadValue, "damaged stretch of the journal, " + size, at(offset)); break;
        }
    }

    /// Queues a frame to be decoded.
    void take(const journal::JournalParser::Frame& frame) {
        if (frame.info.type != journal::FrameType::OtlpRequest || m_context->stop.stop_requested()) return;
        if (frame.info.signal > static_cast<std::uint8_t>(Signal::Metrics) || frame.info.encoding > static_cast<std::uint8_t>(store::Encoding::Json)) {
            takeBlocks(true);
            m_context->report.skip(ProblemCode::BadValue, "unknown signal or encoding in the journal", at(frame.offset));
            return;
        }
        if (!m_block) m_block = std::make_unique<FrameBlock>(m_context->sink.store());
        m_block->requests.push_back({std::make_shared<const std::string>(frame.payload), frame.offset + journal::kFrameHeaderSize, static_cast<Signal>(frame.info.signal),
                                     static_cast<store::Encoding>(frame.info.encoding)});
        m_block->bytes += frame.payload.size();
        if (m_block->bytes >= m_decode.blockBytes()) takeBlocks(false);
    }

    /// Hands on the block being gathered and puts in those that are decoded: all of them, or as many as there must be.
    void takeBlocks(bool all) {
        if (m_block) {
            const std::size_t bytes = m_block->bytes;
            m_decode.add(std::move(m_block), bytes);
        }
        while (!m_context->stop.stop_requested()) {
            const auto job = m_decode.take(all || m_decode.full());
            if (!job) return;
            for (auto& request : static_cast<FrameBlock&>(*job).requests) put(request);
        }
    }

    /// Reports one decoded request and hands its records on.
    void put(FrameBlock::Request& request) {
        auto& report = m_context->report;
        auto& decoded = request.result;
        const auto placed = [&](const Problem& problem) { return at(request.offset + static_cast<std::uint64_t>(problem.place.byte > 0 ? problem.place.byte : 0)); };
        if (!decoded) {
            report.skip(decoded.error().code, std::move(decoded.error().detail), placed(decoded.error()));
            return;
        }
        report.kept += decoded->items;
        report.warned += decoded->warned;
        for (auto& problem : decoded->warnings) report.warn(problem.code, std::move(problem.detail), placed(problem));
        const auto skippedBefore = report.skipped;
        for (auto& problem : decoded->losses) report.skip(problem.code, std::move(problem.detail), placed(problem));
        report.skipped = skippedBefore + decoded->rejected;
        if (!decoded->batch.empty()) m_context->sink.accept(std::move(decoded->batch), ++m_group);
    }

    ImportContext* m_context = nullptr;
    journal::JournalParser m_parser;
    std::unique_ptr<FrameBlock> m_block;
    std::uint64_t m_group = 0;
    OrderedDecode m_decode;
};

int sniff(std::string_view head, bool) {
    if (head.starts_with(journal::kFileMagic)) return 100;
    // The beginning may be damaged or gone: any frame's sound header tells it too.
    for (auto at = head.find(journal::kFrameMagic); at != head.npos; at = head.find(journal::kFrameMagic, at + 1)) {
        journal::FrameInfo info;
        std::uint32_t length = 0;
        std::uint64_t check = 0;
        if (head.size() - at >= journal::kFrameHeaderSize && journal::decodeFrameHeader(head.substr(at), info, length, check)) return 95;
    }
    return head.size() > journal::kFileHeaderSize && head.substr(journal::kFileHeaderSize).starts_with(journal::kFrameMagic) ? 90 : 0;
}

std::unique_ptr<Importer> create() { return std::make_unique<JournalImporter>(); }

}  // namespace

ImporterDescriptor journalImporter() {
    // First of all: its magic is no other format's beginning.
    return {"spanreel-journal", "Spanreel journal", {"*.spanreel", "*.spanreel-journal", "journal*"}, 100, sniff, create};
}

}  // namespace spanreel::ingest
