// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/otlp_proto_shape.h"

#include <algorithm>
#include <cstddef>

#include "model/otlp/wire.h"

namespace spanreel::ingest {
namespace {

constexpr std::uint64_t kLongestMessage = 64u << 20;

/// True where the bytes cannot be text: some control character that text does not have.
bool isBinary(std::string_view head) {
    return std::any_of(head.begin(), head.end(), [](char c) {
        const auto b = static_cast<unsigned char>(c);
        return b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1B;
    });
}

/// The tag and length of a length-delimited field off the front of `rest`.
bool takeHeader(std::string_view& rest, std::uint64_t& number, std::uint64_t& length) {
    std::uint64_t tag = 0;
    if (!otlp::readVarint(rest, tag) || (tag & 7) != 2 || tag < 8) return false;
    number = tag >> 3;
    return otlp::readVarint(rest, length);
}

/// Goes down from the request into its first fields, as far as the bytes reach. 0 = it cannot be one.
int judgeMessage(std::string_view head, bool whole) {
    std::uint64_t number = 0, length = 0;
    std::string_view rest = head;
    if (!takeHeader(rest, number, length) || number != 1 || length > kLongestMessage) return 0;
    if (whole && length > rest.size()) whole = false;  // cut short, perhaps
    if (length == 0) return head.size() <= 2 || rest.empty() || rest[0] == 0x0A ? 40 : 0;
    const std::uint64_t resourceSpans = length;
    if (!takeHeader(rest, number, length) || length > resourceSpans) return 0;
    if (number != 1 && number != 2 && number != 3 && number != 1000) return 0;
    if (rest.empty() || length == 0) return 60;
    // Inside a Resource or a Scope…: attributes, a scope, records; or counters.
    const std::uint64_t parent = length;
    std::uint64_t tag = 0;
    if (number == 3) return 50;
    if (!otlp::readVarint(rest, tag)) return 0;
    const std::uint64_t type = tag & 7, inner = tag >> 3;
    if (inner == 0 || type == 7 || type == 6 || type == 4) return 0;
    if (type != 2) return 50;
    if (!otlp::readVarint(rest, length)) return rest.empty() ? 60 : 0;
    return length <= parent ? 90 : 0;
}

}  // namespace

ProtoShape judgeProtoShape(std::string_view head, bool wholeInput) {
    if (head.empty() || !isBinary(head)) return {};
    ProtoShape best;
    if (const int score = judgeMessage(head, wholeInput); score > 0) best = {ProtoFraming::None, score};
    if (head.size() > 4) {
        std::uint64_t length = 0;
        for (int i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(head[static_cast<std::size_t>(i)]);
        if (length >= 2 && length <= kLongestMessage) {
            const int score = judgeMessage(head.substr(4, length), wholeInput || length <= head.size() - 4);
            if (score > best.score) best = {ProtoFraming::Length32, score};
        }
    }
    std::string_view rest = head;
    if (std::uint64_t length = 0; otlp::readVarint(rest, length) && length >= 2 && length <= kLongestMessage) {
        const int score = judgeMessage(rest.substr(0, length), wholeInput || length <= rest.size()) - 5;
        if (score > best.score) best = {ProtoFraming::Varint, score};
    }
    // Binary that begins as a request would and then goes wrong: better told by byte than refused as unknown.
    if (best.score == 0 && (head[0] == 0x0A || head[0] == 0x08)) best = {ProtoFraming::None, 3};
    // A field larger than any we read: told as that.
    std::uint64_t number = 0, length = 0;
    rest = head;
    if (best.score == 0 && takeHeader(rest, number, length) && number < 16 && length > kLongestMessage && length < (1ull << 32)) best = {ProtoFraming::None, 30};
    return best;
}

}  // namespace spanreel::ingest
