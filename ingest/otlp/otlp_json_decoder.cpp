// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/otlp_json_decoder.h"

#include <algorithm>
#include <optional>

#include "ingest/otlp/otlp_json_records.h"
#include "ingest/otlp/otlp_json_walk.h"

namespace spanreel::ingest {

namespace {

constexpr std::uint32_t kMaxDepth = 200;

/// Hears the records' problems into a request.
class RequestIssues final : public OtlpJsonIssues {
public:
    explicit RequestIssues(DecodedRequest& request) : m_request(request) {}
    void warn(ProblemCode code, std::string detail, std::size_t byte) override { m_request.warn(code, std::move(detail), static_cast<std::int64_t>(byte)); }
    void skip(ProblemCode code, std::string detail, std::size_t byte) override {
        if (fatal.code == ProblemCode::None) fatal = {code, std::move(detail), {{}, static_cast<std::int64_t>(byte), -1}};
    }
    void kept(bool warned) override {
        ++m_request.items;
        if (warned) ++m_request.warned;
    }
    Error fatal;

private:
    DecodedRequest& m_request;
};

const char* arrayNameOf(Signal signal) {
    switch (signal) {
        case Signal::Traces: return "resourceSpans";
        case Signal::Logs: return "resourceLogs";
        case Signal::Metrics: return "resourceMetrics";
    }
    return "";
}

Place at(std::size_t byte) { return {{}, static_cast<std::int64_t>(byte), -1}; }

/// True where a text may have more names and values than the tolerant reader takes: each but the first stands behind one of
/// these.
bool mayHaveTooManyValues(std::string_view text) {
    constexpr std::size_t kMost = JsonOptions().maxValues;
    return text.size() / 2 >= kMost && static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c == ',' || c == ':' || c == '{' || c == '['; })) >= kMost;
}

/// Reads a request of spans or logs alone, written as exporters do. Nothing where it is another or malformed.
std::optional<DecodedRequest> walkRequest(Signal signal, const std::shared_ptr<const std::string>& body, store::AttributeFront* front) {
    if (signal == Signal::Metrics) return std::nullopt;
    thread_local OtlpJsonWalk walk({.strict = true});
    struct Trim {
        ~Trim() { walk.trim(); }
    } const trim;
    walk.setFront(front);
    DecodedRequest request;
    if (front) {
        front->begin();
        request.batch = front->batch();
    }
    request.batch.keep.push_back(body);
    RequestIssues issues(request);
    if (mayHaveTooManyValues(*body) || !walk.start(*body, request.batch, issues)) return std::nullopt;
    if (!walk.request(signal == Signal::Traces ? OtlpJsonWalk::Only::Spans : OtlpJsonWalk::Only::Logs) || !walk.atEnd()) return std::nullopt;
    if (front) request.batch.pending = front->takePending();
    return request;
}

}  // namespace

Result<DecodedRequest> decodeOtlpJson(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front) {
    if (auto walked = walkRequest(signal, body, front)) return std::move(*walked);
    return decodeOtlpJsonTolerantly(signal, std::move(body), front);
}

Result<DecodedRequest> decodeOtlpJsonTolerantly(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front) {
    thread_local JsonDocument document;
    struct Trim {
        ~Trim() { document.trim(); }
    } const trim;
    const std::string_view bytes = *body;
    if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos) return fail(ProblemCode::Empty, "empty body", at(0));
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return fail(ProblemCode::UnsupportedEncoding, "UTF-16", at(0));
    JsonOptions options;
    options.maxDepth = kMaxDepth;
    if (!document.read(bytes, options)) return fail(document.error().code, document.error().message, at(document.error().offset));
    const JsonValue root = document.root();
    if (!root.isObject()) return fail(ProblemCode::BadJson, "expected an object at the top", at(root.byteOffset()));

    Result<DecodedRequest> result{DecodedRequest{}};
    DecodedRequest& request = *result;
    request.batch.keep.push_back(body);
    RequestIssues issues(request);
    OtlpJsonRecords records(issues, {.strict = true});
    records.setTarget(request.batch, bytes);
    records.setFront(front);
    if (front) front->begin();
    if (document.hadRepeatedKey()) records.warn(ProblemCode::RepeatedKey, std::string(document.repeatedKey()), document.firstRepair());
    if (document.hadBadUtf8()) records.warn(ProblemCode::BadUtf8, {}, document.firstRepair());
    if (document.hadLoneSurrogate()) records.warn(ProblemCode::BadUtf8, "lone surrogate", document.firstRepair());
    const std::string_view wanted = arrayNameOf(signal);
    const JsonValue array = root.find(wanted);
    for (const auto [key, value] : root.members()) {
        if (key == wanted || value.isNull()) continue;
        if (key == "resourceSpans" || key == "resourceLogs" || key == "resourceMetrics") records.warn(ProblemCode::WrongSignal, std::string(key), value.byteOffset());
        else if (key == "resource_spans" || key == "resource_logs" || key == "resource_metrics") records.warn(ProblemCode::SnakeCase, std::string(key), value.byteOffset());
    }
    if (!array.isNull() && !array.isArray()) records.lose(ProblemCode::BadValue, std::string(wanted) + ": an array is wanted", array.byteOffset());
    std::uint64_t metrics = 0;
    for (const JsonValue element : array.items()) {
        switch (signal) {
            case Signal::Traces: records.resourceSpans(element); break;
            case Signal::Logs: records.resourceLogs(element); break;
            case Signal::Metrics: metrics += records.countMetrics(element); break;
        }
    }
    if (issues.fatal.code != ProblemCode::None) return tl::unexpected<Error>(std::move(issues.fatal));
    if (front) request.batch.pending = front->takePending();
    if (metrics) request.batch.metrics.push_back({store::Encoding::Json, *body, metrics});
    return result;
}

}  // namespace spanreel::ingest
