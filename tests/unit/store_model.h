// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/store/trace_store.h"
#include "tests/unit/record_text.h"

namespace spanreel::test {

/// The naive store: remembers what was appended as plain text and says what a snapshot tells otherwise. A snapshot is
/// checked against the first records of the model, so one taken earlier can be checked at any later time.
class StoreModel {
public:
    explicit StoreModel(store::TraceStore& store) : m_store(store) {}

    /// Records that are remembered by a hash of their text: for very many.
    void rememberHashesOnly() { m_hashes = true; }

    store::SourceTicket addSource() {
        m_sources.emplace_back();
        return m_store.addSource(store::SourceKind::File, "source " + std::to_string(m_sources.size()));
    }

    /// Notes the batch's records as expected, without appending them.
    void expect(const store::Batch& batch, store::SourceId source, std::uint64_t group) {
        for (const auto& s : batch.spans) {
            Span e;
            e.text = remember(RecordText::of(s, batch));
            e.trace = s.traceId.isValid() ? s.traceId.toHex() : "group " + std::to_string(source) + "/" + std::to_string(group);
            e.hasParent = s.parentId.isValid();
            e.isError = s.status == 2;
            e.marks = s.marks;
            e.startNs = s.startNs;
            e.endNs = s.endNs;
            e.source = source;
            e.service = serviceOf(s.resource, batch);
            m_spans.push_back(std::move(e));
        }
        for (const auto& l : batch.logs) {
            Log e;
            e.text = remember(RecordText::of(l, batch));
            e.trace = l.traceId.isValid() ? l.traceId.toHex() : std::string();
            e.source = source;
            e.service = serviceOf(l.resource, batch);
            m_logs.push_back(std::move(e));
        }
        for (const auto& m : batch.metrics) m_metrics.push_back({m.encoding, m.bytes, m.metricCount, source});
    }
    void append(store::Batch batch, store::SourceTicket source, std::uint64_t group) {
        expect(batch, source, group);
        m_store.append(std::move(batch), source, group);
    }

    [[nodiscard]] std::size_t spans() const { return m_spans.size(); }
    [[nodiscard]] std::size_t logs() const { return m_logs.size(); }
    [[nodiscard]] bool matches(const store::SpanView& s, std::size_t at) const { return at < m_spans.size() && remember(RecordText::of(s)) == m_spans[at].text; }
    [[nodiscard]] bool matches(const store::LogView& l, std::size_t at) const { return at < m_logs.size() && remember(RecordText::of(l)) == m_logs[at].text; }

    /// What is wrong with a snapshot, "" where nothing is. O(records).
    [[nodiscard]] std::string check(const store::StoreSnapshot& snapshot) const {
        m_wrong.clear();
        if (snapshot.spanCount() > m_spans.size() || snapshot.logCount() > m_logs.size()) return "more records than were appended";
        checkSpans(snapshot);
        checkLogs(snapshot);
        checkTraces(snapshot);
        checkCounts(snapshot);
        return m_wrong;
    }

private:
    struct Span {
        std::string text, trace;
        bool hasParent = false, isError = false;
        std::uint16_t marks = 0;
        std::uint64_t startNs = 0, endNs = 0;
        store::SourceId source = 0;
        std::string service;
    };
    struct Log {
        std::string text, trace;
        store::SourceId source = 0;
        std::string service;
    };
    struct Metrics {
        store::Encoding encoding;
        std::string bytes;
        std::uint64_t count;
        store::SourceId source;
    };
    struct TraceModel {
        std::vector<std::size_t> spans, logs;
        std::set<std::string> services;
    };

    [[nodiscard]] std::string remember(std::string text) const { return m_hashes ? std::to_string(std::hash<std::string>{}(text)) : std::move(text); }
    static std::string serviceOf(std::uint32_t resource, const store::Batch& batch) {
        if (resource == store::kNone) return {};
        for (const auto& a : batch.resources[resource].attributes)
            if (a.key == "service.name" && a.value.type == store::ValueType::String) return std::string(a.value.text);
        return {};
    }
    void expectTrue(bool holds, const std::string& what) const {
        if (!holds && m_wrong.empty()) m_wrong = what;
    }
    template <class A, class B>
    void expectEqual(const A& have, const B& want, const std::string& what) const {
        if (m_wrong.empty() && !(have == want)) m_wrong = what + ": " + std::to_string(have) + ", not " + std::to_string(want);
    }

    void checkSpans(const store::StoreSnapshot& snapshot) const {
        std::size_t at = 0;
        std::vector<store::RowId> rows;
        snapshot.forEachSpan([&](const store::SpanView& s) {
            if (at >= m_spans.size()) return void(++at);
            const Span& e = m_spans[at];
            const std::string place = "span " + std::to_string(at);
            const std::string have = remember(RecordText::of(s));
            if (have != e.text) expectTrue(false, place + " reads\n" + escapeControls(have, false) + "\nnot\n" + escapeControls(e.text, false));
            expectEqual(s.source(), e.source, place + ": source");
            expectTrue(s.serviceName() == e.service, place + ": service " + std::string(s.serviceName()) + ", not " + e.service);
            expectTrue(s.resource().serviceName == e.service, place + ": service of the resource");
            expectTrue(s.durationNs() == saturatingDifference(e.endNs, e.startNs), place + ": duration");
            const auto byRow = snapshot.span(s.row());
            expectTrue(byRow.row() == s.row() && byRow.spanId() == s.spanId() && (m_hashes || RecordText::of(byRow) == e.text), place + ": another record by its row");
            for (std::size_t i = 0; i < s.attributes().size(); ++i) {
                const auto key = s.attributes()[i].key;
                std::size_t first = 0;
                while (s.attributes()[first].key != key) ++first;
                expectTrue(s.attributes().find(key) == s.attributes()[first].value, place + ": find() is not the first of a key");
            }
            rows.push_back(s.row());
            ++at;
        });
        expectEqual(at, snapshot.spanCount(), "spans visited");
        expectTrue(std::set(rows.begin(), rows.end()).size() == rows.size(), "two spans with one row");
        // Copies are told from other records.
        for (std::size_t i = 0; i + 1 < rows.size() && rows.size() < 300; ++i)
            for (std::size_t k = i + 1; k < rows.size(); ++k) {
                const bool equal = m_spans[i].text == m_spans[k].text && m_spans[i].trace == m_spans[k].trace;
                const auto a = snapshot.span(rows[i]), b = snapshot.span(rows[k]);
                if (m_spans[i].marks == m_spans[k].marks) expectTrue(a.sameRecord(b) == equal, "spans " + std::to_string(i) + " and " + std::to_string(k) + (equal ? " are copies" : " are no copies"));
                if (equal) expectTrue(a.contentHash() == b.contentHash(), "copies with two hashes");
            }
    }

    void checkLogs(const store::StoreSnapshot& snapshot) const {
        std::size_t at = 0;
        snapshot.forEachLog([&](const store::LogView& l) {
            if (at >= m_logs.size()) return void(++at);
            const Log& e = m_logs[at];
            const std::string place = "log " + std::to_string(at);
            const std::string have = remember(RecordText::of(l));
            if (have != e.text) expectTrue(false, place + " reads\n" + escapeControls(have, false) + "\nnot\n" + escapeControls(e.text, false));
            expectEqual(l.source(), e.source, place + ": source");
            expectTrue(l.serviceName() == e.service, place + ": service");
            expectTrue((l.traceIndex() == store::kNone) == e.trace.empty(), place + ": trace or none");
            const auto byRow = snapshot.log(l.row());
            expectTrue(byRow.row() == l.row() && byRow.timeNs() == l.timeNs() && (m_hashes || RecordText::of(byRow) == e.text), place + ": another record by its row");
            ++at;
        });
        expectEqual(at, snapshot.logCount(), "logs visited");
    }

    void checkTraces(const store::StoreSnapshot& snapshot) const {
        std::map<std::string, TraceModel> traces;
        for (std::size_t i = 0; i < snapshot.spanCount(); ++i) {
            traces[m_spans[i].trace].spans.push_back(i);
            traces[m_spans[i].trace].services.insert(m_spans[i].service);
        }
        for (std::size_t i = 0; i < snapshot.logCount(); ++i)
            if (!m_logs[i].trace.empty()) traces[m_logs[i].trace].logs.push_back(i);
        expectEqual(snapshot.traceCount(), traces.size(), "traces");
        std::vector<store::RowId> spanRows, logRows;
        snapshot.forEachSpan([&](const store::SpanView& s) { spanRows.push_back(s.row()); });
        snapshot.forEachLog([&](const store::LogView& l) { logRows.push_back(l.row()); });
        std::set<std::uint32_t> indexes;
        for (const auto& [name, model] : traces) {
            if (!m_wrong.empty()) return;
            const auto index = model.spans.empty() ? snapshot.log(logRows[model.logs[0]]).traceIndex() : snapshot.span(spanRows[model.spans[0]]).traceIndex();
            expectTrue(index < snapshot.traceCount() && indexes.insert(index).second, "trace " + name + ": its index");
            if (!m_wrong.empty()) return;
            checkTrace(snapshot, snapshot.trace(index), index, name, model, spanRows, logRows);
        }
    }

    void checkTrace(const store::StoreSnapshot& snapshot, const store::TraceSummary& t, std::uint32_t index, const std::string& name, const TraceModel& model,
                    const std::vector<store::RowId>& spanRows, const std::vector<store::RowId>& logRows) const {
        const std::string place = "trace " + name + ": ";
        expectTrue(t.id.isValid() && (name.starts_with("group ") || t.id.toHex() == name), place + "its id");
        expectTrue(snapshot.findTrace(t.id) == index, place + "not found by its id");
        expectEqual(t.spanCount, model.spans.size(), place + "spans");
        expectEqual(t.logCount, model.logs.size(), place + "logs");
        std::uint64_t errors = 0, start = 0, end = 0;
        bool hasRoot = false;
        for (const std::size_t i : model.spans) {
            const Span& s = m_spans[i];
            errors += s.isError;
            hasRoot |= !s.hasParent;
            expectTrue(snapshot.span(spanRows[i]).traceIndex() == index && snapshot.span(spanRows[i]).traceId() == t.id, place + "a span elsewhere");
            if (!isUsableTime(s.startNs)) continue;
            if (!start || s.startNs < start) start = s.startNs;
            end = std::max({end, s.startNs, isUsableTime(s.endNs) ? s.endNs : 0});
        }
        expectEqual(t.errorCount, errors, place + "errors");
        expectEqual(t.startNs, start, place + "start");
        expectEqual(t.endNs, end, place + "end");
        expectEqual(t.hasRoot, hasRoot, place + "has a root");
        // The root: of those without a parent (else of all) the earliest, the first of equals.
        store::RowId root = store::kNoRow;
        std::uint64_t rootStart = 0;
        for (const std::size_t i : model.spans) {
            if (hasRoot && m_spans[i].hasParent) continue;
            if (root == store::kNoRow || m_spans[i].startNs < rootStart) root = spanRows[i], rootStart = m_spans[i].startNs;
        }
        expectEqual(t.rootRow, root, place + "root row");
        // Chains: newest first, all of them.
        store::RowId row = t.lastRow;
        for (std::size_t k = model.spans.size(); k-- > 0 && m_wrong.empty();) {
            expectEqual(row, spanRows[model.spans[k]], place + "chain of spans");
            if (m_wrong.empty()) row = snapshot.span(row).previousInTrace();
        }
        expectEqual(row, store::kNoRow, place + "end of the chain of spans");
        row = t.lastLogRow;
        for (std::size_t k = model.logs.size(); k-- > 0 && m_wrong.empty();) {
            expectEqual(row, logRows[model.logs[k]], place + "chain of logs");
            if (m_wrong.empty()) row = snapshot.log(row).previousInTrace();
        }
        expectEqual(row, store::kNoRow, place + "end of the chain of logs");
        if (!m_wrong.empty()) return;
        std::set<std::string> services;
        const auto set = snapshot.servicesOf(t);
        for (const auto id : set) services.insert(std::string(snapshot.services()[id].name));
        expectTrue(services == model.services && set.size() == services.size(), place + "services");
    }

    void checkCounts(const store::StoreSnapshot& snapshot) const {
        struct Counts {
            std::uint64_t spans = 0, errors = 0, logs = 0;
            auto operator<=>(const Counts&) const = default;
        };
        std::map<std::string, Counts> services;
        std::vector<std::array<std::uint64_t, 3>> sources(m_sources.size());
        for (std::size_t i = 0; i < snapshot.spanCount(); ++i) {
            auto& c = services[m_spans[i].service];
            ++c.spans;
            c.errors += m_spans[i].isError;
            ++sources[m_spans[i].source][0];
        }
        for (std::size_t i = 0; i < snapshot.logCount(); ++i) {
            ++services[m_logs[i].service].logs;
            ++sources[m_logs[i].source][1];
        }
        std::map<std::string, Counts> have;
        for (const auto& s : snapshot.services())
            if (s.spans || s.logs) expectTrue(have.emplace(s.name, Counts{s.spans, s.errors, s.logs}).second, "a service twice");
        expectTrue(have == services, "counts of services");
        std::uint64_t metrics = 0;
        expectTrue(snapshot.metricsRecordCount() <= m_metrics.size(), "more metrics than were appended");
        for (std::size_t i = 0; i < snapshot.metricsRecordCount() && m_wrong.empty(); ++i) {
            const auto& m = snapshot.metricsRecord(i);
            expectTrue(m.bytes == m_metrics[i].bytes && m.encoding == m_metrics[i].encoding && m.metricCount == m_metrics[i].count, "metrics " + std::to_string(i));
            metrics += m.metricCount;
            sources[m_metrics[i].source][2] += m.metricCount;
        }
        expectEqual(snapshot.metricCount(), metrics, "metrics");
        for (const auto& s : snapshot.sources()) expectTrue(sources[s.id] == std::array{s.spans, s.logs, s.metrics}, "counts of source " + std::to_string(s.id));
    }

    store::TraceStore& m_store;
    std::vector<Span> m_spans;
    std::vector<Log> m_logs;
    std::vector<Metrics> m_metrics;
    std::vector<int> m_sources;
    bool m_hashes = false;
    mutable std::string m_wrong;
};

}  // namespace spanreel::test
