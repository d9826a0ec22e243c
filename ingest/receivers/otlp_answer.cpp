// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/otlp_answer.h"

#include "model/core/json_text.h"
#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

constexpr std::size_t kMaxMessage = 4096;

std::string shortened(std::string_view text) {
    std::string out = repairUtf8(text.substr(0, kMaxMessage));
    if (text.size() > kMaxMessage) out += "…";
    return out;
}

void putVarint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}
void putNumber(std::string& out, int field, std::uint64_t value) {
    if (value == 0) return;
    putVarint(out, static_cast<std::uint64_t>(field) << 3);
    putVarint(out, value);
}
void putBytes(std::string& out, int field, std::string_view bytes) {
    putVarint(out, static_cast<std::uint64_t>(field) << 3 | 2);
    putVarint(out, bytes.size());
    out += bytes;
}

const char* phrase(ProblemCode code) {
    switch (code) {
        case ProblemCode::BadJson: return "malformed JSON";
        case ProblemCode::BadProtobuf: return "malformed protobuf";
        case ProblemCode::Nesting: return "nested too deeply";
        case ProblemCode::BadValue: return "value cannot be read";
        case ProblemCode::BadCompression: return "compressed body cannot be read";
        case ProblemCode::Limit: return "over a size limit";
        case ProblemCode::BadUtf8: return "invalid UTF-8 replaced by U+FFFD";
        case ProblemCode::Base64Id: return "id in base64 instead of hex";
        case ProblemCode::EnumName: return "enum by name instead of number";
        case ProblemCode::ZeroId: return "invalid id";
        case ProblemCode::ShortId: return "id of the wrong length";
        case ProblemCode::OddId: return "id is not hex of the right length";
        case ProblemCode::RepeatedKey: return "repeated key";
        case ProblemCode::SnakeCase: return "not an OTLP/JSON name, ignored (names are lowerCamelCase)";
        case ProblemCode::WrongSignal: return "looks like another signal";
        case ProblemCode::UnknownEnumDropped: return "unknown enum value, not kept";
        case ProblemCode::UnknownEnum: return "unknown enum value";
        case ProblemCode::OldFormat: return "outdated form";
        case ProblemCode::CannotWrite: return "cannot be stored";
        case ProblemCode::Empty: return "empty body";
        case ProblemCode::NoTime: return "no usable time";
        case ProblemCode::NegativeDuration: return "ends before it starts";
        case ProblemCode::UnsupportedEncoding: return "unsupported encoding";
        case ProblemCode::FlaggedValue: return "repaired";
        default: return "unusual data";
    }
}

}  // namespace

std::string encodeResponse(Signal signal, store::Encoding encoding, const ExportAnswer& answer) {
    const bool full = answer.rejected == 0 && answer.message.empty();
    if (encoding == store::Encoding::Json) {
        if (full) return "{}";
        const char* name = signal == Signal::Traces ? "rejectedSpans" : signal == Signal::Logs ? "rejectedLogRecords" : "rejectedDataPoints";
        std::string out = "{\"partialSuccess\":{";
        if (answer.rejected > 0) out += std::string("\"") + name + "\":\"" + std::to_string(answer.rejected) + "\",";
        return out + "\"errorMessage\":" + jsonString(shortened(answer.message)) + "}}";
    }
    if (full) return {};
    std::string partial;
    putNumber(partial, 1, answer.rejected);
    putBytes(partial, 2, shortened(answer.message));
    std::string out;
    putBytes(out, 1, partial);
    return out;
}

std::string encodeStatus(store::Encoding encoding, int code, std::string_view message, int retryAfterSeconds) {
    constexpr std::string_view kRetryInfo = "type.googleapis.com/google.rpc.RetryInfo";
    if (encoding == store::Encoding::Json) {
        std::string out = "{\"code\":" + std::to_string(code) + ",\"message\":" + jsonString(shortened(message));
        if (retryAfterSeconds > 0)
            out += ",\"details\":[{\"@type\":\"" + std::string(kRetryInfo) + "\",\"retryDelay\":\"" + std::to_string(retryAfterSeconds) + "s\"}]";
        return out + "}";
    }
    std::string out;
    putNumber(out, 1, static_cast<std::uint64_t>(code));
    putBytes(out, 2, shortened(message));
    if (retryAfterSeconds > 0) {
        std::string duration, retry, any;
        putNumber(duration, 1, static_cast<std::uint64_t>(retryAfterSeconds));
        putBytes(retry, 1, duration);
        putBytes(any, 1, kRetryInfo);
        putBytes(any, 2, retry);
        putBytes(out, 3, any);
    }
    return out;
}

std::string protocolText(const Problem& problem) {
    std::string out = phrase(problem.code);
    if (!problem.detail.empty()) out += ": " + problem.detail.substr(0, 200);
    if (problem.place.byte >= 0) out += " (byte " + std::to_string(problem.place.byte) + ")";
    return out;
}

}  // namespace spanreel::ingest
