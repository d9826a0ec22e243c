// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/store/trace_store.h"

namespace spanreel::test {

/// Writes spans and logs for a store in a few words. Times are offsets in ns from `kBase`.
class TestBatch {
public:
    static constexpr std::uint64_t kBase = 1700000000ull * 1000000000ull;

    struct SpanSpec {
        TraceId trace{0, 1};
        std::uint64_t id = 0, parent = 0;
        std::string service = "svc", name = "op";
        std::int64_t start = 0, end = 0;
        std::int32_t status = 0, kind = 1;
        std::map<std::string, std::string> attributes;
    };
    struct LogSpec {
        TraceId trace{0, 1};
        std::uint64_t span = 0;
        std::int64_t time = 0;
        std::string body = "log", service = "svc";
        std::int32_t severity = 9;
    };

    TestBatch& span(const SpanSpec& s) {
        store::SpanRecord r;
        r.traceId = s.trace;
        r.spanId = {s.id};
        r.parentId = {s.parent};
        r.name = batch.arena.copy(s.name);
        r.startNs = kBase + static_cast<std::uint64_t>(s.start);
        r.endNs = kBase + static_cast<std::uint64_t>(s.end);
        r.status = s.status;
        r.kind = s.kind;
        r.resource = resource(s.service);
        std::vector<store::Attribute> attributes;
        for (const auto& [k, v] : s.attributes) attributes.push_back({batch.arena.copy(k), store::Value::ofString(batch.arena.copy(v))});
        r.attributes = batch.arena.copy(attributes);
        batch.spans.push_back(r);
        return *this;
    }
    TestBatch& log(const LogSpec& l) {
        store::LogRecordData r;
        r.traceId = l.trace;
        r.spanId = {l.span};
        r.timeNs = kBase + static_cast<std::uint64_t>(l.time);
        r.body = store::Value::ofString(batch.arena.copy(l.body));
        r.severity = l.severity;
        r.resource = resource(l.service);
        batch.logs.push_back(r);
        return *this;
    }
    /// Appends to the store under a source made on first use, and starts afresh.
    void into(store::TraceStore& store) {
        if (!m_source) m_source = store.addSource(store::SourceKind::File, "test");
        store.append(std::move(batch), *m_source);
        batch = store::Batch();
        m_resources.clear();
    }

    store::Batch batch;

private:
    std::uint32_t resource(const std::string& service) {
        const auto [it, isNew] = m_resources.try_emplace(service, static_cast<std::uint32_t>(batch.resources.size()));
        if (isNew) {
            const store::Attribute name{"service.name", store::Value::ofString(batch.arena.copy(service))};
            store::ResourceRecord r;
            r.attributes = batch.arena.copy(std::span<const store::Attribute>(&name, 1));
            batch.resources.push_back(r);
        }
        return it->second;
    }
    std::map<std::string, std::uint32_t> m_resources;
    std::optional<store::SourceTicket> m_source;
};

}  // namespace spanreel::test
