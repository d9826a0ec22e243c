// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/otlp_proto_importer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/importers/ordered_decode.h"
#include "ingest/io/body_memory.h"
#include "ingest/io/input_file.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "ingest/otlp/otlp_proto_shape.h"
#include "ingest/otlp/otlp_signal.h"
#include "model/otlp/wire.h"
#include "model/store/trace_store.h"

namespace spanreel::ingest {
namespace {

constexpr std::size_t kLongestMessage = 64u << 20;
constexpr std::size_t kSniffed = 4096;
constexpr std::size_t kChunk = 512 * 1024;  ///< whole fields decoded at once where the file has no frames
constexpr std::size_t kGathered = 16 * 1024;  ///< messages from here on are gathered in memory of their own
constexpr std::size_t kLeft = 64 * 1024;      ///< and from here on are read by whoever decodes them, where that can be
constexpr std::size_t kReserved = 1u << 20;   ///< a length may lie: no more is set aside at once
constexpr std::size_t kLongestGroup = 64 * 1024;  ///< of the kind that protobuf has long given up, where the file has no frames

/// True where a field of the request begins that is a resource with its records.
bool isResource(std::string_view rest) {
    std::uint64_t tag = 0;
    return otlp::readVarint(rest, tag) && tag == (1 << 3 | 2);
}

std::string cutShortAfter(std::uint64_t length, std::uint64_t got) { return "a message of " + std::to_string(length) + " bytes is cut short after " + std::to_string(got); }

/// Requests that stand one after the other in a file, decoded together on any thread.
class ProtoBlock final : public OrderedDecode::Job {
public:
    struct Message {
        std::string bytes;                        ///< while it is gathered
        std::shared_ptr<const std::string> body;  ///< from then on
        std::uint64_t offset = 0;  ///< in the file
        std::uint64_t group = 0;
        Signal signal = Signal::Traces;
        bool tellFault = true;
        bool divisible = false;  ///< fields of a request, as many as came at once
        std::size_t left = 0;    ///< bytes at `offset` in the file that are still to be read
        std::size_t header = 0;  ///< bytes of the length before those
        Problem unread;          ///< why not all of them could be
        PartialRequest result;
    };
    ProtoBlock(store::TraceStore* target, std::shared_ptr<const InputFile> input, BodyMemory memory) : m_target(target), m_input(std::move(input)), m_memory(std::move(memory)) {}
    void run() override {
        std::optional<store::TraceStore::LentFront> front;
        if (m_target) front.emplace(m_target->lendFront());
        const auto decode = [&](Message& message) { message.result = decodeOtlpProtobufPartly(message.signal, message.body, front ? front->get() : nullptr); };
        for (auto& message : std::exchange(messages, {})) {
            if (message.left) read(message);
            decode(message);
            auto parts = partsOf(message);
            for (auto& part : parts) decode(part);
            if (parts.empty()) parts.push_back(std::move(message));
            for (auto& part : parts) messages.emplace_back(std::move(part)).body.reset();
        }
    }
    std::vector<Message> messages;
    std::size_t bytes = 0;

private:
    /// Reads a message that was left in the file, or as much of it as is there.
    void read(Message& message) {
        std::string body = m_memory.written(message.left);
        const auto got = m_input->readAt(message.offset, body);
        if (!got) message.unread = got.error();
        else if (*got < message.left) message.unread = {ProblemCode::BadProtobuf, cutShortAfter(message.left, *got), {}};
        body.resize(got.value_or(0));
        message.tellFault = got && *got == message.left;
        message.body = m_memory.share(std::move(body));
    }

    /// Where a loss, or more warnings than are kept, would tell which fields came together: each resource of the message with
    /// what is behind it, to be decoded alone. Else none.
    static std::vector<Message> partsOf(const Message& message) {
        const auto& [request, fault] = message.result;
        if (!message.divisible || (fault.code == ProblemCode::None && request.losses.empty() && request.warnings.size() < DecodedRequest::kMaxWarnings)) return {};
        const std::string_view body = *message.body;
        std::vector<Message> parts;
        std::size_t begin = 0;
        const auto cut = [&](std::size_t at) {
            Message& part = parts.emplace_back();
            part.body = std::make_shared<const std::string>(body.substr(begin, at - begin));
            part.offset = message.offset + begin;
            part.group = message.group;
            part.signal = message.signal;
            part.tellFault = message.tellFault;
            begin = at;
        };
        bool any = false;
        otlp::WireCursor cursor(body);
        for (otlp::WireField field;;) {
            const std::string_view rest = cursor.rest();
            if (isResource(rest) && std::exchange(any, true)) cut(body.size() - rest.size());
            if (!cursor.next(field)) break;
        }
        if (!parts.empty()) cut(body.size());
        return parts;
    }
    store::TraceStore* m_target;
    std::shared_ptr<const InputFile> m_input;
    BodyMemory m_memory;
};

/// Reads OTLP requests in protobuf, with or without a length before each. Without, the file is read field by field of the
/// request (a ResourceSpans each), which also reads requests written one after the other; so there is no total limit.
/// Blocks of requests are decoded on several threads and put in in their order.
/// Memory: one message or field, at most 64 MiB, plus the blocks under way.
class OtlpProtoImporter final : public Importer {
public:
    void feed(std::string_view bytes, ImportContext& context) override {
        m_fed += bytes.size();
        if (m_dead) return;
        bytes.remove_prefix(fillFrame(bytes, context));
        if (bytes.empty()) return;
        if (!m_buffer.empty()) {
            m_buffer.append(bytes);
            m_input = m_buffer;
        } else m_input = bytes;
        if (m_judged || m_input.size() >= kSniffed) {
            if (!m_judged) judge(false);
            advance(context, false);
        }
        keepRest();
    }

    std::uint64_t passedOver() override { return std::exchange(m_passedOver, 0); }

    void finish(ImportContext& context) override {
        m_input = m_buffer;
        if (!m_judged) judge(true);
        if (m_frame) cutShort(*m_frame, m_frame->size() + m_frameMissing, m_frameAt, m_frameHeader, context);
        else if (!m_dead) advance(context, true);
        takeBlocks(context, true);
    }

private:
    void judge(bool whole) {
        m_framing = judgeProtoShape(m_input.substr(0, kSniffed), whole).framing;
        m_judged = true;
    }

    void advance(ImportContext& context, bool atEnd) {
        if (m_framing == ProtoFraming::None) advanceFields(context, atEnd);
        else advanceFrames(context, atEnd);
    }

    /// Passes over what was skipped for its size. False while more of it is to come.
    bool discard() {
        const std::uint64_t n = std::min<std::uint64_t>(m_discard, m_input.size() - m_pos);
        m_pos += n;
        m_discard -= n;
        return m_discard == 0;
    }

    /// What was not done waits for more, in the buffer.
    void keepRest() {
        m_base += m_pos;
        if (m_input.data() == m_buffer.data()) m_buffer.erase(0, m_pos);
        else m_buffer.assign(m_input.substr(m_pos));
        m_pos = 0;
        m_input = {};
    }

    /// Bytes that belong to the message being gathered.
    std::size_t fillFrame(std::string_view bytes, ImportContext& context) {
        if (!m_frame) return 0;
        const std::size_t taken = std::min(bytes.size(), m_frameMissing);
        m_frame->append(bytes.substr(0, taken));
        m_frameMissing -= taken;
        m_base += taken;
        if (m_frameMissing == 0) message(*std::exchange(m_frame, std::nullopt), m_frameAt + m_frameHeader, context, true);
        return taken;
    }

    /// A message whose length says more than there is.
    void cutShort(std::string_view rest, std::uint64_t length, std::uint64_t frameAt, std::uint64_t header, ImportContext& context) {
        const std::string detail = cutShortAfter(length, rest.size());
        if (!rest.empty()) message(copyOf(rest), frameAt + header, context, false);
        skip(context, ProblemCode::BadProtobuf, detail, frameAt);
    }

    /// Tells a loss, behind what is known of the records before it.
    void skip(ImportContext& context, ProblemCode code, std::string detail, std::uint64_t offset) {
        takeBlocks(context, true);
        context.report.skip(code, std::move(detail), {context.file, static_cast<std::int64_t>(offset), -1});
    }

    void advanceFrames(ImportContext& context, bool atEnd) {
        while (!context.stop.stop_requested()) {
            if (!discard()) break;
            std::string_view rest = m_input.substr(m_pos);
            if (rest.empty()) break;
            const std::uint64_t frameAt = m_base + m_pos;
            std::uint64_t length = 0;
            const int header = readLength(rest, length);
            if (header < 0) {
                skip(context, ProblemCode::BadProtobuf, "varint longer than 10 bytes where a message's length should be", frameAt);
                m_dead = true;
                break;
            }
            if (header == 0) {
                if (atEnd) skip(context, ProblemCode::BadProtobuf, "the length of a message is cut short", frameAt);
                break;
            }
            if (length > kLongestMessage) {
                skip(context, ProblemCode::Limit, "a message of " + std::to_string(length) + " bytes, more than 64 MiB", frameAt);
                m_pos += static_cast<std::size_t>(header);
                m_discard = length;
                continue;
            }
            rest.remove_prefix(static_cast<std::size_t>(header));
            if (rest.size() < length) {
                const std::uint64_t at = frameAt + static_cast<std::uint64_t>(header);
                const bool canBeLeft = length >= kLeft && context.input && at + length <= context.input->size();
                if (!atEnd && (length < kGathered || (canBeLeft && rest.size() < kSniffed))) break;
                m_pos = m_input.size();
                const auto signal = canBeLeft ? judgeOtlpSignalBeginning(rest) : std::nullopt;
                if (atEnd) cutShort(rest, length, frameAt, static_cast<std::uint64_t>(header), context);
                else if (signal) leave(*signal, length, frameAt, static_cast<std::uint64_t>(header), length - rest.size(), context);
                else gather(rest, length, frameAt, static_cast<std::uint64_t>(header));
                break;
            }
            if (length > 0) message(copyOf(rest.substr(0, length)), frameAt + static_cast<std::uint64_t>(header), context, true);
            m_pos += static_cast<std::size_t>(header) + length;
        }
    }

    /// A large message is read by whoever decodes it; the `behind` bytes of it that were not fed are passed over.
    void leave(Signal signal, std::uint64_t length, std::uint64_t frameAt, std::uint64_t header, std::uint64_t behind, ImportContext& context) {
        m_signal = signal;
        queue({}, frameAt + header, context, m_frames++, true);
        m_block->messages.back().left = static_cast<std::size_t>(length);
        m_block->messages.back().header = static_cast<std::size_t>(header);
        m_block->bytes += static_cast<std::size_t>(length);
        m_base += behind;
        m_passedOver = behind;
    }

    /// The beginning of a large message: what is to come goes straight behind it.
    void gather(std::string_view rest, std::uint64_t length, std::uint64_t frameAt, std::uint64_t header) {
        m_frame = m_memory.memory(std::min<std::size_t>(length, kReserved));
        m_frame->append(rest);
        m_frameMissing = static_cast<std::size_t>(length) - rest.size();
        m_frameAt = frameAt;
        m_frameHeader = header;
    }

    /// Bytes of the length before a message; 0 = not all there yet, -1 = it is none.
    [[nodiscard]] int readLength(std::string_view rest, std::uint64_t& length) const {
        if (m_framing == ProtoFraming::Length32) {
            if (rest.size() < 4) return 0;
            for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(rest[i]);
            return 4;
        }
        std::string_view after = rest;
        if (!otlp::readVarint(after, length)) return rest.size() < 10 ? 0 : -1;
        return static_cast<int>(rest.size() - after.size());
    }

    void advanceFields(ImportContext& context, bool atEnd) {
        while (!context.stop.stop_requested()) {
            if (!discard()) break;
            if (m_pos == m_input.size()) break;
            // As many whole fields of one signal as make a chunk: resources with what is behind them, or others alone.
            const std::size_t begin = m_pos;
            const bool resources = isResource(m_input.substr(m_pos));
            while (m_pos < m_input.size() && m_pos - begin < kChunk) {
                const std::string_view rest = m_input.substr(m_pos);
                const std::size_t size = fieldSize(rest);
                if (size == 0) break;
                const Signal signal = judgeOtlpSignal(rest.substr(0, size)).value_or(m_signal);
                if (m_pos > begin && (signal != m_signal || (!resources && isResource(rest)))) break;
                m_signal = signal;
                m_pos += size;
            }
            if (m_pos > begin) fields(m_input.substr(begin, m_pos - begin), m_base + begin, context);
            else if (atEnd) broken(context);
            else if (!tooLong(context)) break;
        }
    }

    /// Queues fields of a request. Those that are no resources belong to the resource before them, wherever the input was cut:
    /// they join its message. Those at the very beginning wait for the first resource.
    void fields(std::string_view bytes, std::uint64_t offset, ImportContext& context) {
        const bool resource = isResource(bytes);
        if (m_block && (m_noResource || !resource) && m_block->messages.back().bytes.size() < kLongestMessage) {
            auto& last = m_block->messages.back();
            last.bytes.append(bytes);
            last.signal = m_signal;
            m_block->bytes += bytes.size();
            m_noResource = m_noResource && !resource;
            return;
        }
        queue(copyOf(bytes), offset, context, 0, true);
        m_block->messages.back().divisible = true;
        m_noResource = !resource;
    }

    /// What is left is no whole field: cut short or broken. Its records before the fault are kept; nothing behind it can be read.
    void broken(ImportContext& context) {
        fields(limited(m_input.substr(m_pos)), m_base + m_pos, context);
        m_pos = m_input.size();
        m_dead = true;
    }

    /// What is looked at of a field: of a group no more than may be waited for.
    static std::string_view limited(std::string_view rest) {
        std::string_view after = rest;
        std::uint64_t tag = 0;
        return otlp::readVarint(after, tag) && (tag & 7) == 3 ? rest.substr(0, kLongestGroup) : rest;
    }

    /// The first field with its tag, 0 where it is not all there or broken.
    static std::size_t fieldSize(std::string_view rest) {
        // Reading the tag and length alone: most of the time the field is not all there yet.
        std::string_view after = rest;
        std::uint64_t tag = 0, length = 0;
        if (otlp::readVarint(after, tag) && (tag & 7) == 2 && otlp::readVarint(after, length) && length > after.size()) return 0;
        otlp::WireCursor cursor(limited(rest));
        otlp::WireField field;
        return cursor.next(field) ? field.whole.size() : 0;
    }

    /// Where the field that is being waited for is over the limit, or can never be whole: passes over it.
    bool tooLong(ImportContext& context) {
        const std::string_view rest = m_input.substr(m_pos);
        std::string_view after = rest;
        std::uint64_t tag = 0, length = 0;
        if (otlp::readVarint(after, tag) && tag >= 8 && (tag & 7) == 2 && otlp::readVarint(after, length) && length > kLongestMessage) {
            skip(context, ProblemCode::Limit, "a field of " + std::to_string(length) + " bytes, more than 64 MiB", m_base + m_pos);
            m_pos += rest.size() - after.size();
            m_discard = length;
            return true;
        }
        const bool group = (tag & 7) == 3;
        if (rest.size() <= kLongestMessage && !(rest.size() >= (group ? kLongestGroup : 20) && (length == 0 || tag < 8))) return false;
        broken(context);
        return true;
    }

    /// Queues a message of a file with frames. `tellFault`: false where the caller tells what was wrong.
    void message(std::string bytes, std::uint64_t offset, ImportContext& context, bool tellFault) {
        m_signal = judgeOtlpSignal(bytes).value_or(m_signal);
        queue(std::move(bytes), offset, context, m_frames++, tellFault);
    }
    [[nodiscard]] std::string copyOf(std::string_view bytes) {
        std::string copy = m_memory.memory(bytes.size());
        copy.assign(bytes);
        return copy;
    }

    /// Queues one request to be decoded. The block before is handed on only now: more could have joined its last message.
    void queue(std::string bytes, std::uint64_t offset, ImportContext& context, std::uint64_t group, bool tellFault) {
        if (m_block && m_block->bytes >= m_decode.blockBytes()) takeBlocks(context, false);
        if (!m_block) m_block = std::make_unique<ProtoBlock>(context.sink.store(), context.input, m_memory);
        m_block->bytes += bytes.size();
        ProtoBlock::Message& message = m_block->messages.emplace_back();
        message.bytes = std::move(bytes);
        message.offset = offset;
        message.group = group;
        message.signal = m_signal;
        message.tellFault = tellFault;
    }

    /// Hands on the block being gathered and puts in those that are decoded: all of them, or as many as there must be.
    void takeBlocks(ImportContext& context, bool all) {
        if (m_block) {
            for (auto& message : m_block->messages)
                if (!message.left) message.body = m_memory.share(std::move(message.bytes));
            const std::size_t bytes = m_block->bytes;
            m_decode.add(std::move(m_block), bytes);
        }
        while (!context.stop.stop_requested()) {
            const auto job = m_decode.take(all || m_decode.full());
            if (!job) return;
            for (auto& message : static_cast<ProtoBlock&>(*job).messages) put(message, context);
        }
    }

    /// Reports one decoded request and hands its records on.
    static void put(ProtoBlock::Message& message, ImportContext& context) {
        auto& [request, fault] = message.result;
        const auto at = [&](Place place) {
            place.file = context.file;
            if (place.byte >= 0) place.byte += static_cast<std::int64_t>(message.offset);
            return place;
        };
        for (auto& warning : request.warnings) context.report.warn(warning.code, std::move(warning.detail), at(warning.place));
        context.report.kept += request.items;
        context.report.warned += request.warned;
        const auto skippedBefore = context.report.skipped;
        for (auto& loss : request.losses) context.report.skip(loss.code, std::move(loss.detail), at(loss.place));
        context.report.skipped = skippedBefore + request.rejected;
        if (fault.code != ProblemCode::None && message.tellFault) context.report.skip(fault.code, std::move(fault.detail), at(fault.place));
        if (!request.batch.empty()) context.sink.accept(std::move(request.batch), message.group);
        if (message.unread.code != ProblemCode::None) context.report.skip(message.unread.code, std::move(message.unread.detail), {context.file, static_cast<std::int64_t>(message.offset - message.header), -1});
    }

    std::string m_buffer;
    std::string_view m_input;   ///< what is being read: the buffer, or what was fed
    std::size_t m_pos = 0;      ///< its first byte that is not done
    std::uint64_t m_base = 0;   ///< its offset in the file
    std::optional<std::string> m_frame;  ///< a large message that is not whole yet
    std::size_t m_frameMissing = 0;
    std::uint64_t m_frameAt = 0, m_frameHeader = 0;  ///< where its length lies, and of how many bytes
    std::uint64_t m_fed = 0;
    std::uint64_t m_discard = 0;  ///< bytes to pass over
    std::uint64_t m_passedOver = 0;  ///< of those not fed yet; not told so far
    std::uint64_t m_frames = 0;
    ProtoFraming m_framing = ProtoFraming::None;
    Signal m_signal = Signal::Traces;
    bool m_noResource = false;  ///< in the last message of the block
    bool m_judged = false;
    bool m_dead = false;        ///< nothing more can be read
    BodyMemory m_memory;
    std::unique_ptr<ProtoBlock> m_block;
    OrderedDecode m_decode;
};

int sniffOtlpProto(std::string_view head, bool wholeInput) { return judgeProtoShape(head, wholeInput).score; }

}  // namespace

ImporterDescriptor otlpProtoImporter() {
    return {"otlp-proto", "OTLP protobuf", {"*.pb", "*.pbd", "*.binpb", "*.otlp"},
            90,  // its first bytes are hard to have by chance
            sniffOtlpProto, []() -> std::unique_ptr<Importer> { return std::make_unique<OtlpProtoImporter>(); }};
}

}  // namespace spanreel::ingest
