// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/otlp/otlp_types.h"
#include "ingest/receivers/byte_gate.h"
#include "ingest/receivers/decode_halves.h"
#include "ingest/receivers/otlp_answer.h"
#include "ingest/receivers/receiver_health.h"
#include "model/store/trace_store.h"

namespace spanreel::journal {
class JournalSeries;
}

namespace spanreel::ingest {

/// Where every OTLP request ends up, whatever carried it: refuse where the store is full, inflate, decode and validate, append the inflated bytes to the
/// journal, append the rows to the store, answer; in this order. Decoding runs in parallel; writing and appending are one
/// at a time, so journal and store hold requests in the same order. A durable journal is waited for between the two, by
/// many requests at once: their order in the store is then that of arrival back from the disk. Thread-safe.
class OtlpEndpoint {
public:
    /// Bound of a request, also inflated.
    static constexpr std::size_t kMaxRequest = 64 * 1024 * 1024;

    /// One receiver's identity: its place in the journal, its source in the store, its counters.
    struct Origin {
        std::uint32_t journalSource = 0;
        store::SourceTicket source;
        ReceiverHealth* health = nullptr;
        /// Guarded by the endpoint.
        store::ImportReport report;
        std::uint64_t reportShownNs = 0;
    };

    OtlpEndpoint(store::TraceStore& store, journal::JournalSeries* journal);
    /// From the next request on, of one that had none.
    void setJournal(journal::JournalSeries& journal) { m_journal.store(&journal, std::memory_order_release); }

    struct Request {
        Signal signal = Signal::Traces;
        store::Encoding encoding = store::Encoding::Protobuf;
        bool gzip = false;  ///< `body` is compressed
        std::shared_ptr<const std::string> body;
        std::optional<std::uint64_t> check;  ///< `journal::checksum` of `body`, where it is known
    };
    /// Blocks for the whole of it; call on a thread of `pool`, which helps with a large request where they come one after the
    /// other, or by `handleBrief`. Never throws.
    [[nodiscard]] ExportAnswer handle(const Request& request, Origin& origin, DecodePool& pool);
    /// Whether handling the request takes a fraction of a millisecond, as far as can be foreseen, and nothing else is handled
    /// or likely to be: then whoever received it may as well do it itself.
    [[nodiscard]] bool isBrief(const Request& request) const;
    /// The same as `handle` on the thread that receives. Where it took long, no request is brief for a while.
    [[nodiscard]] ExportAnswer handleBrief(const Request& request, Origin& origin, DecodePool& pool);

    /// Counts and words a request sent back because too much waits already.
    [[nodiscard]] static ExportAnswer overloaded(ReceiverHealth& health);
    /// Counts and words a request over the size limit.
    [[nodiscard]] static ExportAnswer tooLarge(ReceiverHealth& health);

    /// Puts the final report of a receiver into the store.
    void finishSource(Origin& origin);

private:
    ExportAnswer decodeAndKeep(const Request& request, Origin& origin, DecodePool& pool);
    [[nodiscard]] bool sentByOne() const;
    Result<DecodedHalves> decode(const Request& request, const std::shared_ptr<const std::string>& body, DecodePool& pool);
    Result<std::shared_ptr<const std::string>> inflated(const std::string& body, store::Encoding encoding, ByteGate::Pass& pass);
    ExportAnswer keep(const Request& request, std::shared_ptr<const std::string> body, DecodedHalves decoded, Origin& origin);
    void publish(const Request& request, DecodedHalves decoded, Origin& origin, std::uint64_t receivedUtcNs, bool showReport);

    store::TraceStore& m_store;
    std::atomic<journal::JournalSeries*> m_journal;
    std::atomic<std::uint64_t> m_noMemoryUntilNs{0};
    std::atomic<unsigned> m_handling{0};     ///< requests
    std::atomic<unsigned> m_sinceOthers{0};  ///< requests that came since one was not the only one
    std::atomic<std::uint64_t> m_briefAgainNs{0};
    ByteGate m_gate;  ///< of the memory of requests being handled
    std::mutex m_recording;  ///< taken before the other
    std::mutex m_commit;
    std::uint64_t m_group = 0;
};

}  // namespace spanreel::ingest
