// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/otlp_endpoint.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>

#include "ingest/io/inflate.h"
#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "ingest/receivers/decode_pool.h"
#include "model/journal/journal_series.h"

namespace spanreel::ingest {
namespace {

/// While data flows, a source's report in the store is renewed at most this often.
constexpr std::uint64_t kReportEveryNs = 250'000'000;
constexpr std::size_t kMessagesTold = 5;
constexpr std::uint64_t kNoMemoryNs = 1'000'000'000;  ///< for so long nothing is taken where the store had none
constexpr unsigned kOneAfterTheOther = 8;  ///< requests that did not meet another: there is one sender, or a slow one each
constexpr int kRetryWhenFull = 15;  ///< seconds: only a person can change it soon
constexpr std::size_t kBrief = 512 * 1024;  ///< bytes: larger ones, of one sender, are worth two threads
/// Where a brief request took so long, the disk or a lock was waited for, and whoever receives must not be the next to wait.
constexpr std::uint64_t kNotBriefNs = 20'000'000, kBriefAgainNs = 1'000'000'000;
/// Memory of requests being handled, all together: half of the budget for records, within these.
constexpr std::size_t kLeastHandled = std::size_t{128} << 20, kMostHandled = std::size_t{1} << 30;

std::uint64_t utcNs() { return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count()); }
std::uint64_t steadyNs() { return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count()); }

const char* itemName(Signal signal, std::uint64_t count) {
    switch (signal) {
        case Signal::Traces: return count == 1 ? "span" : "spans";
        case Signal::Logs: return count == 1 ? "log record" : "log records";
        case Signal::Metrics: return count == 1 ? "metric" : "metrics";
    }
    return "items";
}

std::string partialMessage(Signal signal, const DecodedRequest& decoded) {
    std::string out;
    if (decoded.rejected > 0) out += std::to_string(decoded.rejected) + " " + itemName(signal, decoded.rejected) + " rejected";
    if (decoded.warned > 0) out += std::string(out.empty() ? "" : ", ") + std::to_string(decoded.warned) + " " + itemName(signal, decoded.warned) + " kept with a warning";
    if (out.empty()) out = "accepted with a warning";
    std::size_t told = 0;
    for (const auto* list : {&decoded.losses, &decoded.warnings}) {
        for (const auto& problem : *list) {
            if (told == kMessagesTold) return out + "; …";
            out += (told++ == 0 ? ": " : "; ") + protocolText(problem);
        }
    }
    return out;
}

/// A JSON object takes three bytes of a body and some hundred once decoded, so a small compressed body could ask for all
/// of the memory. Real requests have over 15 bytes an object.
bool hasTooManyObjects(std::string_view json) {
    constexpr std::size_t kAlwaysFine = 100'000;
    constexpr std::size_t kNeverFine = 3'000'000;
    if (json.size() < 3 * kAlwaysFine) return false;
    const auto objects = static_cast<std::size_t>(std::count(json.begin(), json.end(), '{'));
    return objects > kNeverFine || objects > kAlwaysFine + json.size() / 8;
}

/// What a request of so many bytes, inflated, may take while it is handled, itself included.
std::size_t memoryOf(std::size_t bytes, store::Encoding encoding) {
    constexpr std::size_t kJsonPerByte = 8, kJsonFloor = 32u << 20;  // see hasTooManyObjects
    return bytes + (encoding == store::Encoding::Json ? bytes * kJsonPerByte + std::min(kJsonFloor, bytes * 100) : otlpProtobufMemory(bytes));
}

ExportAnswer malformed(const Problem& problem, ReceiverHealth& health) {
    health.malformed.fetch_add(1, std::memory_order_relaxed);
    return {ExportAnswer::Kind::Malformed, 0, protocolText(problem), 0};
}

}  // namespace

OtlpEndpoint::OtlpEndpoint(store::TraceStore& store, journal::JournalSeries* journal)
    : m_store(store), m_journal(journal), m_gate(store.memory().budget ? static_cast<std::size_t>(std::clamp<std::uint64_t>(store.memory().budget / 2, kLeastHandled, kMostHandled)) : kMostHandled) {}

/// Inflates a body. What comes out is bounded by what `pass` has room for: first by what the body says of itself, then, where
/// that was not so, by the limit of all requests.
Result<std::shared_ptr<const std::string>> OtlpEndpoint::inflated(const std::string& body, store::Encoding encoding, ByteGate::Pass& pass) {
    const std::size_t said = std::min(std::max(gzipSize(body), body.size()), kMaxRequest);
    for (const std::size_t bound : {said, kMaxRequest}) {
        pass = {};
        pass = m_gate.enter(memoryOf(bound, encoding));
        auto out = inflateGzip(body, bound);
        if (out) return std::make_shared<const std::string>(std::move(*out));
        if (out.error().code != ProblemCode::Limit || bound == kMaxRequest) return tl::unexpected<Error>(out.error());
    }
    return fail(ProblemCode::Limit);
}

ExportAnswer OtlpEndpoint::overloaded(ReceiverHealth& health) {
    health.overloaded.fetch_add(1, std::memory_order_relaxed);
    ExportAnswer answer{ExportAnswer::Kind::Overloaded, 0, "too much is waiting to be decoded, try again", 1};
    health.lastError.set(answer.message);
    return answer;
}

ExportAnswer OtlpEndpoint::tooLarge(ReceiverHealth& health) {
    health.tooLarge.fetch_add(1, std::memory_order_relaxed);
    ExportAnswer answer{ExportAnswer::Kind::TooLarge, 0, "request is over the limit of " + std::to_string(kMaxRequest / (1024 * 1024)) + " MiB", 0};
    health.lastError.set(answer.message);
    return answer;
}

ExportAnswer OtlpEndpoint::handle(const Request& request, Origin& origin, DecodePool& pool) {
    ExportAnswer answer;
    if (m_handling.fetch_add(1, std::memory_order_relaxed) > 0) m_sinceOthers.store(0, std::memory_order_relaxed);
    else m_sinceOthers.fetch_add(1, std::memory_order_relaxed);
    try {
        answer = decodeAndKeep(request, origin, pool);
    } catch (const std::bad_alloc&) {
        origin.health->overloaded.fetch_add(1, std::memory_order_relaxed);
        answer = {ExportAnswer::Kind::Overloaded, 0, "out of memory, try again", 5};
    } catch (const std::exception& error) {
        answer = {ExportAnswer::Kind::Failed, 0, std::string("internal error: ") + error.what(), 0};
    }
    m_handling.fetch_sub(1, std::memory_order_relaxed);
    if (answer.kind != ExportAnswer::Kind::Ok || answer.rejected > 0) origin.health->lastError.set(answer.message);
    return answer;
}

/// Whether requests come one after the other, so that the processor has nothing else to do than the one at hand.
bool OtlpEndpoint::sentByOne() const { return m_sinceOthers.load(std::memory_order_relaxed) >= kOneAfterTheOther; }

bool OtlpEndpoint::isBrief(const Request& request) const {
    const auto& memory = m_store.memory();
    const bool mayWait = memory.budget != 0 && memory.inMemory > memory.budget;  // for rows to be put on the disk
    const auto* const journal = m_journal.load(std::memory_order_acquire);
    return sentByOne() && m_handling.load(std::memory_order_relaxed) == 0 && !request.gzip && request.body->size() < kBrief && !mayWait && !(journal && journal->durable()) &&
           steadyNs() >= m_briefAgainNs.load(std::memory_order_relaxed);
}

ExportAnswer OtlpEndpoint::handleBrief(const Request& request, Origin& origin, DecodePool& pool) {
    ExportAnswer answer;
    const auto begun = steadyNs();
    pool.runHere([&] { answer = handle(request, origin, pool); });
    if (const auto ended = steadyNs(); ended - begun > kNotBriefNs) m_briefAgainNs.store(ended + kBriefAgainNs, std::memory_order_relaxed);
    return answer;
}

Result<DecodedHalves> OtlpEndpoint::decode(const Request& request, const std::shared_ptr<const std::string>& body, DecodePool& pool) {
    const auto whole = [](Result<DecodedRequest> decoded) -> Result<DecodedHalves> {
        if (!decoded) return tl::unexpected<Error>(std::move(decoded.error()));
        return DecodedHalves{std::move(*decoded), {}};
    };
    const auto front = [this] { return m_store.lendFront(); };
    if (request.encoding == store::Encoding::Json) return whole(decodeOtlpJson(request.signal, body, front().get()));
    const std::size_t memory = std::min(m_gate.most(), otlpProtobufMemory(body->size()));
    if (sentByOne())
        if (auto halves = decodeHalves(request.signal, body, memory, m_store, pool)) return std::move(*halves);
    return whole(decodeOtlpProtobufWithin(memory, request.signal, body, *body, front().get()));
}

ExportAnswer OtlpEndpoint::decodeAndKeep(const Request& request, Origin& origin, DecodePool& pool) {
    auto& health = *origin.health;
    health.requests.fetch_add(1, std::memory_order_relaxed);
    if (m_store.memory().full) {
        // Before anything is written: what is sent again later must not be there twice.
        health.overloaded.fetch_add(1, std::memory_order_relaxed);
        return {ExportAnswer::Kind::Overloaded, 0, store::whatIsFull(m_store.memory()) + " is used up, nothing more is taken", kRetryWhenFull};
    }
    if (m_noMemoryUntilNs.load(std::memory_order_relaxed) > 0 && steadyNs() < m_noMemoryUntilNs.load(std::memory_order_relaxed)) throw std::bad_alloc();
    auto body = request.body;
    ByteGate::Pass pass;  // until the records are in the store
    if (request.gzip) {
        auto whole = inflated(*body, request.encoding, pass);
        if (!whole) {
            if (whole.error().code == ProblemCode::Limit) return tooLarge(health);
            return malformed(whole.error(), health);
        }
        body = std::move(*whole);
    } else {
        pass = m_gate.enter(memoryOf(body->size(), request.encoding));
    }
    health.bytes.fetch_add(body->size(), std::memory_order_relaxed);
    const bool json = request.encoding == store::Encoding::Json;
    if (json && body->empty()) return malformed({ProblemCode::Empty, {}, {}}, health);
    if (json && hasTooManyObjects(*body)) {
        health.tooLarge.fetch_add(1, std::memory_order_relaxed);
        return {ExportAnswer::Kind::TooLarge, 0, "the request has too many JSON objects", 0};
    }
    auto decoded = decode(request, body, pool);
    if (!decoded && decoded.error().code == ProblemCode::Limit) {
        health.tooLarge.fetch_add(1, std::memory_order_relaxed);
        return {ExportAnswer::Kind::TooLarge, 0, protocolText(decoded.error()), 0};
    }
    if (!decoded) {
        auto answer = malformed(decoded.error(), health);
        if (!request.gzip && compressionOf(*body) == Compression::Gzip) answer.message += "; the body looks like gzip: is Content-Encoding missing?";
        return answer;
    }
    return keep(request, std::move(body), std::move(*decoded), origin);
}

ExportAnswer OtlpEndpoint::keep(const Request& request, std::shared_ptr<const std::string> body, DecodedHalves decoded, Origin& origin) {
    auto& health = *origin.health;
    ExportAnswer answer;
    answer.rejected = decoded.request.rejected;
    if (answer.rejected > 0 || !decoded.request.warnings.empty()) answer.message = partialMessage(request.signal, decoded.request);
    const std::uint64_t now = utcNs();
    const bool report = !answer.message.empty();
    const auto refuse = [&](const Error& error) -> ExportAnswer {
        health.overloaded.fetch_add(1, std::memory_order_relaxed);
        return {ExportAnswer::Kind::Overloaded, 0, error.detail, 5};
    };
    auto* const journal = m_journal.load(std::memory_order_acquire);
    if (!journal) {
        const std::lock_guard lock(m_commit);
        publish(request, std::move(decoded), origin, now, report);
        return answer;
    }
    journal::FrameInfo info;
    info.signal = static_cast<std::uint8_t>(request.signal);
    info.encoding = static_cast<std::uint8_t>(request.encoding);
    info.source = origin.journalSource;
    info.items = static_cast<std::uint32_t>(decoded.request.items);
    info.receivedUtcNs = now;
    info.receivedSteadyNs = steadyNs();
    const journal::FramePayload payload = request.check && body == request.body ? journal::FramePayload(*body, *request.check) : journal::FramePayload(*body);
    // One request is recorded while the one before goes into the store; both keep their order.
    std::unique_lock recording(m_recording);
    const auto written = journal->append(info, payload, sentByOne() ? journal::Spare::Time : journal::Spare::Processor);
    if (!written) return refuse(written.error());
    if (journal->durable()) {
        recording.unlock();
        if (const auto settled = journal->settle(*written); !settled) return refuse(settled.error());
    }
    const std::lock_guard lock(m_commit);
    if (recording) recording.unlock();
    publish(request, std::move(decoded), origin, now, report);
    return answer;
}

/// Appends the rows to the store and counts them. With m_commit held.
void OtlpEndpoint::publish(const Request& request, DecodedHalves halves, Origin& origin, std::uint64_t receivedUtcNs, bool showReport) {
    auto& health = *origin.health;
    auto& decoded = halves.request;
    ++m_group;
    try {
        for (auto* batch : {&decoded.batch, &halves.rest})
            if (!batch->empty()) m_store.append(std::move(*batch), origin.source, m_group);
    } catch (const std::bad_alloc&) {
        if (!m_journal.load(std::memory_order_relaxed)) throw;
        // It is recorded: sent again it would be there twice. What comes next is sent back before that.
        health.lastError.set("out of memory: what was received is recorded, and not all of it shown");
        m_noMemoryUntilNs.store(steadyNs() + kNoMemoryNs, std::memory_order_relaxed);
    }

    auto& accepted = request.signal == Signal::Traces ? health.spans : request.signal == Signal::Logs ? health.logs : health.metrics;
    accepted.fetch_add(decoded.items, std::memory_order_relaxed);
    health.warned.fetch_add(decoded.warned, std::memory_order_relaxed);
    health.rejectedItems.fetch_add(decoded.rejected, std::memory_order_relaxed);
    health.lastUtcNs.store(receivedUtcNs, std::memory_order_relaxed);
    auto& report = origin.report;
    report.kept += decoded.items;
    report.warned += decoded.warned;
    for (auto& problem : decoded.warnings) report.warn(problem.code, std::move(problem.detail), {});
    const auto skippedBefore = report.skipped;
    for (auto& problem : decoded.losses) report.skip(problem.code, std::move(problem.detail), {});
    report.skipped = skippedBefore + decoded.rejected;
    if (!showReport) return;
    if (const auto steady = steadyNs(); steady - origin.reportShownNs >= kReportEveryNs) {
        origin.reportShownNs = steady;
        m_store.updateSource(origin.source, report, false);
    }
}

void OtlpEndpoint::finishSource(Origin& origin) {
    const std::lock_guard lock(m_commit);
    m_store.updateSource(origin.source, origin.report, true);
}

}  // namespace spanreel::ingest
