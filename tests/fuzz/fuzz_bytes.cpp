// SPDX-License-Identifier: GPL-3.0-or-later
// What looks at raw bytes first: sniffing, inflating, UTF-16, the journal's frames.
#include <algorithm>
#include <memory>

#include "ingest/importers/registry.h"
#include "ingest/importers/sniff.h"
#include "ingest/importers/utf16.h"
#include "ingest/io/deflate.h"
#include "ingest/io/inflate.h"
#include "ingest/io/looks_like.h"
#include "ingest/otlp/otlp_proto_shape.h"
#include "model/core/text.h"
#include "model/journal/journal_parser.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/unit/draw.h"

namespace spanreel::fuzz {

using namespace ingest;

void fuzzSniff(std::string_view bytes) {
    const std::string exact(bytes);
    for (const bool whole : {false, true}) {
        const auto* chosen = chooseImporter(exact, whole);
        for (const auto& importer : importers()) {
            const int score = importer.sniff(exact, whole);
            require(score >= 0 && score <= 100, std::string("a score beyond 100: ") + importer.name);
            require(score == 0 || chosen != nullptr, "nobody was chosen, though somebody would");
            require(!chosen || score <= chosen->sniff(exact, whole), "somebody surer was passed over");
        }
        const auto why = explainUnknown(exact, whole);
        require(why.code != ProblemCode::None && isValidUtf8(why.detail), "no reason why it is unknown");
        const auto shape = judgeProtoShape(exact, whole);
        require(shape.score >= 0 && shape.score <= 100, "a shape beyond 100");
    }
    const int odd = binaryPercent(exact);
    require(odd >= 0 && odd <= 100, "a percentage beyond 100");
    require(!looksLikeUtf16Json(exact) || looksLikeUtf16(exact), "UTF-16 JSON that is no UTF-16");
    if (const auto message = apiErrorMessage(exact)) require(isValidUtf8(*message), "an error message that is no UTF-8");
    const KeySniff keys(exact);
    for (const auto key : keys.topKeys()) require(keys.hasTop(key) && keys.has(key), "a key that is not found");
}

void fuzzInflate(std::string_view bytes) {
    constexpr std::size_t kBound = 1 << 20;
    // Every kind of stream on the bytes as they are; chunks as drawn.
    for (const auto kind : {Compression::Gzip, Compression::Zstd, Compression::None}) {
        const auto stream = [&](auto&& nextChunk, std::string& out) {
            const auto inflater = Inflater::create(kind);
            bool stopped = false;
            const auto take = [&](std::string_view piece) {
                out += piece;
                stopped = out.size() > kBound;
                return !stopped;
            };
            std::string told;
            for (std::size_t at = 0; at < bytes.size();) {
                const std::size_t size = std::min<std::size_t>(bytes.size() - at, nextChunk());
                const std::string chunk(bytes.substr(at, size));
                if (const auto fed = inflater->feed(chunk, take); !fed) return fed.error().detail;
                at += size;
            }
            if (const auto ended = inflater->finish(); !ended) return ended.error().detail;
            return std::string("well");
        };
        std::string whole, parts;
        const std::string wholeEnd = stream([&] { return bytes.size(); }, whole);
        test::Draw draw(seedOf(bytes));
        const std::string partsEnd = stream([&] { return 1 + draw.below(draw.chance(50) ? 3 : 100); }, parts);
        // zstd looks for its oldest formats only where all of a header comes at once, so its words for a broken one differ.
        const bool sameEnd = kind == Compression::Zstd ? (wholeEnd == "well") == (partsEnd == "well") : wholeEnd == partsEnd;
        require(sameEnd, "ends in two ways: " + wholeEnd + " and " + partsEnd);
        if (whole.size() <= kBound && wholeEnd == "well") require(whole == parts, "another chunking, other bytes");
        if (kind == Compression::Gzip) {
            const auto body = inflateGzip(bytes, kBound);
            require(!body || body->size() <= kBound, "more came out than the bound");
            if (bytes.size() > 0 && whole.size() <= kBound) {
                require(body.has_value() == (wholeEnd == "well") || bytes.size() < 2, "read as a body and as a stream disagree: " + wholeEnd + (body ? " / well" : " / " + body.error().detail));
                if (body && wholeEnd == "well") require(*body == whole, "as a body other bytes than as a stream");
            }
        }
    }
    // And packed by us, back again.
    for (const auto kind : {Compression::Gzip, Compression::Zstd}) {
        std::string packed, back;
        const auto deflater = Deflater::create(kind);
        const auto half = bytes.size() / 2;
        const auto put = [&](std::string_view piece) { packed += piece; };
        require(deflater->feed(bytes.substr(0, half), put) && deflater->feed(bytes.substr(half), put) && deflater->finish(put), "cannot be packed");
        require(compressionOf(packed) == kind, "what we pack is not recognised");
        const auto inflater = Inflater::create(kind);
        require(inflater->feed(packed, [&](std::string_view piece) { return back += piece, true; }) && inflater->finish() && back == bytes, "packed and unpacked differs");
    }
}

void fuzzUtf16(std::string_view bytes) {
    const auto convert = [&](auto&& nextChunk) {
        Utf16Decoder decoder;
        std::string out;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = std::min<std::size_t>(bytes.size() - at, nextChunk());
            // The mark is two bytes: the caller sees to it that the first chunk holds it.
            const std::string chunk(bytes.substr(at, at == 0 ? std::max<std::size_t>(size, std::min<std::size_t>(2, bytes.size())) : size));
            if (!decoder.begin(chunk)) return std::string("not UTF-16");
            decoder.convert(chunk, out);
            at += chunk.size();
        }
        return out;
    };
    const std::string whole = convert([&] { return bytes.size(); });
    require(isValidUtf8(whole), "UTF-16 becomes no UTF-8");
    test::Draw draw(seedOf(bytes));
    requireSame(convert([&] { return 1 + draw.below(5); }), whole, "another chunking, another text");
}

void fuzzJournal(std::string_view bytes) {
    const auto parse = [&](std::string_view input, auto&& nextChunk) {
        std::string out;
        std::uint64_t covered = 0, at = 0;
        journal::JournalParser parser({[&](const journal::JournalParser::Frame& f) {
                                           require(f.offset >= at && f.offset + journal::kFrameHeaderSize + f.payload.size() <= input.size(), "a frame outside the file, or over another");
                                           require(input.substr(f.offset + journal::kFrameHeaderSize, f.payload.size()) == f.payload, "a payload that is not in the file");
                                           const auto header = journal::encodeFrameHeader(f.info, f.payload);
                                           require(input.substr(f.offset, header.size()).substr(0, 15) == std::string_view(header.data(), 15) || f.info.type != journal::FrameType::OtlpRequest, "a frame whose header is another");
                                           at = f.offset + journal::kFrameHeaderSize + f.payload.size();
                                           covered += journal::kFrameHeaderSize + f.payload.size();
                                           out += "frame " + std::to_string(f.offset) + ' ' + std::to_string(f.info.sequence) + "\n";
                                       },
                                       [&](journal::JournalParser::Damage kind, std::uint64_t offset, std::uint64_t size) {
                                           require(offset + size <= input.size(), "damage outside the file");
                                           require(kind == journal::JournalParser::Damage::Header || offset >= at, "damage over what was read");
                                           covered += size;
                                           out += "damage " + std::to_string(static_cast<int>(kind)) + ' ' + std::to_string(offset) + '+' + std::to_string(size) + "\n";
                                       }});
        for (std::size_t from = 0; from < input.size();) {
            const std::string chunk(input.substr(from, nextChunk()));
            parser.feed(chunk);
            from += chunk.size();
        }
        parser.finish();
        if (parser.headerOk()) covered += journal::kFileHeaderSize;
        require(covered == input.size(), "bytes neither read nor told: " + std::to_string(covered) + " of " + std::to_string(input.size()) + "\n" + out);
        require(parser.goodEnd() <= input.size(), "a good end behind the end");
        out += parser.torn() ? "torn" : "whole";
        return out;
    };
    const auto check = [&](std::string_view input) {
        const std::string whole = parse(input, [&] { return input.size(); });
        test::Draw draw(seedOf(input));
        requireSame(parse(input, [&] { return 1 + draw.below(draw.chance(50) ? 4 : 200); }), whole, "another chunking, other frames");
        return whole;
    };
    check(bytes);
    // A file of ours around the bytes: a frame before and one after them, which must survive.
    const std::string before = "before", after = "after";
    std::string file;
    const auto header = journal::encodeFileHeader("0123456789abcdef", 7);
    file.append(header.data(), header.size());
    const auto frame = [&](const std::string& payload, std::uint64_t sequence) {
        journal::FrameInfo info;
        info.sequence = sequence;
        const auto head = journal::encodeFrameHeader(info, payload);
        file.append(head.data(), head.size());
        file += payload;
    };
    frame(before, 1);
    file += bytes;
    const auto last = file.size();
    frame(after, 2);
    const std::string told = check(file);
    require(told.find("frame 48 1\n") != std::string::npos, "the frame before the damage is lost");
    // Bytes that are a sound header of a long frame may swallow what follows; nothing else may.
    bool swallowed = false;
    for (std::size_t at = bytes.find(journal::kFrameMagic); at != std::string_view::npos; at = bytes.find(journal::kFrameMagic, at + 1)) {
        journal::FrameInfo info;
        std::uint32_t length = 0;
        std::uint64_t sum = 0;
        const auto rest = std::string_view(file).substr(48 + 56 + before.size() + at);
        swallowed |= rest.size() >= journal::kFrameHeaderSize && journal::decodeFrameHeader(rest, info, length, sum) && length > bytes.size() - at;
    }
    require(swallowed || told.find("frame " + std::to_string(last) + " 2\n") != std::string::npos, "the frame behind the damage is lost:\n" + told);
}

}  // namespace spanreel::fuzz
