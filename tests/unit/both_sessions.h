// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"
#include "model/core/text.h"
#include "model/store/attribute_front.h"
#include "model/store/trace_store.h"
#include "tests/unit/record_text.h"

namespace spanreel::test {

/// What differs in what two readings told of a body, "" where nothing does.
inline std::string difference(const ingest::DecodedRequest& plain, const Error& plainFault, const ingest::DecodedRequest& found, const Error& foundFault) {
    if (found.items != plain.items || found.warned != plain.warned || found.rejected != plain.rejected) return "items differ";
    if (foundFault.code != plainFault.code || foundFault.detail != plainFault.detail || foundFault.place.byte != plainFault.place.byte) return "faults differ";
    if (found.warnings.size() != plain.warnings.size()) return "numbers of warnings differ";
    for (std::size_t i = 0; i < plain.warnings.size(); ++i) {
        const auto &a = plain.warnings[i], &b = found.warnings[i];
        if (a.code != b.code || a.detail != b.detail || a.place.byte != b.place.byte) return "warnings differ: " + a.detail + " | " + b.detail;
    }
    return {};
}

/// A session read plainly, and the same one read with fronts, some batches of which are appended late.
class BothSessions {
public:
    /// What differs in what the two told of a body, "" where nothing does.
    std::string read(ingest::Signal signal, const std::shared_ptr<const std::string>& body) {
        auto plain = ingest::decodeOtlpProtobufPartly(signal, body);
        auto found = ingest::decodeOtlpProtobufPartly(signal, body, m_fronted.lendFront().get());
        auto told = difference(plain.request, plain.fault, found.request, found.fault);
        take(std::move(plain.request.batch), std::move(found.request.batch));
        return told;
    }
    /// The same of JSON, which the tolerant reader reads plainly.
    std::string readJson(ingest::Signal signal, const std::shared_ptr<const std::string>& body) {
        auto plain = ingest::decodeOtlpJsonTolerantly(signal, body);
        auto found = ingest::decodeOtlpJson(signal, body, m_fronted.lendFront().get());
        if (plain.has_value() != found.has_value()) return "only one refuses";
        if (!plain) return difference({}, plain.error(), {}, found.error());
        if (!found->batch.pending) return "no front";
        auto told = difference(*plain, {}, *found, {});
        take(std::move(plain->batch), std::move(found->batch));
        return told;
    }
    /// Appends what waits, but for the newest `keep`.
    void append(std::size_t keep) {
        for (; m_late.size() > keep; m_late.pop_front()) m_fronted.append(std::move(m_late.front()), m_frontedSource);
    }
    /// What differs in the records, from those on that were not compared before.
    std::string compare() {
        append(0);
        const auto a = m_plain.snapshot(), b = m_fronted.snapshot();
        const std::uint64_t spans = std::exchange(m_spans, a->spanCount()), logs = std::exchange(m_logs, a->logCount());
        if (a->spanCount() != b->spanCount() || a->logCount() != b->logCount()) return "numbers of records differ";
        for (auto i = spans; i < m_spans; ++i)
            if (auto want = RecordText::of(a->span(i)), have = RecordText::of(b->span(i)); want != have) return "span " + std::to_string(i) + " differs: " + escapeControls(want) + "\n  is " + escapeControls(have);
        for (auto i = logs; i < m_logs; ++i)
            if (auto want = RecordText::of(a->log(i)), have = RecordText::of(b->log(i)); want != have) return "log " + std::to_string(i) + " differs: " + escapeControls(want) + "\n  is " + escapeControls(have);
        return {};
    }

private:
    void take(store::Batch plain, store::Batch found) {
        m_plain.append(std::move(plain), m_source);
        m_late.push_back(std::move(found));
    }

    store::TraceStore m_plain, m_fronted;
    store::SourceId m_source = m_plain.addSource(store::SourceKind::Receiver, "plain"), m_frontedSource = m_fronted.addSource(store::SourceKind::Receiver, "fronted");
    std::deque<store::Batch> m_late;
    std::uint64_t m_spans = 0, m_logs = 0;
};

/// A request of all records of a batch.
template <class Encoder>
std::shared_ptr<const std::string> encoded(store::Batch batch) {
    store::TraceStore store;
    const auto source = store.addSource(store::SourceKind::Receiver, "law");
    store.append(std::move(batch), source);
    const auto snapshot = store.snapshot();
    Encoder encoder(*snapshot);
    snapshot->forEachSpan([&](const store::SpanView& span) { encoder.add(span); });
    snapshot->forEachLog([&](const store::LogView& log) { encoder.add(log); });
    return std::make_shared<const std::string>(encoder.finish());
}

}  // namespace spanreel::test
